/* For other modules' decisions: pure. */
#include "files/parts.h"

void files_emit(struct decision *decision, const struct upload *upload, struct text subject,
                struct text department)
{
    struct file_stored *body = arena_alloc(decision->arena, sizeof *body);
    *body = (struct file_stored){*upload, department};
    decision_emit(decision, &file_stored_kind, subject, body);
}
