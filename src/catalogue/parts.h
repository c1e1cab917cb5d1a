/* What the catalogue's own files share. */
#ifndef YIMEN_CATALOGUE_PARTS_H
#define YIMEN_CATALOGUE_PARTS_H

#include "catalogue/catalogue.h"

/* An item is no longer offered after last_date; cases under way keep their version. */
struct item_withdrawal {
    struct text item_code;
    int64_t last_date;
    struct text reason;
    struct text basis;     /* number of the document that asks for it (依据文号) */
    struct text notice_no; /* of the public notice (事项取消公告), set by the house */
};
extern const struct shape item_withdrawal_shape;

/* A withdrawal with what the journal knows of it. */
struct announced {
    int64_t withdrawal_id; /* the index of its entry */
    int64_t announced_at;
    struct item_withdrawal withdrawal;
};

/* What publishing answers. */
struct item_published {
    struct text item_code;
    int64_t version;
};
extern const struct shape item_published_shape;

extern const struct event_kind region_set;
extern const struct event_kind department_defined;
extern const struct event_kind place_defined;
extern const struct event_kind item_published;
extern const struct event_kind item_withdrawn;

enum refusal region_set_decide(const void *facts, const void *input,
                               const struct context *context, struct decision *out);
enum refusal department_define_decide(const void *facts, const void *input,
                                      const struct context *context, struct decision *out);
enum refusal place_define_decide(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);
enum refusal item_publish_decide(const void *facts, const void *input,
                                 const struct context *context, struct decision *out);
enum refusal item_withdraw_decide(const void *facts, const void *input,
                                  const struct context *context, struct decision *out);

/* One version with what happened to it since. */
struct version {
    struct item item;
    int64_t withdrawn_after; /* date; 0: not withdrawn */
    int64_t published_at;
};

struct search_index;

struct catalogue {
    struct region region;
    bool has_region;
    struct version *versions; /* by code, then version */
    size_t version_count;
    struct announced *withdrawals; /* oldest first */
    size_t withdrawal_count;
    struct department *departments; /* by code */
    size_t department_count;
    struct place *places; /* by code */
    size_t place_count;
    const struct search_index *index; /* of the versions: search.h */
};

/* Whether the actor is of that department, or an administrator, or the command line: whose items one
 * may write, publish and withdraw. */
bool catalogue_own(const struct actor *actor, struct text department);
/* The withdrawal after whose last date a version of the item is gone, NULL: there is none. */
const struct announced *catalogue_withdrawal(const struct catalogue *catalogue, struct text code,
                                             int64_t last_date);

/* The standing hook: every department, place and item version of a region. */
bool catalogue_load(struct db_read *db, int64_t region, struct arena *arena, void **facts,
                    struct fault *why);
/* The names hook. */
struct list catalogue_names(const void *facts, enum naming what, int64_t now_ms,
                            struct arena *arena);
/* The first version of a code; *count gets how many there are. NULL if none. */
const struct version *catalogue_versions(const struct catalogue *catalogue, struct text code,
                                         size_t *count);

/* Today's name of a department; its code where there is none. */
struct text department_name_today(const struct catalogue *catalogue, struct text code,
                                  int64_t now_ms);
/* How many items each department offers today, beside the departments. */
int64_t *catalogue_offers(const struct catalogue *catalogue, const struct look_context *context);

extern const struct look items_look;
extern const struct look item_look;
extern const struct look departments_look;
extern const struct look places_look;
extern const struct look withdrawals_look;
extern const struct look withdrawal_look;

#endif
