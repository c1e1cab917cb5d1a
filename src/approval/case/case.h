/* A case (办件): one application for one item, from the counter to delivery. The state machine is
 * that of the Administrative Licensing Law (行政许可法, here "the law") chapter 4; what the law
 * leaves open is a setting of the region. Every transition is an event with who, when and why. */
#ifndef YIMEN_APPROVAL_CASE_CASE_H
#define YIMEN_APPROVAL_CASE_CASE_H

#include "catalogue/catalogue.h"
#include "clock/calendar.h"
#include "clock/clock.h"
#include "files/files.h"
#include "flow/module.h"
#include "identity/identity.h"
#include "trace/trace.h"

enum case_state {
    CASE_NONE,
    CASE_DRAFT,
    CASE_SUBMITTED,
    CASE_RECEIVED,   /* 接件 */
    CASE_SUPPLEMENT, /* 补正: told once what is missing, the clock has not started */
    CASE_ACCEPTED,   /* 受理: in review */
    CASE_REVIEWED,   /* 审查 done, waits for 核准 */
    CASE_SUSPENDED,  /* 特别程序 */
    CASE_FORWARDED,  /* 上报 */
    CASE_GRANTED,
    CASE_ISSUED, /* 制证 */
    CASE_DELIVERED,
    CASE_REFUSED,
    CASE_NOT_ACCEPTED,
    CASE_WITHDRAWN,
    CASE_TERMINATED,
};
extern const struct word case_state_words[];

enum channel { CHANNEL_NONE, CHANNEL_WINDOW, CHANNEL_WEB };
extern const struct word channel_words[];

enum applicant_type { APPLICANT_NONE, APPLICANT_PERSON, APPLICANT_ORGANISATION };
extern const struct word applicant_type_words[];

enum delivery_method { DELIVERY_NONE, DELIVERY_WINDOW, DELIVERY_POST, DELIVERY_ELECTRONIC };
extern const struct word delivery_method_words[];

/* What became of a material of the item in this case. */
enum material_state {
    MATERIAL_NONE,     /* not handed in */
    MATERIAL_FILE,     /* a file was uploaded */
    MATERIAL_PAPER,    /* handed in, or will be, on paper at the window */
    MATERIAL_CHECKED,  /* looked at by a clerk and in order */
    MATERIAL_WRONG,    /* looked at and not in order */
    MATERIAL_DEFERRED, /* 容缺: to be handed in later */
};
extern const struct word material_state_words[];

/* What a clerk may find of a material. That a file was uploaded or a paper promised is not for a clerk
 * to say: there is no word for it here. */
enum finding {
    FINDING_NONE, /* not looked at: stays as it is */
    FINDING_CHECKED,
    FINDING_WRONG,
    FINDING_DEFERRED,
};
extern const struct word finding_words[];

enum decision_outcome { DECISION_NONE, DECISION_GRANT, DECISION_REFUSE };
extern const struct word outcome_words[];

#define REASON_LEAST 10 /* characters: fewer do not state a reason */

struct case_material {
    struct text code;
    struct text name;
    bool required;
    bool can_defer;
    int64_t state; /* enum material_state */
    struct text file_sha256;
    struct text file_name; /* private: people put names into file names */
    int64_t file_size;
    struct text note; /* what is wrong with it */
    int64_t supplied_at;
};
extern const struct shape case_material_shape;

/* A case as it stands: the row of the table, and what decisions look at. */
struct case_file {
    int64_t case_id; /* the index of the entry that made it */
    struct text case_no;
    struct text query_code; /* private; page and number alone open nothing */
    struct text item_code;
    int64_t item_version;
    struct text item_name;
    struct text department;
    int64_t kind; /* enum case_kind */
    int64_t state;
    int64_t channel;
    struct text place;

    int64_t applicant_type;
    struct text applicant_name; /* private, as all of the applicant */
    struct text id_number;
    struct text phone;
    struct text address;
    struct text agent_name;
    struct text agent_phone;
    int64_t delivery_method;
    struct text matter; /* what is applied for, in a line: may name people, so private */
    struct text details;
    int64_t amount_fen; /* what the item measures it by; 0: not stated. Private as the matter */
    int64_t area_m2;

    int64_t created_at;
    int64_t submitted_at;
    int64_t received_at;
    int64_t accepted_at;
    bool deemed;        /* accepted by silence */
    bool gap_open;      /* a deferred paper is still missing */
    int64_t supplements; /* notices sent */
    int64_t extended_days;
    int64_t suspensions; /* special procedures begun */
    int64_t due_at;     /* the moment that matters next, for the desk's order; 0: none */
    int64_t promised_date;
    int64_t statutory_date;
    int64_t state_before; /* of a suspension: where it goes back to */
    struct text reviewer; /* actor names */
    struct text verifier;
    int64_t recommendation;
    int64_t outcome;
    struct text reason;
    int64_t reviewed_at;
    int64_t decided_at;
    int64_t used_days;  /* working days, by the rule of the figures; 0: not closed */
    int64_t saved_days; /* statutory limit less used; 0 without a statutory limit in working days */
    struct text certificate_no;
    int64_t issued_at;
    int64_t delivered_at;
    int64_t closed_at;
    int64_t erased_at; /* what is private in it has been forgotten */
};
extern const struct shape case_file_shape;

/* Whose work is with cases; who supervises and who keeps the system have no need of the person. */
#define CASE_HANDLERS (ROLE_CLERK | ROLE_REVIEWER | ROLE_VERIFIER | ROLE_HEAD | ROLE_MANAGER)

bool case_state_open(int64_t state);    /* not ended */
/* Whether a deferred paper (容缺) still waits for the window's confirmation: it has not come, or it has
 * come since the case was accepted and nobody has looked at it. */
bool case_gap_waits(const struct case_file *file, const struct case_material *material);
/* Whether a paper in this state (enum material_state) does not stand in the way of acceptance: it was
 * looked at and in order, is deferred, or is not required and was not found wrong. */
bool case_material_in_order(int64_t state, bool required);
bool case_state_decided(int64_t state); /* granted, refused or later */
struct text case_subject(int64_t case_id, struct arena *arena);

/* Inputs. By an applicant: number and code say which case and who may. By staff: the id. */
struct case_key {
    struct text case_no;
    struct text query_code;
};
struct case_draft {
    struct text item_code;
    struct text place; /* where it is handed in; empty: the centre */
};
struct case_applicant {
    struct text case_no;
    struct text query_code;
    int64_t applicant_type;
    struct text applicant_name;
    struct text id_number;
    struct text phone;
    struct text address;
    struct text agent_name;
    struct text agent_phone;
    int64_t delivery_method;
};
/* The same asked one thing at a time, as the pages do. */
struct case_who {
    struct text case_no;
    struct text query_code;
    int64_t applicant_type;
    struct text applicant_name;
    struct text id_number;
};
struct case_contact {
    struct text case_no;
    struct text query_code;
    struct text phone;
    struct text address;
    struct text agent_name;
    struct text agent_phone;
};
struct case_way {
    struct text case_no;
    struct text query_code;
    int64_t delivery_method;
};
struct case_matter {
    struct text case_no;
    struct text query_code;
    struct text matter;
    struct text details;
    int64_t amount_fen; /* only where the item asks for it: item_measure */
    int64_t area_m2;
};
struct case_provide {
    struct text case_no;
    struct text query_code;
    struct text code;
    bool paper;
    struct upload document;
};
struct case_submit {
    struct text case_no;
    struct text query_code;
    bool declared;
};
struct case_withdraw {
    struct text case_no;
    struct text query_code;
    struct text reason;
};
struct case_supplied {
    struct text case_no;
    struct text query_code;
};
struct case_only { /* commands that need nothing but the case */
    int64_t case_id;
};
struct material_finding {
    struct text code;
    int64_t state; /* enum finding */
    struct text note;
};
struct case_check {
    int64_t case_id;
    struct list materials; /* struct material_finding */
};
struct case_accept {
    int64_t case_id;
    struct text promise; /* the applicant's written promise for deferred papers */
};
struct case_reason { /* refuse acceptance, terminate, return to review */
    int64_t case_id;
    struct text reason;
    struct text basis;
};
struct case_supplement {
    int64_t case_id;
    int64_t supply_days; /* working days; 0: the region's setting supply_days */
    struct text note;
};
struct case_review {
    int64_t case_id;
    int64_t recommendation;
    struct text opinion;
};
struct case_decide {
    int64_t case_id;
    int64_t outcome;
    struct text reason;
    struct text basis;
};
struct case_suspend {
    int64_t case_id;
    int64_t kind; /* enum special_kind */
    struct text paper;
    int64_t planned_days;
    struct text reason;
};
struct case_resume {
    int64_t case_id;
    struct text result;
};
struct case_extend {
    int64_t case_id;
    int64_t days;
    struct text reason;
};
struct case_forward {
    int64_t case_id;
    struct text to;
    struct text paper;
};
struct case_return {
    int64_t case_id;
    struct text opinion;
    struct text paper;
};
struct case_issue {
    int64_t case_id;
    struct text certificate_no;
    int64_t valid_to;
};
struct case_deliver {
    int64_t case_id;
    int64_t method;
    struct text recipient; /* private */
    struct text tracking;
};
/* On what ground what is private is forgotten (个人信息保护法 47). */
enum erase_ground {
    ERASE_EXPIRED,   /* the time of keeping is over */
    ERASE_PURPOSE,   /* the purpose is reached, or cannot be */
    ERASE_STOPPED,   /* the service is no longer given */
    ERASE_WITHDRAWN, /* consent is withdrawn */
    ERASE_UNLAWFUL,  /* it was never lawful to have it */
    ERASE_OTHER,     /* another law says so */
};
extern const struct word erase_ground_words[];
struct case_erase {
    int64_t case_id;
    int64_t ground; /* enum erase_ground; but for the first, in spite of time and state */
};
struct case_look_reason { /* to look at one that is another's */
    int64_t case_id;
    struct text reason; /* private: may name people */
};
struct case_gap_close {
    int64_t case_id;
    struct text code;
};
struct case_undo {
    int64_t case_id;
    int64_t index; /* of the entry that is undone: what the page showed */
};
/* So long may one's own last step be undone. */
#define CASE_UNDO_MS (10 * MINUTE_MS)

/* What a decision about a case looks at. */
struct case_facts {
    bool found;
    bool key_holds; /* number and code fit */
    struct case_file file;
    struct list materials; /* struct case_material, in the item's order */
    struct list deadlines; /* struct clock_deadline: of this case */
    struct list grants;    /* struct grant: of the actor */
    const struct case_before *before; /* parts.h; only to undo a step */
    int64_t next_serial;   /* of the number series of a new case */
};

extern const struct command case_draft_command, case_applicant_command, case_who_command,
    case_contact_command, case_way_command, case_matter_command,
    case_provide_command, case_submit_command, case_withdraw_command, case_supplied_command,
    case_receive_command, case_check_command, case_accept_command, case_not_accept_command,
    case_supplement_command, case_deem_command, case_lapse_command, case_review_command,
    case_return_command, case_decide_command, case_suspend_command, case_resume_command,
    case_extend_command, case_forward_command, case_answered_command, case_issue_command,
    case_deliver_command, case_terminate_command, case_gap_close_command, case_gap_lapse_command,
    case_redate_command, case_look_reason_command, case_erase_command, case_undo_command;

extern const struct event_kind case_drafted_event, case_applicant_event, case_matter_event,
    case_provided_event, case_submitted_event, case_received_event, case_checked_event,
    case_accepted_event, case_not_accepted_event, case_supplement_event, case_supplied_event,
    case_reviewed_event, case_returned_event, case_granted_event, case_refused_event,
    case_suspended_event, case_resumed_event, case_extended_event, case_forwarded_event,
    case_answered_event, case_issued_event, case_delivered_event, case_withdrawn_event,
    case_terminated_event, case_gap_closed_event, case_gap_lapsed_event, case_redated_event,
    case_undone_event, person_erased_event;

extern const struct module case_module;

#endif
