/* For other modules' decisions: pure. */
#include "files/parts.h"

void files_emit(struct decision *decision, const struct upload *upload, struct text subject,
                struct text department, bool kept_back)
{
    struct file_stored *body = arena_alloc(decision->arena, sizeof *body);
    *body = (struct file_stored){*upload, department, kept_back};
    decision_emit(decision, &file_stored_kind, subject, body);
}

void files_hand_over(struct decision *decision, struct text subject, const struct list *hashes)
{
    struct file_handed_over *body = arena_alloc(decision->arena, sizeof *body);
    *body = (struct file_handed_over){*hashes};
    decision_emit(decision, &file_handed_over_kind, subject, body);
}

void files_forget(struct decision *decision, struct text subject)
{
    struct file_forgotten *body = arena_alloc(decision->arena, sizeof *body);
    *body = (struct file_forgotten){subject};
    decision_emit(decision, &file_forgotten_kind, subject, body);
}
