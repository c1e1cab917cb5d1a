/* A journal read for replay: its pages are fetched and parsed by a thread of their own, a few ahead of
 * whoever applies them, since either takes about as long as the other. Private to this folder. */
#ifndef YIMEN_FLOW_REPLAY_H
#define YIMEN_FLOW_REPLAY_H

#include "flow/flow.h"

struct replay_event {
    const struct event_kind *kind;
    const struct entry_head *head;
    void *body; /* of the kind's shape */
};

struct replay_page {
    struct replay_event *events;
    size_t count;
    bool good; /* else why tells what came after its last event */
    struct fault why;
    struct arena *arena;
};

/* Reads all entries of the region up to that head, and sees that they come to its root; from is the
 * thread's until replay_reader_end. NULL with a fault when there can be no thread. */
struct replay_reader;
struct replay_reader *replay_reader_start(struct db_read *from, const struct registry *registry,
                                          int64_t region, const struct checkpoint *head,
                                          struct fault *why);
/* The next page, which stays until the next call; NULL behind the last. */
const struct replay_page *replay_reader_next(struct replay_reader *reader);
/* May come at any time. */
void replay_reader_end(struct replay_reader *reader);

#endif
