/* The history of a case as its pages tell it: each step with a sentence that applicant and staff may
 * both read, and for the staff what was written. */
#include "approval/case/view.h"

#include <string.h>

#define TELL(name) static struct text name(const void *body, struct arena *arena)

static struct text zh_date(int64_t date, struct arena *arena)
{
    return date_format_zh(arena, date);
}

/* What is left of a step's sentence where the new dates are not known: a year's calendar waits. */
static struct text until(const char *what, int64_t promised_date, int64_t statutory_date,
                         struct arena *arena)
{
    int64_t date = promised_date ? promised_date : statutory_date;
    if (!date)
        return text_format(arena, "%s。", what);
    return text_format(arena, "%s，最迟%.*s办结。", what, TEXT_ARG(zh_date(date, arena)));
}

TELL(tell_submitted)
{
    const struct submitted *submitted = body;
    if (!submitted->due_at)
        return TEXT("申请已提交窗口。");
    struct text due = time_format_zh(arena, submitted->due_at);
    return text_format(arena, "申请已提交，窗口最迟%.*s答复是否受理。", TEXT_ARG(due));
}

TELL(tell_received)
{
    (void)arena;
    return ((const struct received *)body)->again ? TEXT("窗口收到补正材料，正在重新核对。")
                                                  : TEXT("窗口收到申请，正在核对材料。");
}

TELL(tell_accepted)
{
    const struct accepted *accepted = body;
    if (accepted->deemed)
        return until("窗口逾期没有答复，申请依法视为已受理", accepted->promised_date,
                     accepted->statutory_date, arena);
    if (accepted->gap)
        return TEXT("申请已容缺受理，缺少的材料须按承诺的期限补交。");
    return until("申请已受理", accepted->promised_date, accepted->statutory_date, arena);
}

TELL(tell_supplement)
{
    const struct supplement_asked *asked = body;
    if (!asked->due_at)
        return TEXT("窗口一次性告知了需要补正的全部内容。");
    struct text due = time_format_zh(arena, asked->due_at);
    return text_format(arena, "窗口一次性告知了需要补正的全部内容，请在%.*s前补正。",
                       TEXT_ARG(due));
}

TELL(tell_suspended)
{
    const struct suspended *suspended = body;
    return text_format(arena, "已启动特别程序（%s），预计需要%lld个工作日，不计入办理期限。",
                       special_kind_words[suspended->kind].label,
                       (long long)suspended->planned_days);
}

TELL(tell_resumed)
{
    const struct resumed *resumed = body;
    return until("特别程序已结束，办理期限恢复计算", resumed->promised_date,
                 resumed->statutory_date, arena);
}

TELL(tell_extended)
{
    const struct extended *extended = body;
    return until(text_format(arena, "经批准，办理期限延长%lld个工作日",
                             (long long)extended->days)
                     .at,
                 extended->promised_date, extended->statutory_date, arena);
}

TELL(tell_forwarded)
{
    const struct forwarded *forwarded = body;
    return text_format(arena, "申请已报%.*s，等待批复，所需时间不计入办理期限。",
                       TEXT_ARG(forwarded->to));
}

TELL(tell_answered)
{
    const struct answered_above *answered = body;
    return until("上级机关已批复，办理期限恢复计算", answered->promised_date,
                 answered->statutory_date, arena);
}

TELL(tell_issued)
{
    const struct issued *issued = body;
    return text_format(arena, "证照或文书已制作完成，编号%.*s。", TEXT_ARG(issued->certificate_no));
}

TELL(tell_delivered)
{
    const struct delivered *delivered = body;
    return text_format(arena, "办理结果已送达（%s），本办件办结。",
                       delivery_method_words[delivered->method].label);
}

TELL(tell_withdrawn)
{
    (void)arena;
    return ((const struct withdrawn *)body)->lapsed
               ? TEXT("逾期没有补正，申请视为撤回，本办件办结。")
               : TEXT("申请人撤回了申请，本办件办结。");
}

TELL(tell_gap_closed)
{
    (void)arena;
    return ((const struct gap_closed *)body)->all ? TEXT("容缺的材料已全部补齐。")
                                                  : TEXT("补交了一项容缺的材料。");
}

TELL(tell_gap_lapsed)
{
    (void)arena;
    return ((const struct gap_lapsed *)body)->final
               ? TEXT("容缺的材料在宽限期内仍未补交，本办件终止。")
               : TEXT("容缺的材料到期没有补交，请在宽限期内补交。");
}

TELL(tell_redated)
{
    const struct redated *redated = body;
    return until("节假日安排有变化，办理期限已重新计算", redated->promised_date,
                 redated->statutory_date, arena);
}

/* Either words that always hold, or a function of the event's body. */
static const struct {
    const struct event_kind *kind;
    const char *words;
    struct text (*tell)(const void *body, struct arena *arena);
} told[] = {
    {&case_drafted_event, "开始填写申请。", NULL},
    {&case_applicant_event, "填写了申请人信息。", NULL},
    {&case_matter_event, "填写了申请内容。", NULL},
    {&case_provided_event, "提交了一项材料。", NULL},
    {&case_submitted_event, NULL, tell_submitted},
    {&case_received_event, NULL, tell_received},
    {&case_checked_event, "窗口核对了材料。", NULL},
    {&case_accepted_event, NULL, tell_accepted},
    {&case_not_accepted_event, "窗口决定不予受理，本办件办结。", NULL},
    {&case_supplement_event, NULL, tell_supplement},
    {&case_supplied_event, "申请人补正完毕，材料已交回窗口。", NULL},
    {&case_reviewed_event, "审查完毕，等待核准。", NULL},
    {&case_returned_event, "核准时退回，重新审查。", NULL},
    {&case_granted_event, "决定准予许可，正在制作证照或文书。", NULL},
    {&case_refused_event, "决定不予许可，本办件办结。", NULL},
    {&case_suspended_event, NULL, tell_suspended},
    {&case_resumed_event, NULL, tell_resumed},
    {&case_extended_event, NULL, tell_extended},
    {&case_forwarded_event, NULL, tell_forwarded},
    {&case_answered_event, NULL, tell_answered},
    {&case_issued_event, NULL, tell_issued},
    {&case_delivered_event, NULL, tell_delivered},
    {&case_withdrawn_event, NULL, tell_withdrawn},
    {&case_terminated_event, "承办部门终止办理，本办件办结。", NULL},
    {&case_gap_closed_event, NULL, tell_gap_closed},
    {&case_gap_lapsed_event, NULL, tell_gap_lapsed},
    {&case_redated_event, NULL, tell_redated},
};

struct text case_told(const struct event_kind *kind, const void *body, struct arena *arena)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i].kind == kind)
            return told[i].words ? text_of(told[i].words) : told[i].tell(body, arena);
    return TEXT("");
}

static const struct event_kind *kind_of(struct text name)
{
    for (size_t i = 0; case_events[i]; i++)
        if (text_is(name, case_events[i]->name))
            return case_events[i];
    return NULL;
}

/* Machine's matters, and what the page says elsewhere in people's words. */
static bool field_dull(const char *name)
{
    static const char *const dull[] = {
        "case_no",       "item_code",     "item_version",   "item_name",      "department",
        "place",         "serial",        "promised_days",  "promised_unit",  "statutory_days",
        "statutory_unit", "delegation_id", "state_before",  "kind",           "channel",
    };
    for (size_t i = 0; i < sizeof dull / sizeof *dull; i++)
        if (strcmp(name, dull[i]) == 0)
            return true;
    return false;
}

/* The body of an entry, its private part only where whole; NULL where it cannot be read. */
static const void *read_body(const struct event_kind *kind, const struct entry *entry, bool whole,
                             struct arena *arena)
{
    void *body = arena_alloc(arena, kind->shape->size);
    struct fault unread = {0};
    if (!shape_read_json(kind->shape, entry->body, arena, body, &unread) ||
        (whole && entry->private_body.len &&
         !shape_read_json(kind->shape, entry->private_body, arena, body, &unread)))
        return NULL;
    return body;
}

/* The fields of an event's body as label and value, empty ones left out. Of the private ones only
 * what was written about the case (events.c), and only for those who may see the person. */
static void show_body(const struct event_kind *kind, const void *body, bool whole,
                      struct arena *arena, struct list *out)
{
    const struct shape *shape = kind->shape;
    struct detail *details = arena_array(arena, shape->count, sizeof *details);
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct text value = field_display(field, body, arena);
        if (field_dull(field->name) && kind != &case_suspended_event)
            continue;
        bool plain = field->type != FIELD_BOOL && field->type != FIELD_LIST &&
                     field->type != FIELD_TEXTS &&
                     (!(field->flags & FIELD_PRIVATE) || (whole && (field->flags & FIELD_LINES)));
        if (plain && field_text(field, body, arena).len && !text_is(value, "0") && value.len)
            details[out->count++] = (struct detail){text_of(field->label), value};
    }
    out->items = details;
}

struct known_actor {
    struct text name, display;
};

/* Staff see who did it; the public sees in what post. */
static bool actor_shown(const struct look_context *context, struct text name, bool staff,
                        struct known_actor *known, size_t *count, struct text *out,
                        struct fault *why)
{
    struct account account;
    int64_t id;
    bool found = false;
    *out = text_is(name, "system") ? TEXT("系统") : TEXT("申请人");
    if (!text_starts(name, TEXT("account:")))
        return true;
    *out = TEXT("工作人员");
    if (!staff || !text_int(text_slice(name, 8, name.len), &id))
        return true;
    for (size_t i = 0; i < *count; i++)
        if (text_equal(known[i].name, name)) {
            *out = known[i].display;
            return true;
        }
    if (!identity_account(context->db, context->region, id, context->arena, &account, &found, why))
        return false;
    if (found)
        *out = account.display;
    known[(*count)++] = (struct known_actor){name, *out};
    return true;
}

/* Filling in the draft, as against what happens to the application afterwards. */
static bool fills_draft(const struct event_kind *kind, bool submitted)
{
    return !submitted && (kind == &case_applicant_event || kind == &case_matter_event ||
                          kind == &case_provided_event);
}

bool case_show_history(const struct look_context *context, struct case_page *page, bool staff,
                       bool whole, struct fault *why)
{
    struct list entries;
    if (!journal_history(context->db, context->region,
                         case_subject(page->file.case_id, context->arena), -1, 500,
                         context->arena, &entries, why))
        return false;
    const struct entry *from = entries.items;
    struct history_view *to = arena_array(context->arena, entries.count, sizeof *to);
    struct known_actor *known = arena_array(context->arena, entries.count, sizeof *known);
    size_t count = 0, known_count = 0;
    bool submitted = false;
    for (size_t i = 0; i < entries.count; i++) {
        const struct event_kind *kind = kind_of(from[i].head.kind);
        if (!kind || (kind->internal && !staff))
            continue;
        struct history_view *view = &to[count++];
        *view = (struct history_view){.index = from[i].head.index,
                                      .at = from[i].head.at,
                                      .title = text_of(kind->title),
                                      .kind = from[i].head.kind,
                                      .filling = fills_draft(kind, submitted)};
        page->filling += view->filling;
        submitted |= kind == &case_submitted_event;
        if (kind == &case_submitted_event)
            page->check = text_format(context->arena, "/verify?receipt=%lld",
                                      (long long)view->index);
        if (!actor_shown(context, from[i].head.actor, staff, known, &known_count, &view->actor,
                         why))
            return false;
        /* What reviewer and verifier say to one another is not the applicant's to read. */
        bool inner = kind == &case_reviewed_event || kind == &case_returned_event;
        bool all = whole && (staff || !inner);
        const void *body = read_body(kind, &from[i], all, context->arena);
        if (!body)
            continue;
        view->said = case_told(kind, body, context->arena);
        show_body(kind, body, all, context->arena, &view->details);
    }
    page->history = (struct list){to, count};
    return true;
}
