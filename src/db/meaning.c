#include "db/meaning.h"

#include <ctype.h>
#include <string.h>

static bool of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void skip_space(struct text *rest)
{
    while (rest->len && isspace((unsigned char)rest->at[0]))
        *rest = text_slice(*rest, 1, rest->len);
}

/* The next word of letters, digits and '_', or the next other character alone; empty at the end. A
 * quoted text is one. */
static struct text token(struct text *rest)
{
    size_t end = 0;
    skip_space(rest);
    while (end < rest->len && of_word(rest->at[end]))
        end++;
    if (end == 0 && rest->len) {
        char quote = rest->at[end++];
        if (quote == '\'' || quote == '"') {
            while (end < rest->len && rest->at[end] != quote)
                end++;
            end += end < rest->len;
        } else if (quote == '$') {
            while (end < rest->len && isdigit((unsigned char)rest->at[end]))
                end++;
        }
    }
    struct text found = text_slice(*rest, 0, end);
    *rest = text_slice(*rest, end, rest->len);
    return found;
}

static bool is_name(struct text word)
{
    return word.len && (islower((unsigned char)word.at[0]) || word.at[0] == '_');
}

/* $n, from 0; -1 if it is none. */
static int variable(struct text word)
{
    int64_t number;
    if (word.len < 2 || word.at[0] != '$' || !text_int(text_slice(word, 1, word.len), &number))
        return -1;
    return (int)number - 1;
}

/* However it is written: a keyword or a table must not be overlooked. */
static bool same_word(struct text a, struct text b)
{
    return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

static bool has_word(struct text text, struct text word)
{
    for (struct text next = token(&text); next.len; next = token(&text))
        if (same_word(next, word))
            return true;
    return false;
}

/* Both name a column. */
static bool share_word(struct text a, struct text b)
{
    for (struct text next = token(&a); next.len; next = token(&a))
        if (is_name(next) && has_word(b, next))
            return true;
    return false;
}

/* Takes that word from the front. */
static bool take(struct text *rest, const char *word)
{
    struct text at = *rest;
    if (!text_is(token(&at), word))
        return false;
    *rest = at;
    return true;
}

/* Up to the first of those words outside brackets (they are whole words), which is taken; without any
 * all of it. */
static struct text up_to(struct text *rest, const char *word, bool *found)
{
    struct text from = *rest, at = *rest;
    int depth = 0;
    for (;;) {
        size_t before = from.len - at.len;
        struct text next = token(&at);
        if (!next.len) {
            *found = false;
            *rest = at;
            return from;
        }
        depth += text_is(next, "(") - text_is(next, ")");
        if (depth == 0 && text_is(next, word)) {
            *found = true;
            *rest = at;
            return text_slice(from, 0, before);
        }
    }
}

static bool add_pin(struct meaning *out, struct text column, int number)
{
    if (text_is(column, "region")) {
        out->region = number;
        return true;
    }
    if (out->count == MOST_PINS)
        return false;
    out->pins[out->count++] = (struct pin){column, number};
    return true;
}

/* One condition: "name = $n" and nothing more is a pin. */
static bool read_condition(struct text condition, struct meaning *out)
{
    struct text rest = condition;
    struct text column = token(&rest);
    bool equals = is_name(column) && take(&rest, "=");
    int number = equals ? variable(token(&rest)) : -1;
    if (number >= 0 && !token(&rest).len)
        return add_pin(out, column, number);
    out->only_pins = false;
    return true;
}

/* Conditions joined by AND; false where something else may join them. */
static bool read_conditions(struct text where, struct meaning *out)
{
    static const char *const strange[] = {"OR",     "NOT",   "CASE",   "BETWEEN", "SELECT", "UNION",
                                          "EXCEPT", "LIMIT", "OFFSET", "GROUP",   "HAVING", "FOR",
                                          "FROM",   "USING", "JOIN",   "WINDOW",  "FETCH",  "EXISTS",
                                          "IN",     "ANY",   "ALL",    "INTERSECT", "RETURNING"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        if (has_word(where, text_of(strange[i])))
            return false;
    bool more = true;
    out->only_pins = true;
    while (more)
        if (!read_condition(up_to(&where, "AND", &more), out))
            return false;
    return true;
}

/* Names between commas and nothing else. */
static bool plain_names(struct text names)
{
    bool name = true;
    for (struct text next = token(&names); next.len || name; next = token(&names), name = !name)
        if (name ? !is_name(next) : !text_is(next, ","))
            return false;
    return true;
}

static void read_query(struct text rest, struct meaning *out)
{
    bool found;
    out->columns = up_to(&rest, "FROM", &found);
    out->table = token(&rest);
    if (!found || !plain_names(out->columns) || !is_name(out->table) || !take(&rest, "WHERE"))
        return;
    out->where = rest;
    struct text conditions = up_to(&rest, "ORDER", &found);
    if ((found && !take(&rest, "BY")) || (found && !plain_names(rest)))
        return;
    if (read_conditions(conditions, out))
        out->kind = MEANS_QUERY;
}

static void read_update(struct text rest, struct meaning *out)
{
    bool found;
    struct text table = token(&rest);
    if (!is_name(table) || !take(&rest, "SET"))
        return;
    out->table = table;
    out->set = up_to(&rest, "WHERE", &found);
    out->where = rest;
    if (found && !has_word(out->set, TEXT("SELECT")) && !has_word(out->set, TEXT("FROM")) &&
        read_conditions(rest, out))
        out->kind = MEANS_UPDATE;
}

static void read_delete(struct text rest, struct meaning *out)
{
    if (!take(&rest, "FROM"))
        return;
    struct text table = token(&rest);
    if (!is_name(table) || !take(&rest, "WHERE"))
        return;
    out->table = table;
    out->where = rest;
    if (read_conditions(rest, out))
        out->kind = MEANS_DELETE;
}

/* A row that is there already stays as it is; else, as after DO UPDATE, it may be any. */
static bool leaves_rows(struct text after)
{
    return !after.len || (has_word(after, TEXT("CONFLICT")) && has_word(after, TEXT("NOTHING")) &&
                          !has_word(after, TEXT("RETURNING")));
}

/* The next of what stands in brackets between commas; *more is false behind the last. */
static struct text item(struct text *rest, bool *more)
{
    struct text from = *rest, at = *rest;
    for (int depth = 0;;) {
        size_t before = from.len - at.len;
        struct text next = token(&at);
        bool last = !next.len || (depth == 0 && text_is(next, ")"));
        if (last || (depth == 0 && text_is(next, ","))) {
            *more = !last;
            *rest = at;
            return text_slice(from, 0, before);
        }
        depth += text_is(next, "(") - text_is(next, ")");
    }
}

/* "(a, b) VALUES ($1, 'x')" and what follows. */
static void read_insert(struct text rest, struct meaning *out)
{
    bool more = true, also = true;
    if (!take(&rest, "INTO"))
        return;
    struct text table = token(&rest), columns = rest, values;
    if (!is_name(table) || !take(&rest, "("))
        return;
    out->table = table;
    take(&columns, "(");
    while (more)
        item(&rest, &more);
    if (!take(&rest, "VALUES") || !take(&rest, "("))
        return;
    values = rest;
    for (more = true; more && also;) {
        struct text column = item(&columns, &also), value = item(&values, &more);
        struct text name = token(&column), first = token(&value);
        int number = value.len ? -1 : variable(first);
        if (number >= 0 && !add_pin(out, name, number))
            return;
    }
    if (!more && !also && leaves_rows(values))
        out->kind = MEANS_INSERT;
}

void meaning_of(struct text sql, struct meaning *out)
{
    struct text rest = sql;
    *out = (struct meaning){.text = sql, .region = -1};
    struct text verb = token(&rest);
    if (text_is(verb, "UPDATE"))
        read_update(rest, out);
    else if (text_is(verb, "DELETE"))
        read_delete(rest, out);
    else if (text_is(verb, "INSERT"))
        read_insert(rest, out);
    else if (text_is(verb, "SELECT"))
        read_query(rest, out);
}

/* "ON CONFLICT (keys) DO UPDATE SET column = excluded.column, …" for each of the other columns. */
static bool puts_rows(struct text after, struct text columns, struct meaning *out)
{
    bool more = true;
    if (!take(&after, "ON") || !take(&after, "CONFLICT") || !take(&after, "("))
        return false;
    out->keys = after;
    while (more)
        item(&after, &more);
    out->keys = text_slice(out->keys, 0, (size_t)(after.at - out->keys.at) - 1);
    if (!take(&after, "DO") || !take(&after, "UPDATE") || !take(&after, "SET"))
        return false;
    struct text set = after;
    for (more = true; more;) {
        struct text one = item(&after, &more), column = token(&one);
        if (!take(&one, "=") || !take(&one, "excluded") || !take(&one, ".") ||
            !text_equal(token(&one), column) || token(&one).len)
            return false;
    }
    for (more = true; more;) {
        struct text one = item(&columns, &more), column = token(&one);
        if (!has_word(out->keys, column) && !has_word(set, column))
            return false;
    }
    return true;
}

void meaning_of_insert(const struct db_insert *insert, struct meaning *out)
{
    struct text columns = text_of(insert->columns), after = text_of(insert->after);
    bool more = true;
    *out = (struct meaning){.text = columns, .table = text_of(insert->table), .region = -1};
    for (int number = 0; more; number++) {
        struct text column = item(&columns, &more);
        if (!add_pin(out, token(&column), number))
            return;
    }
    if (!is_name(out->table) || has_word(after, TEXT("SELECT")))
        out->table = (struct text){0};
    else if (leaves_rows(after))
        out->kind = MEANS_INSERT;
    else if (puts_rows(after, out->text, out))
        out->kind = MEANS_PUT;
}

/* The place of a column among those that a plain query selects, or -1. */
static int place_of(struct text columns, struct text column)
{
    bool more = true;
    for (int place = 0; more; place++) {
        struct text next = item(&columns, &more);
        if (text_equal(token(&next), column))
            return place;
    }
    return -1;
}

bool meaning_changes(const struct meaning *write, struct text column)
{
    return (write->kind == MEANS_UPDATE && has_word(write->set, column)) ||
           (write->kind == MEANS_PUT && !has_word(write->keys, column));
}

bool meaning_names(const struct meaning *write, struct text table)
{
    return text_equal(write->table, table) ||
           (write->kind == MEANS_ANYTHING && (!write->table.len || has_word(write->text, table)));
}

const struct pin *meaning_pin(const struct meaning *meaning, struct text column)
{
    for (size_t i = 0; i < meaning->count; i++)
        if (text_equal(meaning->pins[i].column, column))
            return &meaning->pins[i];
    return NULL;
}

struct text meaning_column(struct text *columns)
{
    bool more;
    struct text one = item(columns, &more);
    return token(&one);
}

/* It asks for a row by just the columns that a PUT knows it by, and for nothing that is not put. */
static bool is_told(const struct meaning *query, const struct meaning *put)
{
    struct text columns = query->columns, keys = put->keys;
    bool by_region = false;
    size_t by = 0;
    if (put->kind != MEANS_PUT || !query->only_pins || query->region < 0 || put->region < 0)
        return false;
    for (struct text key = meaning_column(&keys); key.len; key = meaning_column(&keys)) {
        by_region |= text_is(key, "region");
        by += meaning_pin(query, key) && meaning_pin(put, key);
        if (!text_is(key, "region") && !meaning_pin(query, key))
            return false;
    }
    for (struct text next = meaning_column(&columns); next.len; next = meaning_column(&columns))
        if (!meaning_pin(put, next))
            return false;
    return by_region && by == query->count;
}

/* Both hold one column to a variable: other values, other rows. */
static bool same_column(const struct meaning *query, const struct meaning *write,
                        struct relation *out)
{
    for (size_t q = 0; q < query->count; q++)
        for (size_t w = 0; w < write->count; w++)
            if (text_equal(query->pins[q].column, write->pins[w].column) &&
                !meaning_changes(write, write->pins[w].column)) {
                *out = (struct relation){TOUCHES_SAME, query->pins[q].variable,
                                         write->pins[w].variable};
                return true;
            }
    return false;
}

struct relation meaning_relation(const struct meaning *query, const struct meaning *write)
{
    struct relation found = {.touch = TOUCHES_ALWAYS};
    if (!write->table.len)
        return found;
    if (!has_word(query->text, write->table) ||
        (query->kind == MEANS_QUERY && !text_equal(query->table, write->table)))
        return (struct relation){.touch = TOUCHES_NOT};
    if (query->kind == MEANS_QUERY && is_told(query, write))
        return (struct relation){.touch = TOUCHES_TOLD};
    if (query->kind != MEANS_QUERY || write->kind == MEANS_ANYTHING ||
        same_column(query, write, &found))
        return found;
    /* A row that is not among those it gave could come in by an INSERT, or by an UPDATE of what the
     * query asks about; by nothing else. */
    if (write->kind == MEANS_INSERT || write->kind == MEANS_PUT ||
        (write->kind == MEANS_UPDATE && share_word(write->set, query->where)))
        return found;
    for (size_t w = 0; w < write->count; w++) {
        int place = place_of(query->columns, write->pins[w].column);
        if (place >= 0 && !meaning_changes(write, write->pins[w].column))
            return (struct relation){TOUCHES_ROWS, place, write->pins[w].variable};
    }
    return found;
}
