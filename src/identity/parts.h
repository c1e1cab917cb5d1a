/* What the files of this folder share; not for others. */
#ifndef YIMEN_IDENTITY_PARTS_H
#define YIMEN_IDENTITY_PARTS_H

#include "identity/identity.h"

extern const struct word account_state_words[];
extern const struct shape account_create_shape;
extern const struct shape account_import_shape;
extern const struct shape account_change_shape;
extern const struct shape account_assign_shape;
extern const struct shape account_close_shape;
extern const struct shape password_set_shape;
extern const struct shape password_change_shape;
extern const struct shape sign_in_shape;
extern const struct shape sign_in_code_shape;
extern const struct shape totp_begin_shape;
extern const struct shape totp_confirm_shape;
extern const struct shape totp_reset_shape;
extern const struct shape sign_out_shape;
extern const struct shape delegation_grant_shape;
extern const struct shape delegation_revoke_shape;
extern const struct shape absence_record_shape;
extern const struct shape absence_end_shape;
extern const struct shape token_create_shape;
extern const struct shape token_revoke_shape;
extern const struct shape account_made_shape; /* answer */

/* Event bodies. */
struct account_created {
    int64_t account_id;
    struct text login; /* private: often a person's name */
    struct text display;
    struct role_set roles;
    struct text department;
    struct text place;
    struct text password_hash; /* private */
    bool imported;
};
struct account_changed {
    int64_t account_id;
    struct text display;
    struct role_set roles;
    struct text department;
    struct text place;
};
struct account_closed {
    int64_t account_id;
    struct text reason;
};
struct password_was_set {
    int64_t account_id;
    struct text password_hash; /* private */
    struct text keep_session;  /* private: hash of the session that goes on, or empty */
};
struct session_opened {
    int64_t account_id;
    int64_t expires_at;
    int64_t totp_step;      /* of the code that was used, which is good for nothing any more; 0: none */
    struct text way;        /* the provider by whose word; empty: by password */
    bool way_second;        /* who said that a second factor was used, and was believed */
    struct text token_hash; /* private, as the next ones */
    struct text seen_key;
    struct text recovery_hash; /* of the recovery code that was used, or empty */
};
struct totp_begun {
    int64_t account_id;
    struct text sealed;    /* private */
    struct text house_key; /* of no shape, so that it leaves for the database alone */
};
struct totp_confirmed {
    int64_t account_id;
    int64_t step;
    struct list recovery; /* private; struct text */
};
struct totp_was_reset {
    int64_t account_id;
    struct text reason; /* private */
};
struct session_closed {
    int64_t account_id;
    struct text token_hash;
};
struct sign_in_failed {
    int64_t account_id;     /* 0: no such account */
    struct text login_hash; /* private */
    struct text name_hash;  /* private; empty: a browser that is known */
};
struct delegation_granted {
    int64_t delegation_id;
    struct delegation_grant grant;
};
struct delegation_revoked {
    int64_t delegation_id;
    struct text reason;
};
struct absence_recorded {
    int64_t absence_id;
    int64_t account_id;
    int64_t first_date, last_date;
    struct text reason; /* private */
};
struct absence_ended {
    int64_t absence_id;
    int64_t account_id;
};
struct token_created {
    int64_t token_id;
    int64_t account_id;
    struct text label;
    struct scope_set scopes; /* none: all that the account may */
    int64_t expires_at;
    struct text token_hash; /* private */
};
struct token_revoked {
    int64_t token_id;
};

extern const struct event_kind account_created_kind;
extern const struct event_kind account_changed_kind;
extern const struct event_kind account_closed_kind;
extern const struct event_kind password_set_kind;
extern const struct event_kind totp_begun_kind;
extern const struct event_kind totp_confirmed_kind;
extern const struct event_kind totp_reset_kind;
extern const struct event_kind session_opened_kind;
extern const struct event_kind session_closed_kind;
extern const struct event_kind sign_in_failed_kind;
extern const struct event_kind delegation_granted_kind;
extern const struct event_kind delegation_revoked_kind;
extern const struct event_kind absence_recorded_kind;
extern const struct event_kind absence_ended_kind;
extern const struct event_kind token_created_kind;
extern const struct event_kind token_revoked_kind;

/* Facts. */
struct account_facts {
    bool found;
    struct account account; /* the one the command is about */
    struct text password_hash;
    bool login_taken;
    bool department_known; /* the one that is wanted, or none is */
    int64_t others; /* bits of ROLE_THREE that other open accounts hold */
};
/* The second step of an account. */
struct totp {
    bool found;
    struct text sealed;
    int64_t begun_at;
    int64_t confirmed_at; /* 0: begun, and no code has shown yet that it works */
    int64_t last_step;    /* of the newest code that was used */
};
struct totp_facts {
    struct account_facts of;
    struct totp totp;
    struct text house_key; /* empty: there is none yet */
};
/* Sign-ins that failed within SIGN_IN_DAY_MS. */
struct failures {
    int64_t count;
    int64_t last_at;
    int64_t nth_at; /* the SIGN_IN_FAILURESth from the end; 0: fewer */
};
struct sign_in_facts {
    bool found;
    struct account account;
    struct text password_hash;
    struct totp totp;
    bool recovery_good;    /* the code is one of the account's and unused */
    struct failures here; /* of this name at this address, or of this browser */
    struct failures all;  /* of this name, from wherever; of a known browser none */
};
struct delegation_facts {
    bool account_found;
    struct account account;
    bool substitute_found;
    struct account substitute;
    struct text item_unknown; /* the first code wanted that no item of the house has, or empty */
    struct text item_foreign; /* the first of another department's item, or empty */
    bool grant_found;
    struct grant grant;
};
struct absence_facts {
    bool account_found;
    struct account account; /* who is away */
    struct list standing;   /* struct absence: of that account, not ended */
    bool absence_found;
    struct absence absence;
};
struct token_facts {
    bool account_found;
    struct account account;
    bool token_found;
    int64_t owner;
    int64_t revoked_at;
};

bool read_account_create(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why);
bool read_account_import(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why);
bool read_account_change(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why);
bool read_account_assign(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why);
bool read_account_close(struct db_read *db, const struct context *context, const void *input,
                        const void **facts, struct fault *why);
bool read_password_set(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why);
bool read_password_change(struct db_read *db, const struct context *context, const void *input,
                          const void **facts, struct fault *why);
bool read_sign_in(struct db_read *db, const struct context *context, const void *input,
                  const void **facts, struct fault *why);
bool read_sign_in_code(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why);
bool read_totp_own(struct db_read *db, const struct context *context, const void *input,
                   const void **facts, struct fault *why);
bool read_totp_reset(struct db_read *db, const struct context *context, const void *input,
                     const void **facts, struct fault *why);
bool read_totp(struct db_read *db, int64_t region, int64_t account_id, struct arena *arena,
               struct totp *out, struct fault *why);
/* How many recovery codes are left. */
bool read_recovery_left(struct db_read *db, int64_t region, int64_t account_id,
                        struct arena *arena, int64_t *left, struct fault *why);
/* What secrets are sealed under; empty: nothing has been yet. */
bool read_house_key(struct db_read *db, int64_t region, struct arena *arena, struct text *key,
                    struct fault *why);
bool read_delegation_grant(struct db_read *db, const struct context *context, const void *input,
                           const void **facts, struct fault *why);
bool read_delegation_revoke(struct db_read *db, const struct context *context, const void *input,
                            const void **facts, struct fault *why);
bool read_absence_record(struct db_read *db, const struct context *context, const void *input,
                         const void **facts, struct fault *why);
bool read_absence_end(struct db_read *db, const struct context *context, const void *input,
                      const void **facts, struct fault *why);
bool read_token_create(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why);
bool read_token_revoke(struct db_read *db, const struct context *context, const void *input,
                       const void **facts, struct fault *why);
/* The password hash of an open account of that login; empty if there is none. */
bool read_password_hash(struct db_read *db, int64_t region, struct text login, struct arena *arena,
                        struct text *hash, struct fault *why);
bool read_password_hash_of(struct db_read *db, int64_t region, int64_t account_id,
                           struct arena *arena, struct text *hash, struct fault *why);
/* Failed sign-ins that still count, of what the input's hashes say. */
bool read_failures(struct db_read *db, const struct context *context, const struct sign_in *wanted,
                   struct sign_in_facts *out, struct fault *why);
/* How long to wait after them, 0: not at all. */
int64_t sign_in_wait(const struct sign_in_facts *facts, int64_t now_ms);
/* The module's `stands`. */
bool identity_stands(struct db_read *db, const struct context *context, const struct actor *brought,
                     struct actor *out, bool *stands, struct fault *why);
struct text login_folded(struct text login, struct arena *arena);

/* What the writers of tables share. keep: the hash of the session that goes on, or empty. */
bool end_sessions(struct db *db, int64_t region, int64_t account_id, struct text keep,
                  struct fault *why);
/* The code that a sign-in used up. */
bool use_second_step(struct db *db, const struct entry_head *head,
                     const struct session_opened *body, struct fault *why);

/* By whose word a session was opened, if not by a password. */
bool keep_way(struct db *db, const struct entry_head *head, const struct session_opened *body,
              struct fault *why);

/* What the decisions share. */
struct text subject_account(const struct context *context, int64_t account_id);
/* The next page, and the answer, are the account's. */
void answer_account(struct decision *out, const struct context *context, int64_t account_id);
/* Who may be away and say so, for themselves or others: who only watches holds no post that anybody
 * could stand in for. */
#define MAY_BE_ABSENT ((ROLE_WORK & ~ROLE_SUPERVISOR) | ROLE_SECURITY)
/* Of the steps of signing in: how long to wait; in; on to the code. code NULL: no second step. */
enum refusal refuse_waiting(struct decision *out, int64_t wait_ms);
void open_session(const struct sign_in_facts *known, const struct sign_in *wanted,
                  const struct sign_in_code *code, const struct context *context,
                  struct decision *out);
void ask_for_code(struct text next, struct decision *out);
enum refusal check_password(struct text password, struct text login, struct decision *out);

enum refusal decide_account_create(const void *facts, const void *input,
                                   const struct context *context, struct decision *out);
enum refusal decide_account_import(const void *facts, const void *input,
                                   const struct context *context, struct decision *out);
enum refusal decide_account_change(const void *facts, const void *input,
                                   const struct context *context, struct decision *out);
enum refusal decide_account_assign(const void *facts, const void *input,
                                   const struct context *context, struct decision *out);
enum refusal decide_account_close(const void *facts, const void *input,
                                  const struct context *context, struct decision *out);
enum refusal decide_password_set(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);
enum refusal decide_password_change(const void *facts, const void *input,
                                    const struct context *context, struct decision *out);
enum refusal decide_sign_in(const void *facts, const void *input, const struct context *context,
                            struct decision *out);
enum refusal decide_sign_in_code(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);
enum refusal decide_totp_begin(const void *facts, const void *input,
                               const struct context *context, struct decision *out);
enum refusal decide_totp_confirm(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);
enum refusal decide_totp_reset(const void *facts, const void *input,
                               const struct context *context, struct decision *out);
enum refusal decide_sign_out(const void *facts, const void *input, const struct context *context,
                             struct decision *out);
enum refusal decide_delegation_grant(const void *facts, const void *input,
                                     const struct context *context, struct decision *out);
enum refusal decide_delegation_revoke(const void *facts, const void *input,
                                      const struct context *context, struct decision *out);
enum refusal decide_absence_record(const void *facts, const void *input,
                                   const struct context *context, struct decision *out);
enum refusal decide_absence_end(const void *facts, const void *input,
                                const struct context *context, struct decision *out);
enum refusal decide_token_create(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);
enum refusal decide_token_revoke(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);

bool prepare_account_create(struct db_read *db, const struct context *context, void *input,
                            struct fault *why);
bool prepare_password_set(struct db_read *db, const struct context *context, void *input,
                          struct fault *why);
bool prepare_password_change(struct db_read *db, const struct context *context, void *input,
                             struct fault *why);
bool prepare_sign_in(struct db_read *db, const struct context *context, void *input,
                     struct fault *why);
bool prepare_sign_in_code(struct db_read *db, const struct context *context, void *input,
                          struct fault *why);
bool prepare_totp_begin(struct db_read *db, const struct context *context, void *input,
                        struct fault *why);
bool prepare_totp_confirm(struct db_read *db, const struct context *context, void *input,
                          struct fault *why);
bool prepare_token_create(struct db_read *db, const struct context *context, void *input,
                          struct fault *why);

/* totp.c. A secret is 20 bytes; a key is what secret_new makes. Empty or false: they do not fit. */
struct text totp_secret_new(struct arena *arena);
struct text totp_seal(struct text key, int64_t region, int64_t account_id, struct text secret,
                      struct arena *arena);
bool totp_open(struct text key, int64_t region, int64_t account_id, struct text sealed,
               struct arena *arena, struct text *secret);
/* In base32, as authenticators take it. */
struct text totp_words(struct text secret, struct arena *arena);
/* The six digits of that moment. */
bool totp_code(struct text secret, int64_t at_ms, char out[7]);
/* The step of 30 seconds, of the moment's or one beside it, whose code this is; 0: of none. */
int64_t totp_step(struct text secret, struct text code, int64_t at_ms);
/* The recovery code of that number follows from the secret; hashes of them are kept. */
struct text totp_recovery(struct text secret, int which, struct arena *arena);
struct text totp_recovery_hash(int64_t account_id, struct text code, struct arena *arena);

/* secret.c, for signing in by another house's word: what its failures are counted under, the stored
 * hash and how long to wait; a session's secrets; the cookie of the first step, the hash not empty. */
bool sign_in_look_up(struct db_read *db, const struct context *context, struct sign_in *wanted,
                     struct fault *why);
void sign_in_draw(struct sign_in *wanted, struct arena *arena);
struct text second_make(struct text login, struct text way, int64_t until_ms, struct text hash,
                        struct arena *arena);
bool password_fits(struct text password, struct text hash);

/* base64url of random bytes, and the hex SHA-256 under which the database knows a token. */
struct text secret_new(struct arena *arena);
struct text secret_hash(struct text secret, struct arena *arena);


#endif
