/* A city is a folder of YAML files, reviewed like code: region.yaml, departments.yaml, places.yaml,
 * hours.yaml, accounts.yaml, delegations.yaml, calendars/NAME.yaml, items/NAME.yaml. Another county
 * copies the folder and edits it. */
#ifndef YIMEN_CATALOGUE_CITY_H
#define YIMEN_CATALOGUE_CITY_H

#include "catalogue/catalogue.h"
#include "base/yaml.h"
#include "clock/calendar.h"
#include "clock/clock.h"

/* Sorts a list of struct notice by day of publication. */
void city_notices_sort(struct list *notices);

/* Opening hours that places refer to by code. */
struct city_hours {
    struct text code;
    struct text name;
    bool late_is_next_day; /* what comes in after closing counts as received the next working day */
    struct list shifts;    /* struct hours_shift; the last that fits a date rules */
    int64_t source;
};
extern const struct shape city_hours_shape;

/* Staff for a demonstration. No passwords: they are drawn at random when a city is set up. */
struct city_account {
    struct text login;
    struct text display;
    struct list roles; /* texts: clerk, reviewer, verifier, head, manager, supervisor,
                          administrator, security, auditor */
    struct text department;
    struct text place;
};

/* A signed letter (授权书): what a person may do at the window in the department's name. */
struct city_delegation {
    struct text login;
    struct text department;
    struct text document;
    struct list powers; /* texts: receive, review, decide, sign, seal, extend */
    bool all_items;
    struct list items; /* texts; only without all_items */
    int64_t amount_limit_fen;
    int64_t area_limit_m2;
    int64_t extend_limit_days;
    int64_t valid_from;
    int64_t valid_to;
    struct text substitute; /* login of the stand-in (B岗) */
};

struct city {
    struct region region;
    struct list departments; /* struct department */
    struct list places;      /* struct place, parents before children */
    struct list hours;       /* struct city_hours */
    struct list items;       /* struct item, by file name */
    struct list notices;     /* struct notice without versions, by day of publication */
    struct list accounts;    /* struct city_account */
    struct list delegations; /* struct city_delegation */
};

/* Reads and checks the whole folder. Every error is named with file and line; true when there is
 * none. errors->arena must be set. */
bool city_load(const char *folder, struct arena *arena, struct city *out,
               struct yaml_errors *errors);

/* An item's code as the name of its file, without the ending: other than letters, digits, hyphen
 * and underscore as %XX. */
struct text city_item_stem(struct text code, struct arena *arena);

/* Items by themselves, from the .yaml files of a folder or from one file: read, not checked. names
 * gets the file of each. Every error is named with file and line; true when there is none. */
bool city_items_load(const char *path, struct arena *arena, struct list *items, struct text **names,
                     struct yaml_errors *errors);

#endif
