#include "view/bind.h"

#include <stdio.h>
#include <string.h>

static const struct field item_fields[] = {{.name = "item", .type = FIELD_TEXT, .label = "项"}};
/* A FIELD_TEXTS item as a record, so that {{each}} knows one kind of list. */
static const struct shape item_shape = {
    .name = "item", .title = "项", .size = sizeof(struct text), SHAPE_FIELDS(item_fields)};

bool bind_fault(struct binder *binder, const char *what, struct text about)
{
    return template_fault(binder->template, binder->node, binder->why, what, about);
}

static struct op *op_add(struct binder *binder, enum op_kind kind)
{
    struct program *program = binder->program;
    if (program->count == binder->op_cap) {
        size_t cap = binder->op_cap ? binder->op_cap * 2 : 64;
        program->ops =
            arena_grow(binder->view->arena, program->ops, binder->op_cap * sizeof *program->ops,
                       cap * sizeof *program->ops);
        binder->op_cap = cap;
    }
    struct op *op = &program->ops[program->count++];
    *op = (struct op){.kind = kind};
    return op;
}

static void pending_flush(struct binder *binder)
{
    if (!binder->pending.len)
        return;
    struct text text = text_copy(binder->view->arena, buf_done(&binder->pending));
    binder->pending.len = 0;
    binder->program->size_hint += text.len;
    op_add(binder, OP_STATIC)->text = text;
}

struct op *bind_op(struct binder *binder, enum op_kind kind)
{
    pending_flush(binder);
    return op_add(binder, kind);
}

/* The number of the next op: a place to jump to, so the text before it must be an op by now. */
static size_t bind_here(struct binder *binder)
{
    pending_flush(binder);
    return binder->program->count;
}

const struct field *bind_field(struct binder *binder, const struct shape *shape, struct text name)
{
    const struct field *field = name.len ? shape_field(shape, name) : NULL;
    if (!field) {
        char what[128];
        snprintf(what, sizeof what, "shape %s has no field", shape->name);
        bind_fault(binder, what, name);
    }
    return field;
}

bool bind_path(struct binder *binder, struct text path, struct source *out)
{
    const struct shape *shape;
    struct text whole = path, head;
    *out = (struct source){.level = (int)binder->depth - 1};
    if (text_starts(path, TEXT("frame."))) {
        path = text_slice(path, 6, path.len);
        out->level = LEVEL_FRAME;
        shape = &frame_shape;
    } else {
        for (; text_starts(path, TEXT("../")); path = text_slice(path, 3, path.len)) {
            while (out->level > 0 && !binder->records[out->level])
                out->level--;
            if (--out->level < 0)
                return bind_fault(binder, "no record so far out", whole);
        }
        shape = binder->scopes[out->level];
    }
    while (text_cut(&path, '.', &head)) {
        if (out->field) {
            if (out->field->type != FIELD_RECORD || !out->field->of)
                return bind_fault(binder, "only a record has fields", whole);
            out->base += out->field->offset;
            shape = out->field->of;
        }
        out->field = bind_field(binder, shape, head);
        if (!out->field)
            return false;
    }
    if (!out->field)
        return bind_fault(binder, "a path without a name", whole);
    if (out->field->flags & FIELD_SECRET)
        return bind_fault(binder, "a secret is never shown", whole);
    return true;
}

bool bind_plain(struct binder *binder, struct text path, struct source *out)
{
    if (!bind_path(binder, path, out))
        return false;
    enum field_type type = out->field->type;
    if (type == FIELD_LIST || type == FIELD_TEXTS || type == FIELD_RECORD)
        return bind_fault(binder, "a list or record is no value", path);
    return true;
}

/* {{content}} and {{row}} where no field has that name. */
static bool bind_special(struct binder *binder, struct text name, bool *done);

static enum saying saying_of(const struct node *node, const struct field *field)
{
    bool code = field->flags & FIELD_CODE;
    if (node->place == PLACE_TEXT)
        return node->exact || code ? SAYING_DATA : SAYING_HTML;
    return node->exact || code ? SAYING_EXACT : SAYING_WORDS;
}

static bool bind_value(struct binder *binder)
{
    const struct node *node = binder->node;
    struct text path = node->arguments[0].text;
    enum op_kind kind = OP_DISPLAY;
    struct text fallback = TEXT("");
    bool done = false;
    if (node->arguments[0].quoted)
        return bind_fault(binder, "a name must not be quoted", path);
    if (node->count == 1 && !bind_special(binder, path, &done))
        return false;
    if (done)
        return true;
    if (node->count != 1 && node->count != 3)
        return bind_fault(binder, "not a tag of this language", path);
    if (node->count == 3) {
        if (!text_is(node->arguments[1].text, "or") || !node->arguments[2].quoted)
            return bind_fault(binder, "expected or \"…\" after the name", path);
        fallback = node->arguments[2].text;
    }
    if (text_starts(path, TEXT("raw:"))) {
        kind = OP_RAW;
        path = text_slice(path, 4, path.len);
    } else if (text_starts(path, TEXT("unescaped_html:"))) {
        kind = OP_UNESCAPED;
        path = text_slice(path, 15, path.len);
        if (node->place != PLACE_TEXT)
            return bind_fault(binder, "raw HTML may only stand between elements", path);
    }
    if (node->place == PLACE_ADDRESS_START)
        kind = OP_ADDRESS;
    else if (node->place == PLACE_ADDRESS_PART)
        kind = OP_ADDRESS_PART;
    struct source source;
    if (!bind_plain(binder, path, &source))
        return false;
    if (kind == OP_UNESCAPED && source.field->type != FIELD_TEXT)
        return bind_fault(binder, "raw HTML must be a text", path);
    struct buf escaped = {.arena = binder->view->arena};
    buf_html(&escaped, fallback);
    struct op *op = bind_op(binder, kind);
    op->source = source;
    op->saying = saying_of(node, source.field);
    op->text = buf_done(&escaped);
    binder->program->size_hint += 32;
    return true;
}

static bool compare_number(struct binder *binder, const struct field *field, struct text text,
                           int64_t *out)
{
    if (field->type == FIELD_WORD && word_index(field->words, text, out))
        return true;
    if (field->type == FIELD_INT && text_int(text, out))
        return true;
    if (field->type == FIELD_BOOL && (text_is(text, "true") || text_is(text, "false"))) {
        *out = text_is(text, "true");
        return true;
    }
    return bind_fault(binder, "the field cannot have this value", text);
}

static bool bind_comparison(struct binder *binder, const struct field *field, struct text value,
                            bool many, struct test *test)
{
    struct arena *arena = binder->view->arena;
    size_t room = 1;
    for (size_t i = 0; i < value.len; i++)
        room += value.at[i] == ' ';
    struct text *texts = arena_array(arena, room, sizeof *texts);
    int64_t *numbers = arena_array(arena, room, sizeof *numbers);
    test->compare = true;
    test->texts = texts;
    test->numbers = numbers;
    while (many ? text_cut(&value, ' ', &texts[test->count]) : test->count == 0) {
        if (!many)
            texts[0] = value;
        else if (!texts[test->count].len)
            continue;
        if (field->type != FIELD_TEXT &&
            !compare_number(binder, field, texts[test->count], &numbers[test->count]))
            return false;
        test->count++;
    }
    return true;
}

static bool bind_test(struct binder *binder, const struct argument *words, size_t count)
{
    struct test *test = arena_alloc(binder->view->arena, sizeof *test);
    struct source source;
    if (count > 1 && text_is(words[0].text, "not")) {
        test->negate = true;
        words++;
        count--;
    }
    if (!bind_path(binder, words[0].text, &source))
        return false;
    if (source.field->type == FIELD_RECORD)
        return bind_fault(binder, "a record is neither true nor false", words[0].text);
    bool one = count == 3 && text_is(words[1].text, "is");
    bool many = count == 3 && text_is(words[1].text, "in");
    if (count != 1 && (!(one || many) || !words[2].quoted))
        return bind_fault(binder, "expected is \"…\" or in \"…\" after the name", words[0].text);
    if (count == 3 && !bind_comparison(binder, source.field, words[2].text, many, test))
        return false;
    struct op *op = bind_op(binder, OP_TEST);
    op->source = source;
    op->test = test;
    return true;
}

static struct bind_block *block_push(struct binder *binder, enum node_kind kind)
{
    if (binder->block_depth == sizeof binder->blocks / sizeof *binder->blocks) {
        bind_fault(binder, "blocks too deep", TEXT(""));
        return NULL;
    }
    struct bind_block *block = &binder->blocks[binder->block_depth++];
    *block = (struct bind_block){.kind = kind, .test = NO_OP, .ends = NO_OP};
    return block;
}

static bool level_push(struct binder *binder, const struct shape *shape, bool record)
{
    if (binder->depth == TEMPLATE_LEVELS)
        return bind_fault(binder, "records too deep", TEXT(""));
    binder->records[binder->depth] = record;
    binder->scopes[binder->depth++] = shape;
    return true;
}

static bool bind_if(struct binder *binder)
{
    struct bind_block *block = block_push(binder, NODE_IF);
    if (!block || !bind_test(binder, binder->node->arguments, binder->node->count))
        return false;
    block->test = binder->program->count - 1;
    return true;
}

static bool bind_each(struct binder *binder)
{
    struct source source;
    struct text path = binder->node->arguments[0].text;
    struct bind_block *block = block_push(binder, NODE_EACH);
    if (!block || !bind_path(binder, path, &source))
        return false;
    const struct shape *shape = source.field->of;
    if (source.field->type == FIELD_TEXTS)
        shape = &item_shape;
    else if (source.field->type != FIELD_LIST || !shape)
        return bind_fault(binder, "each needs a list", path);
    struct op *op = bind_op(binder, OP_EACH);
    op->source = source;
    op->size = shape->size;
    op->level = (int)binder->depth;
    block->test = binder->program->count - 1;
    block->begin = binder->program->count;
    return level_push(binder, shape, true);
}

static bool bind_rows(struct binder *binder)
{
    int64_t rows;
    struct bind_block *block = block_push(binder, NODE_ROWS);
    if (!block)
        return false;
    if (!text_int(binder->node->arguments[0].text, &rows) || rows < 1 || rows > 100)
        return bind_fault(binder, "rows needs a number from 1 to 100", TEXT(""));
    struct op *op = bind_op(binder, OP_ROWS);
    op->size = (size_t)rows;
    op->level = (int)binder->depth;
    block->begin = binder->program->count;
    return level_push(binder, binder->scopes[binder->depth - 1], false);
}

static void end_jump(struct binder *binder, struct bind_block *block)
{
    bind_op(binder, OP_JUMP)->jump = block->ends;
    block->ends = binder->program->count - 1;
}

static void next_round(struct binder *binder, const struct bind_block *block)
{
    struct op *op = bind_op(binder, OP_NEXT);
    op->jump = block->begin;
    op->level = (int)--binder->depth;
}

static bool bind_else(struct binder *binder)
{
    struct bind_block *block = &binder->blocks[binder->block_depth - 1];
    if (block->kind == NODE_EACH)
        next_round(binder, block);
    end_jump(binder, block);
    binder->program->ops[block->test].jump = bind_here(binder);
    block->test = NO_OP;
    if (!binder->node->count)
        return true;
    if (!bind_test(binder, binder->node->arguments, binder->node->count))
        return false;
    block->test = binder->program->count - 1;
    return true;
}

static bool bind_end(struct binder *binder)
{
    struct bind_block *block = &binder->blocks[--binder->block_depth];
    bool repeats = block->kind == NODE_ROWS || (block->kind == NODE_EACH && block->test != NO_OP);
    if (repeats)
        next_round(binder, block);
    if (block->kind == NODE_FORM) {
        bind_op(binder, OP_FORM_END);
        binder->form = NULL;
    }
    size_t here = bind_here(binder);
    if (block->test != NO_OP)
        binder->program->ops[block->test].jump = here;
    while (block->ends != NO_OP) {
        struct op *op = &binder->program->ops[block->ends];
        block->ends = op->jump;
        op->jump = here;
    }
    return true;
}

static bool bind_nodes(struct binder *binder, const struct template *template, size_t from);

static bool bind_include(struct binder *binder)
{
    struct text name = binder->node->arguments[0].text;
    const struct template *included = view_template(binder->view, name);
    if (!included)
        return bind_fault(binder, "no such template", name);
    if (binder->includes == TEMPLATE_INCLUDES)
        return bind_fault(binder, "templates include one another too deep", name);
    binder->includes++;
    bool good = bind_nodes(binder, included, 0);
    binder->includes--;
    return good;
}

static bool bind_asset(struct binder *binder)
{
    struct text name = binder->node->arguments[0].text;
    const struct asset *asset = view_file(binder->view, name);
    if (!asset)
        return bind_fault(binder, "no such file", name);
    buf_html(&binder->pending, asset_path(binder->view->arena, asset));
    return true;
}

static bool bind_count(struct binder *binder)
{
    struct source source;
    struct text path = binder->node->arguments[0].text;
    if (!bind_path(binder, path, &source))
        return false;
    if (source.field->type != FIELD_LIST && source.field->type != FIELD_TEXTS)
        return bind_fault(binder, "only a list has a count", path);
    bind_op(binder, OP_COUNT)->source = source;
    return true;
}

static bool bind_qr(struct binder *binder)
{
    const struct argument *words = binder->node->arguments;
    struct source source;
    if (words[0].quoted || !words[1].quoted || !words[1].text.len)
        return bind_fault(binder, "expected a name and \"…\", what the code leads to", words[0].text);
    if (!bind_plain(binder, words[0].text, &source))
        return false;
    if (source.field->type != FIELD_TEXT)
        return bind_fault(binder, "a code's address must be a text", words[0].text);
    struct op *op = bind_op(binder, OP_QR);
    op->source = source;
    op->text = words[1].text;
    binder->program->size_hint += 6000;
    return true;
}

static bool bind_special(struct binder *binder, struct text name, bool *done)
{
    *done = true;
    if (binder->content && text_is(name, "content")) {
        if (binder->content_seen)
            return bind_fault(binder, "a layout has {{content}} once", TEXT(""));
        binder->content_seen = true;
        const struct template *content = binder->content;
        binder->content = NULL;
        bool good = bind_nodes(binder, content, 1);
        binder->content = content;
        return good;
    }
    if (text_is(name, "row") && binder->depth > 1 &&
        !shape_field(binder->scopes[binder->depth - 1], name)) {
        bind_op(binder, OP_ROW)->level = (int)binder->depth - 1;
        return true;
    }
    *done = false;
    return true;
}

static bool bind_node(struct binder *binder)
{
    switch (binder->node->kind) {
    case NODE_STATIC:
        buf_text(&binder->pending, binder->node->text);
        return true;
    case NODE_VALUE:
        return bind_value(binder);
    case NODE_IF:
        return bind_if(binder);
    case NODE_EACH:
        return bind_each(binder);
    case NODE_ROWS:
        return bind_rows(binder);
    case NODE_FORM:
        return block_push(binder, NODE_FORM) && bind_form(binder);
    case NODE_ELSE:
        return bind_else(binder);
    case NODE_END:
        return bind_end(binder);
    case NODE_INCLUDE:
        return bind_include(binder);
    case NODE_LAYOUT:
        return bind_fault(binder, "a layout or an included template has no layout", TEXT(""));
    case NODE_FIELD:
    case NODE_HIDDEN:
    case NODE_CHOICES:
    case NODE_FILE:
        return bind_control(binder);
    case NODE_SUBMIT:
        return bind_submit(binder);
    case NODE_ERRORS:
        bind_op(binder, OP_ERRORS);
        return true;
    case NODE_TOKENS:
        bind_op(binder, OP_TOKENS);
        return true;
    case NODE_ASSET:
        return bind_asset(binder);
    case NODE_COUNT:
        return bind_count(binder);
    case NODE_QR:
        return bind_qr(binder);
    }
    return false;
}

static bool bind_nodes(struct binder *binder, const struct template *template, size_t from)
{
    const struct template *outer_template = binder->template;
    const struct node *outer_node = binder->node;
    binder->template = template;
    for (size_t i = from; i < template->count; i++) {
        binder->node = &template->nodes[i];
        if (!bind_node(binder))
            return false;
    }
    binder->template = outer_template;
    binder->node = outer_node;
    return true;
}

bool program_bind(struct view *view, const struct template *template, const struct shape *page,
                  struct program *program, struct fault *why)
{
    static const struct node start = {.line = 1};
    struct binder binder = {.view = view, .program = program, .why = why, .template = template};
    binder.node = &start;
    binder.pending.arena = view->arena;
    if (!level_push(&binder, page, true))
        return false;
    if (!template->count || template->nodes[0].kind != NODE_LAYOUT) {
        if (!bind_nodes(&binder, template, 0))
            return false;
        pending_flush(&binder);
        return true;
    }
    binder.node = &template->nodes[0];
    const struct template *layout = view_template(view, binder.node->arguments[0].text);
    if (!layout)
        return bind_fault(&binder, "no such layout", binder.node->arguments[0].text);
    binder.content = template;
    if (!bind_nodes(&binder, layout, 0))
        return false;
    if (!binder.content_seen)
        return bind_fault(&binder, "the layout has no {{content}}", layout->name);
    pending_flush(&binder);
    return true;
}
