/* Looks: GET. They get a connection that cannot write. */
#include "door/parts.h"

static const struct shape nothing = {"nothing", "", 1, NULL, 0};

bool path_is_wrong(const struct exchange *exchange, const struct pairs *from_path)
{
    for (size_t i = 0; i < exchange->problems.count; i++)
        for (size_t j = 0; j < from_path->count; j++)
            if (text_equal(exchange->problems.items[i].field, from_path->items[j].name) &&
                exchange->problems.items[i].code != REFUSED_REPEATED)
                return true;
    return false;
}

/* A link that went through a chat app comes back with what the app hung on it (?from=singlemessage):
 * somebody who asks for a page is shown it. A program that names what nobody declared is told so. */
static void pass_over_undeclared(const struct shape *shape, struct pairs *pairs)
{
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        struct text rest = pairs->items[i].name, head;
        const struct field *field =
            text_cut(&rest, '.', &head) ? shape_field(shape, head) : NULL;
        if (field && !(field->flags & FIELD_INTERNAL))
            pairs->items[kept++] = pairs->items[i];
    }
    pairs->count = kept;
}

enum refusal look_query(struct exchange *exchange, const struct look *look,
                        const struct match *match, struct text query, struct arena *arena,
                        void **out)
{
    const struct shape *shape = look->query ? look->query : &nothing;
    struct pairs pairs = {0}, from_path = {0};
    *out = arena_alloc(arena, shape->size);
    exchange->problems = (struct problems){0};
    route_pairs(look->path, match, &from_path, exchange->arena);
    for (size_t i = 0; i < from_path.count; i++)
        pair_add(&pairs, exchange->arena, from_path.items[i].name,
                 text_copy(arena, from_path.items[i].value));
    if (!pairs_parse(query, 200, arena, &pairs))
        return REFUSED_BODY;
    if (!exchange->json && http_method(exchange->request) != HTTP_POST)
        pass_over_undeclared(shape, &pairs);
    if (shape_from_form(shape, &pairs, arena, *out, &exchange->problems))
        return OK;
    if (!path_is_wrong(exchange, &from_path))
        return exchange->problems.items[0].code;
    exchange->problems = (struct problems){0};
    return REFUSED_NOT_FOUND;
}

/* The actor for a page that outlives the exchange. */
static const struct actor *actor_kept(const struct actor *actor, struct arena *arena)
{
    struct actor *copy = arena_copy(arena, actor, sizeof *actor);
    struct text *words[] = {&copy->name, &copy->display, &copy->department, &copy->place};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        *words[i] = text_copy(arena, *words[i]);
    copy->session = TEXT("");
    return copy;
}

static enum refusal look_up(struct exchange *exchange, const struct look *look,
                            const struct match *match, struct text query,
                            struct look_context *context, void **page, struct served *served,
                            struct fault *why)
{
    void *input;
    enum refusal refusal = look_query(exchange, look, match, query, context->arena, &input);
    if (refusal)
        return refusal;
    if (look->serve)
        return look->serve(context, input, served, why);
    *page = arena_alloc(context->arena, look->page->size);
    return look->look(context, input, *page, why);
}

static enum refusal run(struct exchange *exchange, const struct look *look,
                        const struct match *match, struct text query, void **page,
                        struct served *served, struct fault *why)
{
    struct flow_stand stand;
    bool fresh = false;
    struct look_context context = {
        .db = exchange->reader->db,
        .region = exchange->region->region,
        .now_ms = exchange->now_ms,
        .actor = &exchange->actor,
        .arena = exchange->arena,
        .modules = exchange->door->options.modules,
        .shown = &exchange->shown,
        .providers = exchange->door->options.providers,
    };
    enum refusal refusal;
    exchange->kept = NULL;
    exchange->shown = (struct shown){0};
    if (!flow_facts_at(exchange->reader->facts, context.db, context.region, &context.standing,
                       &context.standing_count, &stand, why))
        return OK;
    exchange->position = stand.seq;
    /* Another server, or the command line, may have come further than this one knows. */
    if (exchange->now_ms < stand.live_at)
        context.now_ms = exchange->now_ms = stand.live_at;
    if (!look->by_journal)
        return look_up(exchange, look, match, query, &context, page, served, why);
    struct kept_page *kept = kept_find(exchange, look, match, query, &stand, &fresh);
    if (fresh) {
        exchange->problems = (struct problems){0};
        *page = kept_show(kept, &exchange->shown);
    } else {
        context.arena = kept_arena(kept);
        context.actor = actor_kept(&exchange->actor, context.arena);
        refusal = look_up(exchange, look, match, query, &context, page, served, why);
        if (refusal || why->why[0])
            return refusal;
        kept_fill(kept, look, *page, &exchange->shown);
    }
    exchange->kept = kept;
    return OK;
}

/* What may be said before anything is looked up, and the query. */
static enum refusal open_look(struct exchange *exchange, const struct look *look,
                              const struct match *match, struct text query, void **asked)
{
    enum refusal refusal = gate_refusal(exchange, look->name, look->roles, false);
    if (!refusal)
        refusal = look_query(exchange, look, match, query, exchange->arena, asked);
    if (!refusal)
        refusal = guard_begin(exchange, look->guards, look->query, *asked);
    return refusal;
}

/* Here too where a refused form's page is shown again: that page is of the sender's choosing. A page
 * that is kept is asked for its key as any other. */
enum refusal look_run(struct exchange *exchange, const struct look *look, const struct match *match,
                      struct text query, void **page, struct served *served, struct fault *why)
{
    void *asked;
    enum refusal refusal = look->guards
                               ? open_look(exchange, look, match, query, &asked)
                               : gate_refusal(exchange, look->name, look->roles, false);
    if (refusal)
        return refusal;
    refusal = run(exchange, look, match, query, page, served, why);
    enum key_told told = KEY_UNTOLD;
    if (refusal == REFUSED_NOT_FOUND)
        told = KEY_WRONG;
    else if (!refusal && !why->why[0])
        told = look->told ? look->told(*page) : KEY_RIGHT;
    guard_end(exchange, told);
    return refusal;
}

/* To the sign-in page and back to here. */
static void send_to_sign_in(struct exchange *exchange)
{
    struct buf location = {.arena = exchange->arena};
    buf_str(&location, "/staff/sign-in?next=");
    buf_url(&location, http_target(exchange->request));
    answer_redirect(exchange, buf_done(&location));
}

/* A file as the words of a field. What is no text (somebody chose a picture) becomes question marks, so
 * that the look can say in its own words what it wanted. */
static struct text words_of(struct text bytes, struct arena *arena)
{
    bool words = text_utf8(bytes);
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        bool good = byte == '\n' || byte == '\r' || byte == '\t' ||
                    (byte >= ' ' && byte < 0x7f) || (byte >= 0x80 && words);
        buf_char(&out, good ? (char)byte : '?');
    }
    return buf_done(&out);
}

/* The parts of a multipart form as the same query that a form without a file would be. */
static enum refusal query_of_parts(struct exchange *exchange, struct text *query)
{
    const struct http_part *parts;
    size_t count;
    struct buf out = {.arena = exchange->arena};
    if (!http_parts_in_memory(exchange->request, &parts, &count))
        return REFUSED_BODY;
    for (size_t i = 0; i < count; i++) {
        if (out.len)
            buf_char(&out, '&');
        buf_url(&out, parts[i].name);
        buf_char(&out, '=');
        buf_url(&out, parts[i].media_type.len ? words_of(parts[i].value, exchange->arena)
                                              : parts[i].value);
    }
    *query = buf_done(&out);
    return OK;
}

/* The query: after the '?', or the form that a look asked by POST came with. It changes nothing, so
 * the form needs no token; a file in it stays in memory. */
static enum refusal query_of(struct exchange *exchange, struct text *query)
{
    const struct http_request *request = exchange->request;
    struct text type = http_header(request, "content-type");
    *query = http_query(request);
    if (http_method(request) != HTTP_POST)
        return OK;
    *query = http_body(request);
    if (text_starts(type, TEXT("multipart/form-data")))
        return query_of_parts(exchange, query);
    return text_starts(type, TEXT("application/x-www-form-urlencoded")) ? OK : REFUSED_UNSUPPORTED;
}

static void refuse(struct exchange *exchange, enum refusal refusal)
{
    if (refusal == REFUSED_SIGN_IN && !exchange->json)
        send_to_sign_in(exchange);
    else if (refusal == REFUSED_ENROL && !exchange->json)
        answer_redirect(exchange, TEXT(TOTP_PATH));
    else {
        answer_wait(exchange);
        answer_refusal(exchange, refusal);
    }
}

void look_handle(struct exchange *exchange)
{
    const struct look *look = exchange->match.look;
    struct text query;
    struct served served = {0};
    struct fault why = {0};
    void *page = NULL, *asked = NULL;
    if (look->live && live_wanted(exchange)) {
        live_handle(exchange);
        return;
    }
    enum refusal refusal = query_of(exchange, &query);
    if (refusal == OK && exchange->table) {
        refusal = open_look(exchange, look, &exchange->match, query, &asked);
        if (refusal)
            refuse(exchange, refusal);
        else
            table_make(exchange, look, asked);
        return;
    }
    if (refusal == OK)
        refusal = look_run(exchange, look, &exchange->match, query, &page, &served, &why);
    if (why.why[0] && exchange_reopen(exchange)) {
        why = (struct fault){0};
        refusal = look_run(exchange, look, &exchange->match, query, &page, &served, &why);
    }
    if (why.why[0])
        answer_fault(exchange, &why);
    else if (refusal)
        refuse(exchange, refusal);
    else {
        if (look->serve)
            exchange->served = arena_copy(exchange->arena, &served, sizeof served);
        answer_look(exchange, look, page, 200);
    }
}
