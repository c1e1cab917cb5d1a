/* Inside base: what the reader of forms and the reader of JSON have in common. */
#ifndef YIMEN_BASE_SHAPE_INPUT_H
#define YIMEN_BASE_SHAPE_INPUT_H

#include "base/shape.h"

#define MOST_CHARS_OF_ONE 4000 /* of a list of texts, each */

struct input {
    struct arena *arena;
    struct problems *problems;
    bool partial; /* within a record that need not be finished */
};

void input_problem(const struct input *input, struct text path, const struct field *field,
                   enum refusal code, const char *detail);
/* Puts a value written as a form writes it into the record; money is in yuan if yuan is set. */
void input_value(const struct input *input, struct text path, const struct field *field,
                 struct text value, bool yuan, void *record);
void input_number(const struct input *input, struct text path, const struct field *field,
                  int64_t number, void *record);
/* Checks one text against the field's rules and cleans it. False after telling the problem. */
bool input_text(const struct input *input, struct text path, const struct field *field,
                struct text value, struct text *out);
/* After all values: required fields that stayed empty, lists too short. */
void input_required(const struct input *input, struct text prefix, const struct shape *shape,
                    const void *record);
struct text input_path(const struct input *input, struct text prefix, const char *name);
struct text input_item_path(const struct input *input, struct text prefix, size_t index);
int64_t field_most(const struct field *field);

#endif
