/* The bytes of a log: plain or unpacked from gzip (RFC 1952) as they are asked for, counted, hashed
 * and limited. */
#ifndef YIMEN_APPROVAL_HISTORY_XES_SOURCE_H
#define YIMEN_APPROVAL_HISTORY_XES_SOURCE_H

#include "approval/history/xes.h"

struct xes_source;
struct xes_source *xes_source_new(const struct xes_input *input, const struct xes_limits *limits);
/* Bytes put into out, 0 at the end, -1 with *wrong. */
ptrdiff_t xes_source_read(struct xes_source *source, void *out, size_t room,
                          enum xes_wrong *wrong);
/* Frees it; found (may be NULL) gets hash and counts of what was read. */
void xes_source_end(struct xes_source *source, struct xes_found *found);

#endif
