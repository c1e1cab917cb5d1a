/* Uploaded files: bytes are kept once under their SHA-256, whatever they are called and however
 * often they are sent; who gave which file for what is an event. */
#ifndef YIMEN_FILES_FILES_H
#define YIMEN_FILES_FILES_H

#include "base/hash.h"
#include "flow/module.h"

extern const struct module files_module;

struct file_row;

#define FILES_LIMIT (INT64_C(1) << 30) /* bytes of one file: 1 GiB */

/* A file that came with a command. A command's input takes one by a field of type FIELD_RECORD
 * `of` &upload_shape, say "document": the door fills it from the multipart file part of the same
 * name, and the bytes are safe on disk before the command is decided. An absent file has an empty
 * sha256; FIELD_REQUIRED on the record means what it means elsewhere. */
struct upload {
    struct text sha256; /* hex */
    struct text name;   /* as the sender called it, last path component; personal */
    int64_t size;       /* bytes */
    struct text media_type; /* found by looking at the content, one of files_types */
};
extern const struct shape upload_shape;
/* True when the shape has an upload anywhere. */
bool shape_takes_upload(const struct shape *shape);

/* Media types that are accepted: PDF, PNG, JPEG, OFD (GB/T 33190), DOCX, plain UTF-8 text. */
struct file_type {
    const char *media_type;
    const char *ending; /* ".pdf" */
    const char *label;
};
const struct file_type *files_types(void); /* ended by a NULL media_type */
/* The type by content: head is the file's first bytes (512 are enough), path the whole file, read
 * for the ZIP-based types only. NULL: none that is accepted. */
const struct file_type *files_sniff(struct text head, const char *path);
/* False when what the sender declared names another of the types above. "application/octet-stream"
 * and nothing agree with everything. */
bool files_agree(const struct file_type *found, struct text declared, struct text name);
/* The name under which a file is handed out: it ends in the ending of what the file is, whatever the
 * sender wrote there ("a.bat" that is plain text becomes "a.bat.txt"). Empty name: of its hash. */
struct text files_handed_name(const struct file_row *file, struct arena *arena);

/* Makes the directory and its `incoming` part. */
bool files_prepare(const char *directory, struct fault *why);
/* Says that a server lives here, for as long as the returned descriptor is open. The first one to come,
 * and no other, removes what is left in `incoming` by one that was killed while it took an upload;
 * *swept counts it. -1: a fault. Asked before the first upload is taken. */
int files_enter(const char *directory, int *swept, struct fault *why);
/* Moves a finished temporary file (in the same file system) to its place: flushed to disk with its
 * directory before this returns. A file that is there already is left as it is. The temporary file is
 * gone afterwards in any case. *hold: the caller's, to be ended by files_release or files_drop once
 * the command that brought the file is decided and on disk. */
bool files_keep(const char *directory, const char *temporary, const struct hash *hash, int *hold,
                struct fault *why);
/* A hold on a kept file: as long as anybody has one, here or in another process, files_drop removes
 * nothing. -1: there is no such file (or, if why is set, a fault). */
int files_hold(const char *directory, struct text sha256, struct fault *why);
void files_release(int hold);
/* Ends a hold and removes the file, unless somebody else holds it or an entry of any region names it.
 * False: a fault, and the file is still there. */
bool files_drop(const char *directory, struct text sha256, int hold, struct db_read *db,
                bool *removed, struct fault *why);
/* Whether an entry of any region names that file. */
bool files_named(struct db_read *db, struct text sha256, struct arena *arena, bool *named,
                 struct fault *why);
/* "DIRECTORY/ab/cdef…" of a hex SHA-256. Empty if it is none. */
struct text files_path(const char *directory, struct text sha256, struct arena *arena);
/* Calls each for every kept file, in no order; stops when it says false. */
bool files_each(const char *directory, bool (*each)(struct text sha256, const char *path, void *with),
                void *with, struct fault *why);

/* The event that ties a file to what it was given for; other modules emit it beside their own.
 * department: whose staff may read it (empty: all of the centre). kept_back: nobody of the staff may,
 * until files_hand_over for that subject: what somebody puts to a draft is not handed in yet. */
void files_emit(struct decision *decision, const struct upload *upload, struct text subject,
                struct text department, bool kept_back);
/* Opens to the staff what was kept back for a subject. hashes: texts; what was replaced before it was
 * handed in is not among them and stays where it is. */
void files_hand_over(struct decision *decision, struct text subject, const struct list *hashes);

/* The subject is forgotten: no entry names its files any more. Their bytes are removed by whoever keeps
 * the directory, once that is on disk. */
void files_forget(struct decision *decision, struct text subject);

struct file_row {
    struct text sha256;
    struct text name;
    int64_t size;
    struct text media_type;
    struct text subject; /* "case:17" */
    struct text department;
    struct text actor;
    int64_t stored_at;
    bool kept_back;
};
extern const struct shape file_row_shape;
/* The files of one subject, oldest first. A list of struct file_row. */
bool files_of(struct db_read *db, int64_t region, struct text subject, struct arena *arena,
              struct list *out, struct fault *why);

#endif
