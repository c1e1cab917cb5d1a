/* A multipart body on its way to disk. The loop puts bytes into a ring, a helper thread takes them
 * out, parses, hashes and writes them. When the ring is nearly full the loop stops reading the
 * socket, so memory per upload is the ring and no more. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "http/inside.h"

enum {
    RING_SIZE = 256 * 1024,
    HEAD_BYTES = 512, /* of a file, kept for sniffing */
};

struct upload_part {
    bool keep;
    int fd;
    struct hash_stream *hash;
    struct buf value; /* a field's value, or a file's first bytes */
};

struct upload {
    struct task task;
    struct job job;
    struct loop *loop;
    struct http_request *request; /* loop's thread only; valid until cancelled */
    int64_t field_limit;

    /* The helper's, until done. */
    struct multipart multipart;
    struct arena *arena;
    struct http_part *parts;
    struct upload_part *inner;
    size_t count;
    int64_t field_bytes;

    pthread_mutex_t lock; /* guards the rest */
    size_t head, tail;    /* bytes ever put in and taken out */
    int status;
    bool ended, done, cancelled, cleaned, running, posted, blocked;
    char ring[RING_SIZE];
};

static void upload_run(struct job *job);
static void upload_task(struct task *task);

struct upload *upload_new(struct http_request *request, struct text boundary)
{
    struct upload *upload = malloc(sizeof *upload);
    if (!upload)
        http_bug("out of memory for an upload");
    memset(upload, 0, offsetof(struct upload, ring));
    upload->task.run = upload_task;
    upload->job.run = upload_run;
    upload->loop = request->loop;
    upload->request = request;
    upload->field_limit = request->plan.field_limit;
    upload->arena = arena_new(8192);
    upload->parts = arena_array(upload->arena, PARTS_LIMIT, sizeof *upload->parts);
    upload->inner = arena_array(upload->arena, PARTS_LIMIT, sizeof *upload->inner);
    pthread_mutex_init(&upload->lock, NULL);
    multipart_begin(&upload->multipart, boundary);
    request->loop->waiting++;
    return upload;
}

/* Under the lock. */
static void start(struct upload *upload)
{
    if (upload->running)
        return;
    upload->running = true;
    pool_submit(upload->loop->server->disk, &upload->job);
}

static void notify(struct upload *upload)
{
    if (upload->posted)
        return;
    upload->posted = true;
    loop_post(upload->loop, &upload->task, &upload->task);
}

size_t upload_add(struct upload *upload, const char *at, size_t len)
{
    pthread_mutex_lock(&upload->lock);
    size_t room = RING_SIZE - (upload->head - upload->tail);
    size_t take = len < room ? len : room, from = upload->head % RING_SIZE;
    pthread_mutex_unlock(&upload->lock);
    size_t first = take < RING_SIZE - from ? take : RING_SIZE - from;
    memcpy(upload->ring + from, at, first);
    memcpy(upload->ring, at + first, take - first);
    pthread_mutex_lock(&upload->lock);
    upload->head += take;
    start(upload);
    pthread_mutex_unlock(&upload->lock);
    return take;
}

bool upload_full(struct upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    bool full = RING_SIZE - (upload->head - upload->tail) < SCRATCH_SIZE;
    upload->blocked = full;
    pthread_mutex_unlock(&upload->lock);
    return full;
}

int upload_status(struct upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    int status = upload->status;
    pthread_mutex_unlock(&upload->lock);
    return status;
}

bool upload_done(struct upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    bool done = upload->done;
    pthread_mutex_unlock(&upload->lock);
    return done;
}

void upload_end(struct upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    upload->ended = true;
    start(upload);
    pthread_mutex_unlock(&upload->lock);
}

void upload_drop(struct upload *upload)
{
    pthread_mutex_lock(&upload->lock);
    upload->cancelled = true;
    start(upload);
    pthread_mutex_unlock(&upload->lock);
}

static int disk_status(int error)
{
    log_line(LOG_ERROR, "http.upload", "an upload could not be written: %s", strerror(error));
    return error == ENOSPC || error == EDQUOT ? 507 : 500;
}

/* The functions from here to upload_run are the helper thread's. They give 0 or a status. */

static int open_file(struct upload *upload, struct http_part *part, struct upload_part *inner)
{
    char *path =
        text_cstr(upload->arena, text_format(upload->arena, "%s/upload-XXXXXX",
                                             upload->loop->server->options.upload_directory));
    inner->fd = mkostemp(path, O_CLOEXEC);
    if (inner->fd < 0)
        return disk_status(errno);
    part->path = path;
    inner->hash = hash_stream_new();
    return 0;
}

static int part_begin(struct upload *upload)
{
    const struct multipart *m = &upload->multipart;
    upload->field_bytes += (int64_t)(m->name.len + m->file_name.len + m->media_type.len);
    if (upload->count == PARTS_LIMIT || upload->field_bytes > upload->field_limit)
        return 413;
    struct http_part *part = &upload->parts[upload->count];
    struct upload_part *inner = &upload->inner[upload->count++];
    part->name = text_copy(upload->arena, m->name);
    part->file_name = text_copy(upload->arena, m->file_name);
    part->media_type = text_copy(upload->arena, m->media_type);
    inner->value.arena = upload->arena;
    inner->fd = -1;
    return m->file ? open_file(upload, part, inner) : 0;
}

static int part_data(struct upload *upload, struct text data)
{
    struct http_part *part = &upload->parts[upload->count - 1];
    struct upload_part *inner = &upload->inner[upload->count - 1];
    part->size += (int64_t)data.len;
    if (!part->path) {
        upload->field_bytes += (int64_t)data.len;
        if (upload->field_bytes > upload->field_limit)
            return 413;
        buf_text(&inner->value, data);
        return 0;
    }
    if (inner->value.len < HEAD_BYTES)
        buf_text(&inner->value, text_slice(data, 0, HEAD_BYTES - inner->value.len));
    hash_stream_add(inner->hash, data.at, data.len);
    while (data.len) {
        ssize_t wrote = write(inner->fd, data.at, data.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return disk_status(errno);
        data = text_slice(data, (size_t)wrote, data.len);
    }
    return 0;
}

/* Synced here, so that a handler that renames the file need not wait for the disk on its loop. */
static int part_end(struct upload *upload)
{
    struct http_part *part = &upload->parts[upload->count - 1];
    struct upload_part *inner = &upload->inner[upload->count - 1];
    if (!part->path) {
        part->value = buf_done(&inner->value);
        return 0;
    }
    part->head = buf_done(&inner->value);
    part->sha256 = hash_stream_end(inner->hash);
    inner->hash = NULL;
    int failed = fdatasync(inner->fd) != 0 ? errno : 0;
    close(inner->fd);
    inner->fd = -1;
    if (failed)
        return disk_status(failed);
    /* A browser sends an empty file without a name when none was chosen: as good as no part. */
    if (!part->file_name.len && !part->size) {
        unlink(part->path);
        memset(part, 0, sizeof *part);
        memset(inner, 0, sizeof *inner);
        upload->count--;
    }
    return 0;
}

static int consume(struct upload *upload, struct text in)
{
    int status = 0;
    struct text data;
    while (!status) {
        switch (multipart_next(&upload->multipart, &in, &data)) {
        case MULTIPART_MORE:
            return 0;
        case MULTIPART_PART:
            status = part_begin(upload);
            break;
        case MULTIPART_DATA:
            status = part_data(upload, data);
            break;
        case MULTIPART_PART_END:
            status = part_end(upload);
            break;
        default:
            status = 400;
        }
    }
    return status;
}

static void clean(struct upload *upload)
{
    for (size_t i = 0; i < upload->count; i++) {
        if (upload->inner[i].fd >= 0 && upload->parts[i].path)
            close(upload->inner[i].fd);
        if (upload->inner[i].hash)
            hash_stream_end(upload->inner[i].hash);
        if (upload->parts[i].path && !upload->inner[i].keep)
            unlink(upload->parts[i].path);
    }
}

/* Takes what is in the ring until there is nothing, or no reason to go on. Holds the lock on entry
 * and exit. */
static void drain(struct upload *upload)
{
    while (!upload->cancelled && !upload->status && upload->tail < upload->head) {
        size_t from = upload->tail % RING_SIZE, size = upload->head - upload->tail;
        if (size > RING_SIZE - from)
            size = RING_SIZE - from;
        if (size > SCRATCH_SIZE)
            size = SCRATCH_SIZE;
        pthread_mutex_unlock(&upload->lock);
        int status = consume(upload, (struct text){upload->ring + from, size});
        pthread_mutex_lock(&upload->lock);
        upload->tail += size;
        upload->status = status;
        if (upload->blocked && upload->head - upload->tail <= RING_SIZE / 2) {
            upload->blocked = false;
            notify(upload);
        }
    }
}

static void upload_run(struct job *job)
{
    struct upload *upload = (struct upload *)((char *)job - offsetof(struct upload, job));
    pthread_mutex_lock(&upload->lock);
    drain(upload);
    if (upload->cancelled) {
        pthread_mutex_unlock(&upload->lock);
        clean(upload);
        pthread_mutex_lock(&upload->lock);
        upload->cleaned = true;
        notify(upload); /* after the unlock below the loop may free it */
    } else if (upload->status) {
        upload->blocked = false;
        notify(upload);
    } else if (upload->ended && !upload->done) {
        if (multipart_ended(&upload->multipart))
            upload->done = true;
        else
            upload->status = 400;
        notify(upload);
    }
    upload->running = false;
    pthread_mutex_unlock(&upload->lock);
}

/* On the loop's thread. */
static void upload_task(struct task *task)
{
    struct upload *upload = (struct upload *)((char *)task - offsetof(struct upload, task));
    pthread_mutex_lock(&upload->lock);
    upload->posted = false;
    bool cleaned = upload->cleaned, cancelled = upload->cancelled;
    pthread_mutex_unlock(&upload->lock);
    if (cleaned) {
        upload->loop->waiting--;
        pthread_mutex_destroy(&upload->lock);
        arena_free(upload->arena);
        free(upload);
    } else if (!cancelled) {
        connection_uploaded(upload->request);
    }
}

size_t upload_parts(const struct upload *upload, const struct http_part **out)
{
    *out = upload->parts;
    return upload->count;
}

void upload_keep(struct upload *upload, size_t part)
{
    if (part >= upload->count || !upload->parts[part].path)
        http_bug("a part was kept that is not a file");
    upload->inner[part].keep = true;
}
