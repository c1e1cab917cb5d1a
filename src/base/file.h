/* A whole file at once, for files that people keep: configuration, a city's folder, receipts. */
#ifndef YIMEN_BASE_FILE_H
#define YIMEN_BASE_FILE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"

/* A fault names the file and says why: it is not there, is no regular file (a pipe would be waited for,
 * a device never ends), is over `limit` bytes, or broke. Links are followed. */
bool file_read(const char *path, size_t limit, struct arena *arena, struct text *out,
               struct fault *why);

#endif
