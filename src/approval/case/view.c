/* Looks: what citizens and staff see of cases. */
#include "approval/case/view.h"
#include "base/mask.h"

struct text case_mask_applicant(const struct case_file *file, struct arena *arena)
{
    /* An organisation's name is public. */
    return file->applicant_type == APPLICANT_ORGANISATION ? file->applicant_name
                                                          : mask_name(file->applicant_name, arena);
}

struct text case_mask_id(const struct case_file *file, struct arena *arena)
{
    return file->applicant_type == APPLICANT_ORGANISATION
               ? file->id_number
               : mask_id(file->id_number, arena);
}

static void show_person(struct case_page *page, bool whole, struct arena *arena)
{
    const struct case_file *file = &page->file;
    page->applicant_shown =
        whole ? file->applicant_name : case_mask_applicant(file, arena);
    page->id_shown = case_mask_id(file, arena);
    page->phone_shown = whole ? file->phone : mask_phone(file->phone, arena);
}

int64_t case_yellow_until(const struct look_context *context)
{
    int64_t date, remind = catalogue_days(catalogue_at(context), SETTING_REMINDER_DAYS);
    /* Where the days after today are not published yet, whatever runs may be near its end. */
    if (calendar_step(clock_calendar_at(context), time_date(context->now_ms),
                      (struct working_days){remind + 1}, &date) != OK)
        return INT64_MAX;
    return time_at(date, 0);
}

void case_light_of(const struct look_context *context, int64_t due_date, int64_t due_at, int64_t *light,
              struct text *said, int64_t *left)
{
    const struct calendar *calendar = clock_calendar_at(context);
    int64_t today = time_date(context->now_ms);
    struct working_days days = {0};
    *left = 0;
    if (!due_at) {
        *light = LIGHT_GREY;
        *said = TEXT("未计时");
        return;
    }
    bool over = due_at <= context->now_ms;
    enum refusal refusal = over ? calendar_count(calendar, due_date, today, &days)
                                : calendar_count(calendar, today, due_date, &days);
    *left = over ? -days.n : days.n;
    *light = over                                  ? LIGHT_RED
             : due_at <= case_yellow_until(context) ? LIGHT_YELLOW
                                                    : LIGHT_GREEN;
    if (refusal != OK)
        *said = TEXT("期限待日历公布");
    else if (over)
        *said = days.n ? text_format(context->arena, "已超期%lld个工作日", (long long)days.n)
                       : TEXT("今日已超时");
    else
        *said = days.n ? text_format(context->arena, "剩%lld个工作日", (long long)days.n)
                       : TEXT("今日到期");
}

struct text case_unclocked_said(int64_t state)
{
    if (!case_state_open(state))
        return TEXT("已办结");
    return state == CASE_SUSPENDED || state == CASE_FORWARDED ? TEXT("计时中止") : TEXT("未计时");
}

static const char *deadline_name(struct text id)
{
    static const char *const names[][2] = {
        {"/" DEADLINE_ANSWER, "受理答复期限"},   {"/" DEADLINE_OF_PROMISE, "承诺期限"},
        {"/" DEADLINE_OF_LAW, "法定期限"},       {"/" DEADLINE_SUPPLY, "补正期限"},
        {"/" DEADLINE_GAP, "容缺补交期限"},      {"/" DEADLINE_GRACE, "容缺宽限期"},
        {"/" DEADLINE_OF_DELIVERY, "送达期限"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_ends(id, text_of(names[i][0])))
            return names[i][1];
    return "期限";
}

static void show_deadline(const struct look_context *context, const struct clock_deadline *from,
                          struct deadline_view *to)
{
    struct explanation explained;
    const struct reckoning *reckoning = &from->reckoning;
    to->name = text_of(deadline_name(from->id));
    to->id = from->id;
    to->state = from->state;
    to->due_date = reckoning->due_date;
    to->due_at = reckoning->due_at;
    if (from->state == DEADLINE_CLOSED) {
        to->light = LIGHT_GREY;
        to->said = from->outcome == OUTCOME_MET    ? TEXT("按时完成")
                   : from->outcome == OUTCOME_LATE ? TEXT("超期完成")
                                                   : TEXT("已取消");
    } else if (from->state == DEADLINE_PAUSED) {
        to->light = LIGHT_GREY;
        to->said = TEXT("计时中止");
    } else {
        case_light_of(context, reckoning->due_date, reckoning->due_at, &to->light, &to->said,
                 &to->left_days);
    }
    if (deadline_explain(clock_calendar_at(context), clock_opening_at(context, from->hours),
                         &from->deadline, context->arena, &explained) == OK)
        to->how = explained.words;
}

static bool show_deadlines(const struct look_context *context, struct case_page *page,
                           struct fault *why)
{
    struct list found;
    if (!clock_deadlines_read(context->db, context->region,
                              case_subject(page->file.case_id, context->arena), context->arena,
                              &found, why))
        return false;
    const struct clock_deadline *from = found.items;
    struct deadline_view *to = arena_array(context->arena, found.count, sizeof *to);
    int64_t nearest = 0;
    page->light = LIGHT_GREY;
    page->light_said = case_unclocked_said(page->file.state);
    for (size_t i = 0; i < found.count; i++) {
        show_deadline(context, &from[i], &to[i]);
        bool runs = from[i].state == DEADLINE_RUNNING && to[i].due_at;
        if (runs && (!nearest || to[i].due_at < nearest)) {
            nearest = to[i].due_at;
            page->light = to[i].light;
            page->light_said = to[i].said;
        }
    }
    page->deadlines = (struct list){to, found.count};
    return true;
}

/* What a chief approver is told beforehand: that this one is for somebody else to decide. */
static void show_limits(const struct look_context *context, struct case_asked asked,
                        struct case_page *page)
{
    struct lacking lacking;
    int64_t letter, state = asked.file->state;
    asked.power = POWER_DECIDE;
    if ((asked.actor->roles & ROLE_VERIFIER) && state >= CASE_ACCEPTED && state <= CASE_FORWARDED &&
        !case_may(&asked, &letter, &lacking))
        page->not_yours = case_may_not_said(&asked, &lacking, context->arena);
}

static bool in_order(const struct list *materials)
{
    const struct material_view *material = materials->items;
    for (size_t i = 0; i < materials->count; i++)
        if (!case_material_in_order(material[i].state, material[i].required))
            return false;
    return true;
}

static bool show_actions(const struct look_context *context, struct case_page *page,
                         const struct case_file *file, struct fault *why)
{
    struct list grants = {0};
    struct case_asked asked = {
        .file = file,
        .item = catalogue_find_item(catalogue_at(context), file->item_code, file->item_version,
                                    context->now_ms),
        .actor = context->actor,
        .grants = &grants,
        .date = time_date(context->now_ms)};
    if ((context->actor->roles & ROLE_VERIFIER) &&
        !identity_grants(context->db, context->region, context->actor->account, context->arena,
                         &grants, why))
        return false;
    show_limits(context, asked, page);
    page->actions =
        case_actions(&asked, page->gap.count > 0, in_order(&page->materials), context->arena);
    return true;
}

/* "PDF，128 KB": the kind by the name's ending, the size in the unit that fits. */
static struct text file_said(const struct case_material *material, struct arena *arena)
{
    static const char *const units[] = {"B", "KB", "MB", "GB"};
    struct buf out = {.arena = arena};
    struct text name = material->file_name;
    size_t dot = name.len;
    double size = (double)material->file_size;
    size_t unit = 0;
    if (!material->file_sha256.len)
        return TEXT("");
    while (dot > 0 && name.at[dot - 1] != '.')
        dot--;
    if (dot > 0 && name.len - dot <= 5) {
        for (size_t i = dot; i < name.len; i++) {
            char c = name.at[i];
            buf_char(&out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
        }
        buf_str(&out, "，");
    }
    while (size >= 1024 && unit < 3) {
        size /= 1024;
        unit++;
    }
    buf_format(&out, unit && size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    return buf_done(&out);
}

static int64_t finding_of(int64_t state)
{
    return state == MATERIAL_CHECKED    ? FINDING_CHECKED
           : state == MATERIAL_WRONG    ? FINDING_WRONG
           : state == MATERIAL_DEFERRED ? FINDING_DEFERRED
                                        : FINDING_NONE;
}

/* What the notice wrote down of a paper that was not there says no more than the state. */
static struct text note_of(const struct case_material *material)
{
    bool says_state = text_is(material->note, material_state_words[MATERIAL_NONE].label);
    return says_state ? TEXT("") : material->note;
}

static void show_materials(struct case_page *page, const struct list *materials,
                           struct arena *arena)
{
    const struct case_material *from = materials->items;
    struct material_view *all = arena_array(arena, materials->count, sizeof *all);
    struct material_view *wanted = arena_array(arena, materials->count, sizeof *wanted);
    struct material_view *gap = arena_array(arena, materials->count, sizeof *gap);
    page->materials = (struct list){all, materials->count};
    for (size_t i = 0; i < materials->count; i++) {
        struct material_view *material = &all[i];
        *material = (struct material_view){
            from[i].code,      from[i].name,        from[i].required,  from[i].can_defer,
            from[i].state,     finding_of(from[i].state), from[i].file_sha256,
            from[i].file_name, from[i].file_size,   file_said(&from[i], arena),
            note_of(&from[i]), from[i].supplied_at};
        bool absent = material->required && material->state == MATERIAL_NONE;
        page->missing += absent;
        if (absent || material->state == MATERIAL_WRONG || material->state == MATERIAL_DEFERRED)
            wanted[page->to_supply.count++] = *material;
        if (case_gap_waits(&page->file, &from[i]))
            gap[page->gap.count++] = *material;
    }
    page->to_supply.items = wanted;
    page->gap.items = gap;
}

/* What the item asks to be measured: as questions for the draft, and what was stated, if it may be
 * seen. */
static void show_measures(const struct item *item, struct case_page *page, struct arena *arena)
{
    const struct measure *measures = item->measures.items;
    const struct case_file *file = &page->file;
    struct detail *stated = arena_array(arena, item->measures.count, sizeof *stated);
    for (size_t i = 0; i < item->measures.count; i++) {
        bool area = measures[i].kind == MEASURE_AREA;
        struct text name = measures[i].name;
        struct text label = text_format(arena, "%.*s（%s）%s", TEXT_ARG(name),
                                        area ? "平方米" : "元", measures[i].required ? "" : "（选填）");
        *(area ? &page->area_label : &page->amount_label) = label;
        struct text value = TEXT("");
        if (area && file->area_m2)
            value = text_format(arena, "%lld平方米", (long long)file->area_m2);
        else if (!area && file->amount_fen)
            value = field_display(shape_field(&case_file_shape, TEXT("amount_fen")), file, arena);
        stated[page->measures.count++] = (struct detail){name, value};
    }
    page->measures.items = stated;
}

static void show_item(const struct look_context *context, struct case_page *page)
{
    const struct catalogue *catalogue = catalogue_at(context);
    const struct item *item = catalogue_find_item(catalogue, page->file.item_code,
                                                  page->file.item_version, context->now_ms);
    const struct department *department =
        catalogue_find_department(catalogue, page->file.department);
    const struct place *place = catalogue_find_place(catalogue, page->file.place);
    if (department)
        page->department_name = department_name_on(department, time_date(page->file.created_at));
    if (place)
        page->place_name = place->name;
    if (!item)
        return;
    bool refused = page->file.state == CASE_REFUSED || page->file.state == CASE_NOT_ACCEPTED ||
                   page->file.state == CASE_TERMINATED;
    if (refused)
        page->remedy = item_remedy(item, time_date(page->file.closed_at));
    page->promised_said = item_promised_said(item, context->arena);
    page->statutory_said = item_statutory_said(item, context->arena);
    show_measures(item, page, context->arena);
}

static bool fill_page(const struct look_context *context, struct case_page *page, bool staff,
                      bool whole, struct fault *why)
{
    const struct case_file *file = &page->file;
    struct list materials = {0};
    page->case_no = file->case_no;
    page->case_id = file->case_id;
    page->title = file->item_name;
    page->today = time_date(context->now_ms);
    page->region = text_format(context->arena, "%06lld", (long long)context->region);
    page->draft = file->state == CASE_DRAFT;
    page->who_done = file->applicant_name.len > 0;
    page->address_wanted = file->delivery_method == DELIVERY_POST && !file->address.len;
    page->contact_done = file->phone.len > 0 && !page->address_wanted;
    page->way_done = file->delivery_method != 0;
    page->matter_done = file->matter.len > 0;
    page->may_withdraw = file->state >= CASE_DRAFT && file->state <= CASE_FORWARDED;
    page->may_supply = file->state == CASE_SUPPLEMENT;
    show_item(context, page);
    if (!case_materials_read(context->db, context->region, file->case_id, context->arena,
                             &materials, why) ||
        !show_deadlines(context, page, why) ||
        !case_show_history(context, page, &materials, staff, whole, why))
        return false;
    show_materials(page, &materials, context->arena);
    page->materials_done = page->missing == 0;
    page->complete =
        page->who_done && page->contact_done && page->way_done && page->matter_done;
    page->done = page->who_done + page->contact_done + page->way_done + page->matter_done +
                 page->materials_done;
    return true;
}

/* Why somebody looks, and so whether they see the person: as a duty, or for a reason once given. */
static bool why_looked(const struct look_context *context, const struct case_file *file,
                       struct shown *shown, struct fault *why)
{
    int64_t reason = -1;
    bool duty = case_duty(context->actor, file);
    shown->persons = 1;
    shown->subject = case_subject(file->case_id, context->arena);
    if (!duty && !trace_reason_of(context->db, context->region, context->actor->account,
                                  shown->subject, context->now_ms, context->arena, &reason, why))
        return false;
    shown->why = !duty && reason < 0          ? WHY_MASKED
                 : !duty                      ? WHY_REASON
                 : case_state_open(file->state) ? WHY_DUTY
                                              : WHY_CLOSED;
    shown->masked = shown->why == WHY_MASKED;
    shown->reason = shown->why == WHY_REASON ? reason : 0;
    return true;
}

static void hide_person(struct case_file *file, struct arena *arena)
{
    struct text *hidden[] = {&file->applicant_name, &file->id_number,   &file->phone,
                             &file->agent_name,     &file->agent_phone, &file->matter,
                             &file->details,        &file->reason};
    file->address = mask_address(file->address, arena);
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        *hidden[i] = TEXT("");
    file->recommendation = DECISION_NONE;
    file->amount_fen = file->area_m2 = 0;
}

/* A file's name may name the person, and so may what is wrong with it. */
static void hide_files(struct case_page *page)
{
    struct material_view *all = page->materials.items, *wanted = page->to_supply.items,
                         *gap = page->gap.items;
    for (size_t i = 0; i < page->materials.count; i++)
        all[i].file_name = all[i].file_sha256 = all[i].note = TEXT("");
    for (size_t i = 0; i < page->to_supply.count; i++)
        wanted[i].file_name = wanted[i].file_sha256 = wanted[i].note = TEXT("");
    for (size_t i = 0; i < page->gap.count; i++)
        gap[i].file_name = gap[i].file_sha256 = gap[i].note = TEXT("");
}

enum refusal case_look_staff_case(const struct look_context *context, const void *query, void *out,
                             struct fault *why)
{
    const struct case_only *asked = query;
    struct case_page *page = out;
    bool found = false;
    if (!case_file_read(context->db, context->region, asked->case_id, context->arena, &page->file,
                        &found, why))
        return OK;
    if (!found || case_kept_back(&page->file))
        return REFUSED_NOT_FOUND;
    struct shown shown = {0};
    if (!why_looked(context, &page->file, &shown, why))
        return OK;
    bool whole = !shown.masked;
    const struct case_file known = page->file;
    show_person(page, whole, context->arena);
    page->masked = !whole;
    page->by_reason = shown.why == WHY_REASON;
    /* The code is the applicant's alone. */
    page->file.query_code = TEXT("");
    /* JSON holds no more than the page shows. */
    page->file.id_number = page->id_shown;
    if (!whole)
        hide_person(&page->file, context->arena);
    if (!fill_page(context, page, true, whole, why))
        return OK;
    /* A reason opens what is written, not the papers. */
    if (shown.why == WHY_MASKED || shown.why == WHY_REASON)
        hide_files(page);
    show_actions(context, page, &known, why);
    look_shows(context, shown);
    return OK;
}

/* Whoever has a duty in it sees it without a reason. */
enum refusal case_look_reason(const struct look_context *context, const void *query, void *out,
                              struct fault *why)
{
    struct case_page *page = out;
    enum refusal refusal = case_look_staff_case(context, query, out, why);
    page->unfit = !page->masked;
    return refusal;
}

enum refusal case_look_action(const struct look_context *context, const void *query, void *out,
                              struct fault *why, const struct command *command)
{
    struct case_page *page = out;
    enum refusal refusal = case_look_staff_case(context, query, out, why);
    const struct action_view *actions = page->actions.items;
    page->unfit = true;
    page->final_said = text_of(case_final_said(NULL, command));
    for (size_t i = 0; i < page->actions.count; i++)
        if (text_is(actions[i].name, command->name))
            page->unfit = false;
    return refusal;
}

enum refusal case_look_my_case(const struct look_context *context, const void *query, void *out,
                          struct fault *why)
{
    const struct case_material_key *asked = query;
    struct case_page *page = out;
    bool found = false;
    if (!case_file_by_number(context->db, context->region, asked->case_no, context->arena,
                             &page->file, &found, why))
        return OK;
    if (!found || !text_equal(page->file.query_code, asked->query_code))
        return REFUSED_NOT_FOUND;
    page->query_code = page->file.query_code;
    page->link = case_my_location(&page->file, context->arena);
    show_person(page, true, context->arena);
    /* Who of the staff it was, and what one said to another, is for the staff. */
    page->file.reviewer = page->file.verifier = TEXT("");
    page->file.recommendation = DECISION_NONE;
    fill_page(context, page, false, true, why);
    look_shows(context, (struct shown){.subject = case_subject(page->file.case_id, context->arena),
                                       .persons = 1,
                                       .why = WHY_KEY});
    return OK;
}

bool case_my_looks_onward(const void *page, void *query)
{
    struct case_material_key *asked = query;
    asked->before = ((const struct case_page *)page)->looks_next;
    return asked->before;
}

/* 谁查看过我的信息: the newest first. */
enum refusal case_look_my_looks(const struct look_context *context, const void *query, void *out,
                                struct fault *why)
{
    enum { PAGE = 50 };
    const struct case_material_key *asked = query;
    struct case_page *page = out;
    int64_t most = look_rows(context, PAGE);
    enum refusal refusal = case_look_my_case(context, query, out, why);
    if (refusal != OK || why->why[0] ||
        !trace_of(context, case_subject(page->file.case_id, context->arena), asked->before,
                  most + 1, &page->looks, why))
        return refusal;
    if (page->looks.count > (size_t)most) {
        page->looks.count = (size_t)most;
        page->looks_next = ((const struct look_row *)page->looks.items)[most - 1].entry;
    }
    return refusal;
}

enum refusal case_look_my_material(const struct look_context *context, const void *query, void *out,
                              struct fault *why)
{
    const struct case_material_key *asked = query;
    struct case_page *page = out;
    enum refusal refusal = case_look_my_case(context, query, out, why);
    if (refusal != OK || why->why[0])
        return refusal;
    const struct material_view *materials = page->materials.items;
    for (size_t i = 0; i < page->materials.count; i++)
        if (text_equal(materials[i].code, asked->code)) {
            page->code = asked->code;
            page->material_name = materials[i].name;
            page->unfit = !page->draft && !page->may_supply &&
                          (materials[i].state != MATERIAL_DEFERRED || page->file.closed_at);
            if (materials[i].file_said.len)
                page->material_file =
                    text_format(context->arena, "%.*s（%.*s）", TEXT_ARG(materials[i].file_name),
                                TEXT_ARG(materials[i].file_said));
            return OK;
        }
    return REFUSED_NOT_FOUND;
}

enum refusal case_look_my(const struct look_context *context, const void *query, void *out,
                     struct fault *why)
{
    const struct case_ask *asked = query;
    struct my_page *page = out;
    struct case_file file = {0};
    bool found = false;
    page->case_no = asked->case_no;
    page->searched = asked->case_no.len && asked->query_code.len;
    if (!page->searched)
        return OK;
    if (!case_file_by_number(context->db, context->region, asked->case_no, context->arena, &file,
                             &found, why))
        return OK;
    page->found = found && text_equal(file.query_code, asked->query_code);
    if (page->found) {
        page->link = case_my_location(&file, context->arena);
        page->item_name = file.item_name;
        page->state = file.state;
    }
    return OK;
}

enum key_told case_my_told(const void *page)
{
    const struct my_page *shown = page;
    if (!shown->searched)
        return KEY_UNTOLD;
    return shown->found ? KEY_RIGHT : KEY_WRONG;
}

static void show_offer(const struct look_context *context, const struct catalogue *catalogue,
                       const struct item *item, struct apply_page *page)
{
    const struct department *department = catalogue_find_department(catalogue, item->department);
    *page = (struct apply_page){
        .item_code = item->code,
        .name = item->name,
        .promised_said = item_promised_said(item, context->arena),
        .statutory_said = item_statutory_said(item, context->arena),
        .offered = item->can_accept && (item->online || (context->actor->roles & ROLE_CLERK)),
    };
    if (department)
        page->department_name = department_name_on(department, time_date(context->now_ms));
}

LOOK(case_look_apply)
{
    const struct case_draft *asked = query;
    struct apply_page *page = out;
    const struct catalogue *catalogue = catalogue_at(context);
    const struct item *item = catalogue_find_item(catalogue, asked->item_code, 0, context->now_ms);
    (void)why;
    if (!item)
        return REFUSED_NOT_FOUND;
    show_offer(context, catalogue, item, page);
    page->materials = case_materials_of_item(item, context->arena);
    return OK;
}

bool case_new_onward(const void *page, void *query)
{
    struct new_ask *ask = query;
    ask->after = ((const struct new_page *)page)->next;
    return ask->after.len;
}

/* What this clerk's window takes: the own department's items, in the order of their codes. */
LOOK(case_look_new)
{
    enum { PAGE = 100 };
    const struct new_ask *ask = query;
    size_t most = (size_t)look_rows(context, PAGE);
    struct new_page *page = out;
    const struct catalogue *catalogue = catalogue_at(context);
    const struct actor *actor = context->actor;
    size_t count;
    const struct item *const *items =
        catalogue_offered(catalogue, context->now_ms, context->arena, &count);
    struct apply_page *rows = arena_array(context->arena, count, sizeof *rows);
    (void)why;
    page->items.items = rows;
    for (size_t i = 0; i < count; i++) {
        if (!items[i]->can_accept || !text_equal(actor->department, items[i]->department) ||
            text_order(items[i]->code, ask->after) <= 0)
            continue;
        if (page->items.count == most) {
            page->next = rows[most - 1].item_code;
            break;
        }
        show_offer(context, catalogue, items[i], &rows[page->items.count++]);
    }
    return OK;
}
