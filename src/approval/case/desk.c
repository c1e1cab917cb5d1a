/* Lists of cases: the desk, nearest deadline first, and the search. */
#include "approval/case/view.h"

#define PAGE 50
#define MOST_STATES 8

#define ROW_COLUMNS                                                                                \
    "SELECT case_id, case_no, item_name, applicant_type, applicant_name, state, due_at, later, "   \
    "submitted_at, created_at FROM cases "
#define IN_STATES "state IN ($2, $3, $4, $5, $6, $7, $8, $9) "
#define FROM_HERE "AND (later, due_at, case_id) > ($10, $11, $12) "
#define IN_ORDER "ORDER BY later, due_at, case_id LIMIT 51"

static const struct db_sql desk_of_all = {
    ROW_COLUMNS "WHERE region = $1 AND closed_at = 0 AND " IN_STATES FROM_HERE IN_ORDER};
static const struct db_sql desk_of_department = {
    ROW_COLUMNS "WHERE region = $1 AND closed_at = 0 AND " IN_STATES FROM_HERE
                "AND department = $13 " IN_ORDER};
static const struct db_sql newest = {
    ROW_COLUMNS "WHERE region = $1 AND case_id < $2 ORDER BY case_id DESC LIMIT 51"};
static const struct db_sql newest_of_department = {
    ROW_COLUMNS "WHERE region = $1 AND case_id < $2 AND department = $3 "
                "ORDER BY case_id DESC LIMIT 51"};
static const struct db_sql by_number = {ROW_COLUMNS "WHERE region = $1 AND case_no = $2"};

/* The states in which something waits for each role. */
static const struct {
    int64_t role;
    int64_t state;
} waits[] = {
    {ROLE_CLERK, CASE_SUBMITTED},   {ROLE_CLERK, CASE_RECEIVED},  {ROLE_CLERK, CASE_GRANTED},
    {ROLE_CLERK, CASE_ISSUED},      {ROLE_REVIEWER, CASE_ACCEPTED},
    {ROLE_REVIEWER, CASE_SUSPENDED}, {ROLE_REVIEWER, CASE_FORWARDED},
    {ROLE_VERIFIER, CASE_REVIEWED}, {ROLE_HEAD, CASE_REVIEWED},
};
static const int64_t all_waiting[MOST_STATES] = {
    CASE_SUBMITTED, CASE_RECEIVED,  CASE_SUPPLEMENT, CASE_ACCEPTED,
    CASE_REVIEWED,  CASE_SUSPENDED, CASE_GRANTED,    CASE_ISSUED};

static void states_for(int64_t roles, struct db_value out[MOST_STATES])
{
    int64_t states[MOST_STATES];
    size_t count = 0;
    if (roles & (ROLE_MANAGER | ROLE_SUPERVISOR | ROLE_ADMINISTRATOR))
        for (; count < MOST_STATES; count++)
            states[count] = all_waiting[count];
    for (size_t i = 0; i < sizeof waits / sizeof *waits && count < MOST_STATES; i++)
        if (waits[i].role & roles)
            states[count++] = waits[i].state;
    for (size_t i = 0; i < MOST_STATES; i++)
        out[i] = db_text(text_of(case_state_words[i < count ? states[i] : CASE_NONE].name));
}


static bool show_row(const struct look_context *context, const struct db_rows *rows, size_t at,
                     struct desk_page *page, struct desk_row *row, struct fault *why)
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
    if (!case_state_open(file.state))
        row->light_said = TEXT("已办结");
    page->red += row->light == LIGHT_RED;
    page->yellow += row->light == LIGHT_YELLOW;
    page->green += row->light == LIGHT_GREEN;
    page->grey += row->light == LIGHT_GREY;
    return true;
}

/* Up to PAGE rows; *more says whether there are others. */
static bool show_rows(const struct look_context *context, const struct db_rows *rows,
                      struct desk_page *page, bool *more, struct fault *why)
{
    size_t count = rows->count > PAGE ? PAGE : rows->count;
    struct desk_row *list = arena_array(context->arena, count, sizeof *list);
    *more = rows->count > PAGE;
    for (size_t i = 0; i < count; i++)
        if (!show_row(context, rows, i, page, &list[i], why))
            return false;
    page->rows = (struct list){list, count};
    page->name = context->actor->display;
    page->roles = role_labels(context->actor->roles, context->arena);
    page->now_ms = context->now_ms;
    return true;
}

LOOK(case_look_desk)
{
    const struct desk_ask *ask = query;
    const struct actor *actor = context->actor;
    struct desk_page *page = out;
    struct db_value args[13] = {db_int(context->region)};
    struct db_rows rows;
    bool more;
    states_for(actor->roles, args + 1);
    /* The address of the next page names the last row of this one: due moment and id. The very
     * first rows come after nothing. */
    bool clockless = ask->after_id && !ask->after_due;
    args[9] = db_int(clockless);
    args[10] = db_int(ask->after_id ? ask->after_due : -1);
    args[11] = db_int(ask->after_id);
    args[12] = db_text(actor->department);
    bool own = actor->department.len > 0;
    if (!db_select(context->db, own ? &desk_of_department : &desk_of_all, args, own ? 13 : 12,
                   context->arena, &rows, why) ||
        !show_rows(context, &rows, page, &more, why))
        return OK;
    if (more) {
        const struct desk_row *last = (const struct desk_row *)page->rows.items + PAGE - 1;
        page->more = text_format(context->arena, "/staff?after_due=%lld&after_id=%lld",
                                 (long long)last->due_at, (long long)last->case_id);
    }
    return OK;
}

LOOK(case_look_cases)
{
    const struct desk_ask *ask = query;
    const struct actor *actor = context->actor;
    struct desk_page *page = out;
    struct db_rows rows;
    struct db_value region = db_int(context->region);
    struct db_value before = db_int(ask->after_id ? ask->after_id : INT64_MAX);
    bool more, read;
    page->case_no = ask->case_no;
    page->searched = ask->case_no.len > 0;
    if (page->searched)
        read = db_select(context->db, &by_number, DB_ARGS(region, db_text(ask->case_no)),
                         context->arena, &rows, why);
    else if (actor->department.len)
        read = db_select(context->db, &newest_of_department,
                         DB_ARGS(region, before, db_text(actor->department)), context->arena,
                         &rows, why);
    else
        read = db_select(context->db, &newest, DB_ARGS(region, before), context->arena, &rows,
                         why);
    if (!read || !show_rows(context, &rows, page, &more, why))
        return OK;
    if (more) {
        const struct desk_row *last = (const struct desk_row *)page->rows.items + PAGE - 1;
        page->more = text_format(context->arena, "/staff/cases?after_id=%lld",
                                 (long long)last->case_id);
    }
    return OK;
}
