/* Signing in by another house's word, on both engines: linked, used, in two steps, taken away, and
 * linked still after a rebuild. What the other house would have said is put in: the real one speaks in
 * tests/scenarios/oidc. */
#include "cli/second_testing.h"
#include "identity/provider.h"

#define PASSWORD "一句只为测试的话"

static const struct actor nobody = {.name = {"applicant", 9}, .roles = ROLE_ANYONE};
static const struct oidc_person zhang = {
    {"https://sso.example", 19}, {"sub", 3}, {"4321", 4}, false, {"e30.e30.e30", 11}};

/* As it comes back from there, vouched for. */
static struct provider_back vouched(const struct oidc_person *person, int64_t linking)
{
    return (struct provider_back){.asked = true,
                                  .end = OIDC_GOOD,
                                  .to = {.provider = TEXT("sso"), .account = linking},
                                  .person = *person};
}

static struct job comes(struct world *world, struct provider_back *back, struct oidc_person person)
{
    *back = vouched(&person, 0);
    return acted(world, &identity_sign_in_back, &nobody, back);
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

static int64_t links_of(struct world *world, int64_t account, int64_t *link_id)
{
    struct list links;
    struct fault why = {0};
    assert_true(read_links(db_reader(world->db), REGION, account, world->arena, &links, &why));
    *link_id = links.count ? ((const struct link *)links.items)->link_id : 0;
    return (int64_t)links.count;
}

/* With a second step of one's own; the other house's counts only where the setting says so. */
static void in_two_steps(struct world *world)
{
    struct provider_back back;
    struct oidc_person strong = zhang;
    bool two;
    struct text secret = enrol(world, "land-clerk", PASSWORD);
    struct job job = comes(world, &back, zhang);
    assert_true(text_is(job.location, SIGN_IN_CODE_PATH) && job.index < 0);
    struct sign_in_code code = {.code = totp_recovery(secret, 1, world->arena),
                                .second = back.in.second_new};
    job = acted(world, &identity_sign_in_code, &nobody, &code);
    assert_true(text_is(job.location, "/staff") && text_is(code.in.way, "sso"));
    assert_true(holds(world, code.in.token, &two) && two);
    /* The cookie of the first step says which way it was, and says it for good. */
    struct text other = text_format(world->arena, "%.*s", TEXT_ARG(back.in.second_new));
    char *at = text_cstr(world->arena, other);
    memcpy(strstr(at, ".sso."), ".abc.", 5);
    code = (struct sign_in_code){.code = totp_recovery(secret, 2, world->arena),
                                 .second = text_of(at)};
    assert_int_equal(acted(world, &identity_sign_in_code, &nobody, &code).refusal, REFUSED_STALE);
    strong.second = true;
    job = comes(world, &back, strong);
    assert_true(text_is(job.location, "/staff") && job.index >= 0);
}

/* Wrong passwords that close a name close this door too; a closed account's is closed for good. */
static void kept_out(struct world *world, struct actor *administrator)
{
    struct provider_back back;
    for (int i = 0; i < SIGN_IN_DAY_FAILURES; i++) {
        struct sign_in wrong = {.login = TEXT("land-clerk"),
                                .password = TEXT("0"),
                                .from = text_format(world->arena, "10.0.0.%d", i)};
        acted(world, &identity_sign_in, &nobody, &wrong);
    }
    assert_int_equal(comes(world, &back, zhang).refusal, REFUSED_TOO_MANY);
    world->now_ms += 25 * HOUR_MS;
    assert_int_equal(comes(world, &back, zhang).end, JOB_DONE);
    struct account_close close = {actor_named(world, "land-clerk").account, TEXT("调离")};
    assert_int_equal(acted(world, &identity_account_close, administrator, &close).end, JOB_DONE);
    assert_int_equal(comes(world, &back, zhang).refusal, REFUSED_UNLINKED);
}

static void story(struct world *world)
{
    struct provider_back back;
    struct oidc_person strong = zhang, li = zhang;
    bool two;
    int64_t link_id;
    world->now_ms = moment("2014-05-05 09:00");
    password_for(world, "land-clerk", PASSWORD);
    struct actor clerk = actor_named(world, "land-clerk"),
                 security = actor_named(world, "security"),
                 administrator = actor_named(world, "administrator");
    assert_int_equal(comes(world, &back, zhang).refusal, REFUSED_UNLINKED);
    back = vouched(&zhang, clerk.account);
    assert_int_equal(acted(world, &identity_link_back, &clerk, &back).end, JOB_DONE);
    assert_int_equal(acted(world, &identity_link_back, &clerk, &back).refusal, REFUSED_EXISTS);
    back = vouched(&zhang, security.account);
    assert_int_equal(acted(world, &identity_link_back, &security, &back).refusal, REFUSED_EXISTS);
    struct job job = comes(world, &back, zhang);
    assert_true(text_is(job.location, "/staff") && job.index >= 0);
    assert_true(holds(world, back.in.token, &two) && !two);
    struct text session = back.in.token;
    strong.second = true;
    comes(world, &back, strong);
    assert_true(holds(world, back.in.token, &two) && two);
    /* Another claim, issuer or subject is somebody else. */
    li.subject = TEXT("4322");
    assert_int_equal(comes(world, &back, li).refusal, REFUSED_UNLINKED);
    li = zhang;
    li.claim = TEXT("email");
    assert_int_equal(comes(world, &back, li).refusal, REFUSED_UNLINKED);
    li = zhang;
    li.issuer = TEXT("https://sso.example/");
    assert_int_equal(comes(world, &back, li).refusal, REFUSED_UNLINKED);
    /* Undone, and whoever came that way is out. */
    assert_int_equal(links_of(world, clerk.account, &link_id), 1);
    struct link_remove undo = {link_id};
    assert_int_equal(acted(world, &identity_link_remove, &administrator, &undo).refusal,
                     REFUSED_NOT_FOUND);
    assert_int_equal(acted(world, &identity_link_remove, &security, &undo).end, JOB_DONE);
    assert_false(holds(world, session, &two));
    assert_int_equal(comes(world, &back, zhang).refusal, REFUSED_UNLINKED);
    struct link_add add = {clerk.account, TEXT("sso"), zhang.subject, zhang.issuer, zhang.claim};
    assert_int_equal(acted(world, &identity_link_add, &security, &add).end, JOB_DONE);
    in_two_steps(world);
    kept_out(world, &administrator);
}

static void stories(const char *where)
{
    on_one_engine(where, story, 40);
}

static void stories_on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(stories);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stories_on_both_engines)};
    return cmocka_run_group_tests_name("cli/story_provider", tests, NULL, NULL);
}
