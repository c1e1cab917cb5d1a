/* The case as a module: its lists, and what it does when a deadline's rung passes. */
#include "approval/case/parts.h"

static const struct table tables[] = {
    {"cases", "region, case_id"},
    {"case_material", "region, case_id, code"},
    {"case_serial", "region, series"},
    {NULL, NULL},
};

/* What becomes of a case when one of its own deadlines passes. The promised and the statutory limit
 * are oversight's concern: the case only grows red. */
static const struct {
    const char *ending;
    const struct command *command;
} on_passing[] = {
    {"/" DEADLINE_ANSWER, &case_deem_command},
    {"/" DEADLINE_SUPPLY, &case_lapse_command},
    {"/" DEADLINE_GAP, &case_gap_lapse_command},
    {"/" DEADLINE_GRACE, &case_gap_lapse_command},
};

static void wish_for(struct wishes *out, const struct command *command, struct text subject)
{
    struct case_only *only = arena_alloc(out->arena, sizeof *only);
    if (text_int(text_slice(subject, 5, subject.len), &only->case_id))
        wish_add(out, command, only);
}

static bool react(struct db_read *db, const struct entry_head *head, const struct event_kind *kind,
                  const void *body, const struct context *context, struct wishes *out,
                  struct fault *why)
{
    (void)db;
    (void)context;
    (void)why;
    if (!text_starts(head->subject, TEXT("case:")))
        return true;
    if (kind == &deadline_recounted_event)
        wish_for(out, &case_redate_command, head->subject);
    if (kind != &deadline_rung_passed_event)
        return true;
    const struct deadline_rung *rung = body;
    for (size_t i = 0; i < sizeof on_passing / sizeof *on_passing; i++)
        if (rung->rung == RUNG_PASSED && text_ends(rung->deadline, text_of(on_passing[i].ending)))
            wish_for(out, on_passing[i].command, head->subject);
    return true;
}

/* By number, or of an applicant: no index for the latter, since it is asked for once in a long while
 * and would cost every case that is made. The newest first. */
static const struct db_sql by_number = {
    "SELECT case_id FROM cases WHERE region = $1 AND (case_no = $2 OR id_number = $2) "
    "ORDER BY case_id DESC"};

static bool subjects(struct db_read *db, int64_t region, struct text number, struct arena *arena,
                     struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &by_number, DB_ARGS(db_int(region), db_text(number)), arena, &rows, why))
        return false;
    struct text *items = arena_array(arena, out->count + rows.count, sizeof *items);
    const struct text *before = out->items;
    for (size_t i = 0; i < out->count; i++)
        items[i] = before[i];
    for (size_t i = 0; i < rows.count; i++)
        items[out->count + i] = case_subject(db_cell_int(&rows, i, "case_id"), arena);
    *out = (struct list){items, out->count + rows.count};
    return true;
}

const struct module case_module = {
    .name = "case",
    .commands = case_commands,
    .events = case_events,
    .looks = case_looks,
    .tables = tables,
    .tables_sql = "approval/case/tables.sql",
    .subjects = subjects,
    .react = react,
};
