/* What the tests of a case's decisions share: a desk with facts written by hand; no database. */
#ifndef YIMEN_APPROVAL_CASE_DESK_TESTING_H
#define YIMEN_APPROVAL_CASE_DESK_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "approval/case/parts.h"
#include "catalogue/parts.h"
#include "clock/commands.h"

#define CLOSED CASE_DELIVERED

static inline int64_t d(const char *text)
{
    int64_t date = 0;
    assert_true(date_parse(text_of(text), &date));
    return date;
}

/* Tuesday 6 May 2014, half past ten; the year's calendar is known. */
struct desk {
    struct arena *arena;
    struct clock_standing clock;
    struct version version;
    struct catalogue catalogue;
    struct standing standing[2];
    struct actor actor;
    struct context context;
    struct decision decision;
    struct case_facts facts;
    struct case_material materials[2];
    struct clock_deadline deadlines[7];
    struct grant grant;
    unsigned char luck[32];
};

static struct material item_materials[] = {
    {.code = {"m1", 2}, .name = {"申请书", 9}, .required = true},
    {.code = {"m2", 2}, .name = {"附图", 6}, .required = true, .deferrable = true, .defer_days = 3},
};

static inline void add_deadline(struct desk *desk, const char *name, int64_t kind, const char *start,
                         int64_t days, bool paused)
{
    struct clock_deadline *to = &desk->deadlines[desk->facts.deadlines.count++];
    struct pause *pause = arena_alloc(desk->arena, sizeof *pause);
    *to = (struct clock_deadline){
        .id = text_format(desk->arena, "case:7/%s", name),
        .subject = TEXT("case:7"),
        .state = paused ? DEADLINE_PAUSED : DEADLINE_RUNNING,
        .deadline = {.kind = kind, .start_date = d(start), .limit = {UNIT_WORKING_DAYS, days}},
    };
    *pause = (struct pause){.reason = PAUSE_HEARING,
                            .from_date = d("2014-05-05"),
                            .planned_days = 5,
                            .paper = TEXT("听证告知书")};
    if (paused)
        to->deadline.pauses = (struct list){pause, 1};
    assert_int_equal(deadline_reckon(&desk->clock.calendar, NULL, &to->deadline, desk->arena,
                                     &to->reckoning),
                     OK);
}

static inline void desk_set(struct desk *desk)
{
    static struct notice_day new_year = {.off = true, .name = {"元旦", 6}};
    new_year.date = d("2014-01-01");
    struct notice notice = {.year = 2014,
                            .published_date = d("2013-12-11"),
                            .scope = NOTICE_YEAR,
                            .version = 1,
                            .days = {&new_year, 1}};
    memset(desk, 0, sizeof *desk);
    desk->arena = arena_new(1 << 14);
    desk->clock.calendar = calendar_build(&notice, 1, d("2014-05-06"), desk->arena);
    desk->version.item = (struct item){.code = TEXT("x"),
                                       .version = 1,
                                       .name = TEXT("事项"),
                                       .department = TEXT("d"),
                                       .case_kind = CASE_PROMISED,
                                       .materials = {item_materials, 2},
                                       .statutory_days = 20,
                                       .statutory_unit = DAYS_WORKING,
                                       .promised_days = 10,
                                       .promised_unit = DAYS_WORKING,
                                       .can_accept = true,
                                       .online = true};
    desk->catalogue = (struct catalogue){.versions = &desk->version, .version_count = 1};
    desk->standing[0] = (struct standing){&clock_module, &desk->clock};
    desk->standing[1] = (struct standing){&catalogue_module, &desk->catalogue};
    desk->actor = (struct actor){
        .account = 5, .name = TEXT("account:5"), .roles = ROLE_STAFF, .department = TEXT("d"),
        .place = TEXT("w1")};
    desk->context = (struct context){.region = 330482,
                                     .now_ms = time_at(d("2014-05-06"), 10 * HOUR_MS),
                                     .actor = &desk->actor,
                                     .luck = desk->luck,
                                     .standing = desk->standing,
                                     .standing_count = 2,
                                     .arena = desk->arena};
    desk->decision = (struct decision){.arena = desk->arena};
}

/* The answer and the supplement are due so long after now (negative: before). */
static inline void desk_due_in(struct desk *desk, int64_t ms)
{
    desk->deadlines[0].reckoning.due_at = desk->deadlines[1].reckoning.due_at =
        desk->context.now_ms + ms;
}

/* A case of that item in that state, with everything a command could ask for. */
static inline void desk_open(struct desk *desk, int64_t state)
{
    desk_set(desk);
    for (size_t i = 0; i < 2; i++)
        desk->materials[i] = (struct case_material){.code = item_materials[i].code,
                                                    .name = item_materials[i].name,
                                                    .required = true,
                                                    .can_defer = item_materials[i].deferrable,
                                                    .state = MATERIAL_CHECKED};
    desk->facts = (struct case_facts){
        .found = true,
        .key_holds = true,
        .file = {.case_id = 7,
                 .case_no = TEXT("n"),
                 .query_code = TEXT("q"),
                 .item_code = TEXT("x"),
                 .item_version = 1,
                 .department = TEXT("d"),
                 .state = state,
                 .applicant_name = TEXT("张三"),
                 .phone = TEXT("13800000000"),
                 .delivery_method = DELIVERY_WINDOW,
                 .matter = TEXT("事情"),
                 .submitted_at = time_at(d("2014-04-14"), 9 * HOUR_MS),
                 .received_at = time_at(d("2014-04-14"), 10 * HOUR_MS),
                 .accepted_at = time_at(d("2014-04-30"), 10 * HOUR_MS),
                 .reviewer = TEXT("account:3"),
                 .state_before = CASE_ACCEPTED,
                 .gap_open = true},
        .materials = {desk->materials, 2},
        .deadlines = {desk->deadlines, 0},
    };
    if (state >= CLOSED)
        desk->facts.file.closed_at = 1;
    bool paused = state == CASE_SUSPENDED || state == CASE_FORWARDED;
    add_deadline(desk, DEADLINE_ANSWER, DEADLINE_SUPPLEMENT_ANSWER, "2014-04-14", 5, false);
    add_deadline(desk, DEADLINE_SUPPLY, DEADLINE_CUSTOM, "2014-04-14", 5, false);
    add_deadline(desk, DEADLINE_GAP, DEADLINE_CUSTOM, "2014-04-14", 5, false);
    add_deadline(desk, DEADLINE_OF_PROMISE, DEADLINE_PROMISED, "2014-04-30", 10, paused);
    add_deadline(desk, DEADLINE_OF_LAW, DEADLINE_STATUTORY, "2014-04-30", 20, paused);
    desk->grant = (struct grant){.delegation_id = 9,
                                 .account_id = 5,
                                 .department = TEXT("d"),
                                 .powers = POWER_DECIDE | POWER_SIGN | POWER_EXTEND,
                                 .all_items = true,
                                 .valid_from_date = d("2014-01-01")};
    desk->facts.grants = (struct list){&desk->grant, 1};
    desk_due_in(desk, DAY_MS);
}

#endif
