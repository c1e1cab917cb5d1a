/* What the files of this folder share; not for others. */
#ifndef YIMEN_FILES_PARTS_H
#define YIMEN_FILES_PARTS_H

#include "files/files.h"

struct file_stored {
    struct upload file;
    struct text department;
};

extern const struct event_kind file_stored_kind;

#endif
