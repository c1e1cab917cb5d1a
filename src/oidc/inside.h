/* The providers as the files that ask them see them; not for others. */
#ifndef YIMEN_OIDC_INSIDE_H
#define YIMEN_OIDC_INSIDE_H

#include <pthread.h>

#include "oidc/parts.h"

/* What a provider has answered, as it came. */
struct told {
    char *at; /* malloc; NULL: nothing yet */
    size_t len;
    int64_t told_ms; /* monotonic, as the others */
};
struct provider {
    struct oidc_setting setting;
    pthread_mutex_t lock; /* of what follows */
    struct told about;    /* the discovery document, which has been found good */
    struct told keys;     /* the JWK Set */
    int64_t failed_ms;    /* when it could not be reached last; 0: it could */
};
struct oidc {
    struct arena *arena;
    struct provider *providers;
    size_t count;
};

struct provider *provider_find(struct oidc *oidc, struct text key);
/* Its description (Discovery 1.0), at most that old; the caller's to decref. NULL: not to be had. */
json_t *provider_about(struct provider *provider, int64_t most_ms, struct arena *arena,
                       struct fault *why);
/* Its keys, at most that old. False: they cannot be had. */
bool provider_keys(struct provider *provider, const json_t *about, int64_t most_ms,
                   struct arena *arena, struct text *keys, struct fault *why);

#endif
