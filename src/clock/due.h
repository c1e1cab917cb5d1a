/* The answer to "when is it due", for the command line (yimen due --from 2014-05-04 --days 20) and
 * for pages: the date, the sentences and the JSON. Pure. */
#ifndef YIMEN_CLOCK_DUE_H
#define YIMEN_CLOCK_DUE_H

#include "clock/explain.h"

struct due_answer {
    int64_t from_date;
    struct limit limit;
    int64_t due_date; /* 0: cannot be known yet, see waits_for_year */
    int64_t due_at;
    int64_t waits_for_year;
    int64_t calendar_version;
    int64_t known_date;
    struct text words; /* how it was found, one paragraph in Chinese */
    struct list steps; /* struct deadline_step */
};
extern const struct shape due_answer_shape;

/* opening NULL: the day ends at 24:00. A year that is not published is REFUSED_CALENDAR here, with
 * waits_for_year and words saying which: somebody who asks for a date is not told half of one. The
 * other refusals are deadline_reckon's. */
enum refusal due_compute(const struct calendar *calendar, const struct opening *opening,
                         int64_t from_date, struct limit limit, struct arena *arena,
                         struct due_answer *out);
/* {"from_date", "unit", "days", "due_date", …, "steps": […]}: every field present. */
struct text due_json(const struct due_answer *answer, struct arena *arena);
/* The due date and the steps, a line each, for a terminal. */
struct text due_lines(const struct due_answer *answer, struct arena *arena);

#endif
