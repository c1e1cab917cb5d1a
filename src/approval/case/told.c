/* What a step of a case means, in a sentence that applicant and staff may both read. */
#include "approval/case/view.h"

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
    (void)body, (void)arena;
    return TEXT("申请已报上级机关，等待批复，所需时间不计入办理期限。");
}

TELL(tell_answered)
{
    const struct answered_above *answered = body;
    return until("上级机关已批复，办理期限恢复计算", answered->promised_date,
                 answered->statutory_date, arena);
}

TELL(tell_issued)
{
    (void)body, (void)arena;
    return TEXT("证照或文书已制作完成。");
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
TELL(tell_undone)
{
    const struct event_kind *kind = case_event_named(((const struct undone *)body)->undone_kind);
    return text_format(arena, "工作人员撤销了上一步：%s。", kind ? kind->title : "");
}

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
    {&case_terminated_event, "办理已终止，本办件办结。", NULL},
    {&case_gap_closed_event, NULL, tell_gap_closed},
    {&case_gap_lapsed_event, NULL, tell_gap_lapsed},
    {&case_redated_event, NULL, tell_redated},
    {&case_undone_event, NULL, tell_undone},
    {&person_erased_event, "个人信息和材料已依法删除，办理记录保留。", NULL},
};

struct text case_told(const struct event_kind *kind, const void *body, struct arena *arena)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i].kind == kind)
            return told[i].words ? text_of(told[i].words) : told[i].tell(body, arena);
    return TEXT("");
}
