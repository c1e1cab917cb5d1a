/* A streaming reader of event logs in XES (IEEE 1849-2016, and XES 1.0 and 2.0 before it), plain or
 * gzip. It holds one trace header or one event in memory, never the file. It is strict where the
 * standard is definite, since a guess about a migrated case is worse than a refusal; what is only
 * odd is read as it stands (see xes_test.c: the table of files is the specification).
 *
 * Attributes come as given: a value is the text of the file after its type was checked. */
#ifndef YIMEN_APPROVAL_HISTORY_XES_H
#define YIMEN_APPROVAL_HISTORY_XES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/text.h"

enum xes_type {
    XES_STRING,
    XES_DATE,
    XES_INT,
    XES_FLOAT,
    XES_BOOLEAN,
    XES_ID,
    XES_LIST,
    XES_CONTAINER, /* XES 2.0 */
};

struct xes_attribute {
    enum xes_type type;
    struct text key;
    struct text value; /* empty for lists and containers */
    uint64_t hash;     /* text_hash of key */
    int64_t line;
    const struct xes_attribute *children; /* attributes of this attribute */
    const struct xes_attribute *values;   /* the items of a list */
    const struct xes_attribute *next;
};

struct xes_extension {
    struct text name, prefix, uri;
    const struct xes_extension *next;
};

struct xes_global {
    struct text scope; /* "trace", "event", or empty as given: event */
    const struct xes_attribute *attributes;
    const struct xes_global *next;
};

struct xes_classifier {
    struct text name, scope, keys; /* as given */
    const struct xes_classifier *next;
};

/* What stands before the first trace. */
struct xes_log {
    struct text version, features, openxes_version, creator; /* of <log>; empty if not given */
    const struct xes_extension *extensions;
    const struct xes_global *globals;
    const struct xes_classifier *classifiers;
    const struct xes_attribute *attributes;
};

/* Called in file order; what is passed lives until the function returns. False stops the reading
 * (XES_STOPPED). Each may be NULL. */
struct xes_handler {
    void *context;
    bool (*log)(void *context, const struct xes_log *log); /* once, before everything else */
    bool (*trace)(void *context, const struct xes_attribute *attributes);
    bool (*trace_end)(void *context);
    /* loose: an event of the log itself, outside any trace. */
    bool (*event)(void *context, const struct xes_attribute *attributes, bool loose);
};

/* Nothing here is endless. */
struct xes_limits {
    int64_t xml_bytes;     /* the unpacked file */
    int64_t ratio;         /* unpacked to packed … */
    int64_t ratio_from;    /* … once so many bytes are unpacked */
    int64_t token_bytes;   /* one tag, comment or instruction */
    int64_t value_bytes;   /* one key or value */
    int64_t attributes;    /* of one trace or event, nested ones counted */
    int64_t unit_bytes;    /* memory for one trace header or event */
    int64_t siblings;      /* side by side in one place, also in the header */
    int64_t header_bytes;  /* memory for all that stands before the first trace */
    int64_t depth;         /* attributes within attributes */
};
/* 16 GiB, 200 from 16 MiB on, 1 MiB, 64 KiB, 2000, 1 MiB, 10000, 8 MiB, 16. */
extern const struct xes_limits xes_default_limits;

enum xes_wrong {
    XES_FINE,
    XES_STOPPED,         /* a handler said so */
    XES_UNREADABLE,      /* the machine could not read the file */
    XES_ENDS_EARLY,      /* cut off */
    XES_DAMAGED,         /* gzip: checksum, length or stream */
    XES_BOMB,            /* unpacks to far more than it is */
    XES_TOO_BIG,
    XES_NOT_XML,         /* not well-formed */
    XES_ENCODING,        /* a character set that is not read */
    XES_DOCTYPE,         /* a document type: entities are refused outright */
    XES_NO_LOG,          /* no <log> */
    XES_TOKEN_LONG,
    XES_VALUE_LONG,
    XES_TOO_MANY,
    XES_HEADER_BIG,
    XES_TOO_DEEP,
    XES_ELEMENT_UNKNOWN,
    XES_ELEMENT_PLACE,   /* known, but not inside that one */
    XES_ORDER,           /* after something it must come before */
    XES_TEXT,            /* words between the tags */
    XES_NAME_UNKNOWN,    /* an XML attribute that the element does not have */
    XES_NAME_MISSING,
    XES_VALUE,           /* not of its type */
    XES_ZONE,            /* a date without time zone is no instant */
    XES_KEY_TWICE,
    XES_EXTENSION_TWICE,
    XES_EXTENSION_MISSING, /* the prefix of a standard extension that is not declared */
    XES_EXTENSION_KEY,     /* a key that the extension does not define */
    XES_EXTENSION_TYPE,
    XES_SCOPE,
    XES_GLOBAL_TYPE,     /* another type than the global declaration says */
    XES_CLASSIFIER_EMPTY,
    XES_CLASSIFIER_KEY,  /* not a global attribute of the scope */
    XES_LIST_VALUES,     /* not exactly one <values> */
    XES_WRONGS,
};

struct xes_error {
    enum xes_wrong wrong;
    int64_t line; /* 0: none, the file as a whole */
    char zh[480]; /* "第 15 行：…" what is wrong, what to do */
    char en[480]; /* "line 15: …" */
};

struct xes_found {
    struct hash file; /* SHA-256 of the bytes on disk, unpacked or not */
    int64_t file_bytes, xml_bytes, traces, events, loose_events;
};

/* Where the bytes come from. read: how many bytes were put into out, 0 at the end, -1 on error. */
struct xes_input {
    void *context;
    ptrdiff_t (*read)(void *context, void *out, size_t room);
};

/* Reads everything. False with the first error; the handlers may have been called until then, so
 * whoever changes something reads twice: first to check, then to act. limits NULL: the default. */
bool xes_read(const struct xes_input *input, const struct xes_limits *limits,
              const struct xes_handler *handler, struct xes_found *found, struct xes_error *error);
/* The same over an open file, from its beginning. */
bool xes_read_file(int fd, const struct xes_limits *limits, const struct xes_handler *handler,
                   struct xes_found *found, struct xes_error *error);
bool xes_read_memory(struct text bytes, const struct xes_limits *limits,
                     const struct xes_handler *handler, struct xes_found *found,
                     struct xes_error *error);

/* "string", "date", … and back; false if there is no such type. */
const char *xes_type_name(enum xes_type type);
bool xes_type_of(struct text name, enum xes_type *type);
/* xs:dateTime with a zone, to an instant; false otherwise. */
bool xes_instant(struct text value, int64_t *at_ms);
/* The attribute of that key, or NULL. */
const struct xes_attribute *xes_find(const struct xes_attribute *list, struct text key);
/* Canonical JSON (RFC 8785): [{"children":[…],"key":"…","type":"…","value":"…","values":[…]}, …],
 * children left out where there are none, values only in lists. */
void xes_json(const struct xes_attribute *list, struct buf *out);
/* The whole header: {"attributes":…,"classifiers":…,"extensions":…,"globals":…,"log":{…}}. */
void xes_log_json(const struct xes_log *log, struct buf *out);

#endif
