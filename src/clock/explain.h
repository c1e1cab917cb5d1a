/* How a deadline's date was found: as a list of steps and as Chinese sentences, for pages, papers
 * and the command line. Pure. */
#ifndef YIMEN_CLOCK_EXPLAIN_H
#define YIMEN_CLOCK_EXPLAIN_H

#include "clock/deadline.h"

enum step_kind {
    STEP_NONE,
    STEP_START,     /* from_date: the day that is not counted */
    STEP_LIMIT,     /* days: the limit without extension */
    STEP_EXTENSION, /* days added, from_date: when it was granted */
    STEP_DAYS_OFF,  /* from_date … to_date: one holiday; days: how many did not count */
    STEP_MAKE_UP,   /* from_date: a weekend day that counted */
    STEP_WEEKENDS,  /* days: Saturdays and Sundays that did not count */
    STEP_PAUSE,     /* from_date … to_date (0: open); days: working days taken out */
    STEP_ROLLED,    /* from_date: the last day counted, a day off; to_date: the next working day */
    STEP_DUE,       /* to_date: the due date */
    STEP_FROZEN,    /* from_date: paused since; days: those that have run */
    STEP_WAITS,     /* days: the year that is not published */
};
extern const struct word step_kind_words[];

struct deadline_step {
    int64_t kind; /* enum step_kind */
    int64_t from_date;
    int64_t to_date;
    int64_t days;
    struct text name;  /* of the holiday */
    struct text words; /* the step as a sentence */
};
extern const struct shape deadline_step_shape;

struct explanation {
    struct reckoning reckoning;
    struct list steps; /* struct deadline_step: start, limit, extension, then as the days come */
    struct text words; /* all sentences, one paragraph */
};

/* Refused as deadline_reckon is. The law is cited as in force on the start day. */
enum refusal deadline_explain(const struct calendar *calendar, const struct opening *opening,
                              const struct deadline *deadline, struct arena *arena,
                              struct explanation *out);

#endif
