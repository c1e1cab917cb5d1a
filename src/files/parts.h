/* What the files of this folder share; not for others. */
#ifndef YIMEN_FILES_PARTS_H
#define YIMEN_FILES_PARTS_H

#include "files/files.h"

struct file_stored {
    struct upload file;
    struct text department;
    bool kept_back;
};
struct file_handed_over {
    struct list files; /* texts: hashes */
};

struct file_forgotten {
    struct text subject;
};

extern const struct event_kind file_stored_kind, file_handed_over_kind, file_forgotten_kind;

#endif
