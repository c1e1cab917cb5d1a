/* What the files of this folder share; not for others. */
#ifndef YIMEN_DOOR_PARTS_H
#define YIMEN_DOOR_PARTS_H

#include <pthread.h>

#include "door/door.h"
#include "door/route.h"
#include "files/files.h"
#include "http/http.h"
#include "identity/identity.h"
#include "trace/trace.h"
#include "view/view.h"

/* What reading needs: a connection and the standing facts it has seen. One for each loop, and a few
 * for the helper threads. */
struct reader {
    struct db_read *db;
    struct flow_facts *facts;
    struct kept_pages *kept; /* NULL until the first */
    struct reader *next; /* of the idle ones */
};

/* An embedded file as it is sent. */
struct static_file {
    const struct asset *asset;
    struct text packed; /* gzip, empty where that saves nothing */
};

/* What the door answers by itself, whoever asks; at their places in metrics_mark from 1 on. */
enum { PLAIN_NONE, PLAIN_ASSET, PLAIN_HEALTH, PLAIN_DOCUMENT, PLAIN_METRICS };
#define DOOR_PLAIN 4
extern const char *const door_plain[DOOR_PLAIN];

struct metrics;

struct door {
    struct door_options options;
    struct metrics *metrics;
    struct routes *routes;
    struct view *views[LANGUAGES];
    struct speech *speeches[LANGUAGES]; /* NULL: the source */
    struct view_form *forms; /* of every command that has a path and an input */
    size_t form_count;
    struct arena *arena; /* lives as long as the door */
    struct static_file *statics;
    struct text openapi;
    struct http_server *server;
    struct limits *limits;
    int entered; /* files_enter; -1: not */
    pthread_mutex_t lock; /* of idle and recent */
    struct reader *idle;
    struct recent *recent; /* looks that have left their trace a moment ago */
    struct live *live;
    /* Requests whose commands a batch has ended; the writer's thread alone touches them. */
    struct http_request **ended;
    size_t ended_count, ended_room;
};

struct reader *reader_take(struct door *door, struct fault *why);
void reader_give(struct door *door, struct reader *reader);
void reader_free(struct reader *reader);
/* After a fault. Where it fails, nobody may read with this one until reader_ready says so, which opens
 * it anew too if its connection is known to be lost. */
bool reader_reopen(struct door *door, struct reader *reader, struct fault *why);
bool reader_ready(struct door *door, struct reader *reader, struct fault *why);

/* A file part and the place in the input that it fills. */
struct slot {
    size_t part;
    const struct http_part *file;
    struct text path; /* "materials.0.document" */
    struct upload *upload;
    int hold; /* on the kept file; -1: not kept */
};

/* One request on its way through. */
struct exchange {
    struct door *door;
    struct http_request *request;
    struct arena *arena;
    struct reader *reader; /* the loop's; on a helper thread not to be touched */
    const struct door_region *region;
    struct match match;
    bool json; /* the answer is JSON */
    bool table; /* a list is asked for as a table */
    enum language language;
    bool language_chosen; /* by the address: to be remembered */
    struct display display;
    bool display_chosen; /* likewise, as display_kept */
    struct text display_kept;
    int64_t now_ms;
    struct text client; /* the address that asks; empty: cannot be told from others */
    struct credentials brought;
    struct actor actor;
    struct text stamp; /* to renew the stamp of last use, or empty */
    struct text notice, receipt; /* of the command that led here */
    bool quiet; /* the page asks by itself, nobody does anything: the session's last use stays, and
                   what a command has to say waits for somebody to read it */
    int64_t position; /* entries of the journal when the look was run */
    struct kept_page *kept; /* where the page of the look that ran is kept, or NULL */
    struct shown shown;     /* what it shows of people */
    /* Its answer, ready to go: a page or JSON, else *served. */
    struct text body;
    const char *media_type;
    int status;
    const struct served *served;
    struct hash seen; /* by which its trace is remembered */
    struct hash lasting; /* the same, of a page that stays open, whoever comes into a list */

    /* A command. */
    const struct command *command;
    void *input;
    bool from_json;
    struct pairs sent;
    struct problems problems;
    struct text page; /* the form's `_page` */
    struct slot *slots; /* the files that came, and where they belong */
    size_t slot_count;
    bool hashing; /* one of LIMIT_HASHING is taken */
    struct guess guess;
    int64_t wait_ms; /* of a refusal: how long; 0: it says nothing of that */
    struct fault fault; /* of a helper thread */
    bool away;          /* of a fault: the database cannot be reached */
    struct job job;
};

/* Who asks, of a request whose head alone is there, and answers nothing. False: that cannot be told
 * now. */
bool exchange_peek(struct exchange *exchange);
/* After a fault in reading with the loop's reader: true if it has a new connection now, and what failed
 * is to be asked once more (a real fault comes again); false: the database is away, and exchange->away
 * says so. Whatever was read from the reader's facts before is gone. */
bool exchange_reopen(struct exchange *exchange);
/* False after it has answered: a fault. */
bool exchange_begin(struct exchange *exchange);
/* A path of this site: begins with one '/', no backslash, blank or control. */
bool path_is_ours(struct text path);
/* Percent-decodes; false if malformed or not UTF-8. */
bool page_path_decode(struct text raw, struct arena *arena, struct text *out);
bool same_origin(const struct http_request *request);
/* Cookies are named differently behind TLS. */
const char *cookie_name(const struct door *door, const char *plain, char room[64]);
void cookie_set(struct exchange *exchange, const char *plain, struct text value, int64_t max_age_s);
void cookie_clear(struct exchange *exchange, const char *plain);

/* language.c. Of a request whose head is there. */
void language_find(struct exchange *exchange);
void language_headers(struct exchange *exchange);
/* What an address asks for of the page itself; false without such a wish. */
#define LANGUAGE_WISH "lang="
#define DISPLAY_WISH "display="
bool target_wish(struct text target, struct text wish, struct text *value);
/* The address without these wishes: what pages call themselves by. */
struct text target_plain(struct text target, struct arena *arena);
struct wordings_of exchange_worded(const struct exchange *exchange);
/* Words for JSON and plain text in the language of the answer. */
struct text exchange_say(const struct exchange *exchange, struct text words);
bool languages_open(struct door *door, struct fault *why);
void languages_close(struct door *door);

/* display.c. Of a request whose head is there. */
void display_find(struct exchange *exchange);
void display_headers(struct exchange *exchange);

/* "https://fw.example": where the visitor reached us; empty: not said. */
struct text exchange_origin(const struct exchange *exchange);
void answer_headers(struct exchange *exchange);
/* Makes the page or JSON of a look that was run. status 200, or that of a refusal shown on the page.
 * False after it has answered: a fault. */
bool answer_make(struct exchange *exchange, const struct look *look, const void *page, int status);
/* Sends what was made, or what is served. */
void answer_send(struct exchange *exchange);
/* seen.c. Answers with what a look shows: at once, or, where it shows somebody of the house what is
 * another's, once that look is in the journal. page NULL: exchange->served. */
void answer_look(struct exchange *exchange, const struct look *look, const void *page, int status);
void recent_free(struct recent *recent);

/* live.c: open pages are told when they would be other pages. A thread of its own asks the journal; it
 * runs as long as the server, and is stopped before it. */
struct live *live_new(void);
bool live_start(struct door *door, struct fault *why);
void live_stop(struct door *door);
void live_free(struct live *live);
/* Something may have happened: looks at once. From any thread. */
void live_ring(struct live *live);
/* What EventSource asks. */
bool live_wanted(const struct exchange *exchange);
void live_handle(struct exchange *exchange);
/* The page that is fetched again stands open under a stream of this server, and what it shows of people
 * (seen) has left its trace since the stream is open, not longer ago than a look may last. */
bool live_covers(const struct exchange *exchange, const struct hash *seen);
void live_remember(const struct exchange *exchange, const struct hash *seen);
/* The same as lines of a head, for what the server answers before the door is asked. */
const char *answer_fields(bool behind_tls, struct arena *arena);
void answer_refusal(struct exchange *exchange, enum refusal refusal);
/* Things have moved on since the form was shown, and it fits no more: an HTML page that says what is,
 * keeps what was typed, and leads to the page of the thing as it is now. */
void answer_moved_on(struct exchange *exchange, enum refusal refusal, struct text now_at);
/* Logs the cause; the person hears only that something broke and a key to ask by. 503 where the
 * database cannot be reached, which passes; else 500. */
void answer_fault(struct exchange *exchange, const struct fault *why);
void answer_method(struct exchange *exchange, const char *allow);
void answer_redirect(struct exchange *exchange, struct text location);
void answer_served(struct exchange *exchange, const struct served *served);
bool wants_json(struct text accept, bool otherwise);

/* Runs the look of a path with a query string. OK: *page is filled (or, for a look that serves,
 * *served is). A refusal's problems are in exchange->problems. */
enum refusal look_run(struct exchange *exchange, const struct look *look, const struct match *match,
                      struct text query, void **page, struct served *served, struct fault *why);
/* The look's input, from path and query. What is read points into the arena alone, which may outlive
 * the exchange. */
enum refusal look_query(struct exchange *exchange, const struct look *look,
                        const struct match *match, struct text query, struct arena *arena,
                        void **out);
void look_handle(struct exchange *exchange);

/* table.c. The path without what asks for a table behind it; the same if nothing does. */
struct text table_path(struct text path);
/* Once at start of every look: its list is one, and it says how to turn its pages. */
bool table_sound(const struct look *look, struct fault *why);
/* Answers with all rows of a list as a table, for a query that was read and let through (guard_begin).
 */
void table_make(struct exchange *exchange, const struct look *look, void *query);
/* Where the list of this page is had as a table; empty: it is none, or has no rows. */
struct text table_address(const struct exchange *exchange, const struct look *look,
                          const void *page);
/* exchange.c. */
bool wants_table(struct text accept);

/* gate.c. OK where roles, the token's scopes and what a session still owes let this command (writes) or
 * look of that name through. */
enum refusal gate_refusal(const struct exchange *exchange, const char *name, int64_t roles,
                          bool writes);

/* guard.c. Before a key is tried at what the input's field `guards` names: OK, or TOO_MANY with how
 * long in words and in exchange->wait_ms. guards NULL: OK. */
enum refusal guard_begin(struct exchange *exchange, const char *guards, const struct shape *shape,
                         const void *input);
/* Once it is known what came of it; nothing where none has begun. */
void guard_end(struct exchange *exchange, enum key_told told);
void answer_wait(struct exchange *exchange); /* the header Retry-After of exchange->wait_ms */

/* kept.c. The place of that page; *fresh: it is there and holds. Else the look fills it, everything
 * that the page points to being in the place's own arena. */
struct kept_page *kept_find(struct exchange *exchange, const struct look *look,
                            const struct match *match, struct text query,
                            const struct flow_stand *stand, bool *fresh);
struct arena *kept_arena(struct kept_page *kept);
void *kept_show(const struct kept_page *kept, struct shown *shown);
void kept_fill(struct kept_page *kept, const struct look *look, void *page,
               const struct shown *shown);
/* The page as JSON, made when first asked for. */
struct text kept_json(struct kept_page *kept, const struct shape *shape, const void *page);
void kept_free(struct kept_pages *pages);

/* True when what is wrong lies in the path itself: then there simply is nothing there. */
bool path_is_wrong(const struct exchange *exchange, const struct pairs *from_path);
void command_handle(struct exchange *exchange);
/* For a job's `done`: its context is the exchange, which is woken once its batch is on disk. */
void command_ended(struct job *job);
struct http_plan command_plan(const struct http_request *request, void *door);
/* What a browser that signs in brings besides name and password. */
void session_bring(struct exchange *exchange);
/* One of the two steps: it comes from no session, and what fails is counted. */
bool session_signs_in(const struct command *command);
/* Cookies and secrets that a command of identity brings about. True: it has answered. */
bool session_after(struct exchange *exchange, enum refusal *refusal);
/* Whether a repetition under one idempotency key gets the first answer; of a new token, without its
 * secret. Two passwords look alike to the record of what was asked, which holds no secret: a second one
 * would seem to be set and not be. */
bool session_repeats(const struct command *command);

/* Reads body and path into the command's input; everything wrong is in exchange->problems. A refusal
 * says that there was nothing to read at all. */
enum refusal input_read(struct exchange *exchange);
/* On a helper thread: looks at the files that came, and, if nothing at all is wrong, keeps them and
 * fills them in. False: a fault. */
bool input_files(struct exchange *exchange, struct fault *why);
/* On the loop's thread, when the command has ended. Stay: the journal may name the files from now on;
 * else those that nobody else needs leave the disk again. */
void input_settle(struct exchange *exchange, bool stay);
/* What can be refused before the body of an upload is taken: roles, a form of another site, and what
 * the command says of its path. OK with why set: a fault. Begins a guess, which the caller ends. */
enum refusal input_admit(struct exchange *exchange, struct fault *why);

/* metrics.c */
struct metrics *metrics_new(const struct module *const *modules, struct arena *arena);
/* The request counts for that look or command, or for one of door_plain. */
void metrics_mark(struct exchange *exchange, const void *of, int plain);
void metrics_answered(const struct http_request *request, int status, int64_t took_us, void *door);
void metrics_file(struct door *door, int64_t bytes);
void metrics_handle(struct exchange *exchange);

bool statics_make(struct door *door, struct fault *why);
void static_handle(struct exchange *exchange);

#endif
