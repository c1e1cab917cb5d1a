/* What the files of this folder share; not for others. */
#ifndef YIMEN_OIDC_PARTS_H
#define YIMEN_OIDC_PARTS_H

#include <jansson.h>

#include "oidc/oidc.h"

/* token.c */
#define OIDC_TOKEN_MOST (16 * 1024) /* bytes of an ID token */
#define OIDC_LEEWAY_S 60            /* that two clocks may differ by */
#define OIDC_OLD_S 600              /* an ID token that was made longer ago was not made for this */
struct oidc_expected {
    const struct oidc_setting *setting;
    struct text nonce;
    int64_t now_s;
};
enum oidc_key { OIDC_KEY_KNOWN, OIDC_KEY_UNKNOWN };
/* NULL: the token holds, and *out is the person. Else what is wrong with it, for the log: nothing of
 * the token is in those words. *key UNKNOWN: no key of the set (a JWK Set, RFC 7517) is the one that
 * the token names; a newer set may have it. */
const char *oidc_token_wrong(struct text token, struct text keys,
                             const struct oidc_expected *expected, struct arena *arena,
                             struct oidc_person *out, enum oidc_key *key);
/* Whether the house can look at signatures of that name. */
bool oidc_signing_known(struct text signing);

/* The text of that name in an object; empty: none, or no text. */
struct text oidc_json_text(const json_t *object, const char *name, struct arena *arena);
/* base64url without padding (RFC 7515, section 2), both ways. */
struct text oidc_base64url(struct arena *arena, const void *bytes, size_t size);
bool oidc_unbase64url(struct arena *arena, struct text from, struct text *out);

/* trip.c. The secrets of one trip. */
struct oidc_secrets {
    struct text state, nonce, verifier;
    int64_t until_ms;
};
/* PKCE's challenge of a verifier: base64url of its SHA-256 (RFC 7636, section 4.2). */
struct text oidc_challenge(struct text verifier, struct arena *arena);
struct text oidc_trip_seal(const struct oidc_setting *setting, const struct oidc_trip *trip,
                           const struct oidc_secrets *secrets, struct arena *arena);
/* False: it was not sealed here for that provider and region, or is none. */
bool oidc_trip_open(const struct oidc_setting *setting, int64_t region, struct text sealed,
                    struct arena *arena, struct oidc_trip *trip, struct oidc_secrets *secrets);
/* The provider that a sealed trip names, before it is opened. */
struct text oidc_trip_provider(struct text sealed);

/* fetch.c */
struct oidc_answer {
    int status;
    struct text body;
    int64_t date_ms; /* the header Date; 0: none */
};
struct oidc_question {
    struct text url;
    const char *ca_file;
    const char *form;                 /* to be posted; NULL: GET */
    struct text user, password;       /* of HTTP Basic; empty user: none */
};
/* One question to a provider: 3 s to connect, 10 s in all, TLS looked at, no redirect followed, at
 * most 256 KiB. False: no whole answer came. */
bool oidc_fetch(const struct oidc_question *question, struct arena *arena,
                struct oidc_answer *out, struct fault *why);

#endif
