#include "base/shape_input.h"

#include <string.h>

#include "base/time.h"

#define MOST_CHARS 200
#define MOST_ITEMS 1000
#define MOST_NUMBER INT64_C(9007199254740991) /* what every JSON reader holds exactly (RFC 7493) */

int64_t field_most(const struct field *field)
{
    if (field->high)
        return field->high;
    switch (field->type) {
    case FIELD_TEXT:
        return MOST_CHARS;
    case FIELD_LIST:
    case FIELD_TEXTS:
        return MOST_ITEMS;
    default:
        return MOST_NUMBER;
    }
}

bool field_empty(const struct field *field, const void *record)
{
    const void *at = (const char *)record + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        return ((const struct text *)at)->len == 0;
    case FIELD_BOOL:
        return !*(const bool *)at;
    case FIELD_LIST:
    case FIELD_TEXTS:
        return ((const struct list *)at)->count == 0;
    case FIELD_RECORD:
        for (size_t i = 0; i < field->of->count; i++)
            if (!field_empty(&field->of->fields[i], at))
                return false;
        return true;
    default:
        return *(const int64_t *)at == 0;
    }
}

void input_problem(const struct input *input, struct text path, const struct field *field,
                   enum refusal code, const char *detail)
{
    const struct refusal_text *words = refusal_text(code);
    struct text message =
        field ? text_format(input->arena, "“%s”%s。%s", field->label ? field->label : field->name,
                            words->title, detail ? detail : words->remedy)
              : text_format(input->arena, "%s：%.*s。%s", words->title, TEXT_ARG(path),
                            detail ? detail : words->remedy);
    problem_add(input->problems, input->arena, path, code, message);
}

struct text input_path(const struct input *input, struct text prefix, const char *name)
{
    return prefix.len ? text_format(input->arena, "%.*s.%s", TEXT_ARG(prefix), name)
                      : text_of(name);
}

struct text input_item_path(const struct input *input, struct text prefix, size_t index)
{
    return text_format(input->arena, "%.*s.%zu", TEXT_ARG(prefix), index);
}

/* Control characters and the marks that reorder text on screen (Unicode TR 36) are refused; a line
 * feed or tab is fine where several lines may be written. */
static bool character_allowed(int32_t point, bool lines)
{
    if (point == '\n' || point == '\t')
        return lines;
    if (point < 0x20 || (point >= 0x7f && point < 0xa0))
        return false;
    if ((point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069))
        return false;
    if (point >= 0xfdd0 && point <= 0xfdef)
        return false;
    return point != 0xfeff && point != 0x2028 && point != 0x2029 && (point & 0xfffe) != 0xfffe;
}

/* Not seen even between two others, so that two words look like one, or more is said to a program than
 * a reader sees: Unicode's Default_Ignorable_Code_Point but for the selectors of a variant, which
 * people's names are written with, and what else leaves no ink (a blank of Braille, annotations). */
static bool unseen(int32_t point)
{
    static const struct {
        int32_t from, to;
    } ranges[] = {
        {0xad, 0xad},         {0x34f, 0x34f},     {0x61c, 0x61c},       {0x115f, 0x1160},
        {0x17b4, 0x17b5},     {0x180e, 0x180e},   {0x200b, 0x200f},     {0x2060, 0x206f},
        {0x2800, 0x2800},     {0x3164, 0x3164},   {0xffa0, 0xffa0},     {0xfff0, 0xfffb},
        {0x1bca0, 0x1bca3},   {0x1d173, 0x1d17a}, {0xe0000, 0xe00ff},   {0xe01f0, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && point >= ranges[i].from; i++)
        if (point <= ranges[i].to)
            return true;
    return false;
}

/* Takes room on the screen at most: Unicode's white space, and what has no width. */
static bool shows_nothing(int32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xa0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200a) || point == 0x202f || point == 0x205f ||
           point == 0x3000 || unseen(point);
}

/* Without what shows nothing at both ends: a name of full-width spaces is no name. */
static struct text trim(struct text value)
{
    struct text rest = value;
    size_t from = 0, to = 0;
    while (rest.len) {
        size_t before = value.len - rest.len;
        if (shows_nothing(text_next(&rest)))
            continue;
        if (to == 0)
            from = before;
        to = value.len - rest.len;
    }
    return text_slice(value, from, to);
}

/* CRLF and CR become LF. */
static struct text line_ends(struct text value, struct arena *arena)
{
    if (!value.len || !memchr(value.at, '\r', value.len))
        return value;
    char *at = arena_alloc(arena, value.len);
    size_t to = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '\r') {
            at[to++] = '\n';
            if (i + 1 < value.len && value.at[i + 1] == '\n')
                i++;
        } else {
            at[to++] = value.at[i];
        }
    }
    return (struct text){at, to};
}

bool input_text(const struct input *input, struct text path, const struct field *field,
                struct text value, struct text *out)
{
    if (!text_utf8(value)) {
        input_problem(input, path, field, REFUSED_MALFORMED, "含有无法识别的字符，请重新输入。");
        return false;
    }
    /* A password is taken as typed. */
    bool secret = field->flags & FIELD_SECRET;
    if (!secret)
        value = trim(line_ends(value, input->arena));
    if (field->tidy)
        value = field->tidy(value, input->arena);
    struct text rest = value;
    for (int32_t point; (point = text_next(&rest)) >= 0;)
        if (!character_allowed(point, field->flags & FIELD_LINES) || (!secret && unseen(point))) {
            input_problem(input, path, field, REFUSED_MALFORMED,
                          unseen(point) ? "含有看不见的字符，请删除后重新输入。"
                                        : "含有不允许的控制字符，请删除。");
            return false;
        }
    *out = value;
    if (value.len == 0)
        return true;
    bool of_list = field->type == FIELD_TEXTS;
    int64_t chars = (int64_t)text_chars(value), most = of_list ? MOST_CHARS_OF_ONE : field_most(field);
    if ((of_list || field->type == FIELD_TEXT) && chars > most) {
        input_problem(input, path, field, REFUSED_TOO_LONG,
                      text_format(input->arena, "最多%lld个字，现为%lld个字。", (long long)most,
                                  (long long)chars)
                          .at);
        return false;
    }
    if (field->type == FIELD_TEXT && chars < field->low && !input->partial) {
        input_problem(
            input, path, field, REFUSED_TOO_SHORT,
            text_format(input->arena, "至少%lld个字。", (long long)field->low).at);
        return false;
    }
    if (field->check && !field->check(value)) {
        input_problem(input, path, field, REFUSED_MALFORMED, field->check_hint);
        return false;
    }
    return true;
}

bool shape_text(const struct field *field, struct text path, struct text value, struct arena *arena,
                struct problems *problems, struct text *out)
{
    struct input input = {.arena = arena, .problems = problems};
    return input_text(&input, path, field, value, out);
}

void input_number(const struct input *input, struct text path, const struct field *field,
                  int64_t number, void *record)
{
    int64_t most = field_most(field);
    int64_t least = field->low ? field->low : field->type == FIELD_INT ? 0 : -MOST_NUMBER;
    if (number < least || number > most) {
        const char *range =
            field->type == FIELD_MONEY
                ? text_format(input->arena, "应在%lld.%02lld元到%lld.%02lld元之间。",
                              (long long)least / 100, (long long)(least < 0 ? -least : least) % 100,
                              (long long)most / 100, (long long)most % 100)
                      .at
                : text_format(input->arena, "应在%lld到%lld之间。", (long long)least,
                              (long long)most)
                      .at;
        input_problem(input, path, field, REFUSED_OUT_OF_RANGE, range);
        return;
    }
    memcpy((char *)record + field->offset, &number, sizeof number);
}

/* "12", "12.5" or "12.50" yuan to fen. */
static bool money_parse(struct text value, int64_t *fen)
{
    struct text whole, cents = value;
    int64_t yuan, rest = 0;
    if (!text_cut(&cents, '.', &whole) || !text_int(whole, &yuan) || yuan < -90000000000000 ||
        yuan > 90000000000000)
        return false;
    if (cents.at) {
        if (cents.len < 1 || cents.len > 2 || cents.at[0] == '-' || !text_int(cents, &rest))
            return false;
        if (cents.len == 1)
            rest *= 10;
    }
    *fen = yuan * 100 + (whole.at[0] == '-' ? -rest : rest);
    return true;
}

/* The unit that a label names in its brackets: 面积（平方米）; empty where it names none. */
static struct text unit_of(const struct field *field)
{
    struct text label = text_of(field->label ? field->label : "");
    int64_t from = text_find(label, TEXT("（")), to = text_find(label, TEXT("）"));
    size_t mark = TEXT("（").len;
    return from < 0 || to < from ? TEXT("")
                                 : text_slice(label, (size_t)from + mark, (size_t)to);
}

/* Commas part thousands and nothing else: 1,5 may be meant as 1.5 and is no number. */
static bool without_commas(struct text value, struct buf *out)
{
    size_t end = 0, digits = 0;
    bool parted = false;
    while (end < value.len && value.at[end] != '.')
        end++;
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == ',') {
            if (i >= end || !digits || digits > 3 || (parted && digits != 3))
                return false;
            parted = true;
            digits = 0;
            continue;
        }
        digits += i < end && value.at[i] >= '0' && value.at[i] <= '9';
        buf_char(out, value.at[i]);
    }
    return !parted || digits == 3;
}

/* A number as people type it (full-width digits, 36,500, the unit behind it) as machines write it;
 * what cannot be one stays as it was typed. */
static struct text number_typed(const struct field *field, struct text value, struct arena *arena)
{
    struct text unit = unit_of(field);
    if (field->type != FIELD_MONEY && !unit.len)
        return value; /* a key of an address, not a quantity */
    if (!unit.len)
        unit = TEXT("元");
    struct text rest = value;
    if (text_ends(rest, unit))
        rest = trim(text_slice(rest, 0, rest.len - unit.len));
    struct buf narrow = {.arena = arena}, out = {.arena = arena};
    for (int32_t point; (point = text_next(&rest)) >= 0;) {
        if (point >= 0xff0b && point <= 0xff19) /* ＋ to ９ */
            point -= 0xfee0;
        if (point >= 0x80)
            return value;
        buf_char(&narrow, (char)point);
    }
    return without_commas(buf_done(&narrow), &out) ? buf_done(&out) : value;
}

static bool bool_parse(struct text value, bool *out)
{
    *out = text_is(value, "true") || text_is(value, "on") || text_is(value, "1");
    return *out || text_is(value, "false") || text_is(value, "off") || text_is(value, "0");
}

void input_value(const struct input *input, struct text path, const struct field *field,
                 struct text value, bool yuan, void *record)
{
    void *at = (char *)record + field->offset;
    struct text clean;
    int64_t number = 0;
    bool good = false;
    const char *hint = NULL;
    if (!input_text(input, path, field, value, &clean))
        return;
    if (field->type == FIELD_TEXT) {
        *(struct text *)at = clean;
        return;
    }
    if (clean.len == 0)
        return;
    if (yuan && (field->type == FIELD_INT || field->type == FIELD_MONEY))
        clean = number_typed(field, clean, input->arena);
    switch (field->type) {
    case FIELD_INT:
        good = text_int(clean, &number);
        hint = "请填写整数。";
        break;
    case FIELD_BOOL:
        if (!bool_parse(clean, at))
            input_problem(input, path, field, REFUSED_MALFORMED, "请选择是或否。");
        return;
    case FIELD_TIME:
        good = time_parse(clean, &number);
        hint = "请按 2014-05-04 09:00 的格式填写时间。";
        break;
    case FIELD_DATE:
        good = date_parse(clean, &number);
        hint = "请按 2014-05-04 的格式填写日期。";
        break;
    case FIELD_MONEY:
        good = yuan ? money_parse(clean, &number) : text_int(clean, &number);
        hint = "请填写金额，如 12.50。";
        break;
    case FIELD_WORD:
        if (!word_index(field->words, clean, (int64_t *)at))
            input_problem(input, path, field, REFUSED_MALFORMED, "请从列表中选择。");
        return;
    default:
        break;
    }
    if (good)
        input_number(input, path, field, number, record);
    else
        input_problem(input, path, field, REFUSED_MALFORMED, hint);
}

static bool told(const struct input *input, struct text path)
{
    for (size_t i = 0; i < input->problems->count; i++)
        if (text_equal(input->problems->items[i].field, path))
            return true;
    return false;
}

void input_required(const struct input *input, struct text prefix, const struct shape *shape,
                    const void *record)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct text path = input_path(input, prefix, field->name);
        const void *at = (const char *)record + field->offset;
        if (field->flags & FIELD_INTERNAL)
            continue;
        if ((field->flags & FIELD_REQUIRED) && field_empty(field, record) && !told(input, path)) {
            if (field->type == FIELD_BOOL)
                problem_add(input->problems, input->arena, path, REFUSED_MISSING,
                            text_format(input->arena, "请阅读并勾选：%s", field->label));
            else if (field->type == FIELD_WORD)
                problem_add(input->problems, input->arena, path, REFUSED_MISSING,
                            text_format(input->arena, "“%s”尚未选择。请选择一项。", field->label));
            else
                input_problem(input, path, field, REFUSED_MISSING, NULL);
            continue;
        }
        if (field->flags & FIELD_PARTIAL)
            continue;
        if (field->type == FIELD_RECORD && !field_empty(field, record))
            input_required(input, path, field->of, at);
        if (field->type == FIELD_LIST) {
            const struct list *list = at;
            for (size_t j = 0; j < list->count; j++)
                input_required(input, input_item_path(input, path, j), field->of,
                               (const char *)list->items + j * field->of->size);
        }
        if ((field->type == FIELD_LIST || field->type == FIELD_TEXTS) &&
            ((const struct list *)at)->count &&
            (int64_t)((const struct list *)at)->count < field->low)
            input_problem(input, path, field, REFUSED_TOO_SHORT, NULL);
    }
}

static void check_record(const struct input *input, struct text prefix, const struct shape *shape,
                         const void *record);

static void check_field(const struct input *input, struct text path, const struct field *field,
                        const void *record)
{
    const void *at = (const char *)record + field->offset;
    const struct list *list = at;
    struct text clean;
    int64_t number, same;
    switch (field->type) {
    case FIELD_TEXT:
        input_text(input, path, field, *(const struct text *)at, &clean);
        break;
    case FIELD_INT:
    case FIELD_MONEY:
        memcpy(&number, at, sizeof number);
        if (number)
            input_number(input, path, &(struct field){.type = field->type,
                                                      .low = field->low,
                                                      .high = field->high,
                                                      .label = field->label},
                         number, &same);
        break;
    case FIELD_RECORD:
        check_record(input, path, field->of, at);
        break;
    case FIELD_LIST:
    case FIELD_TEXTS:
        if ((int64_t)list->count > field_most(field))
            input_problem(input, path, field, REFUSED_TOO_LONG, NULL);
        for (size_t i = 0; i < list->count; i++) {
            struct text item = input_item_path(input, path, i);
            if (field->type == FIELD_LIST)
                check_record(input, item, field->of,
                             (const char *)list->items + i * field->of->size);
            else
                input_text(input, item, field, ((const struct text *)list->items)[i], &clean);
        }
        break;
    default:
        break;
    }
}

static void check_record(const struct input *input, struct text prefix, const struct shape *shape,
                         const void *record)
{
    for (size_t i = 0; i < shape->count; i++)
        if (!(shape->fields[i].flags & FIELD_INTERNAL))
            check_field(input, input_path(input, prefix, shape->fields[i].name), &shape->fields[i],
                        record);
}

bool shape_check(const struct shape *shape, const void *record, struct arena *arena,
                 struct problems *problems)
{
    struct input input = {.arena = arena, .problems = problems};
    size_t before = problems->count;
    check_record(&input, TEXT(""), shape, record);
    input_required(&input, TEXT(""), shape, record);
    return problems->count == before;
}
