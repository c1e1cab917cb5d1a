/* A fault is bad news from the machine or from a bug: it goes to the log with its cause, and the
 * person only hears that something broke. Expected answers are refusals (base/refusal.h). */
#ifndef YIMEN_BASE_FAULT_H
#define YIMEN_BASE_FAULT_H

#include <stdbool.h>

struct fault {
    char why[400]; /* one line for the log; empty while all is well */
};

/* Writes the cause, keeps an earlier one, and returns false, so that a function can end with
 * `return fault_set(why, "…")`. why may be NULL. */
bool fault_set(struct fault *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
