/* Inside the trace: what its files share. */
#ifndef YIMEN_TRACE_PARTS_H
#define YIMEN_TRACE_PARTS_H

#include "trace/trace.h"

/* Bodies of events. */
struct look_recorded {
    struct text look, subject;
    int64_t persons;
    bool masked;
    int64_t why, reason, by;
    struct text department;
    int64_t post;
    bool closed;
    struct text asked, from; /* private */
};
struct look_reasoned {
    struct text subject;
    struct text reason; /* private */
};
enum alarm_cause { ALARM_NONE, ALARM_MANY, ALARM_CLOSED, ALARM_TABLE };
extern const struct word alarm_cause_words[];
struct look_alarmed {
    int64_t account;
    int64_t cause; /* enum alarm_cause */
    int64_t subjects, most;
};
struct look_forgotten {
    struct text subject;
};
extern const struct event_kind look_recorded_event, look_reasoned_event, look_alarmed_event,
    look_forgotten_event;
extern const struct event_kind *const trace_events[];
extern const struct look *const trace_looks[];

/* What the decision of a look knows besides: other subjects of the same account in the two spans, and
 * whether these have been alarmed. */
struct trace_facts {
    int64_t recent, closed;
    bool recent_alarmed, closed_alarmed, table_alarmed;
};
static inline bool trace_is_table(const struct look_seen *seen)
{
    return text_ends(seen->look, TEXT(LOOK_TABLE));
}
bool trace_read(struct db_read *db, const struct context *context, const void *input,
                const void **facts, struct fault *why);
enum refusal trace_decide(const void *facts, const void *input, const struct context *context,
                          struct decision *out);
/* Which alarm a look sets off. facts: without this look. outside: of opening hours. Pure. */
enum alarm_cause trace_alarm_of(const struct trace_facts *facts, bool outside, int64_t most,
                                int64_t most_closed);

/* The same of a table of so many persons. */
enum alarm_cause trace_alarm_of_table(const struct trace_facts *facts, int64_t persons,
                                      int64_t most);

#endif
