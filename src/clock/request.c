/* What the clock can do: its commands, the passing of time, its tables. */
#include "clock/commands.h"

const struct command clock_calendar_publish = {
    .name = "clock.calendar.publish",
    .title = "录入节假日安排",
    .said = "节假日安排已录入。",
    .path = "/staff/calendar/notices",
    .roles = ROLE_ADMINISTRATOR | ROLE_IMPORTER,
    .input = &notice_shape,
    .read = read_publish,
    .decide = decide_publish,
};
const struct command clock_hours_set = {
    .name = "clock.hours.set",
    .title = "设定办公时间",
    .said = "办公时间已设定。",
    .path = "/staff/hours",
    .roles = ROLE_ADMINISTRATOR | ROLE_IMPORTER,
    .input = &hours_shape,
    .decide = decide_hours,
};
static const struct command clock_take_effect = {
    .name = "clock.calendar.take_effect",
    .title = "节假日安排生效",
    .roles = ROLE_SYSTEM,
    .input = &take_effect_shape,
    .read = read_effect,
    .decide = decide_effect,
};
static const struct command clock_recount = {
    .name = "clock.recount",
    .title = "重新计算期限",
    .roles = ROLE_SYSTEM,
    .input = &recount_shape,
    .read = read_recount,
    .decide = decide_recount,
};
static const struct command clock_fire = {
    .name = "clock.fire",
    .title = "期限节点已到",
    .roles = ROLE_SYSTEM,
    .input = &deadline_rung_shape,
    .read = read_fire,
    .decide = decide_fire,
};

static void wish_each(struct wishes *out, const struct command *command, const struct list *inputs,
                      size_t size)
{
    for (size_t i = 0; i < inputs->count; i++)
        wish_add(out, command, (const char *)inputs->items + i * size);
}

/* A notice that takes effect may make deadlines stale, so nothing else goes with it; a recount may
 * move a rung that looks due, so it goes before: clock.fire refuses what was moved. */
static bool due(struct db_read *db, const struct context *context, int64_t limit,
                struct wishes *out, struct fault *why)
{
    struct list inputs;
    if (!read_due_effects(db, context, limit, &inputs, why))
        return false;
    wish_each(out, &clock_take_effect, &inputs, sizeof(struct take_effect));
    if (inputs.count)
        return true;
    if (!read_due_recounts(db, context, limit, &inputs, why))
        return false;
    wish_each(out, &clock_recount, &inputs, sizeof(struct recount));
    limit -= (int64_t)inputs.count;
    if (limit > 0 && !read_due_rungs(db, context, limit, &inputs, why))
        return false;
    if (limit > 0)
        wish_each(out, &clock_fire, &inputs, sizeof(struct deadline_rung));
    return true;
}

static const struct command *const commands[] = {
    &clock_calendar_publish, &clock_hours_set, &clock_take_effect, &clock_recount, &clock_fire,
    NULL,
};
static const struct event_kind *const events[] = {
    &calendar_published_event,   &calendar_in_force_event, &hours_set_event,
    &deadline_set_event,         &deadline_paused_event,   &deadline_resumed_event,
    &deadline_extended_event,    &deadline_closed_event,   &deadline_recounted_event,
    &deadline_rung_passed_event, &deadline_forgotten_event, NULL,
};
static const struct look *const looks[] = {&clock_calendar_look, NULL};
static const struct table tables[] = {
    {"calendar_notice", "region, version"},
    {"calendar_day", "region, version, date"},
    {"opening_hours", "region, code"},
    {"opening_shift", "region, code, number"},
    {"deadline", "region, id"},
    {"deadline_pause", "region, deadline, from_idx"},
    {"deadline_rung", "region, deadline, rung"},
    {NULL, NULL},
};

const struct module clock_module = {
    .name = "clock",
    .commands = commands,
    .events = events,
    .looks = looks,
    .tables = tables,
    .tables_sql = "clock/tables.sql",
    .standing = read_standing,
    .due = due,
};
