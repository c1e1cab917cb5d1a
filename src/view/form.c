/* A form around its controls: where it goes, its tokens, and the summary of what was wrong. */
#include <string.h>

#include "view/template.h"

static struct text part_value(const struct render *render, const struct path_part *part)
{
    return field_text(part->value.field, source_record(render, &part->value), render->out->arena);
}

/* Whether this is the form that was refused: the same command and, where the path's parameters were
 * kept with what was sent, the same ones. */
static bool form_is_sent(const struct render *render, const struct form_open *form)
{
    const struct frame *frame = render->frame;
    if (render->sent_seen || !frame->submitted || !frame->sent ||
        strcmp(frame->submitted, form->form->name) != 0)
        return false;
    for (size_t i = 0; i < form->count; i++) {
        bool found = false;
        if (!form->parts[i].name.len)
            continue;
        struct text sent = pair_value(frame->sent, form->parts[i].name, &found);
        if (found && !text_equal(sent, part_value(render, &form->parts[i])))
            return false;
    }
    return true;
}

static void hidden(struct buf *out, const char *name, struct text value)
{
    buf_str(out, "<input type=\"hidden\" name=\"");
    buf_str(out, name);
    buf_str(out, "\" value=\"");
    buf_html(out, value);
}

/* Each form of a page has a key of its own: two commands must not share one. */
void tokens_render(struct render *render)
{
    struct buf *out = render->out;
    hidden(out, "_token", render->frame->csrf);
    buf_str(out, "\">");
    hidden(out, "_key", render->frame->form_key);
    buf_char(out, '.');
    buf_int(out, render->form_number);
    buf_str(out, "\">");
    hidden(out, "_page", render->frame->path);
    buf_str(out, "\">");
    render->form_number++;
}

void form_render(struct render *render, const struct form_open *form, struct text class)
{
    struct buf *out = render->out;
    buf_str(out, "<form method=\"post\" novalidate action=\"");
    for (size_t i = 0; i < form->count; i++) {
        buf_html(out, form->parts[i].text);
        if (form->parts[i].name.len)
            buf_url(out, part_value(render, &form->parts[i]));
    }
    buf_str(out, form->form->upload ? "\" enctype=\"multipart/form-data" : "");
    buf_str(out, class.len ? "\" class=\"" : "");
    buf_html(out, class);
    buf_str(out, "\">");
    tokens_render(render);
    render->form = form;
    render->form_sent = form_is_sent(render, form);
    render->sent_seen |= render->form_sent;
}

void submit_render(struct render *render, const struct control *control)
{
    struct buf *out = render->out;
    buf_str(out, "<button type=\"submit\" class=\"govuk-button");
    buf_text(out, control->fixed);
    buf_str(out, "\">");
    buf_html(out, control->label);
    buf_str(out, "<span class=\"govuk-visually-hidden\"> ");
    buf_said_html(out, render_say(render, field_display(control->row.field,
                                                        source_record(render, &control->row),
                                                        out->arena)));
    buf_str(out, "</span></button>");
}

struct text problem_words(const struct problem *problem)
{
    return problem->message.len ? problem->message : text_of(refusal_text(problem->code)->remedy);
}

static void summary_write(struct render *render)
{
    const struct problems *problems = render->frame->problems;
    struct buf *out = render->out;
    /* Without scripts, autofocus is what brings the reader here first. */
    buf_str(out, "<div class=\"govuk-error-summary\" tabindex=\"-1\" autofocus>"
                 "<div role=\"alert\"><h2 class=\"govuk-error-summary__title\">");
    buf_text(out, render_word(render, "有问题需要更正"));
    buf_str(out, "</h2><div class=\"govuk-error-summary__body\">"
                 "<ul class=\"govuk-list govuk-error-summary__list\">");
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        buf_str(out, "<li>");
        if (render->shown[i].len) {
            buf_str(out, "<a href=\"#f-");
            buf_html(out, problem->field);
            buf_str(out, "\">");
        }
        buf_said_html(out, render->shown[i].len ? render->shown[i]
                                                : render_say(render, problem_words(problem)));
        buf_str(out, render->shown[i].len ? "</a></li>" : "</li>");
    }
    buf_str(out, "</ul></div></div></div>");
}

void errors_render(struct render *render)
{
    struct buf *out = render->out;
    size_t page_end = out->len;
    summary_write(render);
    size_t size = out->len - page_end;
    char *summary = arena_copy(out->arena, out->at + page_end, size);
    memmove(out->at + render->errors_at + size, out->at + render->errors_at,
            page_end - render->errors_at);
    memcpy(out->at + render->errors_at, summary, size);
}
