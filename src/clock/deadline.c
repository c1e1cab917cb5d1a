#include "clock/deadline.h"

const struct word deadline_kind_words[] = {
    {"custom", "期限"},
    {"promised", "承诺期限"},
    {"statutory", "法定期限"},
    {"supplement_answer", "补正告知期限"},
    {"deliver", "送达期限"},
    {NULL, NULL},
};
_Static_assert(sizeof deadline_kind_words / sizeof *deadline_kind_words ==
                   DEADLINE_DELIVER + 2,
               "a word for each");
const struct word limit_unit_words[] = {
    {"none", "未定"},
    {"working_days", "个工作日"},
    {"calendar_days", "日"},
    {NULL, NULL},
};
_Static_assert(sizeof limit_unit_words / sizeof *limit_unit_words ==
                   UNIT_CALENDAR_DAYS + 2,
               "a word for each");
const struct word pause_reason_words[] = {
    {"none", "未定"},
    {"hearing", "听证"},
    {"tender", "招标"},
    {"auction", "拍卖"},
    {"inspection", "检验"},
    {"testing", "检测"},
    {"quarantine", "检疫"},
    {"appraisal", "鉴定"},
    {"expert_review", "专家评审"},
    {"supplement", "补正材料"},
    {"forwarded_up", "上报上级机关"},
    {NULL, NULL},
};
_Static_assert(sizeof pause_reason_words / sizeof *pause_reason_words ==
                   PAUSE_FORWARDED_UP + 2,
               "a word for each");
const struct word rung_words[] = {
    {"none", "未定"},
    {"reminder", "到期前提醒"},
    {"passed", "期限届满"},
    {"promised_passed", "承诺期限届满"},
    {"statutory_passed", "法定期限届满"},
    {"promised_passed_by_2", "超过承诺期限两个工作日"},
    {"promised_long_passed", "超过承诺期限多日"},
    {NULL, NULL},
};
_Static_assert(sizeof rung_words / sizeof *rung_words ==
                   RUNG_PROMISED_LONG_PASSED + 2,
               "a word for each");

static const struct field pause_fields[] = {
    {"reason", FIELD_WORD, offsetof(struct pause, reason), FIELD_REQUIRED, .label = "暂停事由",
     .words = pause_reason_words},
    {"from_date", FIELD_DATE, offsetof(struct pause, from_date), FIELD_REQUIRED,
     .label = "暂停之日"},
    {"to_date", FIELD_DATE, offsetof(struct pause, to_date), 0, .label = "恢复之日"},
    {"planned_days", FIELD_INT, offsetof(struct pause, planned_days), 0, .low = 0,
     .high = CALENDAR_MOST_DAYS, .label = "预计工作日数"},
    {"paper", FIELD_TEXT, offsetof(struct pause, paper), FIELD_PRIVATE, .label = "文书编号"},
};
const struct shape pause_shape = {
    .name = "pause",
    .title = "暂停",
    .size = sizeof(struct pause),
    SHAPE_FIELDS(pause_fields),
};

static const struct field rung_at_fields[] = {
    {"rung", FIELD_WORD, offsetof(struct rung_at, rung), FIELD_REQUIRED, .label = "节点",
     .words = rung_words},
    {"due_at", FIELD_TIME, offsetof(struct rung_at, due_at), FIELD_REQUIRED, .label = "时间"},
};
const struct shape rung_at_shape = {
    .name = "rung_at",
    .title = "期限节点",
    .size = sizeof(struct rung_at),
    SHAPE_FIELDS(rung_at_fields),
};

static const struct field reckoning_fields[] = {
    {"due_date", FIELD_DATE, offsetof(struct reckoning, due_date), 0, .label = "届满日"},
    {"due_at", FIELD_TIME, offsetof(struct reckoning, due_at), 0, .label = "届满时间"},
    {"waits_for_year", FIELD_INT, offsetof(struct reckoning, waits_for_year), 0,
     .label = "待公布的年份"},
    {"calendar_version", FIELD_INT, offsetof(struct reckoning, calendar_version), 0,
     .label = "工作日历版本"},
    {"known_date", FIELD_DATE, offsetof(struct reckoning, known_date), 0, .label = "日历截至日"},
    {"rungs", FIELD_LIST, offsetof(struct reckoning, rungs), 0, .high = MOST_RUNGS,
     .label = "期限节点", .of = &rung_at_shape},
};
const struct shape reckoning_shape = {
    .name = "reckoning",
    .title = "期限计算结果",
    .size = sizeof(struct reckoning),
    SHAPE_FIELDS(reckoning_fields),
};

bool pause_reason_is_special(int64_t reason)
{
    return reason >= PAUSE_HEARING && reason <= PAUSE_EXPERT_REVIEW;
}

static const struct pause *pause_over(const struct deadline *deadline, int64_t date)
{
    const struct pause *pauses = deadline->pauses.items;
    for (size_t i = 0; i < deadline->pauses.count; i++)
        if (date >= pauses[i].from_date && (!pauses[i].to_date || date < pauses[i].to_date))
            return &pauses[i];
    return NULL;
}

const struct pause *deadline_open_pause(const struct deadline *deadline)
{
    const struct pause *pauses = deadline->pauses.items;
    size_t count = deadline->pauses.count;
    return count && !pauses[count - 1].to_date ? &pauses[count - 1] : NULL;
}

enum refusal walk_begin(struct walk *walk, const struct calendar *calendar,
                        const struct deadline *deadline)
{
    const struct limit *limit = &deadline->limit;
    if (limit->unit != UNIT_WORKING_DAYS && limit->unit != UNIT_CALENDAR_DAYS)
        return REFUSED_MISSING;
    if (limit->n < 1 || deadline->extension < 0)
        return REFUSED_OUT_OF_RANGE;
    if (limit->n > CALENDAR_MOST_DAYS || deadline->extension > CALENDAR_MOST_DAYS)
        return REFUSED_LIMIT;
    *walk = (struct walk){
        .calendar = calendar,
        .deadline = deadline,
        .total = limit->n + deadline->extension,
        .date = deadline->start_date,
    };
    return OK;
}

bool walk_next(struct walk *walk, enum refusal *refusal)
{
    if (walk->arrived || walk->frozen)
        return false;
    walk->past = walk->counted == walk->total;
    walk->date++;
    walk->pause = pause_over(walk->deadline, walk->date);
    walk->frozen = walk->pause && !walk->pause->to_date;
    if (walk->frozen)
        return true;
    *refusal = calendar_day(walk->calendar, walk->date, &walk->kind, &walk->name);
    if (*refusal)
        return false;
    bool works = day_kind_works(walk->kind) && !walk->pause;
    if (walk->deadline->limit.unit == UNIT_WORKING_DAYS)
        walk->counts = works;
    else
        walk->counts = !walk->pause && !walk->past;
    walk->counted += walk->counts;
    walk->arrived = walk->counted == walk->total && works;
    return true;
}

/* A moment `days` working days from the date, at the end of that day; paused days do not work. A
 * walk back stops at the start day. */
static enum refusal moment_from(const struct calendar *calendar, const struct opening *opening,
                                const struct deadline *deadline, int64_t date, int64_t days,
                                int64_t *at_ms, int64_t *looked_at)
{
    int64_t step = days < 0 ? -1 : 1;
    for (int64_t left = days * step; left > 0;) {
        enum day_kind kind;
        date += step;
        *looked_at = date;
        if (date <= deadline->start_date)
            break;
        enum refusal refusal = calendar_day(calendar, date, &kind, NULL);
        if (refusal)
            return refusal;
        left -= day_kind_works(kind) && !pause_over(deadline, date);
    }
    *looked_at = date;
    if (opening)
        return opening_end_of(opening, calendar, date, at_ms);
    *at_ms = time_at(date, DAY_MS);
    return OK;
}

static enum rung rung_of_passing(int64_t kind)
{
    if (kind == DEADLINE_PROMISED)
        return RUNG_PROMISED_PASSED;
    return kind == DEADLINE_STATUTORY ? RUNG_STATUTORY_PASSED : RUNG_PASSED;
}

/* A rung whose day lies in an unknown year is left out and waits for that year. */
static void add_rung(const struct calendar *calendar, const struct opening *opening,
                     const struct deadline *deadline, enum rung rung, int64_t days,
                     struct reckoning *out)
{
    struct rung_at *rungs = out->rungs.items;
    int64_t at_ms, looked_at = out->due_date;
    if (moment_from(calendar, opening, deadline, out->due_date, days, &at_ms, &looked_at)) {
        /* Years before the first one known will not be published any more. */
        if (days >= 0)
            out->waits_for_year = date_year(looked_at);
        return;
    }
    rungs[out->rungs.count++] = (struct rung_at){rung, at_ms};
    if (days == 0)
        out->due_at = at_ms;
}

enum refusal deadline_reckon(const struct calendar *calendar, const struct opening *opening,
                             const struct deadline *deadline, struct arena *arena,
                             struct reckoning *out)
{
    struct walk walk;
    enum refusal refusal = walk_begin(&walk, calendar, deadline);
    if (refusal)
        return refusal;
    if (!calendar_year_known(calendar, date_year(deadline->start_date)))
        return REFUSED_CALENDAR;
    int64_t before = deadline->remind_days ? deadline->remind_days : REMIND_DAYS;
    int64_t after = deadline->red_after_days ? deadline->red_after_days : RED_AFTER_DAYS;
    if (before < 0 || before > RUNG_MOST_DAYS || after < 0 || after > RUNG_MOST_DAYS)
        return REFUSED_LIMIT;
    *out = (struct reckoning){
        .calendar_version = calendar->version,
        .known_date = calendar->known_date,
    };
    while (walk_next(&walk, &refusal))
        ;
    if (walk.frozen)
        return OK;
    if (refusal) {
        out->waits_for_year = date_year(walk.date);
        return OK;
    }
    out->due_date = walk.date;
    out->rungs.items = arena_array(arena, MOST_RUNGS, sizeof(struct rung_at));
    add_rung(calendar, opening, deadline, RUNG_REMINDER, -before, out);
    add_rung(calendar, opening, deadline, rung_of_passing(deadline->kind), 0, out);
    if (deadline->kind == DEADLINE_PROMISED)
        add_rung(calendar, opening, deadline, RUNG_PROMISED_LONG_PASSED, after, out);
    return OK;
}

/* Whether the deadline can still be paused or extended at that moment. One that waits for a year to
 * be published has not expired before that year begins. */
static enum refusal not_expired(const struct calendar *calendar, const struct opening *opening,
                                const struct deadline *deadline, int64_t at_ms,
                                struct arena *arena, struct reckoning *reckoning)
{
    enum refusal refusal = deadline_reckon(calendar, opening, deadline, arena, reckoning);
    if (refusal || deadline_open_pause(deadline))
        return refusal;
    if (reckoning->due_date)
        return at_ms > reckoning->due_at ? REFUSED_TOO_LATE : OK;
    return date_year(time_date(at_ms)) < reckoning->waits_for_year ? OK : REFUSED_CALENDAR;
}

enum refusal deadline_pause(const struct calendar *calendar, const struct opening *opening,
                            const struct deadline *deadline, const struct pause *pause,
                            int64_t at_ms, struct arena *arena, struct deadline *out)
{
    const struct pause *before = deadline->pauses.items;
    size_t count = deadline->pauses.count;
    struct reckoning reckoning;
    if (deadline_open_pause(deadline))
        return REFUSED_STATE;
    if (pause->reason <= PAUSE_NONE || pause->reason > PAUSE_FORWARDED_UP)
        return REFUSED_REASON;
    if (!pause->paper.len || (pause_reason_is_special(pause->reason) && pause->planned_days < 1))
        return REFUSED_MISSING;
    if (pause->from_date < deadline->start_date ||
        (count && pause->from_date < before[count - 1].to_date))
        return REFUSED_CONFLICT;
    enum refusal refusal = not_expired(calendar, opening, deadline, at_ms, arena, &reckoning);
    if (refusal)
        return refusal;
    if (reckoning.due_date && pause->from_date > reckoning.due_date)
        return REFUSED_TOO_LATE;
    struct pause *pauses = arena_array(arena, count + 1, sizeof *pauses);
    for (size_t i = 0; i < count; i++)
        pauses[i] = before[i];
    pauses[count] = *pause;
    pauses[count].to_date = 0;
    *out = *deadline;
    out->pauses = (struct list){pauses, count + 1};
    return OK;
}

enum refusal deadline_resume(const struct deadline *deadline, int64_t to_date, struct arena *arena,
                             struct deadline *out)
{
    const struct pause *open = deadline_open_pause(deadline);
    if (!open)
        return REFUSED_STATE;
    if (to_date < open->from_date)
        return REFUSED_CONFLICT;
    size_t count = deadline->pauses.count;
    struct pause *pauses = arena_copy(arena, deadline->pauses.items, count * sizeof *pauses);
    pauses[count - 1].to_date = to_date;
    *out = *deadline;
    out->pauses = (struct list){pauses, count};
    return OK;
}

enum refusal deadline_extend(const struct calendar *calendar, const struct opening *opening,
                             const struct deadline *deadline, int64_t days, int64_t most,
                             int64_t at_ms, struct text paper, struct arena *arena,
                             struct deadline *out)
{
    struct reckoning reckoning;
    if (deadline->extension)
        return REFUSED_ONCE;
    if (days < 1)
        return REFUSED_OUT_OF_RANGE;
    if (days > most)
        return REFUSED_LIMIT;
    if (!paper.len)
        return REFUSED_MISSING;
    enum refusal refusal = not_expired(calendar, opening, deadline, at_ms, arena, &reckoning);
    if (refusal)
        return refusal;
    *out = *deadline;
    out->extension = days;
    out->extended_date = time_date(at_ms);
    out->extension_paper = paper;
    return OK;
}

enum refusal deadline_run(const struct calendar *calendar, const struct deadline *deadline,
                          int64_t upto_date, struct working_days *out)
{
    int64_t n = 0;
    for (int64_t date = deadline->start_date + 1; date <= upto_date; date++) {
        enum day_kind kind;
        enum refusal refusal = calendar_day(calendar, date, &kind, NULL);
        if (refusal)
            return refusal;
        n += day_kind_works(kind) && !pause_over(deadline, date);
    }
    *out = working_days(n);
    return OK;
}

enum refusal deadline_used_for_figures(const struct calendar *calendar,
                                       const struct deadline *deadline, int64_t finish_date,
                                       struct working_days *out)
{
    if (finish_date < deadline->start_date)
        return REFUSED_CONFLICT;
    enum refusal refusal = deadline_run(calendar, deadline, finish_date, out);
    if (refusal)
        return refusal;
    if (out->n < 1)
        out->n = 1;
    return OK;
}

enum refusal deadline_left(const struct calendar *calendar, const struct deadline *deadline,
                           const struct reckoning *reckoning, int64_t today, int64_t *left)
{
    struct working_days run;
    const struct pause *open = deadline_open_pause(deadline);
    enum refusal refusal = OK;
    if (open && deadline->limit.unit == UNIT_WORKING_DAYS) {
        refusal = deadline_run(calendar, deadline, open->from_date, &run);
        *left = refusal ? 0 : deadline->limit.n + deadline->extension - run.n;
        return refusal;
    }
    if (open)
        return REFUSED_STATE;
    if (!reckoning->due_date)
        return REFUSED_CALENDAR;
    int64_t from = today < reckoning->due_date ? today : reckoning->due_date;
    int64_t upto = today < reckoning->due_date ? reckoning->due_date : today;
    refusal = calendar_count(calendar, from, upto, &run);
    *left = refusal ? 0 : today <= reckoning->due_date ? run.n : -run.n;
    return refusal;
}
