/* Keys that are tried: whoever brings too many wrong ones waits. Looks and commands name in their lists
 * the field that a key is brought for; limits.c counts. */
#include "door/parts.h"

enum refusal guard_begin(struct exchange *exchange, const char *guards, const struct shape *shape,
                         const void *input)
{
    const struct field *field = guards ? shape_field(shape, text_of(guards)) : NULL;
    if (!field)
        return OK;
    const struct text *value = (const void *)((const char *)input + field->offset);
    struct text name = value->len ? text_format(exchange->arena, "%lld/%.*s",
                                                (long long)exchange->region->region,
                                                TEXT_ARG(*value))
                                  : TEXT("");
    int64_t wait_ms = limits_guess(exchange->door->limits, name, exchange->client,
                                   time_monotonic(), &exchange->guess);
    if (!wait_ms)
        return OK;
    exchange->wait_ms = wait_ms;
    exchange->problems = (struct problems){0};
    struct text when = time_format_zh(exchange->arena, exchange->now_ms + wait_ms + MINUTE_MS - 1);
    problem_add(&exchange->problems, exchange->arena, TEXT(""), REFUSED_TOO_MANY,
                text_format(exchange->arena,
                            "查询码输错的次数过多，为保护申请人的信息，暂时不能查询。请于%.*s后再试，"
                            "或持身份证件到窗口查询。",
                            TEXT_ARG(when)));
    return REFUSED_TOO_MANY;
}

void guard_end(struct exchange *exchange, enum key_told told)
{
    limits_guess_end(exchange->door->limits, &exchange->guess, exchange->client, told,
                     time_monotonic());
}

void answer_wait(struct exchange *exchange)
{
    if (exchange->wait_ms)
        http_answer_header(exchange->request, "Retry-After",
                           text_format(exchange->arena, "%lld",
                                       (long long)((exchange->wait_ms + SECOND_MS - 1) / SECOND_MS)));
    exchange->wait_ms = 0;
}
