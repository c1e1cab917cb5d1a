/* A file into the journal: read once to check all of it, once more to import. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "approval/history/counter.h"
#include "approval/history/history.h"
#include "approval/history/xes_rules.h"

enum { BATCH = 256 };

static const struct actor importer = {.name = {"importer", 8},
                                      .display = {"历史数据导入", 18},
                                      .roles = ROLE_IMPORTER};

struct survey {
    struct arena *arena;
    struct counter names;
    bool dated;
    int64_t latest_at; /* the latest moment of all */
};

static void survey_moment(struct survey *survey, int64_t at_ms)
{
    if (!survey->dated || at_ms > survey->latest_at)
        survey->latest_at = at_ms;
    survey->dated = true;
}

static bool event_moment(const struct xes_attribute *attributes, int64_t *at_ms)
{
    const struct xes_attribute *time = xes_find(attributes, TEXT("time:timestamp"));
    return time && time->type == XES_DATE && xes_instant(time->value, at_ms);
}

static bool survey_trace(void *context, const struct xes_attribute *attributes)
{
    const struct xes_attribute *start = xes_find(attributes, TEXT("startdate"));
    int64_t at_ms;
    if (start && start->type == XES_DATE && xes_instant(start->value, &at_ms))
        survey_moment(context, at_ms);
    return true;
}

static bool survey_event(void *context, const struct xes_attribute *attributes, bool loose)
{
    struct survey *survey = context;
    (void)loose;
    const struct xes_attribute *who = xes_find(attributes, TEXT("org:resource"));
    int64_t at_ms;
    if (event_moment(attributes, &at_ms))
        survey_moment(survey, at_ms);
    if (who && who->type == XES_STRING && who->value.len)
        counter_add(&survey->names, survey->arena, who->value);
    return true;
}

struct import {
    struct flow *flow;
    int64_t region;
    const struct history_options *options;
    struct history_result *result;
    struct fault *why;
    bool broken; /* by the machine, why says how */
    char file[64]; /* its hash in hex */
    int64_t total;
    int64_t log_at; /* of what has no time of its own; 0: live, at the flow's */

    struct arena *batch; /* commands that wait, and their answers */
    struct job jobs[BATCH];
    size_t waiting;

    int64_t case_no, event_no, loose_no;
    /* Read, but not yet a command: its moment may be that of its first event. */
    struct history_case *opened;
    bool dated;                  /* case_at is known: the latest moment of the case so far */
    int64_t case_at;
};

/* Sends what waits as one batch. False: refused or broken. */
static bool send(struct import *import)
{
    struct job *jobs[BATCH];
    struct history_result *result = import->result;
    for (size_t i = 0; i < import->waiting; i++)
        jobs[i] = &import->jobs[i];
    if (!flow_run(import->flow, jobs, import->waiting, import->why)) {
        import->broken = true;
        return false;
    }
    for (size_t i = 0; i < import->waiting; i++) {
        if (jobs[i]->end == JOB_REFUSED) {
            result->end = HISTORY_REFUSED;
            result->refusal = jobs[i]->refusal;
            return false;
        }
        if (jobs[i]->end != JOB_DONE) {
            import->broken = true;
            return fault_set(import->why, "%s", jobs[i]->fault.why);
        }
        result->commands++;
    }
    progress_tell(&import->options->progress, result->commands, import->total);
    return true;
}

static bool flush(struct import *import)
{
    bool good = import->waiting == 0 || send(import);
    import->waiting = 0;
    arena_reset(import->batch);
    return good;
}

/* Flow reads 0 as "now", so the very first millisecond of 1970 moves by one. */
static int64_t history_at(int64_t at_ms)
{
    return at_ms ? at_ms : 1;
}

/* One more command; its input lives in the batch's arena. */
static bool add(struct import *import, const struct command *command, void *input, int64_t at_ms,
                bool dated)
{
    int64_t number = import->result->commands + (int64_t)import->waiting;
    struct job *job = &import->jobs[import->waiting++];
    *job = (struct job){.command = command,
                        .region = import->region,
                        .actor = importer,
                        .input = input,
                        .arena = import->batch,
                        .at_ms = dated ? history_at(at_ms) : import->log_at,
                        .idempotency_key = text_format(import->batch, "%.*s:%lld",
                                                       (int)sizeof import->file, import->file,
                                                       (long long)number)};
    return import->waiting < BATCH || flush(import);
}

/* The log goes alone, since its number comes from the index it gets. */
static bool import_log(void *context, const struct xes_log *read)
{
    struct import *import = context;
    struct history_log *log = arena_alloc(import->batch, sizeof *log);
    struct buf header = {.arena = import->batch};
    xes_log_json(read, &header);
    *log = (struct history_log){{import->file, sizeof import->file}, buf_done(&header)};
    if (!add(import, &history_log_command, log, 0, false) || !send(import))
        return false;
    import->result->log_id = import->jobs[0].index + 1;
    import->waiting = 0;
    arena_reset(import->batch);
    return true;
}

static bool import_trace(void *context, const struct xes_attribute *attributes)
{
    struct import *import = context;
    struct history_case *opened = arena_alloc(import->batch, sizeof *opened);
    history_case_from(attributes, import->batch, opened);
    opened->log_id = import->result->log_id;
    opened->case_no = ++import->case_no;
    import->event_no = 0;
    import->opened = opened;
    import->case_at = 0;
    import->dated = xes_instant(opened->startdate, &import->case_at);
    return true;
}

/* The case as a command, at its start, else at its first dated event, else at the log's time. */
static bool open_case(struct import *import)
{
    struct history_case *opened = import->opened;
    import->opened = NULL;
    return !opened ||
           add(import, &history_case_command, opened, import->case_at, import->dated);
}

static bool import_event(void *context, const struct xes_attribute *attributes, bool loose)
{
    struct import *import = context;
    int64_t at_ms = 0;
    bool dated = event_moment(attributes, &at_ms);
    if (dated && !import->dated) {
        import->case_at = at_ms;
        import->dated = true;
    }
    if (!open_case(import))
        return false;
    struct history_event *event = arena_alloc(import->batch, sizeof *event);
    history_event_from(attributes, import->batch, event);
    event->log_id = import->result->log_id;
    event->case_no = loose ? 0 : import->case_no;
    event->event_no = loose ? ++import->loose_no : ++import->event_no;
    if (dated)
        import->case_at = at_ms; /* and an event without time happened when the one before it did */
    return add(import, &history_event_command, event, import->case_at, import->dated);
}

static bool import_trace_end(void *context)
{
    return open_case(context); /* a case without events */
}

static bool import_all(struct import *import, int fd)
{
    const struct xes_handler handler = {import, import_log, import_trace, import_trace_end,
                                        import_event};
    struct history_result *result = import->result;
    struct xes_found again;
    struct xes_error error;
    bool good = xes_read_file(fd, import->options->limits, &handler, &again, &error) &&
                flush(import);
    if (import->broken)
        return false;
    if (result->end == HISTORY_REFUSED)
        return true;
    if (!good || !hash_equal(&again.file, &result->found.file))
        return fault_set(import->why, "the file changed while it was imported");
    return true;
}

static int64_t time_of_log(const struct import *import, const struct survey *survey)
{
    int64_t at_ms = survey->dated ? history_at(survey->latest_at) : 0;
    int64_t live_at = flow_live_at(import->flow, import->region);
    return at_ms && at_ms < live_at ? live_at : at_ms;
}

static bool import_open(struct import *import, int fd)
{
    const struct history_options *options = import->options;
    struct history_result *result = import->result;
    struct survey survey = {.arena = arena_new(16 * 1024)};
    const struct xes_handler handler = {
        .context = &survey, .trace = survey_trace, .event = survey_event};
    bool good = true;
    if (!xes_read_file(fd, options->limits, &handler, &result->found, &result->error)) {
        result->end = HISTORY_WRONG;
    } else if (options->resources) {
        struct text *names = arena_array(survey.arena, survey.names.count, sizeof *names);
        for (size_t i = 0; i < survey.names.count; i++)
            names[i] = survey.names.items[i].key;
        good = options->resources(options->context, &(struct list){names, survey.names.count},
                                  time_of_log(import, &survey), import->why);
    }
    import->log_at = time_of_log(import, &survey);
    arena_free(survey.arena);
    if (!good || result->end == HISTORY_WRONG)
        return good;
    memcpy(import->file, hash_hex(import->batch, &result->found.file).at, sizeof import->file);
    const struct xes_found *found = &result->found;
    import->total = 1 + found->traces + found->events + found->loose_events;
    int64_t before = flow_figures(import->flow).entries;
    good = import_all(import, fd);
    result->entries = flow_figures(import->flow).entries - before;
    return good;
}

bool history_import(struct flow *flow, int64_t region, const char *path,
                    const struct history_options *options, struct history_result *result,
                    struct fault *why)
{
    static const struct history_options plain = {0};
    struct import import = {.flow = flow,
                            .region = region,
                            .options = options ? options : &plain,
                            .result = result,
                            .why = why};
    *result = (struct history_result){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0) { /* read twice: no pipe */
        result->end = HISTORY_WRONG;
        xes_say(&result->error, XES_UNREADABLE, 0, TEXT(""), TEXT(""));
        if (fd >= 0)
            close(fd);
        return true;
    }
    import.batch = arena_new(256 * 1024);
    bool good = import_open(&import, fd);
    arena_free(import.batch);
    close(fd);
    return good;
}
