/* Lists of items from elsewhere, as ordinary commands: what is new in them, what the house has, and
 * what cannot be taken and why. A row that is bad is told and keeps no other out.
 *
 * A list from a platform (JSON) knows of an item its name, codes, type, department and heading.
 * What it does not say is not made up: such an item is guide_only. Files of the city's form (YAML)
 * are whole guides. */
#ifndef YIMEN_CATALOGUE_LISTING_H
#define YIMEN_CATALOGUE_LISTING_H

#include "catalogue/import.h"
#include "catalogue/national.h"

enum listing_end {
    LISTING_NEW,     /* to be published */
    LISTING_CHANGED, /* the list now says something else: to be published as the next version */
    LISTING_SAME,    /* the house has it so; also one completed there, or withdrawn */
    LISTING_DIFFERS, /* completed by its department, who calls it otherwise: left as it is */
    LISTING_BAD,     /* left out */
    LISTING_ENDS,
};
extern const struct word listing_end_words[];

struct listing_row {
    struct text at; /* "items[17]" from 0, or a file's name: where it stands */
    struct text code, name, department, division, type, heading; /* as written */
    enum listing_end end;
    struct text reason; /* of LISTING_BAD and LISTING_DIFFERS: a stable word, and English */
    struct text why;
    const struct item *item; /* read from YAML, or made of a good row */
};

/* A department that the list names and the region does not have under that name or short name. */
struct listing_department {
    struct text name;
    struct text code; /* under which it would be made */
    size_t rows;
};

struct listing {
    struct list rows;        /* struct listing_row, in the list's order */
    struct list departments; /* struct listing_department, in the order they are first named */
    size_t counts[LISTING_ENDS];
    struct city_commands commands; /* departments to be made, then items */
    struct listing_row **published; /* the row of each command; NULL for a department's */
};

/* A JSON array of objects with text members name, item_code, department, task_type, and area_code
 * and group where they are there; others are passed over. A row that is none of this is
 * LISTING_BAD. False: the file cannot be read or is no such list. */
bool listing_read(const char *path, struct arena *arena, struct list *rows, struct fault *why);
/* A file, or every .yaml of a folder. Every error is named with file and line; false if there is
 * one. */
bool listing_read_yaml(const char *path, struct arena *arena, struct list *rows,
                       struct yaml_errors *errors);

/* Judges the rows and makes the commands; pure. new_departments: those missing are made, with the
 * name as written and a number as code, since the list does not say which of several organ codes is
 * the department's own; else their rows are bad. today: the day on which names are looked for. */
void listing_plan(const struct list *rows, const struct catalogue *catalogue, int64_t region,
                  int64_t today, bool new_departments, struct arena *arena, struct listing *out);

/* The catalogue of a region as its tables have it, outside a flow. */
bool listing_catalogue(struct db_read *db, int64_t region, struct arena *arena,
                       const struct catalogue **out, struct fault *why);

#endif
