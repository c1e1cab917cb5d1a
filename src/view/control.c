/* The controls of forms, in the markup of govuk-frontend. */
#include "view/template.h"

/* One control while it is written. */
struct making {
    struct render *render;
    const struct control *control;
    struct buf *out;
    struct text name;
    struct text id;
    bool wrong;
    bool hint; /* a hint is shown */
};

static void name_write(const struct render *render, const struct control_name *name,
                       struct buf *out)
{
    for (size_t i = 0; i <= name->rows; i++) {
        buf_text(out, name->parts[i]);
        if (i < name->rows)
            buf_int(out, (int64_t)render->rows[name->levels[i]]);
    }
}

/* The refused form's ids have no number, so that the summary can link to them. */
static struct text control_id(const struct render *render, struct text name)
{
    struct buf id = {.arena = render->out->arena};
    buf_char(&id, 'f');
    if (!render->form_sent)
        buf_int(&id, render->form_number);
    buf_char(&id, '-');
    buf_text(&id, name);
    return buf_done(&id);
}

static void attribute(struct buf *out, const char *name, struct text value)
{
    buf_char(out, ' ');
    buf_str(out, name);
    buf_str(out, "=\"");
    buf_html(out, value);
    buf_char(out, '"');
}

/* The same words with the field called by another label. */
static struct text renamed(struct text words, struct text old, struct text label,
                           struct arena *arena)
{
    struct text quoted = text_format(arena, "“%.*s”", TEXT_ARG(old));
    if (!old.len || !label.len)
        return words;
    int64_t at = text_find(words, quoted);
    if (at < 0)
        return words;
    return text_format(arena, "%.*s“%.*s”%.*s", (int)at, words.at, TEXT_ARG(label),
                       TEXT_ARG(text_slice(words, (size_t)at + quoted.len, words.len)));
}

/* A value of the record as the page says it. */
static struct text field_said(const struct making *making, const struct source *source)
{
    return render_say(making->render,
                      field_display(source->field, source_record(making->render, source),
                                    making->out->arena));
}

static void word(const struct making *making, const char *words)
{
    buf_text(making->out, render_word(making->render, words));
}

/* The problem by the label that the control bears: what read the form knew the shape's alone, and
 * people look for the one they saw. */
static struct text said(const struct making *making, const struct problem *problem)
{
    const struct control *control = making->control;
    const struct render *render = making->render;
    struct text left_out = render_word(render, "（选填）"), old = TEXT("");
    struct arena *arena = making->out->arena;
    struct text label = control->label;
    if (control->named.field)
        label = said_plain(field_said(making, &control->named), arena);
    if (text_ends(label, left_out))
        label.len -= left_out.len;
    if (control->field && control->field->label)
        old = render_word(render, control->field->label);
    return renamed(render_say(render, problem_words(problem)), old, label, arena);
}

static bool problems_mark(struct making *making)
{
    const struct problems *problems = making->render->frame->problems;
    bool found = false;
    if (!making->render->form_sent || !making->render->shown)
        return false;
    for (size_t i = 0; i < problems->count; i++)
        if (text_equal(problems->items[i].field, making->name)) {
            making->render->shown[i] = said(making, &problems->items[i]);
            found = true;
        }
    return found;
}

/* What the page itself says is wrong with the control: of what is saved, so not beside what was just
 * sent and refused. NULL: nothing more from *at on. */
static const struct text *mark_next(const struct making *making, size_t *at)
{
    const struct form_open *form = making->render->form;
    if (making->render->form_sent || !form || !form->marks.field)
        return NULL;
    const struct list *list =
        (const void *)((const char *)source_record(making->render, &form->marks) +
                       form->marks.field->offset);
    while (*at < list->count) {
        const char *mark = (const char *)list->items + (*at)++ * form->marks.field->of->size;
        if (text_equal(*(const struct text *)(const void *)(mark + form->mark_name->offset),
                       making->name))
            return (const void *)(mark + form->mark_words->offset);
    }
    return NULL;
}

static bool marked(const struct making *making)
{
    size_t at = 0;
    return mark_next(making, &at);
}

static void problems_write(const struct making *making)
{
    const struct problems *problems = making->render->frame->problems;
    bool first = true;
    for (size_t i = 0; i < problems->count; i++) {
        if (!text_equal(problems->items[i].field, making->name))
            continue;
        buf_str(making->out, first ? "" : "<br>");
        buf_said_html(making->out, making->render->shown[i]);
        first = false;
    }
}

static void error_write(const struct making *making)
{
    size_t at = 0, number = 0;
    if (!making->wrong)
        return;
    buf_str(making->out, "<p class=\"govuk-error-message\" id=\"");
    buf_html(making->out, making->id);
    buf_str(making->out, "-error\"><span class=\"govuk-visually-hidden\">");
    word(making, "错误：");
    buf_str(making->out, "</span>");
    if (making->render->form_sent)
        problems_write(making);
    for (const struct text *words; (words = mark_next(making, &at)); number++) {
        buf_str(making->out, number ? "<br>" : "");
        buf_said_html(making->out, render_say(making->render, *words));
    }
    buf_str(making->out, "</p>");
}

static void hint_write(const struct making *making)
{
    if (!making->hint)
        return;
    buf_str(making->out, "<div class=\"govuk-hint\" id=\"");
    buf_html(making->out, making->id);
    buf_str(making->out, "-hint\">");
    if (making->control->hint.len)
        buf_html(making->out, making->control->hint);
    else
        word(making, making->control->field->type == FIELD_DATE ? "例如 2014-05-04"
                                                                : "例如 2014-05-04 09:00");
    buf_str(making->out, "</div>");
}

static void described_write(const struct making *making)
{
    if (making->hint || making->wrong) {
        buf_str(making->out, " aria-describedby=\"");
        if (making->hint) {
            buf_html(making->out, making->id);
            buf_str(making->out, making->wrong ? "-hint " : "-hint");
        }
        if (making->wrong) {
            buf_html(making->out, making->id);
            buf_str(making->out, "-error");
        }
        buf_char(making->out, '"');
    }
}

static void label_words(const struct making *making)
{
    const struct control *control = making->control;
    struct buf *out = making->out;
    /* Words of the record say themselves what may be left out. */
    if (control->named.field) {
        buf_said_html(out, field_said(making, &control->named));
        return;
    }
    buf_html(out, control->label);
    if (control->row.field) {
        buf_str(out, "<span class=\"govuk-visually-hidden\">");
        word(making, "：");
        buf_said_html(out, field_said(making, &control->row));
        buf_str(out, "</span>");
    }
    if (control->field && !(control->field->flags & FIELD_REQUIRED) &&
        control->kind != CONTROL_CHECKBOX)
        word(making, "（选填）");
}

static void label_write(const struct making *making)
{
    const struct control *control = making->control;
    struct buf *out = making->out;
    buf_str(out, control->heading ? "<h1 class=\"govuk-label-wrapper\">" : "");
    buf_str(out, "<label class=\"govuk-label");
    buf_str(out, control->heading ? " govuk-label--l" : "");
    buf_str(out, control->bare ? " govuk-visually-hidden\"" : "\"");
    attribute(out, "for", making->id);
    buf_char(out, '>');
    label_words(making);
    buf_str(out, control->heading ? "</label></h1>" : "</label>");
}

static void group_begin(const struct making *making)
{
    buf_str(making->out, making->wrong ? "<div class=\"govuk-form-group govuk-form-group--error\">"
                                       : "<div class=\"govuk-form-group\">");
}

static void fieldset_begin(const struct making *making)
{
    const struct control *control = making->control;
    struct buf *out = making->out;
    group_begin(making);
    buf_str(out, "<fieldset class=\"govuk-fieldset\"");
    described_write(making);
    buf_str(out, "><legend class=\"govuk-fieldset__legend");
    buf_str(out, control->heading ? " govuk-fieldset__legend--l" : "");
    buf_str(out, control->bare ? " govuk-visually-hidden\">" : "\">");
    buf_str(out, control->heading ? "<h1 class=\"govuk-fieldset__heading\">" : "");
    label_words(making);
    buf_str(out, control->heading ? "</h1></legend>" : "</legend>");
    hint_write(making);
    error_write(making);
}

static void fieldset_end(const struct making *making)
{
    buf_str(making->out, "</fieldset></div>");
}

/* What the control starts with: what was sent, or a value of the record. */
static struct text start_value(const struct making *making)
{
    const struct control *control = making->control;
    struct arena *arena = making->out->arena;
    if (control->field && control->field->flags & FIELD_SECRET)
        return TEXT("");
    if (making->render->form_sent)
        return pair_value(making->render->frame->sent, making->name, NULL);
    if (!control->from.field || control->kind == CONTROL_CHECKBOXES)
        return TEXT("");
    const struct field *field = control->from.field;
    const char *record = source_record(making->render, &control->from);
    if (field->type == FIELD_TIME) {
        struct text iso = field_text(field, record, arena);
        return iso.len < 16 ? iso : text_format(arena, "%.10s %.5s", iso.at, iso.at + 11);
    }
    bool number = field->type == FIELD_INT || field->type == FIELD_MONEY;
    if (number && *(const int64_t *)(const void *)(record + field->offset) == 0)
        return TEXT("");
    return field_text(field, record, arena);
}

/* Whether a value was chosen, among several that may be. */
static bool chosen(const struct making *making, struct text start, struct text value)
{
    const struct pairs *sent = making->render->frame->sent;
    const struct source *from = &making->control->from;
    if (making->control->kind != CONTROL_CHECKBOXES)
        return text_equal(start, value);
    if (!making->render->form_sent && from->field) {
        const struct list *list =
            (const void *)((const char *)source_record(making->render, from) + from->field->offset);
        for (size_t i = 0; i < list->count; i++)
            if (text_equal(((const struct text *)list->items)[i], value))
                return true;
    }
    if (!making->render->form_sent)
        return false;
    for (size_t i = 0; i < sent->count; i++)
        if (text_equal(sent->items[i].name, making->name) &&
            text_equal(sent->items[i].value, value))
            return true;
    return false;
}

static void input_width(const struct making *making)
{
    const struct field *field = making->control->field;
    const char *width = "";
    if (field->type == FIELD_DATE || field->type == FIELD_MONEY) /* always so many characters */
        width = " govuk-input--width-10";
    else if (making->control->small || field->type == FIELD_INT)
        width = " govuk-input--width-5";
    else if (field->type == FIELD_TIME || (field->high > 0 && field->high <= 20))
        width = " govuk-input--width-20";
    buf_str(making->out, width);
}

static void input_type(const struct making *making)
{
    const struct control *control = making->control;
    const struct field *field = control->field;
    struct text complete = control->autocomplete;
    struct buf *out = making->out;
    if (field->flags & FIELD_SECRET) {
        buf_str(out, " type=\"password\"");
        if (!complete.len)
            complete = TEXT("current-password");
    } else if (text_is(complete, "tel") || text_is(complete, "email")) {
        attribute(out, "type", complete);
    } else {
        buf_str(out, " type=\"text\"");
    }
    if (field->type == FIELD_INT)
        buf_str(out, " inputmode=\"numeric\"");
    else if (field->type == FIELD_MONEY)
        buf_str(out, " inputmode=\"decimal\"");
    if (field->type != FIELD_TEXT || field->flags & FIELD_CODE)
        buf_str(out, " spellcheck=\"false\"");
    if (complete.len)
        attribute(out, "autocomplete", complete);
}

static void one_input(const struct making *making, struct text value)
{
    struct buf *out = making->out;
    buf_str(out, "<input class=\"govuk-input");
    buf_str(out, making->wrong ? " govuk-input--error" : "");
    buf_str(out, making->control->field->flags & FIELD_CODE ? " ym-input--code" : "");
    input_width(making);
    buf_char(out, '"');
    attribute(out, "id", making->id);
    attribute(out, "name", making->name);
    input_type(making);
    attribute(out, "value", value);
    described_write(making);
    buf_str(out, making->wrong ? " aria-invalid=\"true\">" : ">");
}

static void input_write(const struct making *making)
{
    bool money = making->control->field->type == FIELD_MONEY;
    struct buf *out = making->out;
    group_begin(making);
    label_write(making);
    hint_write(making);
    error_write(making);
    buf_str(out, money ? "<div class=\"govuk-input__wrapper\">" : "");
    one_input(making, start_value(making));
    if (money) {
        buf_str(out, "<div class=\"govuk-input__suffix\" aria-hidden=\"true\">");
        word(making, "元");
        buf_str(out, "</div></div>");
    }
    buf_str(out, "</div>");
}

/* Of a texts field with `lines`: the saved ones one to a line, or what was typed. */
static struct text area_value(const struct making *making)
{
    const struct control *control = making->control;
    struct buf out = {.arena = making->out->arena};
    if (!control->lines || making->render->form_sent || !control->from.field)
        return start_value(making);
    const struct list *list =
        (const void *)((const char *)source_record(making->render, &control->from) +
                       control->from.field->offset);
    for (size_t i = 0; i < list->count; i++) {
        buf_str(&out, i ? "\n" : "");
        buf_text(&out, ((const struct text *)list->items)[i]);
    }
    return buf_done(&out);
}

static void area_write(const struct making *making)
{
    struct buf *out = making->out;
    group_begin(making);
    label_write(making);
    hint_write(making);
    error_write(making);
    buf_str(out, "<textarea class=\"govuk-textarea");
    buf_str(out, making->wrong ? " govuk-textarea--error\"" : "\"");
    attribute(out, "id", making->id);
    attribute(out, "name", making->name);
    buf_str(out, making->control->small || making->control->bare ? " rows=\"2\"" : " rows=\"5\"");
    described_write(making);
    /* The line feed is not part of the value: HTML drops the first one. */
    buf_str(out, making->wrong ? " aria-invalid=\"true\">\n" : ">\n");
    buf_html(out, area_value(making));
    buf_str(out, "</textarea></div>");
}

static void file_write(const struct making *making)
{
    struct buf *out = making->out;
    group_begin(making);
    label_write(making);
    hint_write(making);
    error_write(making);
    buf_str(out, "<input type=\"file\" class=\"govuk-file-upload");
    buf_str(out, making->wrong ? " govuk-file-upload--error\"" : "\"");
    attribute(out, "id", making->id);
    attribute(out, "name", making->name);
    described_write(making);
    buf_str(out, "></div>");
}

/* One radio or checkbox; the first has the plain id, which the summary links to. */
static void box_write(const struct making *making, bool radio, size_t number, struct text value,
                      struct text label, bool checked)
{
    struct buf *out = making->out;
    struct text id = making->id;
    if (number)
        id = text_format(out->arena, "%.*s-%zu", TEXT_ARG(making->id), number + 1);
    buf_str(out, radio ? "<div class=\"govuk-radios__item\">"
                         "<input class=\"govuk-radios__input\" type=\"radio\""
                       : "<div class=\"govuk-checkboxes__item\">"
                         "<input class=\"govuk-checkboxes__input\" type=\"checkbox\"");
    attribute(out, "id", id);
    attribute(out, "name", making->name);
    attribute(out, "value", value);
    if (making->control->kind == CONTROL_CHECKBOX)
        described_write(making);
    buf_str(out, checked ? " checked>" : ">");
    buf_str(out, radio ? "<label class=\"govuk-label govuk-radios__label\""
                       : "<label class=\"govuk-label govuk-checkboxes__label\"");
    attribute(out, "for", id);
    buf_char(out, '>');
    buf_said_html(out, label);
    buf_str(out, "</label></div>");
}

static void option_write(struct buf *out, struct text value, struct text label, bool selected)
{
    buf_str(out, "<option");
    attribute(out, "value", value);
    /* No element may stand in an option: what is data from end to end says so itself. */
    if (label.len && label.at[0] == DATA_BEGIN && label.at[label.len - 1] == DATA_END)
        buf_str(out, " lang=\"zh-CN\"");
    buf_str(out, selected ? " selected>" : ">");
    buf_said_words(out, label);
    buf_str(out, "</option>");
}

static void select_begin(const struct making *making)
{
    struct buf *out = making->out;
    group_begin(making);
    label_write(making);
    hint_write(making);
    error_write(making);
    buf_str(out, "<select class=\"govuk-select");
    buf_str(out, making->wrong ? " govuk-select--error\"" : "\"");
    attribute(out, "id", making->id);
    attribute(out, "name", making->name);
    described_write(making);
    buf_str(out, making->wrong ? " aria-invalid=\"true\">" : ">");
    option_write(out, TEXT(""), render_word(making->render, "请选择"), false);
}

static void boxes_begin(const struct making *making, bool radio)
{
    const struct control *control = making->control;
    fieldset_begin(making);
    buf_format(making->out, "<div class=\"govuk-%s%s%s\">", radio ? "radios" : "checkboxes",
               control->bare && radio ? " govuk-radios--inline" : "",
               control->bare || control->small
                   ? radio ? " govuk-radios--small" : " govuk-checkboxes--small"
                   : "");
}

static void words_write(const struct making *making)
{
    const struct word *words = making->control->field->words;
    bool radios = making->control->kind == CONTROL_RADIOS;
    struct text start = start_value(making);
    if (radios)
        boxes_begin(making, true);
    else
        select_begin(making);
    /* Word 0 is "not said". */
    for (size_t i = 1; words[0].name && words[i].name; i++) {
        struct text name = text_of(words[i].name);
        struct text label = render_word(making->render, words[i].label);
        bool is = text_equal(start, name);
        if (radios)
            box_write(making, true, i - 1, name, label, is);
        else
            option_write(making->out, name, label, is);
    }
    buf_str(making->out, radios ? "</div>" : "</select></div>");
    if (radios)
        fieldset_end(making);
}

static void choices_write(const struct making *making)
{
    const struct control *control = making->control;
    const struct option_list *options = &control->options;
    const struct list *list =
        (const void *)((const char *)source_record(making->render, &options->list) +
                       options->list.field->offset);
    size_t size = options->list.field->of->size;
    bool many = control->kind == CONTROL_CHECKBOXES;
    bool boxes = many || control->radios || (!control->select && list->count <= 6);
    struct text start = start_value(making);
    struct arena *arena = making->out->arena;
    if (boxes)
        boxes_begin(making, !many);
    else
        select_begin(making);
    for (size_t i = 0; i < list->count; i++) {
        const void *record = (const char *)list->items + i * size;
        struct text value = field_text(options->value, record, arena);
        struct text label = render_say(making->render, field_display(options->label, record, arena));
        bool is = chosen(making, start, value);
        if (boxes)
            box_write(making, !many, i, value, label, is);
        else
            option_write(making->out, value, label, is);
    }
    buf_str(making->out, boxes ? "</div>" : "</select></div>");
    if (boxes)
        fieldset_end(making);
}

static void checkbox_write(const struct making *making)
{
    struct text start = start_value(making);
    bool checked = text_is(start, "true") || text_is(start, "on") || text_is(start, "1");
    group_begin(making);
    hint_write(making);
    error_write(making);
    buf_str(making->out, "<div class=\"govuk-checkboxes\">");
    box_write(making, false, 0, TEXT("true"), making->control->label, checked);
    buf_str(making->out, "</div></div>");
}

/* A texts field: one input a value, and an empty one. */
static void inputs_write(const struct making *making)
{
    const struct control *control = making->control;
    const struct pairs *sent = making->render->frame->sent;
    size_t number = 0;
    fieldset_begin(making);
    struct making one = *making;
    one.wrong = one.hint = false;
    size_t count = 0;
    const struct text *items = NULL;
    if (making->render->form_sent) {
        count = sent->count;
    } else if (control->from.field) {
        const struct list *list =
            (const void *)((const char *)source_record(making->render, &control->from) +
                           control->from.field->offset);
        count = list->count;
        items = list->items;
    }
    for (size_t i = 0; i <= count; i++) {
        bool last = i == count;
        if (!last && !items &&
            (!text_equal(sent->items[i].name, making->name) || !sent->items[i].value.len))
            continue;
        struct text value = last ? TEXT("") : items ? items[i] : sent->items[i].value;
        one.id = number
                     ? text_format(making->out->arena, "%.*s-%zu", TEXT_ARG(making->id), number + 1)
                     : making->id;
        number++;
        buf_str(making->out, "<label class=\"govuk-visually-hidden\"");
        attribute(making->out, "for", one.id);
        buf_char(making->out, '>');
        buf_html(making->out, control->label);
        struct text nth = text_format(making->out->arena, "，第%zu项", number);
        buf_said_html(making->out, render_say(making->render, nth));
        buf_str(making->out, "</label>");
        one_input(&one, value);
    }
    fieldset_end(making);
}

static void hidden_write(const struct making *making)
{
    const struct control *control = making->control;
    struct buf *out = making->out;
    struct text value = control->fixed;
    if (control->from.field)
        value = field_text(control->from.field, source_record(making->render, &control->from),
                           out->arena);
    buf_str(out, "<input type=\"hidden\"");
    attribute(out, "name", making->name);
    attribute(out, "value", value);
    buf_char(out, '>');
}

void control_render(struct render *render, const struct control *control)
{
    struct making making = {.render = render, .control = control, .out = render->out};
    struct buf name = {.arena = render->out->arena};
    name_write(render, &control->name, &name);
    making.name = buf_done(&name);
    if (control->kind == CONTROL_HIDDEN) {
        hidden_write(&making);
        return;
    }
    making.id = control_id(render, making.name);
    making.wrong = problems_mark(&making) || marked(&making);
    making.hint = !control->bare &&
                  (control->hint.len || (control->field && (control->field->type == FIELD_DATE ||
                                                            control->field->type == FIELD_TIME)));
    switch (control->kind) {
    case CONTROL_INPUT:
        input_write(&making);
        break;
    case CONTROL_AREA:
        area_write(&making);
        break;
    case CONTROL_RADIOS:
    case CONTROL_SELECT:
        words_write(&making);
        break;
    case CONTROL_CHECKBOX:
        checkbox_write(&making);
        break;
    case CONTROL_INPUTS:
        if (control->lines)
            area_write(&making);
        else
            inputs_write(&making);
        break;
    case CONTROL_CHOICES:
    case CONTROL_CHECKBOXES:
        choices_write(&making);
        break;
    case CONTROL_FILE:
        file_write(&making);
        break;
    case CONTROL_HIDDEN:
        break;
    }
}
