/* What every decision asks first: is the case there, is it open to this person, is it in that state.
 * Below all other decide files. Pure. */
#include "approval/case/parts.h"

bool case_actor_clerk(const struct context *context)
{
    return (context->actor->roles & ROLE_CLERK) != 0;
}

struct text case_location(const struct case_facts *facts, const struct context *context)
{
    return text_format(context->arena, "/staff/cases/%lld", (long long)facts->file.case_id);
}

struct text case_my_location(const struct case_file *file, struct arena *arena)
{
    return text_format(arena, "/my/%.*s/%.*s", TEXT_ARG(file->case_no), TEXT_ARG(file->query_code));
}

bool case_kept_back(const struct case_file *file)
{
    return !file->submitted_at && file->channel == CHANNEL_WEB;
}

bool case_duty(const struct actor *actor, const struct case_file *file)
{
    if (!(actor->roles & CASE_HANDLERS))
        return false;
    return (!actor->department.len && actor->roles & ROLE_MANAGER) ||
           text_equal(actor->department, file->department);
}

/* By id: staff of the department, or who manages the centre. The house's own clock sees all. */
enum refusal case_open_to(const struct case_facts *facts, const struct context *context,
                          struct decision *out)
{
    const struct actor *actor = context->actor;
    if (!facts->found)
        return decision_refuse(out, REFUSED_NOT_FOUND, "case_id", NULL);
    if (actor->roles & ROLE_SYSTEM)
        return OK;
    if (case_kept_back(&facts->file))
        return decision_refuse(out, REFUSED_NOT_FOUND, "case_id", NULL);
    if (actor->department.len == 0 && actor->roles & ROLE_MANAGER)
        return OK;
    if (!text_equal(actor->department, facts->file.department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "case_id", NULL);
    return OK;
}

enum refusal case_open_by_key(const struct case_facts *facts, struct decision *out)
{
    if (facts->found && facts->key_holds)
        return OK;
    return decision_refuse(out, REFUSED_NOT_FOUND, "case_no", "没有找到该办件。请核对办件编号和查询码。");
}

enum refusal case_in_state(const struct case_facts *facts, int64_t state, struct decision *out)
{
    if (facts->file.state == state)
        return OK;
    struct text message =
        text_format(out->arena, "办件现为“%s”，不能进行此操作。",
                    case_state_words[facts->file.state].label);
    return decision_refuse(out, facts->file.state > state ? REFUSED_STALE : REFUSED_STATE, "",
                           message.at);
}

enum refusal case_draft_of(const struct case_facts *facts, struct decision *out)
{
    enum refusal refusal = case_open_by_key(facts, out);
    if (refusal == OK)
        out->location = case_my_location(&facts->file, out->arena);
    return refusal == OK ? case_in_state(facts, CASE_DRAFT, out) : refusal;
}

struct text case_document_no(const struct case_file *file, enum paper paper, struct arena *arena)
{
    /* The rest come once in a case: acceptance or not, one decision, one extension (law 42). */
    static const char *const signs[] = {
        [PAPER_ACCEPTANCE] = "受", [PAPER_NON_ACCEPTANCE] = "不受", [PAPER_SUPPLEMENT] = "补",
        [PAPER_GRANT] = "许",      [PAPER_REFUSAL] = "不许",        [PAPER_EXTENSION] = "延",
        [PAPER_SPECIAL] = "特",    [PAPER_TERMINATION] = "终",
    };
    int64_t before = paper == PAPER_SUPPLEMENT ? file->supplements
                     : paper == PAPER_SPECIAL  ? file->suspensions
                                               : 0;
    return text_format(arena, "%.*s-%s-%lld", TEXT_ARG(file->case_no), signs[paper],
                       (long long)before + 1);
}

void case_measures_check(const struct case_facts *facts, const struct context *context,
                         int64_t amount_fen, int64_t area_m2, struct decision *out)
{
    const struct item *item =
        catalogue_item(context, facts->file.item_code, facts->file.item_version);
    const struct {
        int64_t kind, value;
        const char *field;
    } stated[] = {{MEASURE_AMOUNT, amount_fen, "amount_fen"}, {MEASURE_AREA, area_m2, "area_m2"}};
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        const struct measure *measure = item ? item_measure(item, stated[i].kind) : NULL;
        const char *label = measure_kind_words[stated[i].kind].label;
        if (!measure && stated[i].value)
            decision_refuse(out, REFUSED_CONFLICT, stated[i].field,
                            text_format(out->arena, "本事项不填写%s。", label).at);
        else if (measure && measure->required && !stated[i].value)
            decision_refuse(
                out, REFUSED_MISSING, stated[i].field,
                text_format(out->arena, "请填写%.*s。", TEXT_ARG(measure->name)).at);
    }
}

const struct case_material *case_material_of(const struct case_facts *facts, struct text code)
{
    const struct case_material *materials = facts->materials.items;
    for (size_t i = 0; i < facts->materials.count; i++)
        if (text_equal(materials[i].code, code))
            return &materials[i];
    return NULL;
}
