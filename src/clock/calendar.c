#include "clock/calendar.h"

#include <stdlib.h>

/* A date as one notice lists it. Seen on a day k when published <= k < replaced. */
struct ruling {
    int64_t date;
    int64_t published;
    int64_t version;
    int64_t replaced; /* publication of the next whole notice of the same year; INT64_MAX: none */
    bool off;
    struct text name;
};

struct known_year {
    int64_t year;
    int64_t published; /* of its first whole notice */
};

struct seen_version {
    int64_t published;
    int64_t version;
};

struct calendar_book {
    struct ruling *rulings; /* by date, then publication, then version */
    size_t ruling_count;
    struct known_year *years; /* ascending, one for each */
    size_t year_count;
    struct seen_version *versions; /* of every notice */
    size_t version_count;
};

const struct word notice_scope_words[] = {
    {"none", "未定"},
    {"year", "全年安排"},
    {"change", "局部调整"},
    {NULL, NULL},
};
_Static_assert(sizeof notice_scope_words / sizeof *notice_scope_words ==
                   NOTICE_CHANGE + 2,
               "a word for each");

static const struct field notice_day_fields[] = {
    {"date", FIELD_DATE, offsetof(struct notice_day, date), FIELD_REQUIRED, .label = "日期"},
    {"off", FIELD_BOOL, offsetof(struct notice_day, off), 0, .label = "放假"},
    {"name", FIELD_TEXT, offsetof(struct notice_day, name), FIELD_REQUIRED, .low = 1, .high = 40,
     .label = "节日名称"},
};
const struct shape notice_day_shape = {
    .name = "notice_day",
    .title = "放假或调休日",
    .size = sizeof(struct notice_day),
    SHAPE_FIELDS(notice_day_fields),
};

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int ruling_order(const void *left, const void *right)
{
    const struct ruling *a = left, *b = right;
    int by = order(a->date, b->date);
    if (!by)
        by = order(a->published, b->published);
    return by ? by : order(a->version, b->version);
}

static int year_order(const void *left, const void *right)
{
    const struct known_year *a = left, *b = right;
    int by = order(a->year, b->year);
    return by ? by : order(a->published, b->published);
}

static bool whole(const struct notice *notice)
{
    return notice->scope == NOTICE_YEAR && notice->days.count > 0;
}

/* The day on which a later whole notice of the same year takes this one's place. */
static int64_t replaced_on(const struct notice *notices, size_t count, const struct notice *one)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct notice *other = &notices[i];
        if (other == one || !whole(other) || other->year != one->year)
            continue;
        bool later = other->published_date > one->published_date ||
                     (other->published_date == one->published_date &&
                      other->version > one->version);
        if (later && other->published_date < first)
            first = other->published_date;
    }
    return first;
}

static void add_years(struct calendar_book *book, const struct notice *notices, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (whole(&notices[i]))
            book->years[found++] =
                (struct known_year){notices[i].year, notices[i].published_date};
    qsort(book->years, found, sizeof *book->years, year_order);
    for (size_t i = 0; i < found; i++)
        if (!book->year_count || book->years[book->year_count - 1].year != book->years[i].year)
            book->years[book->year_count++] = book->years[i];
}

struct calendar calendar_build(const struct notice *notices, size_t count, int64_t known_date,
                               struct arena *arena)
{
    size_t days = 0;
    for (size_t i = 0; i < count; i++)
        days += notices[i].days.count;
    struct calendar_book *book = arena_alloc(arena, sizeof *book);
    book->rulings = arena_array(arena, days, sizeof *book->rulings);
    book->years = arena_array(arena, count, sizeof *book->years);
    book->versions = arena_array(arena, count, sizeof *book->versions);
    for (size_t i = 0; i < count; i++) {
        const struct notice *notice = &notices[i];
        int64_t replaced = replaced_on(notices, count, notice);
        const struct notice_day *listed = notice->days.items;
        for (size_t k = 0; k < notice->days.count; k++)
            book->rulings[book->ruling_count++] = (struct ruling){
                .date = listed[k].date,
                .published = notice->published_date,
                .version = notice->version,
                .replaced = replaced,
                .off = listed[k].off,
                .name = listed[k].name,
            };
        book->versions[book->version_count++] =
            (struct seen_version){notice->published_date, notice->version};
    }
    qsort(book->rulings, book->ruling_count, sizeof *book->rulings, ruling_order);
    add_years(book, notices, count);
    struct calendar calendar = {.book = book};
    return calendar_as_known(&calendar, known_date);
}

struct calendar calendar_as_known(const struct calendar *calendar, int64_t known_date)
{
    const struct calendar_book *book = calendar->book;
    int64_t version = 0;
    for (size_t i = 0; i < book->version_count; i++)
        if (book->versions[i].published <= known_date && book->versions[i].version > version)
            version = book->versions[i].version;
    return (struct calendar){.book = book, .known_date = known_date, .version = version};
}

bool calendar_year_known(const struct calendar *calendar, int64_t year)
{
    const struct calendar_book *book = calendar->book;
    size_t low = 0, high = book->year_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (book->years[middle].year < year)
            low = middle + 1;
        else
            high = middle;
    }
    return low < book->year_count && book->years[low].year == year &&
           book->years[low].published <= calendar->known_date;
}

bool calendar_years(const struct calendar *calendar, int64_t *first, int64_t *last)
{
    bool any = false;
    for (size_t i = 0; i < calendar->book->year_count; i++) {
        const struct known_year *year = &calendar->book->years[i];
        if (year->published > calendar->known_date)
            continue;
        if (!any)
            *first = year->year;
        *last = year->year;
        any = true;
    }
    return any;
}

/* The ruling on a date that is in force on the calendar's day, or NULL. */
static const struct ruling *ruling_on(const struct calendar *calendar, int64_t date)
{
    const struct calendar_book *book = calendar->book;
    size_t low = 0, high = book->ruling_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (book->rulings[middle].date <= date)
            low = middle + 1;
        else
            high = middle;
    }
    /* low is one past the last ruling on the date: the latest publication comes first. */
    while (low > 0 && book->rulings[low - 1].date == date) {
        const struct ruling *ruling = &book->rulings[--low];
        if (ruling->published <= calendar->known_date && calendar->known_date < ruling->replaced)
            return ruling;
    }
    return NULL;
}

enum refusal calendar_day(const struct calendar *calendar, int64_t date, enum day_kind *kind,
                          struct text *name)
{
    if (name)
        *name = (struct text){0};
    if (!calendar_year_known(calendar, date_year(date)))
        return REFUSED_CALENDAR;
    bool weekday = date_weekday(date) <= 5;
    const struct ruling *ruling = ruling_on(calendar, date);
    *kind = weekday ? DAY_WORK : DAY_WEEKEND;
    if (ruling)
        *kind = ruling->off ? DAY_OFF : weekday ? DAY_WORK : DAY_MAKE_UP;
    if (ruling && name)
        *name = ruling->name;
    return OK;
}

bool day_kind_works(enum day_kind kind)
{
    return kind == DAY_WORK || kind == DAY_MAKE_UP;
}

static enum refusal count_allowed(int64_t n)
{
    if (n < 0)
        return REFUSED_OUT_OF_RANGE;
    return n > CALENDAR_MOST_DAYS ? REFUSED_LIMIT : OK;
}

enum refusal calendar_step(const struct calendar *calendar, int64_t date, struct working_days n,
                           int64_t *out)
{
    if (n.n < -CALENDAR_MOST_DAYS || n.n > CALENDAR_MOST_DAYS)
        return REFUSED_LIMIT;
    int64_t left = n.n < 0 ? -n.n : n.n;
    int64_t step = n.n < 0 ? -1 : 1;
    while (left > 0) {
        enum day_kind kind;
        date += step;
        enum refusal refusal = calendar_day(calendar, date, &kind, NULL);
        if (refusal)
            return refusal;
        left -= day_kind_works(kind);
    }
    *out = date;
    return OK;
}

enum refusal calendar_roll(const struct calendar *calendar, int64_t date, int64_t *out)
{
    for (;; date++) {
        enum day_kind kind;
        enum refusal refusal = calendar_day(calendar, date, &kind, NULL);
        if (refusal)
            return refusal;
        if (day_kind_works(kind))
            break;
    }
    *out = date;
    return OK;
}

enum refusal calendar_due(const struct calendar *calendar, int64_t accept_date,
                          struct working_days n, int64_t *due_date)
{
    enum refusal refusal = count_allowed(n.n);
    return refusal ? refusal : calendar_step(calendar, accept_date, n, due_date);
}

enum refusal calendar_due_in_days(const struct calendar *calendar, int64_t start_date,
                                  struct calendar_days n, int64_t *due_date)
{
    enum refusal refusal = count_allowed(n.n);
    return refusal ? refusal : calendar_roll(calendar, start_date + n.n, due_date);
}

enum refusal calendar_count(const struct calendar *calendar, int64_t after_date, int64_t upto_date,
                            struct working_days *out)
{
    int64_t n = 0;
    for (int64_t date = after_date + 1; date <= upto_date; date++) {
        enum day_kind kind;
        enum refusal refusal = calendar_day(calendar, date, &kind, NULL);
        if (refusal)
            return refusal;
        n += day_kind_works(kind);
    }
    *out = working_days(n);
    return OK;
}

enum refusal calendar_used_for_figures(const struct calendar *calendar, int64_t accept_date,
                                       int64_t finish_date, struct working_days *out)
{
    if (finish_date < accept_date)
        return REFUSED_CONFLICT;
    enum refusal refusal = calendar_count(calendar, accept_date, finish_date, out);
    if (refusal)
        return refusal;
    if (out->n < 1)
        out->n = 1;
    return OK;
}
