/* The public calendar of a year, and when something would be due. */
#include "clock/commands.h"
#include "clock/due.h"

static const struct word cell_words[] = {
    {"none", ""}, {"work", "工作日"}, {"make_up", "调休上班"}, {"weekend", "周末"}, {"off", "放假"},
    {NULL, NULL},
};

struct cell {
    int64_t date;
    int64_t day;  /* of the month; 0: the cell before the first or after the last day */
    int64_t kind; /* index into cell_words */
    struct text name;
};
static const struct field cell_fields[] = {
    {"date", FIELD_DATE, offsetof(struct cell, date), 0, .label = "日期"},
    {"day", FIELD_INT, offsetof(struct cell, day), 0, .label = "日"},
    {"kind", FIELD_WORD, offsetof(struct cell, kind), 0, .label = "种类", .words = cell_words},
    {"name", FIELD_TEXT, offsetof(struct cell, name), 0, .label = "节日"},
};
static const struct shape cell_shape = {
    .name = "calendar_cell",
    .title = "日",
    .size = sizeof(struct cell),
    SHAPE_FIELDS(cell_fields),
};

struct week {
    struct list days; /* struct cell, Monday to Sunday */
};
static const struct field week_fields[] = {
    {"days", FIELD_LIST, offsetof(struct week, days), 0, .label = "星期一至星期日",
     .of = &cell_shape},
};
static const struct shape week_shape = {
    .name = "calendar_week",
    .title = "周",
    .size = sizeof(struct week),
    SHAPE_FIELDS(week_fields),
};

struct month {
    int64_t month;
    int64_t workdays;
    struct list weeks; /* struct week */
};
static const struct field month_fields[] = {
    {"month", FIELD_INT, offsetof(struct month, month), 0, .label = "月"},
    {"workdays", FIELD_INT, offsetof(struct month, workdays), 0, .label = "工作日数"},
    {"weeks", FIELD_LIST, offsetof(struct month, weeks), 0, .label = "周", .of = &week_shape},
};
static const struct shape month_shape = {
    .name = "calendar_month",
    .title = "月",
    .size = sizeof(struct month),
    SHAPE_FIELDS(month_fields),
};

struct page {
    int64_t year;
    bool known;
    int64_t previous_year; /* 0: not known */
    int64_t next_year;
    int64_t workdays;
    int64_t version;
    struct list months;  /* struct month; empty when the year is not known */
    struct list notices; /* struct notice, those of the year that are known */
    bool asked;          /* a due date was asked for */
    struct text refused; /* … and why it cannot be told, or empty */
    struct due_answer due;
};
static const struct field listed_fields[] = {
    {"published_date", FIELD_DATE, offsetof(struct notice, published_date), 0,
     .label = "发布日期"},
    {"scope", FIELD_WORD, offsetof(struct notice, scope), 0, .label = "范围",
     .words = notice_scope_words},
    {"document", FIELD_TEXT, offsetof(struct notice, document), 0, .label = "文号"},
    {"source", FIELD_TEXT, offsetof(struct notice, source), 0, .high = 400, .label = "来源"},
    {"version", FIELD_INT, offsetof(struct notice, version), 0, .label = "日历版本"},
};
static const struct shape listed_shape = {
    .name = "calendar_notice",
    .title = "节假日安排通知",
    .size = sizeof(struct notice),
    SHAPE_FIELDS(listed_fields),
};
static const struct field page_fields[] = {
    {"year", FIELD_INT, offsetof(struct page, year), 0, .label = "年份"},
    {"known", FIELD_BOOL, offsetof(struct page, known), 0, .label = "已公布"},
    {"previous_year", FIELD_INT, offsetof(struct page, previous_year), 0, .label = "上一年"},
    {"next_year", FIELD_INT, offsetof(struct page, next_year), 0, .label = "下一年"},
    {"workdays", FIELD_INT, offsetof(struct page, workdays), 0, .label = "全年工作日数"},
    {"version", FIELD_INT, offsetof(struct page, version), 0, .label = "日历版本"},
    {"months", FIELD_LIST, offsetof(struct page, months), 0, .label = "月份", .of = &month_shape},
    {"notices", FIELD_LIST, offsetof(struct page, notices), 0, .label = "依据",
     .of = &listed_shape},
    {"asked", FIELD_BOOL, offsetof(struct page, asked), 0, .label = "已提问"},
    {"refused", FIELD_TEXT, offsetof(struct page, refused), 0, .label = "不能计算的原因"},
    {"due", FIELD_RECORD, offsetof(struct page, due), 0, .label = "期限计算",
     .of = &due_answer_shape},
};
static const struct shape page_shape = {
    .name = "calendar_page",
    .title = "工作日历",
    .size = sizeof(struct page),
    SHAPE_FIELDS(page_fields),
};

struct query {
    int64_t year; /* 0: this year */
    int64_t from; /* with days: when is it due */
    int64_t days;
    int64_t unit; /* none: working days */
};
static const struct field query_fields[] = {
    {"year", FIELD_INT, offsetof(struct query, year), 0, .low = 1949, .high = 2999,
     .label = "年份"},
    {"from", FIELD_DATE, offsetof(struct query, from), 0, .label = "受理日期"},
    {"days", FIELD_INT, offsetof(struct query, days), 0, .low = 1, .high = CALENDAR_MOST_DAYS,
     .label = "期限"},
    {"unit", FIELD_WORD, offsetof(struct query, unit), 0, .label = "单位",
     .words = limit_unit_words},
};
static const struct shape query_shape = {
    .name = "calendar_query",
    .title = "查询工作日历",
    .size = sizeof(struct query),
    SHAPE_FIELDS(query_fields),
};

static void fill_cell(const struct calendar *calendar, int64_t date, int64_t day, struct cell *cell)
{
    static const int64_t words[] = {
        [DAY_WORK] = 1, [DAY_MAKE_UP] = 2, [DAY_WEEKEND] = 3, [DAY_OFF] = 4};
    enum day_kind kind = DAY_WORK;
    if (calendar_day(calendar, date, &kind, &cell->name))
        return; /* not asked for unknown years */
    cell->date = date;
    cell->day = day;
    cell->kind = words[kind];
}

static void fill_month(const struct calendar *calendar, int year, int number, struct arena *arena,
                       struct month *month)
{
    int64_t first = date_of(year, number, 1);
    int64_t next = number < 12 ? date_of(year, number + 1, 1) : date_of(year + 1, 1, 1);
    int64_t blank = date_weekday(first) - 1;
    size_t weeks = (size_t)((blank + next - first + 6) / 7);
    struct week *rows = arena_array(arena, weeks, sizeof *rows);
    struct cell *cells = arena_array(arena, weeks * 7, sizeof *cells);
    for (size_t i = 0; i < weeks; i++)
        rows[i].days = (struct list){cells + i * 7, 7};
    for (int64_t date = first; date < next; date++) {
        struct cell *cell = &cells[blank + date - first];
        fill_cell(calendar, date, date - first + 1, cell);
        month->workdays += cell->kind == 1 || cell->kind == 2;
    }
    month->month = number;
    month->weeks = (struct list){rows, weeks};
}

static void fill_notices(const struct clock_standing *facts, const struct calendar *calendar,
                         struct arena *arena, struct page *page)
{
    const struct notice *all = facts ? facts->notices.items : NULL;
    size_t count = facts ? facts->notices.count : 0;
    struct notice *listed = arena_array(arena, count, sizeof *listed);
    for (size_t i = 0; i < count; i++)
        if (all[i].year == page->year && all[i].published_date <= calendar->known_date)
            listed[page->notices.count++] = all[i];
    page->notices.items = listed;
}

static void answer_due(const struct look_context *context, const struct calendar *calendar,
                       const struct query *query, struct page *page)
{
    struct limit limit = {query->unit ? query->unit : UNIT_WORKING_DAYS, query->days};
    page->asked = true;
    enum refusal refusal = due_compute(calendar, clock_opening_at(context, TEXT("centre")),
                                       query->from, limit, context->arena, &page->due);
    if (refusal)
        page->refused = page->due.words.len ? page->due.words
                                            : text_of(refusal_text(refusal)->remedy);
}

static enum refusal look_calendar(const struct look_context *context, const void *query_record,
                                  void *page_record, struct fault *why)
{
    const struct query *query = query_record;
    const struct calendar *calendar = clock_calendar_at(context);
    struct page *page = page_record;
    struct arena *arena = context->arena;
    (void)why;
    page->year = query->year ? query->year : date_year(time_date(context->now_ms));
    page->known = calendar_year_known(calendar, page->year);
    page->version = calendar->version;
    if (calendar_year_known(calendar, page->year - 1))
        page->previous_year = page->year - 1;
    if (calendar_year_known(calendar, page->year + 1))
        page->next_year = page->year + 1;
    fill_notices(clock_facts_at(context), calendar, arena, page);
    if (page->known) {
        struct month *months = arena_array(arena, 12, sizeof *months);
        for (int i = 0; i < 12; i++) {
            fill_month(calendar, (int)page->year, i + 1, arena, &months[i]);
            page->workdays += months[i].workdays;
        }
        page->months = (struct list){months, 12};
    }
    if (query->from && query->days)
        answer_due(context, calendar, query, page);
    return OK;
}

const struct look clock_calendar_look = {
    .name = "clock.calendar",
    .title = "工作日历",
    .path = "/calendar",
    .roles = ROLE_ANYONE,
    .query = &query_shape,
    .page = &page_shape,
    .template = "clock/calendar.html",
    .list = "months.weeks.days",
    .look = look_calendar,
};
