/* The one configuration file: DATA/yimen.yaml or --config FILE. Every key is in config_shape, with
 * what it means; a key that is not is an error with its line. */
#ifndef YIMEN_CLI_CONFIG_H
#define YIMEN_CLI_CONFIG_H

#include "base/shape.h"

struct config_region {
    int64_t region;
    struct list hosts; /* struct text */
    struct text place;
};

/* Of one address; 0: the default. */
struct config_limits {
    int64_t hashing;
    int64_t failures;
    int64_t begun;
    int64_t upload_mib;
    int64_t guesses;
    int64_t guesses_case;
    int64_t streams;
};

/* By whose word staff may sign in: see oidc/oidc.h. */
struct config_provider {
    struct text key;
    struct text name;
    struct text issuer;
    struct text client_id;
    struct text secret_file;
    struct list scopes; /* struct text */
    struct text claim;
    struct text signing;
    struct list second; /* struct text */
    struct text ca_file;
};

struct config {
    struct text address;
    int64_t port;
    int64_t threads;
    struct text db;
    struct text files;
    bool behind_tls;
    struct text client_header;
    struct config_limits limits;
    struct text totp; /* off, administrators (also where it is empty) or staff */
    struct text metrics_token;
    struct list providers; /* struct config_provider */
    int64_t clock; /* 0: the machine's */
    struct list regions; /* struct config_region */
};
extern const struct shape config_shape;

/* False with "FILE:LINE: …" lines in wrong. */
bool config_read(const char *path, struct arena *arena, struct config *out, struct text *wrong);
/* "address  Where to listen …", a line for each key, for --help and the documents. */
struct text config_help(struct arena *arena);

#endif
