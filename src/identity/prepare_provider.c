/* What is asked of other houses, on a helper thread, before anything is decided: the way there, and the
 * proof that comes back. */
#include "base/log.h"
#include "identity/provider.h"

/* The world's clock, also where the house's own is a simulated one: the other house goes by it. */
static int64_t world_ms(void)
{
    return time_now();
}

static void tell(enum oidc_end end, struct text provider, const struct fault *why)
{
    if (end == OIDC_AWAY || end == OIDC_FORGED)
        log_line(LOG_WARN, "identity.provider", "%.*s: %s", TEXT_ARG(provider), why->why);
}

static void begin(const struct context *context, struct provider_begin *wanted, int64_t account)
{
    struct oidc_trip trip = {.provider = wanted->provider,
                             .back = wanted->back,
                             .next = wanted->next,
                             .account = account,
                             .region = context->region};
    struct fault why = {0};
    wanted->end =
        oidc_begin(wanted->providers, &trip, world_ms(), context->arena, &wanted->begun, &why);
    tell((enum oidc_end)wanted->end, wanted->provider, &why);
}

PREPARE(prepare_sign_in_with)
{
    (void)db, (void)why;
    begin(context, input, 0);
    return true;
}

PREPARE(prepare_link_begin)
{
    struct provider_begin *wanted = input;
    int64_t account_id = context->actor->account;
    if (!read_password_hash_of(db, context->region, account_id, context->arena, &wanted->hash_seen,
                               why))
        return false;
    wanted->verified = password_fits(wanted->current, wanted->hash_seen);
    if (wanted->verified)
        begin(context, wanted, account_id);
    return true;
}

PREPARE(prepare_sign_out_there)
{
    struct provider_leave *wanted = input;
    struct fault wrong = {0};
    (void)db, (void)why;
    wanted->end = oidc_leave(wanted->providers, wanted->provider, wanted->id_token, wanted->back,
                             context->arena, &wanted->url, &wrong);
    tell((enum oidc_end)wanted->end, wanted->provider, &wrong);
    return true;
}

static void ask(const struct context *context, struct provider_back *wanted)
{
    struct oidc_return back = {wanted->trip, wanted->state, wanted->code, wanted->error,
                               wanted->iss};
    struct fault why = {0};
    if (wanted->asked)
        return;
    wanted->asked = true;
    wanted->end = oidc_finish(wanted->providers, &back, context->region, world_ms(),
                              context->arena, &wanted->to, &wanted->person, &why);
    tell((enum oidc_end)wanted->end, wanted->to.provider, &why);
}

PREPARE(prepare_sign_in_back)
{
    struct provider_back *wanted = input;
    struct sign_in *in = &wanted->in;
    struct account account;
    struct link link;
    bool found;
    ask(context, wanted);
    if (wanted->end != OIDC_GOOD)
        return true;
    if (!read_link_of(db, context->region, &wanted->person, context->arena, &link, &found, why))
        return false;
    if (!found)
        return true;
    if (!identity_account(db, context->region, link.account_id, context->arena, &account, &found,
                          why))
        return false;
    in->login = account.login;
    in->next = wanted->to.next;
    in->way = wanted->to.provider;
    in->way_second = wanted->person.second;
    if (!sign_in_look_up(db, context, in, why))
        return false;
    if (in->hash_seen.len)
        in->second_new = second_make(in->login, in->way, context->now_ms + SECOND_STEP_MS,
                                     in->hash_seen, context->arena);
    sign_in_draw(in, context->arena);
    return true;
}

PREPARE(prepare_link_back)
{
    (void)db, (void)why;
    ask(context, input);
    return true;
}
