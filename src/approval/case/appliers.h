/* Inside the case: the functions that put events into its tables (apply.c). */
#ifndef YIMEN_APPROVAL_CASE_APPLIERS_H
#define YIMEN_APPROVAL_CASE_APPLIERS_H

#include "flow/module.h"

#define APPLIER(name)                                                                              \
    bool name(struct db *db, const struct entry_head *head, const void *body,                      \
              struct arena *arena, struct fault *why)
APPLIER(apply_drafted);
APPLIER(apply_applicant);
APPLIER(apply_matter);
APPLIER(apply_provided);
APPLIER(apply_submitted);
APPLIER(apply_received);
APPLIER(apply_checked);
APPLIER(apply_accepted);
APPLIER(apply_not_accepted);
APPLIER(apply_supplement);
APPLIER(apply_supplied);
APPLIER(apply_reviewed);
APPLIER(apply_returned);
APPLIER(apply_granted);
APPLIER(apply_refused);
APPLIER(apply_suspended);
APPLIER(apply_resumed);
APPLIER(apply_extended);
APPLIER(apply_forwarded);
APPLIER(apply_answered);
APPLIER(apply_issued);
APPLIER(apply_delivered);
APPLIER(apply_withdrawn);
APPLIER(apply_terminated);
APPLIER(apply_gap_closed);
APPLIER(apply_gap_lapsed);
APPLIER(apply_redated);

#endif
