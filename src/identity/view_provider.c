/* The pages on the way to another house and back. */
#include "identity/pages.h"
#include "identity/provider.h"

static const struct field leave_page_fields[] = {
    {FIELD(leave_page, url), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "前往地址"},
    {FIELD(leave_page, name), .type = FIELD_TEXT, .label = "统一身份认证"},
    {FIELD(leave_page, out), .type = FIELD_BOOL, .label = "退出"},
};
SHAPE(leave_page, "前往统一身份认证");

struct back_page {
    struct text code, state, error, iss;
    bool linking; /* to the own account, instead of signing in */
};
static const struct field back_query_fields[] = {
    {FIELD(back_page, code), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 4000,
     .label = "code"},
    {FIELD(back_page, state), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 200,
     .label = "state"},
    {FIELD(back_page, error), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 100,
     .label = "error"},
    {FIELD(back_page, iss), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 500, .label = "iss"},
};
static const struct shape back_query_shape = {"back_query", "从统一身份认证返回",
                                              sizeof(struct back_page),
                                              SHAPE_FIELDS(back_query_fields)};
static const struct field back_page_fields[] = {
    {FIELD(back_page, code), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "code"},
    {FIELD(back_page, state), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "state"},
    {FIELD(back_page, error), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "error"},
    {FIELD(back_page, iss), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "iss"},
    {FIELD(back_page, linking), .type = FIELD_BOOL, .label = "绑定"},
};
SHAPE(back_page, "从统一身份认证返回");

static const struct field link_row_fields[] = {
    {FIELD(link_row, link_id), .type = FIELD_INT, .label = "绑定编号"},
    {FIELD(link_row, name), .type = FIELD_TEXT, .label = "统一身份认证"},
    {FIELD(link_row, issuer), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "认证系统地址"},
    {FIELD(link_row, subject), .type = FIELD_TEXT, .flags = FIELD_CODE,
     .label = "对方系统中的编号"},
    {FIELD(link_row, linked_at), .type = FIELD_TIME, .label = "绑定时间"},
};
const struct shape link_row_shape = {"link_row", "绑定", sizeof(struct link_row),
                                     SHAPE_FIELDS(link_row_fields)};
static const struct field provider_row_fields[] = {
    {FIELD(provider_row, provider), .type = FIELD_TEXT, .flags = FIELD_CODE, .label = "代码"},
    {FIELD(provider_row, name), .type = FIELD_TEXT, .label = "名称"},
};
const struct shape provider_row_shape = {"provider_row", "统一身份认证",
                                         sizeof(struct provider_row),
                                         SHAPE_FIELDS(provider_row_fields)};

struct list view_providers(const struct look_context *context)
{
    size_t count = oidc_count(context->providers);
    struct provider_row *rows = arena_array(context->arena, count, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        const struct oidc_setting *setting = oidc_at(context->providers, i);
        rows[i] = (struct provider_row){setting->key, setting->name};
    }
    return (struct list){rows, count};
}

/* What people call an issuer; its address where nobody calls it anything (any more). */
static struct text name_of_issuer(const struct look_context *context, struct text issuer)
{
    for (size_t i = 0; i < oidc_count(context->providers); i++)
        if (text_equal(oidc_at(context->providers, i)->issuer, issuer))
            return oidc_at(context->providers, i)->name;
    return issuer;
}

bool view_links(const struct look_context *context, int64_t account_id, struct list *out,
                struct fault *why)
{
    struct list links;
    if (!read_links(context->db, context->region, account_id, context->arena, &links, why))
        return false;
    const struct link *link = links.items;
    struct link_row *rows = arena_array(context->arena, links.count, sizeof *rows);
    for (size_t i = 0; i < links.count; i++)
        rows[i] = (struct link_row){link[i].link_id, name_of_issuer(context, link[i].issuer),
                                    link[i].issuer, link[i].subject, link[i].linked_at};
    *out = (struct list){rows, links.count};
    return true;
}

static enum refusal look_leave(const struct look_context *context, const void *query, void *page,
                               struct fault *why)
{
    (void)context, (void)query, (void)page, (void)why;
    return OK; /* the page that has somewhere to go answers a form */
}

/* Nothing happens by looking: what was brought goes on when its form is sent. */
static enum refusal look_back(const struct look_context *context, const void *query, void *out,
                              struct fault *why)
{
    struct back_page *page = out;
    (void)context, (void)why;
    *page = *(const struct back_page *)query;
    page->linking = oidc_state_links(page->state);
    return OK;
}

const struct look identity_leave_look = {
    .name = "identity.sign_in.leave",
    .title = "前往统一身份认证",
    .path = "/staff/sign-in/leave",
    .roles = ROLE_ANYONE,
    .page = &leave_page_shape,
    .template = "identity/leave.html",
    .look = look_leave,
};
const struct look back_look = {
    .name = "identity.sign_in.back",
    .title = "继续登录",
    .path = OIDC_BACK_PATH,
    .roles = ROLE_ANYONE,
    .query = &back_query_shape,
    .page = &back_page_shape,
    .template = "identity/back.html",
    .look = look_back,
};
