/* Lists as tables (CSV): all rows of what is asked, not only those that a page shows. The look is asked
 * page after page, by its own cursors and with its own masks, on a helper thread, so that a long table
 * keeps nobody waiting; it is sent when its trace is in the journal (seen.c). */
#include "door/parts.h"

#include "base/csv.h"
#include "base/wording.h"

enum {
    A_PAGE = 1000,  /* rows that a look is asked for at once */
    MOST = 10000,   /* rows of a table; how to have those after them is said at its end */
};

struct table_made {
    struct exchange *exchange;
    const struct look *look;
    void *query; /* of the page that comes next; its texts lie in the exchange's arena */
    struct arena *page; /* what one page points to */
    struct buf out;
    size_t rows;
    struct shown shown;
    bool more; /* there are others after MOST */
    bool away;
    enum refusal refusal;
    struct fault why;
};

struct text table_path(struct text path)
{
    size_t plain = path.len - (sizeof LOOK_TABLE - 1);
    return text_ends(path, TEXT(LOOK_TABLE)) ? text_slice(path, 0, plain) : path;
}

/* What stands in the table of such a row: what lies deeper than a list of records is for programs. */
static bool is_column(const struct field *field)
{
    return field->type != FIELD_RECORD && !(field->flags & (FIELD_SECRET | FIELD_INTERNAL));
}

static const void *at(const struct field *field, const void *record)
{
    return (const char *)record + field->offset;
}

static struct text say(const struct table_made *made, struct text words)
{
    const struct exchange *exchange = made->exchange;
    const struct wordings_of worded = {{exchange->arena, made->page}};
    return said_plain(speech_say(exchange->door->speeches[exchange->language], &worded, words,
                                 made->page),
                      made->page);
}

static struct text plain_value(const struct table_made *made, const struct field *field,
                               const void *record)
{
    int64_t moment;
    switch (field->type) {
    case FIELD_TIME:
        moment = *(const int64_t *)at(field, record);
        if (!moment)
            return TEXT("");
        return text_format(made->page, "%.*s %02d:%02d",
                           TEXT_ARG(date_format(made->page, time_date(moment))),
                           (int)(time_of_day(moment) / HOUR_MS),
                           (int)(time_of_day(moment) % HOUR_MS / MINUTE_MS));
    case FIELD_WORD:
    case FIELD_BOOL:
        return say(made, field_display(field, record, made->page));
    case FIELD_TEXT:
        return field->flags & FIELD_CODE ? *(const struct text *)at(field, record)
                                         : say(made, *(const struct text *)at(field, record));
    default:
        return field_text(field, record, made->page);
    }
}

/* Several in one cell: 甲；乙, of records 名称：内容. */
static struct text listed(const struct table_made *made, const struct field *field,
                          const void *record)
{
    const struct list *list = at(field, record);
    struct buf out = {.arena = made->page};
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            buf_str(&out, "；");
        if (field->type == FIELD_TEXTS) {
            struct text one = ((const struct text *)list->items)[i];
            buf_text(&out, field->flags & FIELD_CODE ? one : say(made, one));
            continue;
        }
        const char *item = (const char *)list->items + i * field->of->size;
        for (size_t j = 0, written = 0; j < field->of->count; j++) {
            const struct field *part = &field->of->fields[j];
            if (part->type == FIELD_LIST || part->type == FIELD_TEXTS || !is_column(part))
                continue;
            if (written++)
                buf_str(&out, "：");
            buf_text(&out, plain_value(made, part, item));
        }
    }
    return buf_done(&out);
}

static size_t last_column(const struct shape *shape)
{
    size_t last = 0;
    for (size_t i = 0; i < shape->count; i++)
        if (is_column(&shape->fields[i]))
            last = i;
    return last;
}

static void write_head(struct table_made *made, const struct shape *shape)
{
    size_t last = last_column(shape);
    csv_begin(&made->out);
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        struct text label = say(made, text_of(field->label));
        if (field->type == FIELD_MONEY)
            label = text_format(made->page, "%.*s（%.*s）", TEXT_ARG(label),
                                TEXT_ARG(say(made, TEXT("元"))));
        if (is_column(field))
            csv_value(&made->out, label, i == last);
    }
}

static bool holds_nothing(const struct shape *shape, const void *row)
{
    for (size_t i = 0; i < shape->count; i++)
        if (!field_empty(&shape->fields[i], row))
            return false;
    return true;
}

static void write_row(struct table_made *made, const struct shape *shape, const void *row)
{
    size_t last = last_column(shape);
    made->rows++;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        if (!is_column(field))
            continue;
        if (field->type == FIELD_LIST || field->type == FIELD_TEXTS)
            csv_cell(&made->out, listed(made, field, row), i == last);
        else if (field->type == FIELD_TEXT)
            csv_cell(&made->out, plain_value(made, field, row), i == last);
        else
            csv_value(&made->out, plain_value(made, field, row), i == last);
    }
}

/* The list at the head of a path through records of that shape; *rest: what follows its name. */
static const struct field *list_at(const struct shape *shape, struct text path, struct text *rest)
{
    struct text name;
    *rest = path;
    if (!text_cut(rest, '.', &name))
        return NULL;
    const struct field *field = shape_field(shape, name);
    return field && field->type == FIELD_LIST ? field : NULL;
}

/* Each row of the lists at that path, in order; made NULL: they are only counted. */
static size_t walk(struct table_made *made, const struct shape *shape, const void *record,
                   struct text path)
{
    struct text rest;
    const struct field *field = list_at(shape, path, &rest);
    const struct list *list = at(field, record);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const char *item = (const char *)list->items + i * field->of->size;
        if (rest.len) {
            count += walk(made, field->of, item, rest);
        } else if (!holds_nothing(field->of, item)) {
            count++;
            if (made)
                write_row(made, field->of, item);
        }
    }
    return count;
}

static size_t walk_all(struct table_made *made, const struct look *look, const void *page)
{
    struct text paths = text_of(look->list), path;
    size_t count = 0;
    while (text_cut(&paths, ' ', &path))
        count += walk(made, look->page, page, path);
    return count;
}

static const struct shape *rows_of(const struct shape *shape, struct text path)
{
    while (path.len && shape) {
        const struct field *field = list_at(shape, path, &path);
        shape = field ? field->of : NULL;
    }
    return shape;
}

static const struct shape *shape_of(const struct look *look)
{
    struct text names = text_of(look->list), first = TEXT("");
    text_cut(&names, ' ', &first);
    return rows_of(look->page, first);
}

bool table_sound(const struct look *look, struct fault *why)
{
    struct text names = text_of(look->list), name, turns = text_of(look->turns);
    const struct shape *shape = NULL;
    if (!look->list)
        return true;
    while (text_cut(&names, ' ', &name)) {
        const struct shape *of = rows_of(look->page, name);
        if (!of || (shape && of != shape))
            return fault_set(why, "%s: %.*s is no list of its page", look->name, TEXT_ARG(name));
        shape = of;
    }
    while (turns.len && text_cut(&turns, ' ', &name))
        if (!look->query || !shape_field(look->query, name))
            return fault_set(why, "%s: %.*s is nothing that is asked", look->name, TEXT_ARG(name));
    return !look->onward == !look->turns ||
           fault_set(why, "%s: turns pages and does not say how", look->name);
}

/* One page more. False: it was the last, or refused, or a fault. */
static bool take_page(struct table_made *made, struct look_context *context)
{
    const struct look *look = made->look;
    void *page = arena_alloc(made->page, look->page->size);
    struct shown *shown = arena_alloc(made->page, sizeof *shown);
    context->shown = shown;
    made->refusal = look->look(context, made->query, page, &made->why);
    if (made->refusal || made->why.why[0])
        return false;
    size_t before = made->rows;
    if (!context->further)
        write_head(made, shape_of(look));
    walk_all(made, look, page);
    int64_t persons = made->shown.persons + shown->persons;
    if (!context->further || shown->persons) {
        made->shown = *shown;
        made->shown.subject = text_copy(made->exchange->arena, shown->subject);
        made->shown.asked = text_copy(made->exchange->arena, shown->asked);
    }
    made->shown.persons = persons;
    if (made->rows == before || !look->onward || !look->onward(page, made->query))
        return false;
    const struct shape *query = look->query;
    for (size_t i = 0; i < query->count; i++)
        if (query->fields[i].type == FIELD_TEXT) {
            struct text *word =
                (struct text *)(void *)((char *)made->query + query->fields[i].offset);
            *word = text_copy(made->exchange->arena, *word);
        }
    made->more = made->rows >= MOST;
    return !made->more;
}

/* A name and value behind an address. */
static void add_asked(struct buf *out, bool *first, struct text name, struct text value)
{
    buf_char(out, *first ? '?' : '&');
    *first = false;
    buf_url(out, name);
    buf_char(out, '=');
    buf_url(out, value);
}

static struct text path_of(const struct exchange *exchange)
{
    struct text rest = http_target(exchange->request), path = TEXT("");
    text_cut(&rest, '?', &path);
    return path;
}

/* Where the rows after these are; empty: what is asked is too private for an address. */
static struct text rest_address(const struct table_made *made)
{
    const struct shape *query = made->look->query;
    struct arena *arena = made->exchange->arena;
    struct buf out = {.arena = arena};
    bool first = true;
    buf_text(&out, path_of(made->exchange));
    for (size_t i = 0; i < query->count; i++) {
        const struct field *field = &query->fields[i];
        struct text mark = text_format(arena, "{%s}", field->name);
        if (field_empty(field, made->query) || text_find(text_of(made->look->path), mark) >= 0)
            continue;
        if (field->flags & FIELD_PRIVATE)
            return TEXT("");
        add_asked(&out, &first, text_of(field->name), field_text(field, made->query, arena));
    }
    return buf_done(&out);
}

/* A table that ends before its list says so where whoever reads it must see it, and where it goes on.
 */
static void write_rest(struct table_made *made)
{
    struct text address = rest_address(made);
    const struct shape *shape = shape_of(made->look);
    struct text words =
        address.len
            ? text_format(made->exchange->arena, "一次最多下载%d行，其余请从此地址继续下载：%.*s", MOST,
                          TEXT_ARG(address))
            : text_format(made->exchange->arena, "一次最多下载%d行，其余请缩小查询范围后下载。", MOST);
    size_t last = last_column(shape);
    bool first = true;
    for (size_t i = 0; i < shape->count; i++)
        if (is_column(&shape->fields[i])) {
            csv_value(&made->out, first ? say(made, words) : TEXT(""), i == last);
            first = false;
        }
    if (address.len)
        http_answer_header(made->exchange->request, "Link",
                           text_format(made->exchange->arena, "<%.*s>; rel=\"next\"",
                                       TEXT_ARG(address)));
}

static void take_all(struct table_made *made, struct reader *reader)
{
    struct exchange *exchange = made->exchange;
    struct flow_stand stand;
    struct look_context context = {
        .db = reader->db,
        .region = exchange->region->region,
        .now_ms = exchange->now_ms,
        .actor = &exchange->actor,
        .arena = made->page,
        .modules = exchange->door->options.modules,
        .rows = A_PAGE,
    };
    if (!flow_facts_at(reader->facts, context.db, context.region, &context.standing,
                       &context.standing_count, &stand, &made->why))
        return;
    if (context.now_ms < stand.live_at)
        context.now_ms = exchange->now_ms = stand.live_at;
    while (take_page(made, &context)) {
        context.further = true;
        arena_reset(made->page);
        if (exchange->language == LANGUAGE_ENGLISH)
            wordings_keep(made->page);
    }
}

static void work(void *with)
{
    struct table_made *made = with;
    struct door *door = made->exchange->door;
    struct reader *reader = reader_take(door, &made->why);
    made->page = arena_new(256 * 1024);
    if (made->exchange->language == LANGUAGE_ENGLISH)
        wordings_keep(made->page);
    if (reader && reader_ready(door, reader, &made->why))
        take_all(made, reader);
    made->away = made->why.why[0] && (!reader || !reader->db || !db_reader_alive(reader->db));
    if (made->more)
        write_rest(made);
    if (reader)
        reader_give(door, reader);
    arena_free(made->page);
}

static void finish(struct http_request *request, void *with)
{
    struct table_made *made = with;
    struct exchange *exchange = made->exchange;
    (void)request;
    guard_end(exchange, made->why.why[0]                           ? KEY_UNTOLD
                        : made->refusal == OK                      ? KEY_RIGHT
                        : made->refusal == REFUSED_NOT_FOUND       ? KEY_WRONG
                                                                   : KEY_UNTOLD);
    exchange->away = made->away;
    if (made->why.why[0]) {
        answer_fault(exchange, &made->why);
        return;
    }
    if (made->refusal) {
        answer_refusal(exchange, made->refusal);
        return;
    }
    struct served served = {
        .media_type = CSV_TYPE,
        .body = buf_done(&made->out),
        .file_name =
            text_format(exchange->arena, "%.*s-%.*s.csv",
                        TEXT_ARG(exchange_say(exchange, text_of(made->look->title))),
                        TEXT_ARG(date_format(exchange->arena, time_date(exchange->now_ms)))),
    };
    exchange->shown = made->shown;
    exchange->served = arena_copy(exchange->arena, &served, sizeof served);
    answer_look(exchange, made->look, NULL, 200);
}

void table_make(struct exchange *exchange, const struct look *look, void *query)
{
    struct table_made *made = arena_alloc(exchange->arena, sizeof *made);
    *made = (struct table_made){.exchange = exchange, .look = look, .query = query};
    made->out.arena = exchange->arena;
    http_work(exchange->request, work, finish, made);
}

struct text table_address(const struct exchange *exchange, const struct look *look,
                          const void *page)
{
    struct text query = http_query(exchange->request);
    struct pairs asked = {0};
    struct buf out = {.arena = exchange->arena};
    bool first = true;
    if (!look->list || look->by_post || !walk_all(NULL, look, page) ||
        http_method(exchange->request) == HTTP_POST ||
        !pairs_parse(query, 200, exchange->arena, &asked))
        return TEXT("");
    buf_text(&out, path_of(exchange));
    buf_str(&out, LOOK_TABLE);
    for (size_t i = 0; i < asked.count; i++) {
        struct text turns = text_of(look->turns), name, turn = asked.items[i].name;
        bool turned = !asked.items[i].value.len || !look->query || !shape_field(look->query, turn);
        while (!turned && turns.len && text_cut(&turns, ' ', &name))
            turned = text_equal(name, turn);
        if (!turned)
            add_asked(&out, &first, turn, asked.items[i].value);
    }
    return buf_done(&out);
}
