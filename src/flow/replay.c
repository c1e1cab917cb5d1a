/* Tables from the journal: creating, replaying, rebuilding, comparing. */
#include <string.h>

#include "flow/replay.h"
#include "view/view.h"

#define LEARN_FIRST 1000 /* entries */
#define PAGE 1000        /* rows compared at once */

static bool script(struct db *db, const char *name, struct fault *why)
{
    const struct asset *asset = asset_find(text_of(name));
    if (!asset)
        return fault_set(why, "%s is not embedded", name);
    return db_script(db, (struct text){(const char *)asset->bytes, asset->size}, why) ||
           fault_set(why, "%s does not run", name);
}

static bool create_derived(struct db *db, const struct module *const *modules, struct fault *why)
{
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->tables_sql && !script(db, modules[i]->tables_sql, why))
            return false;
    return true;
}

/* The tables alone, with no index but those that keep rows apart: a replay finds rows by their keys,
 * and an index is cheaper made of all rows at once. create_derived makes what is missing. */
static bool create_bare(struct db *db, const struct module *const *modules, struct arena *arena,
                        struct fault *why)
{
    for (size_t i = 0; modules[i]; i++) {
        const struct asset *asset =
            modules[i]->tables_sql ? asset_find(text_of(modules[i]->tables_sql)) : NULL;
        if (!asset)
            continue; /* it has none, or create_derived will say so */
        struct text rest = {(const char *)asset->bytes, asset->size};
        struct buf bare = {.arena = arena};
        struct text line, statement = {rest.at, 0};
        while (text_cut(&rest, '\n', &line)) {
            statement.len = (size_t)(line.at + line.len - statement.at);
            if (!text_ends(text_trim(line), TEXT(";")) && rest.len)
                continue;
            if (text_find(statement, TEXT("CREATE INDEX ")) < 0)
                buf_text(&bare, statement);
            buf_char(&bare, '\n');
            statement = (struct text){rest.at, 0};
        }
        if (!db_script(db, buf_done(&bare), why))
            return fault_set(why, "%s does not run", modules[i]->tables_sql);
    }
    return true;
}

/* Those that a later version brought; what is there stays as it is. */
static bool create_truth(struct db *db, const struct module *const *modules, struct fault *why)
{
    for (size_t i = 0; modules[i]; i++)
        if (modules[i]->truth_sql && !script(db, modules[i]->truth_sql, why))
            return false;
    return true;
}

bool flow_create(struct db *db, const struct module *const *modules, struct fault *why)
{
    if (!db_begin(db, why))
        return false;
    bool good = script(db, "journal/tables.sql", why) && create_truth(db, modules, why) &&
                create_derived(db, modules, why);
    if (good)
        return db_commit(db, why) == DB_COMMITTED;
    db_rollback(db);
    return false;
}

static const struct db_sql regions_sql = {
    "SELECT region FROM region_head ORDER BY ordinal, region"};

bool flow_regions(struct db_read *db, struct arena *arena, struct list *out, struct fault *why)
{
    struct db_rows rows;
    if (!db_select(db, &regions_sql, NULL, 0, arena, &rows, why))
        return false;
    int64_t *regions = arena_array(arena, rows.count, sizeof *regions);
    for (size_t i = 0; i < rows.count; i++)
        regions[i] = db_cell_int(&rows, i, "region");
    *out = (struct list){regions, rows.count};
    return journal_no_orphans(db, arena, why);
}

/* What PostgreSQL finds wrong may be a write of an entry shortly before: writes travel together. */
static bool apply_page(const struct replay_page *page, struct db *to, struct arena *arena,
                       struct fault *why)
{
    arena_reset(arena);
    for (size_t i = 0; i < page->count; i++) {
        const struct replay_event *event = &page->events[i];
        struct fault inside = {0};
        if (!event->kind->apply(to, event->head, event->body, arena, &inside))
            return fault_set(why, "the replay stopped at entry %lld (%s): %s",
                             (long long)event->head->index, event->kind->name, inside.why);
    }
    if (!page->good)
        *why = page->why;
    return page->good;
}

static bool learn_sizes(struct db *db, const struct module *const *modules, struct fault *why)
{
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++)
            if (!db_learn(db, table->name, why))
                return false;
    return true;
}

bool flow_replay(struct db_read *from, struct db *to, const struct module *const *modules,
                 int64_t region, const struct checkpoint *head, const struct progress *progress,
                 struct fault *why)
{
    struct registry *registry = registry_new(modules, why);
    struct replay_reader *reader =
        registry ? replay_reader_start(from, registry, region, head, why) : NULL;
    struct arena *arena = arena_new(256 * 1024);
    const struct replay_page *page;
    bool good = reader != NULL;
    int64_t done = 0, learn = LEARN_FIRST;
    while (good && (page = replay_reader_next(reader))) {
        good = apply_page(page, to, arena, why);
        done += (int64_t)page->count;
        if (good && done >= learn) {
            good = learn_sizes(to, modules, why);
            learn *= 4;
        }
        if (good)
            progress_tell(progress, done, head->size);
    }
    replay_reader_end(reader);
    arena_free(arena);
    registry_free(registry);
    return good;
}

static bool drop_derived(struct db *db, const struct module *const *modules, struct arena *arena,
                         struct fault *why)
{
    size_t count = 0;
    while (modules[count])
        count++;
    while (count--)
        for (const struct table *table = modules[count]->tables; table && table->name; table++)
            if (!db_script(db, text_format(arena, "DROP TABLE IF EXISTS %s;", table->name), why))
                return false;
    return true;
}

static bool refill(struct db *db, struct db_read *from, const struct module *const *modules,
                   struct arena *arena, const struct progress *progress, int64_t *replayed,
                   struct fault *why)
{
    struct list regions;
    *replayed = 0;
    if (!flow_regions(db_reader(db), arena, &regions, why))
        return false;
    /* First the heads, as every batch does: whoever takes the tables first could wait for a batch that
     * waits for it. */
    for (size_t i = 0; i < regions.count; i++)
        if (!journal_hold(db, ((const int64_t *)regions.items)[i], why))
            return false;
    if (!drop_derived(db, modules, arena, why) || !create_bare(db, modules, arena, why))
        return false;
    for (size_t i = 0; i < regions.count; i++) {
        int64_t region = ((const int64_t *)regions.items)[i];
        struct checkpoint head;
        if (!journal_head(db_reader(db), region, arena, &head, why) ||
            !journal_counts(db_reader(db), &head, region, arena, why) ||
            !flow_replay(from, db, modules, region, &head, progress, why) ||
            !db_flush(db, why)) /* writes of two regions never wait together */
            return false;
        *replayed += head.size;
    }
    return create_derived(db, modules, why) && create_truth(db, modules, why);
}

/* One try. */
static bool rebuild(const char *where, struct db *db, const struct module *const *modules,
                    struct arena *arena, const struct progress *progress, int64_t *replayed,
                    struct fault *why)
{
    struct db_read *from = NULL; /* sees what stood before this transaction, as far as it stands */
    bool good = db_begin(db, why) && db_open_reader(where, &from, why) &&
                refill(db, from, modules, arena, progress, replayed, why);
    if (from)
        db_close_reader(from); /* before the log is made short */
    return good && db_commit(db, why) == DB_COMMITTED;
}

bool flow_rebuild(const char *where, const struct module *const *modules,
                  const struct progress *progress, int64_t *replayed, struct fault *why)
{
    enum { TRIES = 5 };
    struct db *db;
    if (!db_open(where, false, &db, why))
        return false;
    struct arena *arena = arena_new(4096);
    bool good = false, again = true;
    for (int i = 0; !good && again && i < TRIES; i++) {
        *why = (struct fault){0};
        good = rebuild(where, db, modules, arena, progress, replayed, why);
        /* A look that goes through several tables may stand in the way on PostgreSQL. */
        again = !good && db_alive(db) && db_retryable(db);
        if (!good)
            db_rollback(db);
    }
    if (good) {
        /* The whole rebuilt database went through the write-ahead log. */
        int64_t pages;
        good = db_checkpoint(db, true, &pages, why);
    }
    arena_free(arena);
    db_close(db);
    return good;
}

struct comparison {
    struct db_read *live, *scratch;
    const struct table *table;
    const char *const *keys; /* column names */
    size_t key_count;
    struct db_sql first, next;
    struct text *wrong;
    struct arena *arena; /* of the answer */
    struct fault *why;
};

/* Statements that page through a table by its key. They live as long as both connections, since a
 * connection keeps statements by their address. */
static void prepare(struct comparison *comparison, struct arena *arena)
{
    const struct table *table = comparison->table;
    struct text keys = text_of(table->key), key;
    const char **names = arena_array(arena, 16, sizeof *names);
    size_t count = 0;
    while (text_cut(&keys, ',', &key) && count < 16)
        names[count++] = text_cstr(arena, text_trim(key));
    struct buf marks = {.arena = arena};
    for (size_t i = 0; i < count; i++)
        buf_format(&marks, "%s$%zu", i ? ", " : "", i + 2);
    comparison->keys = names;
    comparison->key_count = count;
    comparison->first.text =
        text_format(arena, "SELECT * FROM %s WHERE region = $1 ORDER BY %s LIMIT %d", table->name,
                    table->key, PAGE)
            .at;
    comparison->next.text =
        text_format(arena,
                    "SELECT * FROM %s WHERE region = $1 AND (%s) > (%.*s) ORDER BY %s LIMIT %d",
                    table->name, table->key, TEXT_ARG(buf_done(&marks)), table->key, PAGE)
            .at;
}

static struct text value_said(const struct db_value *value, struct arena *arena)
{
    switch (value->type) {
    case DB_INT:
        return text_format(arena, "%lld", (long long)value->number);
    case DB_TEXT:
        return text_format(arena, "'%.*s'", TEXT_ARG(text_head(value->text, 120)));
    case DB_BYTES:
        return text_hex(arena, value->text.at, value->text.len < 40 ? value->text.len : 40);
    case DB_NULL:
        break;
    }
    return TEXT("NULL");
}

static struct text key_said(const struct comparison *comparison, const struct db_rows *rows,
                            size_t row, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < comparison->key_count; i++) {
        if (i)
            buf_str(&out, ", ");
        buf_text(&out, value_said(db_cell(rows, row, comparison->keys[i]), arena));
    }
    return buf_done(&out);
}

static int key_order(const struct comparison *comparison, const struct db_rows *a,
                     const struct db_rows *b, size_t row)
{
    for (size_t i = 0; i < comparison->key_count; i++) {
        const struct db_value *x = db_cell(a, row, comparison->keys[i]);
        const struct db_value *y = db_cell(b, row, comparison->keys[i]);
        int order = x->type == DB_INT ? (x->number > y->number) - (x->number < y->number)
                                      : text_order(x->text, y->text);
        if (order)
            return order;
    }
    return 0;
}

/* Whatever their order. */
static bool same_columns(const struct db_rows *a, const struct db_rows *b)
{
    size_t found = 0;
    for (size_t i = 0; i < a->width; i++)
        for (size_t j = 0; j < b->width; j++)
            found += strcmp(a->names[i], b->names[j]) == 0;
    return found == a->width && found == b->width;
}

/* Compares row by row; true while both agree so far. */
static bool same_page(const struct comparison *comparison, const struct db_rows *live,
                      const struct db_rows *again)
{
    const char *name = comparison->table->name;
    struct arena *arena = comparison->arena;
    if (!same_columns(live, again)) {
        *comparison->wrong = text_format(
            arena, "table %s has other columns than this program's: `yimen rebuild` mends it", name);
        return false;
    }
    for (size_t row = 0; row < live->count || row < again->count; row++) {
        int order = row >= live->count    ? 1
                    : row >= again->count ? -1
                                          : key_order(comparison, live, again, row);
        if (order) {
            const struct db_rows *has = order < 0 ? live : again;
            *comparison->wrong = text_format(
                arena, "table %s, row (%.*s): %s", name,
                TEXT_ARG(key_said(comparison, has, row, arena)),
                order < 0 ? "is in the table, but no entry of the journal made it"
                          : "the journal made it, but it is missing from the table");
            return false;
        }
        for (size_t i = 0; i < live->width; i++) {
            const struct db_value *x = &live->cells[row * live->width + i];
            const struct db_value *y = db_cell(again, row, live->names[i]);
            if (db_value_equal(x, y))
                continue;
            *comparison->wrong = text_format(
                arena, "table %s, row (%.*s), column %s: the table says %.*s, the journal %.*s",
                name, TEXT_ARG(key_said(comparison, live, row, arena)), live->names[i],
                TEXT_ARG(value_said(x, arena)), TEXT_ARG(value_said(y, arena)));
            return false;
        }
    }
    return true;
}

static bool compare_table(struct comparison *comparison, int64_t region)
{
    struct arena *arena = arena_new(256 * 1024);
    struct db_value args[17] = {db_int(region)};
    size_t count = 1;
    bool good;
    for (;;) {
        const struct db_sql *sql = count == 1 ? &comparison->first : &comparison->next;
        struct db_rows live, again;
        good = db_select(comparison->live, sql, args, count, arena, &live, comparison->why) &&
               db_select(comparison->scratch, sql, args, count, arena, &again, comparison->why);
        if (!good || !same_page(comparison, &live, &again) || live.count < PAGE)
            break;
        for (size_t i = 0; i < comparison->key_count; i++)
            args[i + 1] = *db_cell(&live, live.count - 1, comparison->keys[i]);
        count = comparison->key_count + 1;
    }
    arena_free(arena);
    return good;
}

/* A row of a region that is not set up: there is no journal that could have made it. */
static bool find_strange(struct comparison *comparison, struct arena *kept)
{
    const struct table *table = comparison->table;
    struct arena *arena = comparison->arena;
    struct db_sql *sql = arena_alloc(kept, sizeof *sql);
    struct db_rows rows;
    *sql = (struct db_sql){
        text_format(kept,
                    "SELECT * FROM %s WHERE region NOT IN (SELECT region FROM region_head) "
                    "ORDER BY %s LIMIT 1",
                    table->name, table->key)
            .at};
    if (!db_select(comparison->live, sql, NULL, 0, arena, &rows, comparison->why))
        return false;
    if (rows.count)
        *comparison->wrong = text_format(
            arena, "table %s, row (%.*s): is in the table, but its region is not set up",
            table->name, TEXT_ARG(key_said(comparison, &rows, 0, arena)));
    return true;
}

static bool compare_strange(struct db_read *live, const struct module *const *modules,
                            struct arena *kept, struct arena *arena, struct text *wrong,
                            struct fault *why)
{
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++) {
            struct comparison comparison = {
                .live = live, .table = table, .wrong = wrong, .arena = arena, .why = why};
            prepare(&comparison, kept);
            if (!find_strange(&comparison, kept))
                return fault_set(why, "table %s cannot be compared", table->name);
            if (wrong->len)
                return true;
        }
    return true;
}

static bool compare_region(struct db_read *live, struct db *scratch,
                           const struct module *const *modules, int64_t region, struct arena *kept,
                           struct arena *arena, const struct progress *progress, struct text *wrong,
                           struct fault *why)
{
    struct checkpoint head;
    if (!journal_head(live, region, arena, &head, why) || !db_begin(scratch, why) ||
        !flow_replay(live, scratch, modules, region, &head, progress, why))
        return false;
    if (db_commit(scratch, why) != DB_COMMITTED)
        return false;
    for (size_t i = 0; modules[i]; i++)
        for (const struct table *table = modules[i]->tables; table && table->name; table++) {
            struct comparison *comparison = arena_alloc(kept, sizeof *comparison);
            *comparison = (struct comparison){.live = live,
                                              .scratch = db_reader(scratch),
                                              .table = table,
                                              .wrong = wrong,
                                              .arena = arena,
                                              .why = why};
            prepare(comparison, kept);
            if (!compare_table(comparison, region))
                return fault_set(why, "table %s cannot be compared", table->name);
            if (wrong->len)
                return true;
        }
    return true;
}

bool flow_compare(const char *where, const struct module *const *modules, struct arena *arena,
                  const struct progress *progress, struct text *wrong, struct fault *why)
{
    struct db *live = NULL, *scratch = NULL;
    struct arena *kept = arena_new(64 * 1024);
    struct list regions = {0};
    *wrong = TEXT("");
    /* A transaction on the live side, so that all of it is read as of one moment. */
    bool good = db_open(where, true, &live, why) && db_begin(live, why) &&
                db_open_scratch(where, "yimen_verify", &scratch, why) &&
                create_derived(scratch, modules, why) &&
                flow_regions(db_reader(live), arena, &regions, why);
    for (size_t i = 0; good && i < regions.count && wrong->len == 0; i++)
        good = compare_region(db_reader(live), scratch, modules,
                              ((const int64_t *)regions.items)[i], kept, arena, progress, wrong,
                              why);
    if (good && wrong->len == 0)
        good = compare_strange(db_reader(live), modules, kept, arena, wrong, why);
    if (live)
        db_rollback(live);
    db_close(scratch);
    db_close(live);
    arena_free(kept);
    return good;
}
