/* Open pages learn that they would be other pages by now, as server-sent events. An event says nothing
 * but where the journal stands: the page is then fetched as any other, with the rights of whoever asks.
 *
 * One thread of the house asks the journal once a second, and when a batch of this server has ended, so
 * that what another server or the command line wrote is noticed too. Of the entries that came it reads
 * the subjects; a stream that follows one of them has its look run again, at the moment at which it was
 * run first, so that only what the journal changed counts. Where another page comes out, an event is
 * sent. */
#include "door/parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"

enum {
    OF_SESSION = 12,          /* streams */
    OF_ALL = 20000,           /* of one server */
    TICK_MS = 1000,           /* between two questions to the journal, unless somebody rings */
    BREATH_MS = 100,          /* and then */
    EVENT_MS = 1000,          /* between two events of a stream */
    BEAT_MS = 20 * 1000,      /* a sign of life */
    LIFE_MS = 10 * 60 * 1000, /* then the browser opens a new one, and is asked who it is */
    SHARE = 4,                /* of the time it works, so much it rests */
    MOST_ENTRIES = 4096,      /* whose subjects are read; of more, all may have changed */
};
/* A page that stands open shows whom it shows: one look in an hour. */
#define LASTING_LOOK_MS HOUR_MS

struct watch {
    struct live *live;
    struct watch *next, *previous;
    struct http_stream *stream; /* NULL: gone */
    struct arena *arena;        /* of the watch itself and all it points to */
    const struct door_region *region;
    const struct look *look;
    const void *input;
    struct actor actor;
    struct text follows;
    unsigned char client[LIMITS_KEY];
    bool counted;    /* the address is known */
    int64_t number;  /* by which the page names its stream */
    struct hash page; /* as it was at */
    int64_t page_at_ms;
    int64_t position; /* of the journal: up to there the page is told of everything */
    int64_t version;  /* the counter of standing facts when it was asked who this is */
    bool touched;     /* an entry has come that it follows */
    bool busy;        /* the thread is at it: who closes it leaves it to the thread */
    int64_t sent_ms, beat_ms, end_ms; /* monotonic */
    bool traced; /* once this stream was open a trace was left of what the page shows */
    struct hash lasting;
    int64_t traced_at; /* business time */
};

/* Where a region's journal stood when it was last asked. */
struct stood {
    int64_t seq, version;
    bool known;
};

struct live {
    pthread_mutex_t lock; /* of the list and of what is in it, but for a busy one's page */
    struct watch *first;
    int64_t count;
    pthread_mutex_t bell;
    pthread_cond_t rung;
    bool ring, ending;
    bool started;
    pthread_t thread;
    struct door *door;
    struct reader *reader; /* the thread's own, as what follows */
    struct stood *stood;
    struct arena *scratch;
    bool away;
};

struct live *live_new(void)
{
    struct live *live = calloc(1, sizeof *live);
    pthread_condattr_t attributes;
    if (!live)
        abort();
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->bell, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&live->rung, &attributes);
    pthread_condattr_destroy(&attributes);
    live->scratch = arena_new(64 * 1024);
    return live;
}

void live_free(struct live *live)
{
    pthread_mutex_destroy(&live->lock);
    pthread_mutex_destroy(&live->bell);
    pthread_cond_destroy(&live->rung);
    arena_free(live->scratch);
    free(live->stood);
    free(live);
}

void live_ring(struct live *live)
{
    pthread_mutex_lock(&live->bell);
    live->ring = true;
    pthread_cond_signal(&live->rung);
    pthread_mutex_unlock(&live->bell);
}

/* ---- the list ---- */

/* Under the lock. */
static void strike_out(struct live *live, struct watch *watch)
{
    if (watch->previous)
        watch->previous->next = watch->next;
    else
        live->first = watch->next;
    if (watch->next)
        watch->next->previous = watch->previous;
    live->count--;
}

static void closed(void *with)
{
    struct watch *watch = with;
    struct live *live = watch->live;
    pthread_mutex_lock(&live->lock);
    bool busy = watch->busy;
    watch->stream = NULL;
    if (!busy)
        strike_out(live, watch);
    pthread_mutex_unlock(&live->lock);
    if (!busy)
        arena_free(watch->arena);
}

/* ---- what a page is ---- */

/* The page as that person would be shown it at that moment, as a hash of what a program is told. */
static enum refusal page_of(const struct door *door, struct reader *reader,
                            const struct watch *watch, struct arena *arena, struct hash *out,
                            struct text *follows, struct fault *why)
{
    struct shown shown = {0};
    struct look_context context = {.db = reader->db,
                                   .region = watch->region->region,
                                   .now_ms = watch->page_at_ms,
                                   .actor = &watch->actor,
                                   .arena = arena,
                                   .modules = door->options.modules,
                                   .shown = &shown};
    if (!flow_facts_get(reader->facts, reader->db, context.region, &context.standing,
                        &context.standing_count, why))
        return OK;
    void *page = arena_alloc(arena, watch->look->page->size);
    enum refusal refusal = watch->look->look(&context, watch->input, page, why);
    if (refusal || why->why[0])
        return refusal;
    struct buf told = {.arena = arena};
    shape_to_answer(watch->look->page, page, &told);
    *out = hash_of(buf_done(&told));
    *follows = shown.subject.len ? shown.subject : text_of(watch->look->live);
    return OK;
}

/* A list follows all subjects that begin so, another page its one. */
static bool follows(const struct watch *watch, const struct list *subjects)
{
    const struct text *subject = subjects->items;
    bool one = !text_is(watch->follows, watch->look->live);
    for (size_t i = 0; i < subjects->count; i++)
        if (one ? text_equal(subject[i], watch->follows) : text_starts(subject[i], watch->follows))
            return true;
    return false;
}

/* Of the entries [from, to). *all: too many to be read. */
static bool subjects_of(struct db_read *db, int64_t region, int64_t from, int64_t to,
                        struct arena *arena, struct list *out, bool *all, struct fault *why)
{
    *out = (struct list){0};
    *all = to - from > MOST_ENTRIES;
    return *all || from >= to || journal_subjects(db, region, from, to, arena, out, why);
}

/* ---- a stream begins ---- */

bool live_wanted(const struct exchange *exchange)
{
    return text_find(http_header(exchange->request, "accept"), TEXT("text/event-stream")) >= 0;
}

/* Under the lock. */
static bool has_room(const struct live *live, const struct watch *asked)
{
    int64_t of_session = 0, of_client = 0, most = live->door->options.streams;
    for (const struct watch *watch = live->first; watch; watch = watch->next) {
        of_session += asked->actor.session.len &&
                      text_equal(watch->actor.session, asked->actor.session);
        of_client += asked->counted && watch->counted &&
                     memcmp(watch->client, asked->client, LIMITS_KEY) == 0;
    }
    return live->count < OF_ALL && of_session < OF_SESSION && (!most || of_client < most);
}

static struct watch *watch_new(struct exchange *exchange)
{
    struct arena *arena = arena_new(1024);
    struct watch *watch = arena_alloc(arena, sizeof *watch);
    struct actor *actor = &watch->actor;
    int64_t now = time_monotonic();
    unsigned char number[8];
    random_bytes(number, sizeof number);
    *watch = (struct watch){.live = exchange->door->live,
                            .arena = arena,
                            .region = exchange->region,
                            .look = exchange->match.look,
                            .actor = exchange->actor,
                            .page_at_ms = exchange->now_ms,
                            .version = exchange->actor.stood_at - 1,
                            .sent_ms = now - EVENT_MS};
    struct text *words[] = {&actor->name,  &actor->display, &actor->department,
                            &actor->place, &actor->session, &actor->bearer};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        *words[i] = text_copy(arena, *words[i]);
    watch->counted = limits_key(exchange->client, watch->client);
    for (size_t i = 0; i < sizeof number; i++)
        watch->number = (watch->number << 7) + number[i];
    /* Not all at one moment, however many came at one. */
    watch->beat_ms = now + BEAT_MS - watch->number % (BEAT_MS / 2);
    watch->end_ms = now + LIFE_MS + watch->number % (LIFE_MS / 5);
    return watch;
}

/* Where the journal stood when the page was made: as the browser heard last, else as the page says. */
static int64_t known_to(const struct exchange *exchange, int64_t position)
{
    struct pairs pairs = {0};
    int64_t known;
    struct text said = http_header(exchange->request, "last-event-id");
    if (!said.len && pairs_parse(http_query(exchange->request), 200, exchange->arena, &pairs))
        said = pair_value(&pairs, TEXT("live"), NULL);
    return text_int(said, &known) && known >= 0 && known < position ? known : position;
}

/* Fills in the page as it is, and whether it has changed since the browser got its own. */
static enum refusal begin(struct exchange *exchange, struct watch *watch, struct fault *why)
{
    const struct match *match = &exchange->match;
    struct db_read *db = exchange->reader->db;
    int64_t region = exchange->region->region;
    struct journal_place place;
    struct text subject;
    struct list subjects;
    bool all;
    void *input;
    enum refusal refusal =
        look_query(exchange, match->look, match, http_query(exchange->request), watch->arena, &input);
    watch->input = input;
    if (!refusal)
        refusal = page_of(exchange->door, exchange->reader, watch, exchange->arena, &watch->page,
                          &subject, why);
    if (refusal || why->why[0])
        return refusal;
    watch->follows = text_copy(watch->arena, subject);
    /* Asked after the page was made: what came between is in it, and is told once too often. */
    if (!journal_place_of(db, region, exchange->arena, &place, why) ||
        !subjects_of(db, region, known_to(exchange, place.seq), place.seq, exchange->arena,
                     &subjects, &all, why))
        return OK;
    watch->position = place.seq;
    watch->touched = all || follows(watch, &subjects);
    return OK;
}

/* Under the lock, as all that is sent. What it says is a number, and nothing of what was done. */
static void say(struct watch *watch, const char *event, int64_t number)
{
    char bytes[120];
    int len = snprintf(bytes, sizeof bytes, "id: %lld\nevent: %s\ndata: %lld\n\n",
                       (long long)watch->position, event, (long long)number);
    http_stream_send(watch->stream, (struct text){bytes, (size_t)len});
}

static void say_changed(struct watch *watch)
{
    watch->touched = false;
    watch->sent_ms = time_monotonic();
    say(watch, "changed", watch->position);
}

/* A sign of life, and up to where the page is as it would be. An event and no comment: a script that
 * hears none for long knows that the line is dead. */
static void say_alive(struct watch *watch)
{
    watch->beat_ms = time_monotonic() + BEAT_MS;
    say(watch, "beat", watch->position);
}

/* False: one session or address has too many, or all together have. */
static bool let_in(struct exchange *exchange, struct watch *watch)
{
    struct live *live = watch->live;
    pthread_mutex_lock(&live->lock);
    bool room = has_room(live, watch);
    if (room) {
        answer_headers(exchange);
        http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
        watch->stream = http_stream(exchange->request, closed, watch);
        watch->next = live->first;
        if (live->first)
            live->first->previous = watch;
        live->first = watch;
        live->count++;
        say(watch, "begun", watch->number);
        if (watch->touched)
            say_changed(watch);
        /* The thread may be beyond these entries already. */
        const struct stood *stood = &live->stood[watch->region - live->door->options.regions];
        watch->touched = stood->known && stood->seq > watch->position;
    }
    pthread_mutex_unlock(&live->lock);
    return room;
}

/* The look has its say first: who may not see it hears nothing, and wrong keys are counted. */
static enum refusal admit(struct exchange *exchange, struct watch *watch, struct fault *why)
{
    struct served served = {0};
    void *page = NULL;
    enum refusal refusal = look_run(exchange, exchange->match.look, &exchange->match,
                                    http_query(exchange->request), &page, &served, why);
    return refusal || why->why[0] ? refusal : begin(exchange, watch, why);
}

static void answer(struct exchange *exchange, struct watch *watch)
{
    struct fault why = {0};
    enum refusal refusal = admit(exchange, watch, &why);
    if (why.why[0] && exchange_reopen(exchange)) {
        why = (struct fault){0};
        refusal = admit(exchange, watch, &why);
    }
    if (!refusal && !why.why[0]) {
        if (let_in(exchange, watch))
            return;
        exchange->wait_ms = BEAT_MS;
        refusal = REFUSED_TOO_MANY;
    }
    arena_free(watch->arena);
    exchange->json = true;
    if (!refusal) {
        answer_fault(exchange, &why);
        return;
    }
    answer_wait(exchange);
    answer_refusal(exchange, refusal);
}

/* The request lives as long as its stream: what looking needs is given back at once. */
void live_handle(struct exchange *exchange)
{
    struct arena *arena = arena_new(16 * 1024);
    exchange->arena = arena;
    answer(exchange, watch_new(exchange));
    exchange->arena = http_arena(exchange->request);
    arena_free(arena);
}

/* ---- the page is fetched again ---- */

/* Under the lock. */
static struct watch *watch_of(const struct exchange *exchange)
{
    int64_t number;
    const struct actor *actor = &exchange->actor;
    if (!text_int(http_header(exchange->request, "yimen-live"), &number))
        return NULL;
    for (struct watch *watch = exchange->door->live->first; watch; watch = watch->next)
        if (watch->number == number && watch->region == exchange->region &&
            watch->actor.account == actor->account &&
            text_equal(watch->actor.session, actor->session) &&
            text_equal(watch->actor.bearer, actor->bearer))
            return watch;
    return NULL;
}

bool live_covers(const struct exchange *exchange, const struct hash *seen)
{
    struct live *live = exchange->door->live;
    pthread_mutex_lock(&live->lock);
    const struct watch *watch = watch_of(exchange);
    bool covers = watch && watch->traced && hash_equal(&watch->lasting, seen) &&
                  exchange->now_ms - watch->traced_at < LASTING_LOOK_MS;
    pthread_mutex_unlock(&live->lock);
    return covers;
}

void live_remember(const struct exchange *exchange, const struct hash *seen)
{
    struct live *live = exchange->door->live;
    pthread_mutex_lock(&live->lock);
    struct watch *watch = watch_of(exchange);
    if (watch) {
        watch->traced = true;
        watch->lasting = *seen;
        watch->traced_at = exchange->now_ms;
    }
    pthread_mutex_unlock(&live->lock);
}

/* ---- the thread ---- */

/* Whose stream it is, asked again: the session may have been ended, the role taken. */
static bool still_may(struct live *live, struct watch *watch, struct fault *why)
{
    const struct module *const *modules = live->door->options.modules;
    struct context context = {.region = watch->region->region,
                              .now_ms = watch->page_at_ms,
                              .actor = &watch->actor,
                              .arena = live->scratch};
    struct actor now = watch->actor;
    bool stands = true;
    if (!watch->actor.account)
        return true;
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->stands && !modules[i]->stands(live->reader->db, &context,
                                                      &watch->actor, &now, &stands, why))
            return true;
    return stands && now.roles == watch->actor.roles &&
           text_equal(now.department, watch->actor.department) &&
           !role_refusal(watch->look->roles, &now);
}

/* What is to be done with a watch. */
struct errand {
    bool asks;   /* who it is */
    bool looks;  /* whether the page is another one */
    bool beats;
    bool ends;   /* its time is over */
};

/* Under the lock. */
static struct errand errand_of(const struct live *live, const struct watch *watch, int64_t now)
{
    const struct stood *stood = &live->stood[watch->region - live->door->options.regions];
    struct errand errand = {.looks = watch->touched && now - watch->sent_ms >= EVENT_MS,
                            .beats = now >= watch->beat_ms,
                            .ends = now >= watch->end_ms};
    errand.asks = watch->actor.account &&
                  (errand.looks || errand.beats || watch->version != stood->version);
    return errand;
}

/* Without the lock: the watch is busy. False: the stream is to end. */
static bool look_again(struct live *live, struct watch *watch, const struct errand *errand,
                       bool *other, struct fault *why)
{
    struct hash page;
    struct text unused;
    arena_reset(live->scratch);
    if (errand->asks && (!still_may(live, watch, why) || why->why[0]))
        return why->why[0] != 0;
    if (!errand->looks)
        return true;
    enum refusal refusal =
        page_of(live->door, live->reader, watch, live->scratch, &page, &unused, why);
    if (refusal || why->why[0])
        return !refusal;
    *other = !hash_equal(&page, &watch->page);
    watch->page = page;
    return true;
}

/* Under the lock, and again when it comes back; between it, the watch is busy and stays in the list. */
static bool run_errand(struct live *live, struct watch *watch, const struct errand *errand,
                       struct fault *why)
{
    const struct stood stood = live->stood[watch->region - live->door->options.regions];
    bool other = false, stays = !errand->ends;
    watch->busy = true;
    pthread_mutex_unlock(&live->lock);
    stays = stays && look_again(live, watch, errand, &other, why);
    pthread_mutex_lock(&live->lock);
    watch->busy = false;
    if (!watch->stream || why->why[0])
        return watch->stream != NULL;
    if (!stays) {
        http_stream_end(watch->stream);
        watch->beat_ms = watch->end_ms = INT64_MAX;
        watch->touched = false;
        watch->version = stood.version;
        return true;
    }
    if (errand->asks)
        watch->version = stood.version;
    if (errand->looks || !watch->touched)
        watch->position = stood.seq;
    if (errand->looks)
        watch->touched = false;
    if (other)
        say_changed(watch);
    if (errand->beats)
        say_alive(watch);
    return true;
}

static void walk(struct live *live, struct fault *why)
{
    struct watch *next;
    int64_t now = time_monotonic();
    pthread_mutex_lock(&live->lock);
    for (struct watch *watch = live->first; watch && !why->why[0]; watch = next) {
        struct errand errand = errand_of(live, watch, now);
        bool stays = true;
        if (errand.asks || errand.looks || errand.beats || errand.ends)
            stays = run_errand(live, watch, &errand, why);
        next = watch->next;
        if (!stays) {
            strike_out(live, watch);
            arena_free(watch->arena);
        }
    }
    pthread_mutex_unlock(&live->lock);
}

/* Where a region's journal stands now, and whom its new entries touch. */
static bool hear(struct live *live, size_t place, struct fault *why)
{
    const struct door_region *region = &live->door->options.regions[place];
    struct stood *stood = &live->stood[place];
    struct journal_place now;
    struct list subjects = {0};
    bool all = false;
    arena_reset(live->scratch);
    if (!journal_place_of(live->reader->db, region->region, live->scratch, &now, why) ||
        !subjects_of(live->reader->db, region->region, stood->known ? stood->seq : now.seq,
                     now.seq, live->scratch, &subjects, &all, why))
        return false;
    all |= !stood->known;
    pthread_mutex_lock(&live->lock);
    for (struct watch *watch = live->first; watch && (all || subjects.count); watch = watch->next)
        if (watch->region == region && watch->position < now.seq)
            watch->touched |= all || follows(watch, &subjects);
    *stood = (struct stood){now.seq, now.standing, true};
    pthread_mutex_unlock(&live->lock);
    return true;
}

static void pass(struct live *live)
{
    struct fault why = {0};
    pthread_mutex_lock(&live->lock);
    bool any = live->count > 0;
    pthread_mutex_unlock(&live->lock);
    if (!any)
        return;
    bool good = reader_ready(live->door, live->reader, &why);
    for (size_t i = 0; good && i < live->door->options.region_count; i++)
        good = hear(live, i, &why);
    if (good)
        walk(live, &why);
    if (why.why[0] && !live->away)
        log_line(LOG_WARN, "door.live", "%s", why.why);
    live->away = why.why[0] != 0;
    if (live->away) {
        struct fault again = {0};
        reader_reopen(live->door, live->reader, &again);
    }
}

static void wait_until(struct live *live, int64_t until_ms, bool ring)
{
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    while (!live->ending && !(ring && live->ring))
        if (pthread_cond_timedwait(&live->rung, &live->bell, &until) == ETIMEDOUT)
            return;
}

static void *watch_forever(void *with)
{
    struct live *live = with;
    pthread_mutex_lock(&live->bell);
    while (!live->ending) {
        live->ring = false;
        pthread_mutex_unlock(&live->bell);
        int64_t begun = time_monotonic();
        pass(live);
        int64_t now = time_monotonic();
        pthread_mutex_lock(&live->bell);
        wait_until(live, now + BREATH_MS + SHARE * (now - begun), false);
        wait_until(live, begun + TICK_MS, true);
    }
    pthread_mutex_unlock(&live->bell);
    return NULL;
}

bool live_start(struct door *door, struct fault *why)
{
    struct live *live = door->live;
    live->door = door;
    live->stood = calloc(door->options.region_count, sizeof *live->stood);
    if (!live->stood)
        abort();
    live->reader = reader_take(door, why);
    if (!live->reader)
        return false;
    if (pthread_create(&live->thread, NULL, watch_forever, live) != 0)
        return fault_set(why, "the thread of the open pages could not be started");
    pthread_setname_np(live->thread, "live");
    live->started = true;
    return true;
}

void live_stop(struct door *door)
{
    struct live *live = door->live;
    if (live->started) {
        pthread_mutex_lock(&live->bell);
        live->ending = true;
        pthread_cond_signal(&live->rung);
        pthread_mutex_unlock(&live->bell);
        pthread_join(live->thread, NULL);
    }
    live->started = false;
    if (live->reader)
        reader_give(door, live->reader);
    live->reader = NULL;
}
