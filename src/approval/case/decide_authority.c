/* Who may act in a case: by post, by office, or under a signed letter (授权书) and within what it
 * grants. Pure: facts, command and context in, an answer or a refusal out. */
#include "approval/case/parts.h"

/* What each power of a letter is for is in the README's table; whose post it is needs no letter. */
static const struct {
    int64_t power;
    int64_t posts; /* bits of enum role */
    const char *word;
    const char *others; /* who else may, and does not need a letter */
} powers[] = {
    {POWER_RECEIVE, ROLE_CLERK, "受理", "窗口人员或部门负责人"},
    {POWER_REVIEW, ROLE_REVIEWER, "审查", "审查人员或部门负责人"},
    {POWER_DECIDE, 0, "决定", "部门负责人"},
    {POWER_SIGN, 0, "签发", "部门负责人"},
    {POWER_SEAL, ROLE_CLERK, "盖章", "窗口人员或部门负责人"},
    {POWER_EXTEND, 0, "延期", "部门负责人"},
};

static size_t power_at(enum power power)
{
    size_t at = 0;
    while (powers[at].power != power)
        at++;
    return at;
}

/* Unstated where the item asks for it, or where what it asks for cannot be known. */
static int64_t measured(const struct item *item, int64_t kind, int64_t value)
{
    return value || (item && !item_measure(item, kind)) ? value : MEASURE_UNSTATED;
}

bool case_may(const struct case_asked *asked, int64_t *delegation_id, struct lacking *lacking)
{
    const struct case_file *file = asked->file;
    const struct actor *actor = asked->actor;
    struct grant_question question = {
        .power = asked->power,
        .department = file->department,
        .item = file->item_code,
        .amount_fen = measured(asked->item, MEASURE_AMOUNT, file->amount_fen),
        .area_m2 = measured(asked->item, MEASURE_AREA, file->area_m2),
        .extend_days = asked->extend_days,
        .date = asked->date};
    bool own = text_equal(actor->department, file->department);
    *delegation_id = 0;
    *lacking = (struct lacking){LACK_NOTHING, NULL};
    if ((actor->roles & powers[power_at(asked->power)].posts) || ((actor->roles & ROLE_HEAD) && own))
        return true;
    const struct grant *grant = grant_allowing(asked->grants, &question, lacking);
    if (grant)
        *delegation_id = grant->delegation_id;
    return grant != NULL;
}

static struct text fen_said(int64_t fen, struct arena *arena)
{
    return text_format(arena, "%lld.%02d元", (long long)(fen / 100), (int)(fen % 100));
}

static struct text measure_name(const struct item *item, int64_t kind)
{
    const struct measure *measure = item ? item_measure(item, kind) : NULL;
    return measure ? measure->name : text_of(measure_kind_words[kind].label);
}

/* What is the matter, without its full stop. */
static struct text lack_said(const struct case_asked *asked, const struct lacking *lacking,
                             const char *word, struct arena *arena)
{
    const struct case_file *file = asked->file;
    const struct grant *grant = lacking->grant;
    struct text amount = measure_name(asked->item, MEASURE_AMOUNT);
    struct text area = measure_name(asked->item, MEASURE_AREA);
    switch (lacking->what) {
    case LACK_DAY:
        return TEXT("您的授权书今天不在有效期内");
    case LACK_ABSENCE:
        return TEXT("B岗只能在A岗离岗登记的日期内代行，A岗今天没有离岗登记");
    case LACK_ITEM:
        return TEXT("您的授权书不包括本事项");
    case LACK_POWER:
        return text_format(arena, "您的授权书没有授予“%s”的权限", word);
    case LACK_AMOUNT_SAID:
        return text_format(arena, "本件没有填写%.*s，无法与授权书的金额上限比较", TEXT_ARG(amount));
    case LACK_AMOUNT:
        return text_format(arena, "本件的%.*s为%s，超出授权书的上限%s", TEXT_ARG(amount),
                           fen_said(file->amount_fen, arena).at,
                           fen_said(grant->amount_limit_fen, arena).at);
    case LACK_AREA_SAID:
        return text_format(arena, "本件没有填写%.*s，无法与授权书的面积上限比较", TEXT_ARG(area));
    case LACK_AREA:
        return text_format(arena, "本件的%.*s为%lld平方米，超出授权书的上限%lld平方米",
                           TEXT_ARG(area), (long long)file->area_m2,
                           (long long)grant->area_limit_m2);
    case LACK_DAYS:
        return text_format(arena, "授权书只允许延长%lld个工作日",
                           (long long)grant->extend_limit_days);
    default:
        return TEXT("您没有本部门有效的授权书");
    }
}

struct text case_may_not_said(const struct case_asked *asked, const struct lacking *lacking,
                              struct arena *arena)
{
    size_t at = power_at(asked->power);
    struct text said = lack_said(asked, lacking, powers[at].word, arena);
    return text_format(arena, "%.*s。请由%s办理。", TEXT_ARG(said), powers[at].others);
}

/* The offices by rank of their role: who has several acts in the first that the step is for. */
static const struct {
    int64_t role;
    enum office office;
} offices[] = {
    {ROLE_SYSTEM, OFFICE_SYSTEM},     {ROLE_CLERK, OFFICE_CLERK}, {ROLE_REVIEWER, OFFICE_REVIEWER},
    {ROLE_VERIFIER, OFFICE_VERIFIER}, {ROLE_HEAD, OFFICE_HEAD},   {ROLE_MANAGER, OFFICE_MANAGER},
};

struct done_by case_done_by(const struct context *context, struct text department, int64_t roles)
{
    const struct actor *actor = context->actor;
    int64_t held = actor->roles & (roles | ROLE_SYSTEM);
    if (!text_equal(actor->department, department))
        held &= ~(int64_t)ROLE_HEAD;
    for (size_t i = 0; i < sizeof offices / sizeof *offices; i++)
        if (held & offices[i].role)
            return (struct done_by){.role = offices[i].office, .window = actor->place};
    return (struct done_by){0};
}

enum refusal case_authority(const struct case_facts *facts, const struct context *context,
                            enum power power, int64_t extend_days, struct done_by *by,
                            struct decision *out)
{
    const struct case_file *file = &facts->file;
    struct lacking lacking;
    struct case_asked asked = {
        .file = file,
        .item = catalogue_item(context, file->item_code, file->item_version),
        .actor = context->actor,
        .grants = &facts->grants,
        .power = power,
        .extend_days = extend_days,
        .date = time_date(context->now_ms)};
    int64_t letter;
    if (case_may(&asked, &letter, &lacking)) {
        *by = case_done_by(context, file->department,
                           letter ? ROLE_VERIFIER : powers[power_at(power)].posts | ROLE_HEAD);
        by->delegation_id = letter;
        return OK;
    }
    return decision_refuse(out, REFUSED_GRANT, lacking.what == LACK_DAYS ? "days" : "",
                           case_may_not_said(&asked, &lacking, out->arena).at);
}
