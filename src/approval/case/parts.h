/* Inside the case: what its five files share. */
#ifndef YIMEN_APPROVAL_CASE_PARTS_H
#define YIMEN_APPROVAL_CASE_PARTS_H

#include "approval/case/case.h"

extern const struct command *const case_commands[];
extern const struct event_kind *const case_events[];
extern const struct look *const case_looks[];
extern const struct shape case_key_shape;
/* The kind of a case's event of that name; NULL: none. */
const struct event_kind *case_event_named(struct text name);

/* read.c. Inputs that begin with a key or an id, whatever follows. The name says what is read besides
 * the case itself: paper (the one material), papers (all of them), clocks (deadlines), grants. What a
 * decision does not look at is not read, since every statement costs it a way to the database. */
#define CASE_READ(name)                                                                            \
    bool name(struct db_read *db, const struct context *context, const void *input,                \
              const void **facts, struct fault *why)
CASE_READ(case_read_draft);
CASE_READ(case_read_key);
CASE_READ(case_read_key_paper);
CASE_READ(case_read_key_clocks);
CASE_READ(case_read_key_all);
CASE_READ(case_read_id);
CASE_READ(case_read_id_papers);
CASE_READ(case_read_id_clocks);
CASE_READ(case_read_id_grants);
CASE_READ(case_read_id_clocks_grants);
CASE_READ(case_read_id_papers_grants);
CASE_READ(case_read_id_papers_clocks);
CASE_READ(case_read_id_papers_clocks_grants);
CASE_READ(case_read_undo);
bool case_file_read(struct db_read *db, int64_t region, int64_t case_id, struct arena *arena,
                    struct case_file *out, bool *found, struct fault *why);
bool case_file_by_number(struct db_read *db, int64_t region, struct text case_no,
                         struct arena *arena, struct case_file *out, bool *found,
                         struct fault *why);
bool case_materials_read(struct db_read *db, int64_t region, int64_t case_id, struct arena *arena,
                         struct list *out, struct fault *why);
/* The same year and department count on: "330482-2014-" and so on. */
struct text case_series(int64_t region, int64_t at_ms, struct text department,
                        struct arena *arena);

/* In what office a step was taken. */
enum office {
    OFFICE_NONE, /* the applicant's step, or an entry from before this was noted */
    OFFICE_CLERK,
    OFFICE_REVIEWER,
    OFFICE_VERIFIER, /* under a letter, the own or as a substitute */
    OFFICE_HEAD,
    OFFICE_MANAGER,
    OFFICE_SYSTEM, /* the clock, and what follows from a step */
};
extern const struct word office_words[];
struct done_by {
    int64_t delegation_id; /* the letter; 0: by post, by office or by the house */
    int64_t role;          /* enum office */
    struct text window;    /* code of the place the account works at: a window, a post or a hall */
};

#define DECIDE(name)                                                                               \
    enum refusal name(const void *facts, const void *input, const struct context *context,         \
                      struct decision *out)
DECIDE(case_decide_draft);
DECIDE(case_decide_undo);
DECIDE(case_decide_applicant);
DECIDE(case_decide_who);
DECIDE(case_decide_contact);
DECIDE(case_decide_way);
DECIDE(case_decide_matter);
DECIDE(case_admit_provide);
DECIDE(case_decide_provide);
DECIDE(case_decide_submit);
DECIDE(case_decide_withdraw);
DECIDE(case_decide_supplied);
DECIDE(case_decide_receive);
DECIDE(case_decide_check);
DECIDE(case_decide_accept);
DECIDE(case_decide_not_accept);
DECIDE(case_decide_supplement);
DECIDE(case_decide_deem);
DECIDE(case_decide_lapse);
DECIDE(case_decide_review);
DECIDE(case_decide_return);
DECIDE(case_decide_decide);
DECIDE(case_decide_suspend);
DECIDE(case_decide_resume);
DECIDE(case_decide_extend);
DECIDE(case_decide_forward);
DECIDE(case_decide_answered);
DECIDE(case_decide_issue);
DECIDE(case_decide_deliver);
DECIDE(case_decide_terminate);
DECIDE(case_decide_gap_close);
DECIDE(case_decide_gap_lapse);
DECIDE(case_decide_redate);
DECIDE(case_decide_look_reason);
DECIDE(case_decide_erase);

/* decide_open.c: what every decision asks first. */
/* A draft at the web is the applicant's alone, and stays so when it is withdrawn unsent. */
bool case_kept_back(const struct case_file *file);
/* Whose work it is: staff of its department, or who manages the centre. Who supervises and who keeps
 * the system have no need of the person. */
bool case_duty(const struct actor *actor, const struct case_file *file);
/* The case is there, not kept back, and the actor is staff of its department or manages the centre. */
enum refusal case_open_to(const struct case_facts *facts, const struct context *context,
                          struct decision *out);
/* By key: number and code must both fit, and a wrong code says no more than a wrong number. */
enum refusal case_open_by_key(const struct case_facts *facts, struct decision *out);
/* A draft that the holder of its key may still change. */
enum refusal case_draft_of(const struct case_facts *facts, struct decision *out);
enum refusal case_in_state(const struct case_facts *facts, int64_t state, struct decision *out);
bool case_actor_clerk(const struct context *context);
struct text case_location(const struct case_facts *facts, const struct context *context);
/* Says of every measure (金额、面积) that the item requires and that is not there, or that it does not
 * ask for and that is. */
void case_measures_check(const struct case_facts *facts, const struct context *context,
                         int64_t amount_fen, int64_t area_m2, struct decision *out);
const struct case_material *case_material_of(const struct case_facts *facts, struct text code);
struct text case_my_location(const struct case_file *file, struct arena *arena);
/* The papers of the Administrative Licensing Law that have a number of their own (文书编号). */
enum paper {
    PAPER_ACCEPTANCE,     /* 受理通知书, law 32 */
    PAPER_NON_ACCEPTANCE, /* 不予受理, law 32 */
    PAPER_SUPPLEMENT,     /* 补正材料通知书, law 32(4) */
    PAPER_GRANT,          /* 准予许可, law 38 */
    PAPER_REFUSAL,        /* 不予许可, law 38 */
    PAPER_EXTENSION,      /* 延期告知, law 42 */
    PAPER_SPECIAL,        /* 特别程序告知, law 45 */
    PAPER_TERMINATION,    /* 终止办理告知: it ends what was asked for, so it may be appealed against */
};
/* "330482-2014-011-000001-受-1": the case's number, the paper's sign, which of its kind it is in the
 * case. As case numbers are, it is unique in the region. */
struct text case_document_no(const struct case_file *file, enum paper paper, struct arena *arena);

/* decide_draft.c */
/* The item's materials as a fresh case has them. */
struct list case_materials_of_item(const struct item *item, struct arena *arena);

/* decide_authority.c: who may. */
struct case_asked {
    const struct case_file *file;
    const struct item *item; /* of the version the case has; NULL: not known */
    const struct actor *actor;
    const struct list *grants; /* struct grant: of the actor */
    enum power power;
    int64_t extend_days; /* with POWER_EXTEND */
    int64_t date;        /* the business date */
};
/* By post, by the head's office in the own department (both need no letter), or under a letter that
 * covers power, item, day, amount and area. *delegation_id: that letter, else 0. False: *lacking says
 * what the nearest letter lacks. */
bool case_may(const struct case_asked *asked, int64_t *delegation_id, struct lacking *lacking);
/* Why not, and who may instead, in a sentence or two. */
struct text case_may_not_said(const struct case_asked *asked, const struct lacking *lacking,
                              struct arena *arena);
/* The same as a decision asks it: REFUSED_GRANT with that sentence. *by: as what it may. */
enum refusal case_authority(const struct case_facts *facts, const struct context *context,
                            enum power power, int64_t extend_days, struct done_by *by,
                            struct decision *out);
/* In what office somebody takes a step that no letter opens: the first of these roles (bits of enum
 * role, in their order) that the actor has, the head's in the own department only; the house as such;
 * an applicant in none. */
struct done_by case_done_by(const struct context *context, struct text department, int64_t roles);

/* decide_clock.c: the deadlines of a case, by name. They go along with the case's own events. */
#define DEADLINE_ANSWER "answer"       /* 5 working days to accept, refuse or ask: law 32 */
#define DEADLINE_OF_PROMISE "promised" /* what the guide promises */
#define DEADLINE_OF_LAW "statutory"
#define DEADLINE_SUPPLY "supply"       /* for the applicant, after a supplement notice */
#define DEADLINE_GAP "gap"             /* for deferred papers */
#define DEADLINE_GRACE "gap_grace"     /* after they stayed away */
#define DEADLINE_OF_DELIVERY "deliver" /* law 44 */

struct due {
    int64_t date;
    int64_t at;
};
/* The day that counts as the day of something that happened at that moment (after closing: next). */
enum refusal case_day(const struct context *context, const struct case_file *file, int64_t at_ms,
                      int64_t *date, struct decision *out);
enum refusal case_deadline_start(const struct context *context, const struct case_facts *facts,
                                 const char *name, int64_t kind, int64_t start_date,
                                 struct limit limit, struct due *due, struct decision *out);
bool case_deadline_open(const struct case_facts *facts, const char *name,
                        const struct context *context);
/* Passed and still open at the moment of the decision. */
bool case_deadline_passed(const struct case_facts *facts, const char *name,
                          const struct context *context);
/* Refused once it has passed, whether or not the house has acted on that yet; says `otherwise`. */
enum refusal case_in_time(const struct case_facts *facts, const char *name, const char *otherwise,
                          const struct context *context, struct decision *out);
/* In that state and within the days for the answer: after them silence was acceptance (行政许可法 32). */
enum refusal case_unanswered(const struct case_facts *facts, int64_t state,
                             const struct context *context, struct decision *out);
/* name NULL: every open one. cancelled: neither kept nor missed. */
enum refusal case_deadline_close(const struct case_facts *facts, const char *name,
                                 bool cancelled, const struct context *context,
                                 struct decision *out);
/* Both the promised and the statutory one, so far as they are open. */
enum refusal case_clock_pause(const struct case_facts *facts, const struct context *context,
                              const struct pause *pause, struct decision *out);
enum refusal case_clock_resume(const struct case_facts *facts, const struct context *context,
                               struct due *promised, struct due *statutory, struct decision *out);
enum refusal case_clock_extend(const struct case_facts *facts, const struct context *context,
                               int64_t days, struct text paper, struct due *promised,
                               struct due *statutory, struct decision *out);
/* Working days used until now, by the rule of the figures. */
enum refusal case_days_used(const struct case_facts *facts, const struct context *context,
                            int64_t *used, struct decision *out);
/* The earlier of two due moments, 0 meaning none. */
int64_t case_next_due(const struct due *a, const struct due *b);

#define CASE_STEPS 500 /* entries about a case that are read */
/* before.c, decide_undo.c: undoing one's last step. */
struct case_step {
    int64_t index, at;
    const struct event_kind *kind; /* NULL: none */
    struct text actor;
};
struct case_before {
    struct case_step last, previous;
    struct list materials, found; /* struct checked: of a check, before it and by it */
    struct text reviewer;         /* of the last review */
    int64_t recommendation, reviewed_at;
};
/* From the entries about a case (journal_history). */
void case_before_of(const struct list *entries, struct arena *arena, struct case_before *out);
/* A kind of step that may be undone. */
struct undoable {
    const struct event_kind *kind;
    int64_t state; /* in which it left the case */
    enum power power;
};
/* Whether that actor's last step may be undone now; NULL: no, or it is not the last one. */
const struct undoable *case_undoable(const struct case_before *before,
                                     const struct case_file *file, struct text actor,
                                     int64_t now_ms);
/* Why what that command does, or such an event, cannot be undone, and what the law has instead; ""
 * where it has no effect outside. */
const char *case_final_said(const struct event_kind *kind, const struct command *command);
/* The same of the actor's last step, as long as others might be undone. */
const char *case_final_of(const struct case_before *before, struct text actor, int64_t now_ms);

/* Bodies of events. `by` is in what office it was done; `document_no` the number of the paper that the
 * step makes, empty where it makes none. */
struct drafted {
    struct text case_no;
    struct text query_code;
    struct text item_code;
    int64_t item_version;
    struct text item_name;
    struct text department;
    int64_t kind;
    int64_t channel;
    struct text place;
    int64_t serial;
    struct list materials; /* struct case_material: the item's list as it is then */
    struct done_by by; /* of the window; nothing where the applicant began it */
};
struct applicant_set {
    int64_t applicant_type;
    struct text applicant_name, id_number, phone, address, agent_name, agent_phone;
    int64_t delivery_method;
};
struct matter_set {
    struct text matter, details;
    int64_t amount_fen, area_m2; /* 0 where the item does not ask */
};
struct provided {
    struct text code;
    int64_t state;
    struct text file_sha256, file_name, media_type;
    int64_t file_size;
};
struct submitted {
    struct list missing; /* texts: codes of required materials not handed in yet */
    int64_t due_at;      /* as in every body below: the moment that matters next, 0 if none */
    struct done_by by;
};
struct received {
    bool again; /* after a supplement */
    int64_t due_at;
    struct done_by by;
};
struct checked {
    struct text code;
    int64_t state; /* enum material_state */
    struct text note;
};
extern const struct shape checked_shape;
struct materials_checked {
    struct list materials; /* struct checked: those that were looked at */
    struct list before;    /* the same ones as they were; none in entries from before this was noted */
    struct done_by by;
};
struct accepted {
    bool deemed;
    bool gap;
    struct text promise;
    struct list deferred; /* texts */
    int64_t received_at;  /* as it counts */
    int64_t accepted_at;  /* the moment that counts: for a deemed one that of receipt */
    int64_t promised_days, promised_unit, promised_date;
    int64_t statutory_days, statutory_unit, statutory_date;
    int64_t due_at;
    struct done_by by;
    struct text document_no;
};
struct reasoned {
    struct text reason, basis, remedy;
    struct done_by by;
    struct text document_no;
};
struct supplement_asked {
    struct list materials; /* struct checked: everything that is missing, at once */
    int64_t supply_days;
    struct text note;
    int64_t due_at;
    struct done_by by;
    struct text document_no;
};
struct reviewed {
    int64_t recommendation;
    struct text opinion;
    struct done_by by;
};
struct decided {
    struct text reason, basis, remedy;
    struct done_by by;
    int64_t used_days, saved_days, statutory_days;
    int64_t due_at; /* of delivery */
    struct text document_no;
};
struct suspended {
    int64_t kind;
    struct text paper;
    int64_t planned_days;
    struct text reason;
    int64_t state_before;
    struct done_by by;
    struct text document_no;
};
struct resumed {
    struct text result;
    int64_t state;
    int64_t promised_date, statutory_date;
    int64_t due_at;
    struct done_by by;
};
struct extended {
    int64_t days;
    struct text reason;
    int64_t promised_date, statutory_date;
    int64_t due_at;
    struct done_by by;
    struct text document_no;
};
struct forwarded {
    struct text to, paper;
    struct done_by by;
};
struct answered_above {
    struct text opinion, paper;
    int64_t promised_date, statutory_date;
    int64_t due_at;
    struct done_by by;
};
struct issued {
    struct text certificate_no;
    int64_t valid_to;
    struct done_by by;
};
struct delivered {
    int64_t method;
    struct text recipient, tracking;
    struct done_by by;
};
struct withdrawn {
    bool lapsed; /* what was asked for did not come in time */
    struct text reason;
    struct done_by by;
};
struct gap_closed {
    struct text code;
    bool all; /* none is missing any more */
    struct done_by by;
};
struct redated {
    int64_t promised_date, statutory_date;
    int64_t due_at;
    struct done_by by;
};
struct undone {
    int64_t undone; /* the entry */
    struct text undone_kind; /* "case.received" */
    struct list before; /* struct checked: of a check that is undone, the papers as they are again */
    struct text reviewer; /* of a return that is undone: the review that holds again */
    int64_t recommendation;
    int64_t reviewed_at;
    struct done_by by;
};
struct person_erased {
    int64_t ground; /* enum erase_ground */
};
struct gap_lapsed {
    struct text note;
    bool final; /* after the days of grace: the case ends */
    struct done_by by;
};

#endif
