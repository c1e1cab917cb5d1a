#include "catalogue/city.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue/check.h"
#include "catalogue/city_shapes.h"

/* A file that was read: its name for messages and where its fields stand. */
struct source_file {
    struct text name;
    struct yaml_marks marks;
    bool read; /* without an error */
};

struct loader {
    const char *folder;
    struct arena *arena;
    struct city *city;
    struct yaml_errors *errors;
    struct source_file region, departments, places, hours, accounts, delegations;
    struct source_file *items;   /* beside city->items */
    struct source_file *notices; /* beside city->notices */
    struct problems problems; /* of the file being checked */
};

static struct text path_at(struct loader *loader, const char *list, size_t at, const char *field)
{
    return text_format(loader->arena, "%s.%zu.%s", list, at, field);
}

static void say(struct loader *loader, struct text path, enum refusal code, struct text message)
{
    problem_add(&loader->problems, loader->arena, path, code, message);
}

/* "departments.3.successor" names a department that is not there. */
static void say_unknown(struct loader *loader, struct text path, const char *what,
                        struct text code)
{
    say(loader, path, REFUSED_REFERENCE,
        text_format(loader->arena, "没有这个%s：%.*s", what, TEXT_ARG(code)));
}

static void problems_flush(struct loader *loader, const struct source_file *file)
{
    yaml_problems_add(loader->errors, file->name, &file->marks, &loader->problems);
    loader->problems = (struct problems){0};
}

/* What a check said about record `at` of a file's list gets the path of the whole file. */
static void problems_prefix(struct loader *loader, size_t from, const char *list, size_t at)
{
    for (size_t i = from; i < loader->problems.count; i++) {
        struct problem *problem = &loader->problems.items[i];
        problem->field = text_format(loader->arena, "%s.%zu.%.*s", list, at,
                                     TEXT_ARG(problem->field));
    }
}

static bool file_read(struct loader *loader, const char *name, const struct shape *shape,
                      void *out, struct source_file *file)
{
    struct text path = text_format(loader->arena, "%s/%s", loader->folder, name);
    file->name = text_copy(loader->arena, text_of(name));
    file->read = yaml_read(text_cstr(loader->arena, path), file->name, shape, loader->arena, out,
                           &file->marks, loader->errors);
    return file->read;
}

static void list_file_read(struct loader *loader, const char *name, const struct shape *shape,
                           struct list *out, struct source_file *file)
{
    struct city_list list = {0};
    file_read(loader, name, shape, &list, file);
    *out = list.list;
}

/* By name without the ending, so that "013-001" comes before "013-001-2". */
static int name_order(const void *a, const void *b)
{
    struct text x = text_of(*(char *const *)a), y = text_of(*(char *const *)b);
    x.len -= strlen(".yaml");
    y.len -= strlen(".yaml");
    return text_order(x, y);
}

/* The .yaml files of a folder in the order of their names, NULL-ended; anything else in it is an
 * error, for a file with a mistyped ending would silently not count. */
static char **yaml_files(struct loader *loader, const char *sub, size_t *count)
{
    struct text path = text_format(loader->arena, "%s/%s", loader->folder, sub);
    DIR *dir = opendir(text_cstr(loader->arena, path));
    char **names = NULL;
    *count = 0;
    if (!dir) {
        struct text why = text_format(loader->arena, "cannot be opened: %s", strerror(errno));
        yaml_error_add(loader->errors, text_of(sub), 0, "无法打开文件夹",
                       text_cstr(loader->arena, why));
        return NULL;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct text name = text_of(entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        struct text full =
            text_format(loader->arena, "%s%s%s", sub, *sub ? "/" : "", entry->d_name);
        if (!text_ends(name, TEXT(".yaml"))) {
            yaml_error_add(loader->errors, full, 0, "文件名要以 .yaml 结尾",
                           "the file's name must end in .yaml");
            continue;
        }
        names = arena_grow(loader->arena, names, *count * sizeof *names,
                           (*count + 1) * sizeof *names);
        names[(*count)++] = text_cstr(loader->arena, full);
    }
    closedir(dir);
    if (*count)
        qsort(names, *count, sizeof *names, name_order);
    return names;
}

/* Reads every file of a folder as one record of shape each. */
static struct source_file *folder_read(struct loader *loader, const char *sub,
                                       const struct shape *shape, struct list *out)
{
    size_t count;
    char **names = yaml_files(loader, sub, &count);
    struct source_file *files = arena_array(loader->arena, count, sizeof *files);
    out->items = arena_array(loader->arena, count, shape->size);
    out->count = count;
    for (size_t i = 0; i < count; i++)
        file_read(loader, names[i], shape, (char *)out->items + i * shape->size, &files[i]);
    return files;
}

/* References. */
static const struct department *find_department(const struct city *city, struct text code)
{
    const struct department *items = city->departments.items;
    for (size_t i = 0; i < city->departments.count; i++)
        if (text_equal(items[i].code, code))
            return &items[i];
    return NULL;
}

static const struct place *find_place(const struct city *city, struct text code)
{
    const struct place *items = city->places.items;
    for (size_t i = 0; i < city->places.count; i++)
        if (text_equal(items[i].code, code))
            return &items[i];
    return NULL;
}

static const struct city_account *find_account(const struct city *city, struct text login)
{
    const struct city_account *items = city->accounts.items;
    for (size_t i = 0; i < city->accounts.count; i++)
        if (text_equal(items[i].login, login))
            return &items[i];
    return NULL;
}

/* Whether the department has an item of that code, now or in an earlier version. */
static bool has_item(const struct city *city, struct text code, struct text department)
{
    const struct item *items = city->items.items;
    for (size_t i = 0; i < city->items.count; i++)
        if (text_equal(items[i].code, code) && text_equal(items[i].department, department))
            return true;
    return false;
}

/* Whether an application under the letter can have such a measure: a limit of what no item asks for
 * would bind nothing. */
static bool letter_measures(const struct city *city, const struct city_delegation *one,
                            int64_t kind)
{
    const struct item *items = city->items.items;
    const struct text *named = one->items.items;
    for (size_t i = 0; i < city->items.count; i++) {
        bool covered = one->all_items;
        for (size_t j = 0; j < one->items.count && !covered; j++)
            covered = text_equal(named[j], items[i].code);
        if (covered && text_equal(items[i].department, one->department) &&
            item_measure(&items[i], kind))
            return true;
    }
    return false;
}

static bool has_hours(const struct city *city, struct text code)
{
    const struct city_hours *items = city->hours.items;
    for (size_t i = 0; i < city->hours.count; i++)
        if (text_equal(items[i].code, code))
            return true;
    return false;
}

static void departments_of(struct loader *loader, const struct list *codes, struct text path)
{
    const struct text *items = codes->items;
    for (size_t i = 0; i < codes->count; i++)
        if (!find_department(loader->city, items[i]))
            say_unknown(loader, path, "部门", items[i]);
}

/* A code that is used a second time. first: the record found under it. */
static void code_once(struct loader *loader, bool once, struct text path, struct text code)
{
    if (!once)
        say(loader, path, REFUSED_REPEATED,
            text_format(loader->arena, "编码重复：%.*s", TEXT_ARG(code)));
}

static void departments_check(struct loader *loader)
{
    const struct city *city = loader->city;
    const struct department *items = city->departments.items;
    for (size_t i = 0; i < city->departments.count; i++) {
        const struct department *one = &items[i];
        size_t from = loader->problems.count;
        department_check(one, loader->arena, &loader->problems);
        problems_prefix(loader, from, "departments", i);
        code_once(loader, find_department(city, one->code) == one,
                  path_at(loader, "departments", i, "code"), one->code);
        if (one->successor.len && !find_department(city, one->successor))
            say_unknown(loader, path_at(loader, "departments", i, "successor"),
                        "部门", one->successor);
    }
    problems_flush(loader, &loader->departments);
}

static void place_references(struct loader *loader, const struct place *one, size_t at)
{
    const struct city *city = loader->city;
    const struct place *parent = one->parent.len ? find_place(city, one->parent) : NULL;
    struct text parent_path = path_at(loader, "places", at, "parent");
    if (one->parent.len && !parent)
        say_unknown(loader, parent_path, "地点", one->parent);
    else if (parent && parent >= one)
        say(loader, parent_path, REFUSED_CONFLICT, TEXT("上级要写在下级之前"));
    else if (!place_fits(one->kind, parent ? parent->kind : PLACE_NONE))
        say(loader, parent_path, REFUSED_CONFLICT, TEXT("这一类地点不能设在这个上级之下"));
    if (one->hours.len && !has_hours(city, one->hours))
        say_unknown(loader, path_at(loader, "places", at, "hours"), "办公时间",
                    one->hours);
    departments_of(loader, &one->departments,
                   path_at(loader, "places", at, "departments"));
    if (one->post_a.len && !find_account(city, one->post_a))
        say_unknown(loader, path_at(loader, "places", at, "post_a"), "账号",
                    one->post_a);
    if (one->post_b.len && !find_account(city, one->post_b))
        say_unknown(loader, path_at(loader, "places", at, "post_b"), "账号",
                    one->post_b);
}

static void places_check(struct loader *loader)
{
    const struct city *city = loader->city;
    const struct place *items = city->places.items;
    for (size_t i = 0; i < city->places.count; i++) {
        size_t from = loader->problems.count;
        place_check(&items[i], loader->arena, &loader->problems);
        problems_prefix(loader, from, "places", i);
        code_once(loader, find_place(city, items[i].code) == &items[i],
                  path_at(loader, "places", i, "code"), items[i].code);
        place_references(loader, &items[i], i);
    }
    problems_flush(loader, &loader->places);
}

static void hours_check(struct loader *loader)
{
    const struct city_hours *items = loader->city->hours.items;
    for (size_t i = 0; i < loader->city->hours.count; i++) {
        const struct hours_shift *shifts = items[i].shifts.items;
        for (size_t j = 0; j < items[i].shifts.count; j++)
            hours_shift_check(&shifts[j],
                              text_format(loader->arena, "hours.%zu.shifts.%zu", i, j),
                              &loader->problems, loader->arena);
        for (size_t j = 0; j < i; j++)
            code_once(loader, !text_equal(items[i].code, items[j].code),
                      path_at(loader, "hours", i, "code"), items[i].code);
    }
    problems_flush(loader, &loader->hours);
}

static void texts_known(struct loader *loader, const struct list *texts, const struct word *words,
                        struct text path)
{
    const struct text *items = texts->items;
    for (size_t i = 0; i < texts->count; i++) {
        int64_t index;
        if (!word_index(words, items[i], &index))
            say(loader, path, REFUSED_MALFORMED,
                text_format(loader->arena, "没有这个词：%.*s", TEXT_ARG(items[i])));
    }
}

static void accounts_check(struct loader *loader)
{
    static const struct word roles[] = {
        {"clerk", ""},   {"reviewer", ""},   {"verifier", ""},      {"head", ""},
        {"manager", ""}, {"supervisor", ""}, {"administrator", ""},
        {"security", ""}, {"auditor", ""},    {NULL, NULL},
    };
    const struct city *city = loader->city;
    const struct city_account *items = city->accounts.items;
    for (size_t i = 0; i < city->accounts.count; i++) {
        const struct city_account *one = &items[i];
        code_once(loader, find_account(city, one->login) == one,
                  path_at(loader, "accounts", i, "login"), one->login);
        texts_known(loader, &one->roles, roles,
                    path_at(loader, "accounts", i, "roles"));
        if (one->department.len && !find_department(city, one->department))
            say_unknown(loader, path_at(loader, "accounts", i, "department"),
                        "部门", one->department);
        if (one->place.len && !find_place(city, one->place))
            say_unknown(loader, path_at(loader, "accounts", i, "place"), "地点",
                        one->place);
    }
    problems_flush(loader, &loader->accounts);
}

static void delegation_check(struct loader *loader, const struct city_delegation *one, size_t at)
{
    static const struct word powers[] = {
        {"receive", ""}, {"review", ""}, {"decide", ""}, {"sign", ""},
        {"seal", ""},    {"extend", ""}, {NULL, NULL},
    };
    const struct city *city = loader->city;
    const struct city_account *who = find_account(city, one->login);
    const struct text *items = one->items.items;
    struct text path = text_format(loader->arena, "delegations.%zu", at);
    if (!who)
        say_unknown(loader, path, "账号", one->login);
    else if (!text_equal(who->department, one->department))
        say(loader, path, REFUSED_DEPARTMENT, TEXT("被授权人不是这个部门的人员"));
    if (!find_department(city, one->department))
        say_unknown(loader, path, "部门", one->department);
    texts_known(loader, &one->powers, powers, path);
    if (one->all_items == (one->items.count > 0))
        say(loader, path, REFUSED_CONFLICT, TEXT("或者授权全部事项，或者逐项列出"));
    for (size_t i = 0; i < one->items.count; i++)
        if (!has_item(city, items[i], one->department))
            say_unknown(loader, path, "部门的事项", items[i]);
    if (one->amount_limit_fen && !letter_measures(city, one, MEASURE_AMOUNT))
        say(loader, path_at(loader, "delegations", at, "amount_limit"), REFUSED_CONFLICT,
            TEXT("授权的事项都不填写金额，金额上限没有作用"));
    if (one->area_limit_m2 && !letter_measures(city, one, MEASURE_AREA))
        say(loader, path_at(loader, "delegations", at, "area_limit_m2"), REFUSED_CONFLICT,
            TEXT("授权的事项都不填写面积，面积上限没有作用"));
    if (one->substitute.len && !find_account(city, one->substitute))
        say_unknown(loader, path, "账号", one->substitute);
    if (text_equal(one->substitute, one->login))
        say(loader, path, REFUSED_SAME_PERSON, TEXT("B岗不能是本人"));
    if (one->valid_to && one->valid_to < one->valid_from)
        say(loader, path, REFUSED_CONFLICT, TEXT("失效日期不得早于生效日期"));
}

static void delegations_check(struct loader *loader)
{
    const struct city_delegation *items = loader->city->delegations.items;
    for (size_t i = 0; i < loader->city->delegations.count; i++)
        delegation_check(loader, &items[i], i);
    problems_flush(loader, &loader->delegations);
}

static void item_references(struct loader *loader, const struct item *item)
{
    const struct city *city = loader->city;
    const struct text *places = item->places.items;
    if (!find_department(city, item->department))
        say_unknown(loader, TEXT("department"), "部门", item->department);
    departments_of(loader, &item->joins, TEXT("joins"));
    for (size_t i = 0; i < item->places.count; i++)
        if (!find_place(city, places[i]))
            say_unknown(loader, TEXT("places"), "地点", places[i]);
    if (item->in_centre && !item->places.count)
        say(loader, TEXT("places"), REFUSED_MISSING, TEXT("进驻大厅的事项要写明办理地点"));
}

struct text city_item_stem(struct text code, struct arena *arena)
{
    struct buf out = {arena};
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        bool kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    c == '-' || c == '_';
        if (kept)
            buf_char(&out, c);
        else
            buf_format(&out, "%%%02X", (unsigned char)c);
    }
    return buf_done(&out);
}

/* Files of one code are its versions: each must begin after the one before it has ended, so that no
 * file is overruled by mistake. One named CODE.v2.yaml says that it is the next version, as a house
 * published it: in a house the newest that is in force rules. */
static void versions_check(struct loader *loader, size_t at)
{
    const struct item *items = loader->city->items.items, *one = &items[at];
    struct text stem = city_item_stem(one->code, loader->arena);
    if (text_starts(loader->items[at].name,
                    text_format(loader->arena, "items/%.*s.v", TEXT_ARG(stem))))
        return;
    for (size_t i = 0; i < at; i++)
        if (loader->items[i].read && text_equal(items[i].code, one->code) &&
            (!items[i].valid_to || one->valid_from <= items[i].valid_to))
            say(loader, TEXT("code"), REFUSED_REPEATED,
                text_format(loader->arena, "编码重复，且与%.*s的有效日期重叠：%.*s",
                            TEXT_ARG(loader->items[i].name), TEXT_ARG(one->code)));
}

static void items_check(struct loader *loader)
{
    const struct item *items = loader->city->items.items;
    for (size_t i = 0; i < loader->city->items.count; i++) {
        if (!loader->items[i].read)
            continue;
        item_check(&items[i], loader->arena, &loader->problems);
        item_references(loader, &items[i]);
        versions_check(loader, i);
        problems_flush(loader, &loader->items[i]);
    }
}

static void notice_check(struct loader *loader, const struct notice *notice)
{
    const struct notice_day *days = notice->days.items;
    for (size_t i = 0; i < notice->days.count; i++) {
        struct text path = path_at(loader, "days", i, "date");
        int64_t year = date_year(days[i].date);
        /* A notice may also speak of the last days of the year before. */
        bool before = days[i].date >= date_of((int)notice->year - 1, 12, 22);
        if (year != notice->year && !(year == notice->year - 1 && before))
            say(loader, path, REFUSED_OUT_OF_RANGE, TEXT("日期不在通知的年份之内"));
        if (i > 0 && days[i].date <= days[i - 1].date)
            say(loader, path, REFUSED_CONFLICT, TEXT("日期要按先后排列，不得重复"));
    }
}

static int notice_order(const void *a, const void *b)
{
    const struct notice *x = a, *y = b;
    return (x->published_date > y->published_date) - (x->published_date < y->published_date);
}

void city_notices_sort(struct list *notices)
{
    if (notices->count)
        qsort(notices->items, notices->count, sizeof(struct notice), notice_order);
}

static void notices_check(struct loader *loader)
{
    struct notice *items = loader->city->notices.items;
    for (size_t i = 0; i < loader->city->notices.count; i++) {
        if (loader->notices[i].read)
            notice_check(loader, &items[i]);
        problems_flush(loader, &loader->notices[i]);
    }
    city_notices_sort(&loader->city->notices);
}

static void region_file_check(struct loader *loader)
{
    if (loader->region.read)
        region_check(&loader->city->region, loader->arena, &loader->problems);
    problems_flush(loader, &loader->region);
}

bool city_load(const char *folder, struct arena *arena, struct city *out,
               struct yaml_errors *errors)
{
    struct loader loader = {.folder = folder, .arena = arena, .city = out, .errors = errors};
    size_t before = errors->count;
    *out = (struct city){0};
    file_read(&loader, "region.yaml", &region_shape, &out->region, &loader.region);
    list_file_read(&loader, "departments.yaml", &departments_file_shape, &out->departments,
                   &loader.departments);
    list_file_read(&loader, "places.yaml", &places_file_shape, &out->places, &loader.places);
    list_file_read(&loader, "hours.yaml", &hours_file_shape, &out->hours, &loader.hours);
    list_file_read(&loader, "accounts.yaml", &accounts_file_shape, &out->accounts,
                   &loader.accounts);
    list_file_read(&loader, "delegations.yaml", &delegations_file_shape, &out->delegations,
                   &loader.delegations);
    loader.items = folder_read(&loader, "items", &item_shape, &out->items);
    loader.notices = folder_read(&loader, "calendars", &notice_shape, &out->notices);
    region_file_check(&loader);
    departments_check(&loader);
    places_check(&loader);
    hours_check(&loader);
    accounts_check(&loader);
    delegations_check(&loader);
    items_check(&loader);
    notices_check(&loader);
    return errors->count == before;
}

bool city_items_load(const char *path, struct arena *arena, struct list *items, struct text **names,
                     struct yaml_errors *errors)
{
    struct city city = {0};
    struct loader loader = {.folder = path, .arena = arena, .city = &city, .errors = errors};
    struct stat about;
    size_t before = errors->count;
    bool folder = stat(path, &about) == 0 && S_ISDIR(about.st_mode);
    struct source_file *files = arena_alloc(arena, sizeof *files);
    if (folder) {
        files = folder_read(&loader, "", &item_shape, items);
    } else {
        *items = (struct list){arena_alloc(arena, sizeof(struct item)), 1};
        files->name = text_copy(arena, text_of(path));
        yaml_read(path, files->name, &item_shape, arena, items->items, &files->marks, errors);
    }
    *names = arena_array(arena, items->count, sizeof **names);
    for (size_t i = 0; i < items->count; i++)
        (*names)[i] = files[i].name;
    return errors->count == before;
}
