#include "clock/explain.h"

const struct word step_kind_words[] = {
    {"none", "未定"},        {"start", "起算"},      {"limit", "期限"},
    {"extension", "延长"},   {"days_off", "放假"},   {"make_up", "调休上班"},
    {"weekends", "周末"},    {"pause", "暂停"},      {"rolled", "顺延"},
    {"due", "届满"},         {"frozen", "暂停中"},   {"waits", "待公布"},
    {NULL, NULL},
};
_Static_assert(sizeof step_kind_words / sizeof *step_kind_words ==
                   STEP_WAITS + 2,
               "a word for each");

static const struct field step_fields[] = {
    {"kind", FIELD_WORD, offsetof(struct deadline_step, kind), 0, .label = "步骤",
     .words = step_kind_words},
    {"from_date", FIELD_DATE, offsetof(struct deadline_step, from_date), 0, .label = "自"},
    {"to_date", FIELD_DATE, offsetof(struct deadline_step, to_date), 0, .label = "至"},
    {"days", FIELD_INT, offsetof(struct deadline_step, days), 0, .label = "天数"},
    {"name", FIELD_TEXT, offsetof(struct deadline_step, name), 0, .label = "名称"},
    {"words", FIELD_TEXT, offsetof(struct deadline_step, words), 0, .high = 400, .label = "说明"},
};
const struct shape deadline_step_shape = {
    .name = "deadline_step",
    .title = "期限计算步骤",
    .size = sizeof(struct deadline_step),
    SHAPE_FIELDS(step_fields),
};

/* The steps being gathered; open is the holiday or pause that the last day belonged to. */
struct telling {
    struct arena *arena;
    const struct deadline *deadline;
    struct deadline_step *steps;
    size_t count;
    struct deadline_step holiday; /* growing; kind STEP_NONE: none */
    struct deadline_step pause;
    int64_t weekend_days;
};

static void tell(struct telling *telling, struct deadline_step step, struct text words)
{
    telling->steps = arena_grow(telling->arena, telling->steps,
                                telling->count * sizeof step, (telling->count + 1) * sizeof step);
    step.words = words;
    telling->steps[telling->count++] = step;
}

/* The articles on counting, as in force on the start day: General Principles of the Civil Law to
 * 2017-09-30, General Provisions of the Civil Law to 2020-12-31, then the Civil Code. The rule has
 * been the same in all three. */
static const char *law_of_start(int64_t date)
{
    if (date >= date_of(2021, 1, 1))
        return "《中华人民共和国民法典》第二百零一条";
    if (date >= date_of(2017, 10, 1))
        return "《中华人民共和国民法总则》第二百零一条";
    return "《中华人民共和国民法通则》第一百五十四条";
}

static const char *law_of_end(int64_t date)
{
    if (date >= date_of(2021, 1, 1))
        return "《中华人民共和国民法典》第二百零三条";
    if (date >= date_of(2017, 10, 1))
        return "《中华人民共和国民法总则》第二百零三条";
    return "《中华人民共和国民法通则》第一百五十四条";
}

static const char *unit_words(int64_t unit)
{
    return limit_unit_words[unit].label;
}

static void tell_start(struct telling *telling)
{
    const struct deadline *deadline = telling->deadline;
    struct arena *arena = telling->arena;
    struct text start = date_format_zh(arena, deadline->start_date);
    struct text next = date_format_zh(arena, deadline->start_date + 1);
    tell(telling, (struct deadline_step){.kind = STEP_START, .from_date = deadline->start_date},
         text_format(arena, "起算日为%.*s，当日不计入，从%.*s开始计算（%s）。", TEXT_ARG(start),
                     TEXT_ARG(next), law_of_start(deadline->start_date)));
    const char *law = deadline->limit.unit == UNIT_WORKING_DAYS
                          ? "，以工作日计算，不含法定节假日"
                          : "，按自然日计算";
    tell(telling, (struct deadline_step){.kind = STEP_LIMIT, .days = deadline->limit.n},
         text_format(arena, "%s为%lld%s%s。", deadline_kind_words[deadline->kind].label,
                     (long long)deadline->limit.n, unit_words(deadline->limit.unit), law));
    if (!deadline->extension)
        return;
    struct text when = date_format_zh(arena, deadline->extended_date);
    tell(telling,
         (struct deadline_step){.kind = STEP_EXTENSION,
                                .from_date = deadline->extended_date,
                                .days = deadline->extension},
         text_format(arena, "%.*s经批准延长%lld%s（文书：%.*s）。", TEXT_ARG(when),
                     (long long)deadline->extension, unit_words(deadline->limit.unit),
                     TEXT_ARG(deadline->extension_paper)));
}

static struct text span_words(struct arena *arena, int64_t from, int64_t to)
{
    struct text first = date_format_zh(arena, from);
    if (from == to)
        return first;
    struct text last = date_format_zh(arena, to);
    return text_format(arena, "%.*s至%.*s", TEXT_ARG(first), TEXT_ARG(last));
}

static void end_holiday(struct telling *telling)
{
    const struct deadline_step *holiday = &telling->holiday;
    if (!holiday->kind)
        return;
    struct text span = span_words(telling->arena, holiday->from_date, holiday->to_date);
    struct text words = text_format(telling->arena, "%.*s%.*s放假，%lld天不计入。", TEXT_ARG(span),
                                    TEXT_ARG(holiday->name), (long long)holiday->days);
    tell(telling, *holiday, words);
    telling->holiday = (struct deadline_step){0};
}

static void end_pause(struct telling *telling, const struct pause *pause)
{
    const struct deadline_step *step = &telling->pause;
    struct arena *arena = telling->arena;
    struct text from = date_format_zh(arena, pause->from_date);
    struct text to = date_format_zh(arena, pause->to_date);
    tell(telling, *step,
         text_format(arena,
                     "%.*s因%s暂停计算（文书：%.*s），%.*s恢复，暂停期间的%lld个工作日不计入。",
                     TEXT_ARG(from), pause_reason_words[pause->reason].label,
                     TEXT_ARG(pause->paper), TEXT_ARG(to), (long long)step->days));
    telling->pause = (struct deadline_step){0};
}

static void tell_day(struct telling *telling, const struct walk *walk)
{
    bool counts_work = walk->deadline->limit.unit == UNIT_WORKING_DAYS;
    bool skipped = counts_work ? !walk->counts : walk->past && !walk->arrived;
    bool holiday = skipped && walk->kind == DAY_OFF && !walk->pause;
    if (telling->holiday.kind &&
        (!holiday || !text_equal(telling->holiday.name, walk->name)))
        end_holiday(telling);
    if (holiday) {
        if (!telling->holiday.kind)
            telling->holiday = (struct deadline_step){
                .kind = STEP_DAYS_OFF, .from_date = walk->date, .name = walk->name};
        telling->holiday.to_date = walk->date;
        telling->holiday.days++;
    }
    if (walk->pause) {
        if (!telling->pause.kind)
            telling->pause = (struct deadline_step){.kind = STEP_PAUSE,
                                                    .from_date = walk->pause->from_date,
                                                    .to_date = walk->pause->to_date};
        telling->pause.days += day_kind_works(walk->kind);
        if (walk->date + 1 == walk->pause->to_date)
            end_pause(telling, walk->pause);
    }
    if (counts_work && skipped && walk->kind == DAY_WEEKEND && !walk->pause)
        telling->weekend_days++;
    if (counts_work && walk->counts && walk->kind == DAY_MAKE_UP) {
        struct text date = date_format_zh(telling->arena, walk->date);
        tell(telling,
             (struct deadline_step){
                 .kind = STEP_MAKE_UP, .from_date = walk->date, .days = 1, .name = walk->name},
             text_format(telling->arena, "%.*s（%s）为%.*s调休上班日，计入。", TEXT_ARG(date),
                         date_weekday(walk->date) == 6 ? "星期六" : "星期日",
                         TEXT_ARG(walk->name)));
    }
}

static void tell_weekends(struct telling *telling)
{
    end_holiday(telling);
    if (telling->weekend_days)
        tell(telling,
             (struct deadline_step){.kind = STEP_WEEKENDS, .days = telling->weekend_days},
             text_format(telling->arena, "其间星期六、星期日共%lld天不计入。",
                         (long long)telling->weekend_days));
}

static void tell_due(struct telling *telling, const struct walk *walk, int64_t last_counted,
                     const struct reckoning *reckoning)
{
    struct arena *arena = telling->arena;
    struct text due = date_format_zh(arena, reckoning->due_date);
    if (last_counted != reckoning->due_date) {
        struct text last = date_format_zh(arena, last_counted);
        tell(telling,
             (struct deadline_step){.kind = STEP_ROLLED,
                                    .from_date = last_counted,
                                    .to_date = reckoning->due_date},
             text_format(arena, "期间最后一日%.*s不是工作日，顺延至%.*s（%s）。", TEXT_ARG(last),
                         TEXT_ARG(due), law_of_end(telling->deadline->start_date)));
    }
    int64_t minutes = (reckoning->due_at - time_at(reckoning->due_date, 0)) / MINUTE_MS;
    tell(telling, (struct deadline_step){.kind = STEP_DUE, .to_date = reckoning->due_date},
         text_format(arena, "第%lld%s届满：%.*s%02lld:%02lld。", (long long)walk->total,
                     unit_words(telling->deadline->limit.unit), TEXT_ARG(due),
                     (long long)(minutes / 60), (long long)(minutes % 60)));
}

static void tell_frozen(struct telling *telling, const struct walk *walk)
{
    const struct pause *pause = walk->pause;
    struct text from = date_format_zh(telling->arena, pause->from_date);
    tell(telling,
         (struct deadline_step){
             .kind = STEP_FROZEN, .from_date = pause->from_date, .days = walk->counted},
         text_format(telling->arena,
                     "%.*s起因%s暂停计算（文书：%.*s），已计%lld%s，恢复后继续计算，届满日届时确定。",
                     TEXT_ARG(from), pause_reason_words[pause->reason].label,
                     TEXT_ARG(pause->paper), (long long)walk->counted,
                     unit_words(telling->deadline->limit.unit)));
}

static void tell_waits(struct telling *telling, const struct walk *walk,
                       const struct reckoning *reckoning)
{
    struct text last = date_format_zh(telling->arena, walk->date - 1);
    tell(telling, (struct deadline_step){.kind = STEP_WAITS, .days = reckoning->waits_for_year},
         text_format(telling->arena,
                     "计至%.*s为第%lld%s；%lld年节假日安排尚未公布，届满日待公布后确定。",
                     TEXT_ARG(last), (long long)walk->counted,
                     unit_words(telling->deadline->limit.unit),
                     (long long)reckoning->waits_for_year));
}

enum refusal deadline_explain(const struct calendar *calendar, const struct opening *opening,
                              const struct deadline *deadline, struct arena *arena,
                              struct explanation *out)
{
    struct walk walk;
    struct telling telling = {.arena = arena, .deadline = deadline};
    int64_t last_counted = 0;
    enum refusal refusal =
        deadline_reckon(calendar, opening, deadline, arena, &out->reckoning);
    if (!refusal)
        refusal = walk_begin(&walk, calendar, deadline);
    if (refusal)
        return refusal;
    tell_start(&telling);
    enum refusal unknown = OK;
    while (walk_next(&walk, &unknown)) {
        if (walk.frozen)
            break;
        tell_day(&telling, &walk);
        if (walk.counts)
            last_counted = walk.date;
    }
    tell_weekends(&telling);
    if (walk.arrived)
        tell_due(&telling, &walk, last_counted, &out->reckoning);
    else if (walk.frozen)
        tell_frozen(&telling, &walk);
    else
        tell_waits(&telling, &walk, &out->reckoning);
    struct buf words = {.arena = arena};
    for (size_t i = 0; i < telling.count; i++)
        buf_text(&words, telling.steps[i].words);
    out->steps = (struct list){telling.steps, telling.count};
    out->words = buf_done(&words);
    return OK;
}
