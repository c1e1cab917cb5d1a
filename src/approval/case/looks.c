/* The addresses under which cases are seen. */
#include "approval/case/papers.h"
#include "base/idcode.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)

static const struct field ask_fields[] = {
    {F(case_ask, case_no), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 40,
     .label = "办件编号", .tidy = idcode_tidy},
    {F(case_ask, query_code), .type = FIELD_TEXT, .flags = FIELD_CODE | FIELD_PRIVATE, .high = 20,
     .label = "查询码", .tidy = idcode_tidy},
};
static const struct shape ask_shape = {"case_ask", "办件查询", sizeof(struct case_ask),
                                       SHAPE_FIELDS(ask_fields)};

#define KEY_FIELDS                                                                                 \
    {F(case_material_key, case_no), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,      \
     .high = 40, .label = "办件编号", .tidy = idcode_tidy},                                        \
    {                                                                                              \
        F(case_material_key, query_code), .type = FIELD_TEXT,                                      \
            .flags = FIELD_REQUIRED | FIELD_CODE | FIELD_PRIVATE, .high = 20, .label = "查询码",   \
            .tidy = idcode_tidy                                                                    \
    }
static const struct field my_fields[] = {KEY_FIELDS};
static const struct shape my_shape = {"case_key", "办件查询", sizeof(struct case_material_key),
                                      SHAPE_FIELDS(my_fields)};
static const struct field my_looks_fields[] = {
    KEY_FIELDS,
    {F(case_material_key, before), .type = FIELD_INT, .label = "到此序号之前"},
};
static const struct shape my_looks_shape = {"case_looks_key", "查看记录",
                                            sizeof(struct case_material_key),
                                            SHAPE_FIELDS(my_looks_fields)};
static const struct field material_fields[] = {
    KEY_FIELDS,
    {F(case_material_key, code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 40, .label = "材料代码"},
};
static const struct shape material_shape_of = {"case_material_key", "材料",
                                               sizeof(struct case_material_key),
                                               SHAPE_FIELDS(material_fields)};

static const struct field apply_fields[] = {
    {F(case_draft, item_code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,
     .high = 40, .label = "事项代码"},
};
static const struct shape apply_shape = {"apply", "申请", sizeof(struct case_draft),
                                         SHAPE_FIELDS(apply_fields)};

static const struct field staff_fields[] = {
    {F(case_only, case_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .label = "办件"},
};
static const struct shape staff_shape = {"case_only", "办件", sizeof(struct case_only),
                                         SHAPE_FIELDS(staff_fields)};

static const struct field new_fields[] = {
    {F(new_ask, after), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 40,
     .label = "从此事项之后"},
};
static const struct shape new_shape = {"new_ask", "受理登记", sizeof(struct new_ask),
                                       SHAPE_FIELDS(new_fields)};

static const struct field desk_fields[] = {
    {F(desk_ask, after_due), .type = FIELD_INT, .label = "从此期限之后"},
    {F(desk_ask, after_id), .type = FIELD_INT, .label = "从此编号之后"},
    {F(desk_ask, before_due), .type = FIELD_INT, .label = "到此期限之前"},
    {F(desk_ask, before_id), .type = FIELD_INT, .label = "到此编号之前"},
    {F(desk_ask, case_no), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 40,
     .label = "办件编号", .tidy = idcode_tidy},
};
static const struct shape desk_shape = {"desk_ask", "查询", sizeof(struct desk_ask),
                                        SHAPE_FIELDS(desk_fields)};

#define PUBLIC (ROLE_ANYONE | ROLE_APPLICANT)
#define NO_LIST NULL, NULL, NULL
/* While they are open, what happens to cases is seen in them. */
#define LIVE "case:"
#define LOOK_AT(...) KIND_OF(NULL, false, NULL, NO_LIST, __VA_ARGS__)
#define GUARDED_AT(...) KIND_OF("case_no", true, NULL, NO_LIST, __VA_ARGS__)
#define PEOPLE_AT(...) KIND_OF(NULL, true, NULL, NO_LIST, __VA_ARGS__)
#define LIVE_AT(...) KIND_OF(NULL, true, LIVE, NO_LIST, __VA_ARGS__)
#define KIND_OF(guards_, people_, live_, ...) KIND_AT(guards_, people_, live_, __VA_ARGS__)
#define KIND_AT(guards_, people_, live_, list_, turns_, onward_, id, name_, title_, path_, roles_, \
                query_, page_, template_, look_)                                                   \
    static const struct look id = {.name = name_,                                                  \
                                   .title = title_,                                                \
                                   .path = path_,                                                  \
                                   .roles = roles_,                                                \
                                   .by_journal = true,                                             \
                                   .people = people_,                                              \
                                   .live = live_,                                                  \
                                   .guards = guards_,                                              \
                                   .query = &query_,                                               \
                                   .page = &page_,                                                 \
                                   .template = "approval/case/" template_,                         \
                                   .list = list_,                                                  \
                                   .turns = turns_,                                                \
                                   .onward = onward_,                                              \
                                   .look = look_}

LOOK_AT(apply, "case.apply", "申请", "/apply/{item_code}", PUBLIC, apply_shape, apply_page_shape,
        "apply.html", case_look_apply);
static const struct look my = {
    .name = "case.my",
    .title = "我的办件",
    .path = "/my",
    .roles = PUBLIC,
    .by_post = true,
    .guards = "case_no",
    .told = case_my_told,
    .query = &ask_shape,
    .page = &my_page_shape,
    .template = "approval/case/my.html",
    .look = case_look_my,
};
#define MY(id, name_, title_, tail, template_)                                                     \
    GUARDED_AT(id, name_, title_, "/my/{case_no}/{query_code}" tail, PUBLIC, my_shape,  \
               case_page_shape, template_, case_look_my_case)
KIND_OF("case_no", true, LIVE, NO_LIST, my_case, "case.my_case", "我的办件",
        "/my/{case_no}/{query_code}", PUBLIC, my_shape, case_page_shape, "my-case.html",
        case_look_my_case);
MY(my_who, "case.my_who", "申请人", "/who", "who.html");
MY(my_contact, "case.my_contact", "联系方式", "/contact", "contact.html");
MY(my_way, "case.my_way", "领取方式", "/way", "way.html");
MY(my_done, "case.my_done", "申请已提交", "/done", "done.html");
MY(my_receipt, "case.my_receipt", "申请回执", "/receipt", "receipt.html");
MY(my_matter, "case.my_matter", "申请内容", "/matter", "matter.html");
MY(my_materials, "case.my_materials", "提交材料", "/materials", "materials.html");
MY(my_submit, "case.my_submit", "核对并提交", "/submit", "submit.html");
KIND_AT("case_no", true, NULL, "looks", "before", case_my_looks_onward, my_looks, "case.my_looks",
        "谁查看过我的信息", "/my/{case_no}/{query_code}/looks", PUBLIC, my_looks_shape,
        case_page_shape, "my-looks.html", case_look_my_looks);
MY(my_withdraw, "case.my_withdraw", "撤回申请", "/withdraw", "withdraw.html");
GUARDED_AT(my_material, "case.my_material", "提交材料",
           "/my/{case_no}/{query_code}/materials/{code}", PUBLIC, material_shape_of,
           case_page_shape, "material.html", case_look_my_material);

GUARDED_AT(my_paper, "case.my_paper", "文书",
           "/my/{case_no}/{query_code}/papers/{index}", PUBLIC, paper_ask_shape, paper_page_shape,
           "my-paper.html", case_look_my_paper);

KIND_AT(NULL, true, LIVE, "rows", "after_due after_id before_due before_id", case_desk_onward, desk,
        "case.desk", "我的工作台", "/staff", ROLE_WORK, desk_shape, desk_page_shape, "desk.html",
        case_look_desk);
KIND_AT(NULL, true, LIVE, "rows", "after_id before_id", case_list_onward, cases, "case.list",
        "办件查询", "/staff/cases", ROLE_WORK, desk_shape, desk_page_shape, "cases.html",
        case_look_cases);
KIND_AT(NULL, false, NULL, "items", "after", case_new_onward, new, "case.new", "受理登记",
        "/staff/cases/new", ROLE_CLERK, new_shape, new_page_shape, "new.html", case_look_new);
#define STAFF(id, name_, title_, tail, roles_, template_, look_)                                   \
    LIVE_AT(id, name_, title_, "/staff/cases/{case_id}" tail, roles_, staff_shape,                   \
            case_page_shape, template_, look_)
STAFF(staff_case, "case.page", "办件", "", ROLE_WORK, "case.html", case_look_staff_case);
STAFF(page_reason, "case.page.reason", "查看事由", "/reason", ROLE_WORK, "reason.html",
      case_look_reason);
/* An action's page says so where it cannot be done any more, and has no form then. */
#define ACTION(word, title_, verb, roles_)                                                         \
    static LOOK(look_##word)                                                                       \
    {                                                                                              \
        return case_look_action(context, query, out, why, &case_##word##_command);                 \
    }                                                                                              \
    STAFF(page_##word, "case.page." #word, title_, "/" verb, roles_, verb ".html", look_##word)
/* As the commands: whose post it is, who holds a letter, the head. */
#define DECIDERS (ROLE_VERIFIER | ROLE_HEAD)
#define ANY_RECEIVE (ROLE_CLERK | DECIDERS)
#define ANY_REVIEW (ROLE_REVIEWER | DECIDERS)
ACTION(receive, "接件", "receive", ANY_RECEIVE);
ACTION(check, "核对材料", "check", ANY_RECEIVE);
ACTION(accept, "受理", "accept", ANY_RECEIVE);
ACTION(not_accept, "不予受理", "not-accept", ANY_RECEIVE);
ACTION(supplement, "一次性告知补正", "supplement", ANY_RECEIVE);
ACTION(review, "审查", "review", ANY_REVIEW);
ACTION(return, "退回重审", "return", DECIDERS);
ACTION(decide, "核准决定", "decide", DECIDERS);
ACTION(suspend, "启动特别程序", "suspend", ANY_REVIEW);
ACTION(resume, "特别程序结束", "resume", ANY_REVIEW);
ACTION(extend, "延长期限", "extend", DECIDERS);
ACTION(forward, "上报", "forward", DECIDERS);
ACTION(answered, "登记上级批复", "answered", ANY_REVIEW);
ACTION(issue, "制证", "issue", ANY_RECEIVE);
ACTION(deliver, "送达", "deliver", ROLE_CLERK);
ACTION(terminate, "终止办理", "terminate", ROLE_HEAD | ROLE_MANAGER);
/* A paper names the person: it is for who handles the case, and masked for who supervises. */
PEOPLE_AT(staff_paper, "case.paper", "文书", "/staff/cases/{case_id}/papers/{index}",
          CASE_HANDLERS | ROLE_SUPERVISOR, staff_paper_ask_shape, paper_page_shape,
          "staff-paper.html", case_look_staff_paper);
/* Says itself which papers wait, if any. */
STAFF(page_gap_close, "case.page.gap_close", "容缺补齐", "/gap-close", ROLE_CLERK, "gap-close.html",
      case_look_staff_case);

const struct look *const case_looks[] = {
    &apply,         &my,           &my_case,       &my_who,        &my_contact,      &my_way,
    &my_matter,     &my_materials, &my_submit,     &my_done,       &my_receipt,      &my_withdraw,
    &my_material,   &desk,         &cases,         &new,           &staff_case,      &page_receive,
    &page_check,    &page_accept,  &page_not_accept, &page_supplement, &page_review, &page_return,
    &page_decide,   &page_suspend, &page_resume,   &page_extend,   &page_forward,    &page_answered,
    &page_issue,    &page_deliver, &page_gap_close, &page_terminate, &my_paper,     &staff_paper,
    &page_reason,   &my_looks,     NULL,
};
