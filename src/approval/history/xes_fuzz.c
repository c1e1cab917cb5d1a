/* Fuzzing the reader of event logs (libFuzzer): whatever comes in, it ends with an outcome, its
 * error has words, and what it tells can be written as JSON. */
#include <stdlib.h>

#include "approval/history/history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fed {
    struct arena *arena;
    int open; /* traces begun and not ended */
};

static void write_and_check(struct fed *fed, const struct xes_attribute *attributes)
{
    struct history_case opened = {0};
    struct history_event event = {0};
    history_case_from(attributes, fed->arena, &opened);
    history_event_from(attributes, fed->arena, &event);
    if (!text_utf8(opened.extra) || !text_utf8(event.extra))
        abort();
    arena_reset(fed->arena);
}

static bool on_log(void *context, const struct xes_log *log)
{
    struct fed *fed = context;
    struct buf out = {.arena = fed->arena};
    xes_log_json(log, &out);
    if (!text_utf8(buf_done(&out)))
        abort();
    arena_reset(fed->arena);
    return true;
}

static bool on_trace(void *context, const struct xes_attribute *attributes)
{
    struct fed *fed = context;
    if (fed->open++)
        abort();
    write_and_check(fed, attributes);
    return true;
}

static bool on_trace_end(void *context)
{
    struct fed *fed = context;
    if (--fed->open)
        abort();
    return true;
}

static bool on_event(void *context, const struct xes_attribute *attributes, bool loose)
{
    struct fed *fed = context;
    if (loose == (fed->open == 1))
        abort();
    write_and_check(fed, attributes);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fed fed = {.arena = arena_new(4096)};
    const struct xes_handler handler = {&fed, on_log, on_trace, on_trace_end, on_event};
    struct xes_found found;
    struct xes_error error;
    bool good = xes_read_memory((struct text){(const char *)data, size}, NULL, &handler, &found,
                                &error);
    if (good != (error.wrong == XES_FINE) || (!good && (!error.zh[0] || !text_utf8(text_of(error.zh)))))
        abort();
    arena_free(fed.arena);
    return 0;
}
