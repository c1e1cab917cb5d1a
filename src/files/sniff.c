/* What a file is, by looking at it: a name or a declared type is only what somebody says. */
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/files.h"

enum { PDF, PNG, JPEG, OFD, DOCX, PLAIN };
static const struct file_type types[] = {
    [PDF] = {"application/pdf", ".pdf", "PDF"},
    [PNG] = {"image/png", ".png", "PNG"},
    [JPEG] = {"image/jpeg", ".jpg", "JPEG"},
    [OFD] = {"application/ofd", ".ofd", "OFD"},
    [DOCX] = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx",
              "DOCX"},
    [PLAIN] = {"text/plain", ".txt", "文本"},
    {NULL, NULL, NULL},
};

const struct file_type *files_types(void)
{
    return types;
}

static uint32_t little(const unsigned char *at, int bytes)
{
    uint32_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | at[i];
    return value;
}

/* Looks through the central directory of a ZIP file (APPNOTE 4.3.12) for a member of that name. */
static bool directory_has(const unsigned char *at, size_t size, const char *name)
{
    size_t len = strlen(name), from = 0;
    while (from + 46 <= size && little(at + from, 4) == 0x02014b50) {
        size_t name_len = little(at + from + 28, 2), extra = little(at + from + 30, 2),
               comment = little(at + from + 32, 2);
        if (from + 46 + name_len > size)
            return false;
        if (name_len == len && memcmp(at + from + 46, name, len) == 0)
            return true;
        from += 46 + name_len + extra + comment;
    }
    return false;
}

#define ZIP_TAIL 66000            /* the end record and the longest comment after it */
#define ZIP_DIRECTORY (1 << 20)   /* a document with a larger one is none we take */

/* Reads the central directory into the arena: found through the end record at the file's end. */
static bool read_directory(const char *path, struct arena *arena, const unsigned char **out,
                           size_t *size)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = false;
    if (fd < 0)
        return false;
    if (fstat(fd, &about) == 0 && about.st_size >= 22) {
        size_t tail = about.st_size < ZIP_TAIL ? (size_t)about.st_size : ZIP_TAIL;
        unsigned char *at = arena_alloc(arena, tail);
        bool read = pread(fd, at, tail, about.st_size - (off_t)tail) == (ssize_t)tail;
        for (size_t i = tail - 21; read && !good && i-- > 0;) {
            if (little(at + i, 4) != 0x06054b50)
                continue;
            *size = little(at + i + 12, 4);
            off_t where = (off_t)little(at + i + 16, 4);
            if (*size > ZIP_DIRECTORY || where + (off_t)*size > about.st_size)
                break;
            unsigned char *directory = arena_alloc(arena, *size);
            good = pread(fd, directory, *size, where) == (ssize_t)*size;
            *out = directory;
        }
    }
    close(fd);
    return good;
}

static const struct file_type *sniff_zip(const char *path)
{
    struct arena *arena = arena_new(128 * 1024);
    const unsigned char *directory = NULL;
    const struct file_type *found = NULL;
    size_t size = 0;
    if (path && read_directory(path, arena, &directory, &size)) {
        if (directory_has(directory, size, "OFD.xml"))
            found = &types[OFD];
        else if (directory_has(directory, size, "word/document.xml"))
            found = &types[DOCX];
    }
    arena_free(arena);
    return found;
}

/* UTF-8 without controls; a character cut off at the end of the head is fine. */
static bool looks_plain(struct text head)
{
    for (size_t i = 0; i < head.len; i++) {
        unsigned char c = (unsigned char)head.at[i];
        if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\r' && c != '\t'))
            return false;
    }
    for (size_t cut = 0; cut < 4 && cut <= head.len; cut++)
        if (text_utf8(text_slice(head, 0, head.len - cut)))
            return true;
    return false;
}

const struct file_type *files_sniff(struct text head, const char *path)
{
    static const unsigned char png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    static const unsigned char jpeg[] = {0xff, 0xd8, 0xff};
    if (head.len == 0)
        return NULL;
    if (text_starts(head, TEXT("%PDF-")))
        return &types[PDF];
    if (text_starts(head, (struct text){(const char *)png, sizeof png}))
        return &types[PNG];
    if (text_starts(head, (struct text){(const char *)jpeg, sizeof jpeg}))
        return &types[JPEG];
    if (text_starts(head, TEXT("PK\3\4")))
        return sniff_zip(path);
    /* Markup may be plain UTF-8 too, but a browser could take it for a page, also behind the mark that
     * an editor puts before a text. */
    bool marked = text_starts(head, TEXT("\xef\xbb\xbf"));
    struct text start = text_trim(marked ? text_slice(head, 3, head.len) : head);
    if (start.len && start.at[0] == '<')
        return NULL;
    return looks_plain(head) ? &types[PLAIN] : NULL;
}

static bool ends_with_ending(struct text name, const char *ending)
{
    size_t len = strlen(ending);
    return name.len >= len && strncasecmp(name.at + name.len - len, ending, len) == 0;
}

struct text files_handed_name(const struct file_row *file, struct arena *arena)
{
    struct text name = file->name.len ? file->name : file->sha256;
    for (const struct file_type *type = types; type->media_type; type++) {
        if (!text_is(file->media_type, type->media_type))
            continue;
        bool said = ends_with_ending(name, type->ending) ||
                    (type == &types[JPEG] && ends_with_ending(name, ".jpeg"));
        return said ? name : text_format(arena, "%.*s%s", TEXT_ARG(name), type->ending);
    }
    return name;
}

bool files_agree(const struct file_type *found, struct text declared, struct text name)
{
    struct text kind;
    text_cut(&declared, ';', &kind);
    kind = text_trim(kind);
    bool open = kind.len == 0 || text_is(kind, "application/octet-stream");
    if (!open && (kind.len != strlen(found->media_type) ||
                  strncasecmp(kind.at, found->media_type, kind.len) != 0))
        return false;
    for (const struct file_type *type = types; type->media_type; type++)
        if (type != found && ends_with_ending(name, type->ending))
            return false;
    return !ends_with_ending(name, ".jpeg") || found == &types[JPEG];
}
