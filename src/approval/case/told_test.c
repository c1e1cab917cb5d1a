/* What citizens and clerks read of each step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "approval/case/view.h"

static const struct event_kind *kind_named(const char *name)
{
    for (size_t i = 0; case_events[i]; i++)
        if (text_is(text_of(name), case_events[i]->name))
            return case_events[i];
    fail_msg("no event %s", name);
    return NULL;
}

static void each_step(void **state)
{
    static const struct {
        const char *kind, *body, *said;
    } table[] = {
        {"case.drafted", "{}", "开始填写申请。"},
        {"case.submitted", "{}", "申请已提交窗口。"},
        {"case.submitted", "{\"due_at\":\"2014-05-09T17:00:00.000+08:00\"}",
         "申请已提交，窗口最迟2014年5月9日 17:00答复是否受理。"},
        {"case.received", "{}", "窗口收到申请，正在核对材料。"},
        {"case.received", "{\"again\":true}", "窗口收到补正材料，正在重新核对。"},
        {"case.accepted", "{\"promised_date\":\"2014-05-12\",\"statutory_date\":\"2014-05-30\"}",
         "申请已受理，最迟2014年5月12日办结。"},
        {"case.accepted", "{\"statutory_date\":\"2014-05-30\"}",
         "申请已受理，最迟2014年5月30日办结。"},
        {"case.accepted", "{}", "申请已受理。"},
        {"case.accepted", "{\"deemed\":true,\"statutory_date\":\"2014-05-30\"}",
         "窗口逾期没有答复，申请依法视为已受理，最迟2014年5月30日办结。"},
        {"case.accepted", "{\"gap\":true,\"statutory_date\":\"2014-05-30\"}",
         "申请已容缺受理，缺少的材料须按承诺的期限补交。"},
        {"case.supplement", "{}", "窗口一次性告知了需要补正的全部内容。"},
        {"case.supplement", "{\"due_at\":\"2014-06-16T17:00:00.000+08:00\"}",
         "窗口一次性告知了需要补正的全部内容，请在2014年6月16日 17:00前补正。"},
        {"case.suspended", "{\"kind\":\"hearing\",\"planned_days\":15}",
         "已启动特别程序（听证），预计需要15个工作日，不计入办理期限。"},
        {"case.resumed", "{\"promised_date\":\"2014-06-12\"}",
         "特别程序已结束，办理期限恢复计算，最迟2014年6月12日办结。"},
        {"case.extended", "{\"days\":10,\"promised_date\":\"2014-06-12\"}",
         "经批准，办理期限延长10个工作日，最迟2014年6月12日办结。"},
        {"case.forwarded", "{\"to\":\"省国土资源厅\"}",
         "申请已报上级机关，等待批复，所需时间不计入办理期限。"},
        {"case.answered", "{}", "上级机关已批复，办理期限恢复计算。"},
        {"case.issued", "{\"certificate_no\":\"平国用（2014）第1号\"}",
         "证照或文书已制作完成。"},
        {"case.delivered", "{\"method\":\"window\"}",
         "办理结果已送达（窗口领取），本办件办结。"},
        {"case.withdrawn", "{}", "申请人撤回了申请，本办件办结。"},
        {"case.withdrawn", "{\"lapsed\":true}", "逾期没有补正，申请视为撤回，本办件办结。"},
        {"case.gap_closed", "{}", "补交了一项容缺的材料。"},
        {"case.gap_closed", "{\"all\":true}", "容缺的材料已全部补齐。"},
        {"case.gap_lapsed", "{}", "容缺的材料到期没有补交，请在宽限期内补交。"},
        {"case.gap_lapsed", "{\"final\":true}", "容缺的材料在宽限期内仍未补交，本办件终止。"},
        {"case.redated", "{\"promised_date\":\"2014-06-12\"}",
         "节假日安排有变化，办理期限已重新计算，最迟2014年6月12日办结。"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct arena *arena = arena_new(4096);
        const struct event_kind *kind = kind_named(table[i].kind);
        void *body = arena_alloc(arena, kind->shape->size);
        struct fault why = {0};
        if (!shape_read_json(kind->shape, text_of(table[i].body), arena, body, &why))
            fail_msg("%s: %s", table[i].kind, why.why);
        struct text said = case_told(kind, body, arena);
        if (!text_is(said, table[i].said))
            fail_msg("%s: %.*s", table[i].kind, TEXT_ARG(said));
        arena_free(arena);
    }
}

/* No kind of event is shown without a sentence, whatever its body holds. */
static void every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; case_events[i]; i++) {
        struct arena *arena = arena_new(4096);
        const void *body = arena_alloc(arena, case_events[i]->shape->size);
        struct text said = case_told(case_events[i], body, arena);
        if (!text_ends(said, TEXT("。")))
            fail_msg("%s: “%.*s” is no sentence", case_events[i]->name, TEXT_ARG(said));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step),
        cmocka_unit_test(every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
