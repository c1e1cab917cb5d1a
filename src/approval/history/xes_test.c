/* What becomes of every file of the collection of malformed logs, and what the limits hold off. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "approval/history/xes.h"
#include "approval/history/xes_rules.h"

#define LOGS "../shared/data/eventlogs/"

/* The specification. XES_FINE with counts: read faithfully. Else: the error, its line, and words
 * that the message must have. */
struct expected {
    const char *file;
    enum xes_wrong wrong;
    int64_t line;
    const char *phrase;
    int64_t traces, events, loose;
};

static const struct expected files[] = {
    /* A log attribute after an event or a trace: whoever reads in one pass has already told
     * the header. Both schemas put it before. */
    {"attributeEventSwapped", XES_ORDER, 4, "<string> 必须出现在 <event> 之前"},
    {"attributeTraceSwapped", XES_ORDER, 4, "<string> 必须出现在 <trace> 之前"},
    {"attributeValuesSwapped", XES_LIST_VALUES, 4, "<values>"},
    {"booleanCorrectValue", XES_FINE},
    {"booleanIncorrectValue", XES_VALUE, 13, "“yes”不符合类型 float"},
    /* Attributes among the declarations: XES 1.0's schema has them first, IEEE 1849 after the
     * classifiers, and the textbook log itself begins with one. Nothing is unclear: read. */
    {"classifierAttributeSwapped", XES_FINE},
    {"classifierCorrectAttributes", XES_FINE},
    {"classifierEmptyKeys", XES_CLASSIFIER_EMPTY, 8, "没有键"},
    {"classifierEventCorrectAttributes", XES_FINE},
    {"classifierEventSwapped", XES_ORDER, 9, "<classifier> 必须出现在 <event> 之前"},
    {"classifierIncorrectKey", XES_CLASSIFIER_KEY, 8, "键“resource”没有在 <global> 中声明"},
    {"classifierIncorrectScope", XES_SCOPE, 8, "“incorrect”"},
    /* Meant for its bare <classifier />, but a stray "0" stands before it. */
    {"classifierNoAttributes", XES_TEXT, 8, "文字“0”"},
    {"classifierTooManyAttributes", XES_NAME_UNKNOWN, 8, "<classifier> 没有名为“attribute”"},
    {"classifierTraceCorrectAttributes", XES_FINE},
    {"classifierTraceSwapped", XES_ORDER, 7, "<classifier> 必须出现在 <trace> 之前"},
    {"dateCorrectValue", XES_FINE},
    {"dateIncorrectValue", XES_VALUE, 13, "类型 date"},
    /* XML Schema allows a date without zone; but which instant is it? A guess would move every
     * deadline by hours. */
    {"dateNoTZD", XES_ZONE, 13, "没有时区"},
    {"elementIncorrect", XES_ELEMENT_UNKNOWN, 15, "未知元素 <text>"},
    /* Events outside any trace are in the standard: kept as events of the log. */
    {"eventCorrectAttributes", XES_FINE, .traces = 1, .events = 2, .loose = 2},
    {"eventIdenticalAttributes", XES_KEY_TWICE, 10, "键“instance”"},
    {"eventIncorrectType", XES_EXTENSION_TYPE, 23, "“org:resource”的类型不应为 int"},
    {"eventTooManyAttributes", XES_NAME_UNKNOWN, 17, "<event> 没有名为“key”"},
    {"extensionAttributeSwapped", XES_FINE},
    {"extensionClassifierSwapped", XES_ORDER, 6, "<extension> 必须出现在 <classifier> 之前"},
    {"extensionCorrectAttributes", XES_FINE},
    {"extensionEventSwapped", XES_ORDER, 3, "<extension> 必须出现在 <event> 之前"},
    {"extensionGlobalSwapped", XES_ORDER, 3, "<extension> 必须出现在 <global> 之前"},
    {"extensionIncorrectKey", XES_EXTENSION_KEY, 4, "没有定义键“concept:event”"},
    {"extensionNoAttributes", XES_NAME_MISSING, 2, "<extension> 缺少"},
    /* A prefix of the standard's own without its declaration: what org:resource means depends on
     * it. Colons of other words are left alone, they may be plain text. */
    {"extensionNotDeclared", XES_EXTENSION_MISSING, 5, "扩展“org”没有声明"},
    {"extensionStandard", XES_FINE},
    {"extensionTooManyAttributes", XES_NAME_UNKNOWN, 2, "<extension> 没有名为“attribute”"},
    {"extensionTraceSwapped", XES_ORDER, 3, "<extension> 必须出现在 <trace> 之前"},
    {"globalAttributeSwapped", XES_FINE}, /* as classifierAttributeSwapped */
    {"globalClassifierSwapped", XES_ORDER, 7, "<global> 必须出现在 <classifier> 之前"},
    {"globalEventStringCorrectAttributes", XES_FINE},
    {"globalEventSwapped", XES_ORDER, 6, "<global> 必须出现在 <event> 之前"},
    {"globalIncorrectScope", XES_SCOPE, 3, "“incorrect”"},
    /* Without scope it is about events, and without content it declares nothing: odd, clear. */
    {"globalNoAttributes", XES_FINE},
    {"globalStringCorrectAttributes", XES_FINE},
    {"globalStringNoAttributes", XES_NAME_MISSING, 4, "<string> 缺少 XML 属性“key”"},
    {"globalStringTooManyAttributes", XES_NAME_UNKNOWN, 4, "<string> 没有名为“attribute”"},
    {"globalTooManyAttributes", XES_NAME_UNKNOWN, 3, "<global> 没有名为“attribute”"},
    {"globalTraceStringCorrectAttributes", XES_FINE},
    {"globalTraceSwapped", XES_ORDER, 4, "<global> 必须出现在 <trace> 之前"},
    {"idCorrectValue", XES_FINE},
    {"idIncorrectValue", XES_VALUE, 13, "“No ID”不符合类型 id"},
    {"intCorrectValue", XES_FINE},
    {"intIncorrectValue", XES_VALUE, 13, "“0.0”不符合类型 int"},
    {"listEmptyValues", XES_FINE},
    {"listNoValues", XES_LIST_VALUES, 13, "列表“list”"},
    {"listTwoValues", XES_FINE}, /* items of a list may share their key */
    {"logCorrectAttributes", XES_FINE},
    /* A bare <log>: the textbook log has no version either; what follows says what it is. */
    {"logNoAttributes", XES_FINE},
    /* Nesting announced and not used, or used and not announced: a hint to readers, no content. */
    {"logNoNestedAttributes", XES_FINE},
    {"logOutOfPlace", XES_ELEMENT_PLACE, 29, "<log> 不能出现在 <event> 之内"},
    /* openxes.version is on every log that the reference implementation ever wrote. */
    {"logTooManyAttributes", XES_FINE},
    {"noLog", XES_NO_LOG, 1, "没有 <log> 根元素"},
    {"realCorrectValue", XES_FINE},
    {"realIncorrectValue", XES_VALUE, 13, "“1.0.0”不符合类型 float"},
    {"stringCorrectAttributes", XES_FINE},
    {"stringNestedNotDeclared", XES_FINE},
    {"stringNoAttributes", XES_NAME_MISSING, 9, "<string> 缺少 XML 属性“key”"},
    {"stringNotNestedButDeclared", XES_FINE},
    {"stringTooManyAttributes", XES_NAME_UNKNOWN, 9, "<string> 没有名为“attribute”"},
    {"traceCorrectAttributes", XES_FINE, .traces = 1},
    {"traceEventSwapped", XES_ORDER, 3, "<trace> 必须出现在 <event> 之前"},
    {"traceOutOfPlace", XES_ELEMENT_PLACE, 29, "<trace> 不能出现在 <event> 之内"},
    {"traceTooManyAttributes", XES_NAME_UNKNOWN, 14, "<trace> 没有名为“key”"},
};

static void need_logs(void)
{
    if (access(LOGS, R_OK)) {
        printf("skipped: no %s\n", LOGS);
        skip();
    }
}

static void malformed_files(void **state)
{
    (void)state;
    need_logs();
    const struct xes_handler nobody = {0};
    assert_int_equal(sizeof files / sizeof *files, 71);
    int failed = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct expected *e = &files[i];
        char path[200], at[40];
        snprintf(path, sizeof path, LOGS "malformed/%s.xes", e->file);
        int fd = open(path, O_RDONLY);
        assert_true(fd >= 0);
        struct xes_found found;
        struct xes_error error;
        bool good = xes_read_file(fd, NULL, &nobody, &found, &error);
        close(fd);
        snprintf(at, sizeof at, "第 %lld 行", (long long)e->line);
        bool as_told = good == (e->wrong == XES_FINE) && error.wrong == e->wrong;
        if (as_told && good)
            as_told = found.traces == e->traces && found.events == e->events &&
                      found.loose_events == e->loose;
        else if (as_told)
            as_told = error.line == e->line && strstr(error.zh, e->phrase) &&
                      !strncmp(error.zh, at, strlen(at)) && !strncmp(error.en, "line ", 5);
        if (!as_told) {
            failed++;
            print_error("%s: %d line %lld: %s | %s\n", e->file, (int)error.wrong,
                        (long long)error.line, error.zh, error.en);
        }
    }
    assert_int_equal(failed, 0);
}

static void real_logs(void **state)
{
    (void)state;
    need_logs();
    static const struct {
        const char *path;
        int64_t traces, events;
    } real[] = {{LOGS "receipt.xes.gz", 1434, 8577}, {LOGS "running-example.xes", 6, 42}};
    const struct xes_handler nobody = {0};
    for (size_t i = 0; i < 2; i++) {
        int fd = open(real[i].path, O_RDONLY);
        struct xes_found found;
        struct xes_error error;
        bool good = xes_read_file(fd, NULL, &nobody, &found, &error);
        close(fd);
        if (!good)
            print_error("%s: %s\n", real[i].path, error.zh);
        assert_true(good);
        assert_int_equal(found.traces, real[i].traces);
        assert_int_equal(found.events, real[i].events);
    }
}

static enum xes_wrong outcome(struct text bytes, const struct xes_limits *limits,
                              struct xes_error *error)
{
    const struct xes_handler nobody = {0};
    struct xes_found found;
    xes_read_memory(bytes, limits, &nobody, &found, error);
    return error->wrong;
}

/* A time is kept in civil time, where this one is of the year 10000. */
static void the_last_year(void **state)
{
    struct xes_error error;
    (void)state;
    assert_int_equal(outcome(TEXT("<log>\n<trace><event>\n<date key='a' "
                                  "value='9999-12-31T23:59:59Z'/></event></trace></log>"),
                             NULL, &error),
                     XES_VALUE);
    assert_int_equal(error.line, 3);
    assert_int_equal(outcome(TEXT("<log><date key='a' value='9999-12-31T23:59:59+08:00'/></log>"),
                             NULL, &error),
                     XES_FINE);
}

/* Small logs, each with one thing wrong or just right. */
static void small_logs(void **state)
{
    (void)state;
#define CONCEPT                                                                                    \
    "<extension name='Concept' prefix='concept' "                                                  \
    "uri='http://www.xes-standard.org/concept.xesext'/>\n"
    static const struct {
        const char *xml;
        enum xes_wrong wrong;
        int64_t line;
    } small[] = {
        {"<log>\n<classifier/>\n</log>", XES_NAME_MISSING, 2},
        {"<log><trace><event/></trace>", XES_ENDS_EARLY, 1},
        {"<log><trace>\n<eve", XES_ENDS_EARLY, 2},
        {"<log>\n<trace></log>", XES_NOT_XML, 2},
        {"<log/><log/>", XES_NOT_XML, 1},
        {"<html/>", XES_NO_LOG, 1},
        {"<string key='a' value='b'/>", XES_NO_LOG, 1},
        {"<event/>", XES_NO_LOG, 1},
        {"   \n", XES_NO_LOG, 2},
        {"<!DOCTYPE log [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<log>&b;</"
         "log>", XES_DOCTYPE, 1},
        {"<!DOCTYPE log SYSTEM 'file:///etc/passwd'><log/>", XES_DOCTYPE, 1},
        {"<log>&b;</log>", XES_NOT_XML, 1},
        {"<?xml version='1.0' encoding='GBK'?><log/>", XES_ENCODING, 1},
        {"<?xml version='1.0' encoding='ISO-8859-1'?><log><string key='a' value='\xe9'/></"
         "log>", XES_FINE, 0},
        {"<log><string key='a' value='\xe9'/></log>", XES_NOT_XML, 1},
        {"<log xmlns='http://www.xes-standard.org/'/>", XES_FINE, 0},
        {"<log xmlns='http://code.deckfour.org/xes'/>", XES_FINE, 0},
        {"<log xmlns='http://example.org/'/>", XES_NO_LOG, 1},
        {"<log xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'/"
         ">", XES_FINE, 0},
        {"<log other='1'/>", XES_NAME_UNKNOWN, 1},
        {"<log><string key='a'/></log>", XES_NAME_MISSING, 1},
        {"<log><string key='' value='x'/></log>", XES_NAME_MISSING, 1},
        {"<log><string key='a' value=''/></log>", XES_FINE, 0},
        {"<log><list key='a' value=''><values/></list></log>", XES_NAME_UNKNOWN, 1},
        {"<log><list key='a'><values/><values/></list></log>", XES_LIST_VALUES, 1},
        {"<log><string key='a' value=''><values/></string></log>", XES_ELEMENT_PLACE, 1},
        {"<log><container key='a'><int key='b' value='1'/></container></log>", XES_FINE, 0},
        {"<log><string key='a' value='1'/>\n<int key='a' value='1'/></log>", XES_KEY_TWICE, 2},
        {"<log>" CONCEPT "<extension name='C' prefix='concept' uri='x'/></"
         "log>", XES_EXTENSION_TWICE, 2},
        /* another definition behind the prefix: its keys are not ours to judge */
        {"<log><extension name='C' prefix='concept' uri='http://example.org/c'/><int "
         "key='concept:x' value='1'/></log>", XES_FINE, 0},
        {"<log><string key='concept:name' value='first'/>" CONCEPT "</log>", XES_FINE, 0},
        {"<log>\n<trace>\n<event/>\n<string key='a' value='b'/></trace></log>", XES_ORDER, 4},
        {"<log><global scope='event'><int key='cost' value='1'/></global>\n<trace><event>"
         "\n<string key='cost' value='1'/></event></trace></log>", XES_GLOBAL_TYPE, 3},
        {"<log><global><string key='Activity code' value=''/></global><classifier name='c' "
         "keys='Activity code'/></log>", XES_FINE, 0},
        {"<log><global><string key='Activity code' value=''/><string key='b' value=''/></global>"
         "<classifier name='c' keys=\"b 'Activity code'\"/></log>", XES_FINE, 0},
        {"<log><global scope='trace'><string key='a' value=''/></global><classifier name='c' "
         "keys='a'/></log>", XES_CLASSIFIER_KEY, 1},
        {"<log><!-- said --><?go on?>\n<trace/></log>", XES_FINE, 0},
        {"<log>\xe5\xad\x97</log>", XES_TEXT, 1},
    };
    for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
        struct xes_error error;
        enum xes_wrong wrong = outcome(text_of(small[i].xml), NULL, &error);
        if (wrong != small[i].wrong || error.line != small[i].line)
            print_error("%s\n%d %s\n", small[i].xml, (int)wrong, error.zh);
        assert_int_equal(wrong, small[i].wrong);
        assert_int_equal(error.line, small[i].line);
        assert_true((error.zh[0] != 0) == (wrong != XES_FINE));
    }
}

static void values_of_types(void **state)
{
    (void)state;
    static const struct {
        enum xes_type type;
        const char *value;
        enum xes_wrong wrong;
    } values[] = {
        {XES_INT, "0", XES_FINE}, {XES_INT, "-9223372036854775808", XES_FINE},
        {XES_INT, "9223372036854775808", XES_VALUE}, {XES_INT, "+7", XES_FINE},
        {XES_INT, "00000000000000000000007", XES_FINE}, {XES_INT, "", XES_VALUE},
        {XES_INT, "+-7", XES_VALUE}, {XES_INT, "--7", XES_VALUE}, {XES_INT, " 7 ", XES_FINE},
        {XES_INT, "-", XES_VALUE}, {XES_INT, "7a", XES_VALUE}, {XES_INT, "0-7", XES_VALUE},
        {XES_FLOAT, "1", XES_FINE}, {XES_FLOAT, ".5", XES_FINE}, {XES_FLOAT, "5.", XES_FINE},
        {XES_FLOAT, "-2.3E7", XES_FINE}, {XES_FLOAT, "1e", XES_VALUE}, {XES_FLOAT, ".", XES_VALUE},
        {XES_FLOAT, "INF", XES_FINE}, {XES_FLOAT, "NaN", XES_FINE}, {XES_FLOAT, "inf", XES_VALUE},
        {XES_FLOAT, "0x1p3", XES_VALUE}, {XES_FLOAT, "1,5", XES_VALUE},
        {XES_BOOLEAN, "true", XES_FINE}, {XES_BOOLEAN, "0", XES_FINE}, {XES_BOOLEAN, "yes", XES_VALUE},
        {XES_BOOLEAN, "TRUE", XES_VALUE}, {XES_ID, "550E8400-e29b-41d4-a716-446655440000", XES_FINE},
        {XES_ID, "550e8400e29b41d4a716446655440000", XES_VALUE}, {XES_STRING, "", XES_FINE},
        {XES_DATE, "2010-10-02T09:20:39.266+02:00", XES_FINE},
        {XES_DATE, "2010-10-02T09:20:39Z", XES_FINE},
        {XES_DATE, "2010-10-02T09:20:39.123456789-05:00", XES_FINE},
        {XES_DATE, "2010-02-29T09:20:39Z", XES_VALUE}, {XES_DATE, "2010-10-02 "
         "09:20:39Z", XES_VALUE},
        {XES_DATE, "2010-10-02T09:20Z", XES_VALUE}, {XES_DATE, "2010-10-02T09:20:60Z", XES_VALUE},
        {XES_DATE, "2010-10-02T09:20:39z", XES_VALUE},
        {XES_DATE, "2010-10-02T09:20:39+0200", XES_VALUE},
        {XES_DATE, "2010-10-02", XES_VALUE}, {XES_DATE, "2010-10-02T09:20:39", XES_ZONE},
        {XES_DATE, "", XES_VALUE},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        enum xes_wrong wrong = xes_check_value(values[i].type, text_of(values[i].value));
        if (wrong != values[i].wrong)
            print_error("%s as %s: %d\n", values[i].value, xes_type_name(values[i].type), (int)wrong);
        assert_int_equal(wrong, values[i].wrong);
    }
    int64_t at_ms;
    assert_true(xes_instant(TEXT("2010-10-02T09:20:39.266+02:00"), &at_ms));
    assert_int_equal(at_ms, 1286004039266);
}

/* What the handlers are told, written down. */
struct told {
    struct arena *arena;
    struct buf out;
};

static bool tell_log(void *context, const struct xes_log *log)
{
    struct told *told = context;
    xes_log_json(log, &told->out);
    return true;
}

static bool tell_trace(void *context, const struct xes_attribute *attributes)
{
    struct told *told = context;
    buf_str(&told->out, "\ntrace ");
    xes_json(attributes, &told->out);
    return true;
}

static bool tell_trace_end(void *context)
{
    struct told *told = context;
    buf_str(&told->out, "\nend");
    return true;
}

static bool tell_event(void *context, const struct xes_attribute *attributes, bool loose)
{
    struct told *told = context;
    buf_str(&told->out, loose ? "\nloose " : "\nevent ");
    xes_json(attributes, &told->out);
    return true;
}

static void what_is_told(void **state)
{
    (void)state;
    struct told told = {.arena = arena_new(4096)};
    told.out.arena = told.arena;
    const struct xes_handler handler = {&told, tell_log, tell_trace, tell_trace_end, tell_event};
    struct xes_found found;
    struct xes_error error;
    assert_true(xes_read_memory(
        TEXT("<log xes.version='1.0'>" CONCEPT "<global scope='trace'><string key='n' value='-'/>"
            "</global>"
             "<classifier name='c' scope='trace' keys='n'/>"
             "<string key='a' value='&lt;&quot;&#10;'><date key='d' value='2010-10-02T09:20:39Z'/>"
             "</string>"
             "<trace><string key='n' value='1'/><event><list key='l'><string key='m' value='x'/>"
             "<values><int key='i' value='1'/><int key='i' value='2'/></values></list></event></"
             "trace>"
             "<trace/><event><container key='k'><id key='u' "
             "value='550e8400-e29b-41d4-a716-446655440000'/>"
             "</container></event></log>"),
        NULL, &handler, &found, &error));
    buf_char(&told.out, 0);
    assert_string_equal(
        told.out.at,
        "{\"attributes\":[{\"children\":[{\"key\":\"d\",\"type\":\"date\","
        "\"value\":\"2010-10-02T09:20:39Z\"}],"
        "\"key\":\"a\",\"type\":\"string\",\"value\":\"<\\\"\\n\"}],"
        "\"classifiers\":[{\"keys\":\"n\",\"name\":\"c\",\"scope\":\"trace\"}],"
        "\"extensions\":[{\"name\":\"Concept\",\"prefix\":\"concept\",\"uri\":\"http://"
        "www.xes-standard.org/concept.xesext\"}],"
        "\"globals\":[{\"attributes\":[{\"key\":\"n\",\"type\":\"string\",\"value\":\"-\"}],"
        "\"scope\":\"trace\"}],"
        "\"log\":{\"xes.version\":\"1.0\"}}"
        "\ntrace [{\"key\":\"n\",\"type\":\"string\",\"value\":\"1\"}]"
        "\nevent [{\"children\":[{\"key\":\"m\",\"type\":\"string\",\"value\":\"x\"}],"
        "\"key\":\"l\",\"type\":\"list\","
        "\"values\":[{\"key\":\"i\",\"type\":\"int\",\"value\":\"1\"},{\"key\":\"i\","
        "\"type\":\"int\",\"value\":\"2\"}]}]"
        "\nend\ntrace []\nend"
        "\nloose [{\"children\":[{\"key\":\"u\",\"type\":\"id\","
        "\"value\":\"550e8400-e29b-41d4-a716-446655440000\"}],"
        "\"key\":\"k\",\"type\":\"container\"}]");
    assert_int_equal(found.loose_events, 1);
    arena_free(told.arena);
}

static bool stop(void *context, const struct xes_attribute *attributes)
{
    (void)context;
    (void)attributes;
    return false;
}

static void handler_stops(void **state)
{
    (void)state;
    int calls = 0;
    const struct xes_handler handler = {.context = &calls, .trace = stop};
    struct xes_found found;
    struct xes_error error;
    assert_false(xes_read_memory(TEXT("<log>\n<trace/><trace/></"
        "log>"), NULL, &handler, &found, &error));
    assert_int_equal(error.wrong, XES_STOPPED);
    assert_int_equal(error.line, 2);
    assert_int_equal(found.traces, 1);
}

static struct text gzip(struct arena *arena, struct text plain)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, plain.len);
    char *out = arena_alloc(arena, room);
    z.next_in = (unsigned char *)plain.at;
    z.avail_in = (unsigned)plain.len;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (struct text){out, room - z.avail_out};
}

/* Cut anywhere a gzip ends early or is damaged, and never passes. */
static void gzip_cut_and_bent(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);
    struct xes_error error;
    struct text packed = gzip(arena, TEXT("<log>\n<trace><event/></trace>\n</log>\n"));
    assert_int_equal(outcome(packed, NULL, &error), XES_FINE);
    for (size_t len = 2; len < packed.len; len++)
        assert_int_equal(outcome(text_slice(packed, 0, len), NULL, &error), XES_ENDS_EARLY);
    for (size_t i = packed.len - 8; i < packed.len; i++) { /* checksum and length */
        char *bent = text_cstr(arena, packed);
        bent[i] ^= 1;
        assert_int_equal(outcome((struct text){bent, packed.len}, NULL, &error), XES_DAMAGED);
    }
    struct buf two = {.arena = arena};
    buf_text(&two, gzip(arena, TEXT("<log>\n")));
    buf_text(&two, gzip(arena, TEXT("</log>\n")));
    assert_int_equal(outcome(buf_done(&two), NULL, &error), XES_FINE);
    buf_str(&two, "rest");
    assert_int_equal(outcome(buf_done(&two), NULL, &error), XES_DAMAGED);
    arena_free(arena);
}

static void limits_hold(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct xes_error error;
    struct xes_limits limits = xes_default_limits;

    /* A bomb: 64 MiB of blanks in a well-formed log. */
    struct buf bomb = {.arena = arena};
    buf_str(&bomb, "<log>");
    for (int i = 0; i < 64 << 10; i++)
        buf_format(&bomb, "%1024s", "");
    buf_str(&bomb, "</log>");
    struct text packed = gzip(arena, buf_done(&bomb));
    assert_true(packed.len < 100000);
    assert_int_equal(outcome(packed, NULL, &error), XES_BOMB);
    limits.ratio = 2000;
    assert_int_equal(outcome(packed, &limits, &error), XES_FINE);
    limits.xml_bytes = 1 << 20;
    assert_int_equal(outcome(packed, &limits, &error), XES_TOO_BIG);

    struct buf value = {.arena = arena};
    buf_str(&value, "<log>\n<string key='a' value='");
    for (int i = 0; i < 70000; i++)
        buf_char(&value, 'v');
    buf_str(&value, "'/></log>");
    assert_int_equal(outcome(buf_done(&value), NULL, &error), XES_VALUE_LONG);
    assert_int_equal(error.line, 2);

    struct buf tag = {.arena = arena};
    buf_str(&tag, "<log><!--");
    for (int i = 0; i < 2 << 20; i++)
        buf_char(&tag, ' ');
    buf_str(&tag, "--></log>");
    assert_int_equal(outcome(buf_done(&tag), NULL, &error), XES_TOKEN_LONG);

    struct buf many = {.arena = arena};
    buf_str(&many, "<log><trace>");
    for (int i = 0; i < 2001; i++)
        buf_format(&many, "\n<int key='k%d' value='1'/>", i);
    buf_str(&many, "</trace></log>");
    assert_int_equal(outcome(buf_done(&many), NULL, &error), XES_TOO_MANY);
    assert_int_equal(error.line, 2002);

    struct buf header = {.arena = arena};
    buf_str(&header, "<log>");
    for (int i = 0; i < 200; i++)
        buf_format(&header, "<string key='k%d' value='%060000d'/>", i, i);
    buf_str(&header, "</log>");
    assert_int_equal(outcome(buf_done(&header), NULL, &error), XES_HEADER_BIG);

    for (int depth = 16; depth <= 17; depth++) {
        struct buf deep = {.arena = arena};
        buf_str(&deep, "<log><trace><event>");
        for (int i = 0; i < depth; i++)
            buf_str(&deep, "<string key='k' value='1'>");
        for (int i = 0; i < depth; i++)
            buf_str(&deep, "</string>");
        buf_str(&deep, "</event></trace></log>");
        assert_int_equal(outcome(buf_done(&deep), NULL, &error),
                         depth == 16 ? XES_FINE : XES_TOO_DEEP);
    }
    arena_free(arena);
}

/* Every error has words in both languages, and no placeholder is left in them. */
static void every_error_speaks(void **state)
{
    (void)state;
    for (int wrong = XES_FINE + 1; wrong < XES_WRONGS; wrong++) {
        struct xes_error error;
        xes_say(&error, (enum xes_wrong)wrong, 7, TEXT("one"), TEXT("two"));
        assert_true(strlen(error.zh) > strlen("第 7 行：") && strlen(error.en) > strlen("line 7: "));
        assert_null(strchr(error.zh, '{'));
        assert_null(strchr(error.en, '{'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_files),   cmocka_unit_test(real_logs),
        cmocka_unit_test(the_last_year),
        cmocka_unit_test(small_logs),        cmocka_unit_test(values_of_types),
        cmocka_unit_test(what_is_told),      cmocka_unit_test(handler_stops),
        cmocka_unit_test(gzip_cut_and_bent), cmocka_unit_test(limits_hold),
        cmocka_unit_test(every_error_speaks),
    };
    return cmocka_run_group_tests_name("xes", tests, NULL, NULL);
}
