/* What the pages about cases show. */
#ifndef YIMEN_APPROVAL_CASE_PAGES_H
#define YIMEN_APPROVAL_CASE_PAGES_H

#include "approval/case/parts.h"

/* Traffic light of a deadline: words and shape go with the colour. */
enum light { LIGHT_NONE, LIGHT_GREEN, LIGHT_YELLOW, LIGHT_RED, LIGHT_GREY };
extern const struct word light_words[];

struct deadline_view {
    struct text name;
    struct text id;
    int64_t state; /* enum deadline_state */
    int64_t light;
    struct text said; /* "剩3个工作日", "已超期2个工作日", "计时中止" */
    int64_t due_date;
    int64_t due_at;
    int64_t left_days; /* working days, negative: over */
    struct text how; /* how the date was computed, in words */
};

struct detail {
    struct text label;
    struct text value;
};

struct history_view {
    int64_t index;
    int64_t at;
    struct text title;
    struct text said; /* what the step means, in a sentence */
    struct text actor;
    int64_t role;            /* enum office: in which the actor acted */
    struct text window;      /* code of the place where the actor works */
    struct text post;        /* both in words, "窗口人员，国土资源窗口"; of staff only */
    struct text document_no; /* of the paper that the step made */
    struct text paper; /* its title, where whoever looks may print it; empty: none (papers.h) */
    struct text kind;
    struct list details; /* struct detail */
    bool filling;        /* a step of filling in the draft: of little interest afterwards */
};

/* A material as pages show it: with the file in people's words. */
struct material_view {
    struct text code;
    struct text name;
    bool required;
    bool can_defer;
    int64_t state; /* enum material_state */
    int64_t finding; /* enum finding: what a clerk last found */
    struct text file_sha256;
    struct text file_name;
    int64_t file_size;
    struct text file_said; /* "PDF，128 KB", empty without a file */
    struct text note;
    int64_t supplied_at;
};

/* What the person looking may do next. */
struct action_view {
    struct text name;
    struct text title;
    struct text path;
    bool first; /* what comes next and is this person's own to do, not only by a letter */
};

struct case_page {
    struct case_file file;
    struct text case_no; /* again at the top: forms take path parameters from here */
    struct text query_code;
    int64_t case_id;
    struct text title;
    struct text department_name;
    struct text place_name;
    struct text applicant_shown; /* masked for those who need not know */
    struct text id_shown;
    struct text phone_shown;
    struct text promised_said;  /* "5个工作日", "即办" */
    struct text statutory_said; /* "20个工作日", "没有法定期限" */
    struct text amount_label;   /* "工程合同价（元）": what the draft asks for, where it does */
    struct text area_label;
    struct list measures;  /* struct detail: what the item is measured by, empty where not stated */
    struct text not_yours; /* to a chief approver: why another must decide this one, and who */
    struct text remedy; /* what can be done against the refusal, where there is one */
    int64_t light;
    struct text light_said;
    struct list materials; /* struct material_view */
    struct list to_supply; /* struct material_view: what a supplement notice lists */
    struct list gap;       /* struct material_view: deferred papers the window has still to confirm */
    struct list deadlines; /* struct deadline_view */
    struct list history;   /* struct history_view, newest last */
    struct list actions;   /* struct action_view */
    struct text undo_title; /* the step that this person has just taken and may undo; empty: none */
    int64_t undo_index, undo_until;
    struct text final_said; /* why a step cannot be undone, and what the law has instead */
    int64_t missing;       /* required materials not handed in */
    int64_t done; /* of the five parts of a draft */
    int64_t papers;  /* steps of the history that have a paper to print */
    int64_t filling; /* steps of the history that only filled in the draft */
    bool address_wanted; /* the result comes by post, and it is not said where to */
    bool who_done, contact_done, way_done, matter_done, materials_done;
    bool complete; /* the draft may be handed in */
    bool draft, may_withdraw, may_supply;
    bool unfit;  /* the page of an action that this person cannot do with the case as it is */
    bool masked; /* whoever looks need not know the person */
    bool by_reason; /* and sees it for a reason that they have given */
    struct list looks; /* struct look_row: who looked at it, on the applicant's page of that */
    int64_t looks_next; /* the entry before which those on the next page are; 0: there is none */
    int64_t today; /* date */
    struct text region; /* six digits, for addresses of receipts */
    struct text link;   /* this case as the applicant sees it: "/my/NUMBER/CODE"; not for the staff */
    struct text check;  /* where the receipt of handing in is verified; empty before that */
    /* The one material a page is about, where it is about one. */
    struct text code;
    struct text material_name;
    struct text material_file; /* what is there already: name, kind and size */
};
extern const struct shape case_page_shape;

struct desk_row {
    int64_t case_id;
    struct text case_no;
    struct text item_name;
    struct text applicant; /* masked */
    int64_t state;
    int64_t light;
    struct text light_said;
    int64_t due_at;
    int64_t submitted_at;
    struct text next; /* what is to be done */
    struct text next_path; /* where this person does it; empty: it is for others */
};
extern const struct shape desk_row_shape;

struct desk_page {
    struct text name; /* whose desk */
    struct text roles;
    int64_t now_ms;
    struct list rows; /* struct desk_row */
    int64_t red, yellow, green, grey; /* of all that lies on the desk, on whatever page */
    int64_t total;
    struct text more; /* the address of the next rows, or empty */
    struct text before; /* and of those before */
    struct text case_no; /* what was searched for */
    int64_t state;
    bool searched;
    int64_t alarms; /* for auditors: looks at very many people of late */
};
extern const struct shape desk_page_shape;

struct apply_page {
    struct text item_code;
    struct text name;
    struct text department_name;
    struct text promised_said;
    struct text statutory_said;
    struct list materials; /* struct case_material */
    bool offered;
};
extern const struct shape apply_page_shape;

/* What a clerk may register at the window: one row an item. */
struct new_page {
    struct list items; /* struct apply_page */
    struct text next;  /* the code after which the next page begins, or empty */
};
extern const struct shape new_page_shape;

struct my_page {
    struct text case_no;
    struct text query_code;
    bool searched;
    bool found;
    struct text link;
    struct text item_name;
    int64_t state;
};
extern const struct shape my_page_shape;

#endif
