/* What may be asked of identity: the inputs, field by field, and the list of commands. */
#include "identity/parts.h"

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)

#define ROLE_FIELD(member, words)                                                                  \
    {                                                                                              \
        FIELD(role_set, member), .type = FIELD_BOOL, .label = words                                \
    }
static const struct field role_set_fields[] = {
    ROLE_FIELD(clerk, "窗口受理"),   ROLE_FIELD(reviewer, "审查"),
    ROLE_FIELD(verifier, "核准（首席审批员）"), ROLE_FIELD(head, "部门负责人"),
    ROLE_FIELD(manager, "中心管理"), ROLE_FIELD(supervisor, "监督（只读）"),
    ROLE_FIELD(administrator, "系统管理"), ROLE_FIELD(security, "安全管理"),
    ROLE_FIELD(auditor, "审计管理（只读）"),
};
const struct shape role_set_shape = {"role_set", "岗位", sizeof(struct role_set),
                                     SHAPE_FIELDS(role_set_fields)};

#define POWER_FIELD(member, words)                                                                 \
    {                                                                                              \
        FIELD(power_set, member), .type = FIELD_BOOL, .label = words                               \
    }
static const struct field power_set_fields[] = {
    POWER_FIELD(receive, "受理"), POWER_FIELD(review, "审查"), POWER_FIELD(decide, "决定"),
    POWER_FIELD(sign, "签发"),    POWER_FIELD(seal, "盖章"),   POWER_FIELD(extend, "延期"),
};
const struct shape power_set_shape = {"power_set", "权限", sizeof(struct power_set),
                                      SHAPE_FIELDS(power_set_fields)};

const struct word account_state_words[] = {
    {"none", ""}, {"open", "启用"}, {"closed", "停用"}, {NULL, NULL}};

/* Plain letters, digits and . _ - @ alone: of two names that look alike (full-width letters, letters of
 * other scripts) one could pass for the other. ':' parts kind and id where actors are named, as in the
 * names of imported accounts, which nobody types. */
static bool login_good(struct text login)
{
    for (size_t i = 0; i < login.len; i++) {
        char c = login.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-' && c != '@')
            return false;
    }
    return true;
}

#define LOGIN_HINT "登录名只能用半角英文字母、数字和“.”“_”“-”“@”。"
#define LOGIN_FIELD(record)                                                                        \
    {                                                                                              \
        FIELD(record, login), .type = FIELD_TEXT,                                                  \
            .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_CODE, .low = 2, .high = 64,            \
            .label = "登录名", .check = login_good, .check_hint = LOGIN_HINT                       \
    }
#define DISPLAY_FIELD(record)                                                                      \
    {                                                                                              \
        FIELD(record, display), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PRIVATE,       \
            .high = 60, .label = "姓名"                                                            \
    }
#define ROLES_FIELD(record)                                                                        \
    {                                                                                              \
        FIELD(record, roles), .type = FIELD_RECORD, .label = "岗位", .of = &role_set_shape         \
    }
#define DEPARTMENT_FIELD(record)                                                                   \
    {                                                                                              \
        FIELD(record, department), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 60,            \
            .label = "部门代码", .hint = "中心自身的工作人员不选。"                                \
    }
#define PLACE_FIELD(record)                                                                        \
    {                                                                                              \
        FIELD(record, place), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 60,                 \
            .label = "办公地点代码"                                                                \
    }
#define ACCOUNT_ID_FIELD(record)                                                                   \
    {                                                                                              \
        FIELD(record, account_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1,           \
            .label = "账号编号"                                                                    \
    }
#define PASSWORD_FIELD(record, member, words, more)                                                \
    {                                                                                              \
        FIELD(record, member), .type = FIELD_TEXT, .flags = FIELD_SECRET | (more), .low = 10,      \
            .high = 128, .label = words, .hint = "至少10个字符，可以是一句话。"                    \
    }
#define INTERNAL_TEXT(record, member)                                                              \
    {                                                                                              \
        FIELD(record, member), .type = FIELD_TEXT, .flags = FIELD_INTERNAL | FIELD_SECRET,         \
            .high = 200, .label = #member                                                          \
    }
#define INTERNAL_BOOL(record, member)                                                              \
    {                                                                                              \
        FIELD(record, member), .type = FIELD_BOOL, .flags = FIELD_INTERNAL | FIELD_SECRET,         \
            .label = #member                                                                       \
    }

static const struct field account_create_fields[] = {
    LOGIN_FIELD(account_create),
    DISPLAY_FIELD(account_create),
    ROLES_FIELD(account_create),
    DEPARTMENT_FIELD(account_create),
    PLACE_FIELD(account_create),
    PASSWORD_FIELD(account_create, password, "初始密码", 0),
    INTERNAL_TEXT(account_create, password_hash),
    INTERNAL_BOOL(account_create, quick),
};
const struct shape account_create_shape = {"account_create", "新建账号",
                                           sizeof(struct account_create),
                                           SHAPE_FIELDS(account_create_fields)};

static const struct field account_import_fields[] = {
    LOGIN_FIELD(account_import),
    DISPLAY_FIELD(account_import),
    ROLES_FIELD(account_import),
    DEPARTMENT_FIELD(account_import),
    PLACE_FIELD(account_import),
};
const struct shape account_import_shape = {"account_import", "迁入账号",
                                           sizeof(struct account_import),
                                           SHAPE_FIELDS(account_import_fields)};

static const struct field account_change_fields[] = {
    ACCOUNT_ID_FIELD(account_change),
    DISPLAY_FIELD(account_change),
    PLACE_FIELD(account_change),
};
const struct shape account_change_shape = {"account_change", "修改账号",
                                           sizeof(struct account_change),
                                           SHAPE_FIELDS(account_change_fields)};

static const struct field account_assign_fields[] = {
    ACCOUNT_ID_FIELD(account_assign),
    ROLES_FIELD(account_assign),
    DEPARTMENT_FIELD(account_assign),
};
const struct shape account_assign_shape = {"account_assign", "授予岗位",
                                           sizeof(struct account_assign),
                                           SHAPE_FIELDS(account_assign_fields)};

static const struct field account_close_fields[] = {
    ACCOUNT_ID_FIELD(account_close),
    {FIELD(account_close, reason), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_LINES, .high = 500, .label = "停用原因"},
};
const struct shape account_close_shape = {"account_close", "停用账号",
                                          sizeof(struct account_close),
                                          SHAPE_FIELDS(account_close_fields)};

static const struct field password_set_fields[] = {
    ACCOUNT_ID_FIELD(password_set),
    PASSWORD_FIELD(password_set, password, "新密码", FIELD_REQUIRED),
    INTERNAL_TEXT(password_set, password_hash),
    INTERNAL_BOOL(password_set, quick),
};
const struct shape password_set_shape = {"password_set", "重设密码", sizeof(struct password_set),
                                         SHAPE_FIELDS(password_set_fields)};

static const struct field password_change_fields[] = {
    {FIELD(password_change, current), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
     .high = 128, .label = "当前密码"},
    PASSWORD_FIELD(password_change, password, "新密码", FIELD_REQUIRED),
    {FIELD(password_change, again), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
     .high = 128, .label = "再次输入新密码"},
    INTERNAL_BOOL(password_change, verified),
    INTERNAL_TEXT(password_change, hash_seen),
    INTERNAL_TEXT(password_change, password_hash),
    INTERNAL_BOOL(password_change, quick),
};
const struct shape password_change_shape = {"password_change", "修改密码",
                                            sizeof(struct password_change),
                                            SHAPE_FIELDS(password_change_fields)};

static const struct field sign_in_fields[] = {
    {FIELD(sign_in, login), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_CODE, .high = 64, .label = "登录名"},
    {FIELD(sign_in, password), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
     .high = 128, .label = "密码"},
    {FIELD(sign_in, next), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500,
     .label = "登录后前往"},
    INTERNAL_TEXT(sign_in, from),
    INTERNAL_BOOL(sign_in, verified),
    {FIELD(sign_in, wait_ms), .type = FIELD_INT, .flags = FIELD_INTERNAL | FIELD_SECRET,
     .label = "wait_ms"},
    INTERNAL_TEXT(sign_in, hash_seen),
    INTERNAL_TEXT(sign_in, login_hash),
    INTERNAL_TEXT(sign_in, name_hash),
    INTERNAL_TEXT(sign_in, device),
    INTERNAL_TEXT(sign_in, device_new),
    INTERNAL_TEXT(sign_in, token),
    INTERNAL_TEXT(sign_in, token_hash),
    INTERNAL_TEXT(sign_in, seen_key),
};
const struct shape sign_in_shape = {"sign_in", "登录", sizeof(struct sign_in),
                                    SHAPE_FIELDS(sign_in_fields)};
const struct shape sign_out_shape = {"sign_out", "退出登录", 1, NULL, 0};

static const struct field delegation_grant_fields[] = {
    {FIELD(delegation_grant, account_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1,
     .label = "被授权人"},
    {FIELD(delegation_grant, department), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_CODE, .high = 60, .label = "部门"},
    {FIELD(delegation_grant, document), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .high = 100,
     .label = "授权书文号"},
    {FIELD(delegation_grant, powers), .type = FIELD_RECORD, .label = "授权权限",
     .of = &power_set_shape},
    {FIELD(delegation_grant, all_items), .type = FIELD_BOOL, .label = "本部门全部事项"},
    {FIELD(delegation_grant, items), .type = FIELD_TEXTS, .flags = FIELD_CODE, .high = 500,
     .label = "事项代码", .hint = "不是全部事项时逐项选择。"},
    {FIELD(delegation_grant, amount_limit_fen), .type = FIELD_MONEY, .label = "金额上限（元）",
     .hint = "不填为不限。"},
    {FIELD(delegation_grant, area_limit_m2), .type = FIELD_INT, .label = "面积上限（平方米）",
     .hint = "不填为不限。"},
    {FIELD(delegation_grant, extend_limit_days), .type = FIELD_INT, .high = 60,
     .label = "延期上限（工作日）"},
    {FIELD(delegation_grant, valid_from_date), .type = FIELD_DATE, .flags = FIELD_REQUIRED,
     .label = "生效日期"},
    {FIELD(delegation_grant, valid_to_date), .type = FIELD_DATE, .label = "截止日期",
     .hint = "不填为撤销前一直有效。"},
    {FIELD(delegation_grant, substitute_account), .type = FIELD_INT, .label = "B岗账号编号"},
};
const struct shape delegation_grant_shape = {"delegation_grant", "授权",
                                             sizeof(struct delegation_grant),
                                             SHAPE_FIELDS(delegation_grant_fields)};

static const struct field delegation_revoke_fields[] = {
    {FIELD(delegation_revoke, delegation_id), .type = FIELD_INT, .flags = FIELD_REQUIRED,
     .label = "授权编号"},
    {FIELD(delegation_revoke, reason), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_LINES, .high = 500, .label = "撤销原因"},
};
const struct shape delegation_revoke_shape = {"delegation_revoke", "撤销授权",
                                              sizeof(struct delegation_revoke),
                                              SHAPE_FIELDS(delegation_revoke_fields)};

static const struct field absence_record_fields[] = {
    {FIELD(absence_record, account_id), .type = FIELD_INT, .label = "离岗人员",
     .hint = "不填为本人。"},
    {FIELD(absence_record, first_date), .type = FIELD_DATE, .flags = FIELD_REQUIRED,
     .label = "离岗第一天"},
    {FIELD(absence_record, last_date), .type = FIELD_DATE, .flags = FIELD_REQUIRED,
     .label = "离岗最后一天", .hint = "提前回岗时可以提前结束。"},
    {FIELD(absence_record, reason), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_LINES, .low = 2, .high = 500,
     .label = "离岗原因"},
};
const struct shape absence_record_shape = {"absence_record", "登记离岗",
                                           sizeof(struct absence_record),
                                           SHAPE_FIELDS(absence_record_fields)};

static const struct field absence_end_fields[] = {
    {FIELD(absence_end, absence_id), .type = FIELD_INT, .flags = FIELD_REQUIRED,
     .label = "离岗登记编号"},
};
const struct shape absence_end_shape = {"absence_end", "结束离岗", sizeof(struct absence_end),
                                        SHAPE_FIELDS(absence_end_fields)};

static const struct field token_create_fields[] = {
    ACCOUNT_ID_FIELD(token_create),
    {FIELD(token_create, label), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .high = 60,
     .label = "用途"},
    {FIELD(token_create, days), .type = FIELD_INT, .high = 365, .label = "有效天数",
     .hint = "不填为90天。"},
    INTERNAL_TEXT(token_create, token),
    INTERNAL_TEXT(token_create, token_hash),
};
const struct shape token_create_shape = {"token_create", "新建接口令牌",
                                         sizeof(struct token_create),
                                         SHAPE_FIELDS(token_create_fields)};
static const struct field token_revoke_fields[] = {
    {FIELD(token_revoke, token_id), .type = FIELD_INT, .flags = FIELD_REQUIRED,
     .label = "令牌编号"},
};
const struct shape token_revoke_shape = {"token_revoke", "撤销接口令牌",
                                         sizeof(struct token_revoke),
                                         SHAPE_FIELDS(token_revoke_fields)};

static const struct field account_made_fields[] = {
    {"account_id", FIELD_INT, 0, .label = "账号编号"},
};
const struct shape account_made_shape = {"account_made", "账号", sizeof(int64_t),
                                         SHAPE_FIELDS(account_made_fields)};

const struct command identity_account_create = {
    .name = "identity.account.create",
    .title = "新建账号",
    .said = "账号已建立。",
    .path = "/staff/accounts",
    .roles = ROLE_ADMINISTRATOR | ROLE_IMPORTER,
    .input = &account_create_shape,
    .prepare = prepare_account_create,
    .read = read_account_create,
    .decide = decide_account_create,
};
const struct command identity_account_import = {
    .name = "identity.account.import",
    .title = "迁入账号",
    .roles = ROLE_IMPORTER,
    .input = &account_import_shape,
    .read = read_account_import,
    .decide = decide_account_import,
};
const struct command identity_account_change = {
    .name = "identity.account.change",
    .title = "修改账号",
    .said = "账号已修改。",
    .path = "/staff/accounts/{account_id}",
    .roles = ROLE_ADMINISTRATOR | ROLE_IMPORTER,
    .input = &account_change_shape,
    .read = read_account_change,
    .decide = decide_account_change,
};
const struct command identity_account_assign = {
    .name = "identity.account.assign",
    .title = "授予岗位",
    .said = "岗位已保存。",
    .path = "/staff/accounts/{account_id}/roles",
    .roles = ROLE_SECURITY | ROLE_IMPORTER,
    .input = &account_assign_shape,
    .read = read_account_assign,
    .decide = decide_account_assign,
};
const struct command identity_account_close = {
    .name = "identity.account.close",
    .title = "停用账号",
    .said = "账号已停用。",
    .path = "/staff/accounts/{account_id}/close",
    .roles = ROLE_ADMINISTRATOR | ROLE_IMPORTER,
    .input = &account_close_shape,
    .read = read_account_close,
    .decide = decide_account_close,
};
const struct command identity_password_set = {
    .name = "identity.password.set",
    .title = "重设密码",
    .said = "密码已重设。",
    .path = "/staff/accounts/{account_id}/password",
    .roles = ROLE_SECURITY | ROLE_IMPORTER,
    .input = &password_set_shape,
    .prepare = prepare_password_set,
    .read = read_password_set,
    .decide = decide_password_set,
};
const struct command identity_password_change = {
    .name = "identity.password.change",
    .title = "修改密码",
    .said = "密码已修改。",
    .path = "/staff/me/password",
    .roles = ROLE_STAFF,
    .input = &password_change_shape,
    .prepare = prepare_password_change,
    .read = read_password_change,
    .decide = decide_password_change,
};
const struct command identity_sign_in = {
    .name = "identity.sign_in",
    .title = "登录",
    .said = "已登录。",
    .path = "/staff/sign-in",
    .roles = ROLE_ANYONE | ROLE_STAFF,
    .input = &sign_in_shape,
    .prepare = prepare_sign_in,
    .read = read_sign_in,
    .decide = decide_sign_in,
};
const struct command identity_sign_out = {
    .name = "identity.sign_out",
    .title = "退出登录",
    .said = "已退出登录。",
    .path = "/staff/sign-out",
    .roles = ROLE_STAFF,
    .input = &sign_out_shape,
    .decide = decide_sign_out,
};
const struct command identity_delegation_grant = {
    .name = "identity.delegation.grant",
    .title = "授权",
    .said = "授权已登记。",
    .path = "/staff/delegations",
    .roles = ROLE_HEAD | ROLE_SECURITY | ROLE_IMPORTER,
    .input = &delegation_grant_shape,
    .read = read_delegation_grant,
    .decide = decide_delegation_grant,
};
const struct command identity_delegation_revoke = {
    .name = "identity.delegation.revoke",
    .title = "撤销授权",
    .said = "授权已撤销。",
    .path = "/staff/delegations/{delegation_id}/revoke",
    .roles = ROLE_HEAD | ROLE_SECURITY | ROLE_IMPORTER,
    .input = &delegation_revoke_shape,
    .read = read_delegation_revoke,
    .decide = decide_delegation_revoke,
};
const struct command identity_absence_record = {
    .name = "identity.absence.record",
    .title = "登记离岗",
    .said = "离岗已登记。",
    .path = "/staff/absences",
    .roles = MAY_BE_ABSENT | ROLE_IMPORTER,
    .input = &absence_record_shape,
    .read = read_absence_record,
    .decide = decide_absence_record,
};
const struct command identity_absence_end = {
    .name = "identity.absence.end",
    .title = "结束离岗",
    .said = "离岗已结束。",
    .path = "/staff/absences/{absence_id}/end",
    .roles = MAY_BE_ABSENT | ROLE_IMPORTER,
    .input = &absence_end_shape,
    .read = read_absence_end,
    .decide = decide_absence_end,
};
const struct command identity_token_create = {
    .name = "identity.token.create",
    .title = "新建接口令牌",
    .said = "接口令牌已建立。",
    .path = "/staff/accounts/{account_id}/tokens",
    .roles = ROLE_SECURITY | ROLE_IMPORTER,
    .input = &token_create_shape,
    .prepare = prepare_token_create,
    .read = read_token_create,
    .decide = decide_token_create,
};
const struct command identity_token_revoke = {
    .name = "identity.token.revoke",
    .title = "撤销接口令牌",
    .said = "接口令牌已撤销。",
    .path = "/staff/tokens/{token_id}/revoke",
    .roles = ROLE_SECURITY | ROLE_IMPORTER,
    .input = &token_revoke_shape,
    .read = read_token_revoke,
    .decide = decide_token_revoke,
};
