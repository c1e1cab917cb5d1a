/* Identity's decisions as tables: facts and command in, events or a refusal out. No database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "identity/parts.h"

#define NOW INT64_C(1399165200000) /* 2014-05-04T09:00+08:00 */
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct desk {
    struct actor actor;
    struct context context;
    struct decision decision;
};

static void desk_for(struct desk *desk, struct arena *arena, int64_t roles, const char *department)
{
    *desk = (struct desk){.actor = {.account = 7,
                                    .name = TEXT("account:7"),
                                    .roles = roles,
                                    .department = text_of(department)}};
    desk->context = (struct context){.region = 330482,
                                     .now_ms = NOW,
                                     .actor = &desk->actor,
                                     .next_index = 41,
                                     .arena = arena};
    desk->decision = (struct decision){.arena = arena};
}

/* The refusal, and the field it names. */
static void expect(const struct desk *desk, enum refusal got, enum refusal wanted,
                   const char *field, size_t row)
{
    if (got != wanted)
        print_error("row %zu: %s instead of %s\n", row, refusal_text(got)->name,
                    refusal_text(wanted)->name);
    assert_int_equal(got, wanted);
    if (wanted == OK) {
        assert_int_equal(desk->decision.problems.count, 0);
        return;
    }
    assert_int_equal(desk->decision.count, 0);
    assert_int_equal(desk->decision.problems.count, 1);
    assert_int_equal(desk->decision.problems.items[0].code, wanted);
    assert_true(text_is(desk->decision.problems.items[0].field, field));
}

static void creating_an_account(void **state)
{
    struct arena *arena = *state;
    static const struct {
        const char *login, *department, *password;
        struct role_set roles;
        bool taken;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {"shen", "011", "correct horse", {.clerk = true}, false, OK, ""},
        {"shen", "", "", {.manager = true}, false, OK, ""},
        {"shen", "011", "correct horse", {.clerk = true}, true, REFUSED_EXISTS, "login"},
        {"shen", "", "", {.clerk = true}, false, REFUSED_MISSING, "department"},
        {"shen", "999", "", {.clerk = true}, false, REFUSED_REFERENCE, "department"},
        {"shen", "999", "", {.manager = true}, false, REFUSED_REFERENCE, "department"},
        {"shen", "011", "", {.clerk = true, .administrator = true}, false, REFUSED_CONFLICT,
         "roles.administrator"},
        {"shen", "", "", {.manager = true, .administrator = true}, false, OK, ""},
        {"shen", "", "", {.reviewer = true}, false, REFUSED_MISSING, "department"},
        {"shen", "", "", {.verifier = true}, false, REFUSED_MISSING, "department"},
        {"shen", "", "", {.head = true}, false, REFUSED_MISSING, "department"},
        {"shen", "", "", {.supervisor = true}, false, OK, ""},
        {"shen", "011", "", {.supervisor = true, .clerk = true}, false, REFUSED_CONFLICT,
         "roles.supervisor"},
        {"shen", "011", "my shen password", {.clerk = true}, false, REFUSED_MALFORMED, "password"},
        {"shen", "011", "aaaaaaaaaaaa", {.clerk = true}, false, REFUSED_MALFORMED, "password"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct account_facts facts = {.login_taken = rows[i].taken,
                                      .department_known = strcmp(rows[i].department, "999") != 0};
        struct account_create input = {.login = text_of(rows[i].login),
                                       .display = TEXT("沈雅琴"),
                                       .roles = rows[i].roles,
                                       .department = text_of(rows[i].department),
                                       .password = text_of(rows[i].password),
                                       .password_hash = TEXT("$argon2id$…")};
        desk_for(&desk, arena, ROLE_ADMINISTRATOR, "");
        expect(&desk, decide_account_create(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
        if (rows[i].refusal)
            continue;
        const struct account_created *body = desk.decision.events[0].body;
        assert_int_equal(desk.decision.count, 1);
        assert_ptr_equal(desk.decision.events[0].kind, &account_created_kind);
        assert_true(text_is(desk.decision.events[0].subject, "account:42"));
        assert_int_equal(body->account_id, 42);
        assert_false(body->imported);
        assert_true(text_is(desk.decision.location, "/staff/accounts/42"));
    }
}

/* A name that looks like another's would pass for it on every page and paper. */
static void logins_are_plain(void **state)
{
    struct arena *arena = *state;
    static const struct {
        const char *login;
        bool good;
    } rows[] = {
        {"land-clerk", true},   {"R1", true},         {"a.b_c@office", true}, {"Wu2", true},
        {"ｌand-clerk", false}, {"lаnd", false},      {"land\u200bclerk", false}, {"沈雅琴", false},
        {"land clerk", false},  {"system:wu", false}, {"a/b", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct account_create input;
        struct problems problems = {0};
        struct pairs form = {0};
        pair_add(&form, arena, TEXT("login"), text_of(rows[i].login));
        pair_add(&form, arena, TEXT("display"), TEXT("沈雅琴"));
        bool good = shape_from_form(&account_create_shape, &form, arena, &input, &problems);
        if (good != rows[i].good)
            fail_msg("%s: %s", rows[i].login, good ? "taken" : problems.items[0].message.at);
    }
}

/* The public part of the journal holds neither names nor hashes. */
static void what_is_personal_stays_private(void **state)
{
    struct arena *arena = *state;
    struct account_created body = {.account_id = 42,
                                   .login = TEXT("shen"),
                                   .display = TEXT("沈雅琴"),
                                   .roles = {.clerk = true},
                                   .department = TEXT("011"),
                                   .password_hash = TEXT("$argon2id$x")};
    struct buf open = {.arena = arena}, hidden = {.arena = arena};
    shape_to_json(account_created_kind.shape, &body, SHAPE_PUBLIC, &open);
    shape_to_json(account_created_kind.shape, &body, SHAPE_PRIVATE, &hidden);
    assert_true(text_is(buf_done(&open), "{\"account_id\":42,\"department\":\"011\","
                                         "\"roles\":{\"clerk\":true}}"));
    assert_true(text_is(buf_done(&hidden), "{\"display\":\"沈雅琴\",\"login\":\"shen\","
                                           "\"password_hash\":\"$argon2id$x\"}"));
}

static void importing_twice_is_no_change(void **state)
{
    struct desk desk;
    struct account_import input = {.login = TEXT("resource:R1"), .display = TEXT("R1")};
    struct account_facts fresh = {0};
    struct account_facts known = {.login_taken = true, .account = {.account_id = 9}};
    desk_for(&desk, *state, ROLE_IMPORTER, "");
    expect(&desk, decide_account_import(&fresh, &input, &desk.context, &desk.decision), OK, "", 0);
    assert_int_equal(desk.decision.count, 1);
    assert_true(((const struct account_created *)desk.decision.events[0].body)->imported);
    desk_for(&desk, *state, ROLE_IMPORTER, "");
    expect(&desk, decide_account_import(&known, &input, &desk.context, &desk.decision), OK, "", 1);
    assert_int_equal(desk.decision.count, 0);
    assert_int_equal(*(const int64_t *)desk.decision.answer, 9);
}

static struct account_change change_of(int64_t who, struct role_set roles, const char *department)
{
    return (struct account_change){.account_id = who,
                                   .display = TEXT("沈雅琴"),
                                   .roles = roles,
                                   .department = text_of(department)};
}

static void the_last_administrator_stays(void **state)
{
    static const struct {
        int64_t roles, state, others;
        bool found, keeps_role;
        enum refusal close, change;
    } rows[] = {
        {ROLE_CLERK, ACCOUNT_OPEN, 0, true, false, OK, OK},
        {ROLE_ADMINISTRATOR, ACCOUNT_OPEN, 1, true, false, OK, OK},
        {ROLE_ADMINISTRATOR, ACCOUNT_OPEN, 0, true, false, REFUSED_LIMIT, REFUSED_LIMIT},
        {ROLE_ADMINISTRATOR, ACCOUNT_OPEN, 0, true, true, REFUSED_LIMIT, OK},
        {ROLE_CLERK, ACCOUNT_CLOSED, 1, true, false, REFUSED_ONCE, REFUSED_STATE},
        {ROLE_CLERK, ACCOUNT_OPEN, 1, false, false, REFUSED_NOT_FOUND, REFUSED_NOT_FOUND},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct account_facts facts = {
            .found = rows[i].found,
            .account = {.account_id = 12, .roles = rows[i].roles, .state = rows[i].state},
            .department_known = true,
            .other_administrators = rows[i].others};
        struct account_close close = {12, TEXT("调离")};
        struct account_change change =
            change_of(12, (struct role_set){.administrator = rows[i].keeps_role}, "");
        desk_for(&desk, *state, ROLE_ADMINISTRATOR, "");
        expect(&desk, decide_account_close(&facts, &close, &desk.context, &desk.decision),
               rows[i].close, "", i);
        desk_for(&desk, *state, ROLE_ADMINISTRATOR, "");
        expect(&desk, decide_account_change(&facts, &change, &desk.context, &desk.decision),
               rows[i].change, "", i);
    }
}

/* Account 7 acts. What they may do themselves is for others to say; a name they may correct. */
static void changing_roles(void **state)
{
    static const struct {
        int64_t who, had;
        const char *department_had, *department;
        struct role_set roles;
        bool known;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {7, ROLE_ADMINISTRATOR, "", "", {.administrator = true}, true, OK, ""},
        {7, ROLE_ADMINISTRATOR, "", "", {.administrator = true, .manager = true}, true,
         REFUSED_ROLE, "roles"},
        {7, ROLE_ADMINISTRATOR, "", "011", {.clerk = true}, true, REFUSED_ROLE, "roles"},
        {7, ROLE_ADMINISTRATOR, "", "011", {.administrator = true}, true, REFUSED_ROLE, "roles"},
        {8, ROLE_ADMINISTRATOR, "", "011", {.clerk = true}, true, OK, ""},
        {8, ROLE_CLERK, "011", "", {.clerk = true}, true, REFUSED_MISSING, "department"},
        {8, ROLE_CLERK, "011", "999", {.clerk = true}, false, REFUSED_REFERENCE, "department"},
        {8, ROLE_CLERK, "999", "999", {.clerk = true}, false, OK, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct account_facts facts = {.found = true,
                                      .account = {.account_id = rows[i].who,
                                                  .roles = rows[i].had,
                                                  .state = ACCOUNT_OPEN,
                                                  .department = text_of(rows[i].department_had)},
                                      .department_known = rows[i].known,
                                      .other_administrators = 1};
        struct account_change change =
            change_of(rows[i].who, rows[i].roles, rows[i].department);
        desk_for(&desk, *state, ROLE_ADMINISTRATOR, "");
        expect(&desk, decide_account_change(&facts, &change, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
    }
}

static void signing_in(void **state)
{
    enum outcome { OPENED, FAILED, REFUSED };
    static const struct {
        bool found, verified;
        int64_t account_state;
        const char *stored, *seen;
        int64_t failures;
        const char *next;
        enum outcome outcome;
        const char *location;
        bool locked;
    } rows[] = {
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "", OPENED, "/staff"},
        {true, true, ACCOUNT_OPEN, "h", "h", 4, "/staff/cases?x=1", OPENED, "/staff/cases?x=1"},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "//evil.example/", OPENED, "/staff"},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "/\\evil.example", OPENED, "/staff"},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "https://evil.example/", OPENED, "/staff"},
        {true, false, ACCOUNT_OPEN, "h", "h", 0, "", FAILED, ""},
        {false, false, 0, "", "", 0, "", FAILED, ""},
        {true, true, ACCOUNT_CLOSED, "h", "h", 0, "", FAILED, ""},
        /* the password was changed between looking and deciding */
        {true, true, ACCOUNT_OPEN, "new", "h", 0, "", FAILED, ""},
        /* an account that never had a password */
        {true, true, ACCOUNT_OPEN, "", "", 0, "", FAILED, ""},
        /* five failures: even the right password is not looked at */
        {true, true, ACCOUNT_OPEN, "h", "h", 5, "", REFUSED, ""},
        {false, false, 0, "", "", 5, "", REFUSED, ""},
        /* locked when it came, the oldest failure past since: nothing was hashed, so nothing counts */
        {true, false, ACCOUNT_OPEN, "h", "h", 4, "", REFUSED, "", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct sign_in_facts facts = {
            .found = rows[i].found,
            .account = {.account_id = 12, .state = rows[i].account_state},
            .password_hash = text_of(rows[i].stored),
            .here = {.count = rows[i].failures,
                     .last_at = NOW - 1,
                     .nth_at = rows[i].failures >= SIGN_IN_FAILURES ? NOW - 1 : 0}};
        struct sign_in input = {.login = TEXT("shen"),
                                .next = text_of(rows[i].next),
                                .verified = rows[i].verified,
                                .wait_ms = rows[i].locked,
                                .hash_seen = text_of(rows[i].seen),
                                .login_hash = TEXT("l"),
                                .token_hash = TEXT("t"),
                                .seen_key = TEXT("k")};
        desk_for(&desk, *state, ROLE_ANYONE, "");
        enum refusal got = decide_sign_in(&facts, &input, &desk.context, &desk.decision);
        expect(&desk, got, rows[i].outcome == REFUSED ? REFUSED_TOO_MANY : OK, "", i);
        assert_true(text_is(desk.decision.location, rows[i].location));
        if (rows[i].outcome == OPENED) {
            const struct session_opened *body = desk.decision.events[0].body;
            assert_ptr_equal(desk.decision.events[0].kind, &session_opened_kind);
            assert_int_equal(body->expires_at, NOW + SESSION_ABSOLUTE_MS);
        } else if (rows[i].outcome == FAILED) {
            assert_ptr_equal(desk.decision.events[0].kind, &sign_in_failed_kind);
        }
    }
}

static void changing_a_password(void **state)
{
    static const struct {
        bool verified;
        const char *seen, *password, *again;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {true, "h", "correct horse", "correct horse", OK, ""},
        {false, "h", "correct horse", "correct horse", REFUSED_PASSWORD, "current"},
        {true, "old", "correct horse", "correct horse", REFUSED_STALE, ""},
        {true, "h", "correct horse", "correct house", REFUSED_CONFLICT, "again"},
        {true, "h", "my shen password", "my shen password", REFUSED_MALFORMED, "password"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct account_facts facts = {
            .found = true,
            .account = {.account_id = 7, .login = TEXT("shen"), .state = ACCOUNT_OPEN},
            .password_hash = TEXT("h")};
        struct password_change input = {.verified = rows[i].verified,
                                        .hash_seen = text_of(rows[i].seen),
                                        .password = text_of(rows[i].password),
                                        .again = text_of(rows[i].again)};
        desk_for(&desk, *state, ROLE_CLERK, "011");
        desk.actor.session = TEXT("this-one");
        expect(&desk, decide_password_change(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
        if (!rows[i].refusal)
            assert_true(text_is(
                ((const struct password_was_set *)desk.decision.events[0].body)->keep_session,
                "this-one"));
    }
}

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
        {ROLE_ADMINISTRATOR, "", "011", "011", "", decides, true, none, 100, 0, 0, OK, ""},
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
        {ROLE_ADMINISTRATOR, 7, 0, "", "", REFUSED_ROLE, "account_id"},
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
        {ROLE_ADMINISTRATOR, "", 12, "011", ACCOUNT_OPEN, 0, 4, 0, -1, OK, ""},
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
        {ROLE_ADMINISTRATOR, "", 12, true, -2, 2, 0, OK},
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

static int set_up(void **state)
{
    *state = arena_new(64 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logins_are_plain),
        cmocka_unit_test(creating_an_account),
        cmocka_unit_test(what_is_personal_stays_private),
        cmocka_unit_test(importing_twice_is_no_change),
        cmocka_unit_test(the_last_administrator_stays),
        cmocka_unit_test(changing_roles),
        cmocka_unit_test(signing_in),
        cmocka_unit_test(changing_a_password),
        cmocka_unit_test(granting),
        cmocka_unit_test(what_no_letter_may_say),
        cmocka_unit_test(recording_an_absence),
        cmocka_unit_test(ending_an_absence),
        cmocka_unit_test(what_a_grant_allows),
        cmocka_unit_test(several_letters),
    };
    return cmocka_run_group_tests_name("identity/decide", tests, set_up, tear_down);
}
