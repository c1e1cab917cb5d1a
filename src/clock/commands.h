/* Inside the clock: inputs and facts of its commands, and its decisions. */
#ifndef YIMEN_CLOCK_COMMANDS_H
#define YIMEN_CLOCK_COMMANDS_H

#include "clock/clock.h"

/* What the module keeps in memory for decisions and looks. */
struct clock_hours {
    struct text code;
    struct opening opening;
};
struct clock_standing {
    struct calendar calendar;
    struct list notices; /* struct notice, by version */
    struct list hours;   /* struct clock_hours, by code */
};

extern const struct shape notice_entered_shape; /* the same with its version: the event's body */

struct take_effect {
    int64_t version;
};
extern const struct shape take_effect_shape;

struct recount {
    struct text deadline;
};
extern const struct shape recount_shape;

extern const struct shape deadline_rung_shape; /* input of clock.fire and body of the event */
extern const struct shape calendar_in_force_shape, deadline_set_shape, deadline_paused_shape,
    deadline_resumed_shape, deadline_extended_shape, deadline_closed_shape,
    deadline_recounted_shape, deadline_forgotten_shape;

struct publish_facts {
    int64_t last_version; /* 0: no notice yet */
    bool exists;          /* one of that year, scope and day of publication */
};
struct effect_facts {
    bool found;
    bool in_force;
    int64_t year;
    int64_t published_date;
    int64_t scope;
    int64_t first_day; /* least and greatest date it lists */
    int64_t last_day;
};
struct fire_facts {
    bool found;
    bool fired;
    bool stale; /* its deadline is to be recounted first */
    int64_t due_at;
    struct text subject;
};

bool read_publish(struct db_read *db, const struct context *context, const void *input,
                  const void **facts, struct fault *why);
bool read_effect(struct db_read *db, const struct context *context, const void *input,
                 const void **facts, struct fault *why);
bool read_fire(struct db_read *db, const struct context *context, const void *input,
               const void **facts, struct fault *why);
/* facts: a struct clock_deadline, NULL if there is none of that id. */
bool read_recount(struct db_read *db, const struct context *context, const void *input,
                  const void **facts, struct fault *why);
bool read_standing(struct db_read *db, int64_t region, struct arena *arena, void **facts,
                   struct fault *why);

/* What is due by now: notices to take effect, deadlines to recount, rungs to fire. Lists of the
 * command's inputs. */
bool read_due_effects(struct db_read *db, const struct context *context, int64_t limit,
                      struct list *out, struct fault *why);
bool read_due_recounts(struct db_read *db, const struct context *context, int64_t limit,
                       struct list *out, struct fault *why);
bool read_due_rungs(struct db_read *db, const struct context *context, int64_t limit,
                    struct list *out, struct fault *why);

enum refusal decide_publish(const void *facts, const void *input, const struct context *context,
                            struct decision *out);
enum refusal decide_effect(const void *facts, const void *input, const struct context *context,
                           struct decision *out);
enum refusal decide_fire(const void *facts, const void *input, const struct context *context,
                         struct decision *out);
enum refusal decide_recount(const void *facts, const void *input, const struct context *context,
                            struct decision *out);
enum refusal decide_hours(const void *facts, const void *input, const struct context *context,
                          struct decision *out);

/* Bits of the weekdays named, bit 0 Monday; -1 if a word is none of them. */
int64_t hours_weekdays(const struct list *words);

/* NULL before the first notice or hours of a region. */
const struct clock_standing *clock_facts_at(const struct look_context *context);

extern const struct look clock_calendar_look;

#endif
