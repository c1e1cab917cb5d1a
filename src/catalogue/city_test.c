/* Every rule of a city's folder broken once, in a copy of the one that comes with the house. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue/city.h"

#define PINGHU "cities/pinghu"

struct plant {
    const char *file;
    const char *find; /* its first occurrence after `past` (or from the start) … */
    const char *put;  /* … becomes this */
    const char *mark; /* the error's line is that of this text's first occurrence after `past` */
    const char *word; /* in the message */
    const char *past;
};

static const struct plant plants[] = {
    {"region.yaml", "zone:", "zoen:", "zoen:", "zoen"},
    {"region.yaml", "code: 330482", "code: x", "code: x", "code"},
    {"region.yaml", "source: law", "source: rumour", "source: rumour", "source"},
    {"departments.yaml", "code: \"002\"", "code: \"001\"", "code: \"001\"", "编码重复",
     "code: \"001\"\n    names"},
    {"departments.yaml", "successor: \"019\"", "successor: \"099\"", "successor: \"099\"",
     "没有这个部门"},
    {"departments.yaml", "valid_from: 2019-01-01", "valid_from: 2018-06-01",
     "valid_from: 2018-06-01", "不得重叠"},
    {"departments.yaml", "    in_centre: true", "    uscc: 91330482MA28N00115\n    in_centre: true",
     "uscc:", "校验码"},
    {"places.yaml", "parent: \"C-H2\"", "parent: \"C-H9\"", "parent: \"C-H9\"", "没有这个地点"},
    {"places.yaml", "kind: sub_centre", "kind: village_station", "parent: \"C\"", "上级"},
    {"places.yaml", "code: \"F2\"", "code: \"F1\"", "code: \"F1\"", "编码重复", "code: \"F1\"\n"},
    {"places.yaml", "departments: [\"010\"]", "departments: [\"910\"]", "departments: [\"910\"]",
     "没有这个部门"},
    {"region.yaml", "name: supply_days", "name: joint_days", "name: joint_days",
     "没有这个设置项：joint_days"},
    {"region.yaml", "name: supply_days", "name: supplement_days", "name: supplement_days",
     "设置项重复", "note"},
    {"region.yaml", "value: 5", "value: 6", "value: 6", "1至5个工作日（行政许可法第三十二条）"},
    {"region.yaml", "value: 30", "value: 0", "value: 0", "1至250个工作日"},
    {"region.yaml", "value: 30", "value: thirty", "value: thirty", "只用数字"},
    {"items/006-001.yaml", "deliver_days: 10", "deliver_days: 11", "deliver_days: 11",
     "第四十四条"},
    {"places.yaml", "hours: town", "hours: night", "hours: night", "没有这个办公时间"},
    {"places.yaml", "post_b: land-reviewer", "post_b: land-clerk", "post_b: land-clerk", "同一人"},
    {"places.yaml", "post_b: land-reviewer", "post_b: nobody", "post_b: nobody", "没有这个账号"},
    {"hours.yaml", "closes: \"17:00\"", "closes: \"08:00\"", "- weekdays", "先后"},
    {"hours.yaml", "opens: \"08:30\"", "opens: \"8:30\"", "opens: \"8:30\"", "opens"},
    {"accounts.yaml", "roles: [manager]", "roles: [mayor]", "roles: [mayor]", "mayor"},
    {"accounts.yaml", "login: supervisor", "login: manager", "login: manager", "编码重复",
     "login: manager\n"},
    {"delegations.yaml", "powers: [receive", "powers: [fly, receive", "- login: land-verifier",
     "fly"},
    {"delegations.yaml", "all_items: true", "items: [\"022-001\"]", "- login: land-verifier",
     "没有这个部门的事项"},
    {"delegations.yaml", "login: land-verifier", "login: market-verifier",
     "- login: market-verifier", "不是这个部门的人员"},
    /* A limit of what no item of the letter is measured by. */
    {"delegations.yaml", "area_limit_m2: 100000", "amount_limit: 100000", "amount_limit: 100000",
     "金额上限没有作用"},
    {"delegations.yaml", "amount_limit: 50000000", "area_limit_m2: 500",
     "area_limit_m2: 500", "面积上限没有作用"},
    {"delegations.yaml", "amount_limit: 50000000", "amount_limit: 5.001", "amount_limit: 5.001",
     "amount_limit"},
    {"items/011-001.yaml", "kind: area", "kind: length", "kind: length", "measures.0.kind"},
    {"items/011-001.yaml", "name: 分割前宗地面积", "nome: 分割前宗地面积", "nome", "nome"},
    {"items/011-001.yaml", "keywords: [过户", "keywords: [过", "keywords: [过", "俗称每个2至10个字"},
    {"items/011-001.yaml", "keywords: [过户", "keywords: [过户, 过户", "keywords: [过户, 过户",
     "俗称重复"},
    {"items/013-001.yaml", "kind: area", "kind: amount", "kind: amount", "只能有一项", "kind: amount"},
    {"calendars/2014.yaml", "date: 2014-01-26", "date: 2013-01-26", "date: 2013-01-26",
     "年份之内"},
    {"calendars/2014.yaml", "date: 2014-01-26", "date: 2014-01-01", "date: 2014-01-01",
     "不得重复", "date: 2014-01-01"},
    {"calendars/2014.yaml", "scope: year", "scope: era", "scope: era", "scope"},
    {"items/011-001.yaml", "promised_days: 10", "promised_days: 21", "promised_days: 21",
     "不得长于法定期限"},
    {"items/011-001.yaml", "promised_unit: working", "promised_unit: calendar",
     "promised_unit: calendar", "同一单位"},
    {"items/011-001.yaml", "statutory_days: 20", "statutory_days: 0", "statutory_unit",
     "单位写 none"},
    {"items/011-001.yaml", "statutory_unit: working", "statutory_unit: none", "statutory_unit",
     "有法定期限"},
    {"items/011-001.yaml", "statutory_source: example", "statutory_source: report",
     "statutory_source: report", "law 或者 example"},
    {"items/011-001.yaml", "promised_source: example", "promised_source: statistics",
     "promised_source: statistics", "law 或者 example"},
    {"items/011-001.yaml", "statutory_source: example\n", "", "code:", "写明来源"},
    {"items/013-001-2.yaml", "statutory_basis:", "# ", "code:", "法律名称和条款"},
    {"items/022-002.yaml", "has_fee:", "promised_days: 3\npromised_unit: working\nhas_fee:",
     "promised_days: 3", "即办件"},
    {"items/011-001.yaml", "promised_days: 10", "promised_days: 0", "promised_days: 0",
     "要写明承诺期限"},
    {"items/011-001.yaml", "has_fee: true", "has_fee: false", "fees:", "不收费"},
    {"items/011-003.yaml", "has_fee: false", "has_fee: true", "code:", "收费事项要列明"},
    {"items/011-001.yaml", "basis: 《关于土地登记收费", "# 《关于土地登记收费", "- code: f1",
     "fees.0.basis"},
    {"items/011-001.yaml", "    basis: 《土地登记办法》第九条\n", "", "- code: m1",
     "materials.0.basis"},
    {"items/011-001.yaml", "name: 土地登记申请书", "name: 法律、法规规定的其他材料",
     "name: 法律、法规规定的其他材料", "兜底"},
    {"items/011-001.yaml", "code: m2", "code: m1", "code: m1", "材料编号重复", "code: m1\n"},
    {"items/011-001.yaml", "defer_days: 5", "defer_days: 11", "defer_days: 11", "补交期限不得长于"},
    {"items/011-001.yaml", "deferrable: true", "deferrable: false", "defer_days: 5",
     "不写补交期限"},
    {"items/011-001.yaml", "needs_site_visit: false", "needs_site_visit: true",
     "one_review_one_verify", "一审一核"},
    {"items/011-001.yaml", "can_accept: true", "can_accept: false", "can_decide", "必须能受理"},
    {"items/011-001.yaml", "promised_days: 10", "guide_only: true\npromised_days: 10", "guide_only",
     "仅有目录信息"},
    {"items/011-001.yaml", "name: 国有", "organ_code: TE5116020105116050\nname: 国有", "organ_code",
     "GB 32100"},
    {"items/011-001.yaml", "objects: [", "# objects: [", "code:", "请填写该项"},
    {"items/011-001.yaml", "department: \"011\"", "department: \"911\"", "department: \"911\"",
     "没有这个部门"},
    {"items/011-001.yaml", "places: [\"C-W01\"]", "places: [\"C-W99\"]", "places:",
     "没有这个地点"},
    {"items/011-001.yaml", "places: [\"C-W01\"]\n", "", "code:", "places"},
    {"items/011-001.yaml", "objects: [natural_person", "objects: [alien", "objects:", "服务对象"},
    {"items/011-001.yaml", "valid_to: 2016-12-31", "valid_to: 2013-12-31", "valid_to",
     "不得早于"},
    {"items/013-001-2.yaml", "valid_from: 2019-04-23", "valid_from: 2019-04-22", "code:",
     "有效日期重叠"},
    {"items/022-004.yaml", "joins: [\"006\"", "joins: [\"906\"", "joins:", "没有这个部门"},
    {"items/022-003.yaml", "case_kind: promised", "case_kind: joint", "code:", "joins"},
    {"items/011-001.yaml", "name: 国有土地使用权分割及变更登记", "nmae: 国有土地使用权", "nmae",
     "nmae"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

static char *file_read(const char *path)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    char *text = calloc(1, 1 << 20);
    size_t got = fread(text, 1, (1 << 20) - 1, in);
    assert_true(got > 0 && !ferror(in));
    fclose(in);
    return text;
}

static int line_of(const char *text, const char *at)
{
    int line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* Fills the folder with links to the real files of a subfolder, but for the one edited. */
static void links_make(const char *root, const char *sub, const char *edited)
{
    char from[PATH_MAX], to[PATH_MAX], real[PATH_MAX], name[300];
    snprintf(from, sizeof from, PINGHU "/%s", sub);
    DIR *dir = opendir(from);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        snprintf(name, sizeof name, "%s%s", sub, entry->d_name);
        if (!strstr(entry->d_name, ".yaml") || strcmp(name, edited) == 0)
            continue;
        snprintf(from, sizeof from, PINGHU "/%s", name);
        snprintf(to, sizeof to, "%s/%s", root, name);
        assert_non_null(realpath(from, real));
        assert_int_equal(symlink(real, to), 0);
    }
    closedir(dir);
}

static void tree_remove(const char *root)
{
    static const char *const subs[] = {"items/", "calendars/", ""};
    char path[PATH_MAX];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", root, subs[i]);
        DIR *dir = opendir(path);
        assert_non_null(dir);
        for (struct dirent *entry; (entry = readdir(dir));) {
            snprintf(path, sizeof path, "%s/%s%s", root, subs[i], entry->d_name);
            if (entry->d_name[0] != '.')
                assert_int_equal(remove(path), 0);
        }
        closedir(dir);
    }
    assert_int_equal(rmdir(root), 0);
}

/* Makes the copy with its one edit; *line gets where the error should be. */
static void plant_make(const struct plant *plant, char *root, int *line)
{
    char path[PATH_MAX];
    assert_non_null(mkdtemp(root));
    snprintf(path, sizeof path, "%s/items", root);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/calendars", root);
    assert_int_equal(mkdir(path, 0700), 0);
    links_make(root, "", plant->file);
    links_make(root, "items/", plant->file);
    links_make(root, "calendars/", plant->file);
    snprintf(path, sizeof path, PINGHU "/%s", plant->file);
    char *text = file_read(path), *edited = calloc(1, 2 << 20);
    char *start = plant->past ? strstr(text, plant->past) : text;
    assert_non_null(start);
    if (plant->past)
        start += strlen(plant->past);
    char *at = strstr(start, plant->find);
    if (!at)
        fail_msg("%s: %s", plant->file, plant->find);
    memcpy(edited, text, (size_t)(at - text));
    strcat(edited, plant->put);
    strcat(edited, at + strlen(plant->find));
    /* Up to `start` nothing has changed. */
    const char *mark = strstr(edited + (start - text), plant->mark);
    if (!mark)
        fail_msg("%s: %s", plant->file, plant->mark);
    *line = line_of(edited, mark);
    snprintf(path, sizeof path, "%s/%s", root, plant->file);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(edited, 1, strlen(edited), out), strlen(edited));
    assert_int_equal(fclose(out), 0);
    free(text);
    free(edited);
}

static bool plant_found(const struct plant *plant)
{
    char root[] = "/tmp/yimen-city-XXXXXX", want[200];
    int line;
    plant_make(plant, root, &line);
    struct arena *arena = arena_new(1 << 20);
    struct yaml_errors errors = {arena};
    struct city city;
    bool ok = city_load(root, arena, &city, &errors), found = false;
    struct text said = yaml_errors_text(&errors, arena), rest = said, one;
    snprintf(want, sizeof want, "%s:%d: ", plant->file, line);
    while (text_cut(&rest, '\n', &one))
        found = found || (text_starts(one, text_of(want)) &&
                          text_find(one, text_of(plant->word)) >= 0);
    if (ok || !found)
        print_error("%s %s -> %s: wanted %s%s, said\n%.*s\n", plant->file, plant->find, plant->put,
                    want, plant->word, TEXT_ARG(said));
    arena_free(arena);
    tree_remove(root);
    return !ok && found;
}

static void planted(void **state)
{
    bool all = true;
    (void)state;
    for (size_t i = 0; plants[i].mark; i++)
        all = plant_found(&plants[i]) && all;
    assert_true(all);
}

static void no_folder(void **state)
{
    struct arena *arena = arena_new(4096);
    struct yaml_errors errors = {arena};
    struct city city;
    (void)state;
    assert_false(city_load("/nowhere", arena, &city, &errors));
    assert_int_equal(errors.count, 8); /* six files, two folders */
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted),
        cmocka_unit_test(no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
