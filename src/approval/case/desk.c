/* Lists of cases: the desk, nearest deadline first, and the search. */
#include "approval/case/view.h"

#define PAGE 50
#define MOST_STATES 9
#define DESK_ALARMS_MS (7 * DAY_MS) /* how long an alarm stands on an auditor's desk */

#define ROW_COLUMNS                                                                                \
    "SELECT case_id, case_no, item_name, applicant_type, applicant_name, state, due_at, later, "   \
    "submitted_at, created_at FROM cases "
/* What lies on a desk: open, in one of the states that wait for its owner. */
#define ON_DESK "closed_at = 0 AND state IN ($2, $3, $4, $5, $6, $7, $8, $9, $10) "
#define AFTER "AND (later, due_at, case_id) > ($11, $12, $13) "
#define BEFORE "AND (later, due_at, case_id) < ($11, $12, $13) "
#define IN_ORDER "ORDER BY later, due_at, case_id LIMIT $14"
#define BACKWARDS "ORDER BY later DESC, due_at DESC, case_id DESC LIMIT $14"

/* Of all departments or one; the page that is asked for, or the one before a row (page_of). */
static const struct db_sql desk_rows[] = {
    {ROW_COLUMNS "WHERE region = $1 AND " ON_DESK AFTER IN_ORDER},
    {ROW_COLUMNS "WHERE region = $1 AND " ON_DESK BEFORE BACKWARDS},
    {ROW_COLUMNS "WHERE region = $1 AND department = $15 AND " ON_DESK AFTER IN_ORDER},
    {ROW_COLUMNS "WHERE region = $1 AND department = $15 AND " ON_DESK BEFORE BACKWARDS},
};
/* A draft at the web is the applicant's alone. */
#define FOR_STAFF "(submitted_at > 0 OR channel <> 'web') "
static const struct db_sql list_rows[] = {
    {ROW_COLUMNS "WHERE region = $1 AND case_id < $2 AND " FOR_STAFF
                 "ORDER BY case_id DESC LIMIT $3"},
    {ROW_COLUMNS "WHERE region = $1 AND case_id > $2 AND " FOR_STAFF "ORDER BY case_id LIMIT $3"},
    {ROW_COLUMNS "WHERE region = $1 AND case_id < $2 AND department = $4 AND " FOR_STAFF
                 "ORDER BY case_id DESC LIMIT $3"},
    {ROW_COLUMNS "WHERE region = $1 AND case_id > $2 AND department = $4 AND " FOR_STAFF
                 "ORDER BY case_id LIMIT $3"},
};
static size_t page_of(bool own, bool backwards)
{
    return (size_t)own * 2 + backwards;
}

/* All of a desk by its traffic lights (case_light_of), in one pass of the index that the rows come
 * from: the index holds all that is asked here. */
#define COUNTS                                                                                     \
    "SELECT COUNT(*) AS total, COUNT(CASE WHEN due_at = 0 THEN 1 END) AS grey, "                   \
    "COUNT(CASE WHEN due_at > 0 AND due_at <= $11 THEN 1 END) AS red, "                            \
    "COUNT(CASE WHEN due_at > $11 AND due_at <= $12 THEN 1 END) AS yellow FROM cases "
static const struct db_sql desk_counts[] = {
    {COUNTS "WHERE region = $1 AND " ON_DESK},
    {COUNTS "WHERE region = $1 AND department = $13 AND " ON_DESK},
};
static const struct db_sql by_number = {ROW_COLUMNS
                                        "WHERE region = $1 AND case_no = $2 AND " FOR_STAFF};

/* Who watches over all sees whatever has been handed in and has not ended; others see what they can
 * take the next step of. */
static bool on_desk(int64_t state, int64_t roles)
{
    if (roles & (ROLE_MANAGER | ROLE_SUPERVISOR))
        return case_state_open(state) && state != CASE_DRAFT;
    return case_waits_for(state, roles);
}

static void states_for(int64_t roles, struct db_value out[MOST_STATES])
{
    size_t count = 0;
    for (int64_t state = CASE_DRAFT; case_state_words[state].name && count < MOST_STATES; state++)
        if (on_desk(state, roles))
            out[count++] = db_text(text_of(case_state_words[state].name));
    while (count < MOST_STATES)
        out[count++] = db_text(text_of(case_state_words[CASE_NONE].name));
}

static bool show_row(const struct look_context *context, const struct db_rows *rows, size_t at,
                     struct desk_row *row, struct fault *why)
{
    struct case_file file = {0};
    int64_t left;
    if (!db_record(&case_file_shape, rows, at, context->arena, &file, why))
        return false;
    *row = (struct desk_row){.case_id = file.case_id,
                             .case_no = file.case_no,
                             .item_name = file.item_name,
                             .applicant = case_mask_applicant(&file, context->arena),
                             .state = file.state,
                             .due_at = file.due_at,
                             .submitted_at = file.submitted_at,
                             .next = text_of(case_next_step(file.state)),
                             .next_path = case_next_path(&file, context->actor->roles,
                                                         context->arena)};
    case_light_of(context, file.due_at ? time_date(file.due_at - 1) : 0, file.due_at, &row->light,
             &row->light_said, &left);
    if (!file.due_at || !case_state_open(file.state))
        row->light_said = case_unclocked_said(file.state);
    return true;
}

/* Up to a page of rows, in the order of the page even where they were read backwards; *more says
 * whether there are others beyond the last that was read. */
static bool show_rows(const struct look_context *context, const struct db_rows *rows,
                      bool backwards, struct desk_page *page, bool *more, struct fault *why)
{
    size_t most = (size_t)look_rows(context, PAGE);
    size_t count = rows->count > most ? most : rows->count;
    struct desk_row *list = arena_array(context->arena, count, sizeof *list);
    *more = rows->count > most;
    for (size_t i = 0; i < count; i++)
        if (!show_row(context, rows, backwards ? count - 1 - i : i, &list[i], why))
            return false;
    page->rows = (struct list){list, count};
    page->name = context->actor->display;
    page->roles = role_labels(context->actor->roles, context->arena);
    page->now_ms = context->now_ms;
    look_shows(context, (struct shown){.persons = (int64_t)count,
                                       .masked = true,
                                       .why = WHY_MASKED,
                                       .asked = page->case_no});
    return true;
}

static const struct desk_row *first_row(const struct desk_page *page)
{
    return page->rows.count ? page->rows.items : NULL;
}

static const struct desk_row *last_row(const struct desk_page *page)
{
    return page->rows.count ? (const struct desk_row *)page->rows.items + page->rows.count - 1
                            : NULL;
}

static bool count_desk(const struct look_context *context, struct db_value args[15], bool own,
                       struct desk_page *page, struct fault *why)
{
    struct db_rows rows;
    struct db_value *rest = args + 1 + MOST_STATES;
    rest[0] = db_int(context->now_ms);
    rest[1] = db_int(case_yellow_until(context));
    rest[2] = db_text(context->actor->department);
    if (!db_select(context->db, &desk_counts[own], args, own ? 13 : 12, context->arena, &rows, why))
        return false;
    page->total = db_cell_int(&rows, 0, "total");
    page->grey = db_cell_int(&rows, 0, "grey");
    page->red = db_cell_int(&rows, 0, "red");
    page->yellow = db_cell_int(&rows, 0, "yellow");
    page->green = page->total - page->grey - page->red - page->yellow;
    return true;
}

/* The addresses of the neighbouring pages name a row of this one: due moment and id. */
static void desk_neighbours(const struct look_context *context, const struct desk_ask *ask,
                            bool more, struct desk_page *page)
{
    const struct desk_row *first = first_row(page), *last = last_row(page);
    bool backwards = ask->before_id != 0;
    if (!first)
        return;
    if (backwards || more)
        page->more = text_format(context->arena, "/staff?after_due=%lld&after_id=%lld",
                                 (long long)last->due_at, (long long)last->case_id);
    if (backwards ? more : ask->after_id != 0)
        page->before = text_format(context->arena, "/staff?before_due=%lld&before_id=%lld",
                                   (long long)first->due_at, (long long)first->case_id);
}

LOOK(case_look_desk)
{
    const struct desk_ask *ask = query;
    struct desk_page *page = out;
    struct db_value args[15] = {db_int(context->region)};
    struct db_rows rows;
    bool more, backwards = ask->before_id != 0;
    bool own = context->actor->department.len > 0;
    int64_t id = backwards ? ask->before_id : ask->after_id;
    int64_t due_at = backwards ? ask->before_due : ask->after_due;
    states_for(context->actor->roles, args + 1);
    if ((context->actor->roles & TRACE_AUDITORS) &&
        !trace_alarms(context, context->now_ms - DESK_ALARMS_MS, &page->alarms, why))
        return OK;
    if (!context->further && !count_desk(context, args, own, page, why))
        return OK;
    /* The very first rows come after nothing; what has no clock comes last. */
    struct db_value *rest = args + 1 + MOST_STATES;
    rest[0] = db_int(id && !due_at);
    rest[1] = db_int(id ? due_at : -1);
    rest[2] = db_int(id);
    rest[3] = db_int(look_rows(context, PAGE) + 1);
    rest[4] = db_text(context->actor->department);
    if (!db_select(context->db, &desk_rows[page_of(own, backwards)], args, own ? 15 : 14,
                   context->arena, &rows, why) ||
        !show_rows(context, &rows, backwards, page, &more, why))
        return OK;
    desk_neighbours(context, ask, more, page);
    return OK;
}

bool case_desk_onward(const void *page, void *query)
{
    const struct desk_page *shown = page;
    struct desk_ask *ask = query;
    const struct desk_row *last = last_row(shown);
    if (!last || !shown->more.len)
        return false;
    *ask = (struct desk_ask){.after_due = last->due_at,
                             .after_id = last->case_id,
                             .case_no = ask->case_no,
                             .state = ask->state};
    return true;
}

/* By number alone. */
bool case_list_onward(const void *page, void *query)
{
    struct desk_ask *ask = query;
    bool more = case_desk_onward(page, query);
    ask->after_due = 0;
    return more;
}

static void list_neighbours(const struct look_context *context, const struct desk_ask *ask,
                            bool more, struct desk_page *page)
{
    const struct desk_row *first = first_row(page), *last = last_row(page);
    bool backwards = ask->before_id != 0;
    if (!first)
        return;
    if (backwards || more)
        page->more = text_format(context->arena, "/staff/cases?after_id=%lld",
                                 (long long)last->case_id);
    if (backwards ? more : ask->after_id != 0)
        page->before = text_format(context->arena, "/staff/cases?before_id=%lld",
                                   (long long)first->case_id);
}

LOOK(case_look_cases)
{
    const struct desk_ask *ask = query;
    struct desk_page *page = out;
    struct db_rows rows;
    bool more, read, backwards = ask->before_id != 0;
    struct text department = context->actor->department;
    struct db_value from = db_int(backwards ? ask->before_id
                                  : ask->after_id ? ask->after_id : INT64_MAX);
    struct db_value args[] = {db_int(context->region), from,
                              db_int(look_rows(context, PAGE) + 1), db_text(department)};
    page->case_no = ask->case_no;
    page->searched = ask->case_no.len > 0;
    if (page->searched)
        read = db_select(context->db, &by_number, DB_ARGS(args[0], db_text(ask->case_no)),
                         context->arena, &rows, why);
    else
        read = db_select(context->db, &list_rows[page_of(department.len > 0, backwards)], args,
                         department.len ? 4 : 3, context->arena, &rows, why);
    if (read && show_rows(context, &rows, backwards && !page->searched, page, &more, why) &&
        !page->searched)
        list_neighbours(context, ask, more, page);
    return OK;
}
