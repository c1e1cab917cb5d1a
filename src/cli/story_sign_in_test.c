/* Signing in in two steps, on both engines: set up, used, misused, taken away, and there again
 * after a rebuild. Codes go by the machine's clock, the house by its own. */
#include "cli/second_testing.h"

#define PASSWORD "一句只为测试的话"

static const struct actor nobody = {.name = {"applicant", 9}, .roles = ROLE_ANYONE};

/* Name and password, then the code: what the browser is left with. */
static struct job two_steps(struct world *world, const char *login, struct text code,
                            struct sign_in_code *second)
{
    struct sign_in first = {.login = text_of(login), .password = TEXT(PASSWORD)};
    struct job job = acted(world, &identity_sign_in, &nobody, &first);
    assert_int_equal(job.end, JOB_DONE);
    assert_int_equal(job.index, -1); /* nothing is opened yet */
    assert_true(text_is(job.location, SIGN_IN_CODE_PATH));
    *second = (struct sign_in_code){.code = code, .second = first.second_new};
    return acted(world, &identity_sign_in_code, &nobody, second);
}

static bool holds(struct world *world, struct text session, bool *second)
{
    struct credentials brought = {.session = session};
    struct actor actor = {0};
    struct text stamp;
    struct fault why = {0};
    bool found = false;
    assert_true(identity_actor(db_reader(world->db), REGION, &brought, world->now_ms, world->arena,
                               &actor, &found, &stamp, &why));
    *second = actor.second;
    return found;
}

/* A row or more of the journal's private part that has these words. */
static bool journal_holds(struct world *world, struct text words)
{
    static const struct db_sql sql = {"SELECT body FROM journal_private WHERE region = $1"};
    struct db_rows rows;
    struct fault why = {0};
    assert_true(
        db_select(db_reader(world->db), &sql, DB_ARGS(db_int(REGION)), world->arena, &rows, &why));
    assert_true(rows.count > 20);
    for (size_t i = 0; i < rows.count; i++)
        if (text_find(db_cell_text(&rows, i, "body"), words) >= 0)
            return true;
    return false;
}

static void recovery(struct world *world, struct text secret)
{
    struct sign_in_code second;
    struct text code = totp_recovery(secret, 3, world->arena);
    assert_int_equal(two_steps(world, "land-clerk", code, &second).location.len > 0, true);
    /* Once. */
    assert_int_equal(two_steps(world, "land-clerk", code, &second).location.len, 0);
    code = totp_recovery(secret, 4, world->arena);
    assert_true(two_steps(world, "land-clerk", code, &second).location.len > 0);
}

/* Wrong codes close the name as wrong passwords do, also to the right code. */
static void guessing(struct world *world, struct text secret)
{
    struct sign_in_code second;
    world->now_ms += 24 * HOUR_MS;
    for (int i = 0; i < SIGN_IN_FAILURES; i++)
        assert_int_equal(two_steps(world, "land-clerk", TEXT("000"), &second).location.len, 0);
    struct sign_in first = {.login = TEXT("land-clerk"), .password = TEXT(PASSWORD)};
    struct job job = acted(world, &identity_sign_in, &nobody, &first);
    assert_int_equal(job.refusal, REFUSED_TOO_MANY);
    second.code = totp_recovery(secret, 5, world->arena);
    job = acted(world, &identity_sign_in_code, &nobody, &second);
    assert_int_equal(job.refusal, REFUSED_TOO_MANY);
    world->now_ms += 24 * HOUR_MS;
}

static void story(struct world *world)
{
    struct sign_in_code second;
    bool two;
    world->now_ms = moment("2014-05-05 09:00");
    password_for(world, "land-clerk", PASSWORD);
    struct actor clerk = actor_named(world, "land-clerk"),
                 security = actor_named(world, "security");
    struct totp_begin wrong = {.current = TEXT("what was it")};
    assert_int_equal(acted(world, &identity_totp_begin, &clerk, &wrong).refusal, REFUSED_PASSWORD);
    struct text secret = enrol(world, "land-clerk", PASSWORD);
    assert_false(journal_holds(world, totp_words(secret, world->arena)));
    assert_false(journal_holds(world, secret));
    /* The code of enrolment is used up, the present one opens, once. */
    assert_int_equal(
        two_steps(world, "land-clerk", code_of(secret, -1, world->arena), &second).location.len, 0);
    struct text code = code_of(secret, 1, world->arena);
    struct job job = two_steps(world, "land-clerk", code, &second);
    assert_true(text_is(job.location, "/staff"));
    assert_true(holds(world, second.in.token, &two) && two);
    assert_int_equal(two_steps(world, "land-clerk", code, &second).location.len, 0);
    recovery(world, secret);
    guessing(world, secret);
    /* Five minutes for the second step, and none without the first. */
    struct text kept = second.second;
    world->now_ms += SECOND_STEP_MS;
    second = (struct sign_in_code){.code = totp_recovery(secret, 6, world->arena), .second = kept};
    assert_int_equal(acted(world, &identity_sign_in_code, &nobody, &second).refusal, REFUSED_STALE);
    second.second = TEXT("9999999999999.x.land-clerk");
    assert_int_equal(acted(world, &identity_sign_in_code, &nobody, &second).refusal, REFUSED_STALE);
    /* Another takes it away, and everybody who was in is out. */
    assert_true(two_steps(world, "land-clerk", totp_recovery(secret, 7, world->arena), &second)
                    .location.len > 0);
    struct text session = second.in.token;
    assert_true(holds(world, session, &two));
    struct totp_reset reset = {clerk.account, TEXT("手机遗失")};
    assert_int_equal(acted(world, &identity_totp_reset, &security, &reset).end, JOB_DONE);
    assert_false(holds(world, session, &two));
    struct sign_in first = {.login = TEXT("land-clerk"), .password = TEXT(PASSWORD)};
    job = acted(world, &identity_sign_in, &nobody, &first);
    assert_true(text_is(job.location, "/staff") && job.index >= 0);
    enrol(world, "land-clerk", PASSWORD);
}

static int64_t clerk_of(struct db_read *db, struct arena *arena)
{
    struct account account;
    struct fault why = {0};
    bool found = false;
    assert_true(
        identity_account_by_login(db, REGION, TEXT("land-clerk"), arena, &account, &found, &why));
    assert_true(found);
    return account.account_id;
}

/* A rebuild made the sealed secret again, and the house's key was not touched. */
static void stories(const char *where)
{
    struct arena *arena = arena_new(4096);
    struct db_read *db;
    struct fault why = {0};
    on_one_engine(where, story, 100);
    assert_true(db_open_reader(where, &db, &why));
    assert_int_equal(secret_of(db, clerk_of(db, arena), arena).len, 20);
    db_close_reader(db);
    arena_free(arena);
}

static void stories_on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(stories);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stories_on_both_engines)};
    return cmocka_run_group_tests_name("cli/story_sign_in", tests, NULL, NULL);
}
