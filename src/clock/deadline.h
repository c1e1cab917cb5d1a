/* A deadline as an object: what started it, its limit, its pauses, its one extension; hence the due
 * moment and the rungs on the way to it and past it. Pure, as calendar.h is.
 *
 * Counting. The start day is not counted. A pause takes out the days [from, to): the day it starts
 * is not used, the day it ends is used again; one that starts and ends on the same day takes out
 * nothing. While a pause is open there is no due moment: the deadline is frozen and does not age. A
 * pause or an extension must begin before the deadline has expired. */
#ifndef YIMEN_CLOCK_DEADLINE_H
#define YIMEN_CLOCK_DEADLINE_H

#include "clock/opening.h"

enum deadline_kind {
    DEADLINE_CUSTOM,
    DEADLINE_PROMISED,          /* what the item's guide promises */
    DEADLINE_STATUTORY,         /* what the law allows */
    DEADLINE_SUPPLEMENT_ANSWER, /* 5 working days to ask for what is missing, else it counts as
                                   accepted (Administrative Licensing Law, art. 32) */
    DEADLINE_DELIVER,           /* 10 working days to deliver the licence (art. 44) */
};
extern const struct word deadline_kind_words[];

enum limit_unit {
    UNIT_NONE,
    UNIT_WORKING_DAYS,
    UNIT_CALENDAR_DAYS,
};
extern const struct word limit_unit_words[];

/* A limit that may be of either unit. Made from the typed counts, so that the unit is always said. */
struct limit {
    int64_t unit; /* enum limit_unit */
    int64_t n;    /* at least 1 */
};
static inline struct limit limit_working(struct working_days days)
{
    return (struct limit){UNIT_WORKING_DAYS, days.n};
}
static inline struct limit limit_calendar(struct calendar_days days)
{
    return (struct limit){UNIT_CALENDAR_DAYS, days.n};
}

/* Why a clock stands still. The first eight are the special procedures of art. 45, of which the
 * applicant must be told in writing how long they will take. */
enum pause_reason {
    PAUSE_NONE,
    PAUSE_HEARING,
    PAUSE_TENDER,
    PAUSE_AUCTION,
    PAUSE_INSPECTION,
    PAUSE_TESTING,
    PAUSE_QUARANTINE,
    PAUSE_APPRAISAL,
    PAUSE_EXPERT_REVIEW,
    PAUSE_SUPPLEMENT,   /* the applicant has to supply something */
    PAUSE_FORWARDED_UP, /* the matter lies with the authority above */
};
extern const struct word pause_reason_words[];
bool pause_reason_is_special(int64_t reason);

struct pause {
    int64_t reason; /* enum pause_reason */
    int64_t from_date;
    int64_t to_date;      /* 0: open */
    int64_t planned_days; /* as told to the applicant, in working days */
    struct text paper;    /* number of the written notice */
};
extern const struct shape pause_shape;

/* The usual and the greatest extension (art. 42): 10 working days for one authority, 15 where
 * several handle it jointly. */
#define EXTENSION_DAYS INT64_C(10)
#define EXTENSION_DAYS_JOINT INT64_C(15)

/* Where the outer rungs stand if whoever sets a deadline does not say. */
#define REMIND_DAYS INT64_C(1)
#define RED_AFTER_DAYS INT64_C(2)
/* Most days of either: a notice that moves days must know how far a deadline reaches. */
#define RUNG_MOST_DAYS INT64_C(10)

struct deadline {
    int64_t kind; /* enum deadline_kind */
    int64_t start_date;
    struct limit limit;
    int64_t remind_days;    /* working days before the due moment; 0: REMIND_DAYS */
    int64_t red_after_days; /* working days after a promised limit; 0: RED_AFTER_DAYS */
    int64_t extension; /* in the limit's unit; 0: none */
    int64_t extended_date;
    struct text extension_paper;
    struct list pauses; /* struct pause, in order; only the last may be open */
};

enum rung {
    RUNG_NONE,
    RUNG_REMINDER,            /* remind_days before the due moment */
    RUNG_PASSED,              /* the due moment of a deadline of another kind */
    RUNG_PROMISED_PASSED,     /* the due moment of a promised limit */
    RUNG_STATUTORY_PASSED,    /* … of a statutory one */
    RUNG_PROMISED_PASSED_BY_2, /* in older journals: what the next one is, at two days */
    RUNG_PROMISED_LONG_PASSED /* red_after_days after a promised limit */
};
extern const struct word rung_words[];

struct rung_at {
    int64_t rung; /* enum rung */
    int64_t due_at;
};
extern const struct shape rung_at_shape;

enum {
    MOST_RUNGS = 3,
};

/* What a deadline comes to under one calendar. */
struct reckoning {
    int64_t due_date; /* 0: paused, or not computable yet */
    int64_t due_at;   /* closing time of the due date at the place, else 24:00 */
    int64_t waits_for_year; /* 0, or the unpublished year without which not all of this is known */
    int64_t calendar_version; /* the calendar it was computed with … */
    int64_t known_date;       /* … and the day of its knowledge */
    struct list rungs;        /* struct rung_at, by time; empty while paused */
};
extern const struct shape reckoning_shape;

/* Computes. opening NULL: periods end at 24:00. OK also while paused and where a year needed is not
 * published (due_date 0, waits_for_year set): acceptance must not fail in November because next
 * year's days off come out in December. Refused: a limit below 1 (REFUSED_OUT_OF_RANGE), over
 * CALENDAR_MOST_DAYS or a rung over RUNG_MOST_DAYS (REFUSED_LIMIT), without unit (REFUSED_MISSING),
 * a start in an unknown year (REFUSED_CALENDAR). */
enum refusal deadline_reckon(const struct calendar *calendar, const struct opening *opening,
                             const struct deadline *deadline, struct arena *arena,
                             struct reckoning *out);

/* The open pause, or NULL. */
const struct pause *deadline_open_pause(const struct deadline *deadline);

/* *out becomes the deadline with one more pause, its last pause ended, or its extension; the input
 * is left alone. at_ms is the moment of the decision, which must not lie past the due moment.
 *   REFUSED_STATE     paused already / not paused
 *   REFUSED_TOO_LATE  expired, or the pause would start after the due date
 *   REFUSED_CONFLICT  starts before the start day or before the last pause ended / ends before it
 *                     began
 *   REFUSED_REASON    no legal reason;  REFUSED_MISSING  no paper, or a special procedure without
 *                     planned days
 *   REFUSED_ONCE      extended before;  REFUSED_LIMIT  extension over `most` */
enum refusal deadline_pause(const struct calendar *calendar, const struct opening *opening,
                            const struct deadline *deadline, const struct pause *pause,
                            int64_t at_ms, struct arena *arena, struct deadline *out);
enum refusal deadline_resume(const struct deadline *deadline, int64_t to_date, struct arena *arena,
                             struct deadline *out);
enum refusal deadline_extend(const struct calendar *calendar, const struct opening *opening,
                             const struct deadline *deadline, int64_t days, int64_t most,
                             int64_t at_ms, struct text paper, struct arena *arena,
                             struct deadline *out);

/* Working days in (start, upto] that no pause takes out: how far the clock has run. */
enum refusal deadline_run(const struct calendar *calendar, const struct deadline *deadline,
                          int64_t upto_date, struct working_days *out);
/* As calendar_used_for_figures, without the paused days. */
enum refusal deadline_used_for_figures(const struct calendar *calendar,
                                       const struct deadline *deadline, int64_t finish_date,
                                       struct working_days *out);
/* Working days from a date to the due date: positive left, 0 due today, negative overdue. Of a
 * paused deadline the days that would be left. REFUSED_CALENDAR while it waits for a year. */
enum refusal deadline_left(const struct calendar *calendar, const struct deadline *deadline,
                           const struct reckoning *reckoning, int64_t today, int64_t *left);

/* One day of the count, for deadline_reckon and deadline_explain. */
struct walk {
    const struct calendar *calendar;
    const struct deadline *deadline;
    int64_t total;   /* days to count */
    int64_t date;    /* the day looked at */
    int64_t counted; /* so far, with this day */
    enum day_kind kind;
    struct text name;
    const struct pause *pause; /* that takes the day out, or NULL */
    bool counts;               /* this day was counted */
    bool past;                 /* all days were counted before it: rolling to a working day */
    bool arrived;              /* it is the due date */
    bool frozen;               /* an open pause begins with it */
};
/* Begins before the first day; refuses bad limits as deadline_reckon does. */
enum refusal walk_begin(struct walk *walk, const struct calendar *calendar,
                        const struct deadline *deadline);
/* Moves on by one day; false once arrived or frozen, or when *refusal is set. */
bool walk_next(struct walk *walk, enum refusal *refusal);

#endif
