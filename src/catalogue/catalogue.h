/* What the house offers and where: the region, its departments, its places from the centre down to
 * a window, and the items (事项) with all that an applicant and a clerk must know of them.
 *
 * A published version of an item never changes: publishing again makes the next version, and a case
 * keeps the version it was accepted under. The elements follow the national exchange tables of
 * service items (GB/T 39554.2); codes follow GB/T 39554.1 where they are national. */
#ifndef YIMEN_CATALOGUE_CATALOGUE_H
#define YIMEN_CATALOGUE_CATALOGUE_H

#include "base/shape.h"
#include "base/text.h"
#include "flow/module.h"

/* Where a stated fact comes from. A limit marked law has its law and article beside it; what a list
 * of items (政务服务事项目录) says is marked catalogue. */
enum source {
    SOURCE_NONE,
    SOURCE_LAW,
    SOURCE_REPORT,
    SOURCE_STATISTICS,
    SOURCE_EXAMPLE,
    SOURCE_CATALOGUE,
};
extern const struct word source_words[]; /* law, report, statistics, example, catalogue */

/* 办件类型: on the spot, by promise, by several departments together. */
enum case_kind { CASE_KIND_NONE, CASE_ON_SPOT, CASE_PROMISED, CASE_JOINT };
extern const struct word case_kind_words[]; /* on_spot, promised, joint */

/* Working days and calendar days are different things (行政许可法 article 82). */
enum day_unit { DAYS_NONE, DAYS_WORKING, DAYS_CALENDAR };
extern const struct word day_unit_words[]; /* none, working, calendar */

/* 事项类型, the kinds applied for. */
enum item_type {
    ITEM_NONE,
    ITEM_PERMIT,       /* 01 行政许可 */
    ITEM_PAYMENT,      /* 05 行政给付 */
    ITEM_CONFIRMATION, /* 07 行政确认 */
    ITEM_REWARD,       /* 08 行政奖励 */
    ITEM_RULING,       /* 09 行政裁决 */
    ITEM_OTHER,        /* 10 其他行政权力 */
    ITEM_PUBLIC,       /* 20 公共服务 */
};
extern const struct word item_type_words[];

enum material_form { FORM_NONE, FORM_ORIGINAL, FORM_COPY, FORM_ORIGINAL_AND_COPY, FORM_ELECTRONIC };
extern const struct word material_form_words[]; /* original, copy, original_and_copy, electronic */

/* Who a paper comes from. */
enum issuer { ISSUER_NONE, ISSUER_APPLICANT, ISSUER_GOVERNMENT, ISSUER_OTHER };
extern const struct word issuer_words[]; /* applicant, government, other */

/* 特别程序 that stop the clock (行政许可法 article 45), in the order the article names them. */
enum special_kind {
    SPECIAL_NONE,
    SPECIAL_HEARING,
    SPECIAL_TENDER,
    SPECIAL_AUCTION,
    SPECIAL_INSPECTION, /* 检验 */
    SPECIAL_TESTING,    /* 检测 */
    SPECIAL_QUARANTINE,
    SPECIAL_APPRAISAL, /* 鉴定 */
    SPECIAL_EXPERTS,   /* 专家评审 */
};
extern const struct word special_kind_words[];

/* What an application of an item is measured by, so that the limits of a chief approver's letter
 * (授权书) can be held against it. */
enum measure_kind { MEASURE_NONE, MEASURE_AMOUNT, MEASURE_AREA };
extern const struct word measure_kind_words[]; /* amount (fen), area (m²) */

/* 服务对象, names as used in item.objects: natural_person, enterprise, public_institution,
 * social_organisation, unincorporated, government, other. */
extern const struct word object_words[];

/* A legal basis: 《中华人民共和国行政许可法》 第四十二条. */
struct law {
    struct text name;
    struct text article;
    struct text words; /* the article's own words, or empty */
};
extern const struct shape law_shape;

struct material {
    struct text code; /* unique within the item: "m1" */
    struct text name;
    bool required;
    bool deferrable;    /* 容缺: may be handed in later against a written promise */
    int64_t defer_days; /* working days; only with deferrable, never over the promised limit */
    int64_t form;       /* enum material_form */
    int64_t copies;     /* how many; 0: one */
    int64_t issuer;     /* enum issuer */
    struct text issuer_name; /* "市公安局" */
    struct text basis;       /* law and article that ask for it */
    struct text standard;    /* what is looked at when it is checked */
    struct text fill_hint;
};
extern const struct shape material_shape;

/* One that the applicant states with the matter; an item has at most one of a kind. */
struct measure {
    int64_t kind;     /* enum measure_kind */
    struct text name; /* what of: "分割前宗地面积", "工程合同价" */
    bool required;    /* not to be handed in without; else whoever is limited cannot decide without */
};
extern const struct shape measure_shape;

struct fee {
    struct text code;
    struct text name;
    int64_t amount_fen; /* 0: by the standard's words */
    struct text unit;   /* "件", "平方米" */
    struct text standard;
    struct text basis;
    bool reducible;
    struct text reduction; /* to whom and how */
};
extern const struct shape fee_shape;

struct result {
    struct text code;
    struct text name;
    int64_t kind; /* enum result_kind */
    struct text validity;
};
enum result_kind { RESULT_NONE, RESULT_CERTIFICATE, RESULT_APPROVAL, RESULT_FILING, RESULT_PAYMENT };
extern const struct word result_kind_words[]; /* certificate, approval, filing, payment */
extern const struct shape result_shape;

struct special {
    int64_t kind;         /* enum special_kind */
    int64_t planned_days; /* working days, as told to the applicant; 0: fixed in each case */
    struct text basis;
};
extern const struct shape special_shape;

struct flow_step {
    struct text name;
    struct text handler;
    int64_t days;
    int64_t unit; /* enum day_unit */
    struct text outcome;
};
extern const struct shape flow_step_shape;

struct answered {
    struct text question;
    struct text answer;
};
extern const struct shape answered_shape;

struct item {
    struct text code;          /* stable local code, "330482011001" */
    struct text national_code; /* 基本编码 or the province's base code, or empty */
    struct text task_code;     /* 实施编码, as written: see catalogue/national.h */
    struct text organ_code;    /* of the body that carries it out: GB 32100, older ones GB 11714 */
    int64_t version;           /* from 1; set by the house when it is published */
    struct text name;
    struct text short_name;
    struct text department; /* code */
    /* Known from a list only: name, codes, type. Conditions, papers and limits are not stated, so
     * nobody can apply until the department completes it in its next version. */
    bool guide_only;
    int64_t type;           /* enum item_type */
    int64_t case_kind;      /* enum case_kind */
    struct text theme;      /* heading under which people look for it */
    struct list keywords;   /* texts (俗称): what people call it, to find it by: "过户", "开店" */
    struct list objects;    /* texts: names of object_words */
    struct list laws;       /* struct law, at least one unless guide_only */
    struct list conditions; /* texts */
    struct list materials;  /* struct material */
    struct list measures;   /* struct measure */

    int64_t statutory_days; /* 0 with DAYS_NONE: no statutory limit */
    int64_t statutory_unit; /* enum day_unit */
    int64_t statutory_source;
    struct text statutory_basis; /* law and article; must be there when the source is law */
    int64_t promised_days;
    int64_t promised_unit;
    int64_t promised_source;
    /* Working days from decision to delivery; 0: what the region sets (行政许可法 44: 10). */
    int64_t deliver_days;

    bool has_fee;
    struct list fees;     /* struct fee */
    struct list results;  /* struct result, at least one unless guide_only */
    struct list specials; /* struct special: those that may happen */
    struct list steps;    /* struct flow_step */
    struct list answers;  /* struct answered */
    struct list joins;    /* texts: codes of the other departments of a joint item */

    bool in_centre; /* 进驻 */
    bool can_accept;
    bool can_decide;            /* decided at the window, by full delegation */
    bool one_review_one_verify; /* 一审一核 */
    bool needs_site_visit;
    bool online;         /* may be applied for on the web */
    bool appointment;    /* may be booked */
    bool express;        /* the result may be sent by post */
    bool commitment;     /* 告知承诺 is offered */
    bool default_consent; /* 超时默许 between departments in joint handling */
    int64_t visits;       /* how often the applicant must come */
    struct list places;   /* texts: codes of the places that take it */
    struct text group;    /* window group, for the queue */

    struct text accept_note; /* printed on the acceptance notice */
    struct text remedy;      /* how to ask for review or sue, where it differs from item_remedy */
    struct text consult;     /* phone */
    struct text complain;    /* phone */
    struct text notes;
    int64_t valid_from; /* date; 0: always */
    int64_t valid_to;   /* last date on which it is offered; 0: open */
    int64_t source;     /* of everything that has no mark of its own */
};
extern const struct shape item_shape;

/* The days on which a department bore a name. */
struct department_name {
    struct text name;
    struct text short_name;
    int64_t valid_from;
    int64_t valid_to; /* last day; 0: still */
    int64_t source;
};
extern const struct shape department_name_shape;

struct department {
    struct text code; /* stable through changes of name */
    struct text uscc; /* GB 32100, or empty (before 2015-10-01 there were none) */
    struct list names; /* struct department_name, oldest first */
    struct text successor; /* code of the department that took over after valid_to */
    int64_t valid_from;
    int64_t valid_to;
    bool in_centre;   /* has moved into the centre */
    bool unit_merged; /* its permits are with one internal unit */
    struct text unit; /* 行政审批科 */
    struct text phone;
    int64_t source;
};
extern const struct shape department_shape;

enum place_kind {
    PLACE_NONE,
    PLACE_CENTRE,
    PLACE_SUB_CENTRE,
    PLACE_TOWN_CENTRE,      /* 便民服务中心 of a town or subdistrict */
    PLACE_VILLAGE_STATION,  /* 便民服务站 */
    PLACE_HALL,
    PLACE_WINDOW,
    PLACE_POST,
};
extern const struct word place_kind_words[];

struct place {
    struct text code;
    struct text name;
    int64_t kind;       /* enum place_kind */
    struct text parent; /* code; empty for the centre */
    struct text division;      /* GB/T 2260 / statistics code of its town or village */
    struct text division_name; /* "当湖街道", "水洞埭社区居委会" */
    struct text address;
    struct text phone;
    struct text hours;       /* code of its opening hours; empty: its parent's */
    struct list departments; /* texts: codes of those that work there (windows) */
    struct text group;       /* window group */
    struct text letter;      /* of its queue tickets */
    struct text post_a;      /* account names of a post's holder and stand-in (AB岗) */
    struct text post_b;
    int64_t source;
};
extern const struct shape place_shape;

/* One thing of the region that can be set, with the mark of where its value comes from. */
struct setting {
    struct text name;
    struct text value;
    struct text note;
    int64_t source;
};
extern const struct shape setting_shape;

struct region {
    int64_t code; /* GB/T 2260, six digits */
    struct text name;
    struct text city;
    struct text province;
    struct text centre; /* name of the centre */
    struct text phone;
    struct list hosts;    /* texts: host names that mean this region */
    struct text zone;     /* "Asia/Shanghai" */
    struct list settings; /* struct setting */
    int64_t source;
};
extern const struct shape region_shape;

/* The limits of an item in words: "即办", "10个工作日", "15个自然日", "未承诺"; "没有法定期限";
 * "未写明" of one known from a list only. */
struct text item_promised_said(const struct item *item, struct arena *arena);
struct text item_statutory_said(const struct item *item, struct arena *arena);

extern const struct module catalogue_module;

/* Open to the administrator and the command line. Defining again replaces; publishing again makes
 * the next version. Inputs: region_shape, department_shape, place_shape, item_shape. */
extern const struct command catalogue_region_set;
extern const struct command catalogue_department_define;
extern const struct command catalogue_place_define;
extern const struct command catalogue_item_publish;
extern const struct command catalogue_item_withdraw;

/* The catalogue of one region as it stands, in memory: what catalogue_module's standing hook loads.
 * Every item version is in it. */
struct catalogue;

const struct catalogue *catalogue_of(const struct context *context);
const struct catalogue *catalogue_at(const struct look_context *context);

/* version 0: the newest in force at now_ms. NULL: there is none. */
const struct item *catalogue_find_item(const struct catalogue *catalogue, struct text code,
                                       int64_t version, int64_t now_ms);
const struct department *catalogue_find_department(const struct catalogue *catalogue,
                                                   struct text code);
const struct place *catalogue_find_place(const struct catalogue *catalogue, struct text code);
/* Every item offered at that moment, in the order of their codes. */
const struct item *const *catalogue_offered(const struct catalogue *catalogue, int64_t now_ms,
                                            struct arena *arena, size_t *count);
const struct region *catalogue_region(const struct catalogue *catalogue); /* NULL: not set yet */
/* The value of a setting as it was written, or the empty text. */
struct text catalogue_setting(const struct catalogue *catalogue, const char *name);

/* Everything a region may set: counts of working days, from 1 to `most`. There is no other setting,
 * so that none is there which nobody reads; cities/README.md says what each does. */
enum region_setting {
    SETTING_SUPPLEMENT_DAYS,     /* to accept, refuse or ask for what is missing: law 32, 5 */
    SETTING_SUPPLY_DAYS,         /* for the applicant, after a supplement notice */
    SETTING_DEFERRED_GRACE_DAYS, /* after a deferred paper stayed away */
    SETTING_EXTENSION_DAYS,      /* the most one extension may add: law 42, 10 */
    SETTING_DELIVER_DAYS,        /* from decision to delivery: law 44, 10 */
    SETTING_REMINDER_DAYS,       /* before a due moment: reminder, and yellow */
    SETTING_RED_AFTER_DAYS,      /* after a promised limit: the last rung */
    SETTING_COUNT,
};
struct setting_rule {
    const char *name;  /* in region.yaml */
    int64_t usual;     /* where the region sets none */
    int64_t most;      /* the law's number where the law fixes one */
    const char *basis; /* law and article that fix it, or empty */
};
extern const struct setting_rule setting_rules[]; /* by enum region_setting */
/* What is set, or what is usual; catalogue may be NULL. */
int64_t catalogue_days(const struct catalogue *catalogue, enum region_setting setting);

/* The same for a decision: at its region and its time. */
const struct item *catalogue_item(const struct context *context, struct text code,
                                  int64_t version);
const struct department *catalogue_department(const struct context *context, struct text code);
const struct place *catalogue_place(const struct context *context, struct text code);

/* The name that a department bore on that day: the latest before it, else its first. */
struct text department_name_on(const struct department *department, int64_t date);
/* How to ask for review or sue, as printed on a refusal of that day: the item's own words, else 60
 * days for review (行政复议法 2023 article 20, before it article 9) and for a lawsuit six months
 * (行政诉讼法 2014 article 46), three before 2015-05-01 (1989 article 39). */
struct text item_remedy(const struct item *item, int64_t date);
const struct material *item_material(const struct item *item, struct text code);
/* NULL: applications of this item are not measured so. kind: enum measure_kind. */
const struct measure *item_measure(const struct item *item, int64_t kind);
/* Whether that version is offered on the day (its own validity, not withdrawal). */
bool item_valid_on(const struct item *item, int64_t date);

#endif
