#include "approval/history/xes_rules.h"

#include <string.h>

#include "base/time.h"

static const char *const type_names[] = {
    [XES_STRING] = "string",   [XES_DATE] = "date", [XES_INT] = "int",   [XES_FLOAT] = "float",
    [XES_BOOLEAN] = "boolean", [XES_ID] = "id",     [XES_LIST] = "list", [XES_CONTAINER] = "container",
};

const char *xes_type_name(enum xes_type type)
{
    return type_names[type];
}

bool xes_type_of(struct text name, enum xes_type *type)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (text_is(name, type_names[i])) {
            *type = (enum xes_type)i;
            return true;
        }
    return false;
}

static size_t digits(struct text a, size_t at)
{
    size_t count = 0;
    while (at + count < a.len && a.at[at + count] >= '0' && a.at[at + count] <= '9')
        count++;
    return count;
}

/* xs:long: an optional sign, digits, within 64 bits. */
static bool is_int(struct text a)
{
    int64_t number;
    if (a.len && a.at[0] == '+')
        return a.len > 1 && a.at[1] != '-' && is_int(text_slice(a, 1, a.len));
    /* Leading zeros are allowed and may be many; text_int knows 19 digits. */
    size_t sign = a.len && a.at[0] == '-', zeros = sign;
    while (zeros + 1 < a.len && a.at[zeros] == '0')
        zeros++;
    struct text rest = text_slice(a, zeros, a.len);
    if (rest.len && (rest.at[0] < '0' || rest.at[0] > '9'))
        return false;
    if (sign && text_is(rest, "9223372036854775808"))
        return true;
    return text_int(rest, &number);
}

/* xs:double: decimal with an optional exponent, INF, -INF, NaN. */
static bool is_float(struct text a)
{
    if (text_is(a, "INF") || text_is(a, "-INF") || text_is(a, "NaN"))
        return true;
    size_t at = a.len && (a.at[0] == '-' || a.at[0] == '+');
    size_t whole = digits(a, at), part = 0;
    at += whole;
    if (at < a.len && a.at[at] == '.') {
        part = digits(a, at + 1);
        at += 1 + part;
    }
    if (whole + part == 0)
        return false;
    if (at < a.len && (a.at[at] == 'e' || a.at[at] == 'E')) {
        at++;
        at += at < a.len && (a.at[at] == '-' || a.at[at] == '+');
        size_t exponent = digits(a, at);
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return at == a.len;
}

/* RFC 4122: 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(struct text a)
{
    if (a.len != 36)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        char c = a.at[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

/* A date with seconds and a 'T', up to where the zone begins; 0 if it is not one. */
static size_t date_body(struct text a)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    size_t at = sizeof form - 1;
    if (a.len < at)
        return 0;
    for (size_t i = 0; i < at; i++)
        if (form[i] == 'd' ? a.at[i] < '0' || a.at[i] > '9' : a.at[i] != form[i])
            return 0;
    if (a.at[17] > '5') /* base/time allows a leap second, XML Schema does not */
        return 0;
    if (at < a.len && a.at[at] == '.') {
        size_t part = digits(a, at + 1);
        if (part == 0)
            return 0;
        at += 1 + part;
    }
    return at;
}

bool xes_instant(struct text value, int64_t *at_ms)
{
    value = text_trim(value);
    size_t zone = date_body(value);
    if (zone == 0 || zone == value.len || value.at[zone] == 'z')
        return false;
    return time_parse(value, at_ms);
}

enum xes_wrong xes_check_value(enum xes_type type, struct text value)
{
    struct text a = text_trim(value); /* XML Schema collapses white space in all but strings */
    int64_t at_ms;
    switch (type) {
    case XES_DATE:
        if (xes_instant(a, &at_ms))
            return XES_FINE;
        return date_body(a) == a.len && a.len && time_parse(a, &at_ms) ? XES_ZONE : XES_VALUE;
    case XES_INT:
        return is_int(a) ? XES_FINE : XES_VALUE;
    case XES_FLOAT:
        return is_float(a) ? XES_FINE : XES_VALUE;
    case XES_BOOLEAN:
        return text_is(a, "true") || text_is(a, "false") || text_is(a, "1") || text_is(a, "0")
                   ? XES_FINE
                   : XES_VALUE;
    case XES_ID:
        return is_uuid(a) ? XES_FINE : XES_VALUE;
    case XES_STRING:
    case XES_LIST:
    case XES_CONTAINER:
        return XES_FINE;
    }
    return XES_VALUE;
}

static const char *const standards[XES_STANDARDS] = {
    "concept", "lifecycle", "org", "time", "semantic", "identity", "cost",
};

/* identity:id is written as a string by several tools, and cost figures as any number: their keys
 * are fixed, their types are left alone. */
static const struct {
    const char *key;
    int type; /* enum xes_type or -1 */
} keys[] = {
    {"concept:name", XES_STRING},      {"concept:instance", XES_STRING},
    {"lifecycle:model", XES_STRING},   {"lifecycle:transition", XES_STRING},
    {"lifecycle:state", XES_STRING},   {"org:resource", XES_STRING},
    {"org:role", XES_STRING},          {"org:group", XES_STRING},
    {"time:timestamp", XES_DATE},      {"semantic:modelReference", XES_STRING},
    {"identity:id", -1},               {"cost:total", -1},
    {"cost:currency", -1},             {"cost:drivers", -1},
    {"cost:driver", -1},               {"cost:amount", -1},
    {"cost:type", -1},
};

int xes_standard(struct text prefix)
{
    for (int i = 0; i < XES_STANDARDS; i++)
        if (text_is(prefix, standards[i]))
            return i;
    return -1;
}

bool xes_standard_uri(int standard, struct text uri)
{
    struct text name = text_of(standards[standard]);
    if (!text_ends(uri, TEXT(".xesext")))
        return false;
    uri.len -= strlen(".xesext");
    return text_ends(uri, name) && uri.len > name.len && uri.at[uri.len - name.len - 1] == '/';
}

struct text xes_prefix(struct text key)
{
    const char *colon = key.len ? memchr(key.at, ':', key.len) : NULL;
    return text_slice(key, 0, colon ? (size_t)(colon - key.at) : 0);
}

enum xes_wrong xes_check_key(struct text key, enum xes_type type)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (text_is(key, keys[i].key))
            return keys[i].type < 0 || (int)type == keys[i].type ? XES_FINE : XES_EXTENSION_TYPE;
    return XES_EXTENSION_KEY;
}

static bool is_global(const struct xes_global *globals, struct text scope, struct text key)
{
    bool trace = text_is(scope, "trace");
    for (; globals; globals = globals->next)
        if (text_is(globals->scope, "trace") == trace && xes_find(globals->attributes, key))
            return true;
    return false;
}

/* A bare key of more words than this is not looked for. */
enum { KEY_WORDS = 16 };

bool xes_next_key(struct text *rest, const struct xes_global *globals, struct text scope,
                  struct text *key, bool *known)
{
    struct text a = text_trim(*rest);
    if (a.len == 0)
        return false;
    if (a.at[0] == '\'') {
        struct text after = text_slice(a, 1, a.len);
        if (text_cut(&after, '\'', key) && after.at) {
            *rest = after;
            *known = is_global(globals, scope, *key);
            return true;
        }
    }
    size_t ends[KEY_WORDS], count = 0;
    for (size_t i = 1; i <= a.len && count < KEY_WORDS; i++)
        if (i == a.len || a.at[i] == ' ')
            ends[count++] = i;
    size_t taken = 0;
    *known = false;
    for (size_t i = count; i > 0 && !*known; i--) {
        taken = ends[i - 1];
        *known = is_global(globals, scope, text_slice(a, 0, taken));
    }
    *key = text_slice(a, 0, taken);
    *rest = text_slice(a, taken, a.len);
    return true;
}
