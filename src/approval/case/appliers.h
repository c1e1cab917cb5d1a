/* Inside the case: the functions that put events into its tables (apply.c). */
#ifndef YIMEN_APPROVAL_CASE_APPLIERS_H
#define YIMEN_APPROVAL_CASE_APPLIERS_H

#include "flow/module.h"

#define APPLIER(name)                                                                              \
    bool name(struct db *db, const struct entry_head *head, const void *body,                      \
              struct arena *arena, struct fault *why)
APPLIER(case_apply_drafted);
APPLIER(case_apply_applicant);
APPLIER(case_apply_matter);
APPLIER(case_apply_provided);
APPLIER(case_apply_submitted);
APPLIER(case_apply_received);
APPLIER(case_apply_checked);
APPLIER(case_apply_accepted);
APPLIER(case_apply_not_accepted);
APPLIER(case_apply_supplement);
APPLIER(case_apply_supplied);
APPLIER(case_apply_reviewed);
APPLIER(case_apply_returned);
APPLIER(case_apply_granted);
APPLIER(case_apply_refused);
APPLIER(case_apply_suspended);
APPLIER(case_apply_resumed);
APPLIER(case_apply_extended);
APPLIER(case_apply_forwarded);
APPLIER(case_apply_answered);
APPLIER(case_apply_issued);
APPLIER(case_apply_delivered);
APPLIER(case_apply_withdrawn);
APPLIER(case_apply_terminated);
APPLIER(case_apply_gap_closed);
APPLIER(case_apply_gap_lapsed);
APPLIER(case_apply_redated);
APPLIER(case_apply_undone);
APPLIER(case_apply_erased);
APPLIER(case_enact_erased);

#endif
