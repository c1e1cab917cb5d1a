/* The working calendar: pure arithmetic over dates, no clock, no database, no globals.
 *
 * Days off and make-up workdays come from the State Council's notices. A notice has a year and a
 * day of publication; a date it does not list follows Monday to Friday. What a calendar says is
 * always "as known on some day": notices published later do not count. The year of a date that no
 * year's notice covers is *unknown* and every question about it is refused (REFUSED_CALENDAR),
 * never guessed.
 *
 * Which notice rules a date. A notice for year Y may also list dates of the last days of Y-1 (29
 * December 2018 stands in the notice for 2019) or change days of Y in mid-year (2015, 2019, 2020).
 * Of all notices known that list the date, the one published last rules. So a late December date is
 * decided by its own year's notice as long as the next one is unknown, and by the next one from the
 * day of that one's publication. A notice of scope NOTICE_YEAR replaces the earlier notices of the
 * same year altogether; one of scope NOTICE_CHANGE only the dates it lists, and it does not make
 * its year known.
 *
 * Dates are days since 1970-01-01 (base/time.h). Working days and calendar days are different
 * types, so that mixing them does not compile: permits count the former (Administrative Licensing
 * Law, art. 82), tenders the latter (Civil Code, art. 200-203). */
#ifndef YIMEN_CLOCK_CALENDAR_H
#define YIMEN_CLOCK_CALENDAR_H

#include "base/refusal.h"
#include "base/shape.h"
#include "base/time.h"

struct working_days {
    int64_t n;
};
struct calendar_days {
    int64_t n;
};

static inline struct working_days working_days(int64_t n)
{
    return (struct working_days){n};
}
static inline struct calendar_days calendar_days(int64_t n)
{
    return (struct calendar_days){n};
}

/* No limit of law or house is longer: counts over it are refused (REFUSED_LIMIT), so that no input
 * makes a decision walk through centuries. */
#define CALENDAR_MOST_DAYS INT64_C(4000)

enum notice_scope {
    NOTICE_NONE,
    NOTICE_YEAR,   /* the arrangement of the whole year */
    NOTICE_CHANGE, /* a change of some days of it */
};
extern const struct word notice_scope_words[]; /* none, year, change */

struct notice_day {
    int64_t date;
    bool off;         /* true: a day off; false: a make-up workday */
    struct text name; /* 春节 */
};
extern const struct shape notice_day_shape;

/* A notice as published. A year's notice without days says nothing (the files of years to come look
 * like that): it leaves the year unknown. */
struct notice {
    int64_t year; /* the notice's, not the dates' */
    int64_t published_date;
    int64_t scope;        /* enum notice_scope */
    struct text document; /* 国办发明电〔2013〕28号, or empty */
    struct text source;   /* where it can be read */
    struct list days;     /* struct notice_day, at most one for each date */
    int64_t version;      /* the order in which this house learned of it, from 1 */
};
/* All but the version: input of clock.calendar.publish, and a file of a city's folder. */
extern const struct shape notice_shape;

struct calendar_book; /* all notices, sorted; made by calendar_build */

/* What is known on a day. Small: pass it by address, copy it freely; its book lives in the arena it
 * was built in. */
struct calendar {
    const struct calendar_book *book;
    int64_t known_date; /* notices published later are not seen */
    int64_t version;    /* highest version among the notices seen, 0 if none: with known_date it names
                           exactly what this calendar said */
};

/* Sorts the notices into a book; the texts are not copied. */
struct calendar calendar_build(const struct notice *notices, size_t count, int64_t known_date,
                               struct arena *arena);
/* The same book as known on another day. */
struct calendar calendar_as_known(const struct calendar *calendar, int64_t known_date);
bool calendar_year_known(const struct calendar *calendar, int64_t year);
/* First and last year known; false if none is. There may be gaps between. */
bool calendar_years(const struct calendar *calendar, int64_t *first, int64_t *last);

enum day_kind {
    DAY_WORK,    /* Monday to Friday, no notice in force says otherwise */
    DAY_MAKE_UP, /* a Saturday or Sunday that is a workday because a notice says so (调休上班) */
    DAY_WEEKEND, /* Saturday or Sunday, nothing said otherwise */
    DAY_OFF,     /* off because a notice says so */
};

/* What a date is; name (may be NULL) gets the notice's name for it, empty where no
 * notice in force lists it. REFUSED_CALENDAR where the date's year is unknown. */
enum refusal calendar_day(const struct calendar *calendar, int64_t date, enum day_kind *kind,
                          struct text *name);
bool day_kind_works(enum day_kind kind);

/* Below, REFUSED_CALENDAR means that a date that had to be looked at lies in an unknown year,
 * REFUSED_OUT_OF_RANGE a negative count, REFUSED_LIMIT a count over CALENDAR_MOST_DAYS. */

/* The n-th working day after the date (n < 0: before it); n = 0 is the date itself, as it is. */
enum refusal calendar_step(const struct calendar *calendar, int64_t date, struct working_days n,
                           int64_t *out);
/* The date itself if it is a working day, else the next one. */
enum refusal calendar_roll(const struct calendar *calendar, int64_t date, int64_t *out);

/* The legal last day of a limit of n working days: the day of acceptance is not counted (Civil
 * Code, art. 201), then n working days. */
enum refusal calendar_due(const struct calendar *calendar, int64_t accept_date,
                          struct working_days n, int64_t *due_date);
/* The legal last day of a limit of n calendar days: the first day is not counted; a last day that
 * is a day off moves to the next working day (Civil Code, art. 201, 203). */
enum refusal calendar_due_in_days(const struct calendar *calendar, int64_t start_date,
                                  struct calendar_days n, int64_t *due_date);
/* Working days in (after, upto]; 0 if upto <= after. */
enum refusal calendar_count(const struct calendar *calendar, int64_t after_date, int64_t upto_date,
                            struct working_days *out);
/* Days used, as the figures count them: max(1, working days in (accept, finish]). What is accepted
 * and delivered on one day has used 1 day, not 0: of a limit of 20 it saved 19. Not the legal
 * count. REFUSED_CONFLICT if it was finished before it was accepted. */
enum refusal calendar_used_for_figures(const struct calendar *calendar, int64_t accept_date,
                                       int64_t finish_date, struct working_days *out);

#endif
