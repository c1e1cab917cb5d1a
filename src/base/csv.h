/* Tables for spreadsheets: RFC 4180 in UTF-8 with the mark that Excel in China asks for. */
#ifndef YIMEN_BASE_CSV_H
#define YIMEN_BASE_CSV_H

#include "base/text.h"

#define CSV_TYPE "text/csv; charset=utf-8; header=present"

/* Once, before everything. */
void csv_begin(struct buf *out);
/* One cell, always quoted. What a spreadsheet would take for a formula (=, +, -, @, also full-width, a
 * tab or the end of a line in front) gets an apostrophe before it: somebody may have typed it. */
void csv_cell(struct buf *out, struct text value, bool last);
/* A number, a date or a word of the program: as it is. */
void csv_value(struct buf *out, struct text value, bool last);

#endif
