#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "http/inside.h"

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t some;
    struct job *first, *last;
    int waiting;
    bool ending;
    int count;
    pthread_t threads[];
};

static void *pool_run(void *with)
{
    struct pool *pool = with;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->first && !pool->ending)
            pthread_cond_wait(&pool->some, &pool->lock);
        struct job *job = pool->first;
        if (!job)
            break;
        pool->first = job->next;
        pool->waiting--;
        pthread_mutex_unlock(&pool->lock);
        job->run(job);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct pool *pool_new(int threads, struct fault *why)
{
    struct pool *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof *pool->threads);
    if (!pool) {
        fault_set(why, "no memory for helper threads");
        return NULL;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->some, NULL);
    for (; pool->count < threads; pool->count++) {
        int failed = pthread_create(&pool->threads[pool->count], NULL, pool_run, pool);
        if (failed) {
            fault_set(why, "cannot start a helper thread: %s", strerror(failed));
            pool_free(pool);
            return NULL;
        }
    }
    return pool;
}

bool pool_offer(struct pool *pool, struct job *job, int most)
{
    job->next = NULL;
    pthread_mutex_lock(&pool->lock);
    bool taken = pool->waiting < most;
    if (taken) {
        if (pool->first)
            pool->last->next = job;
        else
            pool->first = job;
        pool->last = job;
        pool->waiting++;
        pthread_cond_signal(&pool->some);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

void pool_submit(struct pool *pool, struct job *job)
{
    pool_offer(pool, job, INT_MAX);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->some);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->count; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->some);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static void work_run(struct job *job)
{
    struct http_request *request =
        (struct http_request *)((char *)job - offsetof(struct http_request, job));
    request->work(request->with);
    http_wake(request);
}

void http_work(struct http_request *request, void (*work)(void *with),
               void (*resume)(struct http_request *request, void *with), void *with)
{
    http_park(request, resume, with);
    request->work = work;
    request->job.run = work_run;
    pool_submit(request->loop->server->helpers, &request->job);
}

static bool offer(struct pool *pool, struct http_request *request, void (*work)(void *with),
                  void (*resume)(struct http_request *request, void *with), void *with)
{
    request->work = work;
    request->with = with;
    request->job.run = work_run;
    /* Parked first: the work may have ended before this returns. */
    http_park(request, resume, with);
    if (pool_offer(pool, &request->job, request->loop->server->options.hard_line))
        return true;
    http_unpark(request);
    return false;
}

bool http_work_hard(struct http_request *request, void (*work)(void *with),
                    void (*resume)(struct http_request *request, void *with), void *with)
{
    return offer(request->loop->server->hard, request, work, resume, with);
}

bool http_work_outside(struct http_request *request, void (*work)(void *with),
                       void (*resume)(struct http_request *request, void *with), void *with)
{
    return offer(request->loop->server->outside, request, work, resume, with);
}
