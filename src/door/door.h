/* The door: joins the HTTP server and the modules. A request becomes a look or a command of the
 * modules' lists, found by method and path; who sends it is checked against the list's column before
 * anything of a module runs; what comes back leaves as a page, as JSON or as bytes. */
#ifndef YIMEN_DOOR_DOOR_H
#define YIMEN_DOOR_DOOR_H

#include "door/limits.h"
#include "flow/flow.h"
#include "view/view.h"

/* The journal as others read it: /log/{region}/…, /receipts/{region}/{index}. */
extern const struct module door_journal_module;

struct door_region {
    int64_t region;
    const char *const *hosts; /* host names without port, lower case; may be empty */
    size_t host_count;
    struct text place; /* the centre's name */
};

/* A body that an operation of the API document takes, as JSON. */
struct door_example {
    const char *operation; /* the command's name */
    const char *body;
};

struct door_options {
    const char *where; /* db_open */
    const struct module *const *modules;
    struct flow *flow;
    const struct door_region *regions; /* the first answers host names that nobody claims */
    size_t region_count;
    const char *files_directory; /* absolute */
    const char *address;
    int port;    /* 0: any free one */
    int threads; /* I/O loops, 0: one a core */
    /* A proxy in front speaks TLS: cookies are Secure and named __Host-, HSTS is sent. */
    bool behind_tls;
    /* The header, in small letters, in which a proxy in front says who asks; NULL: whoever is
     * connected. Behind a proxy that does not say it nobody can be told from anybody else. */
    const char *client_header;
    int64_t second_roles; /* bits of roles that must sign in with a second step */
    const struct door_example *examples; /* ended by a NULL operation; may be NULL */
    const char *version;       /* of the program */
    /* What /metrics wants to be brought; NULL or empty: nothing, of who asks from this machine. */
    const char *metrics_token;
    struct oidc *providers; /* by whose word staff may sign in; NULL: nobody's */
    int64_t limits[LIMIT_COUNT]; /* of one address; 0: none */
    int64_t streams; /* pages of one address that are kept up to date at once; 0: no bound */
    const struct asset *pages; /* templates besides the embedded ones, for tests; may be NULL */
    size_t page_count;
};

struct door;

/* The door comes first, so that the flow can be told to ring it: give door_ring and the door to
 * flow_options.after_batch and context. */
struct door *door_new(void);
void door_ring(void *door);
/* Compiles routes and pages and begins to answer. False names what does not fit: two routes of one
 * shape, a path parameter that is no field, a template that names an unknown one. The options, and
 * what they point to, must outlive the door. */
bool door_start(struct door *door, const struct door_options *options, struct fault *why);
int door_port(const struct door *door);
/* Lets running requests end for at most grace_ms. The flow must still run. */
void door_stop(struct door *door, int grace_ms);
void door_free(struct door *door);

/* The OpenAPI 3.1 document of all commands and looks. examples may be NULL. */
void door_openapi(const struct module *const *modules, const struct door_example *examples,
                  struct buf *out);

#endif
