/* A region as a city's folder, in the form that city.h reads: what is there comes back as it is. */
#ifndef YIMEN_CATALOGUE_EXPORT_H
#define YIMEN_CATALOGUE_EXPORT_H

#include "catalogue/city.h"

/* What a folder does not hold. */
struct city_left {
    size_t posts;    /* they name people */
    size_t versions; /* of items, withdrawn before their first day: they were never offered */
};

/* Region, departments, places from the centre down, hours, notices, and every version of every
 * item. Accounts, delegations and posts are personal data and stay in the house. A withdrawal
 * becomes the last day of the versions it ended: what was offered on which day is the same. False:
 * the database failed, or the region was never set. */
bool city_of_region(struct db_read *db, int64_t region, struct arena *arena, struct city *out,
                    struct city_left *left, struct fault *why);

struct city_file {
    struct text name; /* within the folder: "items/011-001.yaml", "items/011-001.v2.yaml" */
    struct text bytes;
};

/* The files of the folder. Always the same for the same city. */
struct list city_files(const struct city *city, struct arena *arena);

#endif
