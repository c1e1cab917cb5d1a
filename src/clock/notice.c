#include "clock/notice.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum {
    FILE_LIMIT = 1 << 16, /* a notice has some 5 KiB */
    FOLDER_LIMIT = 400,
};

int64_t notice_latest_publication(int64_t year)
{
    return date_of((int)year - 1, 12, 31);
}

static struct text string_of(const json_t *value)
{
    return (struct text){json_string_value(value), json_string_length(value)};
}

static bool read_day(const json_t *from, const char *name, size_t at, struct arena *arena,
                     struct notice_day *out, struct fault *why)
{
    const char *key;
    json_t *value;
    bool date = false, off = false;
    if (!json_is_object(from))
        return fault_set(why, "%s: days[%zu]: not an object", name, at);
    json_object_foreach((json_t *)from, key, value)
    {
        if (strcmp(key, "date") == 0) {
            date = json_is_string(value) && date_parse(string_of(value), &out->date);
            if (!date)
                return fault_set(why, "%s: days[%zu].date: not a date YYYY-MM-DD", name, at);
        } else if (strcmp(key, "isOffDay") == 0) {
            off = json_is_boolean(value);
            out->off = json_is_true(value);
        } else if (strcmp(key, "name") == 0) {
            if (!json_is_string(value))
                return fault_set(why, "%s: days[%zu].name: not a text", name, at);
            out->name = text_copy(arena, string_of(value));
        } else {
            return fault_set(why, "%s: days[%zu]: unknown key \"%.40s\"", name, at, key);
        }
    }
    if (!date)
        return fault_set(why, "%s: days[%zu].date: missing", name, at);
    if (!off)
        return fault_set(why, "%s: days[%zu].isOffDay: missing or not true or false", name, at);
    if (!out->name.len)
        return fault_set(why, "%s: days[%zu].name: missing", name, at);
    return true;
}

static bool read_days(const json_t *from, const char *name, struct arena *arena,
                      struct notice *out, struct fault *why)
{
    size_t count = json_array_size(from);
    struct notice_day *days = arena_array(arena, count, sizeof *days);
    for (size_t i = 0; i < count; i++)
        if (!read_day(json_array_get(from, i), name, i, arena, &days[i], why))
            return false;
    out->days = (struct list){days, count};
    return true;
}

static bool read_papers(const json_t *papers, const char *name, struct arena *arena,
                        struct text *source, struct fault *why)
{
    struct buf line = {.arena = arena};
    if (!json_is_array(papers))
        return fault_set(why, "%s: papers: not a list", name);
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const json_t *paper = json_array_get(papers, i);
        if (!json_is_string(paper))
            return fault_set(why, "%s: papers[%zu]: not a text", name, i);
        buf_str(&line, i ? " " : "");
        buf_text(&line, string_of(paper));
    }
    if (!source->len)
        *source = buf_done(&line);
    return true;
}

/* One member of the file. Unknown ones are named, so that a misspelt "published" is not passed over
 * in silence; "$schema" and "$id" belong to JSON Schema. */
static bool read_member(const char *key, const json_t *value, const char *name,
                        struct arena *arena, struct notice *out, struct fault *why)
{
    int64_t scope;
    if (key[0] == '$')
        return true;
    if (strcmp(key, "year") == 0) {
        if (!json_is_integer(value))
            return fault_set(why, "%s: year: not a whole number", name);
        out->year = json_integer_value(value);
        return true;
    }
    if (strcmp(key, "papers") == 0)
        return read_papers(value, name, arena, &out->source, why);
    if (strcmp(key, "source") == 0 && json_is_string(value)) {
        out->source = text_copy(arena, string_of(value));
        return true;
    }
    if (strcmp(key, "published") == 0) {
        if (!json_is_string(value) || !date_parse(string_of(value), &out->published_date))
            return fault_set(why, "%s: published: not a date YYYY-MM-DD", name);
        return true;
    }
    if (strcmp(key, "scope") == 0) {
        if (json_is_string(value) &&
            word_index(notice_scope_words, string_of(value), &scope) && scope != NOTICE_NONE) {
            out->scope = scope;
            return true;
        }
        return fault_set(why, "%s: scope: neither \"year\" nor \"change\"", name);
    }
    if (strcmp(key, "days") == 0) {
        if (!json_is_array(value))
            return fault_set(why, "%s: days: not a list", name);
        return read_days(value, name, arena, out, why);
    }
    return fault_set(why, "%s: unknown key or wrong type: \"%.40s\"", name, key);
}

static bool read_object(json_t *root, const char *name, struct arena *arena, struct notice *out,
                        struct fault *why)
{
    const char *key;
    json_t *value;
    if (!json_is_object(root))
        return fault_set(why, "%s: not a JSON object", name);
    json_object_foreach(root, key, value)
    {
        if (!read_member(key, value, name, arena, out, why))
            return false;
    }
    if (!json_object_get(root, "year"))
        return fault_set(why, "%s: year: missing", name);
    if (!json_object_get(root, "days"))
        return fault_set(why, "%s: days: missing", name);
    if (out->year < 1949 || out->year > 2999)
        return fault_set(why, "%s: year: outside 1949-2999", name);
    if (!out->scope)
        out->scope = NOTICE_YEAR;
    if (!json_object_get(root, "published"))
        out->published_date = notice_latest_publication(out->year);
    struct problems problems = {0};
    if (out->days.count && !notice_check(out, arena, &problems))
        return fault_set(why, "%s: %.*s: %s", name, TEXT_ARG(problems.items[0].field),
                         text_cstr(arena, problems.items[0].message));
    return true;
}

bool notice_read(struct text json, const char *name, struct arena *arena, struct notice *out,
                 struct fault *why)
{
    json_error_t error;
    *out = (struct notice){0};
    json_t *root = json_loadb(json.at ? json.at : "", json.len, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return fault_set(why, "%s: line %d: %s", name, error.line, error.text);
    bool good = read_object(root, name, arena, out, why);
    json_decref(root);
    return good;
}

bool notice_read_file(const char *path, struct arena *arena, struct notice *out,
                      struct fault *why)
{
    struct text json;
    return file_read(path, FILE_LIMIT, arena, &json, why) &&
           notice_read(json, path, arena, out, why);
}

static int publication_order(const void *left, const void *right)
{
    const struct notice *a = left, *b = right;
    if (a->published_date != b->published_date)
        return a->published_date < b->published_date ? -1 : 1;
    if (a->year != b->year)
        return a->year < b->year ? -1 : 1;
    return (int)(a->scope - b->scope);
}

static int is_notice_file(const struct dirent *entry)
{
    return text_ends(text_of(entry->d_name), TEXT(".json"));
}

bool notice_read_folder(const char *path, struct arena *arena, struct list *out,
                        struct fault *why)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_notice_file, alphasort);
    if (count < 0)
        return fault_set(why, "%s: %s", path, strerror(errno));
    bool good = count <= FOLDER_LIMIT ||
                fault_set(why, "%s: over %d files", path, (int)FOLDER_LIMIT);
    struct notice *notices = arena_array(arena, (size_t)count, sizeof *notices);
    size_t found = 0;
    for (int i = 0; i < count; i++) {
        struct text file = text_format(arena, "%s/%s", path, entries[i]->d_name);
        free(entries[i]);
        if (good)
            good = notice_read_file(text_cstr(arena, file), arena, &notices[found], why);
        if (good && notices[found].days.count)
            found++;
    }
    free(entries);
    if (!good)
        return false;
    if (!found)
        return fault_set(why, "%s: no notice with days in this folder", path);
    qsort(notices, found, sizeof *notices, publication_order);
    for (size_t i = 0; i < found; i++)
        notices[i].version = (int64_t)i + 1;
    *out = (struct list){notices, found};
    return true;
}
