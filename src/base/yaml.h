/* Reads a YAML 1.2 file into a struct that a shape describes. The file is taken apart by libfyaml,
 * every scalar is read by the same rules as a form's field, so that a file and a page can never
 * disagree about what is valid. Aliases, anchors, tags, several documents, repeated keys and
 * nesting over 16 are refused: a text that is reviewed like code says everything where it stands. */
#ifndef YIMEN_BASE_YAML_H
#define YIMEN_BASE_YAML_H

#include "base/arena.h"
#include "base/shape.h"
#include "base/text.h"

struct yaml_error {
    struct text file;
    int64_t line; /* from 1; 0: the file as a whole */
    struct text message; /* Chinese and English */
};

struct yaml_errors {
    struct arena *arena; /* set by the caller; holds the messages */
    struct yaml_error *items;
    size_t count;
};

/* Which line a field stands on. */
struct yaml_mark {
    struct text path; /* dotted: "materials.0.name" */
    int64_t line;
};

struct yaml_marks {
    struct yaml_mark *items; /* in the order of the file */
    size_t count;
};

/* Most bytes of a file. */
#define YAML_LIMIT ((size_t)4 << 20)

void yaml_error_add(struct yaml_errors *errors, struct text file, int64_t line,
                    const char *chinese, const char *english);
/* "places.yaml:12: …" for each error, a line each. */
struct text yaml_errors_text(const struct yaml_errors *errors, struct arena *arena);

/* Reads text as the file of that name; out is zeroed. Every error found is added; true when there
 * was none. marks may be NULL. */
bool yaml_parse(struct text yaml, struct text file, const struct shape *shape,
                struct arena *arena, void *out, struct yaml_marks *marks,
                struct yaml_errors *errors);
/* The same from a file on disk; errors name it as `name`. */
bool yaml_read(const char *path, struct text name, const struct shape *shape, struct arena *arena,
               void *out, struct yaml_marks *marks, struct yaml_errors *errors);

/* The line of a field, or of the nearest thing above it that has one; for what is missing from the
 * file's own mapping that is the line where the mapping begins. */
int64_t yaml_line(const struct yaml_marks *marks, struct text path);
/* Adds what a check found, each at its line. */
void yaml_problems_add(struct yaml_errors *errors, struct text file,
                       const struct yaml_marks *marks, const struct problems *problems);

/* The other way: a record as a mapping that yaml_parse reads back as it was. Fields in the shape's
 * order, "nothing" left out, a list's items one a line; always the same text for the same record.
 * Fields that are secret or the server's own are left out; private ones are not. */
void shape_to_yaml(const struct shape *shape, const void *record, struct buf *out);

#endif
