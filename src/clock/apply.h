/* The only writers of the clock's tables; one for each event kind. */
#ifndef YIMEN_CLOCK_APPLY_H
#define YIMEN_CLOCK_APPLY_H

#include "clock/commands.h"

typedef bool clock_apply(struct db *db, const struct entry_head *head, const void *body,
                         struct arena *arena, struct fault *why);

clock_apply apply_published, apply_in_force, apply_hours, apply_set, apply_paused, apply_resumed,
    apply_extended, apply_closed, apply_recounted, apply_rung_passed, apply_forgotten;

#endif
