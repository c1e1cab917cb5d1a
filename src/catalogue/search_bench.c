/* What a search costs among 100,000 items, and what its index adds to reading the catalogue. One line
 * of JSON a figure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "catalogue/city.h"
#include "catalogue/pages.h"
#include "catalogue/search.h"
#include "db/db.h"
#include "flow/flow.h"
#include "http/load_testing.h"

enum { ROUNDS = 15 };

static _Noreturn void give_up(const struct fault *why)
{
    fprintf(stderr, "search_bench: %s\n", why->why);
    exit(1);
}

/* Of this thread's processor: a search waits for nothing, and others may be at work on the machine. */
static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Names as the catalogues of a province have them: whose matter, of what, and what is done with it. */
static struct text title_of(struct arena *arena, size_t at)
{
    static const char *const whose[] = {"企业", "个体工商户", "国有", "农村集体", "城镇职工", "外商投资", "非公路",
                                        "公共场所", "建设工程", "医疗机构", "民办学校", "社会团体", "水利工程"};
    static const char *const what[] = {"土地使用权", "房屋所有权", "道路运输", "施工图设计文件", "安全生产",
                                       "取水", "排污", "养老保险待遇", "劳动合同", "特种设备", "教师资格",
                                       "户外广告", "危险化学品", "林木采伐", "食品经营", "渔业捕捞", "环境影响报告表"};
    static const char *const done[] = {"登记", "变更登记", "许可", "审批", "备案", "核准", "延续", "注销",
                                       "年度报告", "补发证书", "竣工验收", "信息公开查询"};
    static const char *const where[] = {"", "（市级权限）", "（县级权限）", "（省级委托）", "（首次）", "（一件事）"};
#define PICK(list, by) list[(at / (by)) % (sizeof(list) / sizeof *(list))]
    return text_format(arena, "%s%s%s%s第%zu类", PICK(whose, 1), PICK(what, 13), PICK(done, 221),
                       PICK(where, 2652), at / 15912 + 1);
#undef PICK
}

/* A house with so many items: one of Pinghu's guides under each name. */
static void fill(const char *where, const struct city *city, size_t count, struct arena *arena)
{
    static const struct db_sql sql = {
        "INSERT INTO item (region, item_code, version, name, department, case_kind, valid_from, "
        "valid_to, withdrawn_after, doc) VALUES ($1, $2, 1, $3, $4, 2, 0, 0, 0, $5)"};
    static const struct db_sql department_sql = {
        "INSERT INTO department (region, code, doc) VALUES ($1, $2, $3)"};
    static const struct module *const all[] = {&catalogue_module, NULL};
    const struct item *guides = city->items.items;
    struct text *conditions = arena_array(arena, 6, sizeof *conditions);
    const struct department *departments = city->departments.items;
    struct arena *scratch = arena_new(1 << 20);
    struct fault why = {0};
    struct db *db;
    if (!db_open(where, false, &db, &why) || !flow_create(db, all, &why) || !db_begin(db, &why))
        give_up(&why);
    for (size_t i = 0; i < city->departments.count; i++) {
        struct buf doc = {arena};
        shape_to_json(&department_shape, &departments[i], SHAPE_ALL, &doc);
        if (!db_write(db, &department_sql,
                      DB_ARGS(db_int(1), db_text(departments[i].code), db_text(buf_done(&doc))),
                      &why))
            give_up(&why);
    }
    for (size_t i = 0; i < count; i++) {
        arena_reset(scratch);
        struct item item = guides[i % city->items.count];
        struct buf doc = {scratch};
        item.code = text_format(scratch, "%06zu", i);
        item.name = title_of(scratch, i);
        item.valid_from = item.valid_to = 0;
        item.version = 1;
        /* Some text that no other item has. */
        for (size_t j = 0; j < 6; j++)
            conditions[j] = text_format(scratch, "%.*s的第%zu项条件：%.*s", TEXT_ARG(item.name), j,
                                        TEXT_ARG(guides[(i * 7 + j) % city->items.count].name));
        item.conditions = (struct list){conditions, i % 6};
        shape_to_json(&item_shape, &item, SHAPE_ALL, &doc);
        if (!db_write(db, &sql,
                      DB_ARGS(db_int(1), db_text(item.code), db_text(item.name),
                              db_text(item.department), db_text(buf_done(&doc))),
                      &why))
            give_up(&why);
    }
    if (db_commit(db, &why) != DB_COMMITTED)
        give_up(&why);
    db_close(db);
    arena_free(scratch);
}

/* The slowest kind of query, by the median of its rounds. */
static void measure(const struct look_context *with, size_t items)
{
    static const char *const typed[] = {
        "",           "登记",       "土地使用权变更登记", "土地 登记 企业", "國有土地使用權", "gytdsyq",
        "tudishiyongquan", "dj",    "000777",   "国有土地使佣权变更登记", "gytdsyqqq", "xqzwvk",
        "我想给饭店办个执照", "营业执照复印件", "飞船发射", "qqqqqqqq", "社保", "国土",
        "dj bg sy yq qy gs xk ba sp hz zx nd bf jg xx", "登 记 企 业 土 地 使 用 权 变 更 国 有 的",
    };
    double worst = 0;
    const char *slowest = "";
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        double took[ROUNDS];
        struct items_query query = {.words = text_of(typed[i])};
        int64_t found = 0, near = 0;
        for (size_t j = 0; j < ROUNDS; j++) {
            struct look_context context = *with;
            struct items_page page = {0};
            struct fault why = {0};
            context.arena = arena_new(64 * 1024); /* as a request has it */
            double from = cpu_ms();
            if (items_look.look(&context, &query, &page, &why) != OK)
                give_up(&why);
            took[j] = cpu_ms() - from;
            found = page.found + page.mentioned;
            near = (int64_t)page.near.count;
            arena_free(context.arena);
        }
        double middle = load_median(took, ROUNDS);
        fprintf(stderr, "%8.2f ms  %7lld found, %2lld near  “%s”\n", middle, (long long)found,
                (long long)near, typed[i]);
        if (middle > worst) {
            worst = middle;
            slowest = typed[i];
        }
    }
    printf("{\"what\":\"search, the slowest of %zu kinds of query\",\"against\":\"%zu items: %s\","
           "\"ours\":%.2f,\"goal\":20,\"unit\":\"ms of a processor\",\"below\":true}\n",
           sizeof typed / sizeof *typed, items, slowest, worst);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 100000;
    const char *where = argc > 2 ? argv[2] : "/tmp/yimen-search-bench.db";
    struct arena *arena = arena_new(1 << 20), *facts_arena = arena_new(1 << 20);
    struct city city;
    struct yaml_errors errors = {arena};
    struct fault why = {0};
    struct db_read *db;
    void *facts = NULL;
    if (!city_load("cities/pinghu", arena, &city, &errors))
        return 1;
    remove(where);
    fill(where, &city, count, arena);
    if (!db_open_reader(where, &db, &why))
        give_up(&why);
    double from = cpu_ms();
    if (!catalogue_load(db, 1, facts_arena, &facts, &why))
        give_up(&why);
    double loaded = cpu_ms() - from;
    size_t used = arena_used(facts_arena);
    from = cpu_ms();
    search_index_make(facts, facts_arena);
    double made = cpu_ms() - from;
    used = arena_used(facts_arena) - used;
    struct standing standing = {&catalogue_module, facts};
    struct look_context context = {.db = db, .region = 1, .now_ms = INT64_C(1400000000000),
                                   .standing = &standing, .standing_count = 1};
    measure(&context, count);
    printf("{\"what\":\"index of %zu items, made\",\"against\":\"reading them\",\"goal\":2,"
           "\"ours\":%.0f,\"theirs\":%.0f,\"ratio\":%.2f,\"unit\":\"ms of a processor\"}\n",
           count, made, loaded - made, (loaded - made) / made);
    printf("{\"what\":\"index of %zu items, memory\",\"against\":\"items in memory\",\"ours\":%.0f,"
           "\"theirs\":%.0f,\"unit\":\"MiB\"}\n",
           count, (double)used / 1048576, (double)(arena_used(facts_arena) - 2 * used) / 1048576);
    db_close_reader(db);
    arena_free(facts_arena);
    arena_free(arena);
    remove(where);
    return 0;
}
