/* The shapes of a city's files; for city.c alone. */
#ifndef YIMEN_CATALOGUE_CITY_SHAPES_H
#define YIMEN_CATALOGUE_CITY_SHAPES_H

#include "catalogue/city.h"

struct city_list {
    struct list list;
};

extern const struct shape departments_file_shape;
extern const struct shape places_file_shape;
extern const struct shape hours_file_shape;
extern const struct shape accounts_file_shape;
extern const struct shape delegations_file_shape;

#endif
