/* Looks leave a trace: who of the house looked at whose data, when, from where and why. The door has
 * each such look journalled before it is answered; the person is told (个人信息保护法 44, 45), the
 * auditor searches, and looks at very many people alarm (个人信息保护法 51, 54; 网络安全法 21: at
 * least six months; the journal keeps them for good). */
#ifndef YIMEN_TRACE_TRACE_H
#define YIMEN_TRACE_TRACE_H

#include "flow/module.h"

extern const struct module trace_module;

/* Whose work it is to look through traces and alarms: the audit administrator (等保三级, 三员), and who
 * supervises the staff. Who keeps the system does neither. */
#define TRACE_AUDITORS (ROLE_AUDITOR | ROLE_SUPERVISOR)

/* A typed reason opens that one subject to that one account for so long: an inquiry (查办) that takes
 * longer has its reason looked at again. */
#define TRACE_REASON_MS (30 * DAY_MS)
/* Within these many subjects are a lot; alarmed once in each. The longer one is from one closing to the
 * next opening. */
#define TRACE_SPAN_MS (10 * MINUTE_MS)
#define TRACE_CLOSED_MS (12 * HOUR_MS)

enum look_by { BY_NONE, BY_SESSION, BY_TOKEN, BY_CONSOLE };
extern const struct word look_by_words[];
extern const struct word look_why_words[];
/* The post in which somebody looked: the first of an account's roles. */
extern const struct word look_post_words[];

/* A look, as whoever answers it says it; who looked is who sends the command. */
struct look_seen {
    struct text look; /* its name */
    struct text subject;
    int64_t persons;
    bool masked;
    int64_t why; /* enum look_why */
    int64_t reason;
    struct text asked;
    struct text from; /* the address, empty: not known */
    int64_t by;       /* enum look_by */
};
extern const struct command trace_record_command;

/* For another module's decision: a reason to look at that subject. The text is private. */
void trace_reason(struct decision *out, struct text subject, struct text reason);
/* And that the subject is forgotten: its reasons may name the person, and go. Who looked stays. */
void trace_forget(struct decision *out, struct text subject);

/* The newest reason this account has given for that subject and that still holds: its entry, *entry -1
 * where there is none. */
bool trace_reason_of(struct db_read *db, int64_t region, int64_t account, struct text subject,
                     int64_t now_ms, struct arena *arena, int64_t *entry, struct fault *why);

/* One look, as it is told. */
struct look_row {
    int64_t entry, at;
    int64_t account;
    struct text who; /* shown name; only for auditors */
    struct text department, department_name;
    int64_t post, made_by;
    struct text look, look_title;
    struct text subject;
    int64_t persons;
    bool masked;
    int64_t why;
    struct text reason; /* in words */
    bool closed;
    struct text asked, from_address;
};
extern const struct shape look_row_shape;
/* What the person is told of it: when, which organisation and post, what for. Not who: the law names
 * the organisation, and officers answer to it. */
extern const struct shape look_told_shape;
/* Looks at a subject before an entry (0: the newest), newest first, at most `limit`: list of struct
 * look_row. */
bool trace_of(const struct look_context *context, struct text subject, int64_t before,
              int64_t limit, struct list *out, struct fault *why);
/* Alarms since that moment. */
bool trace_alarms(const struct look_context *context, int64_t since_ms, int64_t *count,
                  struct fault *why);

#endif
