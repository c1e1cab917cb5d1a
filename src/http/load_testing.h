/* For measuring programs alone: load on a server of this machine. Keep-alive connections, each sends
 * its next request when the answer before is whole; one thread, epoll. A failure ends the process. */
#ifndef YIMEN_HTTP_LOAD_TESTING_H
#define YIMEN_HTTP_LOAD_TESTING_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define LOAD_CONNECTIONS 1024 /* at most */

struct load_use {
    void *with;
    /* The next request of a connection, which must stay until it is answered; empty: no more. */
    struct text (*next)(void *with, size_t connection);
    /* Its answer. NULL: only counted, and anything but a 2xx ends the process. */
    void (*heard)(void *with, size_t connection, int status, struct text body);
};

struct load {
    int64_t count;     /* answers within the measured time */
    int64_t all;       /* answers with the warm-up's */
    double seconds;    /* measured */
    double per_second; /* answers */
    double p99_ms;     /* from sending to the whole answer */
};

/* seconds 0: until no connection has a request left, warm_up_ms being 0 then. */
struct load load_run(int port, const struct load_use *use, size_t connections, int warm_up_ms,
                     int seconds);
/* The same request over and over on every connection. */
struct load load_repeat(int port, struct text request, size_t connections, int warm_up_ms,
                        int seconds);
/* One request on a connection of its own; the body of its answer, malloc'ed by the callee. */
struct text load_once(int port, struct text request);

/* Middle of the values, which get sorted. */
double load_median(double *values, size_t count);
int64_t load_now_us(void); /* monotonic */

#endif
