#include "base/refusal.h"

#include <stddef.h>

static const struct refusal_text list[] = {
    {OK, "ok", 200, "成功", "", "Done."},
    {REFUSED_MISSING, "missing", 422, "内容未填写", "请填写该项后重新提交。",
     "A required field is empty. Fill it in and send again."},
    {REFUSED_UNDECLARED, "undeclared", 422, "提交了页面上没有的内容", "请返回上一页，刷新后重新提交。",
     "A field was sent that this request does not declare. Remove it and send again."},
    {REFUSED_TOO_LONG, "too_long", 422, "内容过长", "请按字数上限缩短后重新提交。",
     "The value is longer than allowed. Shorten it and send again."},
    {REFUSED_TOO_SHORT, "too_short", 422, "内容过短", "请补充完整后重新提交。",
     "The value is shorter than allowed. Complete it and send again."},
    {REFUSED_MALFORMED, "malformed", 422, "格式不正确", "请按提示的格式填写。",
     "The value does not have the expected form."},
    {REFUSED_OUT_OF_RANGE, "out_of_range", 422, "数值超出范围", "请填写范围内的数值。",
     "The value lies outside the allowed range."},
    {REFUSED_REPEATED, "repeated", 422, "同一项内容重复提交", "每一项只填写一次，请返回上一页重新提交。",
     "A single field was sent more than once."},
    {REFUSED_BODY, "body", 400, "请求内容无法读取", "请返回上一页，刷新后重新提交。",
     "The body is not the form or JSON document it claims to be."},
    {REFUSED_TOO_LARGE, "too_large", 413, "提交内容过大", "请减小内容或文件后重新提交。",
     "The body is larger than allowed."},
    {REFUSED_UNSUPPORTED, "unsupported", 415, "不支持的内容类型", "请返回上一页，用页面上的表单重新提交。",
     "This media type is not accepted here."},
    {REFUSED_METHOD, "method", 405, "此网址不支持这种操作", "请从网站的链接或按钮进入。",
     "This address does not take this method; Allow names those it does."},
    {REFUSED_SIGN_IN, "sign_in", 401, "请先登录", "登录后可继续办理。", "Sign in first."},
    {REFUSED_ROLE, "role", 403, "当前岗位无此权限", "如确需办理，请联系管理员。",
     "Your role does not allow this. Ask an administrator if you need it."},
    {REFUSED_TOKEN, "token", 403, "页面已失效", "请返回上一页，刷新后重新提交。",
     "The form is stale or came from another site. Reload the page and send again."},
    {REFUSED_PASSWORD, "password", 403, "账号或密码不正确", "请核对后重试，或联系管理员。",
     "The account and password do not match, or the account is closed."},
    {REFUSED_GRANT, "grant", 403, "超出授权范围", "请由有授权的人员办理，或先办理授权。",
     "The decision lies outside the delegation."},
    {REFUSED_SAME_PERSON, "same_person", 403, "审查与核准不得为同一人", "请由另一名工作人员核准。",
     "Review and verification must be done by two people."},
    {REFUSED_DEPARTMENT, "department", 403, "不属于本部门的事项", "请转由承办部门办理。",
     "The matter belongs to another department."},
    {REFUSED_LOOK_ONLY, "look_only", 403, "监督、审计岗位只能查看", "发现问题请通过督办渠道提出。",
     "Supervisors and auditors look and touch nothing."},
    {REFUSED_TOO_MANY, "too_many", 429, "操作过于频繁", "请等几分钟再试。", "Too many attempts; wait."},
    {REFUSED_NOT_FOUND, "not_found", 404, "没有找到", "请核对编号、查询码或网址。",
     "Nothing was found at this address."},
    {REFUSED_STATE, "state", 409, "当前状态不能进行此操作", "请查看最新情况。",
     "This is not possible in the present state. Reload and look again."},
    {REFUSED_STALE, "stale", 409, "情况已有变化", "请核对最新情况后再办理。",
     "Somebody else was first. Reload and look again."},
    {REFUSED_EXISTS, "exists", 409, "已经存在", "请使用已有的记录，或换一个名称。",
     "It is there already."},
    {REFUSED_NOT_YET, "not_yet", 409, "时间未到", "请在规定时间开始后办理。", "It is too early for this."},
    {REFUSED_TOO_LATE, "too_late", 409, "已超过规定时间", "如有正当理由，请联系工作人员。",
     "The time for this has passed."},
    {REFUSED_ONCE, "once", 409, "此操作只能进行一次", "该操作已经办理过，请查看最新情况。", "This may be done only once."},
    {REFUSED_CALENDAR, "calendar", 409, "该年度工作日历尚未公布",
     "请在国务院办公厅公布节假日安排并导入后再试。",
     "The calendar of that year is not published; it is never guessed. Import it first."},
    {REFUSED_MATERIAL, "material", 422, "材料不齐或不可容缺", "请按一次性告知单补齐材料。",
     "A required material is missing or cannot be deferred."},
    {REFUSED_REASON, "reason", 422, "必须说明理由", "请写明理由和依据。", "The law asks for a reason."},
    {REFUSED_ITEM, "item", 409, "该事项目前不能申请", "请查看办事指南中的有效日期。",
     "The item is not offered now."},
    {REFUSED_IDEMPOTENCY, "idempotency", 422, "这份表单已经用于另一次提交", "请刷新页面，重新填写后提交。",
     "The Idempotency-Key was used for a different request."},
    {REFUSED_REFERENCE, "reference", 422, "引用的对象不存在", "请核对后重新选择。",
     "Something that does not exist is named."},
    {REFUSED_CONFLICT, "conflict", 422, "内容前后矛盾", "请核对相关各项后重新提交。",
     "Parts of the input contradict each other."},
    {REFUSED_LIMIT, "limit", 422, "超过上限", "请按上限调整后重新提交。", "Over a limit of the house or the law."},
    {OK, NULL, 0, NULL, NULL, NULL},
};

const struct refusal_text *refusal_text(enum refusal code)
{
    for (size_t i = 0; list[i].name; i++)
        if (list[i].code == code)
            return &list[i];
    return &list[0];
}

const struct refusal_text *refusal_list(void)
{
    return list;
}
