/* Who may do what with a draft and when, as tables; rows that come, go and move; nothing of it needs a
 * database. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "catalogue/diff.h"
#include "catalogue/draft.h"

enum who { CLERK, HEAD, OTHER, ADMIN };
static const struct actor people[] = {
    [CLERK] = {.name = {"account:1", 9}, .roles = ROLE_CLERK, .department = {"011", 3}},
    [HEAD] = {.name = {"account:2", 9}, .roles = ROLE_HEAD, .department = {"011", 3}},
    [OTHER] = {.name = {"account:3", 9}, .roles = ROLE_HEAD, .department = {"022", 3}},
    [ADMIN] = {.name = {"account:4", 9}, .roles = ROLE_ADMINISTRATOR},
};
#define TODAY date_of(2014, 5, 4)

/* A valid item of department 011, and the house around it. */
struct bench {
    struct arena *arena;
    struct catalogue catalogue;
    struct version versions[2];
    struct department departments[2];
    struct place place;
    struct announced announced[2];
    struct standing standing;
    struct draft_facts facts;
};

static struct list texts(struct arena *arena, const char *a, const char *b, const char *c)
{
    const char *given[] = {a, b, c};
    struct text *items = arena_array(arena, 3, sizeof *items);
    size_t count = 0;
    for (size_t i = 0; i < 3 && given[i]; i++)
        items[count++] = text_of(given[i]);
    return (struct list){items, count};
}

static struct list materials(struct arena *arena, const char *const *codes, size_t count)
{
    struct material *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct material){.code = text_of(codes[i]),
                                     .name = text_format(arena, "材料%s", codes[i]),
                                     .form = FORM_ORIGINAL,
                                     .issuer = ISSUER_APPLICANT,
                                     .basis = TEXT("《土地登记办法》第九条")};
    return (struct list){items, count};
}

static struct item good_item(struct arena *arena)
{
    static const char *const codes[] = {"m1", "m2", "m3"};
    struct law *law = arena_alloc(arena, sizeof *law);
    struct result *result = arena_alloc(arena, sizeof *result);
    *law = (struct law){.name = TEXT("《土地管理法》")};
    *result = (struct result){TEXT("r1"), TEXT("土地证"), RESULT_CERTIFICATE, {0}};
    return (struct item){.code = TEXT("011-001"),
                         .version = 1,
                         .name = TEXT("土地登记"),
                         .department = TEXT("011"),
                         .type = ITEM_CONFIRMATION,
                         .case_kind = CASE_PROMISED,
                         .objects = texts(arena, "enterprise", NULL, NULL),
                         .laws = {law, 1},
                         .conditions = texts(arena, "甲", "乙", "丙"),
                         .materials = materials(arena, codes, 3),
                         .statutory_days = 20,
                         .statutory_unit = DAYS_WORKING,
                         .statutory_source = SOURCE_EXAMPLE,
                         .promised_days = 10,
                         .promised_unit = DAYS_WORKING,
                         .promised_source = SOURCE_EXAMPLE,
                         .results = {result, 1},
                         .can_accept = true,
                         .source = SOURCE_EXAMPLE};
}

static void bench_open(struct bench *bench)
{
    static const char *const codes[] = {"011", "022"};
    *bench = (struct bench){.arena = arena_new(1 << 16)};
    for (size_t i = 0; i < 2; i++) {
        struct department_name *name = arena_alloc(bench->arena, sizeof *name);
        *name = (struct department_name){.name = text_of(codes[i])};
        bench->departments[i] = (struct department){.code = text_of(codes[i]), .names = {name, 1}};
    }
    bench->place = (struct place){.code = TEXT("w1"), .kind = PLACE_WINDOW};
    bench->versions[0].item = good_item(bench->arena);
    bench->catalogue = (struct catalogue){.versions = bench->versions,
                                          .version_count = 1,
                                          .departments = bench->departments,
                                          .department_count = 2,
                                          .places = &bench->place,
                                          .place_count = 1,
                                          .withdrawals = bench->announced};
    bench->standing = (struct standing){&catalogue_module, &bench->catalogue};
    struct item_draft *draft = &bench->facts.kept.draft;
    bench->facts.found = true;
    *draft = (struct item_draft){.item_code = TEXT("011-001"),
                                 .department = TEXT("011"),
                                 .revision = 3,
                                 .based_on = 1,
                                 .authors = texts(bench->arena, "account:1", NULL, NULL),
                                 .item = bench->versions[0].item};
    draft->item.version = 0;
    draft->item.promised_days = 5;
}

static struct context context_of(struct bench *bench, const struct actor *actor)
{
    return (struct context){.region = 330482,
                            .now_ms = TODAY * DAY_MS + 2 * HOUR_MS, /* ten in the morning here */
                            .actor = actor,
                            .next_index = 77,
                            .standing = &bench->standing,
                            .standing_count = 1,
                            .arena = bench->arena};
}

typedef enum refusal decider(const void *facts, const void *input, const struct context *context,
                             struct decision *out);

/* What is decided; *out lives in the bench's arena. */
static enum refusal decide(struct bench *bench, decider *one, enum who who, const void *input,
                           struct decision *out)
{
    struct context context = context_of(bench, &people[who]);
    *out = (struct decision){.arena = bench->arena};
    return one(&bench->facts, input, &context, out);
}

static void is(enum refusal got, enum refusal want, const char *what)
{
    if (got != want)
        fail_msg("%s: %s instead of %s", what, refusal_text(got)->name, refusal_text(want)->name);
}

static bool at_field(const struct decision *out, const char *field)
{
    return out->problems.count && text_is(out->problems.items[0].field, field);
}

static void starting(void **state)
{
    static const struct {
        const char *what;
        enum who who;
        struct draft_start start;
        bool drafted;
        enum refusal want;
        const char *field;
    } table[] = {
        {"from the newest", CLERK, {.item_code = TEXT("011-001")}, false, OK, NULL},
        {"from a version", CLERK, {TEXT("011-001"), 1, {0}, {0}}, false, OK, NULL},
        {"from no version", CLERK, {TEXT("011-001"), 9, {0}, {0}}, false, REFUSED_NOT_FOUND, "version"},
        {"another's item", OTHER, {.item_code = TEXT("011-001")}, false, REFUSED_DEPARTMENT, NULL},
        {"an administrator", ADMIN, {.item_code = TEXT("011-001")}, false, OK, NULL},
        {"a second draft", CLERK, {.item_code = TEXT("011-001")}, true, REFUSED_EXISTS, "item_code"},
        {"a new item", CLERK, {TEXT("011-9"), 0, TEXT("新"), {0}}, false, OK, NULL},
        {"a new item's code is taken", CLERK, {TEXT("011-001"), 0, TEXT("新"), {0}}, false,
         REFUSED_EXISTS, "item_code"},
        {"a new item without a name", CLERK, {TEXT("011-9"), 0, {0}, {0}}, false, REFUSED_MISSING,
         "name"},
        {"a version of no item", CLERK, {TEXT("011-9"), 1, {0}, {0}}, false, REFUSED_NOT_FOUND,
         "item_code"},
        {"a new item of another's", CLERK, {TEXT("022-9"), 0, TEXT("新"), TEXT("022")}, false,
         REFUSED_DEPARTMENT, "department"},
        {"an administrator's new item", ADMIN, {TEXT("022-9"), 0, TEXT("新"), TEXT("022")}, false, OK,
         NULL},
        {"of nobody", ADMIN, {TEXT("022-9"), 0, TEXT("新"), {0}}, false, REFUSED_MISSING, "department"},
        {"of no department", ADMIN, {TEXT("9-9"), 0, TEXT("新"), TEXT("999")}, false,
         REFUSED_REFERENCE, "department"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct bench bench;
        struct decision out;
        bench_open(&bench);
        bench.facts.found = table[i].drafted;
        is(decide(&bench, draft_start_decide, table[i].who, &table[i].start, &out),
           table[i].want, table[i].what);
        if (table[i].field && !at_field(&out, table[i].field))
            fail_msg("%s: at another field", table[i].what);
        assert_int_equal(out.count, table[i].want == OK);
        const struct item_draft *draft = out.count ? out.events[0].body : NULL;
        if (draft) {
            assert_int_equal(draft->revision, 1);
            assert_int_equal(draft->item.version + draft->item.valid_from, 0);
            /* Who takes over what is in force has typed nothing; a new item's name is typed. */
            assert_int_equal(draft->authors.count, table[i].start.name.len ? 1 : 0);
        }
        arena_free(bench.arena);
    }
}

static void saving(void **state)
{
    static const struct {
        const char *what;
        enum who who;
        int64_t section, revision;
        bool found;
        struct item item;
        enum refusal want;
        const char *field;
        bool event;
    } table[] = {
        {"a new promise", CLERK, SECTION_WORDS, 3, true, {.consult = TEXT("12345")}, OK, NULL, true},
        {"nothing new", CLERK, SECTION_WORDS, 3, true, {.name = {0}}, OK, NULL, false},
        {"an older form", CLERK, SECTION_WORDS, 2, true, {.consult = TEXT("1")}, REFUSED_STALE,
         "revision", false},
        {"a form of the future", CLERK, SECTION_WORDS, 4, true, {.consult = TEXT("1")}, REFUSED_STALE,
         "revision", false},
        {"no draft", CLERK, SECTION_WORDS, 3, false, {.consult = TEXT("1")}, REFUSED_NOT_FOUND,
         "item_code", false},
        {"another department", OTHER, SECTION_WORDS, 3, true, {.consult = TEXT("1")},
         REFUSED_DEPARTMENT, "", false},
        {"an administrator", ADMIN, SECTION_WORDS, 3, true, {.consult = TEXT("1")}, OK, NULL, true},
        {"what stands elsewhere", CLERK, SECTION_WORDS, 3, true,
         {.consult = TEXT("1"), .promised_days = 3}, REFUSED_UNDECLARED, "item.promised_days", false},
        {"nothing at all is left", CLERK, SECTION_LIMITS, 3, true, {.name = {0}}, OK, NULL, true},
        {"another department's", CLERK, SECTION_BASICS, 3, true,
         {.name = TEXT("甲"), .department = TEXT("022")}, REFUSED_DEPARTMENT, "item.department", false},
        {"by an administrator", ADMIN, SECTION_BASICS, 3, true,
         {.name = TEXT("甲"), .department = TEXT("022")}, OK, NULL, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct bench bench;
        struct decision out;
        bench_open(&bench);
        bench.facts.found = table[i].found;
        struct draft_save save = {TEXT("011-001"), table[i].section, 0, table[i].revision,
                                  table[i].item};
        is(decide(&bench, draft_save_decide, table[i].who, &save, &out), table[i].want,
           table[i].what);
        if (table[i].field && !at_field(&out, table[i].field))
            fail_msg("%s: at another field", table[i].what);
        assert_int_equal(out.count, table[i].event);
        const struct item_draft *next = out.count ? out.events[0].body : NULL;
        if (next) {
            assert_int_equal(next->revision, 4);
            assert_true(draft_has_author(next, TEXT("account:1")) &&
                        draft_has_author(next, people[table[i].who].name));
            assert_int_equal(next->item.materials.count, 3); /* other sections stay */
        }
        arena_free(bench.arena);
    }
}

/* The codes of the materials after it, "m1 m2 m3"; the refusal's name where it was refused. */
static struct text codes_after(struct bench *bench, enum refusal refusal,
                               const struct decision *out)
{
    struct buf said = {.arena = bench->arena};
    if (refusal != OK)
        return text_of(refusal_text(refusal)->name);
    if (!out->count)
        return TEXT("unchanged");
    const struct item_draft *draft = out->events[0].body;
    const struct material *rows = draft->item.materials.items;
    for (size_t i = 0; i < draft->item.materials.count; i++) {
        buf_str(&said, i ? " " : "");
        buf_text(&said, rows[i].code);
    }
    return buf_done(&said);
}

static void rows(void **state)
{
    static const struct {
        int64_t section, row, to;
        const char *want;
    } moves[] = {
        {SECTION_MATERIALS, 1, 2, "m2 m1 m3"},    {SECTION_MATERIALS, 3, 1, "m3 m1 m2"},
        {SECTION_MATERIALS, 1, 3, "m2 m3 m1"},    {SECTION_MATERIALS, 2, 2, "unchanged"},
        {SECTION_MATERIALS, 2, 0, "m1 m3"},       {SECTION_MATERIALS, 3, 0, "m1 m2"},
        {SECTION_MATERIALS, 1, 4, "out_of_range"}, {SECTION_MATERIALS, 1, -1, "out_of_range"},
        {SECTION_MATERIALS, 0, 1, "not_found"},   {SECTION_MATERIALS, 4, 1, "not_found"},
        {SECTION_FEES, 1, 1, "not_found"},        {SECTION_BASICS, 1, 1, "not_found"},
    };
    static const struct {
        int64_t section, row;
        size_t sent;
        const char *code, *want;
    } edits[] = {
        {SECTION_MATERIALS, 0, 1, "m9", "m1 m2 m3 m9"}, {SECTION_MATERIALS, 2, 1, "m9", "m1 m9 m3"},
        {SECTION_MATERIALS, 4, 1, "m9", "not_found"},   {SECTION_MATERIALS, -1, 1, "m9", "not_found"},
        {SECTION_MATERIALS, 0, 1, "", "missing"},       {SECTION_MATERIALS, 0, 0, "", "missing"},
        {SECTION_MATERIALS, 0, 2, "m9", "missing"},     {SECTION_FEES, 0, 1, "m9", "undeclared"},
        {SECTION_BASICS, 0, 1, "m9", "not_found"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        struct bench bench;
        struct decision out;
        bench_open(&bench);
        struct draft_move move = {TEXT("011-001"), moves[i].section, moves[i].row, moves[i].to, 3};
        enum refusal got = decide(&bench, draft_move_decide, CLERK, &move, &out);
        struct text said = codes_after(&bench, got, &out);
        if (!text_is(said, moves[i].want))
            fail_msg("move %zu: %.*s", i, TEXT_ARG(said));
        arena_free(bench.arena);
    }
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        struct bench bench;
        struct decision out;
        bench_open(&bench);
        struct material sent[2] = {{.code = text_of(edits[i].code)}, {.code = TEXT("m8")}};
        struct draft_save save = {.item_code = TEXT("011-001"),
                                  .section = edits[i].section,
                                  .row = edits[i].row,
                                  .revision = 3,
                                  .item.materials = {sent, edits[i].sent}};
        enum refusal got = decide(&bench, draft_row_decide, CLERK, &save, &out);
        struct text said = codes_after(&bench, got, &out);
        if (!text_is(said, edits[i].want))
            fail_msg("edit %zu: %.*s", i, TEXT_ARG(said));
        arena_free(bench.arena);
    }
}

static void spoil_promise(struct bench *bench)
{
    bench->facts.kept.draft.item.promised_days = 30;
}

static void spoil_place(struct bench *bench)
{
    bench->facts.kept.draft.item.places = texts(bench->arena, "nowhere", NULL, NULL);
}

static void spoil_name(struct bench *bench)
{
    bench->facts.kept.draft.item.name = TEXT("");
}

static void spoil_end(struct bench *bench)
{
    bench->facts.kept.draft.item.valid_to = TODAY;
}

static void all_written_by_head(struct bench *bench)
{
    bench->facts.kept.draft.authors = texts(bench->arena, "account:9", "account:2", NULL);
}

static void no_draft(struct bench *bench)
{
    bench->facts.found = false;
}

static void publishing(void **state)
{
    static const struct {
        const char *what;
        enum who who;
        int64_t revision, over, days; /* days from today on which it is in force */
        void (*spoil)(struct bench *bench);
        enum refusal want;
        const char *field;
    } table[] = {
        {"today", HEAD, 3, 1, 0, NULL, OK, NULL},
        {"later", HEAD, 3, 1, 30, NULL, OK, NULL},
        {"yesterday", HEAD, 3, 1, -1, NULL, REFUSED_TOO_LATE, "valid_from"},
        {"an administrator", ADMIN, 3, 1, 0, NULL, OK, NULL},
        {"another department", OTHER, 3, 1, 0, NULL, REFUSED_DEPARTMENT, ""},
        {"who typed some of it", HEAD, 3, 1, 0, all_written_by_head, REFUSED_SAME_PERSON, ""},
        {"an older draft was read", HEAD, 2, 1, 0, NULL, REFUSED_STALE, "revision"},
        {"an older version was compared", HEAD, 3, 0, 0, NULL, REFUSED_STALE, "over"},
        {"no draft", HEAD, 3, 1, 0, no_draft, REFUSED_NOT_FOUND, "item_code"},
        {"promise over the limit", HEAD, 3, 1, 0, spoil_promise, REFUSED_CONFLICT, "promised_days"},
        {"a place that is none", HEAD, 3, 1, 0, spoil_place, REFUSED_REFERENCE, "places"},
        {"no name", HEAD, 3, 1, 0, spoil_name, REFUSED_MISSING, "name"},
        {"ends before it begins", HEAD, 3, 1, 1, spoil_end, REFUSED_CONFLICT, "valid_to"},
        {"ends on its first day", HEAD, 3, 1, 0, spoil_end, OK, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct bench bench;
        struct decision out;
        bench_open(&bench);
        if (table[i].spoil)
            table[i].spoil(&bench);
        struct draft_publish said = {TEXT("011-001"), table[i].revision, table[i].over,
                                     TODAY + table[i].days};
        is(decide(&bench, draft_publish_decide, table[i].who, &said, &out), table[i].want,
           table[i].what);
        if (table[i].field && !at_field(&out, table[i].field))
            fail_msg("%s: at another field", table[i].what);
        assert_int_equal(out.count, table[i].want == OK ? 2 : 0);
        if (out.count) {
            const struct item *item = out.events[0].body;
            const struct draft_over *over = out.events[1].body;
            assert_ptr_equal(out.events[0].kind, &item_published);
            assert_int_equal(item->version, 2);
            assert_int_equal(item->valid_from, TODAY + table[i].days);
            assert_int_equal(over->version, 2);
        }
        arena_free(bench.arena);
    }
}

static void discarding(void **state)
{
    static const struct {
        const char *what;
        enum who who;
        int64_t revision;
        enum refusal want;
    } table[] = {
        {"its clerk", CLERK, 3, OK},
        {"an administrator", ADMIN, 3, OK},
        {"another department", OTHER, 3, REFUSED_DEPARTMENT},
        {"changed since", CLERK, 2, REFUSED_STALE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct bench bench;
        struct decision out;
        bench_open(&bench);
        struct draft_end end = {TEXT("011-001"), table[i].revision};
        is(decide(&bench, draft_discard_decide, table[i].who, &end, &out), table[i].want,
           table[i].what);
        assert_int_equal(out.count, table[i].want == OK);
        if (out.count)
            assert_int_equal(((const struct draft_over *)out.events[0].body)->version, 0);
        arena_free(bench.arena);
    }
}

static void withdrawing(void **state)
{
    static const struct {
        const char *what;
        enum who who;
        const char *code;
        int64_t days, gone;
        enum refusal want;
        const char *notice;
    } table[] = {
        {"the head", HEAD, "011-001", 5, 0, OK, "事项取消公告〔2014〕2号"},
        {"today is the last day", HEAD, "011-001", 0, 0, OK, "事项取消公告〔2014〕2号"},
        {"yesterday", HEAD, "011-001", -1, 0, REFUSED_TOO_LATE, NULL},
        {"another department", OTHER, "011-001", 5, 0, REFUSED_DEPARTMENT, NULL},
        {"an administrator", ADMIN, "011-001", 5, 0, OK, "事项取消公告〔2014〕2号"},
        {"no item", HEAD, "011-9", 5, 0, REFUSED_NOT_FOUND, NULL},
        {"gone already", HEAD, "011-001", 5, 1, REFUSED_ONCE, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct bench bench;
        struct decision out;
        bench_open(&bench);
        bench.versions[0].withdrawn_after = table[i].gone;
        /* One of the year before is not counted. */
        bench.announced[0].announced_at = date_of(2013, 12, 30) * DAY_MS;
        bench.announced[1].announced_at = date_of(2014, 1, 2) * DAY_MS;
        bench.catalogue.withdrawal_count = 2;
        struct item_withdrawal said = {text_of(table[i].code), TODAY + table[i].days,
                                       TEXT("国务院决定取消"), TEXT("国发〔2014〕5号"), {0}};
        is(decide(&bench, item_withdraw_decide, table[i].who, &said, &out), table[i].want,
           table[i].what);
        assert_int_equal(out.count, table[i].want == OK);
        if (out.count)
            assert_true(text_is(((const struct item_withdrawal *)out.events[0].body)->notice_no,
                                table[i].notice));
        arena_free(bench.arena);
    }
}

/* Every field that an item has is edited in exactly one section, but for what the house sets. */
static void sections(void **state)
{
    (void)state;
    for (size_t i = 0; i < item_shape.count; i++) {
        struct text name = text_of(item_shape.fields[i].name);
        int64_t count = 0;
        for (int64_t section = 0; section < SECTION_COUNT; section++)
            count += section_holds(section, name);
        bool set = text_is(name, "code") || text_is(name, "version") || text_is(name, "valid_from");
        if (count != !set)
            fail_msg("%s is in %lld sections", item_shape.fields[i].name, (long long)count);
    }
    for (int64_t section = SECTION_LAWS; section < SECTION_COUNT; section++)
        assert_non_null(section_list(section));
    assert_int_equal(section_of(TEXT("materials.0.name")), SECTION_MATERIALS);
    assert_int_equal(section_of(TEXT("nothing")), SECTION_NONE);
}

static void change_nothing(struct arena *arena, struct item *item)
{
    (void)arena;
    item->version = 7;
}

static void change_plain(struct arena *arena, struct item *item)
{
    (void)arena;
    item->promised_days = 5;
    item->online = true;
    item->consult = TEXT("12345");
    item->case_kind = CASE_ON_SPOT;
}

static void change_texts(struct arena *arena, struct item *item)
{
    item->conditions = texts(arena, "丙", "甲", "丁");
    item->objects = texts(arena, "natural_person", NULL, NULL);
}

static void change_rows(struct arena *arena, struct item *item)
{
    static const char *const codes[] = {"m3", "m1", "m4"};
    item->materials = materials(arena, codes, 3);
    ((struct material *)item->materials.items)[1].copies = 2;
}

static void differing(void **state)
{
    static const struct {
        void (*change)(struct arena *arena, struct item *item);
        const char *want; /* "kind path old>new" lines */
    } table[] = {
        {change_nothing, ""},
        {change_plain, "altered case_kind 承诺件>即办件\naltered promised_days 10>5\n"
                       "altered online >是\naltered consult >12345\n"},
        {change_texts, "removed objects 企业法人>\nadded objects >自然人\n"
                       "removed conditions 乙>\nadded conditions >丁\nmoved conditions 甲|丙>丙|甲\n"},
        {change_rows,
         "removed materials.m2 材料编号：m2；材料名称：材料m2；材料形式：原件；来源渠道：申请人自备；"
         "要求提供的依据：《土地登记办法》第九条>\naltered materials.m1.copies >2\n"
         "added materials.m4 >材料编号：m4；材料名称：材料m4；材料形式：原件；来源渠道：申请人自备；"
         "要求提供的依据：《土地登记办法》第九条\nmoved materials 材料m1|材料m3>材料m3|材料m1\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(1 << 14);
        struct item old = good_item(arena), new = good_item(arena);
        struct buf said = {.arena = arena};
        table[i].change(arena, &new);
        struct list changes = item_changes(&old, &new, arena);
        const struct change *items = changes.items;
        for (size_t j = 0; j < changes.count; j++) {
            buf_format(&said, "%s %.*s %.*s>%.*s\n", change_kind_words[items[j].kind].name,
                       TEXT_ARG(items[j].path), TEXT_ARG(items[j].old), TEXT_ARG(items[j].new));
            assert_true(items[j].label.len > 0);
        }
        struct text got = buf_done(&said);
        /* Lines of one value are parted by a bar here. */
        char *bytes = arena_copy(arena, got.at, got.len);
        for (size_t j = 0; j < got.len; j++) {
            bool more = j + 1 < got.len && (unsigned char)bytes[j + 1] >= 0x80;
            if (bytes[j] == '\n' && more)
                bytes[j] = '|';
        }
        if (!text_equal((struct text){bytes, got.len}, text_of(table[i].want)))
            fail_msg("case %zu:\n%.*s", i, (int)got.len, bytes);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starting),    cmocka_unit_test(saving),   cmocka_unit_test(rows),
        cmocka_unit_test(publishing),  cmocka_unit_test(discarding), cmocka_unit_test(withdrawing),
        cmocka_unit_test(sections),    cmocka_unit_test(differing),
    };
    return cmocka_run_group_tests_name("catalogue/draft", tests, NULL, NULL);
}
