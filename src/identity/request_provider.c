/* What may be asked of signing in by another house's word: the inputs, field by field, and the
 * commands. */
#include "identity/provider.h"

#define FIELD(record, member) .name = #member, .offset = offsetof(struct record, member)
#define SHAPE(record, words)                                                                       \
    static const struct shape record##_shape = {#record, words, sizeof(struct record),             \
                                                SHAPE_FIELDS(record##_fields)}
#define PROVIDER_FIELD(record)                                                                     \
    {                                                                                              \
        FIELD(record, provider), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_CODE,         \
            .high = 20, .label = "统一身份认证"                                                    \
    }
/* What comes back is as long as the provider likes, within reason. */
#define BACK_FIELD(member, most)                                                                   \
    {                                                                                              \
        FIELD(provider_back, member), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = (most),     \
            .label = #member                                                                       \
    }

static const struct field with_fields[] = {
    PROVIDER_FIELD(provider_begin),
    {FIELD(provider_begin, next), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500,
     .label = "登录后前往"},
};
static const struct shape with_shape = {"sign_in_with", "用统一身份认证登录",
                                        sizeof(struct provider_begin), SHAPE_FIELDS(with_fields)};
static const struct field link_begin_fields[] = {
    PROVIDER_FIELD(provider_begin),
    {FIELD(provider_begin, current), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET,
     .high = 128, .label = "当前密码"},
};
static const struct shape link_begin_shape = {"link_begin", "绑定统一身份认证",
                                              sizeof(struct provider_begin),
                                              SHAPE_FIELDS(link_begin_fields)};
static const struct field provider_back_fields[] = {
    BACK_FIELD(code, 4000),
    BACK_FIELD(state, 200),
    BACK_FIELD(error, 100),
    BACK_FIELD(iss, 500),
};
SHAPE(provider_back, "从统一身份认证返回");
static const struct field provider_leave_fields[] = {
    PROVIDER_FIELD(provider_leave),
};
SHAPE(provider_leave, "退出统一身份认证");
static const struct field link_add_fields[] = {
    {FIELD(link_add, account_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 1,
     .label = "账号编号"},
    PROVIDER_FIELD(link_add),
    {FIELD(link_add, subject), .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_PRIVATE | FIELD_CODE, .high = 255, .label = "对方系统中的编号",
     .hint = "本人第一次用统一身份认证登录时，登录页会显示该编号。"},
};
SHAPE(link_add, "绑定统一身份认证");
static const struct field link_remove_fields[] = {
    {FIELD(link_remove, link_id), .type = FIELD_INT, .flags = FIELD_REQUIRED, .low = 0,
     .label = "绑定编号"},
};
SHAPE(link_remove, "解除绑定");

const struct command identity_sign_in_with = {
    .name = "identity.sign_in.with",
    .title = "用统一身份认证登录",
    .said = "请在统一身份认证登录。",
    .path = "/staff/sign-in/with/{provider}",
    .roles = ROLE_ANYONE | ROLE_STAFF,
    .input = &with_shape,
    .prepare = prepare_sign_in_with,
    .outside = true,
    .decide = decide_sign_in_with,
};
const struct command identity_sign_in_back = {
    .name = "identity.sign_in.back",
    .title = "继续登录",
    .said = "已登录。",
    .path = OIDC_BACK_PATH,
    .roles = ROLE_ANYONE | ROLE_STAFF,
    .input = &provider_back_shape,
    .prepare = prepare_sign_in_back,
    .outside = true,
    .read = read_sign_in_back,
    .decide = decide_sign_in_back,
};
const struct command identity_sign_out_there = {
    .name = "identity.sign_out.there",
    .title = "退出统一身份认证",
    .said = "已退出本系统。",
    .path = "/staff/sign-out/{provider}",
    .roles = ROLE_ANYONE | ROLE_STAFF,
    .input = &provider_leave_shape,
    .prepare = prepare_sign_out_there,
    .outside = true,
    .decide = decide_sign_out_there,
};
const struct command identity_link_begin = {
    .name = "identity.link.begin",
    .title = "绑定统一身份认证",
    .said = "请在统一身份认证登录。",
    .path = "/staff/me/links/{provider}",
    .roles = ROLE_STAFF,
    .input = &link_begin_shape,
    .prepare = prepare_link_begin,
    .outside = true,
    .read = read_link_begin,
    .decide = decide_link_begin,
};
const struct command identity_link_back = {
    .name = "identity.link.back",
    .title = "完成绑定",
    .said = "统一身份认证已绑定。",
    .path = "/staff/me/links",
    .roles = ROLE_STAFF,
    .input = &provider_back_shape,
    .prepare = prepare_link_back,
    .outside = true,
    .read = read_link_back,
    .decide = decide_link_back,
};
const struct command identity_link_add = {
    .name = "identity.link.add",
    .title = "绑定统一身份认证",
    .said = "统一身份认证已绑定。",
    .path = "/staff/accounts/{account_id}/links",
    .roles = ROLE_SECURITY | ROLE_IMPORTER,
    .input = &link_add_shape,
    .read = read_link_add,
    .decide = decide_link_add,
};
const struct command identity_link_remove = {
    .name = "identity.link.remove",
    .title = "解除绑定",
    .said = "绑定已解除。",
    .path = "/staff/links/{link_id}/remove",
    .roles = ROLE_STAFF | ROLE_IMPORTER,
    .input = &link_remove_shape,
    .read = read_link_remove,
    .decide = decide_link_remove,
};
