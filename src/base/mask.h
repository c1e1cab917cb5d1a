/* Personal data in part, for those who need not know it whole: in lists, pages and exports. What is too
 * short to be masked so is hidden whole. Pure. */
#ifndef YIMEN_BASE_MASK_H
#define YIMEN_BASE_MASK_H

#include "base/text.h"

/* 王小明 -> 王**, 张三 -> 张*: the first character and how many more, at most two. */
struct text mask_name(struct text name, struct arena *arena);
/* 330482198001010016 -> 330482********0016 (GB 11643). */
struct text mask_id(struct text number, struct arena *arena);
/* 13800005678 -> 138****5678. */
struct text mask_phone(struct text phone, struct arena *arena);
/* 平湖市当湖街道东湖大道1号 -> 平湖市当湖街道******: to the street or town (街道、镇、乡), else the county
 * (市、县、区), else nothing of it. */
struct text mask_address(struct text address, struct arena *arena);

#endif
