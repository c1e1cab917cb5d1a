/* Signing in by another house's word: OpenID Connect Core 1.0, authorization code flow, with PKCE
 * (RFC 7636, S256), state, nonce and the issuer's name in the answer (RFC 9207), as RFC 9700 wants.
 * This room speaks the protocol and knows no account, session or database.
 *
 * Whatever it asks of a provider takes time: never on a loop's thread. Safe for all threads. */
#ifndef YIMEN_OIDC_OIDC_H
#define YIMEN_OIDC_OIDC_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/shape.h"
#include "base/text.h"

/* What the configuration says of a provider. */
struct oidc_setting {
    struct text key;  /* how addresses and the journal call it: small letters, digits, - */
    struct text name; /* as people know it, on the button */
    struct text issuer;
    struct text client_id;
    struct text secret;  /* of the client; read from a file, never shown */
    struct text scopes;  /* "openid profile" */
    struct text claim;   /* of the ID token, that tells people apart and stays with them: sub */
    struct text signing; /* the one algorithm that signs ID tokens here: RS256, PS256, ES256, … */
    struct list second;  /* struct text: an `amr` or `acr` that says a second factor was used */
    const char *ca_file; /* whom to trust over TLS; NULL: the system's certificate authorities */
};

#define OIDC_BACK_PATH "/staff/sign-in/back" /* where providers send the browser back to */
/* Whether a state that a browser brings back is one of linking; who made it up says so too. */
bool oidc_state_links(struct text state);
#define OIDC_BEGUN_MS (10 * INT64_C(60000))  /* from leaving to coming back, at most */

struct oidc;
/* settings and what they point to are copied. False: one that cannot be used, and why. */
bool oidc_new(const struct oidc_setting *settings, size_t count, struct oidc **out,
              struct fault *why);
void oidc_free(struct oidc *oidc);
/* NULL oidc: there is no provider. */
size_t oidc_count(const struct oidc *oidc);
const struct oidc_setting *oidc_at(const struct oidc *oidc, size_t i);
const struct oidc_setting *oidc_find(const struct oidc *oidc, struct text key);
/* What is wrong with an issuer's address: it must be https, or plain http on this very machine. NULL:
 * nothing. */
const char *oidc_address_wrong(struct text address);

enum oidc_end {
    OIDC_GOOD,
    OIDC_UNKNOWN, /* there is no such provider (any more) */
    OIDC_DENIED,  /* the person, or the provider, said no */
    OIDC_STALE,   /* begun too long ago, in another browser, or used already */
    OIDC_AWAY,    /* cannot be reached, or answers what is no answer */
    OIDC_FORGED,  /* the proof does not hold */
};

/* What is remembered while the browser is away; it travels in a cookie, sealed under the client's
 * secret, so that nothing is kept here and several servers know it. */
struct oidc_trip {
    struct text provider;
    struct text back; /* the absolute address that the provider sends the browser back to */
    struct text next; /* where the person wanted to go */
    int64_t account;  /* who is signed in and wants to be linked; 0: somebody signs in */
    int64_t region;
};
struct oidc_begun {
    struct text url;  /* where the browser goes */
    struct text trip; /* the cookie */
};
/* now_ms: the world's clock, as in all of this. *why says more of what is not good, for the log. */
enum oidc_end oidc_begin(struct oidc *oidc, const struct oidc_trip *trip, int64_t now_ms,
                         struct arena *arena, struct oidc_begun *out, struct fault *why);

/* What the browser brought back. */
struct oidc_return {
    struct text trip; /* the cookie */
    struct text state, code, error, issuer;
};
struct oidc_person {
    struct text issuer;
    struct text claim;
    struct text subject;
    bool second;         /* it says that a second factor was used, and the setting counts that */
    struct text id_token; /* for signing out there later */
};
/* Asks the provider for the proof and looks at it. *trip is filled whenever the cookie could be
 * opened. */
enum oidc_end oidc_finish(struct oidc *oidc, const struct oidc_return *back, int64_t region,
                          int64_t now_ms, struct arena *arena, struct oidc_trip *trip,
                          struct oidc_person *out, struct fault *why);

/* Where a browser goes to sign out there too (RP-Initiated Logout 1.0); empty: no such page. */
enum oidc_end oidc_leave(struct oidc *oidc, struct text provider, struct text id_token,
                         struct text after, struct arena *arena, struct text *url,
                         struct fault *why);

/* For `yimen doctor`: asks afresh. *ahead_ms: how far the provider's clock is ahead of now_ms. */
enum oidc_end oidc_check(struct oidc *oidc, struct text provider, int64_t now_ms,
                         struct arena *arena, int64_t *ahead_ms, struct fault *why);

#endif
