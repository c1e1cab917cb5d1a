/* What a region sets, a case obeys; and what a clerk may say of a material. */
#include "approval/case/desk_testing.h"
#include "approval/case/view.h"

typedef enum refusal decides(const void *facts, const void *input, const struct context *context,
                             struct decision *out);

static void set(struct desk *desk, struct setting *setting, const char *name, const char *value)
{
    *setting = (struct setting){.name = text_of(name), .value = text_of(value)};
    desk->catalogue.has_region = true;
    desk->catalogue.region.settings = (struct list){setting, 1};
}

/* The deadline of that name among what was decided. */
static const struct deadline_set *clock_of(const struct desk *desk, const char *name)
{
    for (size_t i = 0; i < desk->decision.count; i++) {
        const struct deadline_set *body = desk->decision.events[i].body;
        if (desk->decision.events[i].kind == &deadline_set_event &&
            text_equal(body->deadline, text_format(desk->arena, "case:7/%s", name)))
            return body;
    }
    fail_msg("no deadline %s", name);
    return NULL;
}

static const struct case_submit declared = {.declared = true};
static const struct case_accept promise = {7, {"三日内补交", 15}};
static const struct case_supplement asking = {.case_id = 7}, told = {7, 9, {0}};
static const struct case_decide granting = {.case_id = 7, .outcome = DECISION_GRANT};
static const struct case_only only = {7};

enum part { LIMIT, REMIND, RED };

/* Each setting unset, set, and set to what no county may: then it is as usual. */
static void settings_are_obeyed(void **state)
{
    static const struct {
        const char *name, *value;
        decides *decide;
        const void *input;
        int64_t state, second; /* of the case, of m2 */
        const char *deadline;
        enum part part;
        int64_t want;
    } rows[] = {
        {"supplement_days", "", case_decide_submit, &declared, CASE_DRAFT, MATERIAL_PAPER,
         DEADLINE_ANSWER, LIMIT, 5},
        {"supplement_days", "3", case_decide_submit, &declared, CASE_DRAFT, MATERIAL_PAPER,
         DEADLINE_ANSWER, LIMIT, 3},
        {"supplement_days", "6", case_decide_submit, &declared, CASE_DRAFT, MATERIAL_PAPER,
         DEADLINE_ANSWER, LIMIT, 5},
        {"supplement_days", "x", case_decide_submit, &declared, CASE_DRAFT, MATERIAL_PAPER,
         DEADLINE_ANSWER, LIMIT, 5},
        {"supply_days", "", case_decide_supplement, &asking, CASE_RECEIVED, MATERIAL_NONE,
         DEADLINE_SUPPLY, LIMIT, 30},
        {"supply_days", "12", case_decide_supplement, &asking, CASE_RECEIVED, MATERIAL_NONE,
         DEADLINE_SUPPLY, LIMIT, 12},
        {"supply_days", "12", case_decide_supplement, &told, CASE_RECEIVED, MATERIAL_NONE,
         DEADLINE_SUPPLY, LIMIT, 9},
        {"deferred_grace_days", "", case_decide_gap_lapse, &only, CASE_ACCEPTED, MATERIAL_DEFERRED,
         DEADLINE_GRACE, LIMIT, 15},
        {"deferred_grace_days", "7", case_decide_gap_lapse, &only, CASE_ACCEPTED,
         MATERIAL_DEFERRED, DEADLINE_GRACE, LIMIT, 7},
        {"deliver_days", "", case_decide_decide, &granting, CASE_REVIEWED, MATERIAL_CHECKED,
         DEADLINE_OF_DELIVERY, LIMIT, 10},
        {"deliver_days", "4", case_decide_decide, &granting, CASE_REVIEWED, MATERIAL_CHECKED,
         DEADLINE_OF_DELIVERY, LIMIT, 4},
        {"deliver_days", "11", case_decide_decide, &granting, CASE_REVIEWED, MATERIAL_CHECKED,
         DEADLINE_OF_DELIVERY, LIMIT, 10},
        {"reminder_days", "", case_decide_accept, &promise, CASE_RECEIVED, MATERIAL_DEFERRED,
         DEADLINE_OF_LAW, REMIND, 1},
        {"reminder_days", "3", case_decide_accept, &promise, CASE_RECEIVED, MATERIAL_DEFERRED,
         DEADLINE_OF_LAW, REMIND, 3},
        {"red_after_days", "", case_decide_accept, &promise, CASE_RECEIVED, MATERIAL_DEFERRED,
         DEADLINE_OF_PROMISE, RED, 2},
        {"red_after_days", "5", case_decide_accept, &promise, CASE_RECEIVED, MATERIAL_DEFERRED,
         DEADLINE_OF_PROMISE, RED, 5},
        {"red_after_days", "5", case_decide_accept, &promise, CASE_RECEIVED, MATERIAL_DEFERRED,
         DEADLINE_OF_LAW, RED, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct setting setting;
        desk_open(&desk, rows[i].state);
        set(&desk, &setting, rows[i].name, rows[i].value);
        desk.materials[1].state = rows[i].second;
        enum refusal refusal =
            rows[i].decide(&desk.facts, rows[i].input, &desk.context, &desk.decision);
        if (refusal != OK)
            fail_msg("row %zu: %s", i, refusal_text(refusal)->name);
        const struct deadline_set *clock = clock_of(&desk, rows[i].deadline);
        int64_t got = rows[i].part == LIMIT    ? clock->limit.n
                      : rows[i].part == REMIND ? clock->remind_days
                                               : clock->red_after_days;
        if (got != rows[i].want)
            fail_msg("row %zu: %lld days", i, (long long)got);
        arena_free(desk.arena);
    }
}

/* An item's own days of delivery, and what 0 means: the region's, which is the law's if unset. */
static void days_of_delivery(void **state)
{
    static const struct {
        int64_t item;
        const char *region;
        int64_t want;
    } rows[] = {{0, "", 10}, {0, "4", 4}, {2, "", 2}, {2, "4", 2}, {6, "4", 6}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct setting setting;
        desk_open(&desk, CASE_REVIEWED);
        set(&desk, &setting, "deliver_days", rows[i].region);
        desk.version.item.deliver_days = rows[i].item;
        assert_int_equal(
            case_decide_decide(&desk.facts, &granting, &desk.context, &desk.decision), OK);
        assert_int_equal(clock_of(&desk, DEADLINE_OF_DELIVERY)->limit.n, rows[i].want);
        arena_free(desk.arena);
    }
}

static void extensions_within_the_setting(void **state)
{
    static const struct {
        const char *value;
        int64_t days;
        enum refusal want;
    } rows[] = {
        {"", 10, OK}, {"", 11, REFUSED_LIMIT}, {"6", 6, OK}, {"6", 7, REFUSED_LIMIT},
        /* no county may set more than the law: it is as if nothing were set */
        {"15", 10, OK}, {"15", 11, REFUSED_LIMIT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct setting setting;
        struct case_extend extend = {7, rows[i].days, TEXT("理由充分的十个字以上的说明")};
        desk_open(&desk, CASE_ACCEPTED);
        set(&desk, &setting, "extension_days", rows[i].value);
        enum refusal refusal =
            case_decide_extend(&desk.facts, &extend, &desk.context, &desk.decision);
        if (refusal != rows[i].want)
            fail_msg("row %zu: %s", i, refusal_text(refusal)->name);
        arena_free(desk.arena);
    }
}

/* The light turns yellow as many working days before the end as the reminder comes. */
static void the_light_follows_the_reminder(void **state)
{
    static const struct {
        const char *value, *due;
        int64_t light;
    } rows[] = {
        {"", "2014-05-08", LIGHT_GREEN},  {"", "2014-05-07", LIGHT_YELLOW},
        {"3", "2014-05-12", LIGHT_GREEN}, {"3", "2014-05-09", LIGHT_YELLOW},
        {"3", "2014-05-05", LIGHT_RED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct setting setting;
        struct text said;
        int64_t light, left;
        desk_open(&desk, CASE_ACCEPTED);
        set(&desk, &setting, "reminder_days", rows[i].value);
        struct look_context look = {.region = 330482,
                                    .now_ms = desk.context.now_ms,
                                    .actor = &desk.actor,
                                    .standing = desk.standing,
                                    .standing_count = 2,
                                    .arena = desk.arena};
        case_light_of(&look, d(rows[i].due), time_at(d(rows[i].due), 17 * HOUR_MS), &light, &said,
                      &left);
        if (light != rows[i].light)
            fail_msg("row %zu: %s", i, light_words[light].name);
        arena_free(desk.arena);
    }
}

/* Nothing but an upload or the applicant's own word makes a material a file or a paper. */
static void only_an_upload_makes_a_file(void **state)
{
    static const struct {
        const char *said;
        enum refusal refusal; /* of the input */
        int64_t event;        /* the state that is written, or none */
    } rows[] = {
        {"checked", OK, MATERIAL_CHECKED},       {"wrong", OK, MATERIAL_WRONG},
        {"deferred", OK, MATERIAL_DEFERRED},     {"none", OK, MATERIAL_NONE},
        {"", OK, MATERIAL_NONE},                 {"file", REFUSED_MALFORMED, MATERIAL_NONE},
        {"paper", REFUSED_MALFORMED, MATERIAL_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk desk;
        struct problems problems = {0};
        desk_open(&desk, CASE_RECEIVED);
        struct text json = text_format(
            desk.arena,
            "{\"case_id\":7,\"materials\":[{\"code\":\"m2\",\"state\":\"%s\",\"note\":\"缺页\"}]}",
            rows[i].said);
        struct case_check check = {0};
        bool read = shape_from_json(case_check_command.input, json, desk.arena, &check, &problems);
        assert_int_equal(read, rows[i].refusal == OK);
        if (!read) {
            assert_int_equal(problems.items[0].code, rows[i].refusal);
            assert_true(text_is(problems.items[0].field, "materials.0.state"));
            arena_free(desk.arena);
            continue;
        }
        enum refusal refusal =
            case_decide_check(&desk.facts, &check, &desk.context, &desk.decision);
        /* Not looked at: nothing is said about it, and a check of nothing is none. */
        assert_int_equal(refusal, rows[i].event ? OK : REFUSED_MISSING);
        if (rows[i].event) {
            const struct materials_checked *body = desk.decision.events[0].body;
            const struct checked *checked = body->materials.items;
            assert_int_equal(body->materials.count, 1);
            assert_int_equal(checked->state, rows[i].event);
        }
        arena_free(desk.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_obeyed),
        cmocka_unit_test(days_of_delivery),
        cmocka_unit_test(extensions_within_the_setting),
        cmocka_unit_test(the_light_follows_the_reminder),
        cmocka_unit_test(only_an_upload_makes_a_file),
    };
    return cmocka_run_group_tests_name("approval/case/settings", tests, NULL, NULL);
}
