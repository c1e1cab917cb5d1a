/* What the pages of figures share: lines that are added up, and how they are told. */
#ifndef YIMEN_PORTAL_FIGURES_H
#define YIMEN_PORTAL_FIGURES_H

#include "approval/case/figures.h"
#include "catalogue/catalogue.h"

#define FIGURES_SMALL 3 /* the public is not told of fewer cases than this */

/* One line of a table: what was added up under one code. */
struct figure_line {
    struct text code;
    struct case_tally sum;
    int64_t took;      /* decided cases gone through for the median so far */
    int64_t low, high; /* the working days of the one or two in the middle */
    unsigned hidden; /* of figure_counts, by bit: too small to be told */
};
struct figure_lines {
    struct figure_line *items;
    size_t count;
    size_t *table; /* places by code, and one; 0: none */
    size_t room;   /* of the table */
};

/* Room for so many codes. */
void figure_lines_open(struct figure_lines *lines, size_t most, struct arena *arena);
/* The line of that code, made where there is none. */
struct figure_line *figure_line_at(struct figure_lines *lines, struct text code);
void figure_line_add(struct figure_line *line, const struct case_tally *tally);
/* Times must come in the order of days, after all that is added. */
void figure_line_took(struct figure_line *line, const struct case_took *took);
int64_t figure_decided(const struct case_tally *sum);

/* The counts that are told, at these places of struct case_tally; the decided are the sum of two. */
enum figure_count {
    FIGURE_SUBMITTED,
    FIGURE_ACCEPTED,
    FIGURE_DECIDED,
    FIGURE_NOT_ACCEPTED,
    FIGURE_REFUSED,
    FIGURE_ENDED,
    FIGURE_OVERDUE,
    FIGURE_COUNTS,
};
int64_t figure_count(const struct case_tally *sum, enum figure_count which);
/* What is too small is hidden; where one alone would be, which the others and their sum tell, the
 * next smallest too. Pure. */
void figure_hide_small(struct figure_lines *lines);

/* "12", "少于3"; "96.4%" and "3.5", empty where nothing is counted or, to the public, too little. */
struct text figure_count_said(const struct figure_line *line, enum figure_count which,
                              struct arena *arena);
struct text figure_share_said(int64_t part, int64_t of, bool all, struct arena *arena);
struct text figure_mean_said(const struct figure_line *line, bool all, struct arena *arena);
struct text figure_median_said(const struct figure_line *line, bool all, struct arena *arena);

/* "2014-05" or "2014": the days from first to last; false: neither. */
bool figure_period(struct text period, int64_t *first, int64_t *last);

extern const struct look figures_look, staff_figures_look;

#endif
