#include <string.h>

#include "view/qr.h"
#include "view/template.h"

#define FRAME_FIELD(member, kind, words)                                                           \
    {                                                                                              \
        .name = #member, .type = kind, .offset = offsetof(struct frame_values, member),            \
        .label = words                                                                             \
    }
static const struct field frame_fields[] = {
    FRAME_FIELD(title, FIELD_TEXT, "标题"),       FRAME_FIELD(path, FIELD_TEXT, "地址"),
    FRAME_FIELD(signed_in, FIELD_TEXT, "登录人"), FRAME_FIELD(place, FIELD_TEXT, "中心"),
    FRAME_FIELD(notice, FIELD_TEXT, "提示"),      FRAME_FIELD(receipt, FIELD_TEXT, "回执"),
    FRAME_FIELD(now_ms, FIELD_TIME, "时间"),
    FRAME_FIELD(staff, FIELD_BOOL, "工作人员"),   FRAME_FIELD(wrong, FIELD_BOOL, "有问题"),
    FRAME_FIELD(registers, FIELD_BOOL, "可受理登记"),
    FRAME_FIELD(sees_cases, FIELD_BOOL, "可查看办件"),
    FRAME_FIELD(sees_catalogue, FIELD_BOOL, "可管理事项"),
    FRAME_FIELD(sees_accounts, FIELD_BOOL, "可查看账号"),
    FRAME_FIELD(sees_grants, FIELD_BOOL, "可查看授权"),
    FRAME_FIELD(sees_looks, FIELD_BOOL, "可查看查看记录"),
    FRAME_FIELD(table, FIELD_TEXT, "表格地址"),
    FRAME_FIELD(language, FIELD_TEXT, "语言"),
    FRAME_FIELD(live, FIELD_TEXT, "日志位置"),
    FRAME_FIELD(here, FIELD_TEXT, "本页地址"),
    FRAME_FIELD(size, FIELD_TEXT, "字号"),
    FRAME_FIELD(contrast, FIELD_TEXT, "对比度"),
    FRAME_FIELD(colour, FIELD_TEXT, "颜色"),
};
#undef FRAME_FIELD
const struct shape frame_shape = {.name = "frame",
                                  .title = "页面",
                                  .size = sizeof(struct frame_values),
                                  SHAPE_FIELDS(frame_fields)};

const void *source_record(const struct render *render, const struct source *source)
{
    const char *record = source->level == LEVEL_FRAME ? (const char *)&render->values
                                                      : render->records[source->level];
    return record + source->base;
}

static const void *source_at(const struct render *render, const struct source *source)
{
    return (const char *)source_record(render, source) + source->field->offset;
}

/* Nothing in the sense of shape.h: empty, 0, false. */
static bool source_empty(const struct render *render, const struct source *source)
{
    const void *at = source_at(render, source);
    switch (source->field->type) {
    case FIELD_TEXT:
        return ((const struct text *)at)->len == 0;
    case FIELD_BOOL:
        return !*(const bool *)at;
    case FIELD_LIST:
    case FIELD_TEXTS:
        return ((const struct list *)at)->count == 0;
    case FIELD_RECORD:
        return false;
    default:
        return *(const int64_t *)at == 0;
    }
}

static bool test_holds(const struct render *render, const struct op *op)
{
    const struct test *test = op->test;
    if (!test->compare)
        return source_empty(render, &op->source) == test->negate;
    const void *at = source_at(render, &op->source);
    bool is_text = op->source.field->type == FIELD_TEXT;
    bool is_bool = op->source.field->type == FIELD_BOOL;
    bool found = false;
    for (size_t i = 0; i < test->count && !found; i++) {
        if (is_text)
            found = text_equal(*(const struct text *)at, test->texts[i]);
        else
            found = (is_bool ? *(const bool *)at : *(const int64_t *)at) == test->numbers[i];
    }
    return found != test->negate;
}

struct text render_say(const struct render *render, struct text words)
{
    return speech_say(render->speech, &render->frame->worded, words, render->out->arena);
}

struct text render_word(const struct render *render, const char *words)
{
    return speech_word(render->speech, text_of(words), render->out->arena);
}

static void said(const struct render *render, const struct op *op, struct text words)
{
    switch (op->saying) {
    case SAYING_HTML:
        buf_said_html(render->out, render_say(render, words));
        break;
    case SAYING_WORDS:
        buf_said_words(render->out, render_say(render, words));
        break;
    case SAYING_DATA:
        buf_said_html(render->out, speech_data(render->speech, words, render->out->arena));
        break;
    case SAYING_EXACT:
        buf_html(render->out, words);
        break;
    }
}

static void display(const struct render *render, const struct op *op)
{
    const struct field *field = op->source.field;
    const void *record = source_record(render, &op->source);
    if (op->text.len && source_empty(render, &op->source))
        buf_text(render->out, op->text);
    else if (field->type == FIELD_INT)
        buf_int(render->out, *(const int64_t *)source_at(render, &op->source));
    else if (render->speech)
        said(render, op, field_display(field, record, render->out->arena));
    else
        buf_html(render->out, field_display(field, record, render->out->arena));
}

bool address_safe(struct text address)
{
    static const char *const starts[] = {"https://", "http://", "mailto:", "tel:"};
    if (!address.len || address.at[0] == '#' || address.at[0] == '?')
        return true;
    if (address.at[0] == '/')
        return address.len == 1 || (address.at[1] != '/' && address.at[1] != '\\');
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (text_starts(address, text_of(starts[i])))
            return true;
    return false;
}

static void value(const struct render *render, const struct op *op)
{
    struct buf *out = render->out;
    const void *record = source_record(render, &op->source);
    struct text text = field_text(op->source.field, record, out->arena);
    if (op->text.len && source_empty(render, &op->source)) {
        buf_text(out, op->text);
        return;
    }
    switch (op->kind) {
    case OP_ADDRESS:
        buf_html(out, address_safe(text) ? text : TEXT("#"));
        break;
    case OP_ADDRESS_PART:
        buf_url(out, text);
        break;
    case OP_UNESCAPED:
        buf_text(out, text);
        break;
    default:
        buf_html(out, text);
        break;
    }
}

/* The code of an address of this house as the visitor reached it, or of what an authenticator takes;
 * nothing where either is not known. */
static void qr(const struct render *render, const struct op *op)
{
    struct text path = *(const struct text *)source_at(render, &op->source);
    struct text origin = render->frame->origin;
    if (text_starts(path, TEXT("otpauth:")))
        origin = TEXT("");
    else if (!origin.len || !path.len || path.at[0] != '/')
        return;
    qr_svg(text_format(render->out->arena, "%.*s%.*s", TEXT_ARG(origin), TEXT_ARG(path)), op->text,
           render->out);
}

/* Enters a list's first row; false when it has none. */
static bool each_begin(struct render *render, const struct op *op)
{
    const struct list *list = source_at(render, &op->source);
    if (!list->count)
        return false;
    render->records[op->level] = list->items;
    render->rows[op->level] = 0;
    render->counts[op->level] = list->count;
    return true;
}

/* The item's size is kept by the op that began the list, the one before the body. */
static bool each_next(struct render *render, const struct op *op)
{
    const struct op *begin = &render->program->ops[op->jump - 1];
    if (++render->rows[op->level] >= render->counts[op->level])
        return false;
    if (begin->kind == OP_EACH)
        render->records[op->level] += begin->size;
    return true;
}

static void run(struct render *render)
{
    const struct op *ops = render->program->ops;
    for (size_t at = 0; at < render->program->count; at++) {
        const struct op *op = &ops[at];
        switch (op->kind) {
        case OP_STATIC:
            buf_text(render->out, op->text);
            break;
        case OP_DISPLAY:
            display(render, op);
            break;
        case OP_RAW:
        case OP_ADDRESS:
        case OP_ADDRESS_PART:
        case OP_UNESCAPED:
            value(render, op);
            break;
        case OP_COUNT:
            buf_int(render->out,
                    (int64_t)((const struct list *)source_at(render, &op->source))->count);
            break;
        case OP_QR:
            qr(render, op);
            break;
        case OP_ROW:
            buf_int(render->out, (int64_t)render->rows[op->level] + 1);
            break;
        case OP_EACH:
            if (!each_begin(render, op))
                at = op->jump - 1;
            break;
        case OP_ROWS:
            render->records[op->level] = render->records[op->level - 1];
            render->rows[op->level] = 0;
            render->counts[op->level] = op->size;
            break;
        case OP_NEXT:
            if (each_next(render, op))
                at = op->jump - 1;
            break;
        case OP_JUMP:
            at = op->jump - 1;
            break;
        case OP_TEST:
            if (!test_holds(render, op))
                at = op->jump - 1;
            break;
        case OP_FORM:
            form_render(render, op->form, op->text);
            break;
        case OP_FORM_END:
            render->form_sent = false;
            render->form = NULL;
            buf_str(render->out, "</form>");
            break;
        case OP_SUBMIT:
            submit_render(render, op->control);
            break;
        case OP_CONTROL:
            control_render(render, op->control);
            break;
        case OP_ERRORS:
            render->errors_at = render->out->len;
            break;
        case OP_TOKENS:
            tokens_render(render);
            break;
        }
    }
}

/* Room for the whole page at once, so that its bytes are copied only once. */
static void reserve(struct buf *out, size_t more)
{
    if (out->cap - out->len >= more)
        return;
    out->at = arena_grow(out->arena, out->at, out->cap, out->len + more);
    out->cap = out->len + more;
}

/* The page's address up to where `lang=en` or `display=large` would follow. */
static struct text here(struct text path, struct arena *arena)
{
    char *at = arena_alloc(arena, path.len + 1);
    if (path.len)
        memcpy(at, path.at, path.len);
    at[path.len] = memchr(at, '?', path.len) ? '&' : '?';
    return (struct text){at, path.len + 1};
}

void program_render(const struct view *view, const struct program *program, const void *record,
                    const struct frame *frame, struct buf *out)
{
    struct render render = {.program = program,
                            .frame = frame,
                            .speech = view->speech,
                            .out = out,
                            .errors_at = SIZE_MAX};
    render.records[0] = record;
    render.values = (struct frame_values){
        .title = frame->title,
        .path = frame->path,
        .signed_in = frame->signed_in,
        .place = frame->place,
        .notice = frame->notice,
        .receipt = frame->receipt,
        .live = frame->live,
        .now_ms = frame->now_ms,
        .staff = frame->staff,
        .registers = frame->registers,
        .sees_cases = frame->sees_cases,
        .sees_catalogue = frame->sees_catalogue,
        .sees_accounts = frame->sees_accounts,
        .sees_grants = frame->sees_grants,
        .sees_looks = frame->sees_looks,
        .table = frame->table,
        .language = text_of(language_words(speech_language(view->speech))->tag),
        .here = here(frame->path, out->arena),
        .size = frame->display.size,
        .contrast = frame->display.contrast,
        .colour = frame->display.colour,
        .wrong = frame->problems && frame->problems->count,
    };
    if (render.values.wrong)
        render.shown = arena_array(out->arena, frame->problems->count, sizeof *render.shown);
    reserve(out, program->size_hint + program->size_hint / 2 + 4096);
    run(&render);
    if (render.values.wrong && render.errors_at != SIZE_MAX)
        errors_render(&render);
}
