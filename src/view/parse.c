#include <string.h>

#include "view/template.h"

struct parser {
    struct template *template;
    struct arena *arena;
    struct fault *why;
    struct text rest;
    int line;
    size_t cap;
    struct markup markup;
    struct {
        enum node_kind kind;
        int line;
        bool chosen;         /* its {{else}} came */
        struct markup start; /* where it begins */
        struct markup end;   /* where its branches so far end */
    } blocks[TEMPLATE_BLOCKS];
    size_t depth;
};

bool template_fault(const struct template *template, const struct node *node, struct fault *why,
                    const char *what, struct text about)
{
    return fault_set(why, "%.*s:%d: %s%s%.*s", TEXT_ARG(template->name), node->line, what,
                     about.len ? ": " : "", TEXT_ARG(about));
}

static bool wrong(struct parser *parser, const char *what, struct text about)
{
    struct node here = {.line = parser->line};
    return template_fault(parser->template, &here, parser->why, what, about);
}

static struct node *node_add(struct parser *parser, enum node_kind kind)
{
    struct template *template = parser->template;
    if (template->count == parser->cap) {
        size_t cap = parser->cap ? parser->cap * 2 : 64;
        template->nodes =
            arena_grow(parser->arena, template->nodes, parser->cap * sizeof *template->nodes,
                       cap * sizeof *template->nodes);
        parser->cap = cap;
    }
    struct node *node = &template->nodes[template->count++];
    *node = (struct node){.kind = kind, .line = parser->line};
    return node;
}

/* Copies static text, line starts and empty lines dropped where HTML does not mind. */
static bool static_add(struct parser *parser, struct text text)
{
    char *at = arena_alloc(parser->arena, text.len);
    size_t len = 0;
    int line = parser->line;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\n')
            parser->line++;
        if (c == '}' && i + 1 < text.len && text.at[i + 1] == '}')
            return wrong(parser, "}} without {{", TEXT(""));
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        bool line_start = len ? at[len - 1] == '\n' : parser->template->count == 0;
        if (blank && line_start && markup_loose(&parser->markup))
            continue;
        markup_step(&parser->markup, c);
        at[len++] = c;
    }
    if (len) {
        struct node *node = node_add(parser, NODE_STATIC);
        node->line = line;
        node->text = (struct text){at, len};
    }
    return true;
}

/* Words of a tag, some of them in double quotes. */
static bool split(struct parser *parser, struct text inside, struct argument *out, size_t *count)
{
    *count = 0;
    for (;;) {
        inside = text_trim(inside);
        if (!inside.len)
            return true;
        if (*count == TEMPLATE_WORDS)
            return wrong(parser, "too many words in a tag", TEXT(""));
        struct argument *word = &out[(*count)++];
        word->quoted = inside.at[0] == '"';
        size_t from = word->quoted, to = from;
        while (to < inside.len && (word->quoted ? inside.at[to] != '"' : inside.at[to] != ' '))
            to++;
        if (word->quoted && to == inside.len)
            return wrong(parser, "a quote is not closed", inside);
        word->text = text_slice(inside, from, to);
        inside = text_slice(inside, to + word->quoted, inside.len);
    }
}

struct keyword {
    const char *word;
    enum node_kind kind;
    size_t low, high; /* arguments */
    const char *places;
};

/* places: t text, w words, a attributes, g between attributes. */
static const struct keyword keywords[] = {
    {"if", NODE_IF, 1, 5, "twag"},
    {"each", NODE_EACH, 1, 1, "twag"},
    {"rows", NODE_ROWS, 1, 1, "t"},
    {"form", NODE_FORM, 1, 5, "t"},
    {"include", NODE_INCLUDE, 1, 1, "t"},
    {"layout", NODE_LAYOUT, 1, 1, "t"},
    {"field", NODE_FIELD, 1, TEMPLATE_WORDS, "t"},
    {"hidden", NODE_HIDDEN, 3, 3, "t"},
    {"choices", NODE_CHOICES, 4, TEMPLATE_WORDS, "t"},
    {"file", NODE_FILE, 1, TEMPLATE_WORDS, "t"},
    {"submit", NODE_SUBMIT, 1, 4, "t"},
    {"asset", NODE_ASSET, 1, 1, "twa"},
    {"count", NODE_COUNT, 1, 1, "twa"},
    {"qr", NODE_QR, 2, 2, "t"},
    {"else", NODE_ELSE, 0, 6, "twag"},
    {"end", NODE_END, 0, 0, "twag"},
    {"errors", NODE_ERRORS, 0, 0, "t"},
    {"tokens", NODE_TOKENS, 0, 0, "t"},
};

/* A keyword that needs words after it is a field's name when it stands alone. */
static const struct keyword *keyword_find(const struct argument *words, size_t count)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (!words[0].quoted && text_is(words[0].text, keywords[i].word))
            return count == 1 && keywords[i].low ? NULL : &keywords[i];
    return NULL;
}

static bool place_allowed(const struct keyword *keyword, enum markup_place place)
{
    const char *allowed = keyword ? keyword->places : "twa";
    switch (place) {
    case PLACE_TEXT:
        return true;
    case PLACE_WORDS:
        return strchr(allowed, 'w');
    case PLACE_ATTRIBUTE:
    case PLACE_ADDRESS_START:
    case PLACE_ADDRESS_PART:
        return strchr(allowed, 'a');
    case PLACE_TAG:
        return strchr(allowed, 'g');
    case PLACE_NONE:
        return false;
    }
    return false;
}

static bool block_open(struct parser *parser, enum node_kind kind)
{
    if (parser->depth == TEMPLATE_BLOCKS)
        return wrong(parser, "blocks too deep", TEXT(""));
    parser->blocks[parser->depth].kind = kind;
    parser->blocks[parser->depth].line = parser->line;
    parser->blocks[parser->depth].chosen = false;
    parser->blocks[parser->depth].start = parser->markup;
    parser->blocks[parser->depth].end = parser->markup;
    parser->depth++;
    return true;
}

/* A branch ends here: it must leave the HTML as every other way through the block does. */
static bool branch_end(struct parser *parser, size_t at)
{
    if (!markup_join(&parser->blocks[at].end, &parser->markup))
        return wrong(parser, "this branch leaves the HTML open or closed otherwise than it began",
                     TEXT(""));
    return true;
}

static bool block_else(struct parser *parser, struct node *node, const struct argument *words)
{
    if (!parser->depth)
        return wrong(parser, "{{else}} outside a block", TEXT(""));
    size_t at = parser->depth - 1;
    enum node_kind kind = parser->blocks[at].kind;
    bool again = node->count > 0;
    if ((kind != NODE_IF && kind != NODE_EACH) || parser->blocks[at].chosen)
        return wrong(parser, "{{else}} has no place here", TEXT(""));
    if (again && (kind != NODE_IF || node->count < 2 || !text_is(words[1].text, "if")))
        return wrong(parser, "{{else}} takes nothing but if", TEXT(""));
    if (again) {
        node->arguments++;
        node->count--;
    }
    parser->blocks[at].chosen = !again;
    node->opener = kind;
    if (!branch_end(parser, at))
        return false;
    parser->markup = parser->blocks[at].start;
    return true;
}

static bool block_end(struct parser *parser, struct node *node)
{
    if (!parser->depth)
        return wrong(parser, "{{end}} outside a block", TEXT(""));
    size_t at = parser->depth - 1;
    node->opener = parser->blocks[at].kind;
    if (!branch_end(parser, at))
        return false;
    parser->markup = parser->blocks[at].end;
    parser->depth--;
    return true;
}

static bool node_structure(struct parser *parser, struct node *node, const struct argument *words)
{
    switch (node->kind) {
    case NODE_IF:
    case NODE_EACH:
    case NODE_ROWS:
    case NODE_FORM:
        return block_open(parser, node->kind);
    case NODE_ELSE:
        return block_else(parser, node, words);
    case NODE_END:
        return block_end(parser, node);
    case NODE_LAYOUT:
        if (parser->template->count != 1)
            return wrong(parser, "{{layout}} must be the first thing", TEXT(""));
        return true;
    default:
        if (parser->markup.state == MARKUP_QUOTED)
            parser->markup.begun = true;
        return true;
    }
}

static bool tag_add(struct parser *parser, struct text inside)
{
    struct argument words[TEMPLATE_WORDS];
    size_t count;
    if (!split(parser, inside, words, &count))
        return false;
    if (!count)
        return wrong(parser, "an empty tag", TEXT(""));
    const struct keyword *keyword = keyword_find(words, count);
    enum markup_place place = markup_here(&parser->markup);
    bool file_in_quotes =
        keyword && keyword->kind == NODE_ASSET && parser->markup.state == MARKUP_QUOTED;
    if (!file_in_quotes && !place_allowed(keyword, place))
        return wrong(parser, "a tag may not stand at this place of the HTML", inside);
    size_t given = keyword ? count - 1 : count;
    if (keyword && (given < keyword->low || given > keyword->high))
        return wrong(parser, "too few or too many words", inside);
    struct node *node = node_add(parser, keyword ? keyword->kind : NODE_VALUE);
    node->place = place;
    node->exact = markup_exact(&parser->markup);
    node->count = given;
    node->arguments = arena_copy(parser->arena, words + (keyword ? 1 : 0), given * sizeof *words);
    return node_structure(parser, node, words);
}

static bool tag_next(struct parser *parser)
{
    parser->rest = text_slice(parser->rest, 2, parser->rest.len);
    ptrdiff_t close = text_find(parser->rest, TEXT("}}"));
    struct text inside = text_slice(parser->rest, 0, close < 0 ? 0 : (size_t)close);
    if (close < 0)
        return wrong(parser, "{{ is not closed", TEXT(""));
    parser->rest = text_slice(parser->rest, (size_t)close + 2, parser->rest.len);
    if (inside.len && inside.at[0] == '#') {
        for (size_t i = 0; i < inside.len; i++)
            parser->line += inside.at[i] == '\n';
        return true;
    }
    if (memchr(inside.at, '\n', inside.len))
        return wrong(parser, "a tag must stand on one line", TEXT(""));
    return tag_add(parser, inside);
}

bool template_parse(struct text name, struct text source, struct arena *arena, struct template *out,
                    struct fault *why)
{
    *out = (struct template){.name = name};
    struct parser parser = {.template = out, .arena = arena, .why = why, .rest = source, .line = 1};
    if (!text_utf8(source))
        return wrong(&parser, "not UTF-8", TEXT(""));
    while (parser.rest.len) {
        ptrdiff_t open = text_find(parser.rest, TEXT("{{"));
        size_t to = open < 0 ? parser.rest.len : (size_t)open;
        if (!static_add(&parser, text_slice(parser.rest, 0, to)))
            return false;
        parser.rest = text_slice(parser.rest, to, parser.rest.len);
        if (parser.rest.len && !tag_next(&parser))
            return false;
    }
    if (parser.depth) {
        parser.line = parser.blocks[parser.depth - 1].line;
        return wrong(&parser, "this block has no {{end}}", TEXT(""));
    }
    if (parser.markup.state != MARKUP_TEXT)
        return wrong(&parser, "the template ends inside a tag", TEXT(""));
    return true;
}
