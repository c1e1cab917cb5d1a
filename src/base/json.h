/* Writing JSON by hand where no shape is at hand, and reading it by jansson. */
#ifndef YIMEN_BASE_JSON_H
#define YIMEN_BASE_JSON_H

#include "base/text.h"

/* Writes any JSON document (RFC 8259) again in canonical form (RFC 8785): sorted names by UTF-16
 * code units, shortest numbers, no white space. False if it is not JSON or nested over 64 deep. */
bool json_canonical(struct text json, struct buf *out);

#endif
