/* The papers (文书) that are printed of a case, on A4 or on the counter's roll of 80 mm. Each one proves
 * one entry of the journal and says what that entry says: it is made of the entry as it was written,
 * never of the case as it has become since. */
#ifndef YIMEN_APPROVAL_CASE_PAPERS_H
#define YIMEN_APPROVAL_CASE_PAPERS_H

#include "approval/case/view.h"

enum printed {
    PRINTED_NONE,
    PRINTED_MATERIALS,    /* 01 申请材料接收凭证 */
    PRINTED_SUPPLEMENT,   /* 02 补正材料通知书 */
    PRINTED_NOT_ACCEPTED, /* 03 不予受理告知书 */
    PRINTED_ACCEPTED,     /* 04 受理通知书 */
    PRINTED_SUPPLIED,     /* 05 补正材料接收凭证 */
    PRINTED_REFUSED,      /* 07 不予许可决定书 */
    PRINTED_SPECIAL,      /* 08 特别程序告知书 */
    PRINTED_TO_SIGN,      /* 09 送达回证, to be signed when the result is handed over */
    PRINTED_DELIVERED,    /* 09 送达回证, of a delivery that has been made */
    PRINTED_GRANTED,      /* 准予许可决定书, law 38 */
    PRINTED_EXTENDED,     /* 延长期限告知书, law 42 */
    PRINTED_GAP,          /* 容缺材料接收凭证: a deferred paper came */
    PRINTED_TERMINATED,   /* 终止办理告知书 */
};
extern const struct word printed_words[]; /* the label is the paper's title */

/* What paper that step made in a case which now is in `state` (enum case_state); body: the event's, at
 * least its public part. Acceptance by silence made none: nobody wrote a notice (README.md). */
enum printed case_printed(const struct event_kind *kind, const void *body, int64_t state);
/* Whether this person may have the papers of the case: who handles it, and who supervises, with the
 * person left out. The holder of number and code is asked for those instead. */
bool case_papers_open_to(const struct actor *actor, const struct case_file *file);

enum sheet { SHEET_A4, SHEET_ROLL };
extern const struct word sheet_words[];

struct paper_ask { /* of an applicant */
    struct text case_no;
    struct text query_code;
    int64_t index;
    int64_t sheet;
};
struct staff_paper_ask {
    int64_t case_id;
    int64_t index;
    int64_t sheet;
};
extern const struct shape paper_ask_shape, staff_paper_ask_shape;

/* A line of a paper's list: a material, with what is said of it. */
struct paper_row {
    struct text name;
    struct text wanted; /* "原件1份": as the guide asks for it */
    struct text said;
};

struct paper_page {
    int64_t printed; /* enum printed */
    struct text title;
    struct text model; /* its number among the papers of a centre, "04"; empty: none */
    int64_t sheet;     /* enum sheet */
    struct text here;  /* this paper's address, without the sheet */
    struct text back;  /* the case's */
    bool masked;       /* who looks need not know the person */
    bool erased;       /* the private words are gone (docs/journal.md) */
    /* Who issues it, and whom one may ask or complain to. */
    struct text department_name;
    struct text centre;
    struct text place_name;
    struct text place_address;
    struct text consult;
    struct text complain;
    /* The entry that it proves. */
    int64_t index;
    int64_t at;
    int64_t dated; /* date of the paper (law 32, 38): the day of the entry */
    struct text step;
    struct text check; /* where its receipt is verified: what the code holds */
    struct text receipt;
    struct text document_no;
    /* The case. */
    struct text case_no;
    struct text item_name;
    bool permit; /* 行政许可: the law applies as such, to others by analogy */
    int64_t applicant_type;
    struct text applicant_shown;
    struct text id_shown;
    struct text agent_name;
    struct text matter;
    int64_t channel;
    int64_t submitted_on; /* date */
    int64_t delivery_method;
    struct text accept_note;
    /* What the entry says: each paper its own of these. */
    struct list rows; /* struct paper_row */
    int64_t due_at;
    int64_t days;
    struct text promised_said, statutory_said;
    int64_t promised_date, statutory_date;
    struct text reason, basis, remedy, note;
    int64_t special;
    struct text office_paper; /* the number that the department gave its own letter */
    int64_t method;
    struct text recipient, tracking;
    int64_t delivered_at;
    struct text decision_no, certificate_no; /* what was delivered */
    int64_t valid_to;
};
extern const struct shape paper_page_shape;

LOOK(case_look_my_paper);
LOOK(case_look_staff_paper);

#endif
