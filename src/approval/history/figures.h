/* Figures of a log, fed event by event in case order: pure, no database, no clock. Times are ms;
 * sums are kept as integers and become seconds only when printed.
 *
 * An event counts towards its case alone; events outside any case are only counted. A duration is
 * latest minus earliest time of a case; cases without a time have none. A case with a deadline is
 * late if its end date is after the deadline (to the millisecond, not to the day), on time if not,
 * open if it has no end date. */
#ifndef YIMEN_APPROVAL_HISTORY_FIGURES_H
#define YIMEN_APPROVAL_HISTORY_FIGURES_H

#include "base/text.h"

struct figures;

/* Everything lives in the arena: some 8 bytes a case, 4 an event of a new variant. */
struct figures *figures_new(struct arena *arena);

struct figures_case {
    bool has_deadline, has_end;
    int64_t deadline_at, end_at;
};

void figures_case(struct figures *figures, const struct figures_case *begun);
/* Of the case begun last. resource may be empty: nobody named. */
void figures_event(struct figures *figures, struct text activity, struct text resource,
                   bool has_time, int64_t at_ms);
/* After the last event of a case. */
void figures_case_end(struct figures *figures);
void figures_loose_event(struct figures *figures);
/* A figure that the log's own header states, "meta_…"; in file order. */
void figures_meta(struct figures *figures, struct text key, struct text value);

struct figures_durations {
    int64_t count;      /* cases that have one; 0: the rest is 0 */
    double mean, median, max, min, pstdev; /* seconds */
};

struct figures_totals {
    int64_t cases, events, loose_events, activities, resources, variants, dfg_edges;
    int64_t with_deadline, with_end_date, late, on_time, open;
    struct figures_durations duration;
};

/* Sorts the durations it holds; more may be fed afterwards. */
struct figures_totals figures_totals(struct figures *figures);
/* One JSON object: cases, events, activities, resources, variants, top_variant_counts (5),
 * dfg_edges, top_dfg (10: from, to, count), start, end, activity_counts, duration_seconds,
 * embedded_meta; deadline_split where cases have deadlines; events_without_case where there are
 * any. Counts fall; equal ones stand as first seen, pairs by name. */
void figures_json(struct figures *figures, struct buf *out);

#endif
