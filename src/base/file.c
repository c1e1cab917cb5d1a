#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int fd, char *at, size_t size)
{
    while (size) {
        ssize_t got = read(fd, at, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false; /* it broke, or somebody made it shorter meanwhile */
        at += got;
        size -= (size_t)got;
    }
    return true;
}

bool file_read(const char *path, size_t limit, struct arena *arena, struct text *out,
               struct fault *why)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fault_set(why, "%s: %s", path, strerror(errno));
    bool good;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        good = fault_set(why, "%s: not a regular file", path);
    } else if ((uint64_t)about.st_size > limit) {
        good = fault_set(why, "%s: over %zu bytes", path, limit);
    } else {
        char *at = arena_alloc(arena, (size_t)about.st_size + 1);
        at[about.st_size] = '\0';
        *out = (struct text){at, (size_t)about.st_size};
        good = read_all(fd, at, out->len) || fault_set(why, "%s: cannot be read", path);
    }
    close(fd);
    return good;
}
