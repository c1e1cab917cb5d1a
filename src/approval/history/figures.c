#include "approval/history/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "approval/history/counter.h"

struct figures {
    struct arena *arena;
    struct counter activities, resources, variants, edges, starts, ends;
    struct {
        struct text key, value;
    } *meta;
    size_t meta_count;
    int64_t cases, events, loose_events;
    int64_t with_deadline, with_end_date, late, on_time;
    int64_t *durations;
    size_t duration_count, duration_room;
    /* the case at hand */
    uint32_t *steps; /* activities by index */
    size_t step_count, step_room;
    bool has_time;
    int64_t first_at, last_at;
};

struct figures *figures_new(struct arena *arena)
{
    struct figures *figures = arena_alloc(arena, sizeof *figures);
    figures->arena = arena;
    return figures;
}

static struct text bytes_of(const void *at, size_t size)
{
    return (struct text){at, size};
}

void figures_case(struct figures *figures, const struct figures_case *begun)
{
    figures->cases++;
    figures->step_count = 0;
    figures->has_time = false;
    if (!begun->has_deadline)
        return;
    figures->with_deadline++;
    figures->with_end_date += begun->has_end;
    figures->late += begun->has_end && begun->end_at > begun->deadline_at;
    figures->on_time += begun->has_end && begun->end_at <= begun->deadline_at;
}

void figures_event(struct figures *figures, struct text activity, struct text resource,
                   bool has_time, int64_t at_ms)
{
    struct arena *arena = figures->arena;
    figures->events++;
    uint32_t step = counter_add(&figures->activities, arena, activity);
    if (resource.len)
        counter_add(&figures->resources, arena, resource);
    if (figures->step_count) {
        uint32_t edge[2] = {figures->steps[figures->step_count - 1], step};
        counter_add(&figures->edges, arena, bytes_of(edge, sizeof edge));
    }
    figures->steps = counter_room(arena, figures->steps, figures->step_count, &figures->step_room,
                          sizeof *figures->steps);
    figures->steps[figures->step_count++] = step;
    if (!has_time)
        return;
    if (!figures->has_time || at_ms < figures->first_at)
        figures->first_at = at_ms;
    if (!figures->has_time || at_ms > figures->last_at)
        figures->last_at = at_ms;
    figures->has_time = true;
}

void figures_case_end(struct figures *figures)
{
    struct arena *arena = figures->arena;
    size_t count = figures->step_count;
    counter_add(&figures->variants, arena, bytes_of(figures->steps, count * sizeof *figures->steps));
    if (count) {
        counter_add(&figures->starts, arena, figures->activities.items[figures->steps[0]].key);
        counter_add(&figures->ends, arena, figures->activities.items[figures->steps[count - 1]].key);
    }
    if (!figures->has_time)
        return;
    figures->durations = counter_room(arena, figures->durations, figures->duration_count,
                              &figures->duration_room, sizeof *figures->durations);
    figures->durations[figures->duration_count++] = figures->last_at - figures->first_at;
}

void figures_loose_event(struct figures *figures)
{
    figures->loose_events++;
}

void figures_meta(struct figures *figures, struct text key, struct text value)
{
    size_t count = figures->meta_count, size = sizeof *figures->meta;
    figures->meta = arena_grow(figures->arena, figures->meta, count * size, (count + 1) * size);
    figures->meta[count].key = text_copy(figures->arena, key);
    figures->meta[count].value = text_copy(figures->arena, value);
    figures->meta_count++;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The sum is exact in 128 bits; the spread is taken around the mean, in long double. The median of
 * an even number is the middle of two, taken in seconds. */
static struct figures_durations durations_of(struct figures *figures)
{
    struct figures_durations out = {.count = (int64_t)figures->duration_count};
    size_t n = figures->duration_count;
    const int64_t *ms = figures->durations;
    if (n == 0)
        return out;
    qsort(figures->durations, n, sizeof *figures->durations, by_number);
    __int128 sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += ms[i];
    long double mean = (long double)sum / (long double)n, squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += ((long double)ms[i] - mean) * ((long double)ms[i] - mean);
    out.mean = (double)(mean / 1000);
    size_t low = (n - 1) / 2, high = n / 2;
    out.median = ((double)ms[low] / 1000 + (double)ms[high] / 1000) / 2;
    out.max = (double)ms[n - 1] / 1000;
    out.min = (double)ms[0] / 1000;
    out.pstdev = (double)(sqrtl(squares / (long double)n) / 1000);
    return out;
}

struct figures_totals figures_totals(struct figures *figures)
{
    return (struct figures_totals){
        .cases = figures->cases,
        .events = figures->events,
        .loose_events = figures->loose_events,
        .activities = (int64_t)figures->activities.count,
        .resources = (int64_t)figures->resources.count,
        .variants = (int64_t)figures->variants.count,
        .dfg_edges = (int64_t)figures->edges.count,
        .with_deadline = figures->with_deadline,
        .with_end_date = figures->with_end_date,
        .late = figures->late,
        .on_time = figures->on_time,
        .open = figures->with_deadline - figures->with_end_date,
        .duration = durations_of(figures),
    };
}

/* A count with its one or two names, for sorting. seen: the order of first sight. */
struct ranked {
    int64_t count;
    size_t seen;
    struct text from, to;
};

static int by_count(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    int order = text_order(x->from, y->from);
    if (order == 0)
        order = text_order(x->to, y->to);
    return order ? order : (x->seen > y->seen) - (x->seen < y->seen);
}

static struct ranked *rank(struct arena *arena, const struct counter *counter)
{
    struct ranked *ranked = arena_array(arena, counter->count + 1, sizeof *ranked);
    for (size_t i = 0; i < counter->count; i++)
        ranked[i] = (struct ranked){counter->items[i].count, i, TEXT(""), TEXT("")};
    return ranked;
}

/* {"name":count, …}, largest first, equal ones as first seen. */
static void write_counts(struct figures *figures, const struct counter *counter, struct buf *out)
{
    struct ranked *ranked = rank(figures->arena, counter);
    qsort(ranked, counter->count, sizeof *ranked, by_count);
    buf_char(out, '{');
    for (size_t i = 0; i < counter->count; i++) {
        if (i)
            buf_char(out, ',');
        buf_json(out, counter->items[ranked[i].seen].key);
        buf_char(out, ':');
        buf_int(out, ranked[i].count);
    }
    buf_char(out, '}');
}

static void write_variants(struct figures *figures, struct buf *out)
{
    struct ranked *ranked = rank(figures->arena, &figures->variants);
    qsort(ranked, figures->variants.count, sizeof *ranked, by_count);
    buf_char(out, '[');
    for (size_t i = 0; i < 5 && i < figures->variants.count; i++) {
        if (i)
            buf_char(out, ',');
        buf_int(out, ranked[i].count);
    }
    buf_char(out, ']');
}

static void write_edges(struct figures *figures, struct buf *out)
{
    const struct counter *edges = &figures->edges;
    struct ranked *ranked = rank(figures->arena, edges);
    for (size_t i = 0; i < edges->count; i++) {
        uint32_t edge[2];
        memcpy(edge, edges->items[i].key.at, sizeof edge);
        ranked[i].from = figures->activities.items[edge[0]].key;
        ranked[i].to = figures->activities.items[edge[1]].key;
    }
    qsort(ranked, edges->count, sizeof *ranked, by_count);
    buf_char(out, '[');
    for (size_t i = 0; i < 10 && i < edges->count; i++) {
        buf_str(out, i ? ",[" : "[");
        buf_json(out, ranked[i].from);
        buf_char(out, ',');
        buf_json(out, ranked[i].to);
        buf_format(out, ",%lld]", (long long)ranked[i].count);
    }
    buf_char(out, ']');
}

/* The shortest decimal that reads back as the same double, always with a point or an exponent. */
static void write_seconds(struct buf *out, const char *name, double seconds, bool known)
{
    char digits[40] = "null";
    for (int precision = 1; known && precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, seconds);
        if (strtod(digits, NULL) == seconds && !strchr(digits, 'e'))
            break;
    }
    buf_format(out, "\"%s\":%s%s", name, digits, !known || strpbrk(digits, ".e") ? "" : ".0");
}

static void write_durations(const struct figures_durations *duration, struct buf *out)
{
    bool known = duration->count > 0;
    write_seconds(out, "mean", duration->mean, known);
    buf_char(out, ',');
    write_seconds(out, "median", duration->median, known);
    buf_char(out, ',');
    write_seconds(out, "max", duration->max, known);
    buf_char(out, ',');
    write_seconds(out, "min", duration->min, known);
    buf_char(out, ',');
    write_seconds(out, "pstdev", duration->pstdev, known);
}

void figures_json(struct figures *figures, struct buf *out)
{
    struct figures_totals totals = figures_totals(figures);
    buf_format(out,
               "{\"cases\":%lld,\"events\":%lld,\"activities\":%lld,\"resources\":%lld,"
               "\"variants\":%lld,\"top_variant_counts\":",
               (long long)totals.cases, (long long)totals.events, (long long)totals.activities,
               (long long)totals.resources, (long long)totals.variants);
    write_variants(figures, out);
    buf_format(out, ",\"dfg_edges\":%lld,\"top_dfg\":", (long long)totals.dfg_edges);
    write_edges(figures, out);
    buf_str(out, ",\"start\":");
    write_counts(figures, &figures->starts, out);
    buf_str(out, ",\"end\":");
    write_counts(figures, &figures->ends, out);
    buf_str(out, ",\"activity_counts\":");
    write_counts(figures, &figures->activities, out);
    buf_str(out, ",\"duration_seconds\":{");
    write_durations(&totals.duration, out);
    buf_str(out, "},\"embedded_meta\":{");
    for (size_t i = 0; i < figures->meta_count; i++) {
        if (i)
            buf_char(out, ',');
        buf_json(out, figures->meta[i].key);
        buf_char(out, ':');
        buf_json(out, figures->meta[i].value);
    }
    buf_char(out, '}');
    if (totals.with_deadline)
        buf_format(out,
                   ",\"deadline_split\":{\"with_end_date\":%lld,\"late\":%lld,\"on_time\":%lld,"
                   "\"open\":%lld}",
                   (long long)totals.with_end_date, (long long)totals.late,
                   (long long)totals.on_time, (long long)totals.open);
    if (totals.loose_events)
        buf_format(out, ",\"events_without_case\":%lld", (long long)totals.loose_events);
    buf_char(out, '}');
}
