#include "clock/due.h"

static const struct field answer_fields[] = {
    {"from_date", FIELD_DATE, offsetof(struct due_answer, from_date), 0, .label = "起算日"},
    {"unit", FIELD_WORD, offsetof(struct due_answer, limit.unit), 0, .label = "期限单位",
     .words = limit_unit_words},
    {"days", FIELD_INT, offsetof(struct due_answer, limit.n), 0, .label = "期限"},
    {"due_date", FIELD_DATE, offsetof(struct due_answer, due_date), 0, .label = "届满日"},
    {"due_at", FIELD_TIME, offsetof(struct due_answer, due_at), 0, .label = "届满时间"},
    {"waits_for_year", FIELD_INT, offsetof(struct due_answer, waits_for_year), 0,
     .label = "待公布的年份"},
    {"calendar_version", FIELD_INT, offsetof(struct due_answer, calendar_version), 0,
     .label = "工作日历版本"},
    {"known_date", FIELD_DATE, offsetof(struct due_answer, known_date), 0, .label = "日历截至日"},
    {"words", FIELD_TEXT, offsetof(struct due_answer, words), 0, .high = 20000, .label = "计算说明"},
    {"steps", FIELD_LIST, offsetof(struct due_answer, steps), 0, .label = "计算步骤",
     .of = &deadline_step_shape},
};
const struct shape due_answer_shape = {
    .name = "due_answer",
    .title = "期限计算",
    .size = sizeof(struct due_answer),
    SHAPE_FIELDS(answer_fields),
};

enum refusal due_compute(const struct calendar *calendar, const struct opening *opening,
                         int64_t from_date, struct limit limit, struct arena *arena,
                         struct due_answer *out)
{
    struct deadline deadline = {.start_date = from_date, .limit = limit};
    struct explanation told;
    *out = (struct due_answer){
        .from_date = from_date,
        .limit = limit,
        .calendar_version = calendar->version,
        .known_date = calendar->known_date,
    };
    enum refusal refusal = deadline_explain(calendar, opening, &deadline, arena, &told);
    if (refusal == REFUSED_CALENDAR) {
        out->waits_for_year = date_year(from_date);
        out->words = text_format(arena, "%lld年节假日安排未公布或未导入，不能计算。",
                                 (long long)out->waits_for_year);
    }
    if (refusal)
        return refusal;
    out->due_date = told.reckoning.due_date;
    out->due_at = told.reckoning.due_at;
    out->waits_for_year = told.reckoning.waits_for_year;
    out->words = told.words;
    out->steps = told.steps;
    return out->due_date ? OK : REFUSED_CALENDAR;
}

struct text due_json(const struct due_answer *answer, struct arena *arena)
{
    struct buf json = {.arena = arena};
    shape_to_answer(&due_answer_shape, answer, &json);
    return buf_done(&json);
}

struct text due_lines(const struct due_answer *answer, struct arena *arena)
{
    const struct deadline_step *steps = answer->steps.items;
    struct buf lines = {.arena = arena};
    if (answer->due_date) {
        buf_text(&lines, date_format(arena, answer->due_date));
        buf_char(&lines, '\n');
    }
    for (size_t i = 0; i < answer->steps.count; i++) {
        buf_text(&lines, steps[i].words);
        buf_char(&lines, '\n');
    }
    if (!answer->steps.count && answer->words.len) {
        buf_text(&lines, answer->words);
        buf_char(&lines, '\n');
    }
    return buf_done(&lines);
}
