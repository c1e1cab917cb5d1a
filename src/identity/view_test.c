/* The pages of accounts and delegations, on both engines: names where the tables have codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "db/testing.h"
#include "flow/flow.h"
#include "identity/parts.h"

#define REGION 330482

static struct list some_names(const void *facts, enum naming what, int64_t now_ms,
                              struct arena *arena)
{
    static const struct named departments[] = {{{"011", 3}, {"国土局", 9}, {"011", 3}},
                                               {{"012", 3}, {"规划局", 9}, {"012", 3}}};
    static const struct named places[] = {{{"c1", 2}, {"中心", 6}, {"", 0}}};
    static const struct named items[] = {{{"011-001", 7}, {"土地登记", 12}, {"011", 3}},
                                         {{"012-001", 7}, {"规划许可", 12}, {"012", 3}}};
    const struct named *from[] = {departments, places, items};
    const size_t counts[] = {2, 1, 2};
    (void)facts, (void)now_ms;
    struct named *copy = arena_copy(arena, from[what], counts[what] * sizeof *copy);
    return (struct list){copy, counts[what]};
}
static const struct module naming = {.name = "naming", .names = some_names};
static const struct standing standing = {&naming, NULL};
static const struct module *const only_identity[] = {&identity_module, NULL};

struct desk {
    struct db *db;
    struct arena *arena;
    struct actor actor;
    struct look_context context;
};

static void write(struct desk *desk, const struct db_sql *sql, const struct db_value *args,
                  size_t count)
{
    struct fault why = {0};
    if (!db_write(desk->db, sql, args, count, &why))
        fail_msg("%s", why.why);
}

static void add_account(struct desk *desk, int64_t id, const char *department, const char *place)
{
    static const struct db_sql insert = {
        "INSERT INTO account (region, account_id, login, login_key, display, roles, department, place, "
        "state, password_hash, imported, created_at, closed_at, signed_in_at) "
        "VALUES ($1, $2, $3, $3, $4, 4, $5, $6, 'open', '', 0, 1, 0, 0)"};
    struct text login = text_format(desk->arena, "a%lld", (long long)id);
    write(desk, &insert,
          DB_ARGS(db_int(REGION), db_int(id), db_text(login), db_text(login),
                  db_text(text_of(department)), db_text(text_of(place))));
}

static void open_desk(struct desk *desk, const char *where)
{
    static const struct db_sql grant = {
        "INSERT INTO delegation (region, delegation_id, account_id, department, document, powers, "
        "all_items, amount_limit_fen, area_limit_m2, extend_limit_days, valid_from_date, "
        "valid_to_date, substitute_account, granted_by, granted_at, revoked_at, revoke_reason) "
        "VALUES ($1, 7, 1, '011', '1号', 4, 0, 0, 0, 0, 1, 0, 0, 'account:1', 1, 0, '')"};
    static const struct db_sql item = {
        "INSERT INTO delegation_item (region, delegation_id, item) VALUES ($1, 7, $2)"};
    struct fault why = {0};
    *desk = (struct desk){.arena = arena_new(1 << 14)};
    if (!db_open(where, false, &desk->db, &why) || !flow_create(desk->db, only_identity, &why) ||
        !db_begin(desk->db, &why))
        fail_msg("%s", why.why);
    add_account(desk, 1, "011", "c1");
    add_account(desk, 2, "", "");
    add_account(desk, 3, "099", "c9");
    write(desk, &grant, DB_ARGS(db_int(REGION)));
    write(desk, &item, DB_ARGS(db_int(REGION), db_text(TEXT("011-001"))));
    write(desk, &item, DB_ARGS(db_int(REGION), db_text(TEXT("011-999"))));
    assert_int_equal(db_commit(desk->db, &why), DB_COMMITTED);
    desk->context = (struct look_context){.db = db_reader(desk->db),
                                          .region = REGION,
                                          .now_ms = 1,
                                          .actor = &desk->actor,
                                          .standing = &standing,
                                          .standing_count = 1,
                                          .arena = desk->arena};
}

/* The page as its JSON, of which pieces are looked for: the structs are view.c's own. */
static const char *page_of(struct desk *desk, const char *name, int64_t asked)
{
    for (size_t i = 0; identity_module.looks[i]; i++) {
        const struct look *look = identity_module.looks[i];
        struct fault why = {0};
        struct buf out = {.arena = desk->arena};
        if (strcmp(look->name, name) != 0)
            continue;
        void *page = arena_alloc(desk->arena, look->page->size);
        int64_t *query = arena_alloc(desk->arena, 64);
        *query = asked;
        assert_int_equal(look->look(&desk->context, query, page, &why), OK);
        if (why.why[0])
            fail_msg("%s", why.why);
        shape_to_answer(look->page, page, &out);
        return text_cstr(desk->arena, buf_done(&out));
    }
    fail_msg("no look %s", name);
    return "";
}

static void has(const char *page, const char *words)
{
    if (!strstr(page, words))
        fail_msg("no %s in %s", words, page);
}

static void has_not(const char *page, const char *words)
{
    if (strstr(page, words))
        fail_msg("%s in %s", words, page);
}

static void names_for_codes(const char *where)
{
    struct desk desk;
    open_desk(&desk, where);
    desk.actor = (struct actor){.account = 1, .roles = ROLE_SECURITY};
    const char *page = page_of(&desk, "identity.accounts", 0);
    has(page, "\"department\":\"011\",\"department_name\":\"国土局（011）\"");
    has(page, "\"place\":\"c1\",\"place_name\":\"中心（c1）\"");
    has(page, "\"department\":\"\",\"department_name\":\"\"");
    /* What nobody has a name for stays as it is. */
    has(page, "\"department\":\"099\",\"department_name\":\"099\"");
    page = page_of(&desk, "identity.delegations", 0);
    has(page, "\"department\":\"011\",\"department_name\":\"国土局\"");
    has(page, "\"items\":[\"011-001\",\"011-999\"],"
              "\"item_names\":[\"土地登记（011-001）\",\"011-999\"]");
    /* And may be kept when the account is saved. */
    page = page_of(&desk, "identity.account", 3);
    has(page, "{\"code\":\"099\",\"name\":\"099\",\"department\":\"\"}");
    has(page, "\"may_edit\":false,\"may_empower\":true");
    desk.actor.roles = ROLE_ADMINISTRATOR;
    page = page_of(&desk, "identity.account", 3);
    has(page, "{\"code\":\"c9\",\"name\":\"c9\",\"department\":\"\"}");
    has(page, "\"may_edit\":true,\"may_empower\":false");
    page = page_of(&desk, "identity.account.new", 0);
    has(page, "{\"code\":\"c1\",\"name\":\"中心\"");
    db_close(desk.db);
    arena_free(desk.arena);
}

/* A head grants for the own department and sees its items alone; who enters letters sees all. */
static void what_a_grant_may_name(const char *where)
{
    struct desk desk;
    open_desk(&desk, where);
    desk.actor = (struct actor){.account = 1, .roles = ROLE_HEAD, .department = TEXT("011")};
    const char *page = page_of(&desk, "identity.delegation.new", 0);
    has(page, "\"code\":\"011-001\",\"name\":\"土地登记\"");
    has_not(page, "012-001");
    has_not(page, "规划局");
    desk.actor = (struct actor){.account = 1, .roles = ROLE_SECURITY};
    page = page_of(&desk, "identity.delegation.new", 0);
    has(page, "\"code\":\"012-001\",\"name\":\"规划许可\"");
    has(page, "\"code\":\"012\",\"name\":\"规划局\"");
    db_close(desk.db);
    arena_free(desk.arena);
}

#define BOTH(name)                                                                                 \
    static void name##_test(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        testing_each_engine(name);                                                                 \
    }
BOTH(names_for_codes)
BOTH(what_a_grant_may_name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_for_codes_test),
        cmocka_unit_test(what_a_grant_may_name_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
