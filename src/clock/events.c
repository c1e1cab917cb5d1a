/* The clock's event kinds. Names, numbers and meanings never change. */
#include "clock/apply.h"

const struct event_kind calendar_published_event = {
    .name = "calendar.published",
    .title = "节假日安排已录入",
    .version = 1,
    .shape = &notice_entered_shape,
    .apply = apply_published,
    .standing = true,
};
const struct event_kind calendar_in_force_event = {
    .name = "calendar.in_force",
    .title = "节假日安排生效",
    .version = 1,
    .shape = &calendar_in_force_shape,
    .apply = apply_in_force,
    .internal = true,
};
const struct event_kind hours_set_event = {
    .name = "hours.set",
    .title = "设定办公时间",
    .version = 1,
    .shape = &hours_shape,
    .apply = apply_hours,
    .standing = true,
};
const struct event_kind deadline_set_event = {
    .name = "deadline.set",
    .title = "设定期限",
    .version = 1,
    .shape = &deadline_set_shape,
    .apply = apply_set,
    .internal = true,
};
const struct event_kind deadline_paused_event = {
    .name = "deadline.paused",
    .title = "暂停计算期限",
    .version = 1,
    .shape = &deadline_paused_shape,
    .apply = apply_paused,
    .internal = true,
};
const struct event_kind deadline_resumed_event = {
    .name = "deadline.resumed",
    .title = "恢复计算期限",
    .version = 1,
    .shape = &deadline_resumed_shape,
    .apply = apply_resumed,
    .internal = true,
};
const struct event_kind deadline_extended_event = {
    .name = "deadline.extended",
    .title = "延长期限",
    .version = 1,
    .shape = &deadline_extended_shape,
    .apply = apply_extended,
    .internal = true,
};
const struct event_kind deadline_closed_event = {
    .name = "deadline.closed",
    .title = "期限结束",
    .version = 1,
    .shape = &deadline_closed_shape,
    .apply = apply_closed,
    .internal = true,
};
const struct event_kind deadline_recounted_event = {
    .name = "deadline.recounted",
    .title = "重新计算期限",
    .version = 1,
    .shape = &deadline_recounted_shape,
    .apply = apply_recounted,
    .internal = true,
};
const struct event_kind deadline_forgotten_event = {
    .name = "deadline.forgotten",
    .title = "删除期限所记文书编号",
    .version = 1,
    .shape = &deadline_forgotten_shape,
    .apply = apply_forgotten,
    .internal = true,
};
const struct event_kind deadline_rung_passed_event = {
    .name = "deadline.rung_passed",
    .title = "期限节点已到",
    .version = 1,
    .shape = &deadline_rung_shape,
    .apply = apply_rung_passed,
    .internal = true,
};
