/* What may be asked of the second step of signing in: the inputs, field by field, and the commands.
 */
#include "identity/parts.h"

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)
#define SHAPE(record, words)                                                                       \
    const struct shape record##_shape = {#record, words, sizeof(struct record),                    \
                                         SHAPE_FIELDS(record##_fields)}

static const struct field sign_in_code_fields[] = {
    {FIELD(sign_in_code, code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
     .high = 40, .label = "验证码", .hint = "验证器显示的6位数字，或一个恢复码。"},
    {FIELD(sign_in_code, next), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500,
     .label = "登录后前往"},
};
SHAPE(sign_in_code, "两步登录");

static const struct field totp_begin_fields[] = {
    {FIELD(totp_begin, current), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
     .high = 128, .label = "当前密码"},
};
SHAPE(totp_begin, "开始启用两步登录");

static const struct field totp_confirm_fields[] = {
    {FIELD(totp_confirm, code), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
     .high = 40, .label = "验证码", .hint = "验证器此刻显示的6位数字。"},
};
SHAPE(totp_confirm, "启用两步登录");

static const struct field totp_reset_fields[] = {
    {FIELD(totp_reset, account_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1,
     .label = "账号编号"},
    {FIELD(totp_reset, reason), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_LINES, .low = 2, .high = 500,
     .label = "重设原因"},
};
SHAPE(totp_reset, "重设两步登录");

const struct command identity_sign_in_code = {
    .name = "identity.sign_in.code",
    .title = "两步登录",
    .said = "已登录。",
    .path = SIGN_IN_CODE_PATH,
    .roles = ROLE_ANYONE | ROLE_STAFF,
    .input = &sign_in_code_shape,
    .prepare = prepare_sign_in_code,
    .read = read_sign_in_code,
    .decide = decide_sign_in_code,
};
const struct command identity_totp_begin = {
    .name = "identity.totp.begin",
    .title = "开始启用两步登录",
    .said = "请用验证器扫描二维码，再输入验证码。",
    .path = TOTP_PATH,
    .roles = ROLE_STAFF,
    .input = &totp_begin_shape,
    .prepare = prepare_totp_begin,
    .read = read_totp_own,
    .decide = decide_totp_begin,
};
const struct command identity_totp_confirm = {
    .name = "identity.totp.confirm",
    .title = "启用两步登录",
    .said = "两步登录已启用。",
    .path = TOTP_PATH "/confirm",
    .roles = ROLE_STAFF,
    .input = &totp_confirm_shape,
    .prepare = prepare_totp_confirm,
    .read = read_totp_own,
    .decide = decide_totp_confirm,
};
const struct command identity_totp_reset = {
    .name = "identity.totp.reset",
    .title = "重设两步登录",
    .said = "两步登录已重设，该账号须重新启用。",
    .path = "/staff/accounts/{account_id}/second",
    .roles = ROLE_SECURITY | ROLE_IMPORTER,
    .input = &totp_reset_shape,
    .read = read_totp_reset,
    .decide = decide_totp_reset,
};
