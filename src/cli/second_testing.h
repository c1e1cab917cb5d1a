/* What the stories of signing in share: commands as the door has them, prepared with a reader's
 * connection, and an account that sets its second step up. */
#ifndef YIMEN_CLI_SECOND_TESTING_H
#define YIMEN_CLI_SECOND_TESTING_H

#include "cli/story_testing.h"
#include "identity/parts.h"

/* Prepared and decided; JOB_DONE or the refusal. */
static inline struct job acted(struct world *world, const struct command *command,
                               const struct actor *actor, void *input)
{
    struct fault why = {0};
    struct job job = {.command = command,
                      .region = REGION,
                      .actor = *actor,
                      .input = input,
                      .arena = world->arena};
    struct job *jobs[] = {&job};
    struct context context = {
        .region = REGION, .now_ms = world->now_ms, .actor = &job.actor, .arena = world->arena};
    if (command->prepare && !command->prepare(db_reader(world->db), &context, input, &why))
        fail_msg("%s: %s", command->name, why.why);
    random_bytes(job.luck, sizeof job.luck);
    if (!flow_run(world->flow, jobs, 1, &why))
        fail_msg("%s", why.why);
    if (job.end == JOB_FAULT)
        fail_msg("%s: %s", command->name, job.fault.why);
    return job;
}

static inline void password_for(struct world *world, const char *login, const char *password)
{
    struct actor console = cli_actor();
    struct password_set set = {.account_id = actor_named(world, login).account,
                               .password = text_of(password),
                               .quick = true};
    assert_int_equal(acted(world, &identity_password_set, &console, &set).end, JOB_DONE);
}

/* The secret of an account, as its telephone has it; empty: none, or the key does not open it. */
static inline struct text secret_of(struct db_read *db, int64_t account_id, struct arena *arena)
{
    struct totp totp;
    struct text key, secret;
    struct fault why = {0};
    assert_true(read_totp(db, REGION, account_id, arena, &totp, &why));
    assert_true(read_house_key(db, REGION, arena, &key, &why));
    totp_open(key, REGION, account_id, totp.sealed, arena, &secret);
    return secret;
}

/* The code of now and so many steps, by the machine's clock, as a telephone's. */
static inline struct text code_of(struct text secret, int steps, struct arena *arena)
{
    char code[7];
    assert_true(totp_code(secret, time_now() + steps * 30 * SECOND_MS, code));
    return text_copy(arena, text_of(code));
}

/* With the password; the code of the step before is used up. */
static inline struct text enrol(struct world *world, const char *login, const char *password)
{
    struct actor actor = actor_named(world, login);
    struct totp_begin begin = {.current = text_of(password)};
    assert_int_equal(acted(world, &identity_totp_begin, &actor, &begin).end, JOB_DONE);
    struct text secret = secret_of(db_reader(world->db), actor.account, world->arena);
    assert_int_equal(secret.len, 20);
    struct totp_confirm confirm = {.code = code_of(secret, -1, world->arena)};
    assert_int_equal(acted(world, &identity_totp_confirm, &actor, &confirm).end, JOB_DONE);
    return secret;
}

#endif
