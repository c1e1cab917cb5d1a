/* By another house's word: what is decided of it, and whose links who may make and undo. */
#include "identity/decide_testing.h"
#include "identity/provider.h"

static const struct account open_account = {
    .account_id = 12, .login = {"zhang", 5}, .roles = ROLE_CLERK, .state = ACCOUNT_OPEN};

/* What was brought back, and what is known of whom it names. */
static const struct {
    enum oidc_end end;
    int64_t linking; /* the trip was one of linking */
    bool linked, closed, other_login, other_hash, no_password;
    int64_t confirmed_at; /* of the second step */
    bool second;          /* the provider's counts */
    int64_t failures;
    enum refusal refusal;
    const char *location; /* NULL: refused */
    bool opened;
} ends[] = {
    {.end = OIDC_GOOD, .linked = true, .location = "/staff", .opened = true},
    {.end = OIDC_UNKNOWN, .linked = true, .refusal = REFUSED_NOT_FOUND},
    {.end = OIDC_DENIED, .linked = true, .refusal = REFUSED_DENIED},
    {.end = OIDC_STALE, .linked = true, .refusal = REFUSED_STALE},
    {.end = OIDC_AWAY, .linked = true, .refusal = REFUSED_PROVIDER},
    {.end = OIDC_FORGED, .linked = true, .refusal = REFUSED_PROOF},
    {.end = OIDC_GOOD, .linking = 12, .linked = true, .refusal = REFUSED_STALE},
    {.end = OIDC_GOOD, .refusal = REFUSED_UNLINKED},
    {.end = OIDC_GOOD, .linked = true, .closed = true, .refusal = REFUSED_UNLINKED},
    {.end = OIDC_GOOD, .linked = true, .other_login = true, .refusal = REFUSED_STALE},
    {.end = OIDC_GOOD, .linked = true, .other_hash = true, .refusal = REFUSED_STALE},
    {.end = OIDC_GOOD, .linked = true, .no_password = true, .location = "/staff", .opened = true},
    {.end = OIDC_GOOD, .linked = true, .confirmed_at = 1, .location = SIGN_IN_CODE_PATH},
    {.end = OIDC_GOOD, .linked = true, .confirmed_at = 1, .second = true, .location = "/staff",
     .opened = true},
    {.end = OIDC_GOOD, .linked = true, .confirmed_at = 1, .no_password = true,
     .refusal = REFUSED_UNLINKED},
    {.end = OIDC_GOOD, .linked = true, .failures = SIGN_IN_DAY_FAILURES,
     .refusal = REFUSED_TOO_MANY},
    {.end = OIDC_GOOD, .linked = true, .closed = true, .failures = SIGN_IN_DAY_FAILURES,
     .refusal = REFUSED_TOO_MANY},
};

static void back_from_there(void **state)
{
    struct arena *arena = *state;
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct text hash = ends[i].no_password ? TEXT("") : TEXT("h");
        struct back_facts facts = {
            .linked = ends[i].linked,
            .of = {.found = true,
                   .account = open_account,
                   .password_hash = hash,
                   .totp = {.found = true, .confirmed_at = ends[i].confirmed_at},
                   .all = {ends[i].failures, NOW, 0}}};
        struct provider_back input = {
            .end = ends[i].end,
            .to = {.account = ends[i].linking, .provider = TEXT("sso")},
            .person = {.subject = TEXT("4321")},
            .in = {.login = ends[i].other_login ? TEXT("li") : TEXT("zhang"),
                   .hash_seen = ends[i].other_hash ? TEXT("g") : hash,
                   .token_hash = TEXT("t"),
                   .way = TEXT("sso"),
                   .way_second = ends[i].second}};
        struct desk desk;
        desk_for(&desk, arena, ROLE_ANYONE, "");
        if (ends[i].closed)
            facts.of.account.state = ACCOUNT_CLOSED;
        enum refusal got = decide_sign_in_back(&facts, &input, &desk.context, &desk.decision);
        expect(&desk, got, ends[i].refusal, "", i);
        assert_int_equal(desk.decision.count, ends[i].opened);
        if (ends[i].location)
            assert_true(text_is(desk.decision.location, ends[i].location));
        if (!ends[i].opened)
            continue;
        const struct session_opened *body = desk.decision.events[0].body;
        assert_ptr_equal(desk.decision.events[0].kind, &session_opened_kind);
        assert_true(body->account_id == 12 && text_is(body->way, "sso") &&
                    body->way_second == ends[i].second);
    }
}

static const struct {
    enum oidc_end end;
    int64_t of; /* who began it */
    bool closed, taken_by_other, taken, has_one;
    enum refusal refusal, added; /* by oneself, and by the security administrator */
} links[] = {
    {OIDC_GOOD, 7, false, false, false, false, OK, OK},
    {OIDC_FORGED, 7, false, false, false, false, REFUSED_PROOF, OK},
    {OIDC_DENIED, 7, false, false, false, false, REFUSED_DENIED, OK},
    {OIDC_GOOD, 8, false, false, false, false, REFUSED_STALE, OK},
    {OIDC_GOOD, 0, false, false, false, false, REFUSED_STALE, OK}, /* a sign-in's */
    {OIDC_GOOD, 7, true, false, false, false, REFUSED_STATE, REFUSED_STATE},
    {OIDC_GOOD, 7, false, true, false, false, REFUSED_EXISTS, REFUSED_EXISTS},
    {OIDC_GOOD, 7, false, false, true, true, REFUSED_EXISTS, REFUSED_EXISTS},
    {OIDC_GOOD, 7, false, false, false, true, REFUSED_EXISTS, REFUSED_EXISTS},
};

static void linking(void **state)
{
    struct arena *arena = *state;
    for (size_t i = 0; i < COUNT(links); i++) {
        struct link_facts facts = {.found = true,
                                   .account = open_account,
                                   .link_found = links[i].taken || links[i].taken_by_other,
                                   .link = {.account_id = links[i].taken ? 7 : 9},
                                   .has_one = links[i].has_one};
        struct provider_back back = {.end = links[i].end,
                                     .to = {.account = links[i].of, .provider = TEXT("sso")},
                                     .person = {TEXT("https://sso"), TEXT("sub"), TEXT("4321")}};
        struct link_add add = {12, TEXT("sso"), TEXT("4321"), TEXT("https://sso"), TEXT("sub")};
        struct desk desk;
        if (links[i].closed)
            facts.account.state = ACCOUNT_CLOSED;
        desk_for(&desk, arena, ROLE_CLERK, "011");
        expect(&desk, decide_link_back(&facts, &back, &desk.context, &desk.decision),
               links[i].refusal, "", i);
        if (!links[i].refusal) {
            const struct account_linked *body = desk.decision.events[0].body;
            assert_true(body->link_id == 41 && body->account_id == 7 &&
                        text_is(body->subject, "4321") && text_is(body->claim, "sub"));
        }
        desk_for(&desk, arena, ROLE_SECURITY, "");
        expect(&desk, decide_link_add(&facts, &add, &desk.context, &desk.decision), links[i].added,
               "", i);
    }
    struct link_facts facts = {.found = true, .account = open_account};
    struct link_add own = {7, TEXT("sso"), TEXT("4321"), TEXT("https://sso"), TEXT("sub")},
                    nowhere = {12, TEXT("sso"), TEXT("4321")};
    struct desk desk;
    desk_for(&desk, arena, ROLE_SECURITY, "");
    expect(&desk, decide_link_add(&facts, &own, &desk.context, &desk.decision),
           REFUSED_SAME_PERSON, "", 100);
    desk_for(&desk, arena, ROLE_SECURITY, "");
    expect(&desk, decide_link_add(&facts, &nowhere, &desk.context, &desk.decision),
           REFUSED_REFERENCE, "provider", 101);
    facts.found = false;
    desk_for(&desk, arena, ROLE_SECURITY, "");
    own.account_id = 12;
    expect(&desk, decide_link_add(&facts, &own, &desk.context, &desk.decision), REFUSED_NOT_FOUND,
           "", 102);
}

static void beginning(void **state)
{
    static const struct {
        bool verified, stale;
        enum oidc_end end;
        enum refusal with, link, out;
        const char *field;
    } rows[] = {
        {true, false, OIDC_GOOD, OK, OK, OK, ""},
        {true, false, OIDC_AWAY, REFUSED_PROVIDER, REFUSED_PROVIDER, REFUSED_PROVIDER, ""},
        {true, false, OIDC_UNKNOWN, REFUSED_NOT_FOUND, REFUSED_NOT_FOUND, REFUSED_NOT_FOUND, ""},
        {false, false, OIDC_GOOD, OK, REFUSED_PASSWORD, OK, "current"},
        {true, true, OIDC_GOOD, OK, REFUSED_STALE, OK, ""},
    };
    struct arena *arena = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct link_facts facts = {
            .found = true, .account = open_account, .password_hash = TEXT("h")};
        struct provider_begin begin = {.end = rows[i].end,
                                       .verified = rows[i].verified,
                                       .hash_seen = rows[i].stale ? TEXT("g") : TEXT("h")};
        struct provider_leave leave = {.end = rows[i].end, .url = TEXT("https://sso/out")};
        struct desk desk;
        desk_for(&desk, arena, ROLE_ANYONE, "");
        expect(&desk, decide_sign_in_with(NULL, &begin, &desk.context, &desk.decision),
               rows[i].with, "", i);
        desk_for(&desk, arena, ROLE_CLERK, "");
        expect(&desk, decide_link_begin(&facts, &begin, &desk.context, &desk.decision),
               rows[i].link, rows[i].field, i);
        desk_for(&desk, arena, ROLE_ANYONE, "");
        expect(&desk, decide_sign_out_there(NULL, &leave, &desk.context, &desk.decision),
               rows[i].out, "", i);
    }
    struct provider_leave nowhere = {.end = OIDC_GOOD};
    struct desk desk;
    desk_for(&desk, arena, ROLE_ANYONE, "");
    expect(&desk, decide_sign_out_there(NULL, &nowhere, &desk.context, &desk.decision),
           REFUSED_STATE, "", 100);
}

static void unlinking(void **state)
{
    static const struct {
        int64_t roles, owner;
        bool found, password;
        enum refusal refusal;
        bool keeps; /* the session it was asked in */
    } rows[] = {
        {ROLE_CLERK, 7, true, true, OK, true},
        {ROLE_CLERK, 7, true, false, REFUSED_STATE, false}, /* the only way in */
        {ROLE_CLERK, 12, true, true, REFUSED_NOT_FOUND, false},
        {ROLE_ADMINISTRATOR, 12, true, true, REFUSED_NOT_FOUND, false},
        {ROLE_SECURITY, 12, true, false, OK, false},
        {ROLE_IMPORTER, 12, true, true, OK, false},
        {ROLE_SECURITY, 12, false, true, REFUSED_NOT_FOUND, false},
    };
    struct arena *arena = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct link_facts facts = {.found = true,
                                   .account = open_account,
                                   .password_hash = rows[i].password ? TEXT("h") : TEXT(""),
                                   .link_found = rows[i].found,
                                   .link = {.link_id = 33, .account_id = rows[i].owner}};
        const struct link_remove input = {33};
        struct desk desk;
        desk_for(&desk, arena, rows[i].roles, "");
        desk.actor.session = TEXT("s");
        expect(&desk, decide_link_remove(&facts, &input, &desk.context, &desk.decision),
               rows[i].refusal, "", i);
        if (rows[i].refusal)
            continue;
        const struct account_unlinked *body = desk.decision.events[0].body;
        assert_true(body->link_id == 33 && body->account_id == rows[i].owner &&
                    (body->keep_session.len > 0) == rows[i].keeps);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(back_from_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(linking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(beginning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unlinking, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("identity/provider", tests, NULL, NULL);
}
