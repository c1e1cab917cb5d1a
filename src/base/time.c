#include "base/time.h"

#include <string.h>
#include <time.h>

int64_t time_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t time_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t time_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Days from civil date by counting from 1 March, so that the leap day comes last. */
int64_t date_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_valid(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && leap(year));
}

void date_parts(int64_t date, int *year, int *month, int *day)
{
    int64_t z = date + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

int date_weekday(int64_t date)
{
    int64_t day = (date + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(day < 0 ? day + 7 : day) + 1;
}

int date_year(int64_t date)
{
    int year, month, day;
    date_parts(date, &year, &month, &day);
    return year;
}

int64_t time_date(int64_t at_ms)
{
    int64_t civil = at_ms + CIVIL_OFFSET_MS;
    return civil >= 0 ? civil / DAY_MS : (civil - DAY_MS + 1) / DAY_MS;
}

int64_t time_of_day(int64_t at_ms)
{
    return at_ms + CIVIL_OFFSET_MS - time_date(at_ms) * DAY_MS;
}

int64_t time_at(int64_t date, int64_t ms)
{
    return date * DAY_MS - CIVIL_OFFSET_MS + ms;
}

/* count digits at a[*at], advancing *at. */
static bool digits(struct text a, size_t *at, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (*at >= a.len || a.at[*at] < '0' || a.at[*at] > '9')
            return false;
        value = value * 10 + (a.at[*at] - '0');
    }
    *out = value;
    return true;
}

static bool mark(struct text a, size_t *at, char c)
{
    if (*at >= a.len || a.at[*at] != c)
        return false;
    (*at)++;
    return true;
}

static bool date_read(struct text a, size_t *at, int64_t *date)
{
    int year, month, day;
    if (!digits(a, at, 4, &year) || !mark(a, at, '-') || !digits(a, at, 2, &month) ||
        !mark(a, at, '-') || !digits(a, at, 2, &day) || !date_valid(year, month, day))
        return false;
    *date = date_of(year, month, day);
    return true;
}

bool date_parse(struct text a, int64_t *date)
{
    size_t at = 0;
    int64_t read;
    if (!date_read(a, &at, &read) || at != a.len)
        return false;
    *date = read;
    return true;
}

/* Digits written by hand: pages and entries are full of dates, and printf is slow at them. */
static char *put(char *to, int value, int width)
{
    for (int i = width - 1; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
    return to + width;
}

static char *put_char(char *to, char c)
{
    *to = c;
    return to + 1;
}

/* Without leading zeros. */
static char *put_number(char *to, int value)
{
    int width = 1;
    for (int rest = value; rest >= 10; rest /= 10)
        width++;
    return put(to, value, width);
}

static char *put_word(char *to, const char *word)
{
    size_t len = strlen(word);
    memcpy(to, word, len);
    return to + len;
}

static char *put_date(char *to, int64_t date)
{
    int year, month, day;
    date_parts(date, &year, &month, &day);
    to = put_char(year > 9999 ? put_number(to, year) : put(to, year, 4), '-');
    to = put_char(put(to, month, 2), '-');
    return put(to, day, 2);
}

struct text date_format(struct arena *arena, int64_t date)
{
    char text[16];
    size_t len = (size_t)(put_date(text, date) - text);
    return text_copy(arena, (struct text){text, len});
}

/* "+08:00", "-05:30" or "Z" to milliseconds east of UTC. */
static bool zone_read(struct text a, size_t *at, int64_t *offset_ms)
{
    if (mark(a, at, 'Z') || mark(a, at, 'z')) {
        *offset_ms = 0;
        return true;
    }
    bool west = mark(a, at, '-');
    int hours, minutes;
    if ((!west && !mark(a, at, '+')) || !digits(a, at, 2, &hours) || !mark(a, at, ':') ||
        !digits(a, at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset_ms = (hours * 60 + minutes) * MINUTE_MS * (west ? -1 : 1);
    return true;
}

bool time_parse(struct text a, int64_t *at_ms)
{
    size_t at = 0;
    int64_t date, offset_ms = CIVIL_OFFSET_MS;
    int hour, minute, second = 0, milli = 0;
    if (!date_read(a, &at, &date) ||
        (!mark(a, &at, 'T') && !mark(a, &at, 't') && !mark(a, &at, ' ')) ||
        !digits(a, &at, 2, &hour) || !mark(a, &at, ':') || !digits(a, &at, 2, &minute))
        return false;
    if (mark(a, &at, ':') && !digits(a, &at, 2, &second))
        return false;
    if (mark(a, &at, '.')) {
        int scale = 100, seen = 0;
        for (; at < a.len && a.at[at] >= '0' && a.at[at] <= '9'; at++, seen++, scale /= 10)
            milli += (a.at[at] - '0') * scale;
        if (!seen)
            return false;
    }
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (at < a.len && !zone_read(a, &at, &offset_ms))
        return false;
    if (at != a.len)
        return false;
    int64_t at_utc = date * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + milli -
                     offset_ms;
    int year = date_year(time_date(at_utc));
    if (year < 1 || year > 9999) /* of the zone that it is written in again */
        return false;
    *at_ms = at_utc;
    return true;
}

struct text time_format(struct arena *arena, int64_t at_ms)
{
    char text[40];
    int64_t ms = time_of_day(at_ms);
    char *to = put_char(put_date(text, time_date(at_ms)), 'T');
    to = put_char(put(to, (int)(ms / HOUR_MS), 2), ':');
    to = put_char(put(to, (int)(ms / MINUTE_MS % 60), 2), ':');
    to = put_char(put(to, (int)(ms / SECOND_MS % 60), 2), '.');
    to = put_word(put(to, (int)(ms % 1000), 3), "+08:00");
    return text_copy(arena, (struct text){text, (size_t)(to - text)});
}

static char *put_date_zh(char *to, int64_t date)
{
    int year, month, day;
    date_parts(date, &year, &month, &day);
    to = put_word(put_number(to, year), "年");
    to = put_word(put_number(to, month), "月");
    return put_word(put_number(to, day), "日");
}

struct text time_format_zh(struct arena *arena, int64_t at_ms)
{
    char text[48];
    int64_t ms = time_of_day(at_ms);
    char *to = put_char(put_date_zh(text, time_date(at_ms)), ' ');
    to = put_char(put(to, (int)(ms / HOUR_MS), 2), ':');
    to = put(to, (int)(ms / MINUTE_MS % 60), 2);
    return text_copy(arena, (struct text){text, (size_t)(to - text)});
}

struct text date_format_zh(struct arena *arena, int64_t date)
{
    char text[48];
    char *to = put_date_zh(text, date);
    return text_copy(arena, (struct text){text, (size_t)(to - text)});
}
