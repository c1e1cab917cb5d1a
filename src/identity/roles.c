/* Roles and powers: their bits, names and words. Pure. */
#include "identity/parts.h"

static const struct {
    const char *name;
    int64_t bit;
    const char *label;
    size_t offset;
} role_list[] = {
    {"clerk", ROLE_CLERK, "窗口受理", offsetof(struct role_set, clerk)},
    {"reviewer", ROLE_REVIEWER, "审查", offsetof(struct role_set, reviewer)},
    {"verifier", ROLE_VERIFIER, "核准", offsetof(struct role_set, verifier)},
    {"head", ROLE_HEAD, "部门负责人", offsetof(struct role_set, head)},
    {"manager", ROLE_MANAGER, "中心管理", offsetof(struct role_set, manager)},
    {"supervisor", ROLE_SUPERVISOR, "监督", offsetof(struct role_set, supervisor)},
    {"administrator", ROLE_ADMINISTRATOR, "系统管理", offsetof(struct role_set, administrator)},
    {"security", ROLE_SECURITY, "安全管理", offsetof(struct role_set, security)},
    {"auditor", ROLE_AUDITOR, "审计管理", offsetof(struct role_set, auditor)},
};
#define ROLE_COUNT (sizeof role_list / sizeof *role_list)

static const struct {
    int64_t bit;
    const char *label;
    size_t offset;
} power_list[] = {
    {POWER_RECEIVE, "受理", offsetof(struct power_set, receive)},
    {POWER_REVIEW, "审查", offsetof(struct power_set, review)},
    {POWER_DECIDE, "决定", offsetof(struct power_set, decide)},
    {POWER_SIGN, "签发", offsetof(struct power_set, sign)},
    {POWER_SEAL, "盖章", offsetof(struct power_set, seal)},
    {POWER_EXTEND, "延期", offsetof(struct power_set, extend)},
};
#define POWER_COUNT (sizeof power_list / sizeof *power_list)

int64_t role_set_bits(const struct role_set *roles)
{
    int64_t bits = 0;
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (*(const bool *)((const char *)roles + role_list[i].offset))
            bits |= role_list[i].bit;
    return bits;
}

struct role_set role_set_of(int64_t bits)
{
    struct role_set roles = {0};
    for (size_t i = 0; i < ROLE_COUNT; i++)
        *(bool *)((char *)&roles + role_list[i].offset) = bits & role_list[i].bit;
    return roles;
}

int64_t role_bit(struct text name)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (text_is(name, role_list[i].name))
            return role_list[i].bit;
    return 0;
}

struct text role_labels(int64_t bits, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < ROLE_COUNT; i++)
        if (bits & role_list[i].bit) {
            if (out.len)
                buf_str(&out, "、");
            buf_str(&out, role_list[i].label);
        }
    return buf_done(&out);
}

int64_t power_set_bits(const struct power_set *powers)
{
    int64_t bits = 0;
    for (size_t i = 0; i < POWER_COUNT; i++)
        if (*(const bool *)((const char *)powers + power_list[i].offset))
            bits |= power_list[i].bit;
    return bits;
}

struct power_set power_set_of(int64_t bits)
{
    struct power_set powers = {0};
    for (size_t i = 0; i < POWER_COUNT; i++)
        *(bool *)((char *)&powers + power_list[i].offset) = bits & power_list[i].bit;
    return powers;
}

struct text power_labels(int64_t bits, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < POWER_COUNT; i++)
        if (bits & power_list[i].bit) {
            if (out.len)
                buf_str(&out, "、");
            buf_str(&out, power_list[i].label);
        }
    return buf_done(&out);
}
