#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "flow/replay.h"

enum { ENTRIES = 1000, PAGES = 3 };

struct replay_reader {
    struct db_read *from;
    const struct registry *registry;
    int64_t region, next; /* next: the thread's alone */
    struct checkpoint head;
    struct journal_follower follower;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct replay_page pages[PAGES]; /* a ring */
    size_t made, taken;              /* how many; the last that was taken is still in use */
    bool over, stop;                 /* no page follows; none is wanted */
};

static bool parse(const struct registry *registry, const struct entry *entry, struct arena *arena,
                  struct replay_event *out, struct fault *why)
{
    const struct event_kind *kind = registry_find(registry, entry->head.kind);
    if (!kind)
        return fault_set(why, "entry %lld: nobody knows the event kind %.*s",
                         (long long)entry->head.index, TEXT_ARG(entry->head.kind));
    if (entry->head.version > kind->version)
        return fault_set(why, "entry %lld: a later program wrote version %lld of %s",
                         (long long)entry->head.index, (long long)entry->head.version, kind->name);
    struct fault inside = {0};
    *out = (struct replay_event){kind, &entry->head, arena_alloc(arena, kind->shape->size)};
    return (shape_read_json(kind->shape, entry->body, arena, out->body, &inside) &&
            (!entry->has_private || entry->erased ||
             shape_read_json(kind->shape, entry->private_body, arena, out->body, &inside))) ||
           fault_set(why, "entry %lld (%s) cannot be replayed: %s", (long long)entry->head.index,
                     kind->name, inside.why);
}

static bool read_page(struct replay_reader *reader, struct replay_page *page)
{
    struct list list;
    int64_t left = reader->head.size - reader->next, limit = left < ENTRIES ? left : ENTRIES;
    int64_t end = reader->next + limit;
    arena_reset(page->arena);
    page->count = 0;
    page->why = (struct fault){0};
    if (!journal_read(reader->from, reader->region, reader->next, limit, page->arena, &list,
                      &page->why))
        return false;
    const struct entry *entries = list.items;
    page->events = arena_array(page->arena, list.count, sizeof *page->events);
    for (; page->count < list.count && entries[page->count].head.index == reader->next;
         page->count++, reader->next++)
        if (!journal_follow(&reader->follower, &entries[page->count], &page->why) ||
            !parse(reader->registry, &entries[page->count], page->arena,
                   &page->events[page->count], &page->why))
            return false;
    if (reader->next < end)
        return fault_set(&page->why, "entry %lld is missing from the journal",
                         (long long)reader->next);
    return reader->next < reader->head.size ||
           journal_arrived(&reader->follower, &reader->head, reader->region, &page->why);
}

/* A page may be filled while the one before is applied and the one before that waits. */
static bool wait_for_room(struct replay_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    while (!reader->stop && reader->made >= reader->taken + PAGES - 1)
        pthread_cond_wait(&reader->changed, &reader->lock);
    bool wanted = !reader->stop;
    pthread_mutex_unlock(&reader->lock);
    return wanted;
}

static void *read_all(void *with)
{
    struct replay_reader *reader = with;
    for (bool good = true; good && reader->next < reader->head.size && wait_for_room(reader);) {
        struct replay_page *page = &reader->pages[reader->made % PAGES];
        good = page->good = read_page(reader, page);
        pthread_mutex_lock(&reader->lock);
        reader->made++;
        pthread_cond_signal(&reader->changed);
        pthread_mutex_unlock(&reader->lock);
    }
    pthread_mutex_lock(&reader->lock);
    reader->over = true;
    pthread_cond_signal(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    return NULL;
}

static void release(struct replay_reader *reader)
{
    for (size_t i = 0; i < PAGES; i++)
        arena_free(reader->pages[i].arena);
    pthread_cond_destroy(&reader->changed);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}

struct replay_reader *replay_reader_start(struct db_read *from, const struct registry *registry,
                                          int64_t region, const struct checkpoint *head,
                                          struct fault *why)
{
    struct replay_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    reader->from = from;
    reader->registry = registry;
    reader->region = region;
    reader->head = *head;
    pthread_mutex_init(&reader->lock, NULL);
    pthread_cond_init(&reader->changed, NULL);
    for (size_t i = 0; i < PAGES; i++)
        reader->pages[i].arena = arena_new(256 * 1024);
    int failed = pthread_create(&reader->thread, NULL, read_all, reader);
    if (!failed)
        return reader;
    fault_set(why, "cannot start a thread: %s", strerror(failed));
    release(reader);
    return NULL;
}

const struct replay_page *replay_reader_next(struct replay_reader *reader)
{
    const struct replay_page *page = NULL;
    pthread_mutex_lock(&reader->lock);
    while (reader->made == reader->taken && !reader->over)
        pthread_cond_wait(&reader->changed, &reader->lock);
    if (reader->made > reader->taken)
        page = &reader->pages[reader->taken++ % PAGES];
    pthread_cond_signal(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    return page;
}

void replay_reader_end(struct replay_reader *reader)
{
    if (!reader)
        return;
    pthread_mutex_lock(&reader->lock);
    reader->stop = true;
    pthread_cond_signal(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    release(reader);
}
