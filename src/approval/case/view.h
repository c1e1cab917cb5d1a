/* Inside the case: the looks and what their files share. */
#ifndef YIMEN_APPROVAL_CASE_VIEW_H
#define YIMEN_APPROVAL_CASE_VIEW_H

#include "approval/case/pages.h"

/* Queries. */
struct case_ask { /* both may be empty: the form is shown */
    struct text case_no;
    struct text query_code;
};
struct case_material_key {
    struct text case_no;
    struct text query_code;
    struct text code; /* only in the address of one material */
    int64_t before;   /* only of the looks at it: the entry before which a page begins */
};
struct desk_ask {
    int64_t after_due; /* the row after which a page begins */
    int64_t after_id;
    int64_t before_due; /* or the one before which it ends */
    int64_t before_id;
    struct text case_no;
    int64_t state;
};

struct new_ask {
    struct text after; /* code of the last item of the page before */
};

#define LOOK(name)                                                                                 \
    enum refusal name(const struct look_context *context, const void *query, void *out,            \
                      struct fault *why)
LOOK(case_look_apply);
LOOK(case_look_my);
enum key_told case_my_told(const void *page);
LOOK(case_look_my_case);
LOOK(case_look_my_material);
LOOK(case_look_my_looks);
LOOK(case_look_staff_case);
LOOK(case_look_reason);
/* The page of one command about a case. */
enum refusal case_look_action(const struct look_context *context, const void *query, void *out,
                              struct fault *why, const struct command *command);
LOOK(case_look_desk);
LOOK(case_look_cases);
/* The page after this one, for the desk and for the search. */
bool case_desk_onward(const void *page, void *query);
bool case_list_onward(const void *page, void *query);
bool case_new_onward(const void *page, void *query);
bool case_my_looks_onward(const void *page, void *query);
LOOK(case_look_new);

/* history.c. staff: with names, and with what only concerns the house. whole: who looks may see the
 * person, and what was written about the case. materials: struct case_material, for their names. */
bool case_show_history(const struct look_context *context, struct case_page *page,
                       const struct list *materials, bool staff, bool whole, struct fault *why);
/* Up to this moment what falls due is yellow: before the working day that comes after as many as the
 * region's reminder is sent ahead (usually one). */
int64_t case_yellow_until(const struct look_context *context);
/* Red when passed, yellow up to case_yellow_until, else green; grey without a clock. */
void case_light_of(const struct look_context *context, int64_t due_date, int64_t due_at, int64_t *light,
              struct text *said, int64_t *left);
/* What the light says of a case in that state on which no deadline runs. */
struct text case_unclocked_said(int64_t state);
/* actions.c. What this actor may do with the case as it stands: struct action_view, the step that is
 * expected first. gap_waits: a deferred paper waits for the window (case_gap_waits). in_order: no paper
 * stands in the way of acceptance (case_material_in_order), so that accepting is what comes next. */
struct list case_actions(const struct case_asked *asked, bool gap_waits, bool in_order,
                         struct arena *arena);
/* Somebody of these roles takes the next step in this state. */
bool case_waits_for(int64_t state, int64_t roles);
/* What is to be done next in a state, in a word; "" if nothing. */
const char *case_next_step(int64_t state);
/* Where somebody of these roles does it; "" if it is for others. */
struct text case_next_path(const struct case_file *file, int64_t roles, struct arena *arena);
/* What an event of the case means, in a sentence. body is the event's, at least its public part. */
struct text case_told(const struct event_kind *kind, const void *body, struct arena *arena);
struct text case_mask_applicant(const struct case_file *file, struct arena *arena);
/* A person's number without its middle, an organisation's as it is: that one is public. */
struct text case_mask_id(const struct case_file *file, struct arena *arena);
#endif
