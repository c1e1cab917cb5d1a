#include "clock/apply.h"

static struct db_value word_value(const struct word *words, int64_t index)
{
    return db_text(text_of(words[index].name));
}

static const struct db_insert notice_insert = {
    "calendar_notice", "region, version, year, published_date, scope, document, source, in_force",
    8, NULL};
static const struct db_insert day_insert = {"calendar_day", "region, version, date, off, name", 5,
                                            NULL};

bool apply_published(struct db *db, const struct entry_head *head, const void *body,
                     struct arena *arena, struct fault *why)
{
    const struct notice *notice = body;
    const struct notice_day *days = notice->days.items;
    struct db_value row[] = {
        db_int(head->region),
        db_int(notice->version),
        db_int(notice->year),
        db_int(notice->published_date),
        word_value(notice_scope_words, notice->scope),
        db_text(notice->document),
        db_text(notice->source),
        db_int(0),
    };
    struct db_value *cells = arena_array(arena, notice->days.count * 5, sizeof *cells);
    for (size_t i = 0; i < notice->days.count; i++) {
        cells[i * 5] = db_int(head->region);
        cells[i * 5 + 1] = db_int(notice->version);
        cells[i * 5 + 2] = db_int(days[i].date);
        cells[i * 5 + 3] = db_int(days[i].off);
        cells[i * 5 + 4] = db_text(days[i].name);
    }
    return db_insert(db, &notice_insert, row, 1, why) &&
           db_insert(db, &day_insert, cells, notice->days.count, why);
}

static const struct db_sql take_effect_sql = {
    "UPDATE calendar_notice SET in_force = 1 WHERE region = $1 AND version = $2"};
/* A deadline that was computed with this notice in sight has nothing to learn from it. The five
 * weeks cover the rungs up to RUNG_MOST_DAYS around the due date. */
static const struct db_sql touch_sql = {
    "UPDATE deadline SET stale = 1 WHERE region = $1 AND state = 'running' AND "
    "(known_date < $2 OR calendar_version < $3) AND "
    "(waits_for_year = $4 OR (due_date > 0 AND start_date <= $5 AND due_date + 35 >= $6))"};

bool apply_in_force(struct db *db, const struct entry_head *head, const void *body,
                    struct arena *arena, struct fault *why)
{
    const struct calendar_in_force *notice = body;
    (void)arena;
    return db_write(db, &take_effect_sql, DB_ARGS(db_int(head->region), db_int(notice->version)),
                    why) &&
           db_write(db, &touch_sql,
                    DB_ARGS(db_int(head->region), db_int(notice->published_date),
                            db_int(notice->version), db_int(notice->year),
                            db_int(notice->last_date), db_int(notice->first_date)),
                    why);
}

static const struct db_insert hours_insert = {
    "opening_hours", "region, code, name, late_is_next_day, source", 5,
    "ON CONFLICT (region, code) DO UPDATE SET name = excluded.name, "
    "late_is_next_day = excluded.late_is_next_day, source = excluded.source"};
static const struct db_sql shifts_delete_sql = {
    "DELETE FROM opening_shift WHERE region = $1 AND code = $2"};
static const struct db_insert shift_insert = {
    "opening_shift",
    "region, code, number, valid_from, valid_to, weekdays, opens_ms, lunch_from_ms, lunch_to_ms, "
    "closes_ms",
    10, NULL};

static bool shift_values(const struct entry_head *head, const struct hours *hours, size_t at,
                         struct db_value *out, struct fault *why)
{
    const struct hours_shift *shift = (const struct hours_shift *)hours->shifts.items + at;
    int64_t opens, closes, from = 0, to = 0;
    bool good = hours_time(shift->opens, &opens) && hours_time(shift->closes, &closes);
    if (shift->lunch_from.len || shift->lunch_to.len)
        good = good && hours_time(shift->lunch_from, &from) && hours_time(shift->lunch_to, &to);
    int64_t weekdays = hours_weekdays(&shift->weekdays);
    if (!good || weekdays < 0)
        return fault_set(why, "hours %.*s: row %zu is not opening hours", TEXT_ARG(hours->code),
                         at);
    const struct db_value values[] = {
        db_int(head->region),    db_text(hours->code),      db_int((int64_t)at),
        db_int(shift->valid_from), db_int(shift->valid_to), db_int(weekdays),
        db_int(opens),           db_int(from),              db_int(to),
        db_int(closes),
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        out[i] = values[i];
    return true;
}

bool apply_hours(struct db *db, const struct entry_head *head, const void *body,
                 struct arena *arena, struct fault *why)
{
    const struct hours *hours = body;
    size_t count = hours->shifts.count;
    struct db_value row[] = {db_int(head->region), db_text(hours->code), db_text(hours->name),
                             db_int(hours->late_is_next_day), db_text(hours->source)};
    struct db_value *cells = arena_array(arena, count * shift_insert.width, sizeof *cells);
    for (size_t i = 0; i < count; i++)
        if (!shift_values(head, hours, i, cells + i * shift_insert.width, why))
            return false;
    return db_insert(db, &hours_insert, row, 1, why) &&
           db_write(db, &shifts_delete_sql, DB_ARGS(db_int(head->region), db_text(hours->code)),
                    why) &&
           db_insert(db, &shift_insert, cells, count, why);
}

static const struct db_insert rung_insert = {"deadline_rung",
                                             "region, deadline, rung, due_at, fired_idx", 5,
                                             "ON CONFLICT (region, deadline, rung) DO NOTHING"};
/* Not "fired_idx IS NULL": PostgreSQL, which thinks NULLs few, would then go through every rung of
 * the region that has not fired (deadline_rung_due) rather than through the deadline's own. */
static const struct db_sql rungs_to_come_delete_sql = {
    "DELETE FROM deadline_rung WHERE region = $1 AND deadline = $2 AND "
    "coalesce(fired_idx, -1) = -1"};
static const struct db_sql rungs_delete_sql = {
    "DELETE FROM deadline_rung WHERE region = $1 AND deadline = $2"};
static const struct db_sql pauses_delete_sql = {
    "DELETE FROM deadline_pause WHERE region = $1 AND deadline = $2"};

/* A rung that has fired stays as it is: the insert passes it over. */
static bool add_rungs(struct db *db, int64_t region, struct text deadline,
                      const struct reckoning *reckoning, struct fault *why)
{
    const struct rung_at *rungs = reckoning->rungs.items;
    struct db_value cells[MOST_RUNGS * 5];
    size_t count = reckoning->rungs.count;
    if (count > MOST_RUNGS)
        return fault_set(why, "deadline %.*s has too many rungs", TEXT_ARG(deadline));
    for (size_t i = 0; i < count; i++) {
        cells[i * 5] = db_int(region);
        cells[i * 5 + 1] = db_text(deadline);
        cells[i * 5 + 2] = word_value(rung_words, rungs[i].rung);
        cells[i * 5 + 3] = db_int(rungs[i].due_at);
        cells[i * 5 + 4] = db_null();
    }
    return count == 0 || db_insert(db, &rung_insert, cells, count, why);
}

static bool move_rungs(struct db *db, int64_t region, struct text deadline,
                       const struct reckoning *reckoning, struct fault *why)
{
    return db_write(db, &rungs_to_come_delete_sql, DB_ARGS(db_int(region), db_text(deadline)),
                    why) &&
           add_rungs(db, region, deadline, reckoning, why);
}

static const struct db_sql deadline_delete_sql = {
    "DELETE FROM deadline WHERE region = $1 AND id = $2"};
static const struct db_insert deadline_insert = {
    "deadline",
    "region, id, subject, state, kind, start_date, unit, days, remind_days, red_after_days, "
    "hours, extension, extended_date, extension_paper, due_date, due_at, waits_for_year, "
    "calendar_version, known_date, stale, outcome, finish_date, used",
    23, NULL};

static bool forget(struct db *db, int64_t region, struct text deadline, struct fault *why)
{
    return db_write(db, &rungs_delete_sql, DB_ARGS(db_int(region), db_text(deadline)), why) &&
           db_write(db, &pauses_delete_sql, DB_ARGS(db_int(region), db_text(deadline)), why) &&
           db_write(db, &deadline_delete_sql, DB_ARGS(db_int(region), db_text(deadline)), why);
}

bool apply_set(struct db *db, const struct entry_head *head, const void *body,
               struct arena *arena, struct fault *why)
{
    const struct deadline_set *set = body;
    const struct reckoning *reckoning = &set->reckoning;
    (void)arena;
    if (set->again && !forget(db, head->region, set->deadline, why))
        return false;
    struct db_value row[] = {
        db_int(head->region),
        db_text(set->deadline),
        db_text(head->subject),
        word_value(deadline_state_words, DEADLINE_RUNNING),
        word_value(deadline_kind_words, set->kind),
        db_int(set->start_date),
        word_value(limit_unit_words, set->limit.unit),
        db_int(set->limit.n),
        db_int(set->remind_days),
        db_int(set->red_after_days),
        db_text(set->hours),
        db_int(0),
        db_int(0),
        db_text(TEXT("")),
        db_int(reckoning->due_date),
        db_int(reckoning->due_at),
        db_int(reckoning->waits_for_year),
        db_int(reckoning->calendar_version),
        db_int(reckoning->known_date),
        db_int(0),
        word_value(deadline_outcome_words, OUTCOME_NONE),
        db_int(0),
        db_int(0),
    };
    return db_insert(db, &deadline_insert, row, 1, why) &&
           add_rungs(db, head->region, set->deadline, reckoning, why);
}

static const struct db_sql pause_sql = {
    "UPDATE deadline SET state = 'paused', due_date = 0, due_at = 0, waits_for_year = 0, "
    "stale = 0, pauses = pauses + 1 WHERE region = $1 AND id = $2"};
static const struct db_insert pause_insert = {
    "deadline_pause",
    "region, deadline, from_idx, reason, from_date, to_date, planned_days, paper", 8, NULL};

bool apply_paused(struct db *db, const struct entry_head *head, const void *body,
                  struct arena *arena, struct fault *why)
{
    const struct deadline_paused *paused = body;
    const struct pause *pause = &paused->pause;
    (void)arena;
    struct db_value row[] = {
        db_int(head->region),       db_text(paused->deadline),
        db_int(head->index),        word_value(pause_reason_words, pause->reason),
        db_int(pause->from_date),   db_int(0),
        db_int(pause->planned_days), db_text(pause->paper),
    };
    return db_insert(db, &pause_insert, row, 1, why) &&
           db_write(db, &pause_sql, DB_ARGS(db_int(head->region), db_text(paused->deadline)),
                    why) &&
           db_write(db, &rungs_to_come_delete_sql,
                    DB_ARGS(db_int(head->region), db_text(paused->deadline)), why);
}

static const struct db_sql reckoned_sql = {
    "UPDATE deadline SET due_date = $3, due_at = $4, waits_for_year = $5, calendar_version = $6, "
    "known_date = $7, stale = 0 WHERE region = $1 AND id = $2"};

static bool reckoned(struct db *db, int64_t region, struct text deadline,
                     const struct reckoning *reckoning, struct fault *why)
{
    return db_write(db, &reckoned_sql,
                    DB_ARGS(db_int(region), db_text(deadline), db_int(reckoning->due_date),
                            db_int(reckoning->due_at), db_int(reckoning->waits_for_year),
                            db_int(reckoning->calendar_version), db_int(reckoning->known_date)),
                    why) &&
           move_rungs(db, region, deadline, reckoning, why);
}

static const struct db_sql resume_pause_sql = {
    "UPDATE deadline_pause SET to_date = $3 WHERE region = $1 AND deadline = $2 AND to_date = 0"};
static const struct db_sql resume_sql = {
    "UPDATE deadline SET state = 'running' WHERE region = $1 AND id = $2"};

bool apply_resumed(struct db *db, const struct entry_head *head, const void *body,
                   struct arena *arena, struct fault *why)
{
    const struct deadline_resumed *resumed = body;
    (void)arena;
    return db_write(db, &resume_pause_sql,
                    DB_ARGS(db_int(head->region), db_text(resumed->deadline),
                            db_int(resumed->to_date)),
                    why) &&
           db_write(db, &resume_sql, DB_ARGS(db_int(head->region), db_text(resumed->deadline)),
                    why) &&
           reckoned(db, head->region, resumed->deadline, &resumed->reckoning, why);
}

static const struct db_sql extend_sql = {
    "UPDATE deadline SET extension = $3, extended_date = $4, extension_paper = $5 "
    "WHERE region = $1 AND id = $2"};

bool apply_extended(struct db *db, const struct entry_head *head, const void *body,
                    struct arena *arena, struct fault *why)
{
    const struct deadline_extended *extended = body;
    (void)arena;
    return db_write(db, &extend_sql,
                    DB_ARGS(db_int(head->region), db_text(extended->deadline),
                            db_int(extended->days), db_int(extended->on_date),
                            db_text(extended->paper)),
                    why) &&
           reckoned(db, head->region, extended->deadline, &extended->reckoning, why);
}

static const struct db_sql close_sql = {
    "UPDATE deadline SET state = 'closed', stale = 0, outcome = $3, finish_date = $4, used = $5 "
    "WHERE region = $1 AND id = $2"};

bool apply_closed(struct db *db, const struct entry_head *head, const void *body,
                  struct arena *arena, struct fault *why)
{
    const struct deadline_closed *closed = body;
    (void)arena;
    return db_write(db, &close_sql,
                    DB_ARGS(db_int(head->region), db_text(closed->deadline),
                            word_value(deadline_outcome_words, closed->outcome),
                            db_int(closed->finish_date), db_int(closed->used)),
                    why) &&
           db_write(db, &rungs_to_come_delete_sql,
                    DB_ARGS(db_int(head->region), db_text(closed->deadline)), why);
}

bool apply_recounted(struct db *db, const struct entry_head *head, const void *body,
                     struct arena *arena, struct fault *why)
{
    const struct deadline_recounted *recounted = body;
    (void)arena;
    return reckoned(db, head->region, recounted->deadline, &recounted->reckoning, why);
}

static const struct db_sql fire_sql = {
    "UPDATE deadline_rung SET fired_idx = $4 WHERE region = $1 AND deadline = $2 AND rung = $3"};

bool apply_rung_passed(struct db *db, const struct entry_head *head, const void *body,
                       struct arena *arena, struct fault *why)
{
    const struct deadline_rung *rung = body;
    (void)arena;
    return db_write(db, &fire_sql,
                    DB_ARGS(db_int(head->region), db_text(rung->deadline),
                            word_value(rung_words, rung->rung), db_int(head->index)),
                    why);
}

static const struct db_sql forget_extension = {
    "UPDATE deadline SET extension_paper = '' WHERE region = $1 AND subject = $2"};
static const struct db_sql forget_pauses = {
    "UPDATE deadline_pause SET paper = '' WHERE region = $1 AND deadline IN "
    "(SELECT id FROM deadline WHERE region = $1 AND subject = $2)"};

bool apply_forgotten(struct db *db, const struct entry_head *head, const void *body,
                     struct arena *arena, struct fault *why)
{
    const struct deadline_forgotten *gone = body;
    const struct db_value of[] = {db_int(head->region), db_text(gone->subject)};
    (void)arena;
    return db_write(db, &forget_extension, of, 2, why) &&
           db_write(db, &forget_pauses, of, 2, why);
}
