#include <stdio.h>
#include <string.h>

#include "approval/history/xes_rules.h"

struct words {
    const char *zh, *en;
};

static const struct words words[XES_WRONGS] = {
    [XES_STOPPED] = {"导入已停止。", "the import was stopped."},
    [XES_UNREADABLE] = {"文件读取失败，请检查存储设备后重试。",
                        "the file cannot be read; check the disk and try again."},
    [XES_ENDS_EARLY] = {"文件不完整，提前结束；请重新取得完整的文件。",
                        "the file ends early; get the complete file."},
    [XES_DAMAGED] = {"gzip 压缩数据已损坏；请重新取得文件。",
                     "the gzip data is damaged; get the file again."},
    [XES_BOMB] = {"解压后的大小与文件大小之比超过上限，已停止读取；请核对文件来源。",
                  "the file unpacks to far more than the allowed ratio; check where it comes "
                  "from."},
    [XES_TOO_BIG] = {"文件解压后超过大小上限；请拆分后分别导入。",
                     "the unpacked file is over the size limit; split it."},
    [XES_NOT_XML] = {"不是格式正确的 XML（{1}）；请由来源系统重新导出。",
                     "not well-formed XML ({1}); export it again from its source."},
    [XES_ENCODING] = {"不支持的字符编码“{1}”；请转换为 UTF-8。",
                      "character encoding \"{1}\" is not read; convert the file to UTF-8."},
    [XES_DOCTYPE] = {"不允许文档类型声明（DOCTYPE）及实体定义；请删除后再导入。",
                     "a document type (DOCTYPE) with entities is not allowed; remove it."},
    [XES_NO_LOG] = {"没有 <log> 根元素，不是 XES 日志；请核对所选的文件。",
                    "no <log> element at the root, so this is no XES log; check which file it is."},
    [XES_TOKEN_LONG] = {"单个标记超过长度上限；请核对文件。",
                        "one tag or comment is over the length limit; check the file."},
    [XES_VALUE_LONG] = {"“{1}”的键或值超过长度上限；请缩短。",
                        "the key or value of \"{1}\" is over the length limit; shorten it."},
    [XES_TOO_MANY] = {"<{1}> 的属性过多或过大，超过上限；请减少。",
                      "the attributes of <{1}> are too many or too large; remove some."},
    [XES_HEADER_BIG] = {"日志头部（第一个 <trace> 之前）超过大小上限；请精简。",
                        "the header before the first <trace> is over the size limit; shorten it."},
    [XES_TOO_DEEP] = {"属性嵌套层数超过上限；请减少嵌套。",
                      "attributes are nested deeper than the limit; flatten them."},
    [XES_ELEMENT_UNKNOWN] = {"未知元素 <{1}>；请改用标准规定的元素，或删除。",
                             "unknown element <{1}>; use one of the standard or remove it."},
    [XES_ELEMENT_PLACE] = {"元素 <{1}> 不能出现在 <{2}> 之内；请移到正确的位置。",
                           "element <{1}> is out of place inside <{2}>; move it."},
    [XES_ORDER] = {"元素 <{1}> 必须出现在 <{2}> 之前；请调整顺序。",
                   "element <{1}> must come before <{2}>; change the order."},
    [XES_TEXT] = {"标记之间出现了文字“{1}”；请删除。",
                  "there is text \"{1}\" between the tags; remove it."},
    [XES_NAME_UNKNOWN] = {"<{2}> 没有名为“{1}”的 XML 属性；请删除。",
                          "<{2}> has no XML attribute \"{1}\"; remove it."},
    [XES_NAME_MISSING] = {"<{2}> 缺少 XML 属性“{1}”，或其内容为空；请补上。",
                          "<{2}> lacks its XML attribute \"{1}\", or it is empty; add it."},
    [XES_VALUE] = {"值“{1}”不符合类型 {2}；请改正值或类型。",
                   "value \"{1}\" is not of type {2}; correct the value or the type."},
    [XES_ZONE] = {"日期“{1}”没有时区，无法确定时刻；请补上时区，如 +08:00 或 Z。",
                  "date \"{1}\" has no time zone, so it is no instant; add one, like +08:00 or Z."},
    [XES_KEY_TWICE] = {"键“{1}”在同一处重复出现；请只保留一个。",
                       "key \"{1}\" occurs twice in the same place; keep one."},
    [XES_EXTENSION_TWICE] = {"扩展前缀“{1}”重复声明；请只保留一个。",
                             "extension prefix \"{1}\" is declared twice; keep one."},
    [XES_EXTENSION_MISSING] = {"键“{1}”所用的扩展“{2}”没有声明；请补上 <extension>。",
                               "key \"{1}\" uses extension \"{2}\", which is not declared; "
                               "declare it."},
    [XES_EXTENSION_KEY] = {"扩展“{2}”没有定义键“{1}”；请改用已定义的键，或去掉前缀。",
                           "extension \"{2}\" does not define key \"{1}\"; use one it defines or "
                           "drop the prefix."},
    [XES_EXTENSION_TYPE] = {"键“{1}”的类型不应为 {2}，与扩展的定义不符；请改正类型。",
                            "key \"{1}\" must not be of type {2}: its extension says otherwise; "
                            "correct the type."},
    [XES_SCOPE] = {"<{2}> 的 scope 只能是 trace 或 event，不能是“{1}”；请改正。",
                   "scope of <{2}> is trace or event, not \"{1}\"; correct it."},
    [XES_GLOBAL_TYPE] = {"键“{1}”的类型 {2} 与 <global> 中的声明不同；请统一类型。",
                         "key \"{1}\" is of type {2}, its <global> declares another; make them "
                         "agree."},
    [XES_CLASSIFIER_EMPTY] = {"分类器“{1}”没有键；请在 keys 中列出属性键。",
                              "classifier \"{1}\" has no keys; list attribute keys in keys."},
    [XES_CLASSIFIER_KEY] = {"分类器“{2}”的键“{1}”没有在 <global> 中声明；请声明或改正。",
                            "key \"{1}\" of classifier \"{2}\" is not declared in a <global>; "
                            "declare or correct it."},
    [XES_LIST_VALUES] = {"列表“{1}”必须有且只有一个 <values>，且放在最后；请改正。",
                  "list \"{1}\" must have exactly one <values>, at its end; correct it."},
};

/* Appends at most most bytes of a, not cutting a character, controls shown as spaces. */
static size_t put(char *out, size_t at, size_t room, struct text a, size_t most)
{
    bool clipped = a.len > most;
    size_t take = clipped ? most : a.len;
    while (clipped && take && ((unsigned char)a.at[take] & 0xc0) == 0x80)
        take--;
    for (size_t i = 0; i < take && at + 4 < room; i++)
        out[at++] = (unsigned char)a.at[i] < 0x20 ? ' ' : a.at[i];
    if (clipped && at + 4 < room) {
        memcpy(out + at, "\xe2\x80\xa6", 3);
        at += 3;
    }
    return at;
}

static void fill(char *out, size_t room, const char *form, struct text first, struct text second)
{
    size_t at = strlen(out);
    while (*form && at + 4 < room) {
        if (form[0] == '{' && (form[1] == '1' || form[1] == '2') && form[2] == '}') {
            at = put(out, at, room, form[1] == '1' ? first : second, 60);
            form += 3;
        } else {
            out[at++] = *form++;
        }
    }
    out[at] = 0;
}

void xes_say(struct xes_error *error, enum xes_wrong wrong, int64_t line, struct text first,
             struct text second)
{
    error->wrong = wrong;
    error->line = line;
    error->zh[0] = error->en[0] = 0;
    if (line > 0) {
        snprintf(error->zh, sizeof error->zh, "第 %lld 行：", (long long)line);
        snprintf(error->en, sizeof error->en, "line %lld: ", (long long)line);
    }
    if (wrong == XES_FINE)
        return;
    fill(error->zh, sizeof error->zh, words[wrong].zh, first, second);
    fill(error->en, sizeof error->en, words[wrong].en, first, second);
}
