/* Pages that were looked up a moment ago, one set for each reader: while the region's journal has not
 * moved, nor its standing facts, nor the minute, the same question of the same person has the same
 * answer. What is kept is the look's struct, and its JSON once somebody wanted that; a page in HTML
 * is rendered anew, since its form keys are new each time. */
#include "door/parts.h"

#include <stdlib.h>

#include "base/wording.h"

enum {
    PAGES = 128,             /* of a reader */
    MOST_BYTES = 128 * 1024, /* of a page worth keeping */
};

struct kept_page {
    const struct look *look; /* NULL: nothing is kept here */
    struct flow_stand stand;
    int64_t region, minute;
    struct text key;
    struct arena *arena; /* holds all of it */
    void *page;
    struct shown shown;
    struct text json;
};

struct kept_pages {
    struct kept_page pages[PAGES];
};

static int64_t minute_of(const struct exchange *exchange)
{
    return exchange->now_ms / MINUTE_MS;
}

/* Everything that a look may look at besides the journal. */
static struct text key_of(const struct exchange *exchange, const struct look *look,
                          const struct match *match, struct text query)
{
    const struct actor *actor = &exchange->actor;
    struct buf out = {.arena = exchange->arena};
    /* English wants to know how each text was worded. */
    const int64_t numbers[] = {exchange->region->region, actor->account, actor->roles,
                               exchange->language == LANGUAGE_ENGLISH};
    const struct text words[] = {text_of(look->name), actor->name,  actor->display,
                                 actor->department,   actor->place, query};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        buf_add(&out, &numbers[i], sizeof numbers[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        buf_add(&out, &words[i].len, sizeof words[i].len);
        buf_text(&out, words[i]);
    }
    for (size_t i = 0; i < match->count; i++) {
        buf_add(&out, &match->values[i].len, sizeof match->values[i].len);
        buf_text(&out, match->values[i]);
    }
    return buf_done(&out);
}

struct kept_page *kept_find(struct exchange *exchange, const struct look *look,
                            const struct match *match, struct text query,
                            const struct flow_stand *stand, bool *fresh)
{
    struct reader *reader = exchange->reader;
    struct text key = key_of(exchange, look, match, query);
    if (!reader->kept) {
        reader->kept = calloc(1, sizeof *reader->kept);
        if (!reader->kept)
            abort();
    }
    struct kept_page *kept = &reader->kept->pages[text_hash(key) % PAGES];
    *fresh = kept->look == look && kept->region == exchange->region->region &&
             kept->stand.seq == stand->seq && kept->stand.version == stand->version &&
             kept->minute == minute_of(exchange) && text_equal(kept->key, key);
    if (*fresh)
        return kept;
    if (!kept->arena)
        kept->arena = arena_new(16 * 1024);
    arena_reset(kept->arena);
    *kept = (struct kept_page){.arena = kept->arena,
                               .stand = *stand,
                               .region = exchange->region->region,
                               .minute = minute_of(exchange),
                               .key = text_copy(kept->arena, key)};
    if (exchange->language == LANGUAGE_ENGLISH)
        wordings_keep(kept->arena);
    return kept;
}

struct arena *kept_arena(struct kept_page *kept)
{
    return kept->arena;
}

void *kept_show(const struct kept_page *kept, struct shown *shown)
{
    *shown = kept->shown;
    return kept->page;
}

void kept_fill(struct kept_page *kept, const struct look *look, void *page,
               const struct shown *shown)
{
    kept->page = page;
    kept->shown = *shown;
    /* A look by another name in the same place, or one too large, is looked up again. */
    kept->look = arena_used(kept->arena) <= MOST_BYTES ? look : NULL;
}

struct text kept_json(struct kept_page *kept, const struct shape *shape, const void *page)
{
    if (!kept->json.len) {
        struct buf out = {.arena = kept->arena};
        shape_to_answer(shape, page, &out);
        kept->json = buf_done(&out);
    }
    return kept->json;
}

void kept_free(struct kept_pages *pages)
{
    for (size_t i = 0; pages && i < PAGES; i++)
        arena_free(pages->pages[i].arena);
    free(pages);
}
