/* What people hand in, whatever it is: a type of the list or none, for a ZIP by its directory, which
 * comes from the file and may say anything. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "files/files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct text head = {(const char *)data, size < 512 ? size : 512};
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    const struct file_type *found =
        files_sniff(head, text_format(arena, "/proc/self/fd/%d", fd).at);
    if (found && (found < files_types() || !found->media_type ||
                  !files_agree(found, text_of(found->media_type), TEXT("a"))))
        abort();
    if (found && !memchr(data, 0, head.len)) { /* no name of a file has a NUL */
        struct file_row row = {.name = head, .media_type = text_of(found->media_type)};
        struct text name = files_handed_name(&row, arena);
        if (name.len < head.len)
            abort();
    }
    close(fd);
    arena_free(arena);
    return 0;
}
