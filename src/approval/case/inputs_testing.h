/* A good input of every command about the case of desk_testing.h. */
#ifndef YIMEN_APPROVAL_CASE_INPUTS_TESTING_H
#define YIMEN_APPROVAL_CASE_INPUTS_TESTING_H

#include "approval/case/case.h"

static const struct case_applicant given_applicant = {.applicant_type = APPLICANT_PERSON,
                                                .applicant_name = {"张三", 6},
                                                .id_number = {"330482198001010016", 18}};
static const struct case_who given_who = {.applicant_type = APPLICANT_PERSON,
                                    .applicant_name = {"李四", 6},
                                    .id_number = {"330482198001010016", 18}};
static const struct case_contact given_contact = {.phone = {"13900000000", 11}};
static const struct case_way given_way = {.delivery_method = DELIVERY_POST};
static const struct case_provide given_paper = {.code = {"m1", 2}, .paper = true};
static struct material_finding given_findings[] = {
    {.code = {"m1", 2}, .state = FINDING_CHECKED}};
static const struct case_check given_check = {7, {given_findings, 1}};
static const struct case_accept given_promise = {7, {"三日内补交", 15}};
static const struct case_reason given_reason = {.case_id = 7, .reason = {"理由充分的十个字以上的说明", 39}};
static const struct case_review given_review = {7, DECISION_GRANT, {"同意", 6}};
static const struct case_decide given_granting = {.case_id = 7, .outcome = DECISION_GRANT};
static const struct case_decide given_refusing = {
    .case_id = 7, .outcome = DECISION_REFUSE, .reason = {"理由充分的十个字以上的说明", 39}};
static const struct case_suspend given_hearing = {
    .case_id = 7, .kind = SPECIAL_HEARING, .paper = {"听1", 4}, .planned_days = 5};
static const struct case_resume given_result = {7, {"无异议", 9}};
static const struct case_extend given_extension = {7, 5, {"案情复杂需要更多的时间核实", 39}};
static const struct case_forward given_upward = {7, {"市局", 6}, {"文1", 4}};
static const struct case_return given_answer = {7, {"同意", 6}, {"复1", 4}};
static const struct case_issue given_certificate = {7, {"证1", 4}, 0};
static const struct case_deliver given_handing = {.case_id = 7, .method = DELIVERY_WINDOW};
static const struct case_gap_close given_closing = {7, {"m2", 2}};
static const struct case_only given_only = {7};
static const struct case_supplement given_asking = {.case_id = 7};
static const struct case_matter given_matter = {.matter = {"事情", 6}};
static const struct case_submit given_declared = {.declared = true};
static const struct case_withdraw given_withdrawal = {.reason = {"不办了", 9}};
static const struct case_supplied given_supplied = {{"n", 1}, {"q", 1}};

#endif
