/* When a place is open: weekly hours with dates of validity (summer and winter hours, a town
 * office's own), lunch breaks, closing time. Pure, as calendar.h is.
 *
 * Hours say when somebody is at the counter. They never make a day a working day: a place that is
 * open on a Saturday by rota still receives as of the next working day. A make-up workday follows
 * the hours of Monday. */
#ifndef YIMEN_CLOCK_OPENING_H
#define YIMEN_CLOCK_OPENING_H

#include "clock/calendar.h"

/* One row of a place's hours. Rows may overlap: the last that fits a date rules. */
struct opening_rule {
    int64_t valid_from; /* first date; 0: always */
    int64_t valid_to;   /* last date; 0: open-ended */
    int64_t weekdays;   /* bit 0 Monday … bit 6 Sunday */
    int64_t opens_ms;   /* after civil midnight */
    int64_t lunch_from_ms;
    int64_t lunch_to_ms; /* equal to lunch_from_ms: no break */
    int64_t closes_ms;   /* at most DAY_MS */
};

struct opening {
    const struct opening_rule *rules;
    size_t count;
    /* What comes in after closing time counts as received on the next working day. */
    bool late_is_next_day;
};

/* 08:30-17:00, Monday to Friday, lunch 11:30-13:30, late is next day: where a place says nothing.
 * An example value, not a rule of law. */
extern const struct opening opening_default;

/* The rule that holds on a date, NULL where the place is closed: on days off and where no row fits.
 * REFUSED_CALENDAR in an unknown year. */
enum refusal opening_rule_on(const struct opening *opening, const struct calendar *calendar,
                             int64_t date, const struct opening_rule **rule);
enum refusal opening_is_open(const struct opening *opening, const struct calendar *calendar,
                             int64_t at_ms, bool *open);
/* The date that counts as the day of receipt: the day itself; the next working day if it is a day
 * off or if it is past closing time and late_is_next_day. */
enum refusal opening_receipt_date(const struct opening *opening, const struct calendar *calendar,
                                  int64_t at_ms, int64_t *date);
/* The moment a period ends whose last day is date: closing time where the place has hours that day,
 * else 24:00 (Civil Code, art. 203). */
enum refusal opening_end_of(const struct opening *opening, const struct calendar *calendar,
                            int64_t date, int64_t *at_ms);
/* The moment after span_ms of opening time, lunch not counted, from at_ms on: "hand over within 30
 * minutes". REFUSED_LIMIT for a span that takes over a year. */
enum refusal opening_after(const struct opening *opening, const struct calendar *calendar,
                           int64_t at_ms, int64_t span_ms, int64_t *out);

#endif
