/* Decisions on delegations and absences as tables, and what a delegation allows. No database. */
#include "identity/decide_testing.h"

/* NULL: there is no such account. */
static struct delegation_facts two_people(const char *of_person, const char *of_substitute)
{
    return (struct delegation_facts){
        .account_found = of_person,
        .account = {.state = ACCOUNT_OPEN, .department = text_of(of_person)},
        .substitute_found = of_substitute,
        .substitute = {.state = ACCOUNT_OPEN, .department = text_of(of_substitute)}};
}

static struct delegation_grant letter_for(int64_t who, const char *department,
                                          struct power_set powers, struct list items, int64_t from,
                                          int64_t substitute)
{
    return (struct delegation_grant){.account_id = who,
                                     .department = text_of(department),
                                     .document = TEXT("平国土授〔2014〕1号"),
                                     .powers = powers,
                                     .items = items,
                                     .valid_from_date = from,
                                     .substitute_account = substitute};
}

static void granting(void **state)
{
    struct text one = TEXT("330482011001");
    const struct list some = {&one, 1}, none = {NULL, 0};
    const struct power_set decides = {.decide = true};
    const struct {
        int64_t roles;
        const char *own, *department, *of_person, *of_substitute;
        struct power_set powers;
        bool all;
        struct list items;
        int64_t from, to, substitute;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {ROLE_HEAD, "011", "011", "011", "", decides, true, none, 100, 200, 0, OK, ""},
        {ROLE_HEAD, "011", "011", "011", "011", decides, false, some, 100, 0, 13, OK, ""},
        {ROLE_SECURITY, "", "011", "011", "", decides, true, none, 100, 0, 0, OK, ""},
        {ROLE_HEAD, "022", "011", "011", "", decides, true, none, 100, 0, 0, REFUSED_DEPARTMENT,
         "department"},
        {ROLE_HEAD, "011", "011", "022", "", decides, true, none, 100, 0, 0, REFUSED_DEPARTMENT,
         "account_id"},
        {ROLE_HEAD, "011", "011", NULL, "", decides, true, none, 100, 0, 0, REFUSED_REFERENCE,
         "account_id"},
        {ROLE_HEAD, "011", "011", "011", "", {0}, true, none, 100, 0, 0, REFUSED_MISSING,
         "powers"},
        {ROLE_HEAD, "011", "011", "011", "", decides, true, some, 100, 0, 0, REFUSED_CONFLICT,
         "items"},
        {ROLE_HEAD, "011", "011", "011", "", decides, false, none, 100, 0, 0, REFUSED_MISSING,
         "items"},
        {ROLE_HEAD, "011", "011", "011", "", decides, true, none, 100, 99, 0, REFUSED_CONFLICT,
         "valid_to_date"},
        {ROLE_HEAD, "011", "011", "011", "011", decides, true, none, 100, 0, 12, REFUSED_CONFLICT,
         "substitute_account"},
        {ROLE_HEAD, "011", "011", "011", "022", decides, true, none, 100, 0, 13,
         REFUSED_REFERENCE, "substitute_account"},
        {ROLE_HEAD, "011", "011", "011", NULL, decides, true, none, 100, 0, 13, REFUSED_REFERENCE,
         "substitute_account"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct delegation_facts facts = two_people(rows[i].of_person, rows[i].of_substitute);
        struct delegation_grant input = letter_for(12, rows[i].department, rows[i].powers,
                                                   rows[i].items, rows[i].from, rows[i].substitute);
        input.all_items = rows[i].all;
        input.valid_to_date = rows[i].to;
        desk_for(&desk, *state, rows[i].roles, rows[i].own);
        expect(&desk, decide_delegation_grant(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
    }
}

/* Account 7 acts: nobody grants to oneself, whatever the office, nor as a stand-in, nor for items that
 * are no item's or another department's; and the code that is wrong is named. */
static void what_no_letter_may_say(void **state)
{
    static const struct {
        int64_t roles, who, substitute;
        const char *unknown, *foreign;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {ROLE_HEAD, 12, 13, "", "", OK, ""},
        {ROLE_HEAD, 7, 0, "", "", REFUSED_ROLE, "account_id"},
        {ROLE_HEAD | ROLE_VERIFIER, 7, 13, "", "", REFUSED_ROLE, "account_id"},
        {ROLE_SECURITY, 7, 0, "", "", REFUSED_ROLE, "account_id"},
        {ROLE_HEAD, 12, 7, "", "", REFUSED_ROLE, "substitute_account"},
        {ROLE_HEAD, 12, 0, "011-999", "", REFUSED_REFERENCE, "items"},
        {ROLE_HEAD, 12, 0, "", "022-001", REFUSED_DEPARTMENT, "items"},
        {ROLE_HEAD, 12, 0, "011-999", "022-001", REFUSED_REFERENCE, "items"},
    };
    struct text one = TEXT("011-001");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct text unknown = text_of(rows[i].unknown), foreign = text_of(rows[i].foreign);
        struct delegation_facts facts = two_people("011", "011");
        facts.item_unknown = unknown;
        facts.item_foreign = foreign;
        struct delegation_grant input =
            letter_for(rows[i].who, "011", (struct power_set){.decide = true},
                       (struct list){&one, 1}, 100, rows[i].substitute);
        desk_for(&desk, *state, rows[i].roles, "011");
        expect(&desk, decide_delegation_grant(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
        if (unknown.len || foreign.len)
            assert_true(text_find(desk.decision.problems.items[0].message,
                                  unknown.len ? unknown : foreign) >= 0);
    }
}

/* Account 7 acts; the absence is of `who` in `of_department`. Today is day TODAY. */
#define TODAY time_date(NOW)
static void recording_an_absence(void **state)
{
    static const struct {
        int64_t roles;
        const char *own;
        int64_t who;
        const char *of_department;
        int64_t account_state, first, last; /* days from today */
        int64_t other_first, other_last;    /* one that stands; 0, -1: none */
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {ROLE_VERIFIER, "011", 7, "011", ACCOUNT_OPEN, 0, 0, 0, -1, OK, ""},
        {ROLE_VERIFIER, "011", 7, "011", ACCOUNT_OPEN, 3, 9, 0, -1, OK, ""},
        {ROLE_CLERK, "", 7, "", ACCOUNT_OPEN, 0, 4, 0, -1, OK, ""},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 0, 4, 0, -1, OK, ""},
        {ROLE_SECURITY, "", 12, "011", ACCOUNT_OPEN, 0, 4, 0, -1, OK, ""},
        {ROLE_VERIFIER, "011", 12, "011", ACCOUNT_OPEN, 0, 4, 0, -1, REFUSED_DEPARTMENT,
         "account_id"},
        {ROLE_HEAD, "022", 12, "011", ACCOUNT_OPEN, 0, 4, 0, -1, REFUSED_DEPARTMENT, "account_id"},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_CLOSED, 0, 4, 0, -1, REFUSED_REFERENCE,
         "account_id"},
        {ROLE_HEAD, "011", 0, "", 0, 0, 4, 0, -1, REFUSED_REFERENCE, "account_id"},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 4, 3, 0, -1, REFUSED_CONFLICT, "last_date"},
        /* never backwards */
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, -1, 3, 0, -1, REFUSED_TOO_LATE, "first_date"},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 0, 365, 0, -1, OK, ""},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 0, 366, 0, -1, REFUSED_LIMIT, "last_date"},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 5, 9, 1, 4, OK, ""},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 4, 9, 1, 4, REFUSED_CONFLICT, "first_date"},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 0, 1, 1, 4, REFUSED_CONFLICT, "first_date"},
        {ROLE_HEAD, "011", 12, "011", ACCOUNT_OPEN, 0, 0, 1, 4, OK, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct absence other = {3, rows[i].who, TODAY + rows[i].other_first,
                                TODAY + rows[i].other_last, 0};
        struct absence_facts facts = {
            .account_found = rows[i].who,
            .account = {.account_id = rows[i].who,
                        .state = rows[i].account_state,
                        .department = text_of(rows[i].of_department)},
            .standing = {&other, rows[i].other_last >= 0 ? 1 : 0}};
        struct absence_record input = {rows[i].who, TODAY + rows[i].first, TODAY + rows[i].last,
                                       TEXT("参加培训")};
        desk_for(&desk, *state, rows[i].roles, rows[i].own);
        expect(&desk, decide_absence_record(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
        if (rows[i].refusal)
            continue;
        const struct absence_recorded *body = desk.decision.events[0].body;
        struct buf public = {.arena = *state};
        assert_int_equal(body->absence_id, 41);
        assert_int_equal(body->account_id, rows[i].who);
        shape_to_json(absence_recorded_kind.shape, body, SHAPE_PUBLIC, &public);
        assert_int_equal(text_find(buf_done(&public), TEXT("培训")), -1);
    }
}

static void ending_an_absence(void **state)
{
    static const struct {
        int64_t roles;
        const char *own;
        int64_t who;
        bool found;
        int64_t first, last, ended;
        enum refusal refusal;
    } rows[] = {
        {ROLE_VERIFIER, "011", 7, true, -2, 2, 0, OK},
        {ROLE_VERIFIER, "011", 7, true, 1, 2, 0, OK}, /* not begun: it never happens */
        {ROLE_VERIFIER, "011", 7, true, -2, 0, 0, OK},
        {ROLE_HEAD, "011", 12, true, -2, 2, 0, OK},
        {ROLE_SECURITY, "", 12, true, -2, 2, 0, OK},
        {ROLE_VERIFIER, "011", 12, true, -2, 2, 0, REFUSED_DEPARTMENT},
        {ROLE_HEAD, "022", 12, true, -2, 2, 0, REFUSED_DEPARTMENT},
        {ROLE_HEAD, "011", 12, false, -2, 2, 0, REFUSED_NOT_FOUND},
        {ROLE_HEAD, "011", 12, true, -2, 2, NOW - 1, REFUSED_ONCE},
        {ROLE_HEAD, "011", 12, true, -2, -1, 0, REFUSED_TOO_LATE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct absence_facts facts = {
            .account_found = true,
            .account = {.account_id = rows[i].who, .department = TEXT("011")},
            .absence_found = rows[i].found,
            .absence = {9, rows[i].who, TODAY + rows[i].first, TODAY + rows[i].last,
                        rows[i].ended}};
        struct absence_end input = {9};
        desk_for(&desk, *state, rows[i].roles, rows[i].own);
        expect(&desk, decide_absence_end(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, "", i);
    }
}

/* Every bound of a letter: below, at, above, and where there is nothing to hold against it. */
enum { TAKEN_BACK = 1, SUBSTITUTE = 2 };
static const struct {
    enum power power;
    const char *department, *item;
    int64_t fen, m2, days, date;
    int how;
    enum grant_lack lack;
    int64_t away_from, away_to, back; /* the principal's absence, and its end before time */
} bounds[] = {
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 100, 0, LACK_NOTHING},
    {POWER_DECIDE, "011", "A1", 499999, 299, 0, 200, 0, LACK_NOTHING},
    {POWER_DECIDE, "011", "A1", 500000, 300, 0, 200, 0, LACK_NOTHING},
    {POWER_DECIDE, "011", "A1", 500001, 0, 0, 150, 0, LACK_AMOUNT},
    {POWER_DECIDE, "011", "A1", 0, 301, 0, 150, 0, LACK_AREA},
    {POWER_DECIDE, "011", "A1", 500001, 301, 0, 150, 0, LACK_AMOUNT},
    {POWER_DECIDE, "011", "A1", MEASURE_UNSTATED, 0, 0, 150, 0, LACK_AMOUNT_SAID},
    {POWER_DECIDE, "011", "A1", 1, MEASURE_UNSTATED, 0, 150, 0, LACK_AREA_SAID},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 99, 0, LACK_DAY},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 201, 0, LACK_DAY},
    {POWER_DECIDE, "011", "A2", 0, 0, 0, 150, 0, LACK_ITEM},
    {POWER_DECIDE, "022", "A1", 0, 0, 0, 150, 0, LACK_LETTER},
    {POWER_RECEIVE, "011", "A1", 0, 0, 0, 150, 0, LACK_POWER},
    {POWER_REVIEW, "011", "A1", 0, 0, 0, 150, 0, LACK_POWER},
    {POWER_SIGN, "011", "A1", 0, 0, 0, 150, 0, LACK_POWER},
    {POWER_SEAL, "011", "A1", 0, 0, 0, 150, 0, LACK_POWER},
    {POWER_EXTEND, "011", "A1", 0, 0, 4, 150, 0, LACK_NOTHING},
    {POWER_EXTEND, "011", "A1", 0, 0, 5, 150, 0, LACK_NOTHING},
    {POWER_EXTEND, "011", "A1", 0, 0, 6, 150, 0, LACK_DAYS},
    {POWER_EXTEND, "011", "A1", 0, 301, 5, 150, 0, LACK_AREA},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, TAKEN_BACK, LACK_REVOKED},
    /* the substitute: on the days of an absence that stands */
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, SUBSTITUTE, LACK_ABSENCE},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, SUBSTITUTE, LACK_NOTHING, 150, 150},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, SUBSTITUTE, LACK_NOTHING, 140, 160},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, SUBSTITUTE, LACK_ABSENCE, 140, 149},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, SUBSTITUTE, LACK_ABSENCE, 151, 160},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, SUBSTITUTE, LACK_ABSENCE, 140, 160, NOW},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, TAKEN_BACK | SUBSTITUTE, LACK_REVOKED, 140, 160},
    {POWER_SEAL, "011", "A1", 0, 0, 0, 150, SUBSTITUTE, LACK_POWER, 140, 160},
    {POWER_DECIDE, "011", "A1", 0, 301, 0, 150, SUBSTITUTE, LACK_AREA, 140, 160},
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 201, SUBSTITUTE, LACK_DAY, 140, 210},
    /* who is away and acts anyway has not lost the letter */
    {POWER_DECIDE, "011", "A1", 0, 0, 0, 150, 0, LACK_NOTHING, 140, 160},
};

static void what_a_grant_allows(void **state)
{
    struct text one = TEXT("A1");
    const struct grant base = {.department = TEXT("011"),
                               .powers = POWER_DECIDE | POWER_EXTEND,
                               .items = {&one, 1},
                               .amount_limit_fen = 500000,
                               .area_limit_m2 = 300,
                               .extend_limit_days = 5,
                               .valid_from_date = 100,
                               .valid_to_date = 200};
    (void)state;
    for (size_t i = 0; i < COUNT(bounds); i++) {
        struct grant grant = base;
        struct list grants = {&grant, 1};
        struct lacking lacking;
        grant.revoked_at = bounds[i].how & TAKEN_BACK;
        grant.as_substitute = bounds[i].how & SUBSTITUTE;
        struct absence absence = {5, 12, bounds[i].away_from, bounds[i].away_to, bounds[i].back};
        grant.absences = (struct list){&absence, bounds[i].away_to ? 1 : 0};
        struct grant_question question = {bounds[i].power,       text_of(bounds[i].department),
                                          text_of(bounds[i].item), bounds[i].fen,
                                          bounds[i].m2,          bounds[i].days,
                                          bounds[i].date};
        const struct grant *found = grant_allowing(&grants, &question, &lacking);
        if (lacking.what != bounds[i].lack)
            fail_msg("row %zu: lacks %d, not %d", i, lacking.what, bounds[i].lack);
        assert_ptr_equal(found, lacking.what == LACK_NOTHING ? &grant : NULL);
        assert_ptr_equal(lacking.grant, lacking.what == LACK_LETTER ? NULL : &grant);
    }
}

/* A limit that is not set binds nothing, not even what is unstated. Of several letters the first that
 * allows it counts; else what the nearest lacks is told. */
static void several_letters(void **state)
{
    const struct grant open = {.delegation_id = 1,
                               .department = TEXT("011"),
                               .powers = POWER_DECIDE,
                               .all_items = true,
                               .valid_from_date = 100};
    struct grant_question question = {.power = POWER_DECIDE,
                                      .department = TEXT("011"),
                                      .item = TEXT("A1"),
                                      .amount_fen = MEASURE_UNSTATED,
                                      .area_m2 = MEASURE_UNSTATED,
                                      .date = 150};
    struct grant two[] = {open, open};
    struct list grants = {two, 2};
    struct lacking lacking;
    (void)state;
    two[0].area_limit_m2 = 300;
    two[1].delegation_id = 2;
    assert_ptr_equal(grant_allowing(&grants, &question, &lacking), &two[1]);
    two[1].powers = POWER_SEAL;
    assert_null(grant_allowing(&grants, &question, &lacking));
    assert_int_equal(lacking.what, LACK_AREA_SAID);
    assert_ptr_equal(lacking.grant, &two[0]);
    grants.count = 0;
    assert_null(grant_allowing(&grants, &question, &lacking));
    assert_int_equal(lacking.what, LACK_LETTER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(granting),
        cmocka_unit_test(what_no_letter_may_say),
        cmocka_unit_test(recording_an_absence),
        cmocka_unit_test(ending_an_absence),
        cmocka_unit_test(what_a_grant_allows),
        cmocka_unit_test(several_letters),
    };
    return cmocka_run_group_tests_name("identity/delegation", tests, set_up, tear_down);
}
