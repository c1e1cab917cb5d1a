/* One Chinese script to another, by OpenCC. Names of its configurations: "s2tw" (simplified to the
 * traditional characters that readers in Taiwan are taught, no word changed), "t2s", … */
#ifndef YIMEN_BASE_SCRIPT_H
#define YIMEN_BASE_SCRIPT_H

#include "base/fault.h"
#include "base/text.h"

struct script;

/* Reads its tables, some milliseconds; false where Debian's libopencc-data is not there. */
bool script_open(const char *configuration, struct script **out, struct fault *why);
/* The text in the other script. Any thread may; what is plain ASCII comes back as it is. */
struct text script_convert(const struct script *script, struct text words, struct arena *arena);
void script_close(struct script *script); /* NULL is allowed */

#endif
