/* The draft: begun, filled in part by part by whoever holds number and code. Pure: facts, command and
 * context in, events or a refusal out. */
#include "approval/case/parts.h"
#include "base/idcode.h"
#include "base/random.h"

#define CODE_LENGTH 12 /* characters of the query code: 59 bits */

static struct text subject_of(const struct case_facts *facts, const struct context *context)
{
    return case_subject(facts->file.case_id, context->arena);
}

struct list case_materials_of_item(const struct item *item, struct arena *arena)
{
    const struct material *from = item->materials.items;
    size_t count = item->materials.count;
    struct case_material *to = arena_array(arena, count, sizeof *to);
    for (size_t i = 0; i < count; i++)
        to[i] = (struct case_material){.code = from[i].code,
                                       .name = from[i].name,
                                       .required = from[i].required,
                                       .can_defer = from[i].deferrable};
    return (struct list){to, count};
}

DECIDE(case_decide_draft)
{
    const struct case_facts *known = facts;
    const struct case_draft *draft = input;
    const struct item *item = catalogue_item(context, draft->item_code, 0);
    bool window = case_actor_clerk(context);
    /* Not yet, no longer, or withdrawn: its guide says so. */
    if (!item && catalogue_item(context, draft->item_code, 1))
        return decision_refuse(out, REFUSED_ITEM, "item_code",
                               "该事项现在不接受新的申请，请查看办事指南中的说明。");
    if (!item)
        return decision_refuse(out, REFUSED_NOT_FOUND, "item_code", "没有找到该事项。");
    if (window && !text_equal(context->actor->department, item->department))
        return decision_refuse(out, REFUSED_DEPARTMENT, "item_code", NULL);
    if (!item->can_accept || (!window && !item->online))
        return decision_refuse(out, REFUSED_ITEM, "item_code",
                               "该事项目前不能在这里申请，请查看办事指南中的办理方式。");
    if (item->case_kind == CASE_JOINT)
        return decision_refuse(out, REFUSED_ITEM, "item_code",
                               "该事项由多个部门联合办理，请到窗口咨询办理方式。");
    if (draft->place.len && !catalogue_place(context, draft->place))
        return decision_refuse(out, REFUSED_REFERENCE, "place", NULL);
    struct drafted *body = arena_alloc(out->arena, sizeof *body);
    struct text series =
        case_series(context->region, context->now_ms, item->department, out->arena);
    *body = (struct drafted){
        .case_no = text_format(out->arena, "%.*s-%06lld", TEXT_ARG(series),
                               (long long)known->next_serial),
        .query_code = random_code(out->arena, context->luck, CODE_LENGTH),
        .item_code = item->code,
        .item_version = item->version,
        .item_name = item->name,
        .department = item->department,
        .kind = item->case_kind,
        .channel = window ? CHANNEL_WINDOW : CHANNEL_WEB,
        .place = draft->place.len ? draft->place : context->actor->place,
        .serial = known->next_serial,
        .materials = case_materials_of_item(item, out->arena),
        .by = case_done_by(context, item->department, ROLE_CLERK),
    };
    decision_emit(out, &case_drafted_event, case_subject(context->next_index, out->arena), body);
    struct case_key *key = arena_alloc(out->arena, sizeof *key);
    *key = (struct case_key){body->case_no, body->query_code};
    out->answer_shape = &case_key_shape;
    out->answer = key;
    struct case_file file = {.case_no = key->case_no, .query_code = key->query_code};
    out->location = case_my_location(&file, out->arena);
    return OK;
}

/* A person has a citizen's number, an organisation one of its own kind. */
static enum refusal number_fits(int64_t applicant_type, struct text number, struct decision *out)
{
    bool person = applicant_type == APPLICANT_PERSON;
    if (person == idcode_person(number))
        return OK;
    return decision_refuse(out, REFUSED_CONFLICT, "id_number",
                           person ? "个人申请请填写18位居民身份证号码。"
                                  : "单位申请请填写统一社会信用代码或组织机构代码。");
}

DECIDE(case_decide_applicant)
{
    const struct case_applicant *said = input;
    enum refusal refusal = case_draft_of(facts, out);
    if (refusal == OK)
        refusal = number_fits(said->applicant_type, said->id_number, out);
    if (refusal != OK)
        return refusal;
    struct applicant_set *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct applicant_set){said->applicant_type, said->applicant_name, said->id_number,
                                   said->phone,          said->address,        said->agent_name,
                                   said->agent_phone,    said->delivery_method};
    decision_emit(out, &case_applicant_event, subject_of(facts, context), body);
    return OK;
}

/* One page of it: the event says the whole as it stands afterwards, so the rest is what is known. */
static struct applicant_set *known_applicant(const struct case_facts *facts,
                                             const struct context *context,
                                             struct decision *out)
{
    const struct case_file *file = &facts->file;
    struct applicant_set *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct applicant_set){file->applicant_type, file->applicant_name, file->id_number,
                                   file->phone,          file->address,        file->agent_name,
                                   file->agent_phone,    file->delivery_method};
    decision_emit(out, &case_applicant_event, subject_of(facts, context), body);
    return body;
}

DECIDE(case_decide_who)
{
    const struct case_who *said = input;
    enum refusal refusal = case_draft_of(facts, out);
    if (refusal == OK)
        refusal = number_fits(said->applicant_type, said->id_number, out);
    if (refusal != OK)
        return refusal;
    struct applicant_set *body = known_applicant(facts, context, out);
    body->applicant_type = said->applicant_type;
    body->applicant_name = said->applicant_name;
    body->id_number = said->id_number;
    return OK;
}

DECIDE(case_decide_contact)
{
    const struct case_contact *said = input;
    enum refusal refusal = case_draft_of(facts, out);
    if (refusal != OK)
        return refusal;
    struct applicant_set *body = known_applicant(facts, context, out);
    body->phone = said->phone;
    body->address = said->address;
    body->agent_name = said->agent_name;
    body->agent_phone = said->agent_phone;
    return OK;
}

DECIDE(case_decide_way)
{
    const struct case_way *said = input;
    enum refusal refusal = case_draft_of(facts, out);
    if (refusal != OK)
        return refusal;
    known_applicant(facts, context, out)->delivery_method = said->delivery_method;
    return OK;
}

DECIDE(case_decide_matter)
{
    const struct case_matter *said = input;
    enum refusal refusal = case_draft_of(facts, out);
    if (refusal != OK)
        return refusal;
    case_measures_check(facts, context, said->amount_fen, said->area_m2, out);
    if (out->problems.count)
        return out->problems.items[0].code;
    struct matter_set *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct matter_set){said->matter, said->details, said->amount_fen, said->area_m2};
    decision_emit(out, &case_matter_event, subject_of(facts, context), body);
    return OK;
}

/* What the address alone says: the key, the material, and whether it is wanted now. */
DECIDE(case_admit_provide)
{
    const struct case_facts *known = facts;
    const struct case_provide *said = input;
    (void)context;
    enum refusal refusal = case_open_by_key(known, out);
    if (refusal != OK)
        return refusal;
    const struct case_material *material = case_material_of(known, said->code);
    bool open = known->file.state == CASE_DRAFT || known->file.state == CASE_SUPPLEMENT ||
                (material && material->state == MATERIAL_DEFERRED && !known->file.closed_at);
    if (!material)
        return decision_refuse(out, REFUSED_REFERENCE, "code", "该事项没有这项材料。");
    return open ? OK : case_in_state(known, CASE_DRAFT, out);
}

DECIDE(case_decide_provide)
{
    const struct case_facts *known = facts;
    const struct case_provide *said = input;
    enum refusal refusal = case_admit_provide(facts, input, context, out);
    if (refusal != OK)
        return refusal;
    if (!said->paper && !said->document.sha256.len)
        return decision_refuse(out, REFUSED_MISSING, "document", "请选择文件，或选择到窗口提交纸质材料。");
    if (said->paper && said->document.sha256.len)
        return decision_refuse(out, REFUSED_CONFLICT, "paper", "上传文件和提交纸质材料请只选一种。");
    struct provided *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct provided){.code = said->code, .state = MATERIAL_PAPER};
    if (said->document.sha256.len) {
        body->state = MATERIAL_FILE;
        body->file_sha256 = said->document.sha256;
        body->file_name = said->document.name;
        body->media_type = said->document.media_type;
        body->file_size = said->document.size;
        files_emit(out, &said->document, subject_of(facts, context), known->file.department,
                   known->file.state == CASE_DRAFT && known->file.channel == CHANNEL_WEB);
    }
    decision_emit(out, &case_provided_event, subject_of(facts, context), body);
    out->location = text_format(out->arena, "%.*s/materials",
                                TEXT_ARG(case_my_location(&known->file, out->arena)));
    return OK;
}
