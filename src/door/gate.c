/* What a request may do besides its roles, before any module's code: a program what its token was given
 * for, and who still owes a second step nothing but to set it up. */
#include <string.h>

#include "door/parts.h"

/* What leads out of it. */
static bool sets_up(const char *name)
{
    static const char *const open[] = {"identity.totp", "identity.totp.begin",
                                       "identity.totp.confirm", "identity.sign_out"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (strcmp(name, open[i]) == 0)
            return true;
    return false;
}

enum refusal gate_refusal(const struct exchange *exchange, const char *name, int64_t roles,
                          bool writes)
{
    const struct actor *actor = &exchange->actor;
    enum refusal refusal = role_refusal(roles, actor);
    if (refusal || roles & ROLE_ANYONE || !actor->account)
        return refusal;
    if (actor->bearer.len)
        return scope_allows(actor->scopes, text_of(name), writes) ? OK : REFUSED_SCOPE;
    bool owes = actor->roles & exchange->door->options.second_roles && !actor->second;
    return owes && !sets_up(name) ? REFUSED_ENROL : OK;
}
