#include <string.h>

#include "view/template.h"

const struct template *view_template(const struct view *view, struct text name)
{
    for (size_t i = 0; i < view->template_count; i++)
        if (text_equal(view->templates[i].name, name))
            return &view->templates[i];
    return NULL;
}

const struct asset *view_file(const struct view *view, struct text name)
{
    for (size_t i = 0; i < view->file_count; i++)
        if (text_is(name, view->files[i].name))
            return &view->files[i];
    return NULL;
}

const struct view_form *view_form(const struct view *view, struct text name)
{
    for (size_t i = 0; i < view->form_count; i++)
        if (text_is(name, view->forms[i].name))
            return &view->forms[i];
    return NULL;
}

/* What can be known before any shape: files, templates and commands that tags name exist. */
static bool names_check(const struct view *view, const struct template *template, struct fault *why)
{
    for (size_t i = 0; i < template->count; i++) {
        const struct node *node = &template->nodes[i];
        struct text name = node->count ? node->arguments[0].text : TEXT("");
        if ((node->kind == NODE_INCLUDE || node->kind == NODE_LAYOUT) && !view_template(view, name))
            return template_fault(template, node, why, "no such template", name);
        if (node->kind == NODE_ASSET && !view_file(view, name))
            return template_fault(template, node, why, "no such file", name);
        if (node->kind == NODE_FORM && !view_form(view, name))
            return template_fault(template, node, why, "no such command", name);
    }
    return true;
}

/* The template in the view's language: the source itself where it was not translated, as tests'. */
static struct text source_of(const struct view *view, const struct asset *file)
{
    struct text source = {(const char *)file->bytes, file->size};
    enum language language = speech_language(view->speech);
    if (language == LANGUAGE_HANT)
        return speech_word(view->speech, source, view->arena);
    const struct asset *said =
        language == LANGUAGE_HANS
            ? NULL
            : asset_find(text_format(view->arena, "%s/%s", language_words(language)->tag,
                                     file->name));
    return said ? (struct text){(const char *)said->bytes, said->size} : source;
}

static bool load(struct view *view, struct fault *why)
{
    for (size_t i = 0; i < view->file_count; i++) {
        const struct asset *file = &view->files[i];
        struct text name = text_of(file->name);
        if (!text_ends(name, TEXT(".html")))
            continue;
        struct text source = source_of(view, file);
        if (!template_parse(name, source, view->arena, &view->templates[view->template_count], why))
            return false;
        view->template_count++;
    }
    for (size_t i = 0; i < view->template_count; i++)
        if (!names_check(view, &view->templates[i], why))
            return false;
    return true;
}

bool view_load_forms(const struct asset *files, size_t count, const struct view_form *forms,
                     size_t form_count, struct view **out, struct fault *why)
{
    return view_load_said(NULL, files, count, forms, form_count, out, why);
}

bool view_load_said(const struct speech *speech, const struct asset *files, size_t count,
                    const struct view_form *forms, size_t form_count, struct view **out,
                    struct fault *why)
{
    struct arena *arena = arena_new(256 * 1024);
    struct view *view = arena_alloc(arena, sizeof *view);
    *view = (struct view){.arena = arena,
                          .speech = speech,
                          .files = files,
                          .file_count = count,
                          .forms = forms,
                          .form_count = form_count};
    view->templates = arena_array(arena, count, sizeof *view->templates);
    *out = NULL;
    if (!load(view, why)) {
        view_free(view);
        return false;
    }
    *out = view;
    return true;
}

static size_t program_slot(struct text template, const struct shape *page)
{
    return (text_hash(template) ^ (uintptr_t)page >> 4) % PROGRAM_TABLE;
}

static const struct program *program_find(const struct view *view, const char *template,
                                          const struct shape *page)
{
    const struct program *program = view->programs[program_slot(text_of(template), page)];
    while (program && (program->page != page || strcmp(program->template, template) != 0))
        program = program->next;
    return program;
}

bool view_check(struct view *view, const char *template, const struct shape *page,
                struct fault *why)
{
    if (program_find(view, template, page))
        return true;
    const struct template *found = view_template(view, text_of(template));
    if (!found)
        return fault_set(why, "%s: no such template", template);
    struct program *program = arena_alloc(view->arena, sizeof *program);
    program->template = text_cstr(view->arena, text_of(template));
    program->page = page;
    if (!program_bind(view, found, page, program, why))
        return false;
    size_t slot = program_slot(text_of(template), page);
    program->next = view->programs[slot];
    view->programs[slot] = program;
    return true;
}

bool view_render(const struct view *view, const char *template, const struct shape *page,
                 const void *record, const struct frame *frame, struct buf *out, struct fault *why)
{
    const struct program *program = program_find(view, template, page);
    if (!program)
        return fault_set(why, "%s: not checked with shape %s", template, page->name);
    program_render(view, program, record, frame, out);
    return true;
}

void view_free(struct view *view)
{
    if (view)
        arena_free(view->arena);
}

static const struct field typed_fields[] = {
    {.name = "label", .offset = offsetof(struct typed_view, label), .label = "名称"},
    {.name = "value", .offset = offsetof(struct typed_view, value), .label = "内容"},
};
static const struct shape typed_shape = {
    .name = "typed", .title = "填写的内容", .size = sizeof(struct typed_view), SHAPE_FIELDS(typed_fields)};
static const struct field problem_fields[] = {
    {.name = "title", .offset = offsetof(struct problem_page, title), .label = "标题"},
    {.name = "what", .offset = offsetof(struct problem_page, what), .label = "问题"},
    {.name = "remedy", .offset = offsetof(struct problem_page, remedy), .label = "处理办法"},
    {.name = "back", .offset = offsetof(struct problem_page, back), .label = "返回"},
    {.name = "back_name", .offset = offsetof(struct problem_page, back_name), .label = "返回何处"},
    {.name = "code", .offset = offsetof(struct problem_page, code), .label = "编号"},
    {.name = "problems",
     .type = FIELD_TEXTS,
     .offset = offsetof(struct problem_page, problems),
     .label = "各项问题"},
    {.name = "typed",
     .type = FIELD_LIST,
     .offset = offsetof(struct problem_page, typed),
     .label = "填写的内容",
     .of = &typed_shape},
};
const struct shape problem_page_shape = {.name = "problem_page",
                                         .title = "没有办成",
                                         .size = sizeof(struct problem_page),
                                         SHAPE_FIELDS(problem_fields)};
