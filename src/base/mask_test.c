/* What is left to see of personal data, as tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/mask.h"

typedef struct text mask(struct text whole, struct arena *arena);

static const struct {
    mask *mask;
    const char *whole, *seen;
} rows[] = {
    {mask_name, "", ""},
    {mask_name, "张三", "张*"},
    {mask_name, "王小明", "王**"},
    {mask_name, "欧阳小明", "欧**"}, /* not even how long it is */
    {mask_name, "李", "李*"},
    {mask_name, "𠮷田", "𠮷*"}, /* four bytes */
    {mask_id, "330482198001010016", "330482********0016"},
    {mask_id, "91330482MA28N00114", "913304********0114"},
    {mask_id, "3304821980", "**********"}, /* too short to hide a part of */
    {mask_id, "", ""},
    {mask_phone, "13800005678", "138****5678"},
    {mask_phone, "1380000", "*******"},
    {mask_address, "", ""},
    {mask_address, "平湖市当湖街道东湖大道1号", "平湖市当湖街道******"},
    {mask_address, "浙江省平湖市新埭镇某村5组", "浙江省平湖市新埭镇******"},
    {mask_address, "平湖市东湖大道1号", "平湖市******"},
    {mask_address, "东湖大道1号", "******"},
};

static void masks(void **state)
{
    struct arena *arena = arena_new(4096);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text seen = rows[i].mask(text_of(rows[i].whole), arena);
        if (!text_is(seen, rows[i].seen))
            fail_msg("%s is seen as %.*s", rows[i].whole, TEXT_ARG(seen));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks)};
    return cmocka_run_group_tests_name("base/mask", tests, NULL, NULL);
}
