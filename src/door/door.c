/* Opening and closing, and where a request goes first. */
#include "door/parts.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "files/files.h"

struct door *door_new(void)
{
    struct door *door = calloc(1, sizeof *door);
    if (!door)
        abort();
    pthread_mutex_init(&door->lock, NULL);
    door->arena = arena_new(64 * 1024);
    door->live = live_new();
    door->entered = -1;
    return door;
}

void door_ring(void *with)
{
    struct door *door = with;
    if (door->ended_count)
        http_wake_many(door->ended, door->ended_count);
    door->ended_count = 0;
    live_ring(door->live);
}

static bool reader_open(struct door *door, struct reader *reader, struct fault *why)
{
    reader->facts = flow_facts_new(door->options.modules);
    return db_open_reader(door->options.where, &reader->db, why);
}

static void reader_close(struct reader *reader)
{
    if (reader->db)
        db_close_reader(reader->db);
    flow_facts_free(reader->facts);
    kept_free(reader->kept);
    reader->db = NULL;
    reader->facts = NULL;
    reader->kept = NULL;
}

void reader_free(struct reader *reader)
{
    reader_close(reader);
    free(reader);
}

bool reader_reopen(struct door *door, struct reader *reader, struct fault *why)
{
    reader_close(reader);
    return reader_open(door, reader, why);
}

bool reader_ready(struct door *door, struct reader *reader, struct fault *why)
{
    return (reader->db && db_reader_alive(reader->db)) || reader_reopen(door, reader, why);
}

struct reader *reader_take(struct door *door, struct fault *why)
{
    pthread_mutex_lock(&door->lock);
    struct reader *reader = door->idle;
    if (reader)
        door->idle = reader->next;
    pthread_mutex_unlock(&door->lock);
    if (reader)
        return reader;
    reader = calloc(1, sizeof *reader);
    if (!reader)
        abort();
    if (reader_open(door, reader, why))
        return reader;
    reader_free(reader);
    return NULL;
}

void reader_give(struct door *door, struct reader *reader)
{
    pthread_mutex_lock(&door->lock);
    reader->next = door->idle;
    door->idle = reader;
    pthread_mutex_unlock(&door->lock);
}

static bool loop_start(void *context, void **loop_context, struct fault *why)
{
    *loop_context = reader_take(context, why);
    return *loop_context != NULL;
}

static void loop_stop(void *context, void *loop_context)
{
    (void)context;
    reader_free(loop_context);
}

static const char *allowed(const struct match *match)
{
    if (!match->look)
        return "POST, OPTIONS";
    bool post = match->command || match->look->by_post;
    return post ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
}

static void healthz(struct exchange *exchange)
{
    static const struct db_sql one = {"SELECT 1 AS one"};
    struct db_rows rows;
    struct fault why = {0};
    answer_headers(exchange);
    http_answer_header(exchange->request, "Cache-Control", TEXT("no-store"));
    bool good = reader_ready(exchange->door, exchange->reader, &why) &&
                db_select(exchange->reader->db, &one, NULL, 0, exchange->arena, &rows, &why);
    if (!good) {
        log_line(LOG_ERROR, "door.health", "%s", why.why);
        struct fault again = {0};
        reader_reopen(exchange->door, exchange->reader, &again);
    }
    http_answer_static(exchange->request, good ? 200 : 503, "application/json",
                       good ? TEXT("{\"status\":\"ok\"}") : TEXT("{\"status\":\"no database\"}"));
}

const char *const door_plain[DOOR_PLAIN] = {"/assets/{name}", "/healthz", "/openapi.json",
                                            "/metrics"};

static int plain_of(struct text path)
{
    if (text_starts(path, TEXT("/assets/")))
        return PLAIN_ASSET;
    for (int i = PLAIN_HEALTH; i <= DOOR_PLAIN; i++)
        if (text_is(path, door_plain[i - 1]))
            return i;
    return PLAIN_NONE;
}

/* What is answered before anybody asks who is there. */
static bool handle_plain(struct exchange *exchange, enum http_method method)
{
    int plain = plain_of(http_path(exchange->request));
    metrics_mark(exchange, NULL, plain);
    if (plain == PLAIN_NONE)
        return false;
    if (method != HTTP_GET && method != HTTP_HEAD) {
        answer_method(exchange, "GET, HEAD");
    } else if (plain == PLAIN_ASSET) {
        static_handle(exchange);
    } else if (plain == PLAIN_HEALTH) {
        healthz(exchange);
    } else if (plain == PLAIN_METRICS) {
        metrics_handle(exchange);
    } else {
        answer_headers(exchange);
        http_answer_header(exchange->request, "Cache-Control", TEXT("no-cache"));
        http_answer_static(exchange->request, 200, "application/json", exchange->door->openapi);
    }
    return true;
}

/* A list may be asked for as a table, by its address or by what is accepted. */
static bool find(struct exchange *exchange)
{
    const struct routes *routes = exchange->door->routes;
    struct text path = http_path(exchange->request), list = table_path(path);
    struct match *match = &exchange->match;
    exchange->table = list.len < path.len && routes_match(routes, list, match) && match->look &&
                      match->look->list;
    if (exchange->table) {
        match->command = NULL;
        return true;
    }
    bool found = routes_match(routes, path, match);
    exchange->table = found && match->look && match->look->list &&
                      http_method(exchange->request) != HTTP_POST &&
                      wants_table(http_header(exchange->request, "accept"));
    return found;
}

static void handle(struct http_request *request, void *context)
{
    struct arena *arena = http_arena(request);
    struct exchange *exchange = arena_alloc(arena, sizeof *exchange);
    enum http_method method = http_method(request);
    exchange->door = context;
    exchange->request = request;
    exchange->arena = arena;
    exchange->reader = http_loop_context(request);
    if (handle_plain(exchange, method) || !exchange_begin(exchange))
        return;
    bool found = find(exchange);
    bool look = method == HTTP_GET || method == HTTP_HEAD;
    if (found)
        metrics_mark(exchange,
                     method == HTTP_POST && exchange->match.command
                         ? (const void *)exchange->match.command
                         : (const void *)exchange->match.look,
                     PLAIN_NONE);
    if (exchange->brought.bearer.len && !exchange->actor.account)
        /* A program whose token has ended must not go on as an applicant without knowing. */
        answer_refusal(exchange, REFUSED_SIGN_IN);
    else if (!found)
        answer_refusal(exchange, REFUSED_NOT_FOUND);
    else if (look && exchange->match.look)
        look_handle(exchange);
    else if (method == HTTP_POST && exchange->match.command)
        command_handle(exchange);
    else if (method == HTTP_POST && exchange->match.look && exchange->match.look->by_post)
        look_handle(exchange);
    else
        answer_method(exchange, allowed(&exchange->match));
}

static void make_forms(struct door *door)
{
    const struct module *const *modules = door->options.modules;
    size_t count = 0;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++)
            count++;
    door->forms = arena_array(door->arena, count, sizeof *door->forms);
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++) {
            const struct command *command = modules[i]->commands[j];
            if (!command->path || !command->input)
                continue;
            door->forms[door->form_count++] =
                (struct view_form){command->name, command->title, command->said, command->path,
                                   command->input, shape_takes_upload(command->input)};
        }
}

/* "approval/case/" of "approval/case/desk.html". */
static struct text folder_of(struct text name)
{
    while (name.len && name.at[name.len - 1] != '/')
        name.len--;
    return name;
}

/* True when a listed module has a page in that folder. */
static bool folder_used(const struct module *const *modules, struct text folder)
{
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++)
            if (text_equal(folder, folder_of(text_of(modules[i]->looks[j]->template))))
                return true;
    return text_is(folder, "view/") || text_is(folder, "web/");
}

/* The pages of the modules that are listed, and what all pages are made of. */
static bool load_views(struct door *door, struct fault *why)
{
    size_t more = door->options.page_count, count = 0;
    struct asset *files = arena_array(door->arena, asset_count + more, sizeof *files);
    for (size_t i = 0; i < asset_count; i++)
        if (folder_used(door->options.modules, folder_of(text_of(assets[i].name))))
            files[count++] = assets[i];
    for (size_t i = 0; i < more; i++)
        files[count++] = door->options.pages[i];
    for (int i = 0; i < LANGUAGES; i++)
        if (!view_load_said(door->speeches[i], files, count, door->forms, door->form_count,
                            &door->views[i], why))
            return false;
    return true;
}

/* A lock whose name is misspelt would stand open. */
static bool guards_fit(const char *name, const char *guards, const struct shape *shape,
                       struct fault *why)
{
    const struct field *field = guards && shape ? shape_field(shape, text_of(guards)) : NULL;
    if (!guards || (field && field->type == FIELD_TEXT))
        return true;
    return fault_set(why, "%s: guards %s, which is no text of its input", name, guards);
}

static bool check_guards(const struct door *door, struct fault *why)
{
    const struct module *const *modules = door->options.modules;
    for (size_t i = 0; modules[i]; i++) {
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++) {
            const struct look *look = modules[i]->looks[j];
            if (!guards_fit(look->name, look->guards, look->query, why))
                return false;
        }
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++) {
            const struct command *command = modules[i]->commands[j];
            if (!guards_fit(command->name, command->guards, command->input, why))
                return false;
        }
    }
    return true;
}

/* What is asked again and again beside the requests must follow from the journal. */
static bool live_fits(const struct look *look, struct fault *why)
{
    return !look->live || (look->by_journal && look->look) ||
           fault_set(why, "%s: is live, and does not follow from the journal", look->name);
}

static bool check_looks(const struct door *door, struct view *view, struct fault *why)
{
    const struct module *const *modules = door->options.modules;
    if (!view_check(view, "view/problem.html", &problem_page_shape, why) ||
        !view_check(view, "view/problem_staff.html", &problem_page_shape, why))
        return false;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++) {
            const struct look *look = modules[i]->looks[j];
            if (look->template && !view_check(view, look->template, look->page, why))
                return fault_set(why, "%s: the page does not fit", look->name);
            if (!live_fits(look, why) || !table_sound(look, why))
                return false;
        }
    return true;
}

bool door_start(struct door *door, const struct door_options *options, struct fault *why)
{
    door->options = *options;
    struct http_options http = {
        .address = options->address,
        .port = options->port,
        .threads = options->threads,
        .context = door,
        .loop_start = loop_start,
        .loop_stop = loop_stop,
        .plan = command_plan,
        .handle = handle,
        .answered = metrics_answered,
        .rejected_fields = answer_fields(options->behind_tls, door->arena),
    };
    if (options->files_directory) {
        int swept;
        if (!files_prepare(options->files_directory, why) ||
            (door->entered = files_enter(options->files_directory, &swept, why)) < 0)
            return false;
        if (swept)
            log_line(LOG_WARN, "door.swept", "%d uploads that a killed server was taking", swept);
        http.upload_directory =
            text_format(door->arena, "%s/incoming", options->files_directory).at;
    }
    door->limits = limits_new(options->limits);
    door->metrics = metrics_new(options->modules, door->arena);
    if (!routes_new(options->modules, &door->routes, why))
        return false;
    struct buf document = {.arena = door->arena};
    door_openapi(options->modules, options->examples, &document);
    door->openapi = buf_done(&document);
    make_forms(door);
    if (!languages_open(door, why) || !load_views(door, why))
        return false;
    for (int i = 0; i < LANGUAGES; i++)
        if (!check_looks(door, door->views[i], why))
            return false;
    return check_guards(door, why) && statics_make(door, why) && live_start(door, why) &&
           http_start(&http, &door->server, why);
}

int door_port(const struct door *door)
{
    return http_port(door->server);
}

void door_stop(struct door *door, int grace_ms)
{
    live_stop(door);
    if (door->server)
        http_stop(door->server, grace_ms);
    door->server = NULL;
}

void door_free(struct door *door)
{
    if (!door)
        return;
    limits_free(door->limits);
    if (door->entered >= 0)
        close(door->entered);
    while (door->idle) {
        struct reader *next = door->idle->next;
        reader_free(door->idle);
        door->idle = next;
    }
    routes_free(door->routes);
    languages_close(door);
    recent_free(door->recent);
    live_free(door->live);
    free(door->ended);
    pthread_mutex_destroy(&door->lock);
    arena_free(door->arena);
    free(door);
}
