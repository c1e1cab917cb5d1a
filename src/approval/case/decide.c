/* From handing in to acceptance. Pure: facts, command and context in, events or a refusal out. */
#include "approval/case/parts.h"

static struct text subject_of(const struct case_facts *facts, const struct context *context)
{
    return case_subject(facts->file.case_id, context->arena);
}

static struct list missing_materials(const struct case_facts *facts, struct arena *arena)
{
    const struct case_material *materials = facts->materials.items;
    struct text *codes = arena_array(arena, facts->materials.count, sizeof *codes);
    size_t count = 0;
    for (size_t i = 0; i < facts->materials.count; i++)
        if (materials[i].required && materials[i].state == MATERIAL_NONE)
            codes[count++] = materials[i].code;
    return (struct list){codes, count};
}

/* The authority has 5 working days from receipt, which the application itself is (law 32), or fewer if
 * the region says so: the clock of the answer starts when it is handed in, not when somebody gets
 * round to opening it. */
static enum refusal start_answer(const struct case_facts *facts, const struct context *context,
                                 struct due *due, struct decision *out)
{
    int64_t day;
    enum refusal refusal = case_day(context, &facts->file, context->now_ms, &day, out);
    if (refusal != OK)
        return refusal;
    return case_deadline_start(context, facts, DEADLINE_ANSWER,
                               DEADLINE_SUPPLEMENT_ANSWER, day,
                               limit_working(working_days(
                                   catalogue_days(catalogue_of(context), SETTING_SUPPLEMENT_DAYS))),
                               due, out);
}

/* From now on the staff may read what came as files. */
static void hand_over_files(const struct case_facts *facts, const struct context *context,
                            struct decision *out)
{
    const struct case_material *materials = facts->materials.items;
    struct text *hashes = arena_array(out->arena, facts->materials.count, sizeof *hashes);
    struct list files = {hashes, 0};
    for (size_t i = 0; i < facts->materials.count; i++)
        if (materials[i].file_sha256.len)
            hashes[files.count++] = materials[i].file_sha256;
    if (files.count && facts->file.channel == CHANNEL_WEB)
        files_hand_over(out, subject_of(facts, context), &files);
}

DECIDE(case_decide_submit)
{
    const struct case_facts *known = facts;
    const struct case_file *file = &known->file;
    struct due due;
    enum refusal refusal = case_draft_of(known, out);
    (void)input; /* that it is declared the shape has seen to */
    if (refusal != OK)
        return refusal;
    /* Begun in time and handed in too late: a withdrawn item takes no new case after its last day. */
    if (!catalogue_item(context, file->item_code, 0))
        return decision_refuse(out, REFUSED_ITEM, "",
                               "该事项现在不接受新的申请，请查看办事指南中的说明。");
    if (!file->applicant_name.len)
        decision_refuse(out, REFUSED_MISSING, "applicant_name", "请先填写申请人。");
    if (!file->phone.len)
        decision_refuse(out, REFUSED_MISSING, "phone", "请先填写联系方式。");
    else if (file->delivery_method == DELIVERY_POST && !file->address.len)
        decision_refuse(out, REFUSED_MISSING, "address", "选择邮寄送达的，请先在联系方式中填写收件地址。");
    if (!file->delivery_method)
        decision_refuse(out, REFUSED_MISSING, "delivery_method", "请先选择领取方式。");
    if (!file->matter.len)
        decision_refuse(out, REFUSED_MISSING, "matter", "请先填写申请内容。");
    else
        case_measures_check(known, context, file->amount_fen, file->area_m2, out);
    if (out->problems.count)
        return REFUSED_MISSING;
    struct submitted *body = arena_alloc(out->arena, sizeof *body);
    body->missing = missing_materials(known, out->arena);
    body->by = case_done_by(context, file->department, ROLE_CLERK);
    decision_emit(out, &case_submitted_event, subject_of(known, context), body);
    hand_over_files(known, context, out);
    refusal = start_answer(known, context, &due, out);
    if (refusal != OK)
        return refusal;
    body->due_at = due.at;
    out->location = text_format(out->arena, "%.*s/done",
                                TEXT_ARG(case_my_location(file, out->arena)));
    if (case_actor_clerk(context)) {
        /* At the window handing in and receiving are one. */
        struct received *received = arena_alloc(out->arena, sizeof *received);
        received->due_at = due.at;
        received->by = body->by;
        decision_emit(out, &case_received_event, subject_of(known, context), received);
        out->location = case_location(known, context);
    }
    return OK;
}

DECIDE(case_decide_withdraw)
{
    const struct case_facts *known = facts;
    const struct case_withdraw *said = input;
    enum refusal refusal = case_open_by_key(known, out);
    if (refusal != OK)
        return refusal;
    if (known->file.state < CASE_DRAFT || known->file.state > CASE_FORWARDED)
        return decision_refuse(out, REFUSED_TOO_LATE, "", "已作出决定或已结束的办件不能撤回。");
    struct withdrawn *body = arena_alloc(out->arena, sizeof *body);
    body->reason = said->reason;
    body->by = case_done_by(context, known->file.department, ROLE_CLERK);
    decision_emit(out, &case_withdrawn_event, subject_of(known, context), body);
    out->location = case_my_location(&known->file, out->arena);
    return case_deadline_close(known, NULL, true, context, out);
}

DECIDE(case_decide_receive)
{
    const struct case_facts *known = facts;
    struct done_by by;
    enum refusal refusal = case_open_to(known, context, out);
    (void)input;
    if (refusal == OK)
        refusal = case_in_state(known, CASE_SUBMITTED, out);
    if (refusal == OK)
        refusal = case_authority(known, context, POWER_RECEIVE, 0, &by, out);
    if (refusal != OK)
        return refusal;
    struct received *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct received){.due_at = known->file.due_at, .by = by};
    decision_emit(out, &case_received_event, subject_of(known, context), body);
    out->location = case_location(known, context);
    return OK;
}

/* What a finding makes of a material. */
static const enum material_state found_state[] = {[FINDING_CHECKED] = MATERIAL_CHECKED,
                                                  [FINDING_WRONG] = MATERIAL_WRONG,
                                                  [FINDING_DEFERRED] = MATERIAL_DEFERRED};

static struct list looked_at(const struct list *findings, struct arena *arena)
{
    const struct material_finding *found = findings->items;
    struct checked *list = arena_array(arena, findings->count, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++)
        if (found[i].state != FINDING_NONE)
            list[count++] =
                (struct checked){found[i].code, found_state[found[i].state], found[i].note};
    return (struct list){list, count};
}

/* As they were: so that the check can be undone. */
static struct list as_they_are(const struct case_facts *facts, const struct list *checked,
                               struct arena *arena)
{
    const struct checked *found = checked->items;
    struct checked *list = arena_array(arena, checked->count, sizeof *list);
    for (size_t i = 0; i < checked->count; i++) {
        const struct case_material *material = case_material_of(facts, found[i].code);
        list[i] = (struct checked){found[i].code, material->state, material->note};
    }
    return (struct list){list, checked->count};
}

DECIDE(case_decide_check)
{
    const struct case_facts *known = facts;
    const struct case_check *said = input;
    const struct material_finding *found = said->materials.items;
    struct done_by by;
    enum refusal refusal = case_open_to(known, context, out);
    if (refusal == OK)
        refusal = case_in_state(known, CASE_RECEIVED, out);
    if (refusal == OK)
        refusal = case_authority(known, context, POWER_RECEIVE, 0, &by, out);
    if (refusal != OK)
        return refusal;
    for (size_t i = 0; i < said->materials.count; i++) {
        const struct case_material *material = case_material_of(known, found[i].code);
        const char *field = text_format(out->arena, "materials.%zu.state", i).at;
        if (!material)
            decision_refuse(out, REFUSED_REFERENCE, field, "该事项没有这项材料。");
        else if (found[i].state == FINDING_DEFERRED && !material->can_defer)
            decision_refuse(out, REFUSED_MATERIAL, field, "该材料不可容缺。");
        else if (found[i].state == FINDING_WRONG && !found[i].note.len)
            decision_refuse(out, REFUSED_REASON,
                            text_format(out->arena, "materials.%zu.note", i).at,
                            "请写明需要补正的内容。");
    }
    if (out->problems.count)
        return out->problems.items[0].code;
    struct materials_checked *body = arena_alloc(out->arena, sizeof *body);
    body->materials = looked_at(&said->materials, out->arena);
    body->before = as_they_are(known, &body->materials, out->arena);
    body->by = by;
    if (!body->materials.count)
        return decision_refuse(out, REFUSED_MISSING, "materials", "请至少核对一项材料。");
    decision_emit(out, &case_checked_event, subject_of(known, context), body);
    out->location = case_location(known, context);
    return OK;
}

/* Starts the clocks of acceptance and fills what they come to. */
static enum refusal start_clocks(const struct case_facts *facts, const struct context *context,
                                 const struct item *item, int64_t day, struct accepted *body,
                                 struct decision *out)
{
    struct due promised = {0}, statutory = {0};
    enum refusal refusal = OK;
    body->promised_days = item->promised_days;
    body->promised_unit = item->promised_unit;
    body->statutory_days = item->statutory_days;
    body->statutory_unit = item->statutory_unit;
    if (item->promised_unit != DAYS_NONE)
        refusal = case_deadline_start(context, facts, DEADLINE_OF_PROMISE, DEADLINE_PROMISED, day,
                                      (struct limit){item->promised_unit, item->promised_days},
                                      &promised, out);
    else if (item->case_kind == CASE_ON_SPOT)
        promised.date = day;
    if (refusal == OK && item->statutory_unit != DAYS_NONE)
        refusal = case_deadline_start(context, facts, DEADLINE_OF_LAW, DEADLINE_STATUTORY, day,
                                      (struct limit){item->statutory_unit, item->statutory_days},
                                      &statutory, out);
    body->promised_date = promised.date;
    body->statutory_date = statutory.date;
    body->due_at = case_next_due(&promised, &statutory);
    return refusal;
}

static enum refusal start_gap(const struct case_facts *facts, const struct context *context,
                              const struct item *item, int64_t day, const struct accepted *body,
                              struct decision *out)
{
    const struct text *codes = body->deferred.items;
    int64_t days = 0;
    struct due due;
    for (size_t i = 0; i < body->deferred.count; i++) {
        const struct material *material = item_material(item, codes[i]);
        if (material && material->defer_days > days)
            days = material->defer_days;
    }
    return case_deadline_start(context, facts, DEADLINE_GAP, DEADLINE_CUSTOM, day,
                               limit_working(working_days(days ? days : 1)), &due, out);
}

/* What a case must have to be accepted: each required material looked at and in order, or deferred
 * against a written promise. All that is wrong is said at once. */
static void collect_materials(const struct case_facts *facts, const struct case_accept *said,
                              struct accepted *body, struct decision *out)
{
    const struct case_material *materials = facts->materials.items;
    struct text *deferred = arena_array(out->arena, facts->materials.count, sizeof *deferred);
    for (size_t i = 0; i < facts->materials.count; i++) {
        const struct case_material *material = &materials[i];
        if (material->state == MATERIAL_DEFERRED) {
            deferred[body->deferred.count++] = material->code;
        } else if (!case_material_in_order(material->state, material->required)) {
            struct text message = text_format(
                out->arena, "材料“%.*s”%s。请核对材料，或发出补正通知。", TEXT_ARG(material->name),
                material_state_words[material->state].label);
            decision_refuse(out, REFUSED_MATERIAL, "", message.at);
        }
    }
    body->deferred.items = deferred;
    body->gap = body->deferred.count > 0;
    if (body->gap && !said->promise.len)
        decision_refuse(out, REFUSED_MATERIAL, "promise", "容缺受理须有申请人的书面承诺。");
}

DECIDE(case_decide_accept)
{
    const struct case_facts *known = facts;
    const struct case_accept *said = input;
    enum refusal refusal = case_open_to(known, context, out);
    int64_t day;
    struct done_by by;
    if (refusal == OK)
        refusal = case_unanswered(known, CASE_RECEIVED, context, out);
    if (refusal == OK)
        refusal = case_authority(known, context, POWER_RECEIVE, 0, &by, out);
    if (refusal == OK)
        refusal = case_day(context, &known->file, context->now_ms, &day, out);
    if (refusal != OK)
        return refusal;
    const struct item *item =
        catalogue_item(context, known->file.item_code, known->file.item_version);
    if (!item)
        return decision_refuse(out, REFUSED_ITEM, "", NULL);
    struct accepted *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct accepted){.promise = said->promise,
                              .accepted_at = context->now_ms,
                              .received_at = known->file.received_at,
                              .by = by,
                              .document_no = case_document_no(&known->file, PAPER_ACCEPTANCE,
                                                              out->arena)};
    collect_materials(known, said, body, out);
    if (out->problems.count)
        return REFUSED_MATERIAL;
    decision_emit(out, &case_accepted_event, subject_of(known, context), body);
    refusal = case_deadline_close(known, DEADLINE_ANSWER, false, context, out);
    if (refusal == OK)
        refusal = start_clocks(known, context, item, day, body, out);
    if (refusal == OK && body->gap)
        refusal = start_gap(known, context, item, day, body, out);
    out->location = case_location(known, context);
    return refusal;
}

/* Silence of 5 working days is acceptance, as of the day of receipt (law 32(4)). */
DECIDE(case_decide_deem)
{
    const struct case_facts *known = facts;
    enum refusal refusal = case_open_to(known, context, out);
    int64_t day;
    (void)input;
    if (refusal == OK && known->file.state != CASE_SUBMITTED)
        refusal = case_in_state(known, CASE_RECEIVED, out);
    if (refusal == OK && !case_deadline_passed(known, DEADLINE_ANSWER, context))
        refusal = decision_refuse(out, REFUSED_NOT_YET, "", NULL);
    if (refusal != OK)
        return refusal;
    const struct item *item =
        catalogue_item(context, known->file.item_code, known->file.item_version);
    if (!item)
        return decision_refuse(out, REFUSED_ITEM, "", NULL);
    /* After a supplement the legal receipt is that of the complete papers. */
    int64_t received = known->file.supplements ? known->file.received_at : known->file.submitted_at;
    refusal = case_day(context, &known->file, received, &day, out);
    if (refusal != OK)
        return refusal;
    struct accepted *body = arena_alloc(out->arena, sizeof *body);
    /* Nobody wrote a notice: silence has no number. */
    *body = (struct accepted){.deemed = true,
                              .accepted_at = received,
                              .received_at = received,
                              .by = case_done_by(context, known->file.department, 0)};
    decision_emit(out, &case_accepted_event, subject_of(known, context), body);
    refusal = case_deadline_close(known, DEADLINE_ANSWER, false, context, out);
    return refusal == OK ? start_clocks(known, context, item, day, body, out) : refusal;
}

static struct reasoned *reasoned(const struct case_facts *facts, const struct case_reason *said,
                                 const struct context *context, struct decision *out)
{
    const struct item *item =
        catalogue_item(context, facts->file.item_code, facts->file.item_version);
    struct reasoned *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct reasoned){
        .reason = said->reason,
        .basis = said->basis,
        .remedy = item ? item_remedy(item, time_date(context->now_ms)) : TEXT("")};
    return body;
}

DECIDE(case_decide_not_accept)
{
    const struct case_facts *known = facts;
    enum refusal refusal = case_open_to(known, context, out);
    bool early = known->file.state == CASE_SUBMITTED;
    struct done_by by;
    if (refusal == OK)
        refusal = case_unanswered(known, early ? CASE_SUBMITTED : CASE_RECEIVED, context, out);
    if (refusal == OK)
        refusal = case_authority(known, context, POWER_RECEIVE, 0, &by, out);
    if (refusal != OK)
        return refusal;
    struct reasoned *body = reasoned(known, input, context, out);
    body->by = by;
    body->document_no = case_document_no(&known->file, PAPER_NON_ACCEPTANCE, out->arena);
    decision_emit(out, &case_not_accepted_event, subject_of(known, context), body);
    out->location = case_location(known, context);
    return case_deadline_close(known, NULL, false, context, out);
}

/* Everything that is missing or wrong, in one list: telling it in instalments is what article 32
 * forbids. */
static struct list all_missing(const struct case_facts *facts, struct arena *arena)
{
    const struct case_material *materials = facts->materials.items;
    struct checked *list = arena_array(arena, facts->materials.count, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < facts->materials.count; i++) {
        const struct case_material *material = &materials[i];
        if (material->state != MATERIAL_WRONG &&
            !(material->required && material->state == MATERIAL_NONE))
            continue;
        list[count++] = (struct checked){material->code, material->state,
                                         material->note.len ? material->note : TEXT("未提交")};
    }
    return (struct list){list, count};
}

DECIDE(case_decide_supplement)
{
    const struct case_facts *known = facts;
    const struct case_supplement *said = input;
    struct due due;
    int64_t day;
    struct done_by by;
    enum refusal refusal = case_open_to(known, context, out);
    if (refusal == OK)
        refusal = case_unanswered(known, CASE_RECEIVED, context, out);
    if (refusal == OK)
        refusal = case_authority(known, context, POWER_RECEIVE, 0, &by, out);
    if (refusal == OK && known->file.supplements)
        refusal = decision_refuse(out, REFUSED_ONCE, "",
                                  "补正只能一次性告知，本办件已发出过补正通知（行政许可法第三十二条）。");
    if (refusal == OK)
        refusal = case_day(context, &known->file, context->now_ms, &day, out);
    if (refusal != OK)
        return refusal;
    struct supplement_asked *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct supplement_asked){.materials = all_missing(known, out->arena),
                                      .supply_days = said->supply_days,
                                      .note = said->note,
                                      .by = by,
                                      .document_no = case_document_no(
                                          &known->file, PAPER_SUPPLEMENT, out->arena)};
    if (!body->materials.count)
        return decision_refuse(out, REFUSED_MATERIAL, "",
                               "没有需要补正的材料。请先核对材料，标明缺少或不符合要求的材料。");
    if (!body->supply_days)
        body->supply_days = catalogue_days(catalogue_of(context), SETTING_SUPPLY_DAYS);
    decision_emit(out, &case_supplement_event, subject_of(known, context), body);
    refusal = case_deadline_close(known, DEADLINE_ANSWER, false, context, out);
    if (refusal == OK)
        refusal = case_deadline_start(context, known, DEADLINE_SUPPLY, DEADLINE_CUSTOM,
                                  day, limit_working(working_days(body->supply_days)), &due, out);
    if (refusal == OK)
        body->due_at = due.at;
    out->location = case_location(known, context);
    return refusal;
}

DECIDE(case_decide_supplied)
{
    const struct case_facts *known = facts;
    struct due due;
    enum refusal refusal = case_open_by_key(known, out);
    (void)input;
    if (refusal == OK)
        refusal = case_in_state(known, CASE_SUPPLEMENT, out);
    if (refusal == OK)
        refusal = case_in_time(known, DEADLINE_SUPPLY, "补正期限已过，视为撤回申请。可以重新申请。",
                               context, out);
    if (refusal != OK)
        return refusal;
    struct list missing = all_missing(known, out->arena);
    const struct checked *list = missing.items;
    for (size_t i = 0; i < missing.count; i++) {
        const struct case_material *material = case_material_of(known, list[i].code);
        struct text message = text_format(out->arena, "材料“%.*s”尚未补正：%.*s。",
                                          TEXT_ARG(material->name), TEXT_ARG(list[i].note));
        decision_refuse(out, REFUSED_MATERIAL, "", message.at);
    }
    if (missing.count)
        return REFUSED_MATERIAL;
    struct received *body = arena_alloc(out->arena, sizeof *body);
    body->again = true;
    body->by = case_done_by(context, known->file.department, ROLE_CLERK);
    decision_emit(out, &case_supplied_event, subject_of(known, context), body);
    out->location = case_my_location(&known->file, out->arena);
    refusal = case_deadline_close(known, DEADLINE_SUPPLY, false, context, out);
    if (refusal == OK)
        refusal = start_answer(known, context, &due, out);
    if (refusal == OK)
        body->due_at = due.at;
    return refusal;
}

DECIDE(case_decide_lapse)
{
    const struct case_facts *known = facts;
    enum refusal refusal = case_open_to(known, context, out);
    (void)input;
    if (refusal == OK)
        refusal = case_in_state(known, CASE_SUPPLEMENT, out);
    if (refusal == OK && !case_deadline_passed(known, DEADLINE_SUPPLY, context))
        refusal = decision_refuse(out, REFUSED_NOT_YET, "", NULL);
    if (refusal != OK)
        return refusal;
    struct withdrawn *body = arena_alloc(out->arena, sizeof *body);
    *body = (struct withdrawn){true, TEXT("未在补正期限内补正"),
                               case_done_by(context, known->file.department, 0)};
    decision_emit(out, &case_withdrawn_event, subject_of(known, context), body);
    return case_deadline_close(known, NULL, false, context, out);
}
