/* History: cases of a system that the centre worked with before, brought in from an event log as
 * they were. A migrated case is looked at, counted and written out again; nobody acts on it.
 *
 * Nouns: a *log* is one imported file, its number one more than the index of its entry; a *case* is a
 * trace of it, numbered from 1 in the order of the file; an *event* is one step of a case, numbered
 * from 1 within it. Events of a log outside any case belong to case 0, which has no row.
 *
 * Everything goes through flow as commands of the importer, at its own business time. A case with a
 * deadline also sets the clock's deadline "history:LOG/CASE/custom" (clock/clock.h). What could
 * name a person (case name, responsible, resource, every attribute we know nothing of) is private. */
#ifndef YIMEN_APPROVAL_HISTORY_HISTORY_H
#define YIMEN_APPROVAL_HISTORY_HISTORY_H

#include "approval/history/xes.h"
#include "flow/flow.h"

extern const struct module history_module;

/* Commands (ROLE_IMPORTER, not from outside) and the events they make: same name, same body. */
extern const struct command history_log_command, history_case_command, history_event_command;
extern const struct event_kind history_log_kind, history_case_kind, history_event_kind;
extern const struct shape history_log_shape, history_case_shape, history_event_shape;

/* "history.log" */
struct history_log {
    struct text file;   /* SHA-256 of the file, hex */
    struct text header; /* private: xes_log_json */
};

/* "history.case". Dates as the file gives them (xs:dateTime with zone), empty if it does not; extra
 * is what these fields cannot hold, as xes_json ("[]" never: empty). An attribute in extra counts
 * instead of the field of the same key when the log is written out. */
struct history_case {
    int64_t log_id, case_no;
    struct text name;        /* concept:name; private */
    struct text responsible; /* private */
    struct text department, channel, group;
    struct text startdate, deadline, enddate_planned, enddate;
    struct text extra; /* private */
};

/* "history.event" */
struct history_event {
    int64_t log_id, case_no, event_no;
    struct text activity;   /* concept:name */
    struct text instance;   /* concept:instance */
    struct text resource;   /* org:resource; private */
    struct text group;      /* org:group */
    struct text transition; /* lifecycle:transition */
    struct text timestamp;  /* time:timestamp */
    struct text extra;      /* private */
};

/* request.c: attributes of a trace or event to a command. Everything lives in the arena. */
void history_case_from(const struct xes_attribute *attributes, struct arena *arena,
                       struct history_case *out);
void history_event_from(const struct xes_attribute *attributes, struct arena *arena,
                        struct history_event *out);

/* request.c, for export.c: which attribute each field is. */
struct history_field {
    const char *key; /* "concept:name" */
    enum xes_type type;
    size_t offset; /* of a struct text */
};
extern const struct history_field history_case_fields[]; /* ended by a NULL key */
extern const struct history_field history_event_fields[];

/* read.c */
struct history_facts {
    bool log_known; /* for a log: a log of that file */
    bool case_known;
    int64_t events; /* of the case, or of the log outside any case */
};
bool history_read_log(struct db_read *db, const struct context *context, const void *input,
                      const void **facts, struct fault *why);
bool history_read_case(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why);
bool history_read_event(struct db_read *db, const struct context *context, const void *input,
                        const void **facts, struct fault *why);
/* Rows as pages by key: at most limit after the given one, in order. Lists of struct history_case
 * and struct history_event. */
bool history_page_cases(struct db_read *db, int64_t region, int64_t log_id, int64_t after_case,
                        int64_t limit, struct arena *arena, struct list *out, struct fault *why);
bool history_page_events(struct db_read *db, int64_t region, int64_t log_id, int64_t after_case,
                         int64_t after_event, int64_t limit, struct arena *arena, struct list *out,
                         struct fault *why);
/* The same one by one, page by page. The row given lives until the next is asked for. */
struct history_cursor {
    struct db_read *db;
    int64_t region, log_id;
    int64_t case_no, event_no; /* of the last row given: where to go on */
    struct arena *arena;       /* the page at hand; the cursor's own */
    struct list page;
    size_t at;
};
void history_cursor_open(struct history_cursor *cursor, struct db_read *db, int64_t region,
                         int64_t log_id, int64_t after_case);
void history_cursor_close(struct history_cursor *cursor);
/* *out NULL: there are no more. */
bool history_next_case(struct history_cursor *cursor, const struct history_case **out,
                       struct fault *why);
bool history_next_event(struct history_cursor *cursor, const struct history_event **out,
                        struct fault *why);
/* A log; log_id 0 or less: the one imported last. *found false: there is none. */
bool history_find_log(struct db_read *db, int64_t region, int64_t log_id, struct arena *arena,
                      int64_t *found_id, struct history_log *out, bool *found, struct fault *why);
/* How many cases a log has. */
bool history_count_cases(struct db_read *db, int64_t region, int64_t log_id, int64_t *out,
                         struct fault *why);
/* Who acted in the logs: names (struct text) after the given one, in byte order. */
bool history_resources(struct db_read *db, int64_t region, struct text after, int64_t limit,
                       struct arena *arena, struct list *out, struct fault *why);

/* decide.c */
enum refusal history_decide_log(const void *facts, const void *input,
                                const struct context *context, struct decision *out);
enum refusal history_decide_case(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);
enum refusal history_decide_event(const void *facts, const void *input,
                                  const struct context *context, struct decision *out);

/* apply.c */
bool history_apply_log(struct db *db, const struct entry_head *head, const void *body,
                       struct arena *arena, struct fault *why);
bool history_apply_case(struct db *db, const struct entry_head *head, const void *body,
                        struct arena *arena, struct fault *why);
bool history_apply_event(struct db *db, const struct entry_head *head, const void *body,
                         struct arena *arena, struct fault *why);

/* view.c */
extern const struct look history_logs_look, history_cases_look, history_case_look;

/* import.c. Reads the file twice: checks all of it, then imports; a wrong file imports nothing. What
 * has no time of its own, such as the log itself, gets the log's: its latest moment, or the region's
 * last live one if that is later. History at its own times moves no business time; only a log without
 * any date is brought in at the flow's. The
 * key of each command is the file's hash and its number within it, so an import that was killed can
 * be run again and goes on where it was, and one that was complete changes nothing. */
struct history_options {
    const struct xes_limits *limits; /* NULL: the default */
    struct progress progress;        /* commands done of all; tell may be NULL */
    /* Between the two readings: everybody named as org:resource, a list of struct text in order of
     * first sight, so that accounts "resource:NAME" can be made first, at the log's own time (as
     * job.at_ms; 0: it says none). NULL: nothing. */
    bool (*resources)(void *context, const struct list *names, int64_t at_ms, struct fault *why);
    void *context;
};

enum history_end {
    HISTORY_DONE,
    HISTORY_WRONG,   /* the file, see error; nothing was imported */
    HISTORY_REFUSED, /* a command was refused: see refusal. What came before it is in */
};

struct history_result {
    enum history_end end;
    struct xes_error error;
    enum refusal refusal;
    struct xes_found found;  /* counts and hash of the file */
    int64_t log_id;
    int64_t commands;        /* of the file, all answered */
    int64_t entries;         /* new in the journal; 0 when it was all there */
};

/* flow must not have a writer's thread running. False: a fault (the machine), the import may be run
 * again. A path that cannot be opened is XES_UNREADABLE, not a fault. */
bool history_import(struct flow *flow, int64_t region, const char *path,
                    const struct history_options *options, struct history_result *result,
                    struct fault *why);

/* report.c: the figures of a log (figures_json) from the tables; log_id 0 or less: the newest. *found
 * false: no such log. The figures that the log's header states of itself come as embedded_meta:
 * attributes "meta_…", but not the tables by name (whose children are of their own type). progress
 * (may be NULL) counts cases. */
bool history_report(struct db_read *db, int64_t region, int64_t log_id,
                    const struct progress *progress, struct buf *out, bool *found,
                    struct fault *why);

/* export.c: the log as XES (UTF-8, not packed) to a file descriptor; progress as above. Not found:
 * nothing is written and the rest of the answer is 0. */
struct history_exported {
    bool found;
    int64_t log_id, cases, events; /* events outside any case among them */
};
bool history_export(struct db_read *db, int64_t region, int64_t log_id, int fd,
                    const struct progress *progress, struct history_exported *exported,
                    struct fault *why);

#endif
