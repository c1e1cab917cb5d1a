#include "db/driver.h"

struct word_pair {
    const char *name;
    const char *as[2]; /* by enum db_engine */
};

static const struct word_pair replaced[] = {
    {"int", {"INTEGER", "BIGINT"}},
    {"bytes", {"BLOB", "BYTEA"}},
    {"strict", {"STRICT", ""}},
    /* Rows that change again and again: PostgreSQL keeps a changed row on its page, and writes no
     * index, if the page has room. */
    {"changing", {"STRICT", "WITH (fillfactor = 50)"}},
};

static const char *replacement(struct text name, enum db_engine engine)
{
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
        if (text_is(name, replaced[i].name))
            return replaced[i].as[engine];
    return NULL;
}

/* Braces in quoted text and comments are left alone: only {lower_case} is a word of the template,
 * and DDL has no other use for braces outside a JSON default, which starts with {". */
const char *template_fill(struct text ddl, enum db_engine engine, struct arena *arena,
                          struct fault *why)
{
    struct buf out = {.arena = arena};
    for (size_t i = 0; i < ddl.len; i++) {
        size_t end = i + 1;
        if (ddl.at[i] == '{')
            while (end < ddl.len && ddl.at[end] >= 'a' && ddl.at[end] <= 'z')
                end++;
        if (end == i + 1 || end == ddl.len || ddl.at[end] != '}') {
            buf_char(&out, ddl.at[i]);
            continue;
        }
        struct text name = text_slice(ddl, i + 1, end);
        const char *as = replacement(name, engine);
        if (!as) {
            fault_set(why, "DDL: unknown word {%.*s}", TEXT_ARG(name));
            return NULL;
        }
        buf_str(&out, as);
        i = end;
    }
    buf_char(&out, '\0');
    return out.at;
}
