/* Who acts: accounts, signed delegations, sessions and API tokens. Everything but sessions and the
 * count of failed sign-ins is derived from the journal; passwords and tokens enter it only as
 * hashes, and these only in the private part. Rules: README.md. */
#ifndef YIMEN_IDENTITY_IDENTITY_H
#define YIMEN_IDENTITY_IDENTITY_H

#include "flow/module.h"
#include "oidc/oidc.h"

extern const struct module identity_module;

/* The longest absence that can be recorded at once, in days. */
#define ABSENCE_MOST_DAYS 366
/* A session ends 12 hours after sign-in or after 30 minutes without a request. */
#define SESSION_ABSOLUTE_MS (12 * HOUR_MS)
#define SESSION_IDLE_MS (30 * MINUTE_MS)
/* After 5 failures within 15 minutes from one address a login name is refused there until the oldest is
 * older than that. */
#define SIGN_IN_FAILURES 5
#define SIGN_IN_WINDOW_MS (15 * MINUTE_MS)
/* From the 10th failure within 24 hours on, a name waits after each, from wherever they came: a minute,
 * then twice as long each time, up to an hour. So an attacker with many addresses has about 16 tries
 * at once and 24 more a day (NIST SP 800-63B 5.2.2 wants no more than 100 in a row). A browser that
 * has signed in to the account before is counted for itself (OWASP, "device cookies"): no stranger's
 * failures keep it out, and its own keep nobody else out. */
#define SIGN_IN_DAY_FAILURES 10
#define SIGN_IN_DAY_MS (24 * HOUR_MS)
#define SIGN_IN_LONGEST_MS HOUR_MS
#define DEVICE_MS (365 * DAY_MS) /* how long a browser is known */
/* From name and password to the code, at most. */
#define SECOND_STEP_MS (5 * MINUTE_MS)
#define RECOVERY_CODES 10
#define TOTP_PATH "/staff/me/second" /* where it is set up */
/* A session or API token: 32 random bytes in base64url (RFC 4648 section 5), no padding. */
#define TOKEN_CHARS 43

/* Roles as a form, the journal and an answer write them; the bits are enum role. */
struct role_set {
    bool clerk, reviewer, verifier, head, manager, supervisor;
    bool administrator, security, auditor; /* three people */
};
extern const struct shape role_set_shape;
int64_t role_set_bits(const struct role_set *roles);
struct role_set role_set_of(int64_t bits);
/* "clerk" -> ROLE_CLERK, 0 if there is no such role of an account. */
int64_t role_bit(struct text name);
/* "窗口受理、审查" for pages. */
struct text role_labels(int64_t bits, struct arena *arena);

/* What an API token is given for, as a form, the journal and an answer write it. */
struct scope_set {
    bool cases_read, cases_write, catalogue_read, catalogue_write, accounts_read, accounts_write,
        looks_read;
};
extern const struct shape scope_set_shape;
enum scope_bit {
    SCOPE_CASES_READ = 1 << 0,
    SCOPE_CASES_WRITE = 1 << 1,
    SCOPE_CATALOGUE_READ = 1 << 2,
    SCOPE_CATALOGUE_WRITE = 1 << 3,
    SCOPE_ACCOUNTS_READ = 1 << 4,
    SCOPE_ACCOUNTS_WRITE = 1 << 5,
    SCOPE_LOOKS_READ = 1 << 6,
};
int64_t scope_set_bits(const struct scope_set *set);
struct scope_set scope_set_of(int64_t bits);
/* The bit that a command (which writes) or a look of that name needs; 0: no scope opens it. */
int64_t scope_needed(struct text name, bool writes);
bool scope_allows(int64_t scopes, struct text name, bool writes);
const char *scope_name(int64_t bit); /* "cases:read"; NULL: there is none */
int64_t scope_bit(struct text name); /* 0: there is none */
struct text scope_labels(int64_t bits, struct arena *arena);

enum account_state { ACCOUNT_OPEN = 1, ACCOUNT_CLOSED = 2 };

struct account {
    int64_t account_id; /* one more than the index of the entry that made it: 0 is nobody */
    struct text login;
    struct text display;
    int64_t roles; /* bits of enum role */
    struct text department;
    struct text place;
    int64_t state; /* enum account_state */
    bool has_password;
    bool imported; /* of a migrated system: cannot sign in until a password is set */
    int64_t created_at;
    int64_t closed_at;
    int64_t signed_in_at; /* last, 0: never */
};

/* What a chief approver's letter (授权书) lets a person do in a department's name. What each power is
 * for is with whoever asks: for cases, approval/case/README.md. */
struct power_set {
    bool receive, review, decide, sign, seal, extend;
};
extern const struct shape power_set_shape;
enum power {
    POWER_RECEIVE = 1 << 0,
    POWER_REVIEW = 1 << 1,
    POWER_DECIDE = 1 << 2,
    POWER_SIGN = 1 << 3,
    POWER_SEAL = 1 << 4,
    POWER_EXTEND = 1 << 5,
};
int64_t power_set_bits(const struct power_set *powers);
struct power_set power_set_of(int64_t bits);
struct text power_labels(int64_t bits, struct arena *arena);

/* Days on which somebody is away (离岗) and the substitute of the own delegations stands in. */
struct absence {
    int64_t absence_id; /* the index of the entry that recorded it */
    int64_t account_id;
    int64_t first_date, last_date;
    int64_t ended_at; /* back before the last day, or never gone; 0: it stands */
};

struct grant {
    int64_t delegation_id; /* the index of the entry that made it */
    int64_t account_id;
    struct text department;
    int64_t powers; /* bits of enum power */
    bool all_items;
    struct list items; /* struct text: item codes; only if not all_items */
    int64_t amount_limit_fen; /* 0: none */
    int64_t area_limit_m2;    /* 0: none */
    int64_t extend_limit_days; /* working days one extension may add, 0: the law's own limit */
    int64_t valid_from_date;
    int64_t valid_to_date; /* the last day it holds; 0: until revoked */
    int64_t substitute_account; /* who steps in (B岗), 0: nobody */
    int64_t revoked_at;
    bool as_substitute; /* found because the account asked about is the substitute */
    struct list absences; /* struct absence: of the principal, that stand; only if as_substitute */
};

/* What somebody wants to do under a delegation. A measure of 0 is one that the matter does not have;
 * one that it should have and that nobody stated is MEASURE_UNSTATED: no limit can be held against it,
 * so whoever is limited may not act. */
#define MEASURE_UNSTATED (-1)
struct grant_question {
    enum power power;
    struct text department;
    struct text item;
    int64_t amount_fen;
    int64_t area_m2;
    int64_t extend_days;
    int64_t date;
};
/* What a delegation lacks for that, the first thing that fails; a later one is nearer to a yes. */
enum grant_lack {
    LACK_LETTER,      /* there is none of that department */
    LACK_REVOKED,
    LACK_DAY,         /* not yet or no longer in force on that day */
    LACK_ABSENCE,     /* a substitute's, and the principal is there */
    LACK_ITEM,
    LACK_POWER,
    LACK_AMOUNT_SAID, /* limited, and the amount is unstated */
    LACK_AMOUNT,      /* over the limit */
    LACK_AREA_SAID,
    LACK_AREA,
    LACK_DAYS,        /* an extension longer than it allows */
    LACK_NOTHING,
};
struct lacking {
    enum grant_lack what;
    const struct grant *grant; /* the one that comes nearest; NULL with LACK_LETTER */
};
/* Pure; for other modules' decide. The first grant that allows it, or NULL and in *lacking what the
 * one that comes nearest lacks. A substitute may act only on a day on which the principal is recorded
 * as absent (AB岗). */
const struct grant *grant_allowing(const struct list *grants, const struct grant_question *question,
                                   struct lacking *lacking);

/* The delegations of an account, own and as substitute, that are not revoked. A list of struct
 * grant. For other modules' read. */
bool identity_grants(struct db_read *db, int64_t region, int64_t account_id, struct arena *arena,
                     struct list *out, struct fault *why);
/* A delegation as pages name it, "平国土资授〔2014〕1号（决定、签发）"; empty if there is none. */
bool identity_letter(struct db_read *db, int64_t region, int64_t delegation_id,
                     struct arena *arena, struct text *out, struct fault *why);
bool identity_account(struct db_read *db, int64_t region, int64_t account_id, struct arena *arena,
                      struct account *out, bool *found, struct fault *why);
/* Ends every session and forgets every failure to sign in, in all regions: of a database that came from
 * elsewhere, where neither can be told from what somebody put there. */
bool identity_sign_all_out(struct db *db, struct fault *why);
/* How many secrets of second steps there are, and how many the house's key does not open: their
 * accounts can sign in by recovery code alone. */
bool identity_sealed(struct db_read *db, int64_t region, struct arena *arena, int64_t *count,
                     int64_t *unread, struct fault *why);
/* Sessions that are open at that time. */
bool identity_sessions(struct db_read *db, int64_t region, int64_t now_ms, struct arena *arena,
                       int64_t *out, struct fault *why);
bool identity_account_by_login(struct db_read *db, int64_t region, struct text login,
                               struct arena *arena, struct account *out, bool *found,
                               struct fault *why);
/* The account as an actor, whether or not it is signed in (imports, the command line). */
struct actor identity_actor_of(const struct account *account, struct arena *arena);

/* What a request brings to say who sends it. Empty: not brought. */
struct credentials {
    struct text session; /* the session cookie */
    struct text seen;    /* the stamp of last use that went with it */
    struct text bearer;  /* Authorization: Bearer */
};
/* *found false: nobody, or a session or token that is unknown, ended or of a closed account.
 * *stamp: a new stamp of last use for the browser to keep, or empty while the old one will do. The
 * stamp is sealed with a key of the session that never leaves the server, so that idle time needs
 * no write and holds over restarts and several servers. */
bool identity_actor(struct db_read *db, int64_t region, const struct credentials *credentials,
                    int64_t now_ms, struct arena *arena, struct actor *out, bool *found,
                    struct text *stamp, struct fault *why);

/* The form token of a session: HMAC-SHA-256 under the session token. */
struct text identity_csrf(struct text session, struct arena *arena);
/* The end of the name of the cookie by which a browser that has signed in there is known. */
struct text identity_device_name(struct text login, struct arena *arena);
bool identity_csrf_holds(struct text session, struct text csrf);

/* Inputs. Fields marked internal are filled by prepare or by the program, never by a request. */
struct account_create {
    struct text login;
    struct text display;
    struct role_set roles;
    struct text department;
    struct text place;
    struct text password; /* may be empty: cannot sign in yet */
    struct text password_hash;
    bool quick; /* internal: tests hash cheaply */
};
struct account_import {
    struct text login;
    struct text display;
    struct role_set roles;
    struct text department;
    struct text place;
};
/* What the system administrator says of an account. */
struct account_change {
    int64_t account_id;
    struct text display;
    struct text place;
};
/* And the security administrator. */
struct account_assign {
    int64_t account_id;
    struct role_set roles;
    struct text department;
};
struct account_close {
    int64_t account_id;
    struct text reason;
};
struct password_set {
    int64_t account_id;
    struct text password;
    struct text password_hash;
    bool quick;
};
struct password_change {
    struct text current;
    struct text password;
    struct text again;
    bool verified;          /* internal */
    struct text hash_seen;  /* internal: the hash that current was checked against */
    struct text password_hash;
    bool quick;
};
struct sign_in {
    struct text login;
    struct text password;
    struct text next; /* where to go afterwards, a path of this site */
    struct text from;      /* internal, as the rest: the address that asks, or empty */
    struct text device;    /* the cookie by which a browser is known, as brought */
    bool verified;
    int64_t wait_ms;       /* too many failures already: nothing was hashed */
    struct text hash_seen;
    struct text login_hash; /* what failures are counted under: name and address, or known browser */
    struct text name_hash;  /* and the name alone; empty for a known browser */
    struct text device_new;
    struct text second_new; /* for the second step */
    struct text way;        /* the provider by whose word, its key; empty: by password */
    bool way_second;        /* who said that a second factor was used, and is believed */
    struct text token;
    struct text token_hash;
    struct text seen_key;
};
/* The second step, where the account has one: a code, or a recovery code. */
struct sign_in_code {
    struct text code;
    struct text next;
    struct text second; /* internal, as the rest: the cookie of the first step */
    bool stale;         /* the first step was too long ago, or never taken */
    int64_t step;       /* what the code is good for (RFC 6238); 0: nothing */
    struct text recovery_hash;
    struct sign_in in; /* as in the first step */
};
/* By another house's word: to it, and back with its word. What the program fills in is internal. */
struct provider_begin {
    struct text provider; /* its key */
    struct text next;
    struct text current; /* to be linked: the password once more */
    struct oidc *providers; /* internal, as the rest */
    struct text back;       /* our own address that it sends the browser to */
    int64_t end;            /* enum oidc_end */
    struct oidc_begun begun;
    bool verified;
    struct text hash_seen;
};
struct provider_back {
    struct text code, state, error, iss; /* RFC 6749, 4.1.2; RFC 9207 */
    struct oidc *providers; /* internal, as the rest */
    struct text trip;       /* the cookie */
    bool asked;             /* the provider has been: a code is good once */
    int64_t end;            /* enum oidc_end */
    struct oidc_trip to;
    struct oidc_person person;
    struct sign_in in;      /* as in a sign-in by password */
};
/* Out of this house, and out of the other one. */
struct provider_leave {
    struct text provider;
    struct oidc *providers; /* internal, as the rest */
    struct text back;
    struct text id_token;   /* the cookie's */
    int64_t end;
    struct text url;
};
struct link_add {
    int64_t account_id;
    struct text provider;
    struct text subject;
    struct text issuer, claim; /* internal: as the provider is configured; empty: there is none */
};
struct link_remove {
    int64_t link_id;
};
struct totp_begin {
    struct text current; /* the password once more */
    bool verified;       /* internal, as the rest */
    struct text hash_seen;
    struct text sealed;
    struct text house_key; /* what it is sealed under */
};
struct totp_confirm {
    struct text code;
    int64_t step;         /* internal, as the rest */
    struct text sealed;   /* what the code was checked against */
    struct list recovery; /* struct text: hashes */
};
struct totp_reset {
    int64_t account_id;
    struct text reason;
};
struct delegation_grant {
    int64_t account_id;
    struct text department;
    struct text document; /* number of the signed letter */
    struct power_set powers;
    bool all_items;
    struct list items;
    int64_t amount_limit_fen;
    int64_t area_limit_m2;
    int64_t extend_limit_days;
    int64_t valid_from_date;
    int64_t valid_to_date;
    int64_t substitute_account;
};
struct delegation_revoke {
    int64_t delegation_id;
    struct text reason;
};
struct absence_record {
    int64_t account_id; /* 0: who says so */
    int64_t first_date;
    int64_t last_date; /* the last day away */
    struct text reason;
};
struct absence_end {
    int64_t absence_id;
};
struct token_create {
    int64_t account_id;
    struct text label;
    struct scope_set scopes; /* none: all, from the command line alone */
    int64_t days; /* until it ends; 0: 90 */
    struct text token; /* internal: to be shown once */
    struct text token_hash;
};
struct token_revoke {
    int64_t token_id;
};

extern const struct command identity_account_create;
extern const struct command identity_account_import;
extern const struct command identity_account_change;
extern const struct command identity_account_assign;
extern const struct command identity_account_close;
extern const struct command identity_password_set;
extern const struct command identity_password_change;
/* Ends DONE with an empty location when name and password do not match: the failure is an event,
 * because it must count. The door and the command line say REFUSED_PASSWORD then. */
extern const struct command identity_sign_in;
/* Where the account has a second step, a right name and password end DONE without an event; the next
 * page asks for the code, and the browser brings `second_new` there. Ends as the first step does. */
extern const struct command identity_sign_in_code;
#define SIGN_IN_CODE_PATH "/staff/sign-in/code"
/* Three that lead the browser to a provider, DONE without an event: where to is in the input. */
extern const struct command identity_sign_in_with;
extern const struct command identity_link_begin;
extern const struct command identity_sign_out_there;
/* And back: signed in, as after a password, or linked. */
extern const struct command identity_sign_in_back;
extern const struct command identity_link_back;
extern const struct command identity_link_add;
extern const struct command identity_link_remove;
/* The page that leads to a provider; its struct. */
struct leave_page {
    struct text url;  /* empty: nothing has been begun */
    struct text name; /* of the provider */
    bool out;         /* to sign out there */
};
extern const struct look identity_leave_look;
extern const struct command identity_totp_begin;
extern const struct command identity_totp_confirm;
extern const struct command identity_totp_reset;
extern const struct command identity_sign_out;
extern const struct command identity_delegation_grant;
extern const struct command identity_delegation_revoke;
/* One's own absence, a head's for the own department, the security administrator's for everybody. */
extern const struct command identity_absence_record;
extern const struct command identity_absence_end;
extern const struct command identity_token_create;
extern const struct command identity_token_revoke;

#endif
