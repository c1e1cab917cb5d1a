/* Asking a provider, by libcurl. Everything is bounded: an answer that is late, long or sends us
 * elsewhere is none. */
#include <curl/curl.h>
#include <string.h>

#include "base/time.h"
#include "oidc/parts.h"

#define CONNECT_MS 3000L
#define WHOLE_MS 10000L
#define BODY_MOST (256 * 1024)

static size_t take(char *bytes, size_t one, size_t count, void *with)
{
    struct buf *body = with;
    (void)one; /* 1, says the manual */
    if (body->len + count > BODY_MOST)
        return 0;
    buf_add(body, bytes, count);
    return count;
}

static size_t take_header(char *bytes, size_t one, size_t count, void *with)
{
    struct oidc_answer *answer = with;
    struct text line = {bytes, count}, name;
    char value[64];
    (void)one;
    if (!text_cut(&line, ':', &name) || !line.at || name.len != 4 ||
        strncasecmp(name.at, "date", 4) != 0 || line.len >= sizeof value)
        return count;
    line = text_trim(line);
    memcpy(value, line.at, line.len);
    value[line.len] = '\0';
    time_t at = curl_getdate(value, NULL);
    answer->date_ms = at > 0 ? (int64_t)at * SECOND_MS : 0;
    return count;
}

static bool prepare(CURL *curl, const struct oidc_question *question, struct arena *arena)
{
    bool plain = text_starts(question->url, TEXT("http://")); /* on this machine: provider.c */
    bool set = curl_easy_setopt(curl, CURLOPT_URL, text_cstr(arena, question->url)) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https") == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, WHOLE_MS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ==
                   CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_USERAGENT, "yimen") == CURLE_OK;
    if (set && plain) /* what is asked on this machine goes through nobody else's */
        set = curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK;
    if (set && question->ca_file)
        set = curl_easy_setopt(curl, CURLOPT_CAINFO, question->ca_file) == CURLE_OK &&
              curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK;
    if (set && question->form)
        set = curl_easy_setopt(curl, CURLOPT_POSTFIELDS, question->form) == CURLE_OK;
    if (set && question->user.len)
        set = curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC) == CURLE_OK &&
              curl_easy_setopt(curl, CURLOPT_USERNAME, text_cstr(arena, question->user)) ==
                  CURLE_OK &&
              curl_easy_setopt(curl, CURLOPT_PASSWORD, text_cstr(arena, question->password)) ==
                  CURLE_OK;
    return set;
}

bool oidc_fetch(const struct oidc_question *question, struct arena *arena,
                struct oidc_answer *out, struct fault *why)
{
    struct buf body = {.arena = arena};
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    CURL *curl = curl_easy_init();
    long status = 0;
    bool good = false;
    *out = (struct oidc_answer){0};
    if (!curl || !headers || !prepare(curl, question, arena) ||
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, out) != CURLE_OK)
        fault_set(why, "libcurl cannot be set up");
    else {
        CURLcode code = curl_easy_perform(curl);
        good = code == CURLE_OK &&
               curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK;
        if (!good)
            fault_set(why, "%.*s: %s", TEXT_ARG(question->url),
                      code == CURLE_WRITE_ERROR ? "the answer is too long"
                                                : curl_easy_strerror(code));
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    out->status = (int)status;
    out->body = buf_done(&body);
    return good;
}
