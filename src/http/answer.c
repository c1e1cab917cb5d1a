#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/inside.h"

/* Bodies up to this size are copied behind their head and leave in one piece of memory. */
enum { INLINE_BODY = 16 * 1024 };

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {100, "Continue"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {425, "Too Early"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const char *http_reason(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

static void add(struct connection *c, struct text text)
{
    output_add(c, text.at, text.len);
}

static void add_number(struct connection *c, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    output_add(c, digits + at, sizeof digits - at);
}

static void add_status(struct connection *c, int status)
{
    add(c, TEXT("HTTP/1.1 "));
    add_number(c, status);
    add(c, TEXT(" "));
    add(c, text_of(http_reason(status)));
    add(c, TEXT("\r\n"));
    add(c, text_of(c->loop->date));
}

static bool has_body(int status)
{
    return status != 204 && status != 304 && status >= 200;
}

/* Writes the head. length < 0: the body has no length and ends with the connection.
 * NULL if the peer is gone. */
static struct connection *answer_head(struct http_request *request, int status,
                                      const char *media_type, int64_t length)
{
    if (request->state != REQUEST_FRESH)
        http_bug("a request was answered twice, or while it was parked");
    if (status < 200 || status > 599)
        http_bug("an answer with a status that is none");
    request->state = REQUEST_ANSWERED;
    struct connection *c = request->connection;
    if (!c)
        return NULL;
    if (request->loop->stopping || length < 0)
        request->head.close = true;
    add_status(c, status);
    if (media_type) {
        struct text type = text_of(media_type);
        if (!field_value_valid(type))
            http_bug("a media type with a control character");
        add(c, TEXT("Content-Type: "));
        add(c, type);
        add(c, TEXT("\r\n"));
    }
    if (length >= 0 && has_body(status)) {
        add(c, TEXT("Content-Length: "));
        add_number(c, length);
        add(c, TEXT("\r\n"));
    }
    add(c, buf_done(&request->fields));
    if (request->head.close)
        add(c, TEXT("Connection: close\r\n"));
    add(c, TEXT("\r\n"));
    return c;
}

static struct tail *tail_new(struct connection *c)
{
    struct tail *tail = calloc(1, sizeof *tail);
    if (!tail)
        http_bug("out of memory for an answer");
    tail->file = -1;
    c->tail = tail;
    return tail;
}

void http_answer_header(struct http_request *request, const char *name, struct text value)
{
    static const char *const own[] = {"content-length", "date", "connection", "transfer-encoding",
                                      "content-type"};
    struct text word = text_of(name);
    if (!field_name_valid(word) || !field_value_valid(value))
        http_bug("an answer's header holds what a header must not hold");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (text_is_lower(word, own[i]))
            http_bug("an answer's header that is the server's own was set by hand");
    buf_text(&request->fields, word);
    buf_add(&request->fields, ": ", 2);
    buf_text(&request->fields, value);
    buf_add(&request->fields, "\r\n", 2);
}

static void answer(struct http_request *request, int status, const char *media_type,
                   struct text body, bool is_static)
{
    if (!has_body(status) && body.len)
        http_bug("an answer with a body whose status forbids one");
    struct connection *c = answer_head(request, status, media_type, (int64_t)body.len);
    if (!c || !body.len || request->head.method == HTTP_HEAD)
        return;
    if (body.len <= INLINE_BODY) {
        add(c, body);
        return;
    }
    struct tail *tail = tail_new(c);
    tail->bytes = body;
    if (is_static)
        return;
    tail->owned = malloc(body.len);
    if (!tail->owned)
        http_bug("out of memory for an answer");
    memcpy(tail->owned, body.at, body.len);
    tail->bytes.at = tail->owned;
}

void http_answer(struct http_request *request, int status, const char *media_type, struct text body)
{
    answer(request, status, media_type, body, false);
}

void http_answer_static(struct http_request *request, int status, const char *media_type,
                        struct text body)
{
    answer(request, status, media_type, body, true);
}

void http_answer_file(struct http_request *request, const char *media_type, const char *path)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0 || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        if (file >= 0)
            close(file);
        answer(request, 404, "text/plain; charset=utf-8", TEXT("没有这个文件。\n"), true);
        return;
    }
    struct connection *c = answer_head(request, 200, media_type, about.st_size);
    if (!c || !about.st_size || request->head.method == HTTP_HEAD) {
        close(file);
        return;
    }
    struct tail *tail = tail_new(c);
    tail->file = file;
    tail->file_left = about.st_size;
}

struct http_stream *http_stream(struct http_request *request, void (*on_close)(void *with),
                                void *with)
{
    struct http_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        http_bug("out of memory for a stream");
    stream->loop = request->loop;
    stream->on_close = on_close;
    stream->with = with;
    pthread_mutex_init(&stream->lock, NULL);
    /* nginx, and whoever took the header over from it, hands each event on at once. */
    http_answer_header(request, "X-Accel-Buffering", TEXT("no"));
    struct connection *c = answer_head(request, 200, "text/event-stream", -1);
    stream_begin(stream, request->head.method == HTTP_HEAD ? NULL : c);
    if (stream->connection) {
        request->state = REQUEST_STREAMING;
        request->head.close = false; /* not when the handler returns: when the stream ends */
    }
    return stream;
}

/* What cannot reach a handler is answered by a page of its own, small and without style: what is
 * wrong, what to do, and a way back; a program gets problem details (RFC 9457). */
#define REJECT_HEAD                                                                                \
    "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"                   \
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
#define REJECT_TITLE "</title>\n</head>\n<body>\n<h1>"
#define REJECT_REMEDY "</h1>\n<p>"
#define REJECT_END "</p>\n<p><a href=\"/\">返回首页</a></p>\n</body>\n</html>\n"

static void add_rejected(struct connection *c, const char *type, const struct text *parts,
                         size_t count, bool head_only)
{
    int64_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += (int64_t)parts[i].len;
    add(c, TEXT("Content-Type: "));
    add(c, text_of(type));
    add(c, TEXT("\r\nContent-Length: "));
    add_number(c, size);
    add(c, TEXT("\r\n"));
    add(c, text_of(c->loop->server->rejected_fields));
    add(c, TEXT("Connection: close\r\n\r\n"));
    for (size_t i = 0; !head_only && i < count; i++)
        add(c, parts[i]);
}

void answer_reject(struct connection *c, int status, bool head_only, bool json)
{
    static const struct {
        int status;
        const char *title, *remedy;
    } words[] = {
        {400, "无法识别的请求", "请从网站首页重新进入。"},
        {408, "等待请求超时", "请检查网络，然后重新提交。"},
        {413, "提交的内容太大", "请减少文字或者压缩文件，然后返回上一页重新提交。"},
        {414, "网址太长", "请从网站首页重新进入。"},
        {415, "不支持这种格式的内容", "请返回上一页，用页面上的表单重新提交。"},
        {417, "不支持请求中的要求（Expect）", "请去掉这项要求，重新发送。"},
        {431, "请求头太大", "请清除本网站的浏览数据（Cookie），然后重新进入。"},
        {501, "不支持这种请求方式", "请从网站首页重新进入。"},
        {505, "不支持这个 HTTP 版本", "请换用较新的浏览器。"},
        {507, "服务器存储空间不足", "没有保存任何内容，请稍后再试，或者到窗口办理。"},
        {0, "系统故障", "请稍后再试。"},
    };
    size_t at = 0;
    while (words[at].status && words[at].status != status)
        at++;
    struct text title = text_of(words[at].title), remedy = text_of(words[at].remedy);
    const struct text page[] = {TEXT(REJECT_HEAD),   title,  TEXT(REJECT_TITLE), title,
                                TEXT(REJECT_REMEDY), remedy, TEXT(REJECT_END)};
    char number[16];
    snprintf(number, sizeof number, "%d", status);
    const struct text problem[] = {TEXT("{\"type\":\"about:blank\",\"title\":\""), title,
                                   TEXT("\",\"status\":"), text_of(number),
                                   TEXT(",\"detail\":\""), remedy, TEXT("\"}")};
    add_status(c, status);
    if (json)
        add_rejected(c, "application/problem+json", problem, sizeof problem / sizeof *problem,
                     head_only);
    else
        add_rejected(c, "text/html; charset=utf-8", page, sizeof page / sizeof *page, head_only);
}
