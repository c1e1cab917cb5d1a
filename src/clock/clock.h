/* The clock as a module: the region's calendar and opening hours, and every deadline of the house
 * with its rungs, each of which fires once.
 *
 * A deadline belongs to a subject of another module ("case:17"). That module's decide calls the
 * functions below, which add the clock's events to its own in the same batch; the clock's apply
 * keeps the tables. When a rung's moment comes, the system's command clock.fire makes the event
 * deadline.rung_passed, with the deadline's subject, to which other modules react. A notice that
 * takes effect (State Council changes in mid-year, a year that was waited for) recounts the running
 * deadlines it touches. */
#ifndef YIMEN_CLOCK_CLOCK_H
#define YIMEN_CLOCK_CLOCK_H

#include "clock/explain.h"
#include "flow/module.h"

extern const struct module clock_module;

/* The region's calendar as known on the day of the decision, or of the look; never NULL. An empty
 * one, in which every year is unknown, until notices are published. */
const struct calendar *clock_calendar(const struct context *context);
const struct calendar *clock_calendar_at(const struct look_context *context);
/* Opening hours by their code (a place names it); opening_default where the code is not known. */
const struct opening *clock_opening(const struct context *context, struct text hours);
const struct opening *clock_opening_at(const struct look_context *context, struct text hours);

enum deadline_state { DEADLINE_NOT_SET, DEADLINE_RUNNING, DEADLINE_PAUSED, DEADLINE_CLOSED };
extern const struct word deadline_state_words[];

enum deadline_outcome {
    OUTCOME_NONE,
    OUTCOME_MET,
    OUTCOME_LATE,
    OUTCOME_CANCELLED, /* withdrawn, terminated: it does not count as kept or missed */
};
extern const struct word deadline_outcome_words[];

/* A deadline as stored. */
struct clock_deadline {
    struct text id;      /* "case:17/promised" */
    struct text subject; /* "case:17" */
    int64_t state;       /* enum deadline_state */
    struct deadline deadline;
    struct reckoning reckoning; /* its rungs: see clock_deadline_read */
    struct text hours;          /* code of the opening hours of its place, or empty */
    bool stale;                 /* a notice took effect that may move it; the clock will recount */
    int64_t outcome;            /* enum deadline_outcome */
    int64_t finish_date;
    int64_t used; /* working days, as the figures count them; when closed */
};

/* For another module's read.c: one deadline with the rungs that have not fired yet, or all of a
 * subject in the order of their ids, without rungs. */
bool clock_deadline_read(struct db_read *db, int64_t region, struct text id, struct arena *arena,
                         struct clock_deadline *out, bool *found, struct fault *why);
bool clock_deadlines_read(struct db_read *db, int64_t region, struct text subject,
                          struct arena *arena, struct list *out, struct fault *why);
/* The one of that kind in a list from clock_deadlines_read, or NULL. */
const struct clock_deadline *clock_deadline_of(const struct list *deadlines, int64_t kind);

/* How a stored deadline was computed, under the calendar it was computed with; for pages. Refused as
 * deadline_explain is. */
enum refusal clock_explain(const struct look_context *context,
                           const struct clock_deadline *deadline, struct explanation *out);

/* For another module's decide.c: pure; each emits one event on `subject` and returns the refusals
 * of clock/deadline.h, in which case nothing was emitted. They work at context->now_ms. */

/* Sets subject/name (name NULL: the kind's own word). before: the deadline of that id if there is
 * one, which is then replaced with all its rungs, else NULL. */
enum refusal clock_set(struct decision *decision, const struct context *context,
                       struct text subject, const char *name, const struct deadline *deadline,
                       struct text hours, const struct clock_deadline *before);
/* REFUSED_STATE also for one that is closed. */
enum refusal clock_pause(struct decision *decision, const struct context *context,
                         const struct clock_deadline *deadline, const struct pause *pause);
enum refusal clock_resume(struct decision *decision, const struct context *context,
                          const struct clock_deadline *deadline, int64_t to_date);
enum refusal clock_extend(struct decision *decision, const struct context *context,
                          const struct clock_deadline *deadline, int64_t days, int64_t most,
                          struct text paper);
/* finished_at tells met from late; *outcome (may be NULL) gets which it was. */
enum refusal clock_close(struct decision *decision, const struct context *context,
                         const struct clock_deadline *deadline, int64_t finished_at,
                         bool cancelled, enum deadline_outcome *outcome);
/* The subject is forgotten: what its deadlines hold of papers goes, their days stay. */
void clock_forget(struct decision *decision, struct text subject);

/* Bodies of the events. All but the rung's are told by the subject's own events too, hence internal
 * to its public history. */
struct deadline_set {
    struct text deadline;
    int64_t kind;
    int64_t start_date;
    struct limit limit;
    int64_t remind_days, red_after_days; /* 0: the usual ones */
    struct text hours;
    bool again; /* takes the place of an older deadline of that id */
    struct reckoning reckoning;
};
struct deadline_paused {
    struct text deadline;
    struct pause pause;
};
struct deadline_resumed {
    struct text deadline;
    int64_t to_date;
    struct reckoning reckoning;
};
struct deadline_extended {
    struct text deadline;
    int64_t days;
    int64_t on_date;
    struct text paper;
    struct reckoning reckoning;
};
struct deadline_closed {
    struct text deadline;
    int64_t outcome;
    int64_t finish_date;
    int64_t used; /* working days, as the figures count them; 0: the calendar does not say yet */
};
struct deadline_recounted {
    struct text deadline;
    struct reckoning reckoning;
};
struct deadline_rung {
    struct text deadline;
    int64_t rung; /* enum rung */
    int64_t due_at;
};
extern const struct event_kind deadline_set_event;
extern const struct event_kind deadline_paused_event;
extern const struct event_kind deadline_resumed_event;
extern const struct event_kind deadline_extended_event;
extern const struct event_kind deadline_closed_event;
/* A subject is forgotten (a person erased): the numbers of papers that its deadlines hold. */
struct deadline_forgotten {
    struct text subject;
};
extern const struct event_kind deadline_recounted_event;
extern const struct event_kind deadline_rung_passed_event, deadline_forgotten_event;

/* calendar.published carries a struct notice; calendar.in_force this. */
struct calendar_in_force {
    int64_t version;
    int64_t published_date;
    int64_t year;
    int64_t first_date; /* deadlines that touch these dates are recounted */
    int64_t last_date;
};
extern const struct event_kind calendar_published_event;
extern const struct event_kind calendar_in_force_event;

/* Opening hours as a city writes them, in its folder and in the journal. */
struct hours_shift {
    int64_t valid_from; /* date; 0: always */
    int64_t valid_to;
    struct list weekdays; /* texts: monday … sunday */
    struct text opens;    /* "08:30" */
    struct text lunch_from;
    struct text lunch_to;
    struct text closes;
};
extern const struct shape hours_shift_shape;
/* "08:30" as milliseconds after midnight; false for anything else. "24:00" is allowed. */
bool hours_time(struct text words, int64_t *ms);
/* Says at `path` or under it what the shape cannot see: times out of order (conflict), days that are
 * no weekdays (malformed), an end before the beginning (conflict). False where it said something. */
bool hours_shift_check(const struct hours_shift *shift, struct text path, struct problems *problems,
                       struct arena *arena);
struct hours {
    struct text code;
    struct text name;
    bool late_is_next_day;
    struct list shifts; /* struct hours_shift; the last that fits a date rules */
    struct text source;
};
extern const struct shape hours_shape; /* input of clock.hours.set and body of hours.set */
extern const struct event_kind hours_set_event;

/* The commands, for those who run them from the command line. clock.calendar.publish takes a struct
 * notice (without version), clock.hours.set a struct hours. */
extern const struct command clock_calendar_publish;
extern const struct command clock_hours_set;

/* What was published and set, as the commands take it: struct notice by version, struct hours by
 * code. For writing a region out. */
bool clock_notices_read(struct db_read *db, int64_t region, struct arena *arena, struct list *out,
                        struct fault *why);
bool clock_hours_read(struct db_read *db, int64_t region, struct arena *arena, struct list *out,
                      struct fault *why);

#endif
