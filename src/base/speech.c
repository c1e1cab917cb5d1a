#include "base/speech.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/script.h"
#include "base/wording.h"

struct speech {
    enum language language;
    struct text mo;
    struct script *script;
};

enum { DEEPEST = 6 }; /* texts put into one another */

static const struct language_words languages[LANGUAGES] = {
    [LANGUAGE_HANS] = {"zh-CN"},
    [LANGUAGE_HANT] = {"zh-Hant"},
    [LANGUAGE_ENGLISH] = {"en"},
};

const struct language_words *language_words(enum language language)
{
    return &languages[language];
}

bool language_of(struct text tag, enum language *out)
{
    for (int i = 0; i < LANGUAGES; i++)
        if (text_is(tag, languages[i].tag)) {
            *out = (enum language)i;
            return true;
        }
    return false;
}

/* "zh-TW" under "zh-TW", "zh-hant-hk" under "zh-Hant". */
static bool tag_under(struct text tag, const char *range)
{
    size_t len = strlen(range);
    return tag.len >= len && strncasecmp(tag.at, range, len) == 0 &&
           (tag.len == len || tag.at[len] == '-');
}

static bool tag_known(struct text tag, enum language *out)
{
    static const char *const traditional[] = {"zh-Hant", "zh-TW", "zh-HK", "zh-MO"};
    *out = LANGUAGE_ENGLISH;
    if (tag_under(tag, "en"))
        return true;
    *out = LANGUAGE_HANS;
    if (!tag_under(tag, "zh"))
        return false;
    for (size_t i = 0; i < sizeof traditional / sizeof *traditional; i++)
        if (tag_under(tag, traditional[i]))
            *out = LANGUAGE_HANT;
    return true;
}

/* "q=0.8" in thousandths; malformed: 0, that is not wanted. */
static int weight_of(struct text parameter)
{
    int weight;
    parameter = text_trim(parameter);
    if (parameter.len < 3 || strncasecmp(parameter.at, "q=", 2) != 0 ||
        (parameter.at[2] != '0' && parameter.at[2] != '1'))
        return 0;
    weight = (parameter.at[2] - '0') * 1000;
    if (parameter.len > 3 && parameter.at[3] != '.')
        return 0;
    for (size_t i = 4, unit = 100; i < parameter.len && i < 7; i++, unit /= 10)
        if (parameter.at[i] >= '0' && parameter.at[i] <= '9')
            weight += (parameter.at[i] - '0') * (int)unit;
    return weight > 1000 ? 1000 : weight;
}

enum language language_accepted(struct text header)
{
    enum language best = LANGUAGE_HANS, one;
    int most = 0;
    struct text range;
    while (text_cut(&header, ',', &range)) {
        struct text parameter = range, tag;
        text_cut(&parameter, ';', &tag);
        int weight = parameter.at ? weight_of(parameter) : 1000;
        if (tag_known(text_trim(tag), &one) && weight > most) {
            best = one;
            most = weight;
        }
    }
    return best;
}

static uint32_t mo_number(struct text mo, size_t at)
{
    uint32_t number = 0;
    if (at + sizeof number <= mo.len)
        memcpy(&number, mo.at + at, sizeof number);
    return number;
}

bool speech_open(enum language language, struct text words, struct speech **out, struct fault *why)
{
    struct speech *speech = calloc(1, sizeof *speech);
    if (!speech)
        abort();
    *out = NULL;
    *speech = (struct speech){.language = language, .mo = words};
    bool good = true;
    if (language == LANGUAGE_HANT)
        good = script_open("s2tw", &speech->script, why);
    else if (language == LANGUAGE_ENGLISH && mo_number(words, 0) != 0x950412de)
        good = fault_set(why, "the English words are no .mo file of this machine's byte order");
    if (good)
        *out = speech;
    else
        free(speech);
    return good;
}

void speech_close(struct speech *speech)
{
    if (speech)
        script_close(speech->script);
    free(speech);
}

enum language speech_language(const struct speech *speech)
{
    return speech ? speech->language : LANGUAGE_HANS;
}

/* The string of one of the two tables of the .mo file, which GNU gettext sorts by bytes. */
static struct text mo_text(struct text mo, size_t table, size_t number)
{
    size_t len = mo_number(mo, table + 8 * number), at = mo_number(mo, table + 8 * number + 4);
    return at <= mo.len && len <= mo.len - at ? (struct text){mo.at + at, len} : TEXT("");
}

/* Empty: not there. */
static struct text look_up(const struct speech *speech, struct text words)
{
    size_t low = 0, high = mo_number(speech->mo, 8);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = text_order(words, mo_text(speech->mo, mo_number(speech->mo, 12), middle));
        if (order == 0)
            return words.len ? mo_text(speech->mo, mo_number(speech->mo, 16), middle) : words;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return TEXT("");
}

/* While one text is said. */
struct saying {
    const struct speech *speech;
    const struct wordings_of *worded;
    struct arena *arena;
    int depth;
};

static bool plain_ascii(struct text a)
{
    for (size_t i = 0; i < a.len; i++)
        if ((unsigned char)a.at[i] >= 0x80)
            return false;
    return true;
}

static void say(struct saying *saying, struct text words, struct buf *out);

static bool digits(struct text a)
{
    for (size_t i = 0; i < a.len; i++)
        if (a.at[i] < '0' || a.at[i] > '9')
            return false;
    return a.len > 0;
}

/* The number before a mark of the date; false if there is none. */
static bool part_before(struct text *rest, struct text mark, struct text *part)
{
    ptrdiff_t at = text_find(*rest, mark);
    if (at <= 0 || at > 4)
        return false;
    *part = text_slice(*rest, 0, (size_t)at);
    *rest = text_slice(*rest, (size_t)at + mark.len, rest->len);
    return digits(*part);
}

/* 2014年5月4日 14:00 is 4 May 2014 14:00: the one way dates are written in English here. */
static bool say_date(struct text words, struct buf *out)
{
    static const char *const months[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December",
    };
    struct text year, month, day;
    int64_t number;
    if (!part_before(&words, TEXT("年"), &year) || !part_before(&words, TEXT("月"), &month) ||
        !part_before(&words, TEXT("日"), &day) || !plain_ascii(words) || !text_int(month, &number) ||
        number < 1 || number > 12)
        return false;
    buf_text(out, day);
    buf_format(out, " %s %.*s", months[number - 1], TEXT_ARG(year));
    buf_text(out, words);
    return true;
}

/* 12.50元 is CNY 12.50. */
static bool say_money(struct text words, struct buf *out)
{
    struct text yuan = TEXT("元");
    if (!text_ends(words, yuan))
        return false;
    words.len -= yuan.len;
    for (size_t i = 0; i < words.len; i++)
        if ((words.at[i] < '0' || words.at[i] > '9') && words.at[i] != '.' && words.at[i] != '-')
            return false;
    buf_str(out, "CNY ");
    buf_text(out, words);
    return words.len > 0;
}

/* "(s)" follows the last number that was written. */
static void add_literal(struct text literal, struct text number, struct buf *out)
{
    ptrdiff_t at;
    while (number.len && (at = text_find(literal, TEXT("(s)"))) >= 0) {
        buf_text(out, text_slice(literal, 0, (size_t)at));
        if (!text_is(number, "1"))
            buf_char(out, 's');
        literal = text_slice(literal, (size_t)at + 3, literal.len);
    }
    buf_text(out, literal);
}

/* A translated format with its arguments in the order that it wants: %s the next, %2$s the second. */
static void compose(struct saying *saying, struct text format, const struct wording *wording,
                    struct buf *out)
{
    size_t next = 0;
    struct text literal, number = TEXT("");
    while (format.len && text_cut(&format, '%', &literal)) {
        int64_t which = 0;
        struct text place;
        add_literal(literal, number, out);
        if (!format.len)
            break;
        if (format.at[0] == '%') {
            buf_char(out, '%');
            format = text_slice(format, 1, format.len);
            continue;
        }
        ptrdiff_t end = text_find(format, TEXT("s"));
        place = text_slice(format, 0, end < 0 ? 0 : (size_t)end);
        format = text_slice(format, end < 0 ? format.len : (size_t)end + 1, format.len);
        if (place.len && place.at[place.len - 1] == '$')
            text_int(text_slice(place, 0, place.len - 1), &which);
        size_t at = which > 0 ? (size_t)which - 1 : next++;
        if (at >= wording->count)
            continue;
        if (digits(wording->pieces[at]))
            number = wording->pieces[at];
        say(saying, wording->pieces[at], out);
    }
}

static bool say_worded(struct saying *saying, struct text words, struct buf *out)
{
    const struct wording *wording = NULL;
    for (size_t i = 0; saying->worded && !wording && i < 2; i++)
        wording = wording_find(saying->worded->arenas[i], words);
    if (!wording || saying->depth == DEEPEST)
        return false;
    struct text format = wording_plain(wording->format, saying->arena);
    struct text said = look_up(saying->speech, format);
    if (!said.len && plain_ascii(format))
        said = format;
    if (!said.len)
        return false;
    saying->depth++;
    compose(saying, said, wording, out);
    saying->depth--;
    return true;
}

static bool say_known(struct saying *saying, struct text words, struct buf *out)
{
    struct text said = plain_ascii(words) ? words : look_up(saying->speech, words);
    if (said.len || !words.len) {
        buf_text(out, said);
        return true;
    }
    return say_worded(saying, words, out) || say_date(words, out) || say_money(words, out);
}

/* Where the first part of words ends that is known: after one of the marks, the farthest first. */
static size_t known_part(struct saying *saying, struct text words, struct text mark, bool keep,
                         struct buf *out)
{
    for (size_t end = words.len; end > 0; end--) {
        bool here = end == words.len || text_ends(text_slice(words, 0, end), mark);
        size_t to = here && end < words.len && !keep ? end - mark.len : end;
        if (here && say_known(saying, text_slice(words, 0, to), out))
            return end;
    }
    return 0;
}

/* Several sentences, or a list of words, put together without a format: all of them are known, or
 * nothing is said. */
static bool say_parts(struct saying *saying, struct text words, struct text mark, bool keep,
                      const char *between, struct buf *out)
{
    struct buf all = {.arena = saying->arena};
    if (text_find(words, mark) < 0)
        return false;
    while (words.len) {
        size_t end = known_part(saying, words, mark, keep, &all);
        if (!end)
            return false;
        words = text_slice(words, end, words.len);
        if (words.len)
            buf_str(&all, between);
    }
    buf_text(out, buf_done(&all));
    return true;
}

static void say(struct saying *saying, struct text words, struct buf *out)
{
    if (say_known(saying, words, out) ||
        say_parts(saying, words, TEXT("。"), true, " ", out) ||
        say_parts(saying, words, TEXT("、"), false, ", ", out) ||
        say_parts(saying, words, TEXT("，"), false, ", ", out))
        return;
    buf_char(out, DATA_BEGIN);
    buf_text(out, words);
    buf_char(out, DATA_END);
}

struct text speech_say(const struct speech *speech, const struct wordings_of *worded,
                       struct text words, struct arena *arena)
{
    struct saying saying = {.speech = speech, .worded = worded, .arena = arena};
    struct buf out = {.arena = arena};
    if (!speech || plain_ascii(words))
        return words;
    if (speech->language == LANGUAGE_HANT)
        return script_convert(speech->script, words, arena);
    say(&saying, words, &out);
    return buf_done(&out);
}

struct text speech_word(const struct speech *speech, struct text words, struct arena *arena)
{
    if (!speech)
        return words;
    if (speech->language == LANGUAGE_HANT)
        return script_convert(speech->script, words, arena);
    struct text said = look_up(speech, words);
    return said.len ? said : words;
}

struct text speech_data(const struct speech *speech, struct text words, struct arena *arena)
{
    if (!speech || plain_ascii(words))
        return words;
    return text_format(arena, "%c%.*s%c", DATA_BEGIN, TEXT_ARG(words), DATA_END);
}

void buf_said_html(struct buf *buf, struct text said)
{
    size_t from = 0;
    for (size_t i = 0; i < said.len; i++) {
        if (said.at[i] != DATA_BEGIN && said.at[i] != DATA_END)
            continue;
        buf_html(buf, text_slice(said, from, i));
        buf_str(buf, said.at[i] == DATA_BEGIN ? "<span lang=\"zh-CN\">" : "</span>");
        from = i + 1;
    }
    buf_html(buf, text_slice(said, from, said.len));
}

void buf_said_words(struct buf *buf, struct text said)
{
    buf_html(buf, said_plain(said, buf->arena));
}

struct text said_plain(struct text said, struct arena *arena)
{
    struct buf out = {.arena = arena};
    if (!memchr(said.len ? said.at : "", DATA_BEGIN, said.len))
        return said;
    for (size_t i = 0; i < said.len; i++)
        if (said.at[i] != DATA_BEGIN && said.at[i] != DATA_END)
            buf_char(&out, said.at[i]);
    return buf_done(&out);
}
