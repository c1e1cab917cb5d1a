/* Files and directories. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static bool failed(struct fault *why, const char *path)
{
    return fault_set(why, "%s: %s", path, strerror(errno));
}

bool make_directories(const char *path, struct fault *why)
{
    char part[4096];
    size_t len = strlen(path);
    if (len >= sizeof part)
        return fault_set(why, "%s: too long", path);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return failed(why, part);
    }
    return true;
}

bool directory_empty(const char *path)
{
    DIR *dir = opendir(path);
    bool empty = true;
    if (!dir)
        return errno == ENOENT;
    for (struct dirent *entry; empty && (entry = readdir(dir));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(dir);
    return empty;
}

static int remove_below(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    (void)type;
    return walk->level == 0 ? 0 : remove(path);
}

bool directory_clear(const char *path, struct fault *why)
{
    return nftw(path, remove_below, 16, FTW_DEPTH | FTW_PHYS) == 0 || failed(why, path);
}

static bool write_all(int fd, const char *at, size_t size)
{
    while (size) {
        ssize_t wrote = write(fd, at, size);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return false;
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

bool write_whole(const char *path, struct text bytes, int mode, struct fault *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return failed(why, path);
    bool good = (write_all(fd, bytes.at, bytes.len) && fsync(fd) == 0) || failed(why, path);
    close(fd);
    return good;
}

bool copy_file(const char *from, const char *to, struct fault *why)
{
    char part[65536];
    ssize_t got = 0;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = in >= 0 && out >= 0;
    if (!good)
        failed(why, in < 0 ? from : to);
    while (good && (got = read(in, part, sizeof part)) > 0)
        good = write_all(out, part, (size_t)got) || failed(why, to);
    if (good)
        good = (got == 0 && fsync(out) == 0) || failed(why, to);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return good;
}

bool hash_file(const char *path, struct hash *out, struct fault *why)
{
    char part[65536];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(why, "%s cannot be read", path);
    struct hash_stream *stream = hash_stream_new();
    while ((got = read(fd, part, sizeof part)) > 0)
        hash_stream_add(stream, part, (size_t)got);
    *out = hash_stream_end(stream);
    close(fd);
    return got == 0 || fault_set(why, "%s cannot be read", path);
}
