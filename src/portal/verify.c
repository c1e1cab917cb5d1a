/* Verifying a receipt: the proof that somebody brings, against the region's public key. */
#include "approval/case/case.h"
#include "journal/journal.h"
#include "portal/portal.h"

#define F(record, member) .name = #member, .offset = offsetof(struct record, member)

/* Bytes of what is brought; a receipt has two or three thousand. */
#define PROOF_MOST 100000

struct verify_ask {
    struct text proof;   /* the whole file, pasted */
    struct text file;    /* or the file itself */
    struct text receipt; /* or the number of an entry, whose receipt is fetched: what a printed code
                            asks. Neither: the form is shown. */
};
static const struct field ask_fields[] = {
    {F(verify_ask, proof), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = PROOF_MOST,
     .label = "回执内容"},
    /* More than a body may hold: what is too long is told on the page. */
    {F(verify_ask, file), .type = FIELD_TEXT, .flags = FIELD_LINES, .high = 1000000,
     .label = "回执文件"},
    {F(verify_ask, receipt), .type = FIELD_TEXT, .flags = FIELD_CODE, .high = 19,
     .label = "日志序号"},
};
static const struct shape ask_shape = {"verify_ask", "核验回执", sizeof(struct verify_ask),
                                       SHAPE_FIELDS(ask_fields)};

struct verify_page {
    struct text proof;
    struct text receipt; /* the address of the receipt that holds, for a code to be photographed */
    bool asked;
    bool by_file; /* a file was brought: what is wrong with it is said there */
    bool holds;
    struct text wrong; /* why it does not hold */
    int64_t index;
    int64_t size;
    struct text origin;
    struct text root; /* hex */
    int64_t at;
    struct text kind;
    struct text kind_said; /* "受理", or the kind itself */
    struct text document_no; /* of the paper that the step made: to be held against the printed one */
    struct text subject;
    struct text actor;
    struct text actor_said; /* in what post: names are no part of the journal */
    struct text entry; /* the canonical JSON */
    struct text vkey;
};
static const struct field page_fields[] = {
    {F(verify_page, proof), .type = FIELD_TEXT, .label = "回执内容"},
    {F(verify_page, receipt), .type = FIELD_TEXT, .label = "回执地址"},
    {F(verify_page, asked), .type = FIELD_BOOL, .label = "已核验"},
    {F(verify_page, by_file), .type = FIELD_BOOL, .label = "以文件核验"},
    {F(verify_page, holds), .type = FIELD_BOOL, .label = "有效"},
    {F(verify_page, wrong), .type = FIELD_TEXT, .label = "原因"},
    {F(verify_page, index), .type = FIELD_INT, .label = "日志序号"},
    {F(verify_page, size), .type = FIELD_INT, .label = "日志长度"},
    {F(verify_page, origin), .type = FIELD_TEXT, .label = "日志名称"},
    {F(verify_page, root), .type = FIELD_TEXT, .label = "根哈希"},
    {F(verify_page, at), .type = FIELD_TIME, .label = "时间"},
    {F(verify_page, kind), .type = FIELD_TEXT, .label = "事件"},
    {F(verify_page, kind_said), .type = FIELD_TEXT, .label = "办理步骤"},
    {F(verify_page, document_no), .type = FIELD_TEXT, .label = "文书编号"},
    {F(verify_page, subject), .type = FIELD_TEXT, .label = "对象"},
    {F(verify_page, actor), .type = FIELD_TEXT, .label = "办理人"},
    {F(verify_page, actor_said), .type = FIELD_TEXT, .label = "办理人身份"},
    {F(verify_page, entry), .type = FIELD_TEXT, .label = "日志内容"},
    {F(verify_page, vkey), .type = FIELD_TEXT, .label = "公钥"},
};
static const struct shape page_shape = {"verify", "核验回执", sizeof(struct verify_page),
                                        SHAPE_FIELDS(page_fields)};

/* A text area sends the file without the line feed at its end. */
static struct text with_end(struct text proof, struct arena *arena)
{
    return text_ends(proof, TEXT("\n")) ? proof
                                        : text_format(arena, "%.*s\n", TEXT_ARG(proof));
}

static const struct event_kind *kind_named(struct text kind)
{
    const struct event_kind *const *kinds = case_module.events;
    for (size_t i = 0; kinds[i]; i++)
        if (text_is(kind, kinds[i]->name))
            return kinds[i];
    return NULL;
}

static struct text document_no(const struct event_kind *kind, struct text body, struct arena *arena)
{
    const struct field *number = shape_field(kind->shape, TEXT("document_no"));
    void *read = arena_alloc(arena, kind->shape->size);
    struct fault unread = {0};
    if (!number || !shape_read_json(kind->shape, body, arena, read, &unread))
        return TEXT("");
    return field_text(number, read, arena);
}

static struct text actor_said(struct text actor)
{
    if (text_starts(actor, TEXT("account:")))
        return TEXT("工作人员");
    return text_is(actor, "system") ? TEXT("系统") : TEXT("申请人");
}

static void show_entry(const struct proof *proof, struct arena *arena, struct verify_page *page)
{
    struct entry entry;
    struct fault unread = {0};
    page->entry = proof->extra;
    if (!entry_read(proof->extra, arena, &entry, &unread))
        return;
    page->at = entry.head.at;
    page->kind = entry.head.kind;
    page->subject = entry.head.subject;
    page->actor = entry.head.actor;
    const struct event_kind *kind = kind_named(page->kind);
    page->kind_said = kind ? text_of(kind->title) : page->kind;
    if (kind)
        page->document_no = document_no(kind, entry.body, arena);
    page->actor_said = actor_said(page->actor);
}

/* The receipt of an entry of this region; false where there is none, or with a fault. */
static bool fetch(const struct look_context *context, struct text number,
                  struct verify_page *page, struct fault *why)
{
    int64_t index;
    bool found = false;
    return text_int(number, &index) && index >= 0 &&
           journal_receipt(context->db, context->region, index, context->arena, &page->proof,
                           &found, why) &&
           found;
}

/* What was brought, as a proof; or why it is none. */
static bool read_proof(const struct verify_ask *ask, struct verify_page *page, struct arena *arena,
                       struct proof *proof)
{
    struct text brought = page->by_file ? ask->file : page->proof;
    if (brought.len > PROOF_MOST)
        page->wrong = TEXT("文件太大，不是回执文件。回执文件只有几KB，请选择下载的 .tlog-proof 文件。");
    else if (proof_read(with_end(brought, arena), arena, proof))
        return true;
    else if (page->by_file)
        page->wrong = TEXT("这不是一份完整的回执文件。请选择下载的 .tlog-proof 文件，不要改动其内容。");
    else
        page->wrong = TEXT("这不是一份完整的回执。请粘贴回执文件的全部内容，从第一行开始。");
    return false;
}

static enum refusal look_verify(const struct look_context *context, const void *query, void *out,
                                struct fault *why)
{
    const struct verify_ask *ask = query;
    struct verify_page *page = out;
    struct text vkeys;
    struct proof proof;
    struct checkpoint seen;
    struct fault wrong = {0};
    page->proof = ask->proof;
    page->by_file = !ask->proof.len && ask->file.len;
    if (!journal_vkey(context->db, context->region, context->arena, &page->vkey, why))
        return OK;
    if (!page->proof.len && !page->by_file && ask->receipt.len &&
        !fetch(context, ask->receipt, page, why))
        return why->why[0] ? OK : REFUSED_NOT_FOUND;
    page->asked = page->by_file || page->proof.len > 0;
    if (!page->asked)
        return OK;
    /* A receipt of a former key's time holds as well. */
    if (!journal_vkeys(context->db, context->region, context->arena, &vkeys, why))
        return OK;
    if (!read_proof(ask, page, context->arena, &proof))
        return OK;
    page->holds = vkeys_verify(vkeys, &proof, context->arena, &seen, &wrong);
    page->index = proof.index;
    if (!page->holds) {
        page->wrong = TEXT("回执与日志不符：内容被改动过，或者不是本中心出具的。");
        return OK;
    }
    page->size = seen.size;
    page->origin = seen.origin;
    page->receipt = text_format(context->arena, "/receipts/%06lld/%lld",
                                (long long)context->region, (long long)proof.index);
    page->root = hash_hex(context->arena, &seen.root);
    show_entry(&proof, context->arena, page);
    return OK;
}

const struct look verify_look = {
    .name = "portal.verify",
    .title = "核验回执",
    .path = "/verify",
    .roles = ROLE_ANYONE | ROLE_APPLICANT,
    .by_post = true,
    .query = &ask_shape,
    .page = &page_shape,
    .template = "portal/verify.html",
    .look = look_verify,
};
