/* Decisions on accounts and passwords as tables: facts and command in, events or a refusal out. No
 * database. */
#include "identity/decide_testing.h"

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
        {"shen", "", "", {.administrator = true}, false, OK, ""},
        {"shen", "", "", {.security = true}, false, OK, ""},
        {"shen", "", "", {.auditor = true}, false, OK, ""},
        {"shen", "", "", {.reviewer = true}, false, REFUSED_MISSING, "department"},
        {"shen", "", "", {.verifier = true}, false, REFUSED_MISSING, "department"},
        {"shen", "", "", {.head = true}, false, REFUSED_MISSING, "department"},
        {"shen", "", "", {.supervisor = true}, false, OK, ""},
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
        desk_for(&desk, arena, ROLE_IMPORTER, "");
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

/* Every two roles: who supervises does only that, and so does each of the three administrators. */
static void roles_that_stand_alone(void **state)
{
    static const int64_t alone = ROLE_SUPERVISOR | ROLE_THREE;
    size_t together = 0;
    for (int64_t one = ROLE_CLERK; one <= ROLE_AUDITOR; one <<= 1)
        for (int64_t other = ROLE_CLERK; other <= ROLE_AUDITOR; other <<= 1) {
            if (!(one & ROLE_STAFF) || !(other & ROLE_STAFF))
                continue;
            struct desk desk;
            struct account_facts facts = {.department_known = true};
            struct account_create input = {.login = TEXT("shen"),
                                           .display = TEXT("沈雅琴"),
                                           .roles = role_set_of(one | other),
                                           .department = TEXT("011")};
            bool good = one == other || !((one | other) & alone);
            desk_for(&desk, *state, ROLE_IMPORTER, "");
            enum refusal got = decide_account_create(&facts, &input, &desk.context, &desk.decision);
            if (got != (good ? OK : REFUSED_CONFLICT))
                fail_msg("%lld and %lld: %s", (long long)one, (long long)other,
                         refusal_text(got)->name);
            together += good;
        }
    assert_int_equal(together, 5 * 5 + 4);
}

/* Who makes an account does not say what it may do, nor how it signs in. */
static void making_gives_nothing(void **state)
{
    static const struct {
        int64_t maker;
        const char *department, *password;
        struct role_set roles;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {ROLE_ADMINISTRATOR, "", "", {0}, OK, ""},
        {ROLE_ADMINISTRATOR, "", "", {.auditor = true}, REFUSED_ROLE, "roles"},
        {ROLE_ADMINISTRATOR, "011", "", {.clerk = true}, REFUSED_ROLE, "roles"},
        {ROLE_ADMINISTRATOR, "011", "", {0}, REFUSED_ROLE, "department"},
        {ROLE_ADMINISTRATOR, "", "correct horse", {0}, REFUSED_ROLE, "password"},
        {ROLE_IMPORTER, "011", "correct horse", {.clerk = true}, OK, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct account_facts facts = {.department_known = true};
        struct account_create input = {.login = TEXT("shen"),
                                       .display = TEXT("沈雅琴"),
                                       .roles = rows[i].roles,
                                       .department = text_of(rows[i].department),
                                       .password = text_of(rows[i].password)};
        desk_for(&desk, *state, rows[i].maker, "");
        expect(&desk, decide_account_create(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
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
        {"land-clerk", true},
        {"R1", true},
        {"a.b_c@office", true},
        {"Wu2", true},
        {"ｌand-clerk", false},
        {"lаnd", false},
        {"land\u200bclerk", false},
        {"沈雅琴", false},
        {"land clerk", false},
        {"system:wu", false},
        {"a/b", false},
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

/* Of each of the three administrators one stays, whatever else there is. */
static void the_last_of_three_stays(void **state)
{
    static const struct {
        int64_t roles, state, others, keeps;
        bool found;
        enum refusal close, assign;
    } rows[] = {
        {ROLE_CLERK, ACCOUNT_OPEN, 0, 0, true, OK, OK},
        {ROLE_ADMINISTRATOR, ACCOUNT_OPEN, ROLE_ADMINISTRATOR, 0, true, OK, OK},
        {ROLE_ADMINISTRATOR, ACCOUNT_OPEN, 0, 0, true, REFUSED_LIMIT, REFUSED_LIMIT},
        {ROLE_ADMINISTRATOR, ACCOUNT_OPEN, ROLE_SECURITY | ROLE_AUDITOR, 0, true, REFUSED_LIMIT,
         REFUSED_LIMIT},
        {ROLE_ADMINISTRATOR, ACCOUNT_OPEN, 0, ROLE_ADMINISTRATOR, true, REFUSED_LIMIT, OK},
        {ROLE_SECURITY, ACCOUNT_OPEN, ROLE_ADMINISTRATOR | ROLE_AUDITOR, ROLE_AUDITOR, true,
         REFUSED_LIMIT, REFUSED_LIMIT},
        {ROLE_SECURITY, ACCOUNT_OPEN, ROLE_THREE, ROLE_AUDITOR, true, OK, OK},
        {ROLE_AUDITOR, ACCOUNT_OPEN, ROLE_ADMINISTRATOR | ROLE_SECURITY, 0, true, REFUSED_LIMIT,
         REFUSED_LIMIT},
        {ROLE_AUDITOR, ACCOUNT_OPEN, ROLE_AUDITOR, 0, true, OK, OK},
        /* of a house before the three were parted */
        {ROLE_ADMINISTRATOR | ROLE_MANAGER, ACCOUNT_OPEN, 0, ROLE_MANAGER, true, REFUSED_LIMIT,
         REFUSED_LIMIT},
        {ROLE_CLERK, ACCOUNT_CLOSED, 0, 0, true, REFUSED_ONCE, REFUSED_STATE},
        {ROLE_CLERK, ACCOUNT_OPEN, 0, 0, false, REFUSED_NOT_FOUND, REFUSED_NOT_FOUND},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct account_facts facts = {
            .found = rows[i].found,
            .account = {.account_id = 12, .roles = rows[i].roles, .state = rows[i].state},
            .department_known = true,
            .others = rows[i].others};
        struct account_close close = {12, TEXT("调离")};
        struct account_assign assign = {12, role_set_of(rows[i].keeps), TEXT("")};
        desk_for(&desk, *state, ROLE_ADMINISTRATOR, "");
        expect(&desk, decide_account_close(&facts, &close, &desk.context, &desk.decision),
               rows[i].close, "", i);
        desk_for(&desk, *state, ROLE_SECURITY, "");
        expect(&desk, decide_account_assign(&facts, &assign, &desk.context, &desk.decision),
               rows[i].assign, "", i);
    }
}

/* Account 7 acts. What they may do themselves is for others to say. */
static void assigning_roles(void **state)
{
    static const struct {
        int64_t who, had;
        const char *department_had, *department;
        struct role_set roles;
        bool known;
        enum refusal refusal;
        const char *field;
    } rows[] = {
        {7, ROLE_SECURITY, "", "", {.security = true}, true, OK, ""},
        {7, ROLE_SECURITY, "", "", {.auditor = true}, true, REFUSED_ROLE, "roles"},
        {7, ROLE_SECURITY, "", "011", {.clerk = true}, true, REFUSED_ROLE, "roles"},
        {7, ROLE_SECURITY, "", "011", {.security = true}, true, REFUSED_ROLE, "roles"},
        {8, ROLE_SECURITY, "", "011", {.clerk = true}, true, OK, ""},
        {8,
         ROLE_CLERK,
         "011",
         "011",
         {.clerk = true, .security = true},
         true,
         REFUSED_CONFLICT,
         "roles.security"},
        {8, ROLE_CLERK, "011", "", {.clerk = true}, true, REFUSED_MISSING, "department"},
        {8, ROLE_CLERK, "011", "999", {.clerk = true}, false, REFUSED_REFERENCE, "department"},
        {8, ROLE_CLERK, "999", "999", {.clerk = true}, false, OK, ""},
        /* what was allowed once stays until it is changed */
        {8,
         ROLE_ADMINISTRATOR | ROLE_MANAGER,
         "",
         "",
         {.administrator = true, .manager = true},
         true,
         OK,
         ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct account_facts facts = {.found = true,
                                      .account = {.account_id = rows[i].who,
                                                  .display = TEXT("沈雅琴"),
                                                  .place = TEXT("C-W01"),
                                                  .roles = rows[i].had,
                                                  .state = ACCOUNT_OPEN,
                                                  .department = text_of(rows[i].department_had)},
                                      .department_known = rows[i].known,
                                      .others = ROLE_THREE};
        struct account_assign assign = {rows[i].who, rows[i].roles, text_of(rows[i].department)};
        desk_for(&desk, *state, ROLE_SECURITY, "");
        expect(&desk, decide_account_assign(&facts, &assign, &desk.context, &desk.decision),
               rows[i].refusal, rows[i].field, i);
        if (rows[i].refusal)
            continue;
        const struct account_changed *body = desk.decision.events[0].body;
        assert_true(text_is(body->display, "沈雅琴") && text_is(body->place, "C-W01"));
        assert_int_equal(role_set_bits(&body->roles), role_set_bits(&rows[i].roles));
    }
}

/* Who keeps accounts changes a name and a place, and nothing that anybody may do. */
static void changing_an_account(void **state)
{
    struct desk desk;
    struct account_facts facts = {.found = true,
                                  .account = {.account_id = 7,
                                              .roles = ROLE_CLERK,
                                              .state = ACCOUNT_OPEN,
                                              .department = TEXT("011")}};
    struct account_change change = {7, TEXT("沈雅琴"), TEXT("C-W02")};
    desk_for(&desk, *state, ROLE_ADMINISTRATOR, "");
    expect(&desk, decide_account_change(&facts, &change, &desk.context, &desk.decision), OK, "", 0);
    const struct account_changed *body = desk.decision.events[0].body;
    assert_int_equal(role_set_bits(&body->roles), ROLE_CLERK);
    assert_true(text_is(body->department, "011") && text_is(body->place, "C-W02") &&
                text_is(body->display, "沈雅琴"));
    facts.account.state = ACCOUNT_CLOSED;
    desk_for(&desk, *state, ROLE_ADMINISTRATOR, "");
    expect(&desk, decide_account_change(&facts, &change, &desk.context, &desk.decision),
           REFUSED_STATE, "", 1);
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
        bool locked, auditor;
    } rows[] = {
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "", OPENED, "/staff"},
        {true, true, ACCOUNT_OPEN, "h", "h", 4, "/staff/cases?x=1", OPENED, "/staff/cases?x=1"},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "//evil.example/", OPENED, "/staff"},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "/\\evil.example", OPENED, "/staff"},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "https://evil.example/", OPENED, "/staff"},
        /* who sees no cases has no desk */
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "", OPENED, "/staff/accounts", false, true},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "/staff", OPENED, "/staff/accounts", false, true},
        {true, true, ACCOUNT_OPEN, "h", "h", 0, "/staff/me", OPENED, "/staff/me", false, true},
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
        /* locked when it came, the oldest failure past since: nothing was hashed, so nothing counts
         */
        {true, false, ACCOUNT_OPEN, "h", "h", 4, "", REFUSED, "", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk desk;
        struct sign_in_facts facts = {
            .found = rows[i].found,
            .account = {.account_id = 12,
                        .state = rows[i].account_state,
                        .roles = rows[i].auditor ? ROLE_AUDITOR : ROLE_CLERK},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logins_are_plain),
        cmocka_unit_test(creating_an_account),
        cmocka_unit_test(what_is_personal_stays_private),
        cmocka_unit_test(importing_twice_is_no_change),
        cmocka_unit_test(roles_that_stand_alone),
        cmocka_unit_test(making_gives_nothing),
        cmocka_unit_test(the_last_of_three_stays),
        cmocka_unit_test(assigning_roles),
        cmocka_unit_test(changing_an_account),
        cmocka_unit_test(signing_in),
        cmocka_unit_test(changing_a_password),
    };
    return cmocka_run_group_tests_name("identity/decide", tests, set_up, tear_down);
}
