/* Looks at what is somebody's: journalled first, answered then, so that nothing is seen without a
 * trace, whatever ends the server in between. */
#include "door/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

/* A page is opened again and again while one works with it: as often as that within a minute is one
 * look. It is the business minute, so that a clock that stands leaves one trace. */
#define SAME_LOOK_MS MINUTE_MS

enum { RECENT = 4096 };
struct recent {
    struct {
        struct hash key;
        int64_t at; /* 0: none */
    } looks[RECENT];
};

void recent_free(struct recent *recent)
{
    free(recent);
}

static struct text name_of_seen(const struct exchange *exchange, const struct look *look)
{
    return exchange->table ? text_format(exchange->arena, "%s" LOOK_TABLE, look->name)
                           : text_of(look->name);
}

/* Under which session or token, which look, at whom, and how much of it. lasting: of a list, whoever
 * may be in it. */
static struct hash key_of(const struct exchange *exchange, const struct look *look, bool lasting)
{
    const struct shown *shown = &exchange->shown;
    const struct actor *actor = &exchange->actor;
    struct buf out = {.arena = exchange->arena};
    const struct text words[] = {actor->name, actor->session, actor->bearer, exchange->client,
                                 name_of_seen(exchange, look), shown->subject, shown->asked};
    const int64_t numbers[] = {exchange->region->region,
                               lasting && !shown->subject.len ? -1 : shown->persons, shown->masked,
                               shown->why, shown->reason};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        buf_int(&out, (int64_t)words[i].len);
        buf_char(&out, ':');
        buf_text(&out, words[i]);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        buf_format(&out, ",%lld", (long long)numbers[i]);
    return hash_of(buf_done(&out));
}

static size_t place_of(const struct hash *key)
{
    return ((size_t)key->bytes[0] << 8 | key->bytes[1]) % RECENT;
}

static bool recently(struct exchange *exchange)
{
    struct door *door = exchange->door;
    const struct hash *key = &exchange->seen;
    pthread_mutex_lock(&door->lock);
    if (!door->recent)
        door->recent = calloc(1, sizeof *door->recent);
    if (!door->recent)
        abort();
    size_t at = place_of(key);
    int64_t since = exchange->now_ms - door->recent->looks[at].at;
    bool found = door->recent->looks[at].at && since < SAME_LOOK_MS &&
                 hash_equal(&door->recent->looks[at].key, key);
    pthread_mutex_unlock(&door->lock);
    return found;
}

static void remember(struct exchange *exchange)
{
    struct door *door = exchange->door;
    size_t at = place_of(&exchange->seen);
    pthread_mutex_lock(&door->lock);
    door->recent->looks[at].key = exchange->seen;
    door->recent->looks[at].at = exchange->now_ms;
    pthread_mutex_unlock(&door->lock);
}

/* Back on the loop: the trace is on disk, or there is none and nothing is shown. */
static void recorded(struct http_request *request, void *with)
{
    struct exchange *exchange = with;
    const struct job *job = &exchange->job;
    (void)request;
    exchange->away = job->away;
    if (job->end == JOB_FAULT) {
        answer_fault(exchange, &job->fault);
    } else if (job->end == JOB_REFUSED) {
        exchange->problems = (struct problems){0};
        answer_refusal(exchange, job->refusal);
    } else {
        remember(exchange);
        live_remember(exchange, &exchange->lasting);
        answer_send(exchange);
    }
}

static void record(struct exchange *exchange, const struct look *look)
{
    const struct shown *shown = &exchange->shown;
    struct arena *arena = exchange->arena;
    struct look_seen *seen = arena_alloc(arena, sizeof *seen);
    /* Copied: a kept page may be thrown away meanwhile. */
    *seen = (struct look_seen){.look = name_of_seen(exchange, look),
                               .subject = text_copy(arena, shown->subject),
                               .persons = shown->persons,
                               .masked = shown->masked,
                               .why = shown->why,
                               .reason = shown->reason,
                               .asked = text_copy(arena, shown->asked),
                               .from = exchange->client,
                               .by = exchange->actor.bearer.len ? BY_TOKEN : BY_SESSION};
    exchange->job = (struct job){.command = &trace_record_command,
                                 .region = exchange->region->region,
                                 .actor = exchange->actor,
                                 .input = seen,
                                 .arena = arena,
                                 .done = command_ended,
                                 .context = exchange};
    random_bytes(exchange->job.luck, sizeof exchange->job.luck);
    http_park(exchange->request, recorded, exchange);
    flow_submit(exchange->door->options.flow, &exchange->job);
}

void answer_look(struct exchange *exchange, const struct look *look, const void *page, int status)
{
    struct fault unsaid = {0};
    bool traced = exchange->shown.persons && exchange->actor.account;
    if (exchange->shown.persons && !look->people) {
        fault_set(&unsaid, "%s shows what is somebody's, and its list does not say so", look->name);
        answer_fault(exchange, &unsaid);
        return;
    }
    if (traced) {
        exchange->seen = key_of(exchange, look, false);
        exchange->lasting = key_of(exchange, look, true);
    }
    traced = traced && !recently(exchange) && !live_covers(exchange, &exchange->lasting);
    if (page && !answer_make(exchange, look, page, status))
        return;
    if (traced)
        record(exchange, look);
    else
        answer_send(exchange);
}
