/* Who acts is asked again where the command is decided: what a session, an API token or a role was
 * worth when the request was read says nothing once it has been revoked. Both engines, two servers. */
#include "cli/story_testing.h"

#define PASSWORD "一句只为测试的话"

/* As the door has it: prepared with a reader's connection, decided by the conductor. */
static struct job asked(struct world *world, const char *command, const struct actor *actor,
                        void *input)
{
    return (struct job){.command = command_named(command),
                        .region = REGION,
                        .actor = *actor,
                        .input = input,
                        .arena = world->arena};
}

static void prepare(struct world *world, struct job *job)
{
    struct fault why = {0};
    struct context context = {.region = REGION,
                              .now_ms = world->now_ms,
                              .actor = &job->actor,
                              .arena = world->arena};
    if (job->command->prepare &&
        !job->command->prepare(db_reader(world->db), &context, job->input, &why))
        fail_msg("%s: %s", job->command->name, why.why);
    random_bytes(job->luck, sizeof job->luck);
}

static void run(struct flow *flow, struct job *first, struct job *second)
{
    struct fault why = {0};
    struct job *jobs[] = {first, second};
    if (!flow_run(flow, jobs, second ? 2 : 1, &why))
        fail_msg("%s", why.why);
}

static void ends(const struct job *job, enum job_end end, enum refusal refusal)
{
    if (job->end != end || job->refusal != refusal)
        fail_msg("%s: end %d, %s, %s", job->command->name, job->end,
                 refusal_text(job->refusal)->name, job->fault.why);
}

static struct actor who(struct world *world, struct credentials brought)
{
    struct actor actor;
    struct text stamp;
    struct fault why = {0};
    bool found = false;
    assert_true(identity_actor(db_reader(world->db), REGION, &brought, world->now_ms, world->arena,
                               &actor, &found, &stamp, &why));
    assert_true(found);
    return actor;
}

static int64_t account_of(struct world *world, const char *login)
{
    return actor_named(world, login).account;
}

static struct text token_of(struct world *world, const char *login)
{
    struct actor security = actor_named(world, "security");
    struct token_create input = {.account_id = account_of(world, login), .label = TEXT("测试")};
    struct job job = asked(world, "identity.token.create", &security, &input);
    prepare(world, &job);
    run(world->flow, &job, NULL);
    ends(&job, JOB_DONE, OK);
    return text_copy(world->arena, input.token);
}

static struct text session_of(struct world *world, const char *login)
{
    struct actor security = actor_named(world, "security");
    struct actor nobody = {.name = TEXT("applicant"), .roles = ROLE_ANYONE};
    struct password_set set = {.account_id = account_of(world, login),
                               .password = TEXT(PASSWORD),
                               .quick = true};
    struct job job = asked(world, "identity.password.set", &security, &set);
    prepare(world, &job);
    run(world->flow, &job, NULL);
    ends(&job, JOB_DONE, OK);
    struct sign_in in = {.login = text_of(login), .password = TEXT(PASSWORD)};
    job = asked(world, "identity.sign_in", &nobody, &in);
    prepare(world, &job);
    run(world->flow, &job, NULL);
    ends(&job, JOB_DONE, OK);
    return text_copy(world->arena, in.token);
}

static const struct step received[] = {
    HANDED_IN("2014-05-05"),
    {"2014-05-05 09:00", "land-clerk", "case.receive", NULL, "ok", "received"},
    {"2014-05-05 09:10", "land-clerk", "case.check", ALL_GOOD, "ok", NULL},
    {0},
};

/* Asks for acceptance of the world's case as `actor`, after `before` in the same batch. */
static void accept_after(struct world *world, struct flow *flow, const struct actor *actor,
                         struct job *before, enum refusal expected)
{
    struct problems problems = {0};
    const struct command *command = command_named("case.accept");
    void *input = arena_alloc(world->arena, command->input->size);
    assert_true(shape_from_json(command->input, whole_input(world, command, NULL), world->arena,
                                input, &problems));
    struct job accept = asked(world, "case.accept", actor, input);
    random_bytes(accept.luck, sizeof accept.luck);
    if (before) {
        run(flow, before, &accept);
        ends(before, JOB_DONE, OK);
    } else {
        run(flow, &accept, NULL);
    }
    ends(&accept, expected ? JOB_REFUSED : JOB_DONE, expected);
    assert_string_equal(case_state_words[case_now(world).state].name,
                        expected ? "received" : "accepted");
}

static struct account_assign without_role(struct world *world, const char *login)
{
    return (struct account_assign){.account_id = account_of(world, login),
                                   .roles = {.reviewer = true},
                                   .department = actor_named(world, login).department};
}

static struct flow *second_server(struct world *world, const char *where)
{
    static const int64_t regions[] = {REGION};
    struct flow *other;
    struct fault why = {0};
    struct flow_options options = {.where = where,
                                   .modules = modules,
                                   .regions = regions,
                                   .region_count = 1,
                                   .now = world_now,
                                   .clock = &world->now_ms};
    if (!flow_open(&options, &other, &why))
        fail_msg("%s", why.why);
    return other;
}

/* Which of the two servers decides: the one that revoked, or one that only sees the head. */
static void revoke_all(struct world *world, struct flow *there, bool same_batch)
{
    struct actor security = actor_named(world, "security");
    struct text bearer = token_of(world, "land-clerk");
    struct actor by_token = who(world, (struct credentials){.bearer = bearer});
    struct db_rows rows;
    struct fault why = {0};
    static const struct db_sql newest = {
        "SELECT max(token_id) AS id FROM api_token WHERE region = $1"};
    assert_true(db_select(db_reader(world->db), &newest, DB_ARGS(db_int(REGION)), world->arena,
                          &rows, &why));
    struct token_revoke revoke = {db_cell_int(&rows, 0, "id")};
    struct job job = asked(world, "identity.token.revoke", &security, &revoke);
    if (!same_batch)
        run(world->flow, &job, NULL);
    accept_after(world, there, &by_token, same_batch ? &job : NULL, REFUSED_SIGN_IN);

    struct actor by_session =
        who(world, (struct credentials){.session = session_of(world, "land-clerk")});
    struct password_set set = {.account_id = account_of(world, "land-clerk"),
                               .password = TEXT(PASSWORD "二"),
                               .quick = true};
    job = asked(world, "identity.password.set", &security, &set);
    prepare(world, &job);
    if (!same_batch)
        run(world->flow, &job, NULL);
    accept_after(world, there, &by_session, same_batch ? &job : NULL, REFUSED_SIGN_IN);

    struct actor clerk = who(world, (struct credentials){.bearer = token_of(world, "land-clerk")});
    struct account_assign change = without_role(world, "land-clerk");
    job = asked(world, "identity.account.assign", &security, &change);
    if (!same_batch)
        run(world->flow, &job, NULL);
    accept_after(world, there, &clerk, same_batch ? &job : NULL, REFUSED_ROLE);
    change.roles = (struct role_set){.clerk = true};
    job = asked(world, "identity.account.assign", &security, &change);
    run(world->flow, &job, NULL);
    ends(&job, JOB_DONE, OK);
}

static void close_then_accept(struct world *world)
{
    struct actor security = actor_named(world, "security");
    struct actor administrator = actor_named(world, "administrator");
    struct actor clerk = who(world, (struct credentials){.bearer = token_of(world, "land-clerk")});
    struct actor other =
        who(world, (struct credentials){.session = session_of(world, "land-reviewer")});
    /* Somebody else's end is nobody's loss: asked again, and still who they were. */
    struct actor keeper =
        who(world, (struct credentials){.bearer = token_of(world, "administrator")});
    struct job job = asked(world, "identity.sign_out", &other, NULL);
    accept_after(world, world->flow, &keeper, &job, REFUSED_ROLE);
    struct account_close close = {account_of(world, "land-clerk"), TEXT("调离")};
    job = asked(world, "identity.account.close", &administrator, &close);
    accept_after(world, world->flow, &clerk, &job, REFUSED_SIGN_IN);
    struct account_assign change = without_role(world, "market-clerk");
    change.roles = (struct role_set){.clerk = true};
    change.department = actor_named(world, "land-reviewer").department;
    struct actor moved =
        who(world, (struct credentials){.bearer = token_of(world, "market-clerk")});
    job = asked(world, "identity.account.assign", &security, &change);
    /* Read as a clerk of another department, decided as one of this. */
    accept_after(world, world->flow, &moved, &job, OK);
}

static const char *database;

static void story(struct world *world)
{
    tell(world, received);
    revoke_all(world, world->flow, true);
    struct flow *other = second_server(world, database);
    revoke_all(world, other, false);
    flow_close(other);
    close_then_accept(world);
}

static void stories(const char *where)
{
    database = where;
    on_one_engine(where, story, 100);
}

static void stories_on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(stories);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stories_on_both_engines)};
    return cmocka_run_group_tests_name("cli/actor", tests, NULL, NULL);
}
