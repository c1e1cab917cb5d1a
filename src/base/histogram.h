/* Counts of values by size, added to from any thread. Bounds are a constant list of the caller's, in
 * rising order; what is above the last one is counted behind them. */
#ifndef YIMEN_BASE_HISTOGRAM_H
#define YIMEN_BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_MOST 15 /* bounds */

struct histogram {
    /* Of values up to that bound and above the one before it. */
    _Atomic int64_t counts[HISTOGRAM_MOST + 1];
    _Atomic int64_t sum;
};

static inline void histogram_add(struct histogram *histogram, const int64_t *bounds, size_t count,
                                 int64_t value)
{
    size_t at = 0;
    while (at < count && value > bounds[at])
        at++;
    atomic_fetch_add_explicit(&histogram->counts[at], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum, value, memory_order_relaxed);
}

#endif
