/* What the files share that let people in by another house's word; not for others. */
#ifndef YIMEN_IDENTITY_PROVIDER_H
#define YIMEN_IDENTITY_PROVIDER_H

#include "identity/parts.h"

/* An account of another house that is linked to one of here. */
struct link {
    int64_t link_id; /* the index of the entry that made it */
    int64_t account_id;
    struct text issuer, claim, subject;
    int64_t linked_at;
};

/* Event bodies. */
struct account_linked {
    int64_t link_id;
    int64_t account_id;
    struct text provider; /* its key then */
    struct text issuer, claim;
    struct text subject; /* private */
};
struct account_unlinked {
    int64_t link_id;
    int64_t account_id;
    struct text keep_session; /* private: hash of the session that goes on, or empty */
};

extern const struct event_kind account_linked_kind, account_unlinked_kind;

/* Facts. */
struct back_facts {
    bool linked;
    struct sign_in_facts of; /* the account that is linked */
};
struct link_facts {
    bool found; /* the account */
    struct account account;
    struct text password_hash;
    bool link_found; /* the one that is to be removed, or that has the subject already */
    struct link link;
    bool has_one; /* the account has a link to that issuer */
};

bool read_links(struct db_read *db, int64_t region, int64_t account_id, struct arena *arena,
                struct list *out, struct fault *why); /* of struct link */
bool read_link_of(struct db_read *db, int64_t region, const struct oidc_person *person,
                  struct arena *arena, struct link *out, bool *found, struct fault *why);

#define PREPARE(name)                                                                              \
    bool name(struct db_read *db, const struct context *context, void *input, struct fault *why)
#define READ(name)                                                                                 \
    bool name(struct db_read *db, const struct context *context, const void *input,                \
              const void **facts, struct fault *why)
#define DECIDE(name)                                                                               \
    enum refusal name(const void *facts, const void *input, const struct context *context,         \
                      struct decision *out)
PREPARE(prepare_sign_in_with);
PREPARE(prepare_link_begin);
PREPARE(prepare_sign_out_there);
PREPARE(prepare_sign_in_back);
PREPARE(prepare_link_back);
READ(read_link_begin);
READ(read_sign_in_back);
READ(read_link_back);
READ(read_link_add);
READ(read_link_remove);
DECIDE(decide_sign_in_with);
DECIDE(decide_link_begin);
DECIDE(decide_sign_out_there);
DECIDE(decide_sign_in_back);
DECIDE(decide_link_back);
DECIDE(decide_link_add);
DECIDE(decide_link_remove);

#endif
