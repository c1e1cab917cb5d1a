/* What makes a notice good. Pure: decisions use it too. */
#include <stdlib.h>

#include "clock/notice.h"

enum {
    MOST_DAYS = 100,
};

/* Days that a notice for a year may speak of: from 22 December before it to its last day. */
static bool day_fits(int64_t year, int64_t date)
{
    return date >= date_of((int)year - 1, 12, 22) && date <= date_of((int)year, 12, 31);
}

static int date_order(const void *left, const void *right)
{
    const struct notice_day *a = left, *b = right;
    return (a->date > b->date) - (a->date < b->date);
}

static bool listed_twice(const struct notice *notice, struct arena *arena, int64_t *date)
{
    size_t count = notice->days.count;
    struct notice_day *sorted = arena_copy(arena, notice->days.items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, date_order);
    for (size_t i = 1; i < count; i++)
        if (sorted[i].date == sorted[i - 1].date) {
            *date = sorted[i].date;
            return true;
        }
    return false;
}

bool notice_check(const struct notice *notice, struct arena *arena, struct problems *problems)
{
    size_t before = problems->count;
    if (notice->year < 1949 || notice->year > 2999) {
        problem_add(problems, arena, TEXT("year"), REFUSED_OUT_OF_RANGE,
                    TEXT("年份应在 1949 至 2999 之间。"));
        return false;
    }
    if (notice->published_date < date_of((int)notice->year - 1, 1, 1) ||
        notice->published_date > date_of((int)notice->year, 12, 31))
        problem_add(problems, arena, TEXT("published_date"), REFUSED_OUT_OF_RANGE,
                    TEXT("发布日期应在上一年或当年之内。"));
    if (notice->scope != NOTICE_YEAR && notice->scope != NOTICE_CHANGE)
        problem_add(problems, arena, TEXT("scope"), REFUSED_MISSING,
                    TEXT("请选择是全年安排还是局部调整。"));
    if (!notice->days.count)
        problem_add(problems, arena, TEXT("days"), REFUSED_MISSING,
                    TEXT("没有列出任何日期：尚未公布的年份不能录入。"));
    if (notice->days.count > MOST_DAYS)
        problem_add(problems, arena, TEXT("days"), REFUSED_LIMIT,
                    TEXT("列出的日期超过 100 天，请核对。"));
    const struct notice_day *days = notice->days.items;
    for (size_t i = 0; i < notice->days.count && i < MOST_DAYS; i++)
        if (!day_fits(notice->year, days[i].date))
            problem_add(problems, arena, text_format(arena, "days.%zu.date", i),
                        REFUSED_OUT_OF_RANGE,
                        TEXT("日期应在该年之内，或在上一年 12 月 22 日之后。"));
    int64_t twice;
    if (notice->days.count <= MOST_DAYS && listed_twice(notice, arena, &twice)) {
        struct text date = date_format(arena, twice);
        problem_add(problems, arena, TEXT("days"), REFUSED_REPEATED,
                    text_format(arena, "%.*s 列出了两次。", TEXT_ARG(date)));
    }
    return problems->count == before;
}
