/* The pages of signing in and of the second step. */
#include "identity/pages.h"

struct sign_in_query {
    struct text next;
};
static const struct field sign_in_query_fields[] = {
    {FIELD(sign_in_query, next), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500,
     .label = "登录后前往"},
};
SHAPE(sign_in_query, "登录");

/* With the other ways in, and, after signing out, the house that one came by. */
struct sign_in_page_query {
    struct text next;
    struct text left;
};
static const struct field sign_in_page_query_fields[] = {
    {FIELD(sign_in_page_query, next), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500,
     .label = "登录后前往"},
    {FIELD(sign_in_page_query, left), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 20,
     .label = "退出前使用的统一身份认证"},
};
SHAPE(sign_in_page_query, "登录");
struct sign_in_page {
    struct text next;
    struct list providers;    /* struct provider_row */
    struct list left;         /* struct provider_row: none or one */
};
static const struct field sign_in_page_fields[] = {
    {FIELD(sign_in_page, next), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "登录后前往"},
    {FIELD(sign_in_page, providers), .type = FIELD_LIST, .label = "其他登录方式",
     .of = &provider_row_shape},
    {FIELD(sign_in_page, left), .type = FIELD_LIST, .label = "退出前使用的统一身份认证",
     .of = &provider_row_shape},
};
SHAPE(sign_in_page, "登录");

/* The secret and the recovery codes are shown to their owner's own session, until a code has shown
 * that the authenticator has them; then never again. */
struct totp_page {
    bool on;
    bool begun;
    int64_t confirmed_at;
    int64_t recovery_left;
    struct text link;     /* otpauth:, what the QR code says */
    struct text secret;   /* the same to be typed: base32 in groups of four */
    struct list recovery; /* struct text */
};
static const struct field totp_page_fields[] = {
    {FIELD(totp_page, on), .type = FIELD_BOOL, .label = "已启用"},
    {FIELD(totp_page, begun), .type = FIELD_BOOL, .label = "已开始启用"},
    {FIELD(totp_page, confirmed_at), .type = FIELD_TIME, .label = "启用时间"},
    {FIELD(totp_page, recovery_left), .type = FIELD_INT, .label = "剩余恢复码"},
    {FIELD(totp_page, link), .type = FIELD_TEXT, .label = "验证器链接"},
    {FIELD(totp_page, secret), .type = FIELD_TEXT, .label = "密钥"},
    {FIELD(totp_page, recovery), .type = FIELD_TEXTS, .label = "恢复码"},
};
SHAPE(totp_page, "两步登录");

static enum refusal look_sign_in(const struct look_context *context, const void *query, void *out,
                                 struct fault *why)
{
    const struct sign_in_page_query *wanted = query;
    const struct oidc_setting *left = oidc_find(context->providers, wanted->left);
    struct sign_in_page *page = out;
    (void)why;
    page->next = wanted->next;
    page->providers = view_providers(context);
    if (left) {
        struct provider_row *row = arena_alloc(context->arena, sizeof *row);
        *row = (struct provider_row){left->key, left->name};
        page->left = (struct list){row, 1};
    }
    return OK;
}

static enum refusal look_code(const struct look_context *context, const void *query, void *page,
                              struct fault *why)
{
    (void)context, (void)why;
    *(struct sign_in_query *)page = *(const struct sign_in_query *)query;
    return OK;
}

static struct text in_groups(struct text words, struct arena *arena)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < words.len; i++) {
        if (i && i % 4 == 0)
            buf_char(&out, ' ');
        buf_char(&out, words.at[i]);
    }
    return buf_done(&out);
}

static bool show_secret(const struct look_context *context, const struct totp *totp,
                        struct totp_page *page, struct fault *why)
{
    struct arena *arena = context->arena;
    const struct actor *actor = context->actor;
    struct account account;
    struct text key, secret;
    bool found;
    if (!identity_account(context->db, context->region, actor->account, arena, &account, &found,
                          why) ||
        !read_house_key(context->db, context->region, arena, &key, why))
        return false;
    if (!found || !totp_open(key, context->region, actor->account, totp->sealed, arena, &secret))
        return true;
    struct text words = totp_words(secret, arena);
    struct buf link = {.arena = arena};
    buf_str(&link, "otpauth://totp/Yimen:");
    buf_url(&link, account.login);
    buf_format(&link, "?secret=%.*s&issuer=Yimen&algorithm=SHA1&digits=6&period=30",
               TEXT_ARG(words));
    page->begun = true;
    page->link = buf_done(&link);
    page->secret = in_groups(words, arena);
    struct text *codes = arena_array(arena, RECOVERY_CODES, sizeof *codes);
    for (int i = 0; i < RECOVERY_CODES; i++)
        codes[i] = totp_recovery(secret, i, arena);
    page->recovery = (struct list){codes, RECOVERY_CODES};
    return true;
}

static enum refusal look_totp(const struct look_context *context, const void *query, void *out,
                              struct fault *why)
{
    struct totp_page *page = out;
    struct totp totp;
    (void)query;
    if (!read_totp(context->db, context->region, context->actor->account, context->arena, &totp,
                   why))
        return OK;
    page->on = totp.confirmed_at;
    page->confirmed_at = totp.confirmed_at;
    if (page->on)
        read_recovery_left(context->db, context->region, context->actor->account, context->arena,
                           &page->recovery_left, why);
    else if (totp.found && context->actor->session.len)
        show_secret(context, &totp, page, why);
    return OK;
}

const struct look sign_in_look = {
    .name = "identity.sign_in",
    .title = "工作人员登录",
    .path = "/staff/sign-in",
    .roles = ROLE_ANYONE,
    .query = &sign_in_page_query_shape,
    .page = &sign_in_page_shape,
    .template = "identity/sign_in.html",
    .look = look_sign_in,
};
const struct look sign_in_code_look = {
    .name = "identity.sign_in.code",
    .title = "两步登录",
    .path = SIGN_IN_CODE_PATH,
    .roles = ROLE_ANYONE,
    .query = &sign_in_query_shape,
    .page = &sign_in_query_shape,
    .template = "identity/sign_in_code.html",
    .look = look_code,
};
const struct look totp_look = {
    .name = "identity.totp",
    .title = "两步登录设置",
    .path = TOTP_PATH,
    .roles = ROLE_STAFF,
    .page = &totp_page_shape,
    .template = "identity/totp.html",
    .look = look_totp,
};
