/* What cases of a region amount to, for pages that look across platforms (portal/). Counted from the
 * table of cases, which the journal's events make: an application handed in (case.submitted),
 * accepted (case.accepted), decided (case.granted, case.refused), ended otherwise. Nothing here
 * names a person. */
#ifndef YIMEN_APPROVAL_CASE_FIGURES_H
#define YIMEN_APPROVAL_CASE_FIGURES_H

#include "flow/module.h"

/* Which cases are meant. */
struct case_scope {
    int64_t from_ms, to_ms;  /* [from, to): each event counts on its own moment */
    struct text department;  /* code; empty: all */
    struct text item_code;   /* empty: all */
};

struct case_tally {
    int64_t day; /* date: where it is counted by day; else 0 and the three below are said */
    struct text department, item_code, channel;
    int64_t submitted;
    int64_t accepted;
    int64_t supplemented;      /* of the accepted: after one notice of what is missing, or more */
    int64_t supplemented_once; /* of these: after just one */
    int64_t granted, refused;
    int64_t promised, promised_kept; /* of the decided: had that limit; decided by its last day */
    int64_t statutory, statutory_kept;
    int64_t days; /* working days that the decided took, together */
    int64_t not_accepted, ended; /* withdrawn or terminated before they were decided */
    int64_t overdue;             /* now, whatever the period */
};

/* So many decided cases took so many working days. */
struct case_took {
    struct text department, item_code, channel;
    int64_t used_days, cases;
};

/* Tallies to be added up, by day where `by_day`, else by department, item and channel: a list of struct
 * case_tally, of which each says a part. */
bool case_tallies(const struct look_context *context, const struct case_scope *scope, bool by_day,
                  struct list *out, struct fault *why);
/* When the first case of the region was handed in; 0: none was. */
bool case_first(const struct look_context *context, int64_t *first_ms, struct fault *why);
/* A list of struct case_took, in the order of used_days. */
bool case_times(const struct look_context *context, const struct case_scope *scope,
                struct list *out, struct fault *why);

#endif
