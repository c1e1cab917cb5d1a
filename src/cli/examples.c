/* Examples of the API document, one for an operation: the bodies of commands, as a case of the example
 * city goes through them. tests/scenarios/openapi sends each to a real server, in this order. */
#include "cli/cli.h"

#define ALL_CHECKED                                                                                \
    "{\"materials\":[{\"code\":\"m1\",\"state\":\"checked\"},{\"code\":\"m2\",\"state\":"          \
    "\"checked\"},{\"code\":\"m3\",\"state\":\"checked\"},{\"code\":\"m4\",\"state\":"             \
    "\"checked\"},{\"code\":\"m5\",\"state\":\"checked\"}]}"

const struct door_example cli_examples[] = {
    {"case.draft", "{}"},
    {"case.who", "{\"applicant_type\":\"person\",\"applicant_name\":\"王建国\","
                 "\"id_number\":\"330482198001010016\"}"},
    {"case.contact", "{\"phone\":\"13800138000\"}"},
    {"case.way", "{\"delivery_method\":\"window\"}"},
    {"case.applicant", "{\"applicant_type\":\"person\",\"applicant_name\":\"王建国\","
                       "\"id_number\":\"330482198001010016\",\"phone\":\"13800138000\","
                       "\"delivery_method\":\"window\"}"},
    {"case.matter", "{\"matter\":\"独山港镇三宗土地分割及重次登记\",\"area_m2\":36500}"},
    {"case.provide", "{\"paper\":true}"},
    {"case.submit", "{\"declared\":true}"},
    {"case.receive", "{}"},
    {"case.check", ALL_CHECKED},
    {"case.accept", "{}"},
    {"case.suspend", "{\"kind\":\"hearing\",\"paper\":\"平国土听〔2014〕3号\",\"planned_days\":10}"},
    {"case.resume", "{\"result\":\"听证结束，无异议。\"}"},
    {"case.review", "{\"recommendation\":\"grant\",\"opinion\":\"权属清楚，材料齐全，建议准予。\"}"},
    {"case.return", "{\"reason\":\"四至界线与宗地图不一致，请核对后重报。\"}"},
    {"case.decide", "{\"outcome\":\"grant\"}"},
    {"case.issue", "{\"certificate_no\":\"平湖国用（2014）第00001号\"}"},
    {"case.deliver", "{\"method\":\"window\",\"recipient\":\"王建国\"}"},
    {"case.withdraw", "{}"},
    {"catalogue.draft.start", "{\"item_code\":\"011-001\"}"},
    {"catalogue.item.withdraw", "{\"last_date\":\"2014-06-30\",\"reason\":\"国务院决定取消\","
                                "\"basis\":\"国发〔2014〕5号\"}"},
    {"identity.account.create", "{\"login\":\"new-clerk\",\"display\":\"陈晓\"}"},
    {"identity.token.create", "{\"label\":\"统计接口\",\"days\":30,\"scopes\":{\"cases_read\":true}}"},
    {"identity.absence.record", "{\"first_date\":\"2014-05-05\",\"last_date\":\"2014-05-06\","
                                "\"reason\":\"公务出差\"}"},
    {"identity.sign_out", "{}"},
    {NULL, NULL},
};
