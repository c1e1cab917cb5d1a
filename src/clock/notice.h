/* Reading a State Council notice from a JSON file: the form of the public collection holiday-cn
 * ({"year", "papers", "days": [{"name", "date", "isOffDay"}]}), to which a city's own files may add
 * "published" (a date), "scope" ("year" or "change") and "source" (a sentence). */
#ifndef YIMEN_CLOCK_NOTICE_H
#define YIMEN_CLOCK_NOTICE_H

#include "base/fault.h"
#include "clock/calendar.h"

/* The public files do not say when their notice was published. It always was before the year began,
 * so the day that cannot be too early is 31 December of the year before: a calendar built with it
 * may say "not known yet" some weeks too long, and never claims to have known too early. */
int64_t notice_latest_publication(int64_t year);

/* name is the file's, for the fault: "2014.json: days[3].date: …". Without "published" the notice
 * gets notice_latest_publication. A file with an empty list of days is read (the year is not known
 * yet). False: the file is not a notice; why says where. Texts are copied into the arena. */
bool notice_read(struct text json, const char *name, struct arena *arena, struct notice *out,
                 struct fault *why);
bool notice_read_file(const char *path, struct arena *arena, struct notice *out,
                      struct fault *why);
/* Every *.json of a folder in the order of publication, versions from 1; years without days are left
 * out. A list of struct notice. False at the first bad file, and where the folder has no notice. */
bool notice_read_folder(const char *path, struct arena *arena, struct list *out,
                        struct fault *why);

/* The same checks on a notice that came another way: true if all is well, else every problem is
 * named ("days.3.date"). Days must be in the notice's year or the last ten days of the year before,
 * each once. */
bool notice_check(const struct notice *notice, struct arena *arena, struct problems *problems);

#endif
