/* Adding up and telling: pure. */
#include "portal/figures.h"

void figure_lines_open(struct figure_lines *lines, size_t most, struct arena *arena)
{
    *lines = (struct figure_lines){.room = 16};
    while (lines->room < 2 * most)
        lines->room *= 2;
    lines->items = arena_array(arena, most, sizeof *lines->items);
    lines->table = arena_array(arena, lines->room, sizeof *lines->table);
}

struct figure_line *figure_line_at(struct figure_lines *lines, struct text code)
{
    size_t at = text_hash(code) % lines->room;
    while (lines->table[at] && !text_equal(lines->items[lines->table[at] - 1].code, code))
        at = (at + 1) % lines->room;
    if (!lines->table[at]) {
        lines->items[lines->count] = (struct figure_line){.code = code};
        lines->table[at] = ++lines->count;
    }
    return &lines->items[lines->table[at] - 1];
}

void figure_line_add(struct figure_line *line, const struct case_tally *tally)
{
    struct case_tally *sum = &line->sum;
    sum->submitted += tally->submitted;
    sum->accepted += tally->accepted;
    sum->supplemented += tally->supplemented;
    sum->supplemented_once += tally->supplemented_once;
    sum->granted += tally->granted;
    sum->refused += tally->refused;
    sum->promised += tally->promised;
    sum->promised_kept += tally->promised_kept;
    sum->statutory += tally->statutory;
    sum->statutory_kept += tally->statutory_kept;
    sum->days += tally->days;
    sum->not_accepted += tally->not_accepted;
    sum->ended += tally->ended;
    sum->overdue += tally->overdue;
}

int64_t figure_decided(const struct case_tally *sum)
{
    return sum->granted + sum->refused;
}

void figure_line_took(struct figure_line *line, const struct case_took *took)
{
    int64_t all = figure_decided(&line->sum);
    int64_t before = line->took;
    line->took += took->cases;
    /* The two in the middle, counted from 1, are one where there is an odd number of them. */
    int64_t first = (all + 1) / 2, second = all / 2 + 1;
    if (before < first && first <= line->took)
        line->low = took->used_days;
    if (before < second && second <= line->took)
        line->high = took->used_days;
}

int64_t figure_count(const struct case_tally *sum, enum figure_count which)
{
    const int64_t counts[FIGURE_COUNTS] = {
        [FIGURE_SUBMITTED] = sum->submitted,       [FIGURE_ACCEPTED] = sum->accepted,
        [FIGURE_DECIDED] = figure_decided(sum),    [FIGURE_NOT_ACCEPTED] = sum->not_accepted,
        [FIGURE_REFUSED] = sum->refused,           [FIGURE_ENDED] = sum->ended,
        [FIGURE_OVERDUE] = sum->overdue,
    };
    return counts[which];
}

static void hide_column(struct figure_lines *lines, enum figure_count which)
{
    struct figure_line *next = NULL;
    size_t hidden = 0;
    for (size_t i = 0; i < lines->count; i++) {
        struct figure_line *line = &lines->items[i];
        int64_t count = figure_count(&line->sum, which);
        if (count && count < FIGURES_SMALL) {
            line->hidden |= 1U << which;
            hidden++;
        } else if (count && (!next || count < figure_count(&next->sum, which))) {
            next = line;
        }
    }
    if (hidden == 1 && next)
        next->hidden |= 1U << which;
}

void figure_hide_small(struct figure_lines *lines)
{
    for (int i = 0; i < FIGURE_COUNTS; i++)
        hide_column(lines, (enum figure_count)i);
}

struct text figure_count_said(const struct figure_line *line, enum figure_count which,
                              struct arena *arena)
{
    int64_t count = figure_count(&line->sum, which);
    if (!(line->hidden & 1U << which))
        return text_format(arena, "%lld", (long long)count);
    return count < FIGURES_SMALL ? TEXT("少于3") : TEXT("不单列");
}

/* In tenths, to the nearest. */
static struct text tenths(int64_t part, int64_t of, const char *unit, struct arena *arena)
{
    int64_t value = (10 * part + of / 2) / of;
    return text_format(arena, "%lld.%lld%s", (long long)(value / 10), (long long)(value % 10), unit);
}

static bool told(int64_t of, bool all)
{
    return of >= (all ? 1 : FIGURES_SMALL);
}

struct text figure_share_said(int64_t part, int64_t of, bool all, struct arena *arena)
{
    return told(of, all) ? tenths(100 * part, of, "%", arena) : TEXT("");
}

struct text figure_mean_said(const struct figure_line *line, bool all, struct arena *arena)
{
    int64_t decided = figure_decided(&line->sum);
    return told(decided, all) ? tenths(line->sum.days, decided, "", arena) : TEXT("");
}

struct text figure_median_said(const struct figure_line *line, bool all, struct arena *arena)
{
    if (!told(figure_decided(&line->sum), all))
        return TEXT("");
    return tenths(line->low + line->high, 2, "", arena);
}

bool figure_period(struct text period, int64_t *first, int64_t *last)
{
    struct text rest = period, year, month;
    int64_t y, m = 0;
    if (period.len != 4 && period.len != 7)
        return false;
    if (!text_cut(&rest, '-', &year) || year.len != 4 || !text_int(year, &y) || y < 1970 ||
        y > 2999)
        return false;
    month = rest;
    if (month.at && (month.len != 2 || !text_int(month, &m) || m < 1 || m > 12))
        return false;
    *first = date_of((int)y, m ? (int)m : 1, 1);
    *last = (m && m < 12 ? date_of((int)y, (int)m + 1, 1) : date_of((int)y + 1, 1, 1)) - 1;
    return true;
}
