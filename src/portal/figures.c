/* The pages /figures, for everybody, and /staff/figures: the same figures, of which the public is not
 * told what is too small. */
#include "portal/figures.h"

#include <stdlib.h>

#include "portal/portal.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)
#define TEXT_FIELD(record, member, words)                                                          \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .label = words                                      \
    }
#define CODE_FIELD(record, member, words)                                                          \
    {                                                                                              \
        F(record, member), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = words                 \
    }
#define OTHER(record, member, kind, words)                                                         \
    {                                                                                              \
        F(record, member), .type = kind, .label = words                                            \
    }
#define LIST_FIELD(record, member, shape, words)                                                   \
    {                                                                                              \
        F(record, member), .type = FIELD_LIST, .of = &shape, .label = words                        \
    }

enum figure_part { PART_NONE, PART_ALL, PART_PERIOD, PART_DEPARTMENT, PART_ITEM, PART_CHANNEL };
static const struct word part_words[] = {{"none", ""},         {"all", "合计"},
                                         {"period", "时间"},   {"department", "部门"},
                                         {"item", "事项"},     {"channel", "渠道"},
                                         {NULL, NULL}};

/* A row as it is told: counts are words, since some are "少于3". */
struct figure_row {
    int64_t part; /* enum figure_part */
    struct text code, name;
    struct text submitted, accepted, decided, kept, lawful, mean, median, promised, statutory,
        supplemented, once, not_accepted, refused, ended, overdue;
};
static const struct field figure_row_fields[] = {
    {F(figure_row, part), .type = FIELD_WORD, .words = part_words, .label = "分组"},
    CODE_FIELD(figure_row, code, "代码"),
    TEXT_FIELD(figure_row, name, "名称"),
    TEXT_FIELD(figure_row, submitted, "收件"),
    TEXT_FIELD(figure_row, accepted, "受理"),
    TEXT_FIELD(figure_row, decided, "办结"),
    TEXT_FIELD(figure_row, kept, "承诺期限内办结率"),
    TEXT_FIELD(figure_row, lawful, "法定期限内办结率"),
    TEXT_FIELD(figure_row, mean, "平均用时（工作日）"),
    TEXT_FIELD(figure_row, median, "用时中位数（工作日）"),
    TEXT_FIELD(figure_row, promised, "承诺期限"),
    TEXT_FIELD(figure_row, statutory, "法定期限"),
    TEXT_FIELD(figure_row, supplemented, "补正率"),
    TEXT_FIELD(figure_row, once, "一次补正率"),
    TEXT_FIELD(figure_row, not_accepted, "不予受理"),
    TEXT_FIELD(figure_row, refused, "不予许可"),
    TEXT_FIELD(figure_row, ended, "撤回或终止"),
    TEXT_FIELD(figure_row, overdue, "现已超期"),
};
static const struct shape figure_row_shape = {"figure_row", "统计", sizeof(struct figure_row),
                                              SHAPE_FIELDS(figure_row_fields)};

struct figure_choice {
    struct text code, name;
    bool chosen;
};
static const struct field figure_choice_fields[] = {
    CODE_FIELD(figure_choice, code, "代码"),
    TEXT_FIELD(figure_choice, name, "名称"),
    OTHER(figure_choice, chosen, FIELD_BOOL, "已选"),
};
static const struct shape figure_choice_shape = {"figure_choice", "选项",
                                                 sizeof(struct figure_choice),
                                                 SHAPE_FIELDS(figure_choice_fields)};

struct figures_ask {
    struct text period; /* "2014-05", "2014"; empty: this month */
    struct text department, item;
};
static bool period_good(struct text period)
{
    int64_t first, last;
    return figure_period(period, &first, &last);
}
static const struct field figures_ask_fields[] = {
    {F(figures_ask, period), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 7, .label = "时间",
     .check = period_good, .check_hint = "请填写年份或者年月，例如 2014 或 2014-05。"},
    {F(figures_ask, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 40,
     .label = "部门代码"},
    {F(figures_ask, item), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 40,
     .label = "事项代码"},
};
static const struct shape figures_ask_shape = {"figures_ask", "统计查询", sizeof(struct figures_ask),
                                               SHAPE_FIELDS(figures_ask_fields)};

struct figures_page {
    struct text here; /* the page's path */
    struct text period, previous, next, whole; /* whole: the year of a month */
    bool monthly;                              /* rows of periods are months */
    struct text department, department_name, item, item_name;
    int64_t first_date, last_date; /* of the period, as far as it has passed */
    int64_t as_of;
    bool nothing; /* was handed in, accepted or decided in the period */
    struct list totals;  /* struct figure_row: one */
    struct list periods; /* struct figure_row */
    struct list departments, items, channels;
    int64_t items_left; /* that this page does not show */
    struct list choices; /* struct figure_choice: departments */
};
static const struct field figures_page_fields[] = {
    CODE_FIELD(figures_page, here, "地址"),
    CODE_FIELD(figures_page, period, "时间"),
    CODE_FIELD(figures_page, previous, "上一期"),
    CODE_FIELD(figures_page, next, "下一期"),
    CODE_FIELD(figures_page, whole, "全年"),
    OTHER(figures_page, monthly, FIELD_BOOL, "按月"),
    CODE_FIELD(figures_page, department, "部门代码"),
    TEXT_FIELD(figures_page, department_name, "部门"),
    CODE_FIELD(figures_page, item, "事项代码"),
    TEXT_FIELD(figures_page, item_name, "事项"),
    OTHER(figures_page, first_date, FIELD_DATE, "第一天"),
    OTHER(figures_page, last_date, FIELD_DATE, "最后一天"),
    OTHER(figures_page, as_of, FIELD_TIME, "统计时间"),
    OTHER(figures_page, nothing, FIELD_BOOL, "没有办件"),
    LIST_FIELD(figures_page, totals, figure_row_shape, "合计"),
    LIST_FIELD(figures_page, periods, figure_row_shape, "按时间"),
    LIST_FIELD(figures_page, departments, figure_row_shape, "按部门"),
    LIST_FIELD(figures_page, items, figure_row_shape, "按事项"),
    LIST_FIELD(figures_page, channels, figure_row_shape, "按渠道"),
    OTHER(figures_page, items_left, FIELD_INT, "未列出的事项"),
    LIST_FIELD(figures_page, choices, figure_choice_shape, "部门"),
};
static const struct shape figures_page_shape = {"figures_page", "办件统计",
                                                sizeof(struct figures_page),
                                                SHAPE_FIELDS(figures_page_fields)};

/* What one page is made of. */
struct making {
    const struct look_context *context;
    struct figures_page *page;
    bool all; /* for the staff: nothing is too small */
    struct figure_lines total, periods, departments, items, channels;
};

static struct text month_of(int64_t date, struct arena *arena)
{
    int year, month, day;
    date_parts(date, &year, &month, &day);
    return text_format(arena, "%04d-%02d", year, month);
}

static struct text period_code(const struct making *making, int64_t day)
{
    struct arena *arena = making->context->arena;
    return making->page->monthly ? month_of(day, arena) : date_format(arena, day);
}

static void open_lines(struct making *making, size_t most)
{
    struct arena *arena = making->context->arena;
    struct figures_page *page = making->page;
    figure_lines_open(&making->total, 1, arena);
    figure_lines_open(&making->periods, 400, arena);
    figure_lines_open(&making->departments, most, arena);
    figure_lines_open(&making->items, most, arena);
    figure_lines_open(&making->channels, most, arena);
    figure_line_at(&making->total, TEXT(""));
    for (int64_t day = page->first_date; day <= page->last_date; day++)
        figure_line_at(&making->periods, period_code(making, day));
}

static bool count_cases(struct making *making, const struct case_scope *scope, struct fault *why)
{
    struct list days, kinds, times;
    if (!case_tallies(making->context, scope, true, &days, why) ||
        !case_tallies(making->context, scope, false, &kinds, why) ||
        !case_times(making->context, scope, &times, why))
        return false;
    open_lines(making, kinds.count + 1);
    const struct case_tally *tally = days.items;
    for (size_t i = 0; i < days.count; i++)
        figure_line_add(figure_line_at(&making->periods, period_code(making, tally[i].day)),
                        &tally[i]);
    tally = kinds.items;
    for (size_t i = 0; i < kinds.count; i++) {
        figure_line_add(figure_line_at(&making->total, TEXT("")), &tally[i]);
        figure_line_add(figure_line_at(&making->departments, tally[i].department), &tally[i]);
        figure_line_add(figure_line_at(&making->items, tally[i].item_code), &tally[i]);
        figure_line_add(figure_line_at(&making->channels, tally[i].channel), &tally[i]);
    }
    const struct case_took *took = times.items;
    for (size_t i = 0; i < times.count; i++) {
        figure_line_took(figure_line_at(&making->total, TEXT("")), &took[i]);
        figure_line_took(figure_line_at(&making->departments, took[i].department), &took[i]);
        figure_line_took(figure_line_at(&making->items, took[i].item_code), &took[i]);
        figure_line_took(figure_line_at(&making->channels, took[i].channel), &took[i]);
    }
    return true;
}

static int by_code(const void *a, const void *b)
{
    return text_order(((const struct figure_line *)a)->code, ((const struct figure_line *)b)->code);
}

/* The busiest first. */
static int by_cases(const void *a, const void *b)
{
    int64_t first = ((const struct figure_line *)a)->sum.submitted,
            second = ((const struct figure_line *)b)->sum.submitted;
    return first != second ? (first < second) - (first > second) : by_code(a, b);
}

static struct figure_row row_of(const struct making *making, const struct figure_line *line,
                                enum figure_part part)
{
    struct arena *arena = making->context->arena;
    const struct case_tally *sum = &line->sum;
    bool all = making->all, by_period = part == PART_PERIOD;
    return (struct figure_row){
        .part = part,
        .code = line->code,
        .name = line->code,
        .submitted = figure_count_said(line, FIGURE_SUBMITTED, arena),
        .accepted = figure_count_said(line, FIGURE_ACCEPTED, arena),
        .decided = figure_count_said(line, FIGURE_DECIDED, arena),
        .kept = figure_share_said(sum->promised_kept, sum->promised, all, arena),
        .lawful = figure_share_said(sum->statutory_kept, sum->statutory, all, arena),
        .mean = figure_mean_said(line, all, arena),
        .median = by_period ? TEXT("") : figure_median_said(line, all, arena),
        .supplemented = figure_share_said(sum->supplemented, sum->accepted, all, arena),
        .once = figure_share_said(sum->supplemented_once, sum->supplemented, all, arena),
        .not_accepted = figure_count_said(line, FIGURE_NOT_ACCEPTED, arena),
        .refused = figure_count_said(line, FIGURE_REFUSED, arena),
        .ended = figure_count_said(line, FIGURE_ENDED, arena),
        .overdue = by_period ? TEXT("") : figure_count_said(line, FIGURE_OVERDUE, arena),
    };
}

static struct list tell(const struct making *making, struct figure_lines *lines,
                        enum figure_part part)
{
    struct figure_row *rows = arena_array(making->context->arena, lines->count, sizeof *rows);
    if (!making->all)
        figure_hide_small(lines);
    for (size_t i = 0; i < lines->count; i++)
        rows[i] = row_of(making, &lines->items[i], part);
    return (struct list){rows, lines->count};
}

static void name_rows(const struct making *making, struct list *rows, enum naming what)
{
    struct list names = look_names(making->context, what);
    struct figure_row *row = rows->items;
    for (size_t i = 0; i < rows->count; i++)
        row[i].name = name_of(&names, row[i].code);
}

static void name_items(const struct making *making, struct list *rows)
{
    const struct look_context *context = making->context;
    const struct catalogue *catalogue = catalogue_at(context);
    struct figure_row *row = rows->items;
    name_rows(making, rows, NAMES_ITEM);
    for (size_t i = 0; i < rows->count; i++) {
        const struct item *item = catalogue_find_item(catalogue, row[i].code, 0, context->now_ms);
        if (!item)
            continue;
        row[i].promised = item_promised_said(item, context->arena);
        row[i].statutory = item_statutory_said(item, context->arena);
    }
}

static void name_channels(struct list *rows)
{
    struct figure_row *row = rows->items;
    for (size_t i = 0; i < rows->count; i++)
        row[i].name = text_is(row[i].code, "web") ? TEXT("网上") : TEXT("窗口");
}

/* As many items as a page shows; a table has all. */
static void tell_items(struct making *making)
{
    enum { SHOWN = 50 };
    struct figures_page *page = making->page;
    size_t most = making->context->rows ? making->items.count : SHOWN;
    page->items = tell(making, &making->items, PART_ITEM);
    if (page->items.count > most) {
        page->items_left = (int64_t)(page->items.count - most);
        page->items.count = most;
    }
    name_items(making, &page->items);
}

static void sort_lines(struct figure_lines *lines, int (*order)(const void *, const void *))
{
    if (lines->count)
        qsort(lines->items, lines->count, sizeof *lines->items, order);
}

static void tell_all(struct making *making)
{
    struct figures_page *page = making->page;
    const struct case_tally *sum = &making->total.items[0].sum;
    page->nothing = !sum->submitted && !sum->accepted && !figure_decided(sum) &&
                    !sum->not_accepted && !sum->ended;
    sort_lines(&making->periods, by_code);
    sort_lines(&making->departments, by_code);
    sort_lines(&making->items, by_cases);
    sort_lines(&making->channels, by_code);
    page->totals = tell(making, &making->total, PART_ALL);
    ((struct figure_row *)page->totals.items)->name = TEXT("合计");
    page->periods = tell(making, &making->periods, PART_PERIOD);
    page->departments = tell(making, &making->departments, PART_DEPARTMENT);
    page->channels = tell(making, &making->channels, PART_CHANNEL);
    name_rows(making, &page->departments, NAMES_DEPARTMENT);
    name_channels(&page->channels);
    tell_items(making);
}

static struct text period_beside(const struct figures_page *page, int64_t date,
                                 struct arena *arena)
{
    struct text month = month_of(date, arena);
    return page->monthly ? text_head(month, 4) : month;
}

static void choose_period(struct figures_page *page, const struct figures_ask *asked,
                          int64_t first_ms, const struct look_context *context)
{
    int64_t last, today = time_date(context->now_ms);
    struct arena *arena = context->arena;
    page->period = asked->period.len ? asked->period : month_of(today, arena);
    figure_period(page->period, &page->first_date, &last);
    page->monthly = page->period.len == 4;
    page->last_date = last < today ? last : today;
    page->as_of = context->now_ms;
    /* Nothing was there before the first case: who turns back ends somewhere. */
    if (first_ms && first_ms < time_at(page->first_date, 0))
        page->previous = period_beside(page, page->first_date - 1, arena);
    if (last < today)
        page->next = period_beside(page, last + 1, arena);
    if (!page->monthly)
        page->whole = text_head(page->period, 4);
}

static void choose_departments(struct figures_page *page, const struct look_context *context)
{
    struct list names = look_names(context, NAMES_DEPARTMENT);
    const struct named *named = names.items;
    struct figure_choice *choices = arena_array(context->arena, names.count, sizeof *choices);
    for (size_t i = 0; i < names.count; i++)
        choices[i] = (struct figure_choice){named[i].code, named[i].name,
                                            text_equal(named[i].code, page->department)};
    page->choices = (struct list){choices, names.count};
    if (page->department.len)
        page->department_name = name_of(&names, page->department);
    names = look_names(context, NAMES_ITEM);
    if (page->item.len)
        page->item_name = name_of(&names, page->item);
}

static void show(const struct look_context *context, const struct figures_ask *asked, bool all,
                 struct figures_page *page, struct fault *why)
{
    struct making making = {.context = context, .page = page, .all = all};
    page->here = all ? TEXT("/staff/figures") : TEXT("/figures");
    page->department = asked->department;
    page->item = asked->item;
    int64_t first_ms;
    if (!case_first(context, &first_ms, why))
        return;
    choose_period(page, asked, first_ms, context);
    choose_departments(page, context);
    struct case_scope scope = {.from_ms = time_at(page->first_date, 0),
                               .to_ms = time_at(page->last_date + 1, 0),
                               .department = page->department,
                               .item_code = page->item};
    if (count_cases(&making, &scope, why))
        tell_all(&making);
}

static enum refusal look_figures(const struct look_context *context, const void *query, void *out,
                                 struct fault *why)
{
    show(context, query, false, out, why);
    return OK;
}

static enum refusal look_staff_figures(const struct look_context *context, const void *query,
                                       void *out, struct fault *why)
{
    show(context, query, true, out, why);
    return OK;
}

#define PARTS "totals periods departments items channels"
const struct look figures_look = {
    .name = "figures.public",
    .title = "办件统计",
    .path = "/figures",
    .roles = ROLE_ANYONE | ROLE_APPLICANT,
    .by_journal = true,
    .query = &figures_ask_shape,
    .page = &figures_page_shape,
    .template = "portal/figures.html",
    .list = PARTS,
    .look = look_figures,
};
const struct look staff_figures_look = {
    .name = "figures.staff",
    .title = "办件统计",
    .path = "/staff/figures",
    .roles = ROLE_WORK | ROLE_AUDITOR,
    .by_journal = true,
    .query = &figures_ask_shape,
    .page = &figures_page_shape,
    .template = "portal/staff-figures.html",
    .list = PARTS,
    .look = look_staff_figures,
};
