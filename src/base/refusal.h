/* A refusal is an expected answer: a stable code from this one list, said to the person in plain
 * words (what is wrong, what to do). Append only; a code's name and number never change. */
#ifndef YIMEN_BASE_REFUSAL_H
#define YIMEN_BASE_REFUSAL_H

enum refusal {
    OK = 0,
    /* input */
    REFUSED_MISSING = 1,      /* a required field is empty */
    REFUSED_UNDECLARED = 2,   /* a field nobody declared */
    REFUSED_TOO_LONG = 3,
    REFUSED_TOO_SHORT = 4,
    REFUSED_MALFORMED = 5,    /* not a number, date, word of the list, … */
    REFUSED_OUT_OF_RANGE = 6,
    REFUSED_REPEATED = 7,     /* a single field came twice */
    REFUSED_BODY = 8,         /* the body is not the form or JSON it says it is */
    REFUSED_TOO_LARGE = 9,
    REFUSED_UNSUPPORTED = 10, /* media type not served here */
    REFUSED_METHOD = 11,      /* nothing at this address takes this method */
    /* who */
    REFUSED_SIGN_IN = 20,     /* sign in first */
    REFUSED_ROLE = 21,        /* the role does not allow it */
    REFUSED_TOKEN = 22,       /* the form is stale or came from another site (CSRF) */
    REFUSED_PASSWORD = 23,    /* account and password do not match, or the account is closed */
    REFUSED_GRANT = 24,       /* outside the delegation */
    REFUSED_SAME_PERSON = 25, /* duties that two people must have */
    REFUSED_DEPARTMENT = 26,  /* another department's matter */
    REFUSED_LOOK_ONLY = 27,   /* supervisors look, they touch nothing */
    REFUSED_TOO_MANY = 28,    /* too many attempts, wait */
    REFUSED_CODE = 29,        /* the code of the second step is wrong, over or used */
    REFUSED_SCOPE = 31,       /* the token was not given for this */
    REFUSED_ENROL = 30,       /* this post signs in with a second step: set it up first */
    REFUSED_PROVIDER = 32,    /* whoever should vouch cannot be reached, or answers nonsense */
    REFUSED_DENIED = 33,      /* whoever should vouch, or the person there, said no */
    REFUSED_PROOF = 34,       /* what vouches does not hold */
    REFUSED_UNLINKED = 35,    /* somebody vouched for, of whom there is no account here */
    /* what */
    REFUSED_NOT_FOUND = 40,
    REFUSED_STATE = 41,       /* not possible in this state */
    REFUSED_STALE = 42,       /* somebody else was first; look again */
    REFUSED_EXISTS = 43,      /* is there already */
    REFUSED_NOT_YET = 44,
    REFUSED_TOO_LATE = 45,
    REFUSED_ONCE = 46,        /* may be done only once */
    REFUSED_CALENDAR = 47,    /* the calendar of that year is not published */
    REFUSED_MATERIAL = 48,    /* a required material is missing or not to be deferred */
    REFUSED_REASON = 49,      /* the law asks for a reason */
    REFUSED_ITEM = 50,        /* the item is not offered (withdrawn, not yet in force) */
    REFUSED_IDEMPOTENCY = 51, /* the key was used for another request */
    REFUSED_REFERENCE = 52,   /* names something that does not exist */
    REFUSED_CONFLICT = 53,    /* contradicts something else in the same input */
    REFUSED_LIMIT = 54,       /* over a limit of the house or the law */
};

struct refusal_text {
    enum refusal code;
    const char *name;   /* "state": the stable word in JSON, the end of the problem type's URI */
    int status;         /* HTTP */
    const char *title;  /* Chinese, a few words */
    const char *remedy; /* Chinese, what to do */
    const char *english;
};

/* Never NULL; an unknown code gives the entry of OK. */
const struct refusal_text *refusal_text(enum refusal code);
/* All entries, ended by a NULL name. */
const struct refusal_text *refusal_list(void);

#endif
