/* The index of a catalogue: every version's fields, folded, each text once. Made in one pass; what it
 * takes beside reading the catalogue is in README.md. */
#include "catalogue/search.h"

#include <string.h>

uint32_t search_hash(struct units units)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < units.len; i++)
        hash = (hash ^ units.at[i]) * 16777619U;
    return hash ? hash : 1;
}

/* 128 bits: a character of the query that is not there tells so, nearly always. */
void search_has(struct units units, uint64_t has[2])
{
    has[0] = has[1] = 0;
    for (size_t i = 0; i < units.len; i++) {
        uint32_t bit = units.at[i] * 2654435761U >> 25;
        has[bit >> 6] |= UINT64_C(1) << (bit & 63);
    }
}

bool search_holds(struct units in, struct units what)
{
    for (size_t i = 0; i + what.len <= in.len; i++)
        if (in.at[i] == what.at[0] && !memcmp(in.at + i, what.at, what.len * sizeof *what.at))
            return true;
    return false;
}

uint64_t search_pair(uint16_t first, uint16_t second)
{
    return UINT64_C(1) << ((first * 65537U + second) * 2654435761U >> 26);
}

/* What grows while an index is made, in an arena of its own; copied to where it stays when its size
 * is known. */
struct growing {
    void *at;
    size_t count, room;
};

/* Texts, each once. */
struct shelf {
    struct growing texts;
    uint32_t *known;   /* texts by their hash, one more than their place; 0: none */
    size_t known_room; /* a power of two */
};

struct making {
    struct arena *arena;
    struct shelf texts, pieces;
    struct growing units, letters, fields, guides;
    struct growing scratch; /* units of a code */
    struct indexed *now;
};

/* Room for `more` behind what is there. */
static void *grown(struct making *making, struct growing *growing, size_t more, size_t size)
{
    if (growing->count + more > growing->room) {
        size_t room = growing->room * 2 + more + 1024;
        growing->at =
            arena_grow(making->arena, growing->at, growing->room * size, room * size);
        growing->room = room;
    }
    return (char *)growing->at + growing->count * size;
}

static const void *kept(const struct growing *growing, size_t size, struct arena *arena)
{
    return arena_copy(arena, growing->at, growing->count * size);
}

/* The letters by which a unit may begin, at most two, and all that it may be spelt with. */
static size_t initials_of(uint16_t unit, unsigned char initials[2], uint32_t *letters)
{
    unsigned sound = han_sound(unit);
    size_t count = 0;
    if (!sound && unit < 128) {
        initials[count++] = (unsigned char)unit;
        if (unit >= 'a' && unit <= 'z')
            *letters |= UINT32_C(1) << (unit - 'a');
    }
    for (int which = 0; sound && which < 2; which++) {
        const char *at = han_syllable(sound, which);
        if (*at)
            initials[count++] = (unsigned char)*at;
        for (; *at; at++)
            *letters |= UINT32_C(1) << (*at - 'a');
    }
    return count;
}

static void spell(struct units units, struct indexed_letters *letters)
{
    unsigned char before[2], now[2];
    size_t had = 0;
    for (size_t i = 0; i < units.len; i++) {
        size_t has = initials_of(units.at[i], now, &letters->all);
        for (size_t j = 0; j < had; j++)
            for (size_t k = 0; k < has; k++) {
                if (before[j] >= 'a' && now[k] >= 'a')
                    letters->follow[before[j] - 'a'] |= UINT32_C(1) << (now[k] - 'a');
            }
        memcpy(before, now, sizeof before);
        had = has;
    }
}

static void know(struct shelf *shelf, uint32_t hash, uint32_t place)
{
    size_t at = hash & (shelf->known_room - 1);
    while (shelf->known[at])
        at = (at + 1) & (shelf->known_room - 1);
    shelf->known[at] = place + 1;
}

/* Twice the room, before half of it is taken. */
static void know_more(struct making *making, struct shelf *shelf)
{
    const struct indexed_text *texts = shelf->texts.at;
    const uint16_t *units = making->units.at;
    shelf->known_room = shelf->known_room ? shelf->known_room * 2 : 4096;
    shelf->known = arena_array(making->arena, shelf->known_room, sizeof *shelf->known);
    for (uint32_t i = 0; i < shelf->texts.count; i++)
        know(shelf, search_hash((struct units){units + texts[i].at, texts[i].len}), i);
}

/* The place on the shelf of a text whose units stand, uncounted, behind the others; *fresh: it was not
 * there. */
static uint32_t shelve(struct making *making, struct shelf *shelf, struct units units, bool *fresh)
{
    uint32_t hash = search_hash(units);
    *fresh = false;
    if (shelf->texts.count * 2 >= shelf->known_room)
        know_more(making, shelf);
    const struct indexed_text *texts = shelf->texts.at;
    const uint16_t *all = making->units.at;
    for (size_t at = hash & (shelf->known_room - 1); shelf->known[at];
         at = (at + 1) & (shelf->known_room - 1)) {
        const struct indexed_text *text = &texts[shelf->known[at] - 1];
        if (text->len == units.len &&
            !memcmp(all + text->at, units.at, units.len * sizeof *units.at))
            return shelf->known[at] - 1;
    }
    struct indexed_text *text = grown(making, &shelf->texts, 1, sizeof *text);
    *text = (struct indexed_text){.at = (uint32_t)making->units.count,
                                  .len = (uint32_t)units.len};
    search_has(units, text->has);
    making->units.count += units.len;
    know(shelf, hash, (uint32_t)shelf->texts.count);
    *fresh = true;
    return (uint32_t)shelf->texts.count++;
}

/* Behind all other units, uncounted. */
static struct units folded(struct making *making, struct text text)
{
    uint16_t *at = grown(making, &making->units, text.len, sizeof *at);
    return (struct units){at, han_fold_text(text, at)};
}

static void add(struct making *making, enum indexed_field field, struct text text)
{
    struct units units = folded(making, text);
    bool fresh;
    if (!units.len && field != INDEXED_TITLE) /* an item has one, be it of marks */
        return;
    if (field == INDEXED_KEYWORD && units.len > 1)
        making->now->keywords |= search_pair(units.at[0], units.at[1]);
    if (field == INDEXED_TITLE)
        making->now->title = (uint32_t)units.len;
    uint32_t place = shelve(making, &making->texts, units, &fresh);
    if (fresh) {
        struct indexed_letters *letters = grown(making, &making->letters, 1, sizeof *letters);
        *letters = (struct indexed_letters){0};
        spell(units, letters);
        making->letters.count++;
    }
    const struct indexed_text *told = (const struct indexed_text *)making->texts.texts.at + place;
    making->now->has[0] |= told->has[0];
    making->now->has[1] |= told->has[1];
    struct indexed_field_of *one = grown(making, &making->fields, 1, sizeof *one);
    *one = (struct indexed_field_of){place, field};
    making->fields.count++;
    making->now->count++;
}

static void add_piece(struct making *making, struct text piece)
{
    struct units units = folded(making, piece);
    bool fresh;
    if (!units.len)
        return;
    uint32_t place = shelve(making, &making->pieces, units, &fresh);
    *(uint32_t *)grown(making, &making->guides, 1, sizeof place) = place;
    making->guides.count++;
    making->now->pieces++;
}

static void add_guide(struct making *making, const struct item *item)
{
    const struct text *conditions = item->conditions.items;
    const struct material *materials = item->materials.items;
    const struct law *laws = item->laws.items;
    const struct answered *answers = item->answers.items;
    making->now->guide = (uint32_t)making->guides.count;
    for (size_t i = 0; i < item->conditions.count; i++)
        add_piece(making, conditions[i]);
    for (size_t i = 0; i < item->materials.count; i++)
        add_piece(making, materials[i].name);
    for (size_t i = 0; i < item->laws.count; i++)
        add_piece(making, laws[i].name);
    for (size_t i = 0; i < item->answers.count; i++) {
        add_piece(making, answers[i].question);
        add_piece(making, answers[i].answer);
    }
    add_piece(making, item->notes);
}

static uint32_t code_hash(struct making *making, struct text code)
{
    uint16_t *units = grown(making, &making->scratch, code.len, sizeof *units);
    size_t len = han_fold_text(code, units);
    return len ? search_hash((struct units){units, len}) : 0;
}

static void add_item(struct making *making, const struct item *item)
{
    const struct text *keywords = item->keywords.items;
    const struct result *results = item->results.items;
    making->now->first = (uint32_t)making->fields.count;
    making->now->code = code_hash(making, item->code);
    making->now->national_code = code_hash(making, item->national_code);
    add(making, INDEXED_TITLE, item->name);
    add(making, INDEXED_SHORT, item->short_name);
    for (size_t i = 0; i < item->keywords.count; i++)
        add(making, INDEXED_KEYWORD, keywords[i]);
    for (size_t i = 0; i < item->results.count; i++)
        add(making, INDEXED_RESULT, results[i].name);
    add(making, INDEXED_THEME, item->theme);
    add_guide(making, item);
}

const struct search_index *search_index_make(const struct catalogue *catalogue,
                                             struct arena *arena)
{
    struct search_index *index = arena_alloc(arena, sizeof *index);
    struct making making = {.arena = arena_new(1 << 20)};
    index->count = catalogue->version_count;
    index->items = arena_array(arena, index->count, sizeof *index->items);
    for (size_t i = 0; i < index->count; i++) {
        const struct version *version = &catalogue->versions[i];
        const struct department *department =
            catalogue_find_department(catalogue, version->item.department);
        struct indexed *now = making.now = &index->items[i];
        now->department = department ? (uint16_t)(department - catalogue->departments)
                                     : (uint16_t)INDEXED_NOBODY;
        now->valid_from = version->item.valid_from;
        now->valid_to = version->item.valid_to;
        now->withdrawn_after = version->withdrawn_after;
        now->later = i + 1 < index->count &&
                     text_equal(version->item.code, catalogue->versions[i + 1].item.code);
        add_item(&making, &version->item);
    }
    index->fields = kept(&making.fields, sizeof(struct indexed_field_of), arena);
    index->texts = kept(&making.texts.texts, sizeof(struct indexed_text), arena);
    index->letters = kept(&making.letters, sizeof(struct indexed_letters), arena);
    index->text_count = making.texts.texts.count;
    index->pieces = kept(&making.pieces.texts, sizeof(struct indexed_text), arena);
    index->piece_count = making.pieces.texts.count;
    index->guides = kept(&making.guides, sizeof(uint32_t), arena);
    index->units = kept(&making.units, sizeof(uint16_t), arena);
    arena_free(making.arena);
    return index;
}

static bool offers(const struct indexed *item, int64_t today)
{
    return item->valid_from <= today && (!item->valid_to || today <= item->valid_to) &&
           !(item->withdrawn_after && today > item->withdrawn_after);
}

bool indexed_offered(const struct search_index *index, size_t at, int64_t today)
{
    if (!offers(&index->items[at], today))
        return false;
    for (; index->items[at].later; at++)
        if (offers(&index->items[at + 1], today))
            return false;
    return true;
}
