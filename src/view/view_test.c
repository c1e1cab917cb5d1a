#include "view/view_testing.h"

#include <sys/stat.h>

static const struct {
    const char *source, *page;
} page_rows[] = {
    /* values */
    {"{{number}}", "PH2014-00017"},
    {"{{ number }}", "PH2014-00017"},
    {"{{case_id}}", "17"},
    {"{{accepted_at}}|{{raw:accepted_at}}", "2014年5月4日 09:00|2014-05-04T09:00:00.000+08:00"},
    {"{{due_date}}|{{raw:due_date}}", "2014年5月30日|2014-05-30"},
    {"{{fee}}|{{raw:fee}}", "12.50元|12.50"},
    {"{{state}}|{{raw:state}}", "已受理|accepted"},
    {"{{urgent}}|{{raw:urgent}}", "是|true"},
    {"{{applicant.name}}", "张*明"},
    {"{{empty or \"无\"}}{{number or \"无\"}}", "无PH2014-00017"},
    {"{{empty or \"<无>\"}}", "&lt;无&gt;"},
    {"{{unescaped_html:svg}}", "<svg viewBox=\"0 0 4 4\" role=\"img\" aria-label=\"回执二维码\">"
                               "<path d=\"M0 0h2v2H0zM2 2h2v2H2z\"/></svg>"},
    {"{{frame.place}}|{{frame.signed_in}}", "平湖市行政服务中心|李窗口"},
    {"{{raw:frame.now_ms}}", "2014-05-04T14:00:00.000+08:00"},
    {"a{{# a note\nof two lines }}b", "ab"},
    {"  <p>\n    a\n\n\n    b </p>", "<p>\na\nb </p>"},
    {"<pre>\n    a\n</pre>", "<pre>\n    a\n</pre>"},
    {"<link href=\"{{asset \"web/a.css\"}}\">",
     "<link href=\"/assets/00112233aabbccdd/web/a.css\">"},
    /* conditions */
    {"{{if urgent}}a{{else}}b{{end}}", "a"},
    {"{{if not urgent}}a{{else}}b{{end}}", "b"},
    {"{{if empty}}a{{end}}{{if not empty}}b{{end}}", "b"},
    {"{{if nothing}}a{{else}}b{{end}}{{if tags}}c{{end}}", "bc"},
    {"{{if fee}}a{{end}}{{if state}}b{{end}}{{if case_id}}c{{end}}", "abc"},
    {"{{if state is \"accepted\"}}a{{end}}", "a"},
    {"{{if not state is \"accepted\"}}a{{else}}b{{end}}", "b"},
    {"{{if state in \"granted  accepted\"}}a{{end}}", "a"},
    {"{{if state in \"granted refused\"}}a{{else}}b{{end}}", "b"},
    {"{{if state is \"none\"}}a{{else if case_id is \"17\"}}b{{else}}c{{end}}", "b"},
    {"{{if state is \"none\"}}a{{else if case_id is \"18\"}}b{{else}}c{{end}}", "c"},
    {"{{if state is \"none\"}}a{{else if urgent is \"true\"}}b{{end}}d", "bd"},
    {"{{if item is \"国有土地使用证分割登记\"}}a{{end}}", "a"},
    {"{{if empty is \"\"}}a{{end}}", "a"},
    {"<p{{if urgent}} class=\"x\"{{end}}>", "<p class=\"x\">"},
    {"<p class=\"a{{if urgent}} b{{end}}\">", "<p class=\"a b\">"},
    {"<option{{if urgent}} selected{{end}}>", "<option selected>"},
    /* lists */
    {"{{each tags}}{{item}},{{end}}", "绿色通道,容缺受理,"},
    {"{{each nothing}}a{{else}}b{{end}}c", "bc"},
    {"{{each tags}}a{{else}}b{{end}}c", "aac"},
    {"{{count materials}}/{{count nothing}}", "8/0"},
    {"{{each materials}}{{if row}}{{end}}{{end}}", NULL},
    {"{{each tags}}{{row}}{{../case_id}}{{end}}", "117217"},
    {"{{each materials}}{{code}}{{each "
     "papers}}({{../code}}{{../../case_id}}.{{row}}){{end}}{{end}}",
     "M01M02(M0217.1)M03(M0317.1)(M0317.2)M04M05(M0517.1)M06(M0617.1)(M0617.2)M07M08(M0817.1)"},
    {"{{rows 3}}{{row}}{{number}} {{end}}", "1PH2014-00017 2PH2014-00017 3PH2014-00017 "},
    {"{{rows 2}}{{each tags}}{{../case_id}}{{row}}{{end}};{{end}}", "171172;171172;"},
    /* other templates */
    {"a{{include \"t/part.html\"}}b", "a[PH2014-00017]b"},
    {"{{layout \"t/frame.html\"}}<p>{{number}}</p>",
     "<title>办件 PH2014-00017</title><p>PH2014-00017</p><footer>"},
    {"{{# note }}\n{{layout \"t/frame.html\"}}\n<p>",
     "<title>办件 PH2014-00017</title>\n<p><footer>"},
    /* addresses */
    {"<a href=\"{{link}}\">", "<a href=\"/staff/cases/18\">"},
    {"<a href=\"/c/{{number}}?q={{item}}&amp;d={{due_date}}\">",
     "<a "
     "href=\"/c/PH2014-00017?q=%E5%9B%BD%E6%9C%89%E5%9C%9F%E5%9C%B0%E4%BD%BF%E7%94%A8%E8%AF%81"
     "%E5%88%86%E5%89%B2%E7%99%BB%E8%AE%B0&amp;d=2014-05-30\">"},
    {"<form action='{{link}}'>", "<form action='/staff/cases/18'>"},
    {"<a href=\"{{empty or \"/\"}}\">", "<a href=\"/\">"},
};

static void test_pages(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof page_rows / sizeof *page_rows; i++) {
        const char *page = page_of(bench, page_rows[i].source);
        if (!page_rows[i].page) {
            assert_null(page);
            continue;
        }
        if (!page)
            fail_msg("%s: %s", page_rows[i].source, bench->why.why);
        assert_string_equal(page, page_rows[i].page);
    }
}

static const struct {
    const char *source, *fault;
} fault_rows[] = {
    {"a\nb\n{{nosuch}}", "t/page.html:3: shape sample has no field: nosuch"},
    {"{{raw:nosuch}}", "t/page.html:1: shape sample has no field: nosuch"},
    {"{{applicant.age}}", "shape person has no field: age"},
    {"{{number.x}}", "only a record has fields: number.x"},
    {"{{../number}}", "no record so far out: ../number"},
    {"{{each tags}}{{../../x}}{{end}}", "no record so far out"},
    {"{{each tags}}{{number}}{{end}}", "shape item has no field: number"},
    {"{{materials}}", "a list or record is no value: materials"},
    {"{{applicant}}", "a list or record is no value: applicant"},
    {"{{frame.csrf}}", "shape frame has no field: csrf"},
    {"{{.}}", "no field"},
    {"{{}}", "an empty tag"},
    {"{{number", "{{ is not closed"},
    {"a }} b", "}} without {{"},
    {"{{number\n}}", "a tag must stand on one line"},
    {"{{number or}}", "not a tag of this language: number"},
    {"{{number and \"x\"}}", "expected or"},
    {"{{\"number\"}}", "a name must not be quoted"},
    {"{{number or \"x}}", "a quote is not closed"},
    {"{{if state is \"acepted\"}}{{end}}", "the field cannot have this value: acepted"},
    {"{{if urgent is \"ja\"}}{{end}}", "the field cannot have this value: ja"},
    {"{{if due_date is \"2014-01-01\"}}{{end}}", "the field cannot have this value"},
    {"{{if state was \"none\"}}{{end}}", "expected is"},
    {"{{if applicant}}{{end}}", "neither true nor false"},
    {"\n{{if urgent}}a", "t/page.html:2: this block has no {{end}}"},
    {"a{{end}}", "{{end}} outside a block"},
    {"a{{else}}", "{{else}} outside a block"},
    {"{{if urgent}}{{else}}{{else}}{{end}}", "{{else}} has no place here"},
    {"{{rows 2}}{{else}}{{end}}", "{{else}} has no place here"},
    {"{{each tags}}{{else if urgent}}{{end}}", "{{else}} takes nothing but if"},
    {"{{each number}}{{end}}", "each needs a list"},
    {"{{each applicant.name}}{{end}}", "each needs a list"},
    {"{{count number}}", "only a list has a count"},
    {"{{rows 0}}{{end}}", "rows needs a number"},
    {"{{include \"t/none.html\"}}", "t/page.html:1: no such template: t/none.html"},
    {"{{include \"t/wrong.html\"}}", "t/wrong.html:3: shape sample has no field: nosuch"},
    {"{{include \"t/again.html\"}}", "include one another too deep"},
    {"a{{layout \"t/frame.html\"}}", "{{layout}} must be the first thing"},
    {"{{layout \"t/hole.html\"}}a", "the layout has no {{content}}"},
    {"{{asset \"web/none.css\"}}", "no such file: web/none.css"},
    {"{{form \"no.such\"}}{{end}}", "no such command: no.such"},
    /* places where escaping is not enough */
    {"<p class={{number}}>", "a tag may not stand at this place"},
    {"<p {{number}}>", "a tag may not stand at this place"},
    {"<{{number}}>", "a tag may not stand at this place"},
    {"<p title=\"a\"{{number}}>", "a tag may not stand at this place"},
    {"<script>var a = \"{{number}}\"</script>", "a tag may not stand at this place"},
    {"<style>a{color:{{number}}}</style>", "a tag may not stand at this place"},
    {"<!-- {{number}} -->", "a tag may not stand at this place"},
    {"<p onclick=\"f('{{number}}')\">", "a tag may not stand at this place"},
    {"<p ONCLICK='{{number}}'>", "a tag may not stand at this place"},
    {"<p style=\"color:{{number}}\">", "a tag may not stand at this place"},
    {"<iframe src=\"{{link}}\">", "a tag may not stand at this place"},
    {"<script src=\"{{link}}\">", "a tag may not stand at this place"},
    {"<img srcset=\"{{link}}\">", "a tag may not stand at this place"},
    {"<svg><a xlink:href=\"{{link}}\">", "a tag may not stand at this place"},
    {"<meta http-equiv=refresh content=\"{{link}}\">", "a tag may not stand at this place"},
    {"<title>{{include \"t/part.html\"}}</title>", "a tag may not stand at this place"},
    {"<p title=\"{{unescaped_html:svg}}\">", "raw HTML may only stand between elements"},
    {"{{unescaped_html:case_id}}", "raw HTML must be a text"},
    {"<p title=\"{{qr link \"a\"}}\">", "a tag may not stand at this place"},
    {"{{qr case_id \"a\"}}", "a code's address must be a text"},
    {"{{qr link a}}", "expected a name and"},
    {"<p title=\"{{if urgent}}a\"{{end}}>", "leaves the HTML open"},
    {"{{if urgent}}<p title=\"{{else}}<p title='{{end}}", "leaves the HTML open"},
    {"{{each tags}}<script>{{end}}", "a tag may not stand at this place"},
    {"{{each tags}}<p title='{{end}}", "leaves the HTML open"},
    {"<p title=\"x", "the template ends inside a tag"},
};

static void test_faults(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof fault_rows / sizeof *fault_rows; i++) {
        const char *page = page_of(bench, fault_rows[i].source);
        if (page)
            fail_msg("%s gave %s", fault_rows[i].source, page);
        if (!strstr(bench->why.why, fault_rows[i].fault))
            fail_msg("%s: %s", fault_rows[i].source, bench->why.why);
        assert_true(strncmp(bench->why.why, "t/", 2) == 0);
    }
}

static void test_form_faults(void **state)
{
    static const struct {
        const char *inside, *fault;
    } rows[] = {
        {"{{field nosuch}}", "shape sample_input has no field: nosuch"},
        {"{{field secret_id}}", "this field is set by the server"},
        {"{{field materials}}", "name one field of the record or list"},
        {"{{field materials.state}}", "a list's row is written list.#.field"},
        {"{{field materials.#.state}}", "# is the row of an each or rows"},
        {"{{field note.x}}", "only a record has fields"},
        {"{{field note from nosuch}}", "has no field: nosuch"},
        {"{{field note from}}", "expected a field's name after: from"},
        {"{{field note label x}}", "has no field: x"},
        {"{{field note label}}", "expected \"…\" after: label"},
        {"{{field note big}}", "no such option: big"},
        {"{{field note \"x\"}}", "this text belongs to no option"},
        {"{{hidden note as \"x\"}}", "expected from NAME or is"},
        {"{{choices kind windows a b}}", "choices are for"},
        {"{{choices window_code tags a b}}", "choices need a list of records"},
        {"{{choices window_code cases nosuch item}}", "has no field: nosuch"},
        {"{{file paper label \"x\"}}", "this command takes no file"},
        {"{{submit 受理}}", "a button's words are quoted"},
        {"{{submit \"a\" loud}}", "a button is warning or secondary"},
        {"{{submit \"a\" secondary for}}", "expected for NAME after the button's words"},
        {"{{submit \"a\" for nosuch}}", "has no field: nosuch"},
        {"{{field note lines}}", "no such option: lines"},
        {"{{form \"case.begin\"}}{{end}}", "a form in a form"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text source =
            text_format(bench->arena, "\n{{form \"case.accept\"}}%s{{end}}", rows[i].inside);
        assert_null(page_of(bench, text_cstr(bench->arena, source)));
        if (!strstr(bench->why.why, rows[i].fault))
            fail_msg("%s: %s", rows[i].inside, bench->why.why);
        assert_non_null(strstr(bench->why.why, "t/page.html:2: "));
    }
    assert_null(page_of(bench, "{{form \"case.accept\" marks history}}{{end}}"));
    assert_non_null(strstr(bench->why.why, "has no field: field"));
    assert_null(page_of(bench, "{{form \"case.accept\" loud}}{{end}}"));
    assert_non_null(strstr(bench->why.why, "expected class"));
    assert_null(page_of(bench, "{{field note}}"));
    assert_non_null(strstr(bench->why.why, "outside a form: note"));
    assert_null(page_of(bench, "{{each history}}{{each nothing}}{{end}}{{end}}"));
    assert_null(page_of(bench, "{{submit \"x\"}}"));
    assert_non_null(strstr(bench->why.why, "outside a form"));
}

#define EVIL "\"'><script>&x</script>"
#define HARMLESS "&quot;&#39;&gt;&lt;script&gt;&amp;x&lt;/script&gt;"

static void test_escaping(void **state)
{
    static const struct {
        const char *source, *page;
    } rows[] = {
        {"{{note}}", HARMLESS},
        {"{{raw:note}}", HARMLESS},
        {"<p title=\"{{note}}\" lang='{{note}}'>",
         "<p title=\"" HARMLESS "\" lang='" HARMLESS "'>"},
        {"<title>{{note}}</title>", "<title>" HARMLESS "</title>"},
        {"<textarea>{{note}}</textarea>", "<textarea>" HARMLESS "</textarea>"},
        {"<a href=\"/{{note}}\">", "<a href=\"/%22%27%3E%3Cscript%3E%26x%3C%2Fscript%3E\">"},
        {"<a href=\"{{note}}\">", "<a href=\"#\">"},
        {"{{each tags}}{{item}}{{end}}", HARMLESS},
        {"{{frame.title}}", HARMLESS},
        {"{{unescaped_html:note}}", EVIL},
    };
    struct bench *bench = *state;
    struct text evil = TEXT(EVIL);
    bench->page->note = evil;
    bench->page->tags = (struct list){&evil, 1};
    bench->frame.title = evil;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *page = page_of(bench, rows[i].source);
        assert_non_null(page);
        assert_string_equal(page, rows[i].page);
    }
    /* Everything a form writes: tokens, path, values, labels of choices. */
    struct pair pairs[] = {{TEXT("note"), evil}, {TEXT("phone"), evil}, {TEXT("tags"), evil}};
    struct pairs sent = {pairs, 3};
    struct problem problem = {TEXT("note"), REFUSED_MALFORMED, evil};
    struct problems problems = {&problem, 1};
    bench->frame.submitted = "case.accept";
    bench->frame.sent = &sent;
    bench->frame.problems = &problems;
    bench->frame.csrf = bench->frame.form_key = bench->frame.path = evil;
    ((struct sample_material *)bench->page->materials.items)[0].name = evil;
    ((struct sample_material *)bench->page->materials.items)[0].code = evil;
    const char *page = page_of(
        bench,
        "{{errors}}{{form \"case.accept\"}}{{field note}}{{field phone}}{{field tags}}"
        "{{hidden applicant.name from note}}{{choices window_code materials code name}}"
        "{{each materials}}{{field materials.#.state for name}}{{end}}{{submit \"<b>\"}}{{end}}");
    assert_non_null(page);
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "\"'>"));
    assert_non_null(strstr(page, "&lt;b&gt;"));
}

static void test_addresses(void **state)
{
    static const struct {
        const char *link, *href;
    } rows[] = {
        {"/a", "/a"},
        {"", ""},
        {"#f", "#f"},
        {"?page=2", "?page=2"},
        {"https://example.cn/?a=1&b=2", "https://example.cn/?a=1&amp;b=2"},
        {"mailto:a@b.cn", "mailto:a@b.cn"},
        {"tel:12345", "tel:12345"},
        {"//evil.example", "#"},
        {"/\\evil.example", "#"},
        {"javascript:alert(1)", "#"},
        {" javascript:alert(1)", "#"},
        {"JaVaScRiPt:alert(1)", "#"},
        {"data:text/html,x", "#"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench->page->link = text_of(rows[i].link);
        const char *page = page_of(bench, "<a href=\"{{link}}\">");
        assert_non_null(page);
        assert_string_equal(
            page,
            text_cstr(bench->arena, text_format(bench->arena, "<a href=\"%s\">", rows[i].href)));
    }
}

static void test_form(void **state)
{
    struct bench *bench = *state;
    const char *page = page_of(
        bench, "{{form \"case.accept\" class \"wide\"}}{{field note from note}}{{field kind}}"
               "{{field paper}}{{field fee from fee}}{{field count}}{{field at from accepted_at}}"
               "{{field promised_date from due_date}}{{field password}}{{field agreed}}"
               "{{field phone autocomplete \"tel\" heading}}{{field window_code short}}"
               "{{field applicant.name}}{{field tags from tags}}{{hidden count from case_id}}"
               "{{hidden kind is \"granted\"}}{{submit \"受理\"}}{{submit \"不\" warning}}{{end}}");
    assert_non_null(page);
    has(page, "<form method=\"post\" novalidate action=\"/staff/cases/17/accept\" class=\"wide\">");
    has(page, "name=\"_token\" value=\"csrf-token-of-32-characters-long\"");
    has(page, "name=\"_key\" value=\"0123456789abcdef.0\"");
    has(page, "name=\"_page\" value=\"/staff/cases/17\"");
    has(page, "<label class=\"govuk-label\" for=\"f1-note\">办理意见</label>");
    has(page, "<div class=\"govuk-hint\" id=\"f1-note-hint\">写明理由和依据，申请人会看到。</div>");
    has(page, "aria-describedby=\"f1-note-hint\">\n三宗地分割。\n申请人要求当日领取。</textarea>");
    has(page, "type=\"radio\" id=\"f1-kind\" name=\"kind\" value=\"received\">");
    has(page, "id=\"f1-kind-4\" name=\"kind\" value=\"refused\"");
    has(page, "<select class=\"govuk-select\" id=\"f1-paper\" name=\"paper\">"
              "<option value=\"\">请选择</option><option value=\"a\">身份证</option>");
    has(page, "其他&lt;证件&gt;");
    has(page, "inputmode=\"decimal\" spellcheck=\"false\" value=\"12.50\">");
    has(page, "inputmode=\"numeric\"");
    has(page, "value=\"2014-05-04 09:00\"");
    has(page, "value=\"2014-05-30\"");
    has(page, "例如 2014-05-04</div>");
    has(page, "type=\"password\" autocomplete=\"current-password\" value=\"\"");
    has(page, "type=\"checkbox\" id=\"f1-agreed\" name=\"agreed\" value=\"true\">");
    has(page, "<h1 class=\"govuk-label-wrapper\"><label class=\"govuk-label govuk-label--l\" "
              "for=\"f1-phone\">手机号码</label></h1>");
    has(page, "type=\"tel\" autocomplete=\"tel\"");
    has(page, "收费金额（选填）");
    has_not(page, "手机号码（选填）");
    has(page, "name=\"applicant.name\"");
    assert_int_equal(times(page, "name=\"tags\""), 3);
    has(page, "<input type=\"hidden\" name=\"count\" value=\"17\">");
    has(page, "<input type=\"hidden\" name=\"kind\" value=\"granted\">");
    has(page, "<button type=\"submit\" class=\"govuk-button govuk-button--warning\">不</button>");
    has_not(page, "error");
    has_not(page, "required");
    page = page_of(bench, "{{form \"file.add\"}}{{file x label \"照片\"}}{{end}}{{tokens}}");
    assert_non_null(page);
    has(page, "action=\"/staff/cases/17/files/PH2014-00017\" enctype=\"multipart/form-data\">");
    has(page, "<input type=\"file\" class=\"govuk-file-upload\" id=\"f1-x\" name=\"x\">");
    has(page, "value=\"0123456789abcdef.1\"");
    bench->page->note = TEXT("<平方米>"); /* words of the record, as they are */
    page = page_of(bench, "{{form \"case.accept\"}}{{field fee label note}}{{end}}");
    assert_non_null(page);
    has(page, "for=\"f1-fee\">&lt;平方米&gt;</label>");
}

static void test_rows(void **state)
{
    struct bench *bench = *state;
    const char *page = page_of(
        bench, "{{form \"case.accept\"}}{{each materials}}"
               "{{hidden materials.#.code from code}}"
               "{{field materials.#.state from state bare select for name}}{{end}}"
               "{{rows 2}}{{field materials.#.code}}{{end}}{{field materials.9.code}}{{end}}");
    assert_non_null(page);
    has(page, "name=\"materials.0.code\" value=\"M01\">");
    has(page, "name=\"materials.7.code\" value=\"M08\">");
    has(page,
        "<label class=\"govuk-label govuk-visually-hidden\" for=\"f1-materials.1.state\">核对结果"
        "<span class=\"govuk-visually-hidden\">：国有土地使用证</span></label>");
    has(page, "name=\"materials.1.state\"><option value=\"\">请选择</option>"
              "<option value=\"good\" selected>齐全</option>");
    has(page, "name=\"materials.1.code\"");
    has(page, "name=\"materials.9.code\"");
}

static void test_choices(void **state)
{
    struct bench *bench = *state;
    const char *page = page_of(
        bench,
        "{{form \"case.begin\"}}{{choices window_code cases number item from number}}"
        "{{choices window_code cases number item radios}}"
        "{{choices tags materials code name}}{{choices window_code history title at}}{{end}}");
    assert_non_null(page);
    has(page, "<select class=\"govuk-select\" id=\"f1-window_code\"");
    has(page, "<option value=\"PH2014-01000\">企业设立登记</option>");
    has(page, "<input class=\"govuk-radios__input\" type=\"radio\" id=\"f1-window_code-20\"");
    has(page, "type=\"checkbox\" id=\"f1-tags-2\" name=\"tags\" value=\"M02\">");
    has(page, "2014年5月4日 09:00</option>");
}

/* A refused form: nothing typed is lost, every problem is at its field and in the summary. */
static void test_problems(void **state)
{
    struct bench *bench = *state;
    struct pair pairs[] = {
        {TEXT("note"), TEXT("两行\n<文字>")},
        {TEXT("kind"), TEXT("refused")},
        {TEXT("paper"), TEXT("b")},
        {TEXT("fee"), TEXT("十元")},
        {TEXT("promised_date"), TEXT("2014-13")},
        {TEXT("password"), TEXT("hunter22")},
        {TEXT("agreed"), TEXT("true")},
        {TEXT("tags"), TEXT("甲")},
        {TEXT("tags"), TEXT("乙")},
        {TEXT("materials.1.state"), TEXT("wrong")},
        {TEXT("window_code"), TEXT("PH2014-01001")},
    };
    struct problem items[] = {
        {TEXT("promised_date"), REFUSED_MALFORMED, TEXT("日期要写成 2014-05-04 的样子")},
        {TEXT("fee"), REFUSED_MALFORMED, TEXT("金额只写数字")},
        {TEXT("kind"), REFUSED_STATE, TEXT("")},
        {TEXT("materials.1.state"), REFUSED_MATERIAL, TEXT("第二份材料缺页")},
        {TEXT("materials"), REFUSED_MATERIAL, TEXT("材料清单不全")},
        {TEXT(""), REFUSED_STALE, TEXT("刚刚有人办理过")},
    };
    struct pairs sent = {pairs, sizeof pairs / sizeof *pairs};
    struct problems problems = {items, sizeof items / sizeof *items};
    bench->frame.submitted = "case.accept";
    bench->frame.sent = &sent;
    bench->frame.problems = &problems;
    const char *page = page_of(
        bench, "<p>{{errors}}</p>{{form \"case.begin\"}}{{field note from number}}{{end}}"
               "{{form \"case.accept\"}}{{field note from number}}{{field kind}}{{field paper}}"
               "{{field fee}}{{field promised_date}}{{field password}}{{field agreed}}"
               "{{field tags}}{{choices tags materials code name}}"
               "{{choices window_code cases number item}}"
               "{{each materials}}{{field materials.#.state from state}}{{end}}{{end}}"
               "{{form \"case.accept\"}}{{field fee}}{{end}}");
    assert_non_null(page);
    has(page, "<p><div class=\"govuk-error-summary\" tabindex=\"-1\" autofocus><div role=\"alert\">"
              "<h2 class=\"govuk-error-summary__title\">有问题需要更正</h2>");
    has(page, "<li><a href=\"#f-promised_date\">日期要写成 2014-05-04 的样子</a></li>");
    has(page, "<li><a href=\"#f-materials.1.state\">第二份材料缺页</a></li>");
    has(page, "<li>材料清单不全</li><li>刚刚有人办理过</li></ul></div></div></div></p>");
    has(page, refusal_text(REFUSED_STATE)->remedy);
    has(page, "<p class=\"govuk-error-message\" id=\"f-fee-error\"><span "
              "class=\"govuk-visually-hidden\">错误：</span>金额只写数字</p>");
    has(page, "value=\"十元\" aria-describedby=\"f-fee-error\" aria-invalid=\"true\">");
    has(page, "aria-describedby=\"f-promised_date-hint f-promised_date-error\"");
    has(page, ">\n两行\n&lt;文字&gt;</textarea>");
    has(page, "value=\"refused\" checked>");
    has(page, "<option value=\"b\" selected>");
    has(page, "name=\"agreed\" value=\"true\" checked>");
    has(page, "value=\"甲\">");
    has(page, "value=\"乙\">");
    has(page, "<option value=\"PH2014-01001\" selected>");
    has(page, "id=\"f-materials.1.state-3\" name=\"materials.1.state\" value=\"wrong\" checked>");
    has_not(page, "hunter22");
    /* The other forms are as if nothing had been sent. */
    has(page, "<textarea class=\"govuk-textarea\" id=\"f1-note\" name=\"note\" rows=\"5\" "
              "aria-describedby=\"f1-note-hint\">\nPH2014-00017</textarea>");
    assert_int_equal(times(page, "id=\"f-fee\""), 1);
    assert_int_equal(times(page, "id=\"f3-fee\""), 1);
    assert_int_equal(times(page, "十元"), 1);
}

/* The same form in every row: the one whose path was posted shows what was sent. */
static void test_repeated_form(void **state)
{
    struct bench *bench = *state;
    struct pair pairs[] = {{TEXT("case_id"), TEXT("1001")}, {TEXT("note"), TEXT("这一件")}};
    struct problem item = {TEXT("note"), REFUSED_TOO_SHORT, TEXT("太短")};
    struct pairs sent = {pairs, 2};
    struct problems problems = {&item, 1};
    bench->frame.submitted = "case.accept";
    bench->frame.sent = &sent;
    bench->frame.problems = &problems;
    const char *page = page_of(
        bench, "{{each cases}}{{form \"case.accept\"}}{{field note}}{{end}}{{end}}{{errors}}");
    assert_non_null(page);
    assert_int_equal(times(page, "这一件"), 1);
    const char *at = strstr(page, "/staff/cases/1001/accept");
    assert_non_null(at);
    assert_true(strstr(at, "这一件") < strstr(page, "/staff/cases/1002/accept"));
    has(page, "<a href=\"#f-note\">太短</a>");
    assert_int_equal(times(page, "id=\"f-note\""), 1);
}

static void test_unchecked_pair(void **state)
{
    struct bench *bench = *state;
    struct asset file = file_of("t/page.html", "{{number}}");
    struct view *view = NULL;
    struct buf out = {.arena = bench->arena};
    assert_true(view_load_forms(&file, 1, NULL, 0, &view, &bench->why));
    assert_false(view_check(view, "t/none.html", &sample_shape, &bench->why));
    assert_string_equal(bench->why.why, "t/none.html: no such template");
    bench->why = (struct fault){0};
    assert_false(view_render(view, "t/page.html", &sample_shape, bench->page, &bench->frame, &out,
                             &bench->why));
    assert_string_equal(bench->why.why, "t/page.html: not checked with shape sample");
    view_free(view);
    view_free(NULL);
}

static void test_assets(void **state)
{
    struct bench *bench = *state;
    const struct asset *css = asset_find(TEXT("web/yimen.css"));
    assert_non_null(css);
    assert_null(asset_find(TEXT("web/none.css")));
    struct text path = asset_path(bench->arena, css);
    assert_ptr_equal(asset_served(path), css);
    assert_null(asset_served(TEXT("/assets/0000000000000000/web/yimen.css")));
    assert_null(asset_served(TEXT("/assets/")));
    assert_null(asset_served(TEXT("/other/web/yimen.css")));
    const struct asset *page = asset_find(TEXT("view/public.html"));
    assert_non_null(page);
    assert_null(asset_served(asset_path(bench->arena, page)));
}

/* Whole pages in the house's layouts, kept in build/preview for the browser to look at. */
static void preview(struct bench *bench, struct view *view, const char *name, const char *template,
                    const struct shape *shape, const void *record, const struct frame *frame)
{
    struct buf out = {.arena = bench->arena};
    if (!view_check(view, template, shape, &bench->why) ||
        !view_render(view, template, shape, record, frame, &out, &bench->why))
        fail_msg("%s", bench->why.why);
    struct text page = buf_done(&out);
    assert_true(text_starts(page, TEXT("<!doctype html>")));
    assert_true(text_ends(text_trim(page), TEXT("</html>")));
    assert_true(text_utf8(page));
    const char *cstr = text_cstr(bench->arena, page);
    assert_int_equal(times(cstr, "<h1"), 1);
    assert_int_equal(times(cstr, "<main"), 1);
    /* None but files of the house. */
    assert_int_equal(times(cstr, "<script"), times(cstr, "<script src=\"/assets/"));
    FILE *file = fopen(
        text_cstr(bench->arena, text_format(bench->arena, "build/preview/%s.html", name)), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(page.at, 1, page.len, file), page.len);
    assert_int_equal(fclose(file), 0);
}

static void test_layouts(void **state)
{
    static const char *const names[] = {"case",     "desk",  "sign_in", "home",
                                        "question", "apply", "my"};
    static const bool staff[] = {true, true, true, false, false, false, false};
    struct bench *bench = *state;
    struct asset *files;
    size_t count;
    struct view *view = NULL;
    mkdir("build", 0777);
    mkdir("build/preview", 0777);
    assert_true(sample_files(bench->arena, names, 7, &files, &count));
    if (!view_load_forms(files, count, sample_forms, sample_form_count, &view, &bench->why))
        fail_msg("%s", bench->why.why);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct text template = text_format(bench->arena, "sample/%s.html", names[i]);
        struct frame frame = sample_frame(staff[i]);
        if (strcmp(names[i], "sign_in") == 0)
            frame.signed_in = TEXT("");
        if (strcmp(names[i], "desk") == 0)
            frame.notice = TEXT("办件 PH2014-00016 已受理。");
        preview(bench, view, names[i], text_cstr(bench->arena, template), &sample_shape,
                bench->page, &frame);
    }
    struct pair pairs[] = {{TEXT("note"), TEXT("同意")}, {TEXT("promised_date"), TEXT("5月30日")}};
    struct problem items[] = {
        {TEXT("kind"), REFUSED_MISSING, TEXT("请选择办理结果")},
        {TEXT("promised_date"), REFUSED_MALFORMED, TEXT("日期要写成 2014-05-30 的样子")},
        {TEXT("agreed"), REFUSED_MISSING, TEXT("请确认申请人已经签字")},
        {TEXT("materials.2.state"), REFUSED_MISSING, TEXT("请选择宗地分割申请书的核对结果")},
        {TEXT("fee"), REFUSED_MALFORMED, TEXT("金额只写数字，例如 12.50")},
        {TEXT("paper"), REFUSED_MISSING, TEXT("请选择证件种类")},
    };
    struct pairs sent = {pairs, 2};
    struct problems problems = {items, sizeof items / sizeof *items};
    struct frame frame = sample_frame(true);
    frame.submitted = "case.accept";
    frame.sent = &sent;
    frame.problems = &problems;
    preview(bench, view, "case_problems", "sample/case.html", &sample_shape, bench->page, &frame);
    frame.staff = false;
    preview(bench, view, "question_problems", "sample/question.html", &sample_shape, bench->page,
            &frame);
    struct text wrongs[] = {TEXT("身份证号的校验码不对"), TEXT("材料清单不全")};
    struct problem_page problem = {.title = TEXT("没有找到这个办件"),
                                   .what = TEXT("编号或查询码不对，或者办件已经移交档案。"),
                                   .remedy = TEXT("请对照回执上的办件编号和查询码再查一次。"),
                                   .back = TEXT("/my"),
                                   .back_name = TEXT("返回我的办件"),
                                   .code = TEXT("2224TVQ4"),
                                   .problems = {wrongs, 2}};
    struct frame public_frame = sample_frame(false), staff_frame = sample_frame(true);
    preview(bench, view, "problem", "view/problem.html", &problem_page_shape, &problem,
            &public_frame);
    preview(bench, view, "problem_staff", "view/problem_staff.html", &problem_page_shape,
            &(struct problem_page){.title = TEXT("没有办成")}, &staff_frame);
    view_free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_form_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_escaping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_addresses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_choices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_problems, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_repeated_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unchecked_pair, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_assets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_layouts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
