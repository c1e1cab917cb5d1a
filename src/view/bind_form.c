/* Forms: the part of bind.c that knows a command's input shape. */
#include <string.h>

#include "view/bind.h"

/* The value of a path parameter: a field of that name in the record, or in one around it. */
static bool bind_parameter(struct binder *binder, struct text name, struct source *out)
{
    for (size_t depth = binder->depth; depth-- > 0;) {
        const struct field *field = shape_field(binder->scopes[depth], name);
        if (!field)
            continue;
        *out = (struct source){.level = (int)depth, .field = field};
        if (field->type != FIELD_LIST && field->type != FIELD_TEXTS && field->type != FIELD_RECORD)
            return true;
    }
    return bind_fault(binder, "no field of the record gives this part of the form's path", name);
}

/* `class "…"` and `marks LIST`, whose items name a control and say what is wrong with it. */
static bool bind_form_options(struct binder *binder, struct form_open *form, struct text *class)
{
    const struct argument *words = binder->node->arguments;
    for (size_t i = 1; i < binder->node->count; i += 2) {
        bool pair = i + 1 < binder->node->count;
        if (pair && text_is(words[i].text, "class") && words[i + 1].quoted) {
            *class = words[i + 1].text;
            continue;
        }
        if (!pair || !text_is(words[i].text, "marks") || words[i + 1].quoted)
            return bind_fault(binder, "expected class \"…\" or marks LIST after the command",
                              words[0].text);
        if (!bind_path(binder, words[i + 1].text, &form->marks))
            return false;
        if (form->marks.field->type != FIELD_LIST || !form->marks.field->of)
            return bind_fault(binder, "marks need a list of records", words[i + 1].text);
        form->mark_name = bind_field(binder, form->marks.field->of, TEXT("field"));
        form->mark_words =
            form->mark_name ? bind_field(binder, form->marks.field->of, TEXT("message")) : NULL;
        if (!form->mark_words)
            return false;
        if (form->mark_name->type != FIELD_TEXT || form->mark_words->type != FIELD_TEXT)
            return bind_fault(binder, "a mark's field and message are texts", words[i + 1].text);
    }
    return true;
}

bool bind_form(struct binder *binder)
{
    const struct argument *words = binder->node->arguments;
    struct arena *arena = binder->view->arena;
    if (binder->form)
        return bind_fault(binder, "a form in a form", words[0].text);
    binder->form = view_form(binder->view, words[0].text);
    if (!binder->form || !binder->form->path)
        return bind_fault(binder, "no such command with a path", words[0].text);
    struct form_open *form = arena_alloc(arena, sizeof *form);
    struct text class = {0};
    if (!bind_form_options(binder, form, &class))
        return false;
    form->form = binder->form;
    struct text rest = text_of(binder->form->path), before;
    size_t room = 1;
    for (size_t i = 0; i < rest.len; i++)
        room += rest.at[i] == '{';
    form->parts = arena_array(arena, room, sizeof *form->parts);
    while (form->count < room && text_cut(&rest, '{', &before)) {
        struct path_part *part = &form->parts[form->count++];
        part->text = before;
        if (form->count == room)
            break;
        if (!text_cut(&rest, '}', &part->name) || !bind_parameter(binder, part->name, &part->value))
            return false;
    }
    struct op *op = bind_op(binder, OP_FORM);
    op->form = form;
    op->text = class;
    return true;
}

static bool segment_row(struct text segment)
{
    int64_t row;
    return text_is(segment, "#") || (text_int(segment, &row) && row >= 0);
}

/* Finds the field a control's name means: "materials.#.state". */
static const struct field *name_field(struct binder *binder, struct text name)
{
    const struct shape *shape = binder->form->input;
    const struct field *field = NULL;
    struct text rest = name, segment;
    if (!shape) {
        bind_fault(binder, "this command has no input", name);
        return NULL;
    }
    while (text_cut(&rest, '.', &segment)) {
        if (field && field->type == FIELD_LIST) {
            if (!segment_row(segment) || !text_cut(&rest, '.', &segment)) {
                bind_fault(binder, "a list's row is written list.#.field", name);
                return NULL;
            }
        }
        if (field && field->type != FIELD_LIST && field->type != FIELD_RECORD) {
            bind_fault(binder, "only a record has fields", name);
            return NULL;
        }
        field = bind_field(binder, field ? field->of : shape, segment);
        if (!field)
            return NULL;
        if (field->flags & FIELD_INTERNAL) {
            bind_fault(binder, "this field is set by the server", name);
            return NULL;
        }
    }
    return field;
}

static bool bind_name(struct binder *binder, struct text name, struct control_name *out)
{
    struct text rest = name, part;
    if (name.len > CONTROL_NAME / 2)
        return bind_fault(binder, "this name is too long", name);
    while (text_cut(&rest, '#', &part)) {
        if (out->rows == TEMPLATE_LEVELS)
            return bind_fault(binder, "too many rows in a name", name);
        out->parts[out->rows++] = part;
    }
    out->rows--;
    if (name.len && name.at[name.len - 1] == '#')
        return bind_fault(binder, "a name does not end with a row", name);
    if (out->rows >= binder->depth)
        return bind_fault(binder, "# is the row of an each or rows, and there is none", name);
    for (size_t i = 0; i < out->rows; i++)
        out->levels[i] = (int)(binder->depth - out->rows + i);
    return true;
}

static bool take_text(struct binder *binder, const struct argument *words, size_t count, size_t *at,
                      struct text *out)
{
    if (*at + 1 >= count || !words[*at + 1].quoted)
        return bind_fault(binder, "expected \"…\" after", words[*at].text);
    *out = words[++*at].text;
    return true;
}

static bool take_path(struct binder *binder, const struct argument *words, size_t count, size_t *at,
                      struct source *out)
{
    if (*at + 1 >= count || words[*at + 1].quoted)
        return bind_fault(binder, "expected a field's name after", words[*at].text);
    return bind_plain(binder, words[++*at].text, out);
}

static bool bind_options(struct binder *binder, const struct argument *words, size_t count,
                         struct control *control)
{
    for (size_t i = 0; i < count; i++) {
        struct text word = words[i].text;
        bool good = !words[i].quoted;
        if (!good)
            bind_fault(binder, "this text belongs to no option", word);
        else if (text_is(word, "from") &&
                 (control->kind == CONTROL_INPUTS || control->kind == CONTROL_CHECKBOXES))
            good = ++i < count ? bind_path(binder, words[i].text, &control->from) &&
                                     (control->from.field->type == FIELD_TEXTS ||
                                      bind_fault(binder, "expected a list of texts", word))
                               : bind_fault(binder, "expected a field's name after", word);
        else if (text_is(word, "from"))
            good = take_path(binder, words, count, &i, &control->from);
        else if (text_is(word, "for"))
            good = take_path(binder, words, count, &i, &control->row);
        else if (text_is(word, "label") && i + 1 < count && !words[i + 1].quoted)
            good = take_path(binder, words, count, &i, &control->named);
        else if (text_is(word, "label"))
            good = take_text(binder, words, count, &i, &control->label);
        else if (text_is(word, "hint"))
            good = take_text(binder, words, count, &i, &control->hint);
        else if (text_is(word, "autocomplete"))
            good = take_text(binder, words, count, &i, &control->autocomplete);
        else if (text_is(word, "heading"))
            control->heading = true;
        else if (text_is(word, "bare"))
            control->bare = true;
        else if (text_is(word, "short"))
            control->small = true;
        else if (text_is(word, "select"))
            control->select = true;
        else if (text_is(word, "radios"))
            control->radios = true;
        else if (text_is(word, "lines") && control->kind == CONTROL_INPUTS)
            control->lines = true;
        else
            good = bind_fault(binder, "no such option", word);
        if (!good)
            return false;
    }
    return true;
}

static size_t word_count(const struct word *words)
{
    size_t count = 0;
    while (words && words[count].name)
        count++;
    return count;
}

static bool field_kind(struct binder *binder, struct control *control)
{
    const struct field *field = control->field;
    switch (field->type) {
    case FIELD_TEXT:
        control->kind = field->flags & FIELD_LINES ? CONTROL_AREA : CONTROL_INPUT;
        return true;
    case FIELD_INT:
    case FIELD_TIME:
    case FIELD_DATE:
    case FIELD_MONEY:
        control->kind = CONTROL_INPUT;
        return true;
    case FIELD_BOOL:
        control->kind = CONTROL_CHECKBOX;
        return true;
    case FIELD_WORD:
        control->kind = CONTROL_RADIOS;
        return true;
    case FIELD_TEXTS:
        control->kind = CONTROL_INPUTS;
        return true;
    case FIELD_LIST:
    case FIELD_RECORD:
        break;
    }
    return bind_fault(binder, "name one field of the record or list", text_of(field->name));
}

static bool bind_hidden(struct binder *binder, const struct argument *words,
                        struct control *control)
{
    control->kind = CONTROL_HIDDEN;
    if (text_is(words[1].text, "from") && !words[2].quoted)
        return bind_plain(binder, words[2].text, &control->from);
    if (text_is(words[1].text, "is") && words[2].quoted) {
        control->fixed = words[2].text;
        return true;
    }
    return bind_fault(binder, "expected from NAME or is \"…\" after", words[0].text);
}

/* {{choices NAME LIST VALUE LABEL}} */
static bool bind_choices(struct binder *binder, const struct argument *words,
                         struct control *control)
{
    enum field_type type = control->field->type;
    struct option_list *options = &control->options;
    control->kind = type == FIELD_TEXTS ? CONTROL_CHECKBOXES : CONTROL_CHOICES;
    if (type != FIELD_TEXTS && type != FIELD_TEXT && type != FIELD_INT)
        return bind_fault(binder, "choices are for a text, a number or texts", words[0].text);
    if (!bind_path(binder, words[1].text, &options->list))
        return false;
    const struct field *list = options->list.field;
    if (list->type != FIELD_LIST || !list->of)
        return bind_fault(binder, "choices need a list of records", words[1].text);
    options->value = bind_field(binder, list->of, words[2].text);
    options->label = options->value ? bind_field(binder, list->of, words[3].text) : NULL;
    if (!options->label)
        return false;
    if (options->value->type > FIELD_WORD || options->label->type > FIELD_WORD)
        return bind_fault(binder, "a list or record is no value", words[2].text);
    return true;
}

static bool bind_words(struct binder *binder, struct control *control)
{
    const struct argument *words = binder->node->arguments;
    size_t taken = 1;
    bool good = true;
    if (binder->node->kind == NODE_HIDDEN)
        return bind_hidden(binder, words, control);
    if (binder->node->kind == NODE_FILE) {
        control->kind = CONTROL_FILE;
    } else if (binder->node->kind == NODE_CHOICES) {
        good = bind_choices(binder, words, control);
        taken = 4;
    } else {
        good = field_kind(binder, control);
    }
    return good && bind_options(binder, words + taken, binder->node->count - taken, control);
}

bool bind_control(struct binder *binder)
{
    struct program *program = binder->program;
    struct arena *arena = binder->view->arena;
    struct text name = binder->node->arguments[0].text;
    struct control *control = arena_alloc(arena, sizeof *control);
    bool file = binder->node->kind == NODE_FILE;
    if (!binder->form)
        return bind_fault(binder, "outside a form", name);
    if (file && !binder->form->upload)
        return bind_fault(binder, "this command takes no file", name);
    if (!file && !(control->field = name_field(binder, name)))
        return false;
    control->form = binder->form->name;
    if (!bind_name(binder, name, &control->name) || !bind_words(binder, control))
        return false;
    if (control->field && !control->label.len)
        control->label = speech_word(binder->view->speech, text_of(control->field->label), arena);
    if (control->field && !control->hint.len)
        control->hint = speech_word(binder->view->speech, text_of(control->field->hint), arena);
    if (!control->label.len && control->kind != CONTROL_HIDDEN)
        return bind_fault(binder, "this control has no label", name);
    if (control->field && control->kind == CONTROL_RADIOS && !control->radios &&
        (control->select || word_count(control->field->words) > 7))
        control->kind = CONTROL_SELECT;
    if (program->control_count == binder->control_cap) {
        size_t cap = binder->control_cap ? binder->control_cap * 2 : 16;
        program->controls =
            arena_grow(arena, program->controls, binder->control_cap * sizeof *program->controls,
                       cap * sizeof *program->controls);
        binder->control_cap = cap;
    }
    program->controls[program->control_count++] = control;
    program->size_hint += 512;
    bind_op(binder, OP_CONTROL)->control = control;
    return true;
}

static bool bind_submit_for(struct binder *binder, const struct argument *words, size_t at,
                            struct text look)
{
    struct control *control = arena_alloc(binder->view->arena, sizeof *control);
    if (at + 2 != binder->node->count || !text_is(words[at].text, "for") || words[at + 1].quoted)
        return bind_fault(binder, "expected for NAME after the button's words", words[0].text);
    control->label = words[0].text;
    control->fixed = look;
    if (!bind_plain(binder, words[at + 1].text, &control->row))
        return false;
    bind_op(binder, OP_SUBMIT)->control = control;
    return true;
}

bool bind_submit(struct binder *binder)
{
    const struct argument *words = binder->node->arguments;
    const char *look = "";
    if (!binder->form)
        return bind_fault(binder, "outside a form", words[0].text);
    if (!words[0].quoted)
        return bind_fault(binder, "a button's words are quoted", words[0].text);
    size_t taken = 1;
    if (taken < binder->node->count && !text_is(words[taken].text, "for")) {
        if (text_is(words[1].text, "warning"))
            look = " govuk-button--warning";
        else if (text_is(words[1].text, "secondary"))
            look = " govuk-button--secondary";
        else
            return bind_fault(binder, "a button is warning or secondary", words[1].text);
        taken++;
    }
    if (taken < binder->node->count)
        return bind_submit_for(binder, words, taken, text_of(look));
    buf_str(&binder->pending, "<button type=\"submit\" class=\"govuk-button");
    buf_str(&binder->pending, look);
    buf_str(&binder->pending, "\">");
    buf_html(&binder->pending, words[0].text);
    buf_str(&binder->pending, "</button>");
    return true;
}
