/* The papers of a case: which there are, who may have them, and what stands in each. */
#include "approval/case/papers.h"

const struct word printed_words[] = {
    {"none", ""},
    {"materials", "申请材料接收凭证"},
    {"supplement", "补正材料通知书"},
    {"not_accepted", "不予受理告知书"},
    {"accepted", "受理通知书"},
    {"supplied", "补正材料接收凭证"},
    {"refused", "不予许可决定书"},
    {"special", "特别程序告知书"},
    {"to_sign", "送达回证"},
    {"delivered", "送达回证"},
    {"granted", "准予许可决定书"},
    {"extended", "延长办理期限告知书"},
    {"gap", "容缺材料接收凭证"},
    {"terminated", "终止办理告知书"},
    {NULL, NULL},
};

const struct word sheet_words[] = {{"a4", "A4纸"}, {"roll", "80毫米小票"}, {NULL, NULL}};

/* The step, the paper that it makes, and that paper's number among those of a centre. */
static const struct {
    const struct event_kind *kind;
    enum printed printed;
    const char *model;
} steps[] = {
    {&case_submitted_event, PRINTED_MATERIALS, "01"},
    {&case_supplement_event, PRINTED_SUPPLEMENT, "02"},
    {&case_not_accepted_event, PRINTED_NOT_ACCEPTED, "03"},
    {&case_accepted_event, PRINTED_ACCEPTED, "04"},
    {&case_supplied_event, PRINTED_SUPPLIED, "05"},
    {&case_refused_event, PRINTED_REFUSED, "07"},
    {&case_suspended_event, PRINTED_SPECIAL, "08"},
    {&case_issued_event, PRINTED_TO_SIGN, "09"},
    {&case_delivered_event, PRINTED_DELIVERED, "09"},
    {&case_granted_event, PRINTED_GRANTED, ""},
    {&case_extended_event, PRINTED_EXTENDED, ""},
    {&case_gap_closed_event, PRINTED_GAP, ""},
    {&case_terminated_event, PRINTED_TERMINATED, ""},
};

enum printed case_printed(const struct event_kind *kind, const void *body, int64_t state)
{
    if (kind == &case_accepted_event && ((const struct accepted *)body)->deemed)
        return PRINTED_NONE;
    /* Once it has been handed over there is the slip that says so. */
    if (kind == &case_issued_event && state != CASE_ISSUED)
        return PRINTED_NONE;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].kind == kind)
            return steps[i].printed;
    return PRINTED_NONE;
}

static const char *model_of(enum printed printed)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].printed == printed)
            return steps[i].model;
    return "";
}

bool case_papers_open_to(const struct actor *actor, const struct case_file *file)
{
    return case_duty(actor, file) || (actor->roles & ROLE_SUPERVISOR);
}

/* An entry of the case, read. */
struct step {
    const struct event_kind *kind;
    const struct entry *entry;
    void *body;
};

static bool step_read(const struct entry *entry, bool whole, struct arena *arena, struct step *out)
{
    struct fault unread = {0};
    *out = (struct step){case_event_named(entry->head.kind), entry, NULL};
    if (!out->kind)
        return false;
    out->body = arena_alloc(arena, out->kind->shape->size);
    return shape_read_json(out->kind->shape, entry->body, arena, out->body, &unread) &&
           (!whole || !entry->private_body.len ||
            shape_read_json(out->kind->shape, entry->private_body, arena, out->body, &unread));
}

static void show_issuer(const struct look_context *context, const struct case_file *file,
                        const struct item *item, struct paper_page *page)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct department *department = catalogue_find_department(catalogue, file->department);
    const struct region *region = catalogue_region(catalogue);
    const struct place *place = catalogue_find_place(catalogue, file->place);
    if (region)
        page->centre = region->centre;
    if (department)
        page->department_name = department_name_on(department, page->dated);
    page->place_name = page->centre;
    if (place) {
        page->place_name = place->name;
        page->place_address = place->address;
    }
    page->consult = item && item->consult.len             ? item->consult
                    : department && department->phone.len ? department->phone
                    : region                              ? region->phone
                                                          : TEXT("");
    if (item)
        page->complain = item->complain;
}

static void show_case(const struct case_file *file, const struct item *item, bool whole,
                      struct arena *arena, struct paper_page *page)
{
    page->case_no = file->case_no;
    page->item_name = file->item_name;
    page->permit = item && item->type == ITEM_PERMIT;
    page->applicant_type = file->applicant_type;
    page->applicant_shown = whole ? file->applicant_name : case_mask_applicant(file, arena);
    /* Whoever finds the sheet needs the number as little as they need more than its ends to tell
     * people of one name apart. */
    page->id_shown = case_mask_id(file, arena);
    page->channel = file->channel;
    page->submitted_on = time_date(file->submitted_at);
    page->delivery_method = file->delivery_method;
    if (whole) {
        page->agent_name = file->agent_name;
        page->matter = file->matter;
    }
    if (item)
        page->accept_note = item->accept_note;
}

/* As the guide asks for it: "原件1份", "复印件". */
static struct text wanted_said(const struct item *item, struct text code, struct arena *arena)
{
    const struct material *material = item ? item_material(item, code) : NULL;
    if (!material || material->form == FORM_NONE)
        return TEXT("");
    const char *form = material_form_words[material->form].label;
    if (material->form == FORM_ELECTRONIC)
        return text_of(form);
    return text_format(arena, "%s%lld份", form,
                       (long long)(material->copies ? material->copies : 1));
}

static void add_row(struct paper_page *page, const struct item *item, struct text code,
                    struct text name, struct text said, struct arena *arena)
{
    struct paper_row *rows = page->rows.items;
    rows[page->rows.count++] = (struct paper_row){name, wanted_said(item, code, arena), said};
}

static const struct case_material *material_of(const struct list *materials, struct text code)
{
    const struct case_material *material = materials->items;
    for (size_t i = 0; i < materials->count; i++)
        if (text_equal(material[i].code, code))
            return &material[i];
    return NULL;
}

static struct text name_of_material(const struct list *materials, struct text code)
{
    const struct case_material *material = material_of(materials, code);
    return material ? material->name : code;
}

/* What of this material came between two entries of the case. */
static int64_t came(const struct list *entries, struct text code, int64_t after, int64_t before,
                    struct arena *arena)
{
    const struct entry *entry = entries->items;
    int64_t state = MATERIAL_NONE;
    for (size_t i = 0; i < entries->count; i++) {
        struct step step;
        if (entry[i].head.index <= after || entry[i].head.index >= before ||
            !text_is(entry[i].head.kind, case_provided_event.name) ||
            !step_read(&entry[i], false, arena, &step))
            continue;
        const struct provided *provided = step.body;
        if (text_equal(provided->code, code))
            state = provided->state;
    }
    return state;
}

/* The last entry of that kind before this one; NULL: none. */
static const struct entry *last_before(const struct list *entries, const struct event_kind *kind,
                                       int64_t index)
{
    const struct entry *entry = entries->items, *found = NULL;
    for (size_t i = 0; i < entries->count && entry[i].head.index < index; i++)
        if (text_is(entry[i].head.kind, kind->name))
            found = &entry[i];
    return found;
}

/* What a paper is made of. */
struct making {
    const struct look_context *context;
    const struct case_file *file;
    const struct item *item;
    const struct list *entries;   /* struct entry: of the case */
    const struct list *materials; /* struct case_material */
    struct step step;
    bool whole;
};

/* What was handed in: at first whatever the item asks for, after a notice what came since. */
static void show_provided(const struct making *making, int64_t after, struct paper_page *page)
{
    const struct case_material *materials = making->materials->items;
    for (size_t i = 0; i < making->materials->count; i++) {
        int64_t state = came(making->entries, materials[i].code, after, page->index,
                             making->context->arena);
        if (state == MATERIAL_NONE && (after >= 0 || !materials[i].required))
            continue;
        add_row(page, making->item, materials[i].code, materials[i].name,
                text_of(material_state_words[state].label), making->context->arena);
    }
}

static void show_submitted(const struct making *making, struct paper_page *page)
{
    show_provided(making, -1, page);
    page->due_at = ((const struct submitted *)making->step.body)->due_at;
}

static void show_supplied(const struct making *making, struct paper_page *page)
{
    const struct entry *asked = last_before(making->entries, &case_supplement_event, page->index);
    show_provided(making, asked ? asked->head.index : 0, page);
    page->due_at = ((const struct received *)making->step.body)->due_at;
}

static void show_gap(const struct making *making, struct paper_page *page)
{
    const struct gap_closed *closed = making->step.body;
    add_row(page, making->item, closed->code, name_of_material(making->materials, closed->code),
            TEXT("已核对"), making->context->arena);
    if (closed->all)
        page->note = TEXT("容缺受理时承诺后补的材料已全部补齐。");
}

static void show_supplement(const struct making *making, struct paper_page *page)
{
    const struct supplement_asked *asked = making->step.body;
    const struct checked *checked = asked->materials.items;
    for (size_t i = 0; i < asked->materials.count; i++) {
        struct text said = text_of(material_state_words[checked[i].state].label);
        if (making->whole && checked[i].note.len && !text_equal(checked[i].note, said))
            said = text_format(making->context->arena, "%.*s：%.*s", TEXT_ARG(said),
                               TEXT_ARG(checked[i].note));
        add_row(page, making->item, checked[i].code,
                name_of_material(making->materials, checked[i].code), said,
                making->context->arena);
    }
    page->days = asked->supply_days;
    page->due_at = asked->due_at;
    page->note = asked->note;
}

static void show_accepted(const struct making *making, struct paper_page *page)
{
    const struct accepted *accepted = making->step.body;
    const struct text *deferred = accepted->deferred.items;
    for (size_t i = 0; i < accepted->deferred.count; i++)
        add_row(page, making->item, deferred[i], name_of_material(making->materials, deferred[i]),
                TEXT("容缺后补"), making->context->arena);
    page->promised_date = accepted->promised_date;
    page->statutory_date = accepted->statutory_date;
    page->note = accepted->promise;
    if (making->item) {
        page->promised_said = item_promised_said(making->item, making->context->arena);
        page->statutory_said = item_statutory_said(making->item, making->context->arena);
    }
}

static void show_reasoned(const struct making *making, struct paper_page *page)
{
    const struct reasoned *reasoned = making->step.body;
    page->reason = reasoned->reason;
    page->basis = reasoned->basis;
    page->remedy = reasoned->remedy;
}

static void show_decided(const struct making *making, struct paper_page *page)
{
    const struct decided *decided = making->step.body;
    page->reason = decided->reason;
    page->basis = decided->basis;
    page->remedy = decided->remedy;
    page->due_at = decided->due_at;
}

static void show_suspended(const struct making *making, struct paper_page *page)
{
    const struct suspended *suspended = making->step.body;
    page->special = suspended->kind;
    page->days = suspended->planned_days;
    page->reason = suspended->reason;
    page->office_paper = suspended->paper;
}

static void show_extended(const struct making *making, struct paper_page *page)
{
    const struct extended *extended = making->step.body;
    page->days = extended->days;
    page->reason = extended->reason;
    page->promised_date = extended->promised_date;
    page->statutory_date = extended->statutory_date;
}

/* What is served by a slip: the decision and the certificate of the entries before. */
static void show_served(const struct making *making, struct paper_page *page)
{
    const struct entry *granted =
        last_before(making->entries, &case_granted_event, page->index);
    struct step step;
    if (granted && step_read(granted, false, making->context->arena, &step))
        page->decision_no = ((const struct decided *)step.body)->document_no;
    page->certificate_no = making->file->certificate_no;
    page->method = making->file->delivery_method;
    if (page->printed == PRINTED_DELIVERED) {
        const struct delivered *delivered = making->step.body;
        page->method = delivered->method;
        page->recipient = delivered->recipient;
        page->tracking = delivered->tracking;
        page->delivered_at = page->at;
    } else {
        page->valid_to = ((const struct issued *)making->step.body)->valid_to;
    }
}

static void (*const shows[])(const struct making *making, struct paper_page *page) = {
    [PRINTED_MATERIALS] = show_submitted,   [PRINTED_SUPPLEMENT] = show_supplement,
    [PRINTED_NOT_ACCEPTED] = show_reasoned, [PRINTED_ACCEPTED] = show_accepted,
    [PRINTED_SUPPLIED] = show_supplied,     [PRINTED_REFUSED] = show_decided,
    [PRINTED_SPECIAL] = show_suspended,     [PRINTED_TO_SIGN] = show_served,
    [PRINTED_DELIVERED] = show_served,      [PRINTED_GRANTED] = show_decided,
    [PRINTED_EXTENDED] = show_extended,     [PRINTED_GAP] = show_gap,
    [PRINTED_TERMINATED] = show_reasoned,
};

static void show_entry(const struct making *making, struct paper_page *page)
{
    struct arena *arena = making->context->arena;
    const struct entry_head *head = &making->step.entry->head;
    const struct field *number = shape_field(making->step.kind->shape, TEXT("document_no"));
    page->printed = case_printed(making->step.kind, making->step.body, making->file->state);
    page->title = text_of(printed_words[page->printed].label);
    page->model = text_of(model_of((enum printed)page->printed));
    page->index = head->index;
    page->at = head->at;
    page->dated = time_date(head->at);
    page->step = text_of(making->step.kind->title);
    page->erased = making->step.entry->erased;
    page->check = text_format(arena, "/verify?receipt=%lld", (long long)head->index);
    page->receipt = text_format(arena, "/receipts/%06lld/%lld", (long long)making->context->region,
                                (long long)head->index);
    if (number)
        page->document_no = field_text(number, making->step.body, arena);
}

/* The paper of one entry of the case; not found where that step made none. looked: enum look_why. */
static enum refusal show_paper(const struct look_context *context, const struct case_file *file,
                               int64_t index, int64_t looked, struct paper_page *page,
                               struct fault *why)
{
    bool whole = looked != WHY_MASKED;
    struct text subject = case_subject(file->case_id, context->arena);
    struct list entries = {0}, materials = {0};
    struct making making = {context, file, NULL, &entries, &materials, {0}, whole};
    if (!journal_history(context->db, context->region, subject, -1, 500, context->arena, &entries,
                         why) ||
        !case_materials_read(context->db, context->region, file->case_id, context->arena,
                             &materials, why))
        return OK;
    const struct entry *entry = entries.items;
    size_t at = 0;
    while (at < entries.count && entry[at].head.index != index)
        at++;
    if (at == entries.count || !step_read(&entry[at], whole, context->arena, &making.step) ||
        case_printed(making.step.kind, making.step.body, file->state) == PRINTED_NONE)
        return REFUSED_NOT_FOUND;
    making.item = catalogue_find_item(catalogue_at(context), file->item_code, file->item_version,
                                      context->now_ms);
    page->masked = !whole;
    page->rows.items =
        arena_array(context->arena, materials.count + 1, sizeof(struct paper_row));
    show_entry(&making, page);
    show_issuer(context, file, making.item, page);
    show_case(file, making.item, whole, context->arena, page);
    shows[page->printed](&making, page);
    look_shows(context, (struct shown){
                            .subject = subject, .persons = 1, .masked = !whole, .why = looked});
    return OK;
}

LOOK(case_look_my_paper)
{
    const struct paper_ask *asked = query;
    struct paper_page *page = out;
    struct case_file file;
    bool found = false;
    if (!case_file_by_number(context->db, context->region, asked->case_no, context->arena, &file,
                             &found, why))
        return OK;
    if (!found || !text_equal(file.query_code, asked->query_code))
        return REFUSED_NOT_FOUND;
    page->back = case_my_location(&file, context->arena);
    page->here = text_format(context->arena, "%.*s/papers/%lld", TEXT_ARG(page->back),
                             (long long)asked->index);
    page->sheet = asked->sheet;
    return show_paper(context, &file, asked->index, WHY_KEY, page, why);
}

LOOK(case_look_staff_paper)
{
    const struct staff_paper_ask *asked = query;
    struct paper_page *page = out;
    struct case_file file;
    bool found = false;
    if (!case_file_read(context->db, context->region, asked->case_id, context->arena, &file, &found,
                        why))
        return OK;
    if (!found || case_kept_back(&file))
        return REFUSED_NOT_FOUND;
    if (!case_papers_open_to(context->actor, &file))
        return REFUSED_DEPARTMENT;
    page->back = text_format(context->arena, "/staff/cases/%lld", (long long)file.case_id);
    page->here = text_format(context->arena, "%.*s/papers/%lld", TEXT_ARG(page->back),
                             (long long)asked->index);
    page->sheet = asked->sheet;
    int64_t looked = !case_duty(context->actor, &file) ? WHY_MASKED
                     : case_state_open(file.state)     ? WHY_DUTY
                                                       : WHY_CLOSED;
    return show_paper(context, &file, asked->index, looked, page, why);
}
