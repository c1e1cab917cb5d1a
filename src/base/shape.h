/* A shape describes a C struct once: from that one table come the reading of forms and JSON, the
 * journal's JSON and its replay, rows of SQL, answers, the variables of pages and the OpenAPI
 * document. So the page, the JSON answer and the description can never disagree.
 *
 * A field's C type is fixed by its field_type:
 *   FIELD_TEXT   struct text   UTF-8, length limits in code points
 *   FIELD_INT    int64_t       limits low..high
 *   FIELD_BOOL   bool          JSON true/false; form "true", "on", "1" / "false", "0"; SQL 0/1
 *   FIELD_TIME   int64_t       instant in ms; JSON RFC 3339 text; SQL integer
 *   FIELD_DATE   int64_t       days since 1970; JSON "YYYY-MM-DD"; SQL integer
 *   FIELD_MONEY  int64_t       fen; JSON integer; form "12.50" yuan; SQL integer; low..high in fen
 *   FIELD_WORD   int64_t       index into words; JSON, form and SQL the word's name
 *   FIELD_LIST   struct list   items of shape `of` (a list of records); SQL none
 *   FIELD_TEXTS  struct list   items are struct text of at most 4,000 characters; SQL none
 *   FIELD_RECORD embedded C struct of shape `of`; SQL none
 *
 * Absent and "nothing" are the same thing: the empty text, 0, false, the word 0, the empty list.
 * Such values are left out of the journal and read back as they were. Where 0 must differ from
 * absent, give the struct a bool of its own. Word 0 should therefore be the "not said" word. */
#ifndef YIMEN_BASE_SHAPE_H
#define YIMEN_BASE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/refusal.h"
#include "base/text.h"

struct list {
    void *items;
    size_t count;
};

enum field_type {
    FIELD_TEXT,
    FIELD_INT,
    FIELD_BOOL,
    FIELD_TIME,
    FIELD_DATE,
    FIELD_MONEY,
    FIELD_WORD,
    FIELD_LIST,
    FIELD_TEXTS,
    FIELD_RECORD,
};

enum field_flag {
    FIELD_REQUIRED = 1,  /* input without it is a problem */
    FIELD_PRIVATE = 2,   /* personal: never in the journal's public part, masked in logs */
    FIELD_SECRET = 4,    /* a password or token: never echoed, journalled or logged */
    FIELD_LINES = 8,     /* several lines may be written (a text area, line feeds allowed) */
    FIELD_INTERNAL = 16, /* set by the server; undeclared as far as input is concerned */
    FIELD_CODE = 32,     /* a machine's word, not a sentence: no translation, monospaced */
    FIELD_PARTIAL = 64,  /* a record that need not be finished: as input nothing in it is required, no
                            text or list in it too short; shape_check tells later what it lacks */
};

struct word {
    const char *name;  /* stable, lower case, snake_case */
    const char *label; /* Chinese, as printed */
};

struct shape;

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    unsigned flags;
    int64_t low;  /* least value, least number of characters or items */
    int64_t high; /* greatest; 0 means the type's default: 200 characters, 1000 items, INT64_MAX */
    const char *label;
    const char *hint; /* a sentence under the label, or NULL */
    const struct shape *of;
    const struct word *words; /* FIELD_WORD: ended by a NULL name */
    /* A further rule on a text (an ID card's check digit): true when the text is good. */
    bool (*check)(struct text value);
    const char *check_hint; /* what to do when check says no */
    /* How a typed text is written down before its length and rule are looked at; NULL: as typed. */
    struct text (*tidy)(struct text value, struct arena *arena);
};

struct shape {
    const char *name;
    const char *title;
    size_t size; /* of the C struct */
    const struct field *fields;
    size_t count;
};

/* The journal's writer sorts this many names without memory of its own; records lie in one another at
 * most this deep. */
#define SHAPE_MOST_FIELDS 128
#define SHAPE_MOST_DEEP 16
/* Asked once at start of every shape that is journalled: a longer or deeper one is a fault then, not a
 * field that is missing from an entry later. */
bool shape_sound(const struct shape *shape, struct fault *why);

#define SHAPE_FIELDS(array) .fields = (array), .count = sizeof(array) / sizeof *(array)

/* What is wrong with an input: all of it in one answer. Past PROBLEMS_MOST nothing more is noted, so
 * that a body full of nonsense costs no more than one that a person could have got wrong. */
#define PROBLEMS_MOST 200
struct problem {
    struct text field; /* dotted path: "materials.0.name"; empty: the input as a whole */
    enum refusal code;
    struct text message; /* what is wrong and what to do, in Chinese */
};

struct problems {
    struct problem *items;
    size_t count;
};

void problem_add(struct problems *problems, struct arena *arena, struct text field,
                 enum refusal code, struct text message);

/* Names and values as a form sends them, in order. */
struct pair {
    struct text name;
    struct text value;
};

struct pairs {
    struct pair *items;
    size_t count;
};

void pair_add(struct pairs *pairs, struct arena *arena, struct text name, struct text value);
/* The first value of that name, or the empty text; *found may be NULL. */
struct text pair_value(const struct pairs *pairs, struct text name, bool *found);
/* application/x-www-form-urlencoded (also a query string); false if malformed or over limit pairs. */
bool pairs_parse(struct text body, size_t limit, struct arena *arena, struct pairs *out);

/* Reads a form into out (zeroed by this function). Lists are written "materials.0.name"; texts lists
 * repeat their name, or bring one text on each line. Names starting with '_' belong to the door
 * (tokens) and are passed over. An undeclared, missing, repeated or overlong field is a problem;
 * every problem is found. True when there is none. Texts are trimmed, CRLF becomes LF; controls and
 * what is not seen (zero width) are refused. Money, and a whole number
 * whose label names its unit in （）, may be typed with full-width digits, with commas between
 * thousands and with the unit behind it. */
bool shape_from_form(const struct shape *shape, const struct pairs *form, struct arena *arena,
                     void *out, struct problems *problems);
/* The same from a JSON object (RFC 8259; duplicate names, non-integers and depth over 16 refused). */
bool shape_from_json(const struct shape *shape, struct text json, struct arena *arena, void *out,
                     struct problems *problems);

/* One text that came some other way, by the same rules as a field of a form. False after telling what
 * is wrong at path. */
bool shape_text(const struct field *field, struct text path, struct text value, struct arena *arena,
                struct problems *problems, struct text *out);

/* What shape_from_json would find wrong with a record that is there already, at the same paths: for one
 * that came as FIELD_PARTIAL. True when there is nothing. */
bool shape_check(const struct shape *shape, const void *record, struct arena *arena,
                 struct problems *problems);
/* True when the field holds "nothing". */
bool field_empty(const struct field *field, const void *record);

enum shape_part {
    SHAPE_ALL,     /* for an answer to somebody who may see everything; secrets are still left out */
    SHAPE_PUBLIC,  /* without private fields */
    SHAPE_PRIVATE, /* only private fields, the path to them kept */
};

/* Canonical JSON (RFC 8785) of one part, "nothing" values left out. */
void shape_to_json(const struct shape *shape, const void *record, enum shape_part part,
                   struct buf *out);
/* True when the private part holds anything. */
bool shape_has_private(const struct shape *shape, const void *record);
/* Replay: reads what shape_to_json wrote, onto a record that may already hold the other part.
 * Unknown names are a fault here (the journal is ours). */
bool shape_read_json(const struct shape *shape, struct text json, struct arena *arena, void *record,
                     struct fault *why);
/* Answers: every field is present, also the empty ones (a client can rely on it). */
void shape_to_answer(const struct shape *shape, const void *record, struct buf *out);

/* The value of one plain field as SQL and forms write it: see the table above. */
const struct field *shape_field(const struct shape *shape, struct text name);
struct text field_text(const struct field *field, const void *record, struct arena *arena);
/* The value as a person reads it: Chinese dates, yuan, labels of words, 是/否. */
struct text field_display(const struct field *field, const void *record, struct arena *arena);
/* The word of that name; false if there is none. */
bool word_index(const struct word *words, struct text name, int64_t *index);

/* JSON Schema (2020-12) of a shape, for OpenAPI 3.1: an object with additionalProperties false. The
 * first is of what may be sent, the second of what shape_to_answer writes. */
void shape_to_schema(const struct shape *shape, struct buf *out);
void shape_to_answer_schema(const struct shape *shape, struct buf *out);

#endif
