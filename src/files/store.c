/* Bytes on disk, named by what they are. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/files.h"

static bool make_directory(const char *path, struct fault *why)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return true;
    return fault_set(why, "%s: %s", path, strerror(errno));
}

static bool sync_path(const char *path, int flags, struct fault *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (fd < 0)
        return fault_set(why, "%s: %s", path, strerror(errno));
    bool good = fsync(fd) == 0;
    if (!good)
        fault_set(why, "%s: %s", path, strerror(errno));
    close(fd);
    return good;
}

bool files_prepare(const char *directory, struct fault *why)
{
    char incoming[4096];
    if (snprintf(incoming, sizeof incoming, "%s/incoming", directory) >= (int)sizeof incoming)
        return fault_set(why, "%s: too long", directory);
    return make_directory(directory, why) && make_directory(incoming, why);
}

static bool is_sha256(struct text sha256)
{
    unsigned char bytes[32];
    for (size_t i = 0; i < sha256.len; i++)
        if (sha256.at[i] >= 'A' && sha256.at[i] <= 'F')
            return false;
    return text_unhex(sha256, bytes, sizeof bytes);
}

struct text files_path(const char *directory, struct text sha256, struct arena *arena)
{
    if (!is_sha256(sha256))
        return TEXT("");
    return text_format(arena, "%s/%.2s/%.62s", directory, sha256.at, sha256.at + 2);
}

static bool lock(int fd, int how)
{
    int failed;
    do
        failed = flock(fd, how);
    while (failed && errno == EINTR);
    return !failed;
}

/* True while the open file is the one of that name. */
static bool still_there(int fd, const char *path)
{
    struct stat held, there;
    return fstat(fd, &held) == 0 && stat(path, &there) == 0 && held.st_ino == there.st_ino &&
           held.st_dev == there.st_dev;
}

/* -1 and no fault: no such file, or one that went before it could be held. */
static int hold_at(const char *path, struct fault *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT)
        fault_set(why, "%s: %s", path, strerror(errno));
    if (fd < 0)
        return -1;
    if (!lock(fd, LOCK_SH))
        fault_set(why, "%s: %s", path, strerror(errno));
    else if (still_there(fd, path))
        return fd;
    close(fd);
    return -1;
}

int files_hold(const char *directory, struct text sha256, struct fault *why)
{
    struct arena *arena = arena_new(1024);
    struct text path = files_path(directory, sha256, arena);
    int hold = path.len ? hold_at(path.at, why) : -1;
    arena_free(arena);
    return hold;
}

void files_release(int hold)
{
    close(hold);
}

/* Gives the temporary file its name, held. -1 and no fault: another was faster. A link, because a
 * rename would take the name away from that other, who may be held by somebody. */
static int name_it(const char *temporary, const char *path, struct fault *why)
{
    int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && lock(fd, LOCK_SH) && link(temporary, path) == 0)
        return fd;
    if (errno != EEXIST)
        fault_set(why, "%s: %s", fd < 0 ? temporary : path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* A crash leaves either no file or the whole file under its name: the bytes are on disk before the
 * name is, and the name before anybody is told. Of a file sent before, the name may still be on its
 * way to disk in another thread. */
bool files_keep(const char *directory, const char *temporary, const struct hash *hash, int *hold,
                struct fault *why)
{
    struct arena *arena = arena_new(1024);
    struct text sha256 = hash_hex(arena, hash);
    const char *folder = text_format(arena, "%s/%.2s", directory, sha256.at).at;
    const char *path = files_path(directory, sha256, arena).at;
    bool good = sync_path(temporary, 0, why) && make_directory(folder, why);
    *hold = -1;
    while (good && *hold < 0) {
        *hold = hold_at(path, why);
        if (*hold < 0 && !why->why[0])
            *hold = name_it(temporary, path, why);
        good = !why->why[0];
    }
    unlink(temporary);
    good = good && sync_path(folder, O_DIRECTORY, why) && sync_path(directory, O_DIRECTORY, why);
    if (!good && *hold >= 0)
        files_release(*hold);
    arena_free(arena);
    return good;
}

/* The lock alone shows that nobody else's command waits with this file; whoever had it has committed
 * before letting it go, so that the journal's word on it is final. */
bool files_drop(const char *directory, struct text sha256, int hold, struct db_read *db,
                bool *removed, struct fault *why)
{
    struct arena *arena = arena_new(4096);
    struct text path = files_path(directory, sha256, arena);
    bool named = true, good = true;
    *removed = false;
    if (path.len && lock(hold, LOCK_EX | LOCK_NB) && still_there(hold, path.at)) {
        good = files_named(db, sha256, arena, &named, why);
        *removed = good && !named && unlink(path.at) == 0;
    }
    close(hold);
    arena_free(arena);
    return good;
}

static bool sweep(const char *incoming, int *swept, struct fault *why)
{
    DIR *dir = opendir(incoming);
    bool good = dir != NULL;
    for (struct dirent *entry; good && (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        *swept += unlinkat(dirfd(dir), entry->d_name, 0) == 0;
    }
    if (!good)
        fault_set(why, "%s: %s", incoming, strerror(errno));
    if (dir)
        closedir(dir);
    return good;
}

/* Alone: locked by nobody; where a directory cannot be locked so (NFS), nothing is swept. Between the
 * two locks another server may come and sweep as well; nothing of ours is there yet. */
int files_enter(const char *directory, int *swept, struct fault *why)
{
    char path[4096];
    bool good = snprintf(path, sizeof path, "%s/incoming", directory) < (int)sizeof path;
    int fd = good ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
    *swept = 0;
    if (fd < 0) {
        fault_set(why, "%s: %s", path, strerror(errno));
        return -1;
    }
    bool alone = lock(fd, LOCK_EX | LOCK_NB);
    good = !alone || sweep(path, swept, why);
    if (good && lock(fd, LOCK_SH))
        return fd;
    if (good)
        fault_set(why, "%s: %s", path, strerror(errno));
    close(fd);
    return -1;
}

static bool each_in(const char *directory, const char *head,
                    bool (*each)(struct text sha256, const char *path, void *with), void *with,
                    bool *go_on, struct fault *why)
{
    char folder[1024], path[1024 + 256 + 2], name[65];
    snprintf(folder, sizeof folder, "%s/%s", directory, head);
    DIR *dir = opendir(folder);
    if (!dir)
        return fault_set(why, "%s: %s", folder, strerror(errno));
    for (struct dirent *entry; *go_on && (entry = readdir(dir));) {
        if (strlen(entry->d_name) != 62)
            continue;
        snprintf(name, sizeof name, "%.2s%.62s", head, entry->d_name);
        if (!is_sha256(text_of(name)))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        *go_on = each(text_of(name), path, with);
    }
    closedir(dir);
    return true;
}

bool files_each(const char *directory, bool (*each)(struct text sha256, const char *path, void *with),
                void *with, struct fault *why)
{
    DIR *dir = opendir(directory);
    bool good = true, go_on = true;
    if (!dir)
        return fault_set(why, "%s: %s", directory, strerror(errno));
    for (struct dirent *entry; good && go_on && (entry = readdir(dir));) {
        unsigned char byte;
        if (text_unhex(text_of(entry->d_name), &byte, 1))
            good = each_in(directory, entry->d_name, each, with, &go_on, why);
    }
    closedir(dir);
    return good;
}
