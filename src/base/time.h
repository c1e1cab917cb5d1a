/* Instants and civil dates. An instant is int64_t milliseconds since 1970-01-01T00:00Z and its name
 * ends in _at or _ms; a date is int64_t days since 1970-01-01 in the proleptic Gregorian calendar
 * and its name ends in _date or _day. Business time is passed in; only time_now reads a clock, and
 * only cli, flow, the log, the check of a telephone's code and the way to an identity provider may
 * call it, which go by the world's clock. Civil time is UTC+8,
 * China's one zone (no daylight saving since 1992). */
#ifndef YIMEN_BASE_TIME_H
#define YIMEN_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)
#define CIVIL_OFFSET_MS (8 * HOUR_MS)

int64_t time_now(void);       /* the wall clock */
int64_t time_monotonic_us(void); /* the same clock in microseconds; for figures */
int64_t time_monotonic(void); /* ms of a clock that only goes forward; for timeouts */

int64_t date_of(int year, int month, int day); /* valid dates only; see date_valid */
bool date_valid(int year, int month, int day);
void date_parts(int64_t date, int *year, int *month, int *day);
int date_weekday(int64_t date); /* 1 Monday … 7 Sunday (ISO 8601) */
int date_year(int64_t date);

int64_t time_date(int64_t at_ms);          /* the civil date of an instant */
int64_t time_of_day(int64_t at_ms);        /* ms since civil midnight, 0 … DAY_MS-1 */
int64_t time_at(int64_t date, int64_t ms); /* the instant at ms after that date's civil midnight */

/* "2014-05-04" and nothing else. */
bool date_parse(struct text a, int64_t *date);
struct text date_format(struct arena *arena, int64_t date);
/* RFC 3339 with a zone; up to 3 decimals are kept, further ones must be digits and are dropped.
 * Also "2014-05-04T09:00" and "2014-05-04 09:00" without zone, read as civil time. Year 0001-9999,
 * in civil time too, so that time_format writes what time_parse reads. */
bool time_parse(struct text a, int64_t *at_ms);
/* "2014-05-04T14:00:00.000+08:00": the one form used in JSON and in the journal. */
struct text time_format(struct arena *arena, int64_t at_ms);
/* "2014年5月4日 14:00" and "2014年5月4日" for pages and papers. */
struct text time_format_zh(struct arena *arena, int64_t at_ms);
struct text date_format_zh(struct arena *arena, int64_t date);

#endif
