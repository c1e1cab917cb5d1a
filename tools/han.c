/* han: writes a C header with what a search must know of every character of the basic plane: how it
 * folds (width, case, traditional to simplified; 0: nobody searches for it) and how it is spoken.
 *
 * The folding is Unicode's NFKC_Casefold and OpenCC's t2s, character by character, the reading ICU's
 * Han-Latin. They are asked here, when the house is built, and never by the running program: opening
 * them takes longer than a search may, and what is found must not hang on what a machine has. */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { PLANE = 0x10000, PAGE = 256, SOUNDS = 1024, SYLLABLE = 8 };

/* ICU gives each character one reading. These have two in the words of public service: 银行, 行政;
 * 会计, 社会; 给付, 发给. */
static const char *const twice[] = {
    "行 xing hang",   "会 hui kuai",   "给 gei ji",     "长 chang zhang",  "重 zhong chong",
    "车 che ju",      "调 diao tiao",  "参 can shen",   "率 lv shuai",     "单 dan shan",
    "曾 zeng ceng",   "藏 cang zang",  "传 chuan zhuan", "乐 le yue",      "朝 chao zhao",
    "查 cha zha",     "种 zhong chong", "差 cha chai",  "角 jiao jue",     "宿 su xiu",
    "厦 sha xia",     "解 jie xie",    "弹 dan tan",    "降 jiang xiang",  "还 huan hai",
    "畜 xu chu",      "奇 qi ji",      "便 bian pian",  "泊 bo po",        "度 du duo",
    "省 sheng xing",  "属 shu zhu",    "提 ti di",      "折 zhe she",      "都 du dou",
    "没 mei mo",      "卡 ka qia",     "露 lu lou",     "模 mo mu",        "屏 ping bing",
    "塞 sai se",      "识 shi zhi",    "校 xiao jiao",  "血 xue xie",      "着 zhe zhuo",
    "系 xi ji",       "乘 cheng sheng", "圈 quan juan", "强 qiang jiang",  "粘 zhan nian",
    "地 di de",       "落 luo la",     "大 da dai",     "数 shu shuo",
};

static unsigned short fold[PLANE];
static unsigned short sound[PLANE];
static char sounds[SOUNDS][2][SYLLABLE]; /* what a character may be read as; 0: nothing */
static int sound_count = 1;

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "han: %s\n", what);
    exit(2);
}

static int one_unit(const UChar *units, int32_t len, UChar32 otherwise)
{
    return len == 1 && !U16_IS_SURROGATE(units[0]) ? units[0] : otherwise;
}

/* The simplified character of a traditional one alone: the same for what is sought and what is found,
 * so that no phrase around it can part them. */
static UChar32 simplified(opencc_t opencc, UChar32 at)
{
    UChar from[2] = {(UChar)at}, to[8];
    char utf8[16];
    int32_t len = 0;
    UErrorCode error = U_ZERO_ERROR;
    u_strToUTF8(utf8, sizeof utf8, &len, from, 1, &error);
    char *told = opencc_convert_utf8(opencc, utf8, (size_t)len);
    if (!told || U_FAILURE(error))
        give_up("opencc");
    u_strFromUTF8(to, 8, &len, told, -1, &error);
    opencc_convert_utf8_free(told);
    return U_FAILURE(error) ? at : one_unit(to, len, at);
}

static void fold_all(void)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *folding = unorm2_getNFKCCasefoldInstance(&error);
    opencc_t opencc = opencc_open("t2s.json");
    if (U_FAILURE(error) || opencc == (opencc_t)-1)
        give_up("the folding could not be opened");
    for (UChar32 at = 0; at < PLANE; at++) {
        UChar from[2] = {(UChar)at}, to[32];
        if (U16_IS_SURROGATE(at)) { /* half of a character beyond the plane: as it is */
            fold[at] = (unsigned short)at;
            continue;
        }
        int32_t len = unorm2_normalize(folding, from, 1, to, 32, &error);
        UChar32 folded = U_FAILURE(error) ? at : one_unit(to, len, at);
        error = U_ZERO_ERROR;
        /* Some are simplified twice, 薴 苧 苎: what is folded shall stay as it is. */
        for (int times = 0; folded >= 0x2e80 && times < 3; times++)
            folded = simplified(opencc, folded);
        if (U_GET_GC_MASK(folded) & (U_GC_L_MASK | U_GC_N_MASK))
            fold[at] = (unsigned short)folded;
    }
    opencc_close(opencc);
}

static unsigned short sound_of(const char *first, const char *second)
{
    for (int i = 1; i < sound_count; i++)
        if (strcmp(sounds[i][0], first) == 0 && strcmp(sounds[i][1], second) == 0)
            return (unsigned short)i;
    if (sound_count == SOUNDS || strlen(first) >= SYLLABLE || strlen(second) >= SYLLABLE)
        give_up("too many or too long syllables");
    memcpy(sounds[sound_count][0], first, strlen(first));
    memcpy(sounds[sound_count][1], second, strlen(second));
    return (unsigned short)sound_count++;
}

/* "nǚ" is typed "nv", and by some "nu": tones fall, the two dots become a v. */
static void reading(UTransliterator *speak, UChar32 at)
{
    UChar said[64] = {(UChar)at}, plain[64];
    char first[SYLLABLE * 4] = "", second[SYLLABLE * 4] = "";
    int32_t len = 1, limit = 1, out = 0;
    UErrorCode error = U_ZERO_ERROR;
    utrans_transUChars(speak, said, &len, 64, 0, &limit, &error);
    len = unorm2_normalize(unorm2_getNFDInstance(&error), said, len, plain, 64, &error);
    if (U_FAILURE(error))
        give_up("Han-Latin");
    for (int32_t i = 0; i < len && out < SYLLABLE; i++) {
        if (plain[i] >= 'a' && plain[i] <= 'z')
            first[out++] = (char)plain[i];
        else if (plain[i] == 0x308 && out)
            first[out - 1] = 'v';
        else if (u_charType(plain[i]) != U_NON_SPACING_MARK)
            return; /* no syllable: ICU knows no reading */
    }
    memcpy(second, first, sizeof second);
    if (strchr(second, 'v'))
        *strchr(second, 'v') = 'u';
    if (out)
        sound[at] = sound_of(first, strcmp(first, second) ? second : "");
}

static void speak_all(void)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar id[16];
    u_uastrcpy(id, "Han-Latin");
    UTransliterator *speak = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
    if (U_FAILURE(error))
        give_up("Han-Latin could not be opened");
    for (UChar32 at = 0x3400; at < 0xA000; at++)
        if (fold[at] == at) /* whatever folds is spoken as what it folds to */
            reading(speak, at);
    utrans_close(speak);
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++) {
        char han[8], first[SYLLABLE], second[SYLLABLE] = "";
        UChar to[2];
        if (sscanf(twice[i], "%7s %7s %7s", han, first, second) != 3)
            give_up(twice[i]);
        u_strFromUTF8(to, 2, NULL, han, -1, &error);
        sound[to[0]] = sound_of(first, second);
    }
}

/* Two stages: of the 256 pages most are left as they are, or have nothing. plain: a page in which every
 * value is `own` times its place. */
static void print_table(const char *name, const unsigned short *table, int own)
{
    int pages[PAGE] = {0}, count = 0;
    printf("static const uint16_t %s_pages[][256] = {\n", name);
    for (int page = 0; page < PAGE; page++) {
        int plain = 1;
        for (int i = 0; i < PAGE; i++)
            plain = plain && table[page * PAGE + i] == own * (page * PAGE + i);
        if (plain)
            continue;
        pages[page] = ++count;
        printf("{");
        for (int i = 0; i < PAGE; i++)
            printf("%d,", table[page * PAGE + i]);
        printf("},\n");
    }
    printf("};\n/* 1 and the page's place; 0: %s */\nstatic const uint8_t %s_page[256] = {", 
           own ? "as it is" : "nothing", name);
    for (int page = 0; page < PAGE; page++)
        printf("%d,", pages[page]);
    printf("};\n");
}

int main(void)
{
    fold_all();
    speak_all();
    printf("/* Made by tools/han.c with ICU %s and OpenCC. */\n", U_ICU_VERSION);
    print_table("fold", fold, 1);
    print_table("sound", sound, 0);
    printf("enum { HAN_SOUNDS = %d };\nstatic const char sounds[HAN_SOUNDS][2][%d] = {\n",
           sound_count, SYLLABLE);
    for (int i = 0; i < sound_count; i++)
        printf("{\"%s\", \"%s\"},\n", sounds[i][0], sounds[i][1]);
    printf("};\n");
    return ferror(stdout) || fflush(stdout) ? 2 : 0;
}
