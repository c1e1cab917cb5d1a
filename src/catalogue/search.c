/* What was asked, held against the index item by item. Pure: facts and words in, items out. */
#include "catalogue/search.h"

#include <string.h>

const struct word search_manner_words[] = {
    {"all", "全部事项"}, {"code", "事项编码"}, {"words", "文字"}, {"spelling", "拼音"}, {NULL, NULL},
};

/* What an item is found by, the best last. Spelling is weaker than characters: many words share it. */
enum rank {
    RANK_NONE,
    RANK_GUIDE,
    RANK_DEPARTMENT, /* its name, or the theme */
    RANK_RESULT,
    RANK_SPELT_INSIDE,
    RANK_SPELT_WHOLE, /* a keyword or a result is spelt so */
    RANK_KEYWORD,
    RANK_KEYWORD_WHOLE,
    RANK_CUT, /* the title has the words into which ICU cuts what was typed */
    RANK_WORDS,
    RANK_TITLE_INSIDE, /* the title has it all in one piece */
    RANK_SPELT_AHEAD,
    RANK_TITLE_AHEAD,
    RANK_TITLE_SPELT,
    RANK_TITLE_WHOLE,
    RANK_CODE,
};

/* One word that must be found. */
struct sought {
    struct units units;
    uint64_t has[2];
    uint64_t pairs; /* of its neighbours, as the first two of a keyword are hashed */
    const struct spelling *spelling; /* only letters were typed; else NULL */
    unsigned char *spelt; /* beside the index's texts: enum spelt and 1, once it is known */
    bool *departments; /* beside the catalogue's: the name has it */
};

struct words {
    struct sought *items;
    size_t count;
};

struct question {
    const struct catalogue *catalogue;
    const struct search_query *query;
    struct arena *arena;
    struct units whole; /* everything typed, without what parts it */
    uint64_t has[2];    /* of whole */
    uint32_t code;      /* hash of whole */
    struct words typed; /* parted by spaces and marks */
    struct words cut;   /* by ICU, without empty words such as 我要; none where it says nothing new */
    uint16_t department;
};

/* ---- understanding ---- */

static bool only_letters(struct units units)
{
    bool letter = false;
    for (size_t i = 0; i < units.len; i++) {
        letter = letter || (units.at[i] >= 'a' && units.at[i] <= 'z');
        if (units.at[i] >= 128)
            return false;
    }
    return letter;
}

static bool *departments_with(const struct question *question, struct units units)
{
    const struct catalogue *catalogue = question->catalogue;
    bool *with = arena_array(question->arena, catalogue->department_count, sizeof *with);
    for (size_t i = 0; i < catalogue->department_count; i++) {
        struct text name =
            department_name_on(&catalogue->departments[i], question->query->today);
        uint16_t *folded = arena_array(question->arena, name.len + 1, sizeof *folded);
        with[i] = search_holds((struct units){folded, han_fold_text(name, folded)}, units);
    }
    return with;
}

static void seek(struct question *question, struct words *words, struct units units)
{
    struct sought *one = &words->items[words->count++];
    one->units = units;
    search_has(units, one->has);
    for (size_t i = 1; i < units.len; i++)
        one->pairs |= search_pair(units.at[i - 1], units.at[i]);
    one->departments = departments_with(question, units);
    if (!only_letters(units) || units.len < 2 || units.len > SPELLING_MOST)
        return;
    one->spelling = spelling_of(units, question->arena);
    one->spelt = arena_alloc(question->arena, question->catalogue->index->text_count);
}

/* Each word costs a look at everything. Nobody means more; those used are told (`sought`). */
enum { SOUGHT_MOST = 8 };

/* Spaces and marks part words; what a search engine may know as wildcards are such marks. */
static void part(struct question *question)
{
    struct text left = question->query->words;
    uint16_t *units = arena_array(question->arena, left.len + 1, sizeof *units);
    size_t from = 0, len = 0;
    bool more = true;
    question->typed.items = arena_array(question->arena, left.len + 1, sizeof(struct sought));
    while (more) {
        struct text before = left;
        int32_t at = text_next(&left);
        more = at >= 0;
        size_t came = more ? han_fold_text((struct text){before.at, before.len - left.len},
                                           units + len)
                           : 0;
        if (!came && len > from && question->typed.count < SOUGHT_MOST)
            seek(question, &question->typed, (struct units){units + from, len - from});
        len += came;
        from = came ? from : len;
    }
    question->whole = (struct units){units, len};
}

/* Words of a sentence that say nothing of the matter. */
static bool empty_word(struct units units, struct arena *arena)
{
    static const char *const empty[] = {
        "我", "要", "我要", "想", "我想", "想要", "怎么", "怎样", "如何", "怎么办", "办", "办理", "申请",
        "请问", "需要", "什么", "哪里", "在哪", "哪儿", "去", "到", "给", "的", "了", "吗", "呢", "个", "一个",
        "一下", "可以", "能", "能不能", "是", "和", "与", "及", "或", "在", "有", "关于", "为", "您", "你",
    };
    struct text word = han_text(arena, units);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if (text_is(word, empty[i]))
            return true;
    return false;
}

/* 土地证 is 土地 and 证: where nothing has a word as it was typed, its words may stand apart. One of them
 * must have two characters, since single ones stand everywhere. */
static void cut(struct question *question)
{
    const struct words *typed = &question->typed;
    uint16_t *ends = arena_array(question->arena, question->whole.len + 1, sizeof *ends);
    struct words words = {
        .items = arena_array(question->arena, question->whole.len + 1, sizeof(struct sought))};
    bool long_one = false;
    for (size_t i = 0; i < typed->count; i++) {
        struct units units = typed->items[i].units;
        size_t count = only_letters(units) ? 0 : han_words(units, ends), from = 0;
        if (!count)
            words.items[words.count++] = typed->items[i];
        for (size_t j = 0; j < count; from = ends[j++]) {
            struct units word = {units.at + from, ends[j] - from};
            if (empty_word(word, question->arena))
                continue;
            long_one = long_one || word.len > 1;
            seek(question, &words, word);
        }
    }
    if (long_one && (words.count != typed->count ||
                     words.items[0].units.len != typed->items[0].units.len))
        question->cut = words;
}

static void understand(struct question *question)
{
    part(question);
    if (!question->whole.len)
        return;
    search_has(question->whole, question->has);
    question->code = search_hash(question->whole);
    cut(question);
}

/* ---- one item ---- */

static struct units units_of(const struct search_index *index, const struct indexed_text *text)
{
    return (struct units){index->units + text->at, text->len};
}

static bool has_all(const uint64_t in[2], const uint64_t what[2])
{
    return !(what[0] & ~in[0]) && !(what[1] & ~in[1]);
}

static enum rank higher(enum rank a, enum rank b)
{
    return a > b ? a : b;
}

static enum rank literal(enum indexed_field field, struct units in, const struct sought *one)
{
    bool held = search_holds(in, one->units);
    switch (field) {
    case INDEXED_TITLE:
    case INDEXED_SHORT:
        return held ? RANK_WORDS : RANK_NONE;
    case INDEXED_KEYWORD: /* what people call it is part of what was typed, too: 过户手续 */
        if (held)
            return in.len == one->units.len ? RANK_KEYWORD_WHOLE : RANK_KEYWORD;
        return in.len > 1 && search_holds(one->units, in) ? RANK_KEYWORD : RANK_NONE;
    case INDEXED_RESULT:
        return held ? RANK_RESULT : RANK_NONE;
    case INDEXED_THEME:
        return held ? RANK_DEPARTMENT : RANK_NONE;
    }
    return RANK_NONE;
}

static enum spelt spelt_once(const struct search_index *index, uint32_t at,
                             const struct sought *one)
{
    if (!one->spelt[at]) {
        bool may = may_be_spelt(one->spelling, &index->letters[at]);
        enum spelt how =
            may ? spelt(one->spelling, units_of(index, &index->texts[at])) : SPELT_NOT;
        one->spelt[at] = (unsigned char)(1 + how);
    }
    return (enum spelt)(one->spelt[at] - 1);
}

static enum rank by_spelling(enum indexed_field field, enum spelt how)
{
    static const enum rank title[] = {RANK_NONE, RANK_SPELT_INSIDE, RANK_SPELT_AHEAD,
                                      RANK_TITLE_SPELT};
    static const enum rank other[] = {RANK_NONE, RANK_SPELT_INSIDE, RANK_SPELT_INSIDE,
                                      RANK_SPELT_WHOLE};
    return field == INDEXED_TITLE ? title[how] : other[how];
}

static enum rank word_rank(const struct search_index *index, const struct indexed *item,
                           const struct sought *one)
{
    enum rank best = item->department != INDEXED_NOBODY && one->departments[item->department]
                         ? RANK_DEPARTMENT
                         : RANK_NONE;
    bool there = has_all(item->has, one->has), called = item->keywords & one->pairs;
    if (!there && !called && !one->spelling)
        return best;
    for (uint32_t i = item->first; i < item->first + item->count; i++) {
        const struct indexed_field_of *of = &index->fields[i];
        const struct indexed_text *text = &index->texts[of->text];
        if ((there && has_all(text->has, one->has)) ||
            (called && of->field == INDEXED_KEYWORD))
            best = higher(best, literal(of->field, units_of(index, text), one));
        if (one->spelling && of->field != INDEXED_THEME)
            best = higher(best, by_spelling(of->field, spelt_once(index, of->text, one)));
    }
    return best;
}

static enum rank words_rank(const struct search_index *index, const struct indexed *item,
                            const struct words *words)
{
    enum rank worst = words->count ? RANK_CODE : RANK_NONE;
    for (size_t i = 0; i < words->count && worst; i++) {
        enum rank one = word_rank(index, item, &words->items[i]);
        worst = one < worst ? one : worst;
    }
    return worst;
}

/* Everything typed in one piece at the front of the title, or within. */
static enum rank title_rank(const struct search_index *index, const struct indexed *item,
                            const struct question *question)
{
    struct units whole = question->whole;
    if (!item->count || !has_all(item->has, question->has))
        return RANK_NONE;
    struct units title = units_of(index, &index->texts[index->fields[item->first].text]);
    if (!search_holds(title, whole))
        return RANK_NONE;
    if (memcmp(title.at, whole.at, whole.len * sizeof *whole.at) != 0)
        return RANK_TITLE_INSIDE;
    return title.len == whole.len ? RANK_TITLE_WHOLE : RANK_TITLE_AHEAD;
}

static bool code_is(const struct question *question, struct text code)
{
    uint16_t *units = arena_array(question->arena, code.len + 1, sizeof *units);
    size_t len = han_fold_text(code, units);
    return len == question->whole.len &&
           !memcmp(units, question->whole.at, len * sizeof *units);
}

static enum rank rank_of(const struct question *question, size_t at)
{
    const struct search_index *index = question->catalogue->index;
    const struct indexed *item = &index->items[at];
    const struct item *full = &question->catalogue->versions[at].item;
    if ((item->code == question->code && code_is(question, full->code)) ||
        (item->national_code == question->code && code_is(question, full->national_code)))
        return RANK_CODE;
    enum rank best = words_rank(index, item, &question->typed);
    if (best < RANK_CUT && question->cut.count) {
        enum rank apart = words_rank(index, item, &question->cut);
        best = higher(best, apart > RANK_CUT ? RANK_CUT : apart);
    }
    return higher(best, title_rank(index, item, question));
}

/* ---- the guide's text ---- */

/* For each word whether a piece of text has it: beside the index's pieces, a bit a word. */
static const uint64_t *pieces_with(const struct question *question)
{
    const struct search_index *index = question->catalogue->index;
    const struct words *words = &question->typed;
    uint64_t *with = arena_array(question->arena, index->piece_count, sizeof *with);
    for (size_t i = 0; i < index->piece_count; i++)
        for (size_t j = 0; j < words->count; j++)
            if (has_all(index->pieces[i].has, words->items[j].has) &&
                words->items[j].units.len > 1 &&
                search_holds(units_of(index, &index->pieces[i]), words->items[j].units))
                with[i] |= UINT64_C(1) << j;
    return with;
}

/* Each word that the fields have not is in the text. */
static bool guide_holds(const struct question *question, size_t at, const uint64_t *with)
{
    const struct search_index *index = question->catalogue->index;
    const struct indexed *item = &index->items[at];
    const struct words *words = &question->typed;
    uint64_t has = 0;
    for (uint32_t i = item->guide; i < item->guide + item->pieces; i++)
        has |= with[index->guides[i]];
    for (size_t i = 0; has && i < words->count; i++)
        if (!(has >> i & 1) && !word_rank(index, item, &words->items[i]))
            return false;
    return has;
}

/* ---- the page ---- */

/* The place of a found item among all, the lower the better: by rank, then the shorter title, then the
 * code. */
static uint64_t order_of(const struct question *question, size_t at, enum rank rank)
{
    return (uint64_t)(RANK_CODE - rank) << 48 |
           (uint64_t)question->catalogue->index->items[at].title << 32 | at;
}

static bool stands(const struct question *question, size_t at)
{
    const struct search_query *query = question->query;
    const struct search_index *index = question->catalogue->index;
    return (!query->department.len || index->items[at].department == question->department) &&
           indexed_offered(index, at, query->today);
}

/* The best of what is offered to it, in order. */
struct best {
    uint64_t *orders;
    size_t count, most;
};

static struct best best_of(struct arena *arena, size_t most)
{
    return (struct best){arena_array(arena, most + 1, sizeof(uint64_t)), 0, most};
}

static void offer(struct best *best, uint64_t order)
{
    if (best->count == best->most && (!best->most || order >= best->orders[best->most - 1]))
        return;
    size_t at = best->count < best->most ? best->count++ : best->most - 1;
    for (; at > 0 && best->orders[at - 1] > order; at--)
        best->orders[at] = best->orders[at - 1];
    best->orders[at] = order;
}

static const struct item **items_of(const struct question *question, const struct best *best)
{
    const struct item **items = arena_array(question->arena, best->count, sizeof *items);
    for (size_t i = 0; i < best->count; i++)
        items[i] = &question->catalogue->versions[best->orders[i] & UINT32_MAX].item;
    return items;
}

/* Everything, in the order of codes. */
static void list_all(const struct question *question, struct search_found *found)
{
    const struct catalogue *catalogue = question->catalogue;
    struct best best = best_of(question->arena, question->query->most + 1);
    for (size_t i = 0; i < catalogue->version_count; i++) {
        if (!stands(question, i))
            continue;
        found->found++;
        if (best.count < best.most &&
            text_order(catalogue->versions[i].item.code, question->query->after) > 0)
            offer(&best, i);
    }
    found->more = best.count == best.most;
    best.count -= found->more;
    found->items = items_of(question, &best);
    found->count = best.count;
}

/* ---- slips and what is nearest ---- */

static size_t slips_allowed(size_t units)
{
    return units < 3 ? 0 : units < 8 ? 1 : 2;
}

static size_t missing(const uint64_t in[2], const uint64_t what[2])
{
    return (size_t)__builtin_popcountll(what[0] & ~in[0]) +
           (size_t)__builtin_popcountll(what[1] & ~in[1]);
}

/* The fewest slips in a title, a short name or a keyword; more than `most` where none has so few. */
static size_t slips_of_item(const struct question *question, size_t at, const struct slips *slips,
                            size_t most)
{
    const struct search_index *index = question->catalogue->index;
    const struct indexed *item = &index->items[at];
    size_t best = most + 1;
    for (uint32_t i = item->first; i < item->first + item->count; i++) {
        const struct indexed_field_of *of = &index->fields[i];
        if (of->field >= INDEXED_RESULT)
            break;
        const struct indexed_text *text = &index->texts[of->text];
        size_t now = missing(text->has, question->has) <= most
                         ? slips_in(slips, units_of(index, text))
                         : best;
        best = now < best ? now : best;
    }
    return best;
}

/* known: beside the index's texts, what nearly_spelt says of them, once it is asked. */
static size_t spelling_of_item(const struct question *question, size_t at,
                               const struct spelling *spelling, unsigned char *known)
{
    const struct search_index *index = question->catalogue->index;
    const struct indexed *item = &index->items[at];
    size_t best = SPELT_OTHERWISE;
    for (uint32_t i = item->first; i < item->first + item->count; i++) {
        const struct indexed_field_of *of = &index->fields[i];
        if (of->field == INDEXED_THEME)
            continue;
        if (!known[of->text]) {
            bool may = may_be_nearly_spelt(spelling, &index->letters[of->text]);
            struct units units = units_of(index, &index->texts[of->text]);
            known[of->text] =
                (unsigned char)(may ? nearly_spelt(spelling, units) : SPELT_OTHERWISE);
        }
        best = known[of->text] < best ? known[of->text] : best;
    }
    return best;
}

/* Fewer slips first, then the title whose length is nearest to what was typed. */
static uint64_t near_order(const struct question *question, size_t at, size_t slips)
{
    size_t title = question->catalogue->index->items[at].title, typed = question->whole.len;
    uint64_t apart = title > typed ? title - typed : typed - title;
    return (uint64_t)slips << 48 | apart << 32 | at;
}

/* Where a spelling is found as it is, a slip in it is nothing that anybody meant. */
static void find_slips(const struct question *question, const bool *taken, bool any,
                       struct best *best)
{
    const struct search_index *index = question->catalogue->index;
    const struct spelling *spelling =
        question->typed.count == 1 && question->whole.len > 2 ? question->typed.items[0].spelling
                                                              : NULL;
    size_t allowed = spelling && any ? SPELT_APART
                     : spelling      ? SPELT_SLIPPED
                                     : slips_allowed(question->whole.len);
    const struct slips *slips = slips_of(question->whole, question->arena);
    unsigned char *known = arena_alloc(question->arena, spelling ? index->text_count : 0);
    for (size_t i = 0; i < index->count; i++) {
        if (taken[i])
            continue;
        size_t now = allowed + 1;
        if (spelling)
            now = spelling_of_item(question, i, spelling, known);
        else if (missing(index->items[i].has, question->has) <= allowed)
            now = slips_of_item(question, i, slips, allowed);
        if (now <= allowed && stands(question, i))
            offer(best, near_order(question, i, now));
    }
}

/* Nothing like it, and not typed in letters: the titles that have most of its words, else most of its
 * characters in a row. */
static void find_nearest(const struct question *question, struct best *best)
{
    const struct search_index *index = question->catalogue->index;
    const struct words *words = question->cut.count ? &question->cut : &question->typed;
    const struct slips *slips = slips_of(question->whole, question->arena);
    size_t all = question->whole.len < 64 ? question->whole.len : 64;
    for (size_t i = 0; i < index->count; i++) {
        size_t has = 0;
        for (size_t j = 0; j < words->count; j++)
            if (words->items[j].units.len > 1 &&
                word_rank(index, &index->items[i], &words->items[j]) > RANK_DEPARTMENT)
                has += words->items[j].units.len;
        if (!has && all > 2 && missing(index->items[i].has, question->has) <= all / 2) {
            size_t wrong = slips_of_item(question, i, slips, all / 2);
            has = wrong <= all / 2 ? all - wrong : 0;
        }
        if (has && stands(question, i))
            offer(best, near_order(question, i, has < 64 ? 64 - has : 0));
    }
}

static void find_near(const struct question *question, const bool *taken,
                      struct search_found *found)
{
    bool any = found->found + found->mentioned > 0;
    struct best best =
        best_of(question->arena, SEARCH_NEAR - (size_t)(found->found + found->mentioned));
    find_slips(question, taken, any, &best);
    if (!any && !best.count && !only_letters(question->whole))
        find_nearest(question, &best);
    found->near = items_of(question, &best);
    found->near_count = best.count;
}

/* ---- what is found ---- */

static uint64_t after_order(const struct question *question)
{
    size_t count;
    const struct version *versions =
        catalogue_versions(question->catalogue, question->query->after, &count);
    for (size_t i = 0; i < count; i++) {
        size_t at = (size_t)(&versions[i] - question->catalogue->versions);
        /* It was shown: what no field of it tells, its text did. */
        if (stands(question, at))
            return order_of(question, at, higher(rank_of(question, at), RANK_GUIDE));
    }
    return 0;
}

/* One pass over everything: by the fields, or, of what these did not find, by the guides' text. */
static enum rank pass(const struct question *question, const uint64_t *with, uint64_t after,
                      bool *taken, struct best *best, int64_t *found)
{
    enum rank highest = RANK_NONE;
    for (size_t i = 0; i < question->catalogue->index->count; i++) {
        enum rank rank = RANK_NONE;
        if (!with)
            rank = rank_of(question, i);
        else if (!taken[i] && guide_holds(question, i, with))
            rank = RANK_GUIDE;
        if (!rank || !stands(question, i))
            continue;
        uint64_t order = order_of(question, i, rank);
        taken[i] = true;
        (*found)++;
        highest = higher(highest, rank);
        if (!after || order > after)
            offer(best, order);
    }
    return highest;
}

static enum rank find_words(const struct question *question, struct search_found *found)
{
    uint64_t after = question->query->after.len ? after_order(question) : 0;
    struct best best = best_of(question->arena, question->query->most + 1);
    bool *taken =
        arena_array(question->arena, question->catalogue->index->count, sizeof *taken);
    enum rank highest = pass(question, NULL, after, taken, &best, &found->found);
    if (found->found < SEARCH_NEAR)
        highest = higher(highest, pass(question, pieces_with(question), after, taken, &best,
                                       &found->mentioned));
    found->more = best.count == best.most;
    best.count -= found->more;
    found->items = items_of(question, &best);
    found->count = best.count;
    if (found->found + found->mentioned < SEARCH_NEAR && !after)
        find_near(question, taken, found);
    return highest;
}

static struct list told(const struct words *words, struct arena *arena)
{
    struct text *texts = arena_array(arena, words->count, sizeof *texts);
    for (size_t i = 0; i < words->count; i++)
        texts[i] = han_text(arena, words->items[i].units);
    return (struct list){texts, words->count};
}

struct search_found search(const struct catalogue *catalogue, const struct search_query *query,
                           struct arena *arena)
{
    struct search_found found = {0};
    struct question question = {.catalogue = catalogue, .query = query, .arena = arena};
    const struct department *department = catalogue_find_department(catalogue, query->department);
    question.department = department ? (uint16_t)(department - catalogue->departments)
                                     : (uint16_t)INDEXED_NOBODY;
    understand(&question);
    if (!text_trim(query->words).len) {
        list_all(&question, &found);
        return found;
    }
    found.manner = SEARCH_WORDS;
    if (!question.whole.len)
        return found; /* marks alone: nothing is called so */
    enum rank highest = find_words(&question, &found);
    bool spelt = false;
    for (size_t i = 0; i < question.typed.count; i++)
        spelt = spelt || question.typed.items[i].spelling;
    found.manner = highest == RANK_CODE ? SEARCH_CODE : spelt ? SEARCH_SPELLING : SEARCH_WORDS;
    bool apart = highest == RANK_CUT && question.cut.count;
    found.sought = told(apart ? &question.cut : &question.typed, arena);
    return found;
}
