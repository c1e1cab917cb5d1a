/* What an API token may be given for: reading or writing in one room of the house. */
#include "identity/parts.h"

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)
static const struct field scope_set_fields[] = {
    {FIELD(scope_set, cases_read), .type = FIELD_BOOL, .label = "查看办件"},
    {FIELD(scope_set, cases_write), .type = FIELD_BOOL, .label = "办理办件"},
    {FIELD(scope_set, catalogue_read), .type = FIELD_BOOL, .label = "查看事项目录和日历的内部页面"},
    {FIELD(scope_set, catalogue_write), .type = FIELD_BOOL, .label = "维护事项目录和日历"},
    {FIELD(scope_set, accounts_read), .type = FIELD_BOOL, .label = "查看账号、授权和离岗"},
    {FIELD(scope_set, accounts_write), .type = FIELD_BOOL, .label = "管理账号、授权和离岗"},
    {FIELD(scope_set, looks_read), .type = FIELD_BOOL, .label = "查看个人信息查看记录"},
};
const struct shape scope_set_shape = {"scope_set", "令牌权限", sizeof(struct scope_set),
                                      SHAPE_FIELDS(scope_set_fields)};

/* In the order of the fields, which are the bits' too. */
static const char *const names[] = {"cases:read",      "cases:write",   "catalogue:read",
                                    "catalogue:write", "accounts:read", "accounts:write",
                                    "looks:read"};
#define SCOPES (sizeof names / sizeof *names)
#define BIT(i) (INT64_C(1) << (i))

/* By the first word of a command's or look's name. What is not here no token with scopes may do. */
static const struct {
    const char *room;
    int64_t read, write;
} rooms[] = {
    {"case", SCOPE_CASES_READ, SCOPE_CASES_WRITE},
    {"files", SCOPE_CASES_READ, SCOPE_CASES_WRITE},
    {"history", SCOPE_CASES_READ, SCOPE_CASES_WRITE},
    {"catalogue", SCOPE_CATALOGUE_READ, SCOPE_CATALOGUE_WRITE},
    {"clock", SCOPE_CATALOGUE_READ, SCOPE_CATALOGUE_WRITE},
    {"identity", SCOPE_ACCOUNTS_READ, SCOPE_ACCOUNTS_WRITE},
    {"trace", SCOPE_LOOKS_READ, 0}, /* nobody writes a trace */
    {"figures", SCOPE_CASES_READ, 0},
};

int64_t scope_needed(struct text name, bool writes)
{
    struct text room;
    if (!text_cut(&name, '.', &room))
        return 0;
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++)
        if (text_is(room, rooms[i].room))
            return writes ? rooms[i].write : rooms[i].read;
    return 0;
}

bool scope_allows(int64_t scopes, struct text name, bool writes)
{
    return !scopes || scopes & scope_needed(name, writes);
}

const char *scope_name(int64_t bit)
{
    for (size_t i = 0; i < SCOPES; i++)
        if (BIT(i) == bit)
            return names[i];
    return NULL;
}

int64_t scope_bit(struct text name)
{
    for (size_t i = 0; i < SCOPES; i++)
        if (text_is(name, names[i]))
            return BIT(i);
    return 0;
}

int64_t scope_set_bits(const struct scope_set *set)
{
    int64_t bits = 0;
    for (size_t i = 0; i < SCOPES; i++)
        if (*(const bool *)((const char *)set + scope_set_fields[i].offset))
            bits |= BIT(i);
    return bits;
}

struct scope_set scope_set_of(int64_t bits)
{
    struct scope_set set = {0};
    for (size_t i = 0; i < SCOPES; i++)
        *(bool *)((char *)&set + scope_set_fields[i].offset) = bits & BIT(i);
    return set;
}

struct text scope_labels(int64_t bits, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < SCOPES; i++)
        if (bits & BIT(i)) {
            if (out.len)
                buf_str(&out, "、");
            buf_str(&out, scope_set_fields[i].label);
        }
    return bits ? buf_done(&out) : TEXT("该账号的全部权限");
}
