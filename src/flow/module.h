/* The contract between the conductor and a module. A module is four plain const lists - commands,
 * events, looks, tables - and a few optional hooks; modules.c lists the modules. Everything the
 * program can do is read there. Modules of one floor never include one another; what crosses them
 * goes through events, reactions and the floors below (tools/rules/floors.txt). */
#ifndef YIMEN_FLOW_MODULE_H
#define YIMEN_FLOW_MODULE_H

#include "base/refusal.h"
#include "base/shape.h"
#include "base/time.h"
#include "db/db.h"
#include "journal/journal.h"

/* Roles are bits: an account may hold several. The permission column of a list says which of them
 * open a command or a look. */
enum role {
    ROLE_ANYONE = 1 << 0,    /* not signed in; everybody has it */
    ROLE_APPLICANT = 1 << 1, /* holds a case number and its query code */
    ROLE_CLERK = 1 << 2,     /* window clerk: receives, accepts, delivers */
    ROLE_REVIEWER = 1 << 3,
    ROLE_VERIFIER = 1 << 4, /* chief approver of a department's window, by delegation */
    ROLE_HEAD = 1 << 5,     /* department head: delegates, extends */
    ROLE_MANAGER = 1 << 6,  /* centre manager */
    ROLE_SUPERVISOR = 1 << 7, /* looks, touches nothing */
    /* Three administrators, three people (GB/T 22239-2019, 8.1.5.1 to 8.1.5.3): the system's, who keeps
     * settings, accounts and the catalogue; the security's, who says what an account may do and how it
     * signs in; the audit's, who looks at what was done and changes nothing. The first was the only one
     * once: what an older journal calls administrator is the system's. */
    ROLE_ADMINISTRATOR = 1 << 8,
    ROLE_SECURITY = 1 << 11,
    ROLE_AUDITOR = 1 << 12,
    ROLE_SYSTEM = 1 << 9, /* reactions and passing time; never an account */
    ROLE_IMPORTER = 1 << 10, /* the command line bringing in history */
};
/* Who does the centre's work or watches over it; cases and what people hand in are theirs alone. */
#define ROLE_WORK                                                                                  \
    (ROLE_CLERK | ROLE_REVIEWER | ROLE_VERIFIER | ROLE_HEAD | ROLE_MANAGER | ROLE_SUPERVISOR)
#define ROLE_THREE (ROLE_ADMINISTRATOR | ROLE_SECURITY | ROLE_AUDITOR)
#define ROLE_STAFF (ROLE_WORK | ROLE_THREE)

struct actor {
    int64_t account;        /* 0: none */
    struct text name;       /* as journalled: "account:12", "applicant", "system" */
    struct text display;    /* as shown */
    int64_t roles;          /* bits of enum role */
    struct text department; /* code, empty for citizens and the centre's own staff */
    struct text place;      /* code of the place the account works at */
    struct text session;    /* hash of the session token, hex; empty without one */
    struct text bearer;     /* hash of the API token, hex; empty without one */
    int64_t scopes;         /* of an API token: what it was given for; 0: all that its roles open */
    bool second;            /* of a session: the account signs in with a second step as well */
    int64_t stood_at;       /* 1 and the region's counter of standing facts when session or token
                               was read; 0: neither (the command line) */
};

struct module;
/* What changes rarely and many decisions need (calendars, the catalogue): loaded by a module's
 * `standing` hook, loaded again after an event whose kind says `standing`. */
struct standing {
    const struct module *module;
    void *facts;
};

/* What a decision may know besides facts and command. */
struct context {
    int64_t region;
    int64_t now_ms; /* business time of this command */
    const struct actor *actor;
    int64_t next_index; /* the index its first event will get: the id of what it creates */
    const unsigned char *luck; /* 32 random bytes drawn for this command */
    const struct standing *standing;
    size_t standing_count;
    struct arena *arena; /* lives until the answer is written */
};

/* The standing facts of a module, or NULL if it has none. */
const void *context_standing(const struct context *context, const struct module *module);

struct event_kind {
    const char *name; /* "case.accepted"; a kind's name and meaning never change */
    const char *title;
    int version;
    const struct shape *shape; /* of the body */
    /* The only writer of this platform's tables: same code for life and for replay. */
    bool (*apply)(struct db *db, const struct entry_head *head, const void *body,
                  struct arena *arena, struct fault *why);
    /* Truth besides the journal that goes in the same transaction (sessions, outbox): live only. */
    bool (*enact)(struct db *db, const struct entry_head *head, const void *body,
                  struct arena *arena, struct fault *why);
    bool standing; /* changes some module's standing facts, or ends what somebody may do: whoever was
                      looked up before is looked up again before their next command is decided */
    bool internal; /* not shown in a subject's public history */
};

struct emitted {
    const struct event_kind *kind;
    struct text subject;
    const void *body;
};

/* What decide fills: events, or what is wrong with the command, and the answer. */
struct decision {
    struct arena *arena;
    struct emitted *events;
    size_t count;
    struct problems problems;         /* with a refusal: which fields, in plain words */
    int64_t wait_ms;                  /* with TOO_MANY: until it may be tried again, 0: unsaid */
    struct text location;             /* where a page goes next, "/staff/cases/17" */
    const struct shape *answer_shape; /* extra fields of the JSON answer, or NULL */
    const void *answer;
};

/* subject and body must live in the decision's arena or longer. */
void decision_emit(struct decision *decision, const struct event_kind *kind, struct text subject,
                   const void *body);
/* Names what is wrong; returns code so that decide can `return decision_refuse(…)`. field may be
 * empty; message NULL takes the refusal's own words. */
enum refusal decision_refuse(struct decision *decision, enum refusal code, const char *field,
                             const char *message);

/* What an answer tells of a key that was brought for something. */
enum key_told {
    KEY_UNTOLD,
    KEY_WRONG,
    KEY_RIGHT,
};

struct command {
    const char *name;  /* "case.accept" */
    const char *title; /* 受理 */
    const char *said;  /* a sentence for the page after it is done: 申请已受理。 For those with a path. */
    const char *path;  /* POST "/staff/cases/{case_id}/accept"; NULL: not from outside */
    int64_t roles;
    const struct shape *input;
    int64_t body_limit; /* bytes; 0: 64 KiB */
    /* Anybody may send it without a key of any kind, and each time something new is there for good: the
     * door bounds how often one address does. */
    bool begins;
    /* The text field of the input that names what a key is brought for (`case_no`): NOT_FOUND tells of
     * a wrong key, a command that is done of a right one; the door bounds how often wrong ones are
     * tried. NULL: no key. */
    const char *guards;
    /* Slow and outside the transaction, on a helper thread: password hashing. May fill the
     * input's FIELD_INTERNAL fields. NULL: nothing. */
    bool (*prepare)(struct db_read *db, const struct context *context, void *input,
                    struct fault *why);
    bool outside; /* `prepare` asks another machine, which may be slow: on threads for that alone */
    /* The facts this decision needs; SELECT only. *facts stays NULL where none are needed. */
    bool (*read)(struct db_read *db, const struct context *context, const void *input,
                 const void **facts, struct fault *why);
    /* For a command that takes files: what can be said with the path's fields alone, all others being
     * empty, before a byte of the body is taken. Pure, with the facts of `read`; `decide` says the
     * same again. NULL: the roles are all there is to ask. */
    enum refusal (*admit)(const void *facts, const void *input, const struct context *context,
                          struct decision *out);
    /* Pure. Not OK: nothing happens but the answer. */
    enum refusal (*decide)(const void *facts, const void *input, const struct context *context,
                           struct decision *out);
};

/* A command that an event or the passing of time makes the house want. */
struct wish {
    const struct command *command;
    const void *input;
};
struct wishes {
    struct arena *arena;
    struct wish *items;
    size_t count;
};
void wish_add(struct wishes *wishes, const struct command *command, const void *input);

/* Why somebody of the house looked at what is somebody's. */
enum look_why {
    WHY_NONE,
    WHY_DUTY,   /* an open case of the own department, or of the centre one manages */
    WHY_CLOSED, /* a closed one of it */
    WHY_REASON, /* another's, for a reason that was typed and is kept */
    WHY_KEY,    /* with case number and query code, as the applicant's helper */
    WHY_MASKED, /* names and numbers in part only */
};
/* What a look that was run shows of people; the door has it journalled before it answers. */
struct shown {
    struct text subject; /* "case:17"; empty: a list of several */
    int64_t persons;     /* how many; 0: nobody, and no trace is left */
    bool masked;
    int64_t why;        /* enum look_why */
    int64_t reason;     /* WHY_REASON: the entry that holds it */
    struct text asked;  /* of a list: what was searched for, in words; may be personal */
};

struct oidc;
struct look_context {
    struct db_read *db;
    int64_t region;
    int64_t now_ms;
    const struct actor *actor;
    const struct standing *standing;
    size_t standing_count;
    struct arena *arena;
    const struct module *const *modules; /* all there are; NULL: not said */
    struct shown *shown; /* for look_shows; NULL: nobody asks */
    int64_t rows; /* of a list: how many a page is to have; 0: as many as are shown */
    bool further; /* a page after the first of a table: what stands beside the rows is not wanted */
    const struct oidc *providers; /* by whose word one may sign in; NULL: by nobody's */
};
/* How many rows a page of a list has that shows so many of itself. */
int64_t look_rows(const struct look_context *context, int64_t shown);

/* The standing facts of a module in a look, or NULL if it has none. */
const void *look_standing(const struct look_context *context, const struct module *module);
/* A look that has `people` in its list says what it shows of them; the texts live as the page does. */
void look_shows(const struct look_context *context, struct shown shown);
/* The subjects that a number is a name of, whichever module knows it: a case's number, or the one by
 * which a person or an organisation is known (GB 11643, GB 32100). A list of texts. */
bool look_subjects(const struct look_context *context, struct text number, struct list *out,
                   struct fault *why);
/* What people call a look ("办件"); its name where nobody has it. A list that was had as a table has
 * LOOK_TABLE behind its name, and its address. */
#define LOOK_TABLE ".csv"
struct text look_title(const struct look_context *context, struct text name);

/* What people call the things that other modules know by their codes alone. */
enum naming { NAMES_DEPARTMENT, NAMES_PLACE, NAMES_ITEM };
struct named {
    struct text code;
    struct text name;
    struct text department; /* whose it is, its code; empty: nobody's */
};
extern const struct shape named_shape;
/* All that any module has a name for, in the order of codes; the list lives in the look's arena. */
struct list look_names(const struct look_context *context, enum naming what);
/* The same for a command's `read`. */
struct list context_names(const struct context *context, enum naming what);
/* The one of that code in such a list, or NULL. */
const struct named *name_find(const struct list *names, struct text code);
bool names_hold(const struct list *names, struct text code);
/* The name of a code in such a list; the code itself where there is none. */
struct text name_of(const struct list *names, struct text code);

/* An answer that is no page: a tile, a receipt, a file. */
struct served {
    const char *media_type;
    struct text body;
    const char *path;  /* or a file on disk */
    const char *cache; /* Cache-Control; NULL: no-store */
    struct text file_name; /* offered as an attachment if not empty */
};

struct look {
    const char *name;
    const char *title; /* Chinese; the page's title unless the page struct brings one */
    const char *path;  /* GET "/staff/cases/{case_id}"; a last segment {rest*} takes the remainder */
    int64_t roles;
    bool by_post; /* may also be asked by POST, its query in the body: what is asked is long, or too
                     private for an address. It still only looks. */
    /* What it shows follows from the journal, standing facts, who asks, what is asked and the minute
     * alone, so it may be shown again while these stand: never where it reads truth of its own
     * (sessions), draws at random or counts seconds. */
    bool by_journal;
    /* Who has the page open is told when it would be another one (door/live.c): it can be so after an
     * entry whose subject begins with this ("case:"), of that subject alone where the look shows one
     * (look_shows), and after no other. Of looks by_journal. NULL: no. */
    const char *live;
    bool people; /* shows what is somebody's: who of the house looks leaves a trace (look_shows) */
    const char *guards; /* of the query, as a command's; any page that is shown tells of a right key,
                           unless `told` says what it tells */
    enum key_told (*told)(const void *page);
    const struct shape *query; /* path parameters and query string */
    const struct shape *page;  /* what is shown; NULL for a look that serves */
    const char *template;      /* "approval/case.html" */
    /* Of a list: where its rows stand in the page ("rows"; lists in lists "months.weeks.days"; two
     * alike "departments former"). All of it can be had as a table too (CSV), at the same address with
     * ".csv" behind it. NULL: no list. */
    const char *list;
    /* What of the query only turns the pages ("after_due after_id"), and how the page after this one is
     * asked for: the query becomes that. False: there is none. NULL: all rows are on one page. */
    const char *turns;
    bool (*onward)(const void *page, void *query);
    enum refusal (*look)(const struct look_context *context, const void *query, void *page,
                         struct fault *why);
    enum refusal (*serve)(const struct look_context *context, const void *query,
                          struct served *out, struct fault *why);
};

struct table {
    const char *name;
    const char *key; /* "region, case_id": the primary key, for comparing and paging */
};

struct module {
    const char *name;
    const struct command *const *commands; /* each ended by NULL */
    const struct event_kind *const *events;
    const struct look *const *looks;
    const struct table *tables; /* derived tables; ended by a NULL name */
    const char *tables_sql;     /* asset name of their DDL: "approval/tables.sql" */
    const char *truth_sql;      /* DDL (IF NOT EXISTS) of truth tables that `enact` writes and no
                                   rebuild touches: "identity/truth.sql"; NULL: none */
    bool (*standing)(struct db_read *db, int64_t region, struct arena *arena, void **facts,
                     struct fault *why);
    /* Who sent a command, as they stand now: asked by the writer, in the batch, where the counter of
     * standing facts has moved since the request was read. *stands false: session or token has been
     * revoked, or the account closed. One module has it. */
    bool (*stands)(struct db_read *db, const struct context *context, const struct actor *brought,
                   struct actor *out, bool *stands, struct fault *why);
    /* The names of what this module keeps, from its standing facts: look_names. */
    struct list (*names)(const void *facts, enum naming what, int64_t now_ms, struct arena *arena);
    /* The subjects of this module that a number is a name of: look_subjects. Adds texts to a list. */
    bool (*subjects)(struct db_read *db, int64_t region, struct text number, struct arena *arena,
                     struct list *out, struct fault *why);
    bool (*react)(struct db_read *db, const struct entry_head *head, const struct event_kind *kind,
                  const void *body, const struct context *context, struct wishes *out,
                  struct fault *why);
    /* Commands whose moment has come, at most limit of them. */
    bool (*due)(struct db_read *db, const struct context *context, int64_t limit,
                struct wishes *out, struct fault *why);
};

/* True when the list's permission column lets this actor in; else the refusal that says why. */
enum refusal role_refusal(int64_t roles, const struct actor *actor);

#endif
