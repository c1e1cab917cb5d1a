#include "clock/commands.h"

/* The index of a word stored in a cell. */
static bool word_cell(const struct db_rows *rows, size_t row, const char *column,
                      const struct word *words, int64_t *out, struct fault *why)
{
    struct text name = db_cell_text(rows, row, column);
    return word_index(words, name, out) ||
           fault_set(why, "column %s holds the unknown word %.40s", column,
                     name.len ? "(not shown)" : "(empty)");
}

/* A deadline's id is its subject, '/' and a name, so a subject's deadlines and what hangs on them are
 * one stretch of the key: from "case:17/" to "case:170", '0' being the character after '/'. The
 * subject is asked for beside it so that what was read ahead outlives writes of other subjects. */
static const struct db_sql deadlines_sql = {
    "SELECT id, subject, state, kind, start_date, unit, days, remind_days, red_after_days, hours, "
    "extension, extended_date, extension_paper, due_date, due_at, waits_for_year, "
    "calendar_version, known_date, stale, outcome, finish_date, used, pauses FROM deadline "
    "WHERE region = $1 AND id >= $2 AND id < $3 AND subject = $4 ORDER BY id"};
static const struct db_sql pauses_sql = {
    "SELECT deadline, reason, from_date, to_date, planned_days, paper FROM deadline_pause "
    "WHERE region = $1 AND deadline >= $2 AND deadline < $3 ORDER BY deadline, from_idx"};
static const struct db_sql rungs_sql = {
    "SELECT deadline, rung, due_at FROM deadline_rung WHERE region = $1 AND deadline >= $2 "
    "AND deadline < $3 AND fired_idx IS NULL ORDER BY deadline, due_at"};

static bool deadline_row(const struct db_rows *rows, size_t row, struct clock_deadline *out,
                         struct fault *why)
{
    struct deadline *deadline = &out->deadline;
    *out = (struct clock_deadline){
        .id = db_cell_text(rows, row, "id"),
        .subject = db_cell_text(rows, row, "subject"),
        .deadline = {.start_date = db_cell_int(rows, row, "start_date"),
                     .limit = {.n = db_cell_int(rows, row, "days")},
                     .remind_days = db_cell_int(rows, row, "remind_days"),
                     .red_after_days = db_cell_int(rows, row, "red_after_days"),
                     .extension = db_cell_int(rows, row, "extension"),
                     .extended_date = db_cell_int(rows, row, "extended_date"),
                     .extension_paper = db_cell_text(rows, row, "extension_paper")},
        .reckoning = {.due_date = db_cell_int(rows, row, "due_date"),
                      .due_at = db_cell_int(rows, row, "due_at"),
                      .waits_for_year = db_cell_int(rows, row, "waits_for_year"),
                      .calendar_version = db_cell_int(rows, row, "calendar_version"),
                      .known_date = db_cell_int(rows, row, "known_date")},
        .hours = db_cell_text(rows, row, "hours"),
        .stale = db_cell_int(rows, row, "stale") != 0,
        .finish_date = db_cell_int(rows, row, "finish_date"),
        .used = db_cell_int(rows, row, "used"),
    };
    return word_cell(rows, row, "state", deadline_state_words, &out->state, why) &&
           word_cell(rows, row, "kind", deadline_kind_words, &deadline->kind, why) &&
           word_cell(rows, row, "unit", limit_unit_words, &deadline->limit.unit, why) &&
           word_cell(rows, row, "outcome", deadline_outcome_words, &out->outcome, why);
}

/* The rows of a sorted list that belong to one deadline; *at moves past them. */
static size_t rows_of(const struct db_rows *rows, struct text id, size_t *at)
{
    size_t from = *at;
    while (*at < rows->count && text_equal(db_cell_text(rows, *at, "deadline"), id))
        ++*at;
    return *at - from;
}

static bool add_pauses(const struct db_rows *rows, size_t from, size_t count, struct arena *arena,
                       struct list *out, struct fault *why)
{
    struct pause *pauses = arena_array(arena, count, sizeof *pauses);
    for (size_t i = 0; i < count; i++) {
        size_t row = from + i;
        pauses[i] = (struct pause){
            .from_date = db_cell_int(rows, row, "from_date"),
            .to_date = db_cell_int(rows, row, "to_date"),
            .planned_days = db_cell_int(rows, row, "planned_days"),
            .paper = db_cell_text(rows, row, "paper"),
        };
        if (!word_cell(rows, row, "reason", pause_reason_words, &pauses[i].reason, why))
            return false;
    }
    *out = (struct list){pauses, count};
    return true;
}

static bool add_rungs(const struct db_rows *rows, size_t from, size_t count, struct arena *arena,
                      struct list *out, struct fault *why)
{
    struct rung_at *rungs = arena_array(arena, count, sizeof *rungs);
    for (size_t i = 0; i < count; i++) {
        rungs[i].due_at = db_cell_int(rows, from + i, "due_at");
        if (!word_cell(rows, from + i, "rung", rung_words, &rungs[i].rung, why))
            return false;
    }
    *out = (struct list){rungs, count};
    return true;
}

/* Pauses are few and rungs are asked for by few: each statement that is left out is a way to the
 * database saved. */
static bool read_deadlines(struct db_read *db, int64_t region, struct text subject,
                           struct arena *arena, bool with_rungs, struct list *out,
                           struct fault *why)
{
    struct db_rows rows, pauses = {0}, rungs = {0};
    size_t pause = 0, rung = 0;
    bool paused = false;
    *out = (struct list){0};
    const struct db_value stretch[] = {
        db_int(region), db_text(text_format(arena, "%.*s/", TEXT_ARG(subject))),
        db_text(text_format(arena, "%.*s0", TEXT_ARG(subject))), db_text(subject)};
    if (!db_select(db, &deadlines_sql, stretch, 4, arena, &rows, why))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        paused |= db_cell_int(&rows, i, "pauses") > 0;
    if ((paused && !db_select(db, &pauses_sql, stretch, 3, arena, &pauses, why)) ||
        (with_rungs && rows.count && !db_select(db, &rungs_sql, stretch, 3, arena, &rungs, why)))
        return false;
    struct clock_deadline *found = arena_array(arena, rows.count, sizeof *found);
    for (size_t i = 0; i < rows.count; i++) {
        if (!deadline_row(&rows, i, &found[i], why))
            return false;
        size_t from = pause;
        size_t count = rows_of(&pauses, found[i].id, &pause);
        if (!add_pauses(&pauses, from, count, arena, &found[i].deadline.pauses, why))
            return false;
        from = rung;
        count = rows_of(&rungs, found[i].id, &rung);
        if (!add_rungs(&rungs, from, count, arena, &found[i].reckoning.rungs, why))
            return false;
    }
    *out = (struct list){found, rows.count};
    return true;
}

bool clock_deadlines_read(struct db_read *db, int64_t region, struct text subject,
                          struct arena *arena, struct list *out, struct fault *why)
{
    return read_deadlines(db, region, subject, arena, false, out, why);
}

bool clock_deadline_read(struct db_read *db, int64_t region, struct text id, struct arena *arena,
                         struct clock_deadline *out, bool *found, struct fault *why)
{
    size_t slash = id.len;
    struct list all;
    *found = false;
    while (slash > 0 && id.at[slash - 1] != '/')
        slash--;
    if (!slash)
        return true;
    if (!read_deadlines(db, region, text_slice(id, 0, slash - 1), arena, true, &all, why))
        return false;
    const struct clock_deadline *items = all.items;
    for (size_t i = 0; i < all.count; i++)
        if (text_equal(items[i].id, id)) {
            *out = items[i];
            *found = true;
        }
    return true;
}

static const struct db_sql publish_sql = {
    "SELECT coalesce(max(version), 0) AS last_version, "
    "count(*) FILTER (WHERE year = $2 AND published_date = $3 AND scope = $4) AS same "
    "FROM calendar_notice WHERE region = $1"};

bool read_publish(struct db_read *db, const struct context *context, const void *input,
                  const void **facts, struct fault *why)
{
    const struct notice *notice = input;
    struct db_rows rows;
    if (!db_select(db, &publish_sql,
                   DB_ARGS(db_int(context->region), db_int(notice->year),
                           db_int(notice->published_date),
                           db_text(text_of(notice_scope_words[notice->scope].name))),
                   context->arena, &rows, why))
        return false;
    struct publish_facts *found = arena_alloc(context->arena, sizeof *found);
    found->last_version = db_cell_int(&rows, 0, "last_version");
    found->exists = db_cell_int(&rows, 0, "same") > 0;
    *facts = found;
    return true;
}

static const struct db_sql effect_sql = {
    "SELECT n.year, n.published_date, n.scope, n.in_force, min(d.date) AS first_day, "
    "max(d.date) AS last_day FROM calendar_notice n JOIN calendar_day d "
    "ON d.region = n.region AND d.version = n.version "
    "WHERE n.region = $1 AND d.region = $1 AND n.version = $2 "
    "GROUP BY n.year, n.published_date, n.scope, n.in_force"};

bool read_effect(struct db_read *db, const struct context *context, const void *input,
                 const void **facts, struct fault *why)
{
    const struct take_effect *effect = input;
    struct db_rows rows;
    struct effect_facts *found = arena_alloc(context->arena, sizeof *found);
    *facts = found;
    if (!db_select(db, &effect_sql, DB_ARGS(db_int(context->region), db_int(effect->version)),
                   context->arena, &rows, why))
        return false;
    if (!rows.count)
        return true;
    *found = (struct effect_facts){
        .found = true,
        .in_force = db_cell_int(&rows, 0, "in_force") != 0,
        .year = db_cell_int(&rows, 0, "year"),
        .published_date = db_cell_int(&rows, 0, "published_date"),
        .first_day = db_cell_int(&rows, 0, "first_day"),
        .last_day = db_cell_int(&rows, 0, "last_day"),
    };
    return word_cell(&rows, 0, "scope", notice_scope_words, &found->scope, why);
}

static const struct db_sql fire_sql = {
    "SELECT d.subject, d.stale, r.due_at, r.fired_idx FROM deadline_rung r JOIN deadline d "
    "ON d.region = r.region AND d.id = r.deadline "
    "WHERE r.region = $1 AND d.region = $1 AND r.deadline = $2 AND r.rung = $3"};

bool read_fire(struct db_read *db, const struct context *context, const void *input,
               const void **facts, struct fault *why)
{
    const struct deadline_rung *rung = input;
    struct db_rows rows;
    struct fire_facts *found = arena_alloc(context->arena, sizeof *found);
    *facts = found;
    if (!db_select(db, &fire_sql,
                   DB_ARGS(db_int(context->region), db_text(rung->deadline),
                           db_text(text_of(rung_words[rung->rung].name))),
                   context->arena, &rows, why))
        return false;
    if (!rows.count)
        return true;
    *found = (struct fire_facts){
        .found = true,
        .fired = db_cell(&rows, 0, "fired_idx")->type != DB_NULL,
        .stale = db_cell_int(&rows, 0, "stale") != 0,
        .due_at = db_cell_int(&rows, 0, "due_at"),
        .subject = db_cell_text(&rows, 0, "subject"),
    };
    return true;
}

bool read_recount(struct db_read *db, const struct context *context, const void *input,
                  const void **facts, struct fault *why)
{
    const struct recount *recount = input;
    struct clock_deadline *deadline = arena_alloc(context->arena, sizeof *deadline);
    bool found;
    if (!clock_deadline_read(db, context->region, recount->deadline, context->arena, deadline,
                             &found, why))
        return false;
    *facts = found ? deadline : NULL;
    return true;
}

static const struct db_sql due_effects_sql = {
    "SELECT version FROM calendar_notice WHERE region = $1 AND in_force = 0 AND "
    "published_date <= $2 ORDER BY version LIMIT $3"};

bool read_due_effects(struct db_read *db, const struct context *context, int64_t limit,
                      struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &due_effects_sql,
                   DB_ARGS(db_int(context->region), db_int(time_date(context->now_ms)),
                           db_int(limit)),
                   context->arena, &rows, why))
        return false;
    struct take_effect *inputs = arena_array(context->arena, rows.count, sizeof *inputs);
    for (size_t i = 0; i < rows.count; i++)
        inputs[i].version = db_cell_int(&rows, i, "version");
    *out = (struct list){inputs, rows.count};
    return true;
}

static const struct db_sql due_recounts_sql = {
    "SELECT id FROM deadline WHERE region = $1 AND stale = 1 ORDER BY id LIMIT $2"};

bool read_due_recounts(struct db_read *db, const struct context *context, int64_t limit,
                       struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &due_recounts_sql, DB_ARGS(db_int(context->region), db_int(limit)),
                   context->arena, &rows, why))
        return false;
    struct recount *inputs = arena_array(context->arena, rows.count, sizeof *inputs);
    for (size_t i = 0; i < rows.count; i++)
        inputs[i].deadline = db_cell_text(&rows, i, "id");
    *out = (struct list){inputs, rows.count};
    return true;
}

static const struct db_sql due_rungs_sql = {
    "SELECT deadline, rung, due_at FROM deadline_rung WHERE region = $1 AND fired_idx IS NULL AND "
    "due_at <= $2 ORDER BY due_at, deadline, rung LIMIT $3"};

bool read_due_rungs(struct db_read *db, const struct context *context, int64_t limit,
                    struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &due_rungs_sql,
                   DB_ARGS(db_int(context->region), db_int(context->now_ms), db_int(limit)),
                   context->arena, &rows, why))
        return false;
    struct deadline_rung *inputs = arena_array(context->arena, rows.count, sizeof *inputs);
    for (size_t i = 0; i < rows.count; i++) {
        inputs[i].deadline = db_cell_text(&rows, i, "deadline");
        inputs[i].due_at = db_cell_int(&rows, i, "due_at");
        if (!word_cell(&rows, i, "rung", rung_words, &inputs[i].rung, why))
            return false;
    }
    *out = (struct list){inputs, rows.count};
    return true;
}

static const struct db_sql notices_sql = {
    "SELECT version, year, published_date, scope, document, source FROM calendar_notice "
    "WHERE region = $1 ORDER BY version"};
static const struct db_sql days_sql = {
    "SELECT version, date, off, name FROM calendar_day WHERE region = $1 ORDER BY version, date"};

static bool read_notices(struct db_read *db, int64_t region, struct arena *arena,
                         struct list *out, struct fault *why)
{
    struct db_rows rows, day_rows;
    const struct db_value args[] = {db_int(region)};
    size_t day = 0;
    if (!db_select(db, &notices_sql, args, 1, arena, &rows, why) ||
        !db_select(db, &days_sql, args, 1, arena, &day_rows, why))
        return false;
    struct notice *notices = arena_array(arena, rows.count, sizeof *notices);
    struct notice_day *days = arena_array(arena, day_rows.count, sizeof *days);
    for (size_t i = 0; i < rows.count; i++) {
        struct notice *notice = &notices[i];
        *notice = (struct notice){
            .year = db_cell_int(&rows, i, "year"),
            .published_date = db_cell_int(&rows, i, "published_date"),
            .document = db_cell_text(&rows, i, "document"),
            .source = db_cell_text(&rows, i, "source"),
            .days = {.items = &days[day]},
            .version = db_cell_int(&rows, i, "version"),
        };
        if (!word_cell(&rows, i, "scope", notice_scope_words, &notice->scope, why))
            return false;
        for (; day < day_rows.count && db_cell_int(&day_rows, day, "version") == notice->version;
             day++, notice->days.count++)
            days[day] = (struct notice_day){.date = db_cell_int(&day_rows, day, "date"),
                                            .off = db_cell_int(&day_rows, day, "off") != 0,
                                            .name = db_cell_text(&day_rows, day, "name")};
    }
    *out = (struct list){notices, rows.count};
    return true;
}

static const struct db_sql hours_sql = {
    "SELECT h.code, h.late_is_next_day, s.valid_from, s.valid_to, s.weekdays, s.opens_ms, "
    "s.lunch_from_ms, s.lunch_to_ms, s.closes_ms FROM opening_hours h JOIN opening_shift s "
    "ON s.region = h.region AND s.code = h.code "
    "WHERE h.region = $1 AND s.region = $1 ORDER BY h.code, s.number"};

static bool read_hours(struct db_read *db, int64_t region, struct arena *arena, struct list *out,
                       struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &hours_sql, DB_ARGS(db_int(region)), arena, &rows, why))
        return false;
    struct clock_hours *hours = arena_array(arena, rows.count, sizeof *hours);
    struct opening_rule *rules = arena_array(arena, rows.count, sizeof *rules);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        struct text code = db_cell_text(&rows, i, "code");
        if (!count || !text_equal(hours[count - 1].code, code))
            hours[count++] = (struct clock_hours){
                code, {&rules[i], 0, db_cell_int(&rows, i, "late_is_next_day") != 0}};
        hours[count - 1].opening.count++;
        rules[i] = (struct opening_rule){
            .valid_from = db_cell_int(&rows, i, "valid_from"),
            .valid_to = db_cell_int(&rows, i, "valid_to"),
            .weekdays = db_cell_int(&rows, i, "weekdays"),
            .opens_ms = db_cell_int(&rows, i, "opens_ms"),
            .lunch_from_ms = db_cell_int(&rows, i, "lunch_from_ms"),
            .lunch_to_ms = db_cell_int(&rows, i, "lunch_to_ms"),
            .closes_ms = db_cell_int(&rows, i, "closes_ms"),
        };
    }
    *out = (struct list){hours, count};
    return true;
}

bool read_standing(struct db_read *db, int64_t region, struct arena *arena, void **facts,
                   struct fault *why)
{
    struct clock_standing *standing = arena_alloc(arena, sizeof *standing);
    if (!read_notices(db, region, arena, &standing->notices, why) ||
        !read_hours(db, region, arena, &standing->hours, why))
        return false;
    standing->calendar =
        calendar_build(standing->notices.items, standing->notices.count, INT64_MAX - 1, arena);
    *facts = standing;
    return true;
}
