/* yimen doctor: the houses by whose word staff may sign in. */
#include <stdlib.h>

#include "cli/doctor.h"
#include "oidc/oidc.h"

/* ID tokens hold within a minute of one's own clock. */
#define AHEAD_MOST_MS (30 * SECOND_MS)

static void check_provider(struct doctor *doctor, struct oidc *oidc, struct text key)
{
    struct arena *arena = doctor->cli->arena;
    struct fault why = {0};
    int64_t ahead_ms = 0;
    enum oidc_end end = oidc_check(oidc, key, time_now(), arena, &ahead_ms, &why);
    bool together = llabs((long long)ahead_ms) <= AHEAD_MOST_MS;
    if (end != OIDC_GOOD)
        doctor_tell(doctor, false, "provider",
                    text_format(arena, "%.*s: %s", TEXT_ARG(key), why.why),
                    "see that this machine reaches it (IPAddressAllow of the unit, name servers, a "
                    "firewall), that ca_file fits, and that issuer is what it calls itself; passwords "
                    "work meanwhile");
    else
        doctor_tell(doctor, together, "provider",
                    text_format(arena, "%.*s: reached, its clock is %lld s from ours",
                                TEXT_ARG(key), (long long)(ahead_ms / SECOND_MS)),
                    "set the clocks by NTP, this machine's and the provider's: a proof holds for a "
                    "minute's difference at most");
}

void doctor_providers(struct doctor *doctor)
{
    struct oidc *oidc;
    struct fault why = {0};
    if (!cli_providers(doctor->cli, &oidc, &why)) {
        doctor_tell(doctor, false, "provider", text_copy(doctor->cli->arena, text_of(why.why)),
                    "mend `providers` in the configuration; nothing is served meanwhile");
        return;
    }
    for (size_t i = 0; i < oidc_count(oidc); i++)
        check_provider(doctor, oidc, oidc_at(oidc, i)->key);
    oidc_free(oidc);
}
