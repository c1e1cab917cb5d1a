/* Forms of what need not be finished: marks of what is wrong with what is saved, lists of texts. */
#include "view/view_testing.h"

/* What the record says is wrong with what is saved stands at its control, until something is sent and
 * refused. */
static void test_marks(void **state)
{
    struct bench *bench = *state;
    struct sample_mark marks[] = {{TEXT("materials.1.code"), TEXT("编号<重复>")},
                                  {TEXT("note"), TEXT("没有写")},
                                  {TEXT("note"), TEXT("也太短")},
                                  {TEXT("elsewhere"), TEXT("别处")}};
    static const char template[] =
        "{{form \"case.accept\" marks marks class \"wide\"}}{{field note from note}}"
        "{{each materials}}{{field materials.#.code from code}}{{end}}{{end}}"
        "{{form \"case.begin\"}}{{field note}}{{end}}";
    bench->page->marks = (struct list){marks, 4};
    const char *page = page_of(bench, template);
    assert_non_null(page);
    has(page, "class=\"wide\"");
    has(page, "没有写<br>也太短</p>");
    has(page, "编号&lt;重复&gt;</p>");
    has(page, "id=\"f1-materials.1.code\"");
    has_not(page, "别处");
    assert_int_equal(times(page, "aria-invalid"), 2); /* the other form has none */
    struct pairs sent = {0};
    struct problems problems = {0};
    pair_add(&sent, bench->arena, TEXT("note"), TEXT("typed"));
    problem_add(&problems, bench->arena, TEXT("note"), REFUSED_TOO_LONG, TEXT("过长"));
    bench->frame.submitted = "case.accept";
    bench->frame.sent = &sent;
    bench->frame.problems = &problems;
    page = page_of(bench, template);
    has(page, "过长</p>");
    has_not(page, "没有写");
}

/* Texts in one area, a value on a line; boxes that start with a list of the record; a row's button. */
static void test_lists(void **state)
{
    struct bench *bench = *state;
    struct text both[] = {TEXT("M02"), TEXT("<x>")};
    bench->page->tags = (struct list){both, 2};
    const char *page = page_of(
        bench, "{{form \"case.accept\"}}{{field tags lines from tags}}{{each materials}}"
               "{{submit \"上移\" secondary for name}}{{end}}{{end}}"
               "{{form \"case.begin\"}}{{choices tags materials code name from tags}}{{end}}");
    assert_non_null(page);
    has(page, "<textarea class=\"govuk-textarea\" id=\"f1-tags\" name=\"tags\" rows=\"5\">\n"
              "M02\n&lt;x&gt;</textarea>");
    has(page, "govuk-button--secondary\">上移<span class=\"govuk-visually-hidden\"> 国有土地使用证"
              "</span></button>");
    has(page, "value=\"M02\" checked>");
    assert_int_equal(times(page, " checked>"), 1);
    struct pairs sent = {0};
    struct problems problems = {0};
    pair_add(&sent, bench->arena, TEXT("tags"), TEXT("c\nd"));
    problem_add(&problems, bench->arena, TEXT("tags"), REFUSED_TOO_LONG, TEXT("过多"));
    bench->frame.submitted = "case.accept";
    bench->frame.sent = &sent;
    bench->frame.problems = &problems;
    page = page_of(bench, "{{form \"case.accept\"}}{{field tags lines from tags}}{{end}}");
    has(page, "c\nd</textarea>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_marks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lists, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("view/form", tests, NULL, NULL);
}
