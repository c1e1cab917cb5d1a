/* Examples of the API document, one for an operation: the bodies of commands, as a case of the example
 * city goes through them, then of what the house's own people do, by name. tests/scenarios/openapi
 * sends each to a real server, but for those that want a telephone or another house. */
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
    {"case.answered", "{\"opinion\":\"同意\",\"paper\":\"嘉国土复〔2014〕2号\"}"},
    {"case.extend", "{\"days\":2,\"reason\":\"案情复杂，需要补充调查取证\"}"},
    {"case.forward", "{\"to\":\"嘉兴市国土资源局\",\"paper\":\"平国土〔2014〕8号\"}"},
    {"case.gap_close", "{\"code\":\"m7\"}"},
    {"case.look_reason", "{\"reason\":\"抽查该办件的办理情况\"}"},
    {"case.not_accept",
     "{\"reason\":\"不属于本机关职权范围，请向市规划建设局申请。\","
     "\"basis\":\"《行政许可法》第三十二条\"}"},
    {"case.supplement", "{\"note\":\"请于三十日内补正\"}"},
    {"case.supplied", "{}"},
    {"case.terminate", "{\"reason\":\"申请人主体资格终止，无法继续办理\",\"basis\":\"示例\"}"},
    {"case.undo", "{\"index\":480}"},
    {"catalogue.department.define",
     "{\"code\":\"099\",\"names\":[{\"name\":\"示例局\",\"short_name\":\"示例\","
     "\"source\":\"example\"}],\"unit\":\"示例单位\",\"phone\":\"12345\","
     "\"source\":\"example\"}"},
    {"catalogue.draft.discard", "{\"revision\":1}"},
    {"catalogue.draft.move", "{\"to\":2,\"revision\":1}"},
    {"catalogue.draft.publish", "{\"revision\":2,\"over\":1,\"valid_from\":\"2014-06-01\"}"},
    {"catalogue.draft.row",
     "{\"revision\":1,\"item\":{\"laws\":[{\"name\":\"《中华人民共和国土地管理法》\","
     "\"article\":\"第五十二条第一款\",\"words\":\"\"}]}}"},
    {"catalogue.draft.save",
     "{\"revision\":1,\"item\":{\"name\":\"建设项目用地预审\",\"department\":\"011\","
     "\"type\":\"permit\",\"theme\":\"投资建设\",\"keywords\":[\"用地预审\",\"征地\","
     "\"批地\",\"拿地\"],\"objects\":[\"enterprise\",\"public_institution\","
     "\"government\"],\"conditions\":[\"建设项目已列入规划或者已受理备案、核准申请\","
     "\"符合土地利用总体规划和国家供地政策\"],\"valid_to\":\"2019-12-31\","
     "\"source\":\"example\"}}"},
    {"catalogue.place.define",
     "{\"code\":\"C-99\",\"name\":\"示例窗口\",\"kind\":\"hall\",\"parent\":\"C\","
     "\"address\":\"示例路1号\",\"phone\":\"12345\",\"hours\":\"centre\","
     "\"group\":\"示例\",\"source\":\"example\"}"},
    {"catalogue.region.set",
     "{\"code\":330482,\"name\":\"平湖市\",\"city\":\"嘉兴市\",\"province\":\"浙江省\","
     "\"centre\":\"平湖市行政服务中心\",\"phone\":\"12345\","
     "\"hosts\":[\"pinghu.localhost\"],\"zone\":\"Asia/Shanghai\","
     "\"settings\":[{\"name\":\"supplement_days\",\"value\":\"5\",\"note\":\"一次告知\","
     "\"source\":\"law\"}],\"source\":\"example\"}"},
    {"clock.calendar.publish",
     "{\"year\":2014,\"published_date\":\"2014-05-04\",\"scope\":\"change\","
     "\"document\":\"示例〔2014〕1号\",\"source\":\"https://example.org/notice\","
     "\"days\":[{\"date\":\"2014-12-31\",\"off\":true,\"name\":\"元旦\"}]}"},
    {"clock.hours.set",
     "{\"code\":\"late\",\"name\":\"延时服务\",\"source\":\"示例\","
     "\"shifts\":[{\"weekdays\":[\"monday\"],\"opens\":\"08:30\",\"closes\":\"19:00\"}]}"},
    {"identity.absence.end", "{}"},
    {"identity.account.assign", "{\"roles\":{\"reviewer\":true},\"department\":\"011\"}"},
    {"identity.account.change", "{\"display\":\"陈晓晓\",\"place\":\"C\"}"},
    {"identity.account.close", "{\"reason\":\"调离本单位\"}"},
    {"identity.delegation.grant",
     "{\"account_id\":431,\"department\":\"011\",\"document\":\"平国土授〔2014〕9号\","
     "\"powers\":{\"review\":true},\"all_items\":true,\"valid_from_date\":\"2014-05-04\"}"},
    {"identity.delegation.revoke", "{\"reason\":\"岗位调整，收回授权\"}"},
    {"identity.link.add", "{\"provider\":\"province\",\"subject\":\"248289761001\"}"},
    {"identity.link.back", "{\"code\":\"SplxlOBeZQQYbYS6WxSbIA\",\"state\":\"af0ifjsldkj\"}"},
    {"identity.link.begin", "{\"current\":\"seven bridges over water\"}"},
    {"identity.link.remove", "{}"},
    {"identity.password.change",
     "{\"current\":\"water under seven bridges\","
     "\"password\":\"seven bridges over water\",\"again\":\"seven bridges over water\"}"},
    {"identity.password.set", "{\"password\":\"water under seven bridges\"}"},
    {"identity.sign_in", "{\"login\":\"land-clerk\",\"password\":\"seven bridges over water\"}"},
    {"identity.sign_in.back", "{\"code\":\"SplxlOBeZQQYbYS6WxSbIA\",\"state\":\"af0ifjsldkj\"}"},
    {"identity.sign_in.code", "{\"code\":\"123456\"}"},
    {"identity.sign_in.with", "{\"next\":\"/staff\"}"},
    {"identity.sign_out.there", "{}"},
    {"identity.token.revoke", "{}"},
    {"identity.totp.begin", "{\"current\":\"seven bridges over water\"}"},
    {"identity.totp.confirm", "{\"code\":\"123456\"}"},
    {"identity.totp.reset", "{\"reason\":\"手机丢失，本人到场核对身份证\"}"},
    {NULL, NULL},
};
