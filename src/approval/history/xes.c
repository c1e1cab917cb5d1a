#include "approval/history/xes.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "approval/history/xes_rules.h"
#include "approval/history/xes_source.h"

const struct xes_limits xes_default_limits = {
    .xml_bytes = INT64_C(16) << 30,
    .ratio = 200,
    .ratio_from = 16 << 20,
    .token_bytes = 1 << 20,
    .value_bytes = 64 << 10,
    .attributes = 2000,
    .unit_bytes = 1 << 20,
    .siblings = 10000,
    .header_bytes = 8 << 20,
    .depth = 16,
};

/* Where the parser stands. */
enum place { IN_DOCUMENT, IN_LOG, IN_LEAF, IN_GLOBAL, IN_TRACE, IN_EVENT, IN_ATTRIBUTE, IN_VALUES };

/* The order of what stands in a log; attributes may stand anywhere before the first trace, since
 * the schema of XES 1.0 puts them first and IEEE 1849 after the classifiers, and both are found. */
enum phase { AT_EXTENSIONS, AT_GLOBALS, AT_CLASSIFIERS, AT_TRACES, AT_LOOSE_EVENTS };
static const char *const phase_names[] = {"extension", "global", "classifier", "trace", "event"};

struct frame {
    enum place place;
    const char *name;
    struct xes_attribute *owner; /* IN_ATTRIBUTE and IN_VALUES */
    struct xes_attribute *first, *last;
    bool values_seen;
    int64_t count; /* attributes directly in it */
};

enum { DEPTH_MOST = 64 };

struct parser {
    XML_Parser expat;
    const struct xes_limits *limits;
    const struct xes_handler *handler;
    struct xes_found *found;
    struct xes_error *error;
    struct arena *header; /* until the end */
    struct arena *unit;   /* one trace header or event */
    struct frame stack[DEPTH_MOST + 8];
    size_t top;
    enum phase phase;
    bool log_seen, log_told, trace_told;
    int64_t quiet; /* bytes since anything was recognised */
    int64_t attributes;
    struct xes_log log;
    struct xes_extension *last_extension;
    struct xes_global *last_global;
    struct xes_classifier *last_classifier;
    bool declared[XES_STANDARDS], fixed[XES_STANDARDS];
};

static struct frame *top(struct parser *p)
{
    return &p->stack[p->top];
}

/* The first error counts; the parser stops there. */
static void wrong_at(struct parser *p, int64_t line, enum xes_wrong wrong, struct text first,
                     struct text second)
{
    if (p->error->wrong != XES_FINE)
        return;
    xes_say(p->error, wrong, line, first, second);
    XML_StopParser(p->expat, XML_FALSE);
}

static void wrong(struct parser *p, enum xes_wrong code, struct text first, struct text second)
{
    wrong_at(p, (int64_t)XML_GetCurrentLineNumber(p->expat), code, first, second);
}

static bool fine(const struct parser *p)
{
    return p->error->wrong == XES_FINE;
}

/* Everything before the first trace is kept to the end, the rest as long as its handler runs. */
static struct arena *keep(struct parser *p)
{
    return p->log_told ? p->unit : p->header;
}

static void push(struct parser *p, enum place place, const char *name, struct xes_attribute *owner)
{
    p->top++;
    *top(p) = (struct frame){.place = place, .name = name, .owner = owner};
}

/* The value of an XML attribute of the element, checked against the names it may have. */
struct names {
    const char *name;
    bool required;
    struct text *value;
};

static void take_names(struct parser *p, const char *element, const XML_Char **given,
                       const struct names *names, size_t count)
{
    for (; given[0] && fine(p); given += 2) {
        size_t i = 0;
        while (i < count && strcmp(names[i].name, given[0]))
            i++;
        if (i < count)
            *names[i].value = text_copy(keep(p), text_of(given[1]));
        /* A name with a namespace on <log> is XML's own business: xsi:schemaLocation. */
        else if (strcmp(element, "log") || !strchr(given[0], '\n'))
            wrong(p, XES_NAME_UNKNOWN, text_of(given[0]), text_of(element));
    }
    for (size_t i = 0; i < count && fine(p); i++)
        if (names[i].required && names[i].value->len == 0)
            wrong(p, XES_NAME_MISSING, text_of(names[i].name), text_of(element));
}

#define NAMES(array) array, sizeof(array) / sizeof *(array)

static void header_room(struct parser *p)
{
    if (!p->log_told && (int64_t)arena_used(p->header) > p->limits->header_bytes)
        wrong(p, XES_HEADER_BIG, TEXT(""), TEXT(""));
}

/* <string>, <date>, …: in a log, global, trace, event, attribute or <values>. */
static bool attribute_allowed(struct parser *p, const char *element)
{
    struct frame *in = top(p);
    if (in->place == IN_DOCUMENT) {
        wrong(p, XES_NO_LOG, text_of(element), TEXT(""));
        return false;
    }
    if (in->place == IN_LEAF) {
        wrong(p, XES_ELEMENT_PLACE, text_of(element), text_of(in->name));
        return false;
    }
    bool late = (in->place == IN_LOG && p->phase >= AT_TRACES) ||
                (in->place == IN_TRACE && p->trace_told);
    if (late) {
        bool trace = in->place == IN_LOG && p->phase == AT_TRACES;
        wrong(p, XES_ORDER, text_of(element), trace ? TEXT("trace") : TEXT("event"));
        return false;
    }
    if (in->place == IN_ATTRIBUTE && in->values_seen) {
        wrong(p, XES_LIST_VALUES, in->owner->key, TEXT(""));
        return false;
    }
    /* Below the attributes lie the document, the log, a trace and an event. */
    if ((int64_t)p->top >= p->limits->depth + 3 || p->top >= DEPTH_MOST) {
        wrong(p, XES_TOO_DEEP, TEXT(""), TEXT(""));
        return false;
    }
    in->count++;
    p->attributes += p->log_told;
    if (in->count > p->limits->siblings || p->attributes > p->limits->attributes ||
        (int64_t)arena_used(p->unit) > p->limits->unit_bytes)
        wrong(p, XES_TOO_MANY, text_of(in->name), TEXT(""));
    header_room(p);
    return fine(p);
}

static void attribute_start(struct parser *p, enum xes_type type, const char *element,
                            const XML_Char **given)
{
    if (!attribute_allowed(p, element))
        return;
    struct xes_attribute *a = arena_alloc(keep(p), sizeof *a);
    bool valued = type != XES_LIST && type != XES_CONTAINER;
    bool has_value = false;
    struct names names[] = {{"key", true, &a->key}, {"value", false, &a->value}};
    take_names(p, element, given, names, valued ? 2 : 1);
    for (size_t i = 0; given[i]; i += 2)
        has_value |= strcmp(given[i], "value") == 0;
    if (fine(p) && valued && !has_value) /* a string may be empty, but not left out */
        wrong(p, XES_NAME_MISSING, TEXT("value"), text_of(element));
    if (!fine(p))
        return;
    a->type = type;
    a->hash = text_hash(a->key);
    a->line = (int64_t)XML_GetCurrentLineNumber(p->expat);
    if ((int64_t)a->key.len > p->limits->value_bytes || (int64_t)a->value.len > p->limits->value_bytes)
        wrong(p, XES_VALUE_LONG, a->key, TEXT(""));
    enum xes_wrong value = xes_check_value(type, a->value);
    if (value != XES_FINE)
        wrong(p, value, a->value, text_of(element));
    struct frame *in = top(p);
    /* The items of a list may share a key, everything else has one value a key. */
    if (in->place != IN_VALUES && xes_find(in->first, a->key))
        wrong(p, XES_KEY_TWICE, a->key, TEXT(""));
    if (in->last)
        in->last->next = a;
    else
        in->first = a;
    in->last = a;
    push(p, IN_ATTRIBUTE, xes_type_name(type), a);
}

static void values_start(struct parser *p, const XML_Char **given)
{
    struct frame *in = top(p);
    if (in->place != IN_ATTRIBUTE || in->owner->type != XES_LIST) {
        wrong(p, XES_ELEMENT_PLACE, TEXT("values"), text_of(in->name));
        return;
    }
    if (in->values_seen)
        wrong(p, XES_LIST_VALUES, in->owner->key, TEXT(""));
    take_names(p, "values", given, NULL, 0);
    in->values_seen = true;
    push(p, IN_VALUES, "values", in->owner);
}

/* Extension rules for one attribute and all within it; lines are the attributes' own, since the
 * header is checked when all its extensions are known. */
static void check_keys(struct parser *p, const struct xes_attribute *list)
{
    for (const struct xes_attribute *a = list; a && fine(p); a = a->next) {
        struct text prefix = xes_prefix(a->key);
        int standard = prefix.len ? xes_standard(prefix) : -1;
        if (standard >= 0 && !p->declared[standard]) {
            wrong_at(p, a->line, XES_EXTENSION_MISSING, a->key, prefix);
        } else if (standard >= 0 && p->fixed[standard]) {
            enum xes_wrong key = xes_check_key(a->key, a->type);
            bool type = key == XES_EXTENSION_TYPE;
            if (key != XES_FINE)
                wrong_at(p, a->line, key, a->key, type ? text_of(xes_type_name(a->type)) : prefix);
        }
        check_keys(p, a->children);
        check_keys(p, a->values);
    }
}

/* What is declared global with a type has that type. */
static void check_types(struct parser *p, const struct xes_attribute *list, bool trace)
{
    for (const struct xes_global *g = p->log.globals; g; g = g->next) {
        if (text_is(g->scope, "trace") != trace)
            continue;
        for (const struct xes_attribute *a = list; a && fine(p); a = a->next) {
            const struct xes_attribute *declared = xes_find(g->attributes, a->key);
            if (declared && declared->type != a->type)
                wrong_at(p, a->line, XES_GLOBAL_TYPE, a->key, text_of(xes_type_name(a->type)));
        }
    }
}

static void stop_if(struct parser *p, bool go_on)
{
    if (!go_on)
        wrong(p, XES_STOPPED, TEXT(""), TEXT(""));
}

/* The header is complete at the first trace, the first loose event, or the end of the log. */
static void tell_log(struct parser *p)
{
    if (p->log_told || !fine(p))
        return;
    p->log.attributes = top(p)->first;
    for (const struct xes_global *g = p->log.globals; g; g = g->next)
        check_keys(p, g->attributes);
    check_keys(p, p->log.attributes);
    p->log_told = true;
    if (fine(p) && p->handler->log)
        stop_if(p, p->handler->log(p->handler->context, &p->log));
}

/* A trace's header is complete at its first event or its end. */
static void tell_trace(struct parser *p)
{
    if (p->trace_told || !fine(p))
        return;
    p->trace_told = true;
    const struct xes_attribute *attributes = top(p)->first;
    check_keys(p, attributes);
    check_types(p, attributes, true);
    p->found->traces++;
    if (fine(p) && p->handler->trace)
        stop_if(p, p->handler->trace(p->handler->context, attributes));
}

static void reach(struct parser *p, enum phase phase)
{
    if (p->phase > phase)
        wrong(p, XES_ORDER, text_of(phase_names[phase]), text_of(phase_names[p->phase]));
    else
        p->phase = phase;
    header_room(p);
}

static void extension_start(struct parser *p, const XML_Char **given)
{
    struct xes_extension *e = arena_alloc(p->header, sizeof *e);
    struct names names[] = {
        {"name", true, &e->name}, {"prefix", true, &e->prefix}, {"uri", true, &e->uri}};
    reach(p, AT_EXTENSIONS);
    take_names(p, "extension", given, NAMES(names));
    for (const struct xes_extension *x = p->log.extensions; x; x = x->next)
        if (text_equal(x->prefix, e->prefix))
            wrong(p, XES_EXTENSION_TWICE, e->prefix, TEXT(""));
    int standard = xes_standard(e->prefix);
    if (standard >= 0) {
        p->declared[standard] = true;
        p->fixed[standard] = xes_standard_uri(standard, e->uri);
    }
    if (p->last_extension)
        p->last_extension->next = e;
    else
        p->log.extensions = e;
    p->last_extension = e;
    push(p, IN_LEAF, "extension", NULL);
}

static void check_scope(struct parser *p, struct text scope, const char *element)
{
    if (scope.len && !text_is(scope, "trace") && !text_is(scope, "event"))
        wrong(p, XES_SCOPE, scope, text_of(element));
}

static void global_start(struct parser *p, const XML_Char **given)
{
    struct xes_global *g = arena_alloc(p->header, sizeof *g);
    struct names names[] = {{"scope", false, &g->scope}};
    reach(p, AT_GLOBALS);
    take_names(p, "global", given, NAMES(names));
    check_scope(p, g->scope, "global");
    if (p->last_global)
        p->last_global->next = g;
    else
        p->log.globals = g;
    p->last_global = g;
    push(p, IN_GLOBAL, "global", NULL);
}

static void classifier_start(struct parser *p, const XML_Char **given)
{
    struct xes_classifier *c = arena_alloc(p->header, sizeof *c);
    struct names names[] = {
        {"name", true, &c->name}, {"scope", false, &c->scope}, {"keys", true, &c->keys}};
    reach(p, AT_CLASSIFIERS);
    take_names(p, "classifier", given, NAMES(names));
    check_scope(p, c->scope, "classifier");
    struct text rest = c->keys, key;
    size_t count = 0;
    bool known;
    while (fine(p) && xes_next_key(&rest, p->log.globals, c->scope, &key, &known)) {
        count++;
        if (!known)
            wrong(p, XES_CLASSIFIER_KEY, key, c->name);
    }
    if (count == 0)
        wrong(p, XES_CLASSIFIER_EMPTY, c->name, TEXT(""));
    if (p->last_classifier)
        p->last_classifier->next = c;
    else
        p->log.classifiers = c;
    p->last_classifier = c;
    push(p, IN_LEAF, "classifier", NULL);
}

static void log_start(struct parser *p, const XML_Char **given)
{
    struct names names[] = {{"xes.version", false, &p->log.version},
                            {"xes.features", false, &p->log.features},
                            {"openxes.version", false, &p->log.openxes_version},
                            {"xes.creator", false, &p->log.creator}};
    take_names(p, "log", given, NAMES(names));
    p->log_seen = true;
    push(p, IN_LOG, "log", NULL);
}

static void trace_start(struct parser *p, const XML_Char **given)
{
    tell_log(p);
    reach(p, AT_TRACES);
    arena_reset(p->unit);
    p->attributes = 0;
    p->trace_told = false;
    take_names(p, "trace", given, NULL, 0);
    push(p, IN_TRACE, "trace", NULL);
}

static void event_start(struct parser *p, const XML_Char **given)
{
    if (top(p)->place == IN_TRACE) {
        tell_trace(p);
        top(p)->first = top(p)->last = NULL;
    } else {
        tell_log(p);
        reach(p, AT_LOOSE_EVENTS);
    }
    arena_reset(p->unit);
    p->attributes = 0;
    take_names(p, "event", given, NULL, 0);
    push(p, IN_EVENT, "event", NULL);
}

/* Elements besides attributes: where each may stand. */
static const struct {
    const char *name;
    enum place in, or_in;
    void (*start)(struct parser *p, const XML_Char **given);
} elements[] = {
    {"log", IN_DOCUMENT, IN_DOCUMENT, log_start},
    {"extension", IN_LOG, IN_LOG, extension_start},
    {"global", IN_LOG, IN_LOG, global_start},
    {"classifier", IN_LOG, IN_LOG, classifier_start},
    {"trace", IN_LOG, IN_LOG, trace_start},
    {"event", IN_LOG, IN_TRACE, event_start},
    {"values", IN_ATTRIBUTE, IN_ATTRIBUTE, values_start},
};

/* The name without the namespace of XES; names of other namespaces stay whole and are unknown. */
static const char *local(const char *name)
{
    const char *cut = strchr(name, '\n');
    bool ours = cut && (!strncmp(name, "http://www.xes-standard.org", 27) ||
                        !strncmp(name, "http://code.deckfour.org/xes", 28));
    return ours ? cut + 1 : name;
}

static void XMLCALL on_start(void *context, const XML_Char *full, const XML_Char **given)
{
    struct parser *p = context;
    const char *name = local(full);
    enum xes_type type;
    p->quiet = 0;
    if (!fine(p))
        return;
    if (xes_type_of(text_of(name), &type)) {
        attribute_start(p, type, name, given);
        return;
    }
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        if (strcmp(name, elements[i].name))
            continue;
        enum place place = top(p)->place;
        if (place == elements[i].in || place == elements[i].or_in)
            elements[i].start(p, given);
        else if (place == IN_DOCUMENT)
            wrong(p, XES_NO_LOG, text_of(name), TEXT(""));
        else
            wrong(p, XES_ELEMENT_PLACE, text_of(name), text_of(top(p)->name));
        return;
    }
    wrong(p, top(p)->place == IN_DOCUMENT ? XES_NO_LOG : XES_ELEMENT_UNKNOWN, text_of(name),
          TEXT(""));
}

static void event_end(struct parser *p, const struct frame *ended)
{
    bool loose = top(p)->place == IN_LOG;
    check_keys(p, ended->first);
    check_types(p, ended->first, false);
    if (loose)
        p->found->loose_events++;
    else
        p->found->events++;
    if (fine(p) && p->handler->event)
        stop_if(p, p->handler->event(p->handler->context, ended->first, loose));
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct parser *p = context;
    (void)name;
    p->quiet = 0;
    if (!fine(p))
        return;
    if (top(p)->place == IN_TRACE)
        tell_trace(p);
    else if (top(p)->place == IN_LOG)
        tell_log(p);
    struct frame ended = *top(p);
    p->top--;
    if (ended.place == IN_VALUES) {
        ended.owner->values = ended.first;
    } else if (ended.place == IN_ATTRIBUTE) {
        ended.owner->children = ended.first;
        if (ended.owner->type == XES_LIST && !ended.values_seen)
            wrong(p, XES_LIST_VALUES, ended.owner->key, TEXT(""));
    } else if (ended.place == IN_GLOBAL) {
        p->last_global->attributes = ended.first;
    } else if (ended.place == IN_EVENT) {
        event_end(p, &ended);
    } else if (ended.place == IN_TRACE && fine(p) && p->handler->trace_end) {
        stop_if(p, p->handler->trace_end(p->handler->context));
    }
}

static void XMLCALL on_text(void *context, const XML_Char *at, int len)
{
    struct parser *p = context;
    p->quiet = 0;
    struct text text = text_trim((struct text){at, (size_t)len});
    if (text.len)
        wrong(p, XES_TEXT, text, TEXT(""));
}

/* Comments, instructions, the declaration: known to be there, of no meaning. */
static void XMLCALL on_other(void *context, const XML_Char *at, int len)
{
    struct parser *p = context;
    (void)at;
    (void)len;
    p->quiet = 0;
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)subset;
    wrong(context, XES_DOCTYPE, TEXT(""), TEXT(""));
}

static int XMLCALL on_encoding(void *context, const XML_Char *name, XML_Encoding *info)
{
    (void)info;
    wrong(context, XES_ENCODING, text_of(name), TEXT(""));
    return XML_STATUS_ERROR;
}

static void xml_error(struct parser *p)
{
    enum XML_Error code = XML_GetErrorCode(p->expat);
    if (code == XML_ERROR_NO_MEMORY)
        abort();
    bool ended = code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
                 code == XML_ERROR_PARTIAL_CHAR || code == XML_ERROR_UNCLOSED_CDATA_SECTION;
    if (code == XML_ERROR_NO_ELEMENTS && !p->log_seen)
        wrong(p, XES_NO_LOG, TEXT(""), TEXT(""));
    else
        wrong(p, ended ? XES_ENDS_EARLY : XES_NOT_XML, text_of(XML_ErrorString(code)), TEXT(""));
}

/* Reads the input to its end or the first error. */
static void run(struct parser *p, struct xes_source *source)
{
    enum { CHUNK = 64 * 1024 };
    enum xes_wrong broken = XES_FINE;
    bool last = false;
    while (fine(p) && !last) {
        void *room = XML_GetBuffer(p->expat, CHUNK);
        if (!room)
            abort();
        ptrdiff_t got = xes_source_read(source, room, CHUNK, &broken);
        if (got < 0) {
            wrong(p, broken, TEXT(""), TEXT(""));
            return;
        }
        last = got == 0;
        p->quiet += got;
        if (XML_ParseBuffer(p->expat, (int)got, last) == XML_STATUS_ERROR && fine(p))
            xml_error(p);
        if (p->quiet > p->limits->token_bytes)
            wrong(p, XES_TOKEN_LONG, TEXT(""), TEXT(""));
    }
}

bool xes_read(const struct xes_input *input, const struct xes_limits *limits,
              const struct xes_handler *handler, struct xes_found *found, struct xes_error *error)
{
    if (!limits)
        limits = &xes_default_limits;
    *found = (struct xes_found){0};
    *error = (struct xes_error){0};
    struct parser *p = calloc(1, sizeof *p);
    if (!p || !(p->expat = XML_ParserCreateNS(NULL, '\n')))
        abort();
    p->limits = limits;
    p->handler = handler;
    p->found = found;
    p->error = error;
    p->header = arena_new(64 * 1024);
    p->unit = arena_new(64 * 1024);
    p->stack[0] = (struct frame){.place = IN_DOCUMENT, .name = "document"};
    XML_SetUserData(p->expat, p);
    XML_SetElementHandler(p->expat, on_start, on_end);
    XML_SetCharacterDataHandler(p->expat, on_text);
    XML_SetDefaultHandler(p->expat, on_other);
    XML_SetStartDoctypeDeclHandler(p->expat, on_doctype);
    XML_SetUnknownEncodingHandler(p->expat, on_encoding, p);
    struct xes_source *source = xes_source_new(input, limits);
    run(p, source);
    xes_source_end(source, found);
    XML_ParserFree(p->expat);
    arena_free(p->header);
    arena_free(p->unit);
    bool good = fine(p);
    free(p);
    return good;
}
