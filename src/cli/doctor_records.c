/* yimen doctor: the journal's head, who can sign in, the calendar, the derived tables. */
#include "cli/doctor.h"
#include "modules.h"

/* Replaying a longer journal takes minutes; `yimen verify` does it too, and more. */
#define REPLAYED_UNASKED INT64_C(100000)

static const struct db_sql count_administrators = {
    "SELECT count(*) AS n FROM account WHERE region = $1 AND state = 'open' AND "
    "password_hash <> '' AND (roles & $2) <> 0"};
static const struct db_sql count_notices = {
    "SELECT count(*) AS n FROM calendar_notice WHERE region = $1 AND year = $2 AND scope = 'year'"};

/* Whether the checkpoint that is served is of the head, and by the region's key. */
static bool check_checkpoint(struct doctor *doctor, int64_t region, struct checkpoint *head)
{
    struct arena *arena = doctor->cli->arena;
    struct db_read *db = doctor->house->db;
    struct text note, vkey, text;
    struct note_key key;
    struct checkpoint said;
    bool found;
    if (!journal_head(db, region, arena, head, &doctor->why) ||
        !journal_checkpoint(db, region, arena, &note, &found, &doctor->why) ||
        !journal_vkey(db, region, arena, &vkey, &doctor->why))
        return false;
    bool good = found && note_vkey_read(vkey, arena, &key) && note_open(note, &key, &text) &&
                checkpoint_read(text, &said) && said.size == head->size &&
                hash_equal(&said.root, &head->root);
    doctor_tell(
        doctor, good, "journal",
        text_format(arena, "region %lld: %lld entries, checkpoint %s", (long long)region,
                    (long long)head->size,
                    good    ? "signed"
                    : found ? "does not fit the head or the key"
                            : "missing"),
        "stop serving, keep a copy of the database, run `yimen verify`, which names what does "
        "not hold, and restore the last backup that verifies");
    return true;
}

/* A house of before the three were parted has a system administrator alone. */
static bool check_three(struct doctor *doctor, int64_t region)
{
    static const struct {
        int64_t role;
        const char *check, *remedy;
    } three[] = {{ROLE_ADMINISTRATOR, "administrator",
                  "run `yimen user add LOGIN --roles administrator`"},
                 {ROLE_SECURITY, "security", "run `yimen user add LOGIN --roles security`"},
                 {ROLE_AUDITOR, "auditor", "run `yimen user add LOGIN --roles auditor`"}};
    struct arena *arena = doctor->cli->arena;
    for (size_t i = 0; i < sizeof three / sizeof *three; i++) {
        struct db_rows rows;
        if (!db_select(doctor->house->db, &count_administrators,
                       DB_ARGS(db_int(region), db_int(three[i].role)), arena, &rows, &doctor->why))
            return false;
        int64_t count = db_cell_int(&rows, 0, "n");
        struct text words = role_labels(three[i].role, arena);
        doctor_tell(doctor, count > 0, three[i].check,
                    text_format(arena, "region %lld: %lld accounts for %.*s (%s) can sign in",
                                (long long)region, (long long)count, TEXT_ARG(words),
                                three[i].check),
                    three[i].remedy);
    }
    return true;
}

/* The key is beside the journal, so a database that was made again from it alone has none. */
static bool check_second(struct doctor *doctor, int64_t region)
{
    int64_t count, unread;
    if (!identity_sealed(doctor->house->db, region, doctor->cli->arena, &count, &unread,
                         &doctor->why))
        return false;
    doctor_tell(doctor, unread == 0, "second_step",
                text_format(doctor->cli->arena,
                            "region %lld: %lld accounts with a second step, of %lld the secret "
                            "cannot be read",
                            (long long)region, (long long)count, (long long)unread),
                "bring the table house_key back from a backup; else these accounts use a recovery "
                "code or `yimen user second LOGIN --reason TEXT`");
    return true;
}

/* The State Council publishes a year's days off in the November before: a month later each region
 * must know them, or deadlines over New Year are counted without them. By the time of the last live
 * entry, which is business time. */
static bool check_calendar(struct doctor *doctor, int64_t region)
{
    struct arena *arena = doctor->cli->arena;
    int64_t at = flow_live_at(doctor->house->flow, region);
    struct text day = time_format(arena, at);
    int64_t year = 0, month = 0;
    struct db_rows rows;
    if (!at || day.len < 7 || !text_int(text_slice(day, 0, 4), &year) ||
        !text_int(text_slice(day, 5, 7), &month))
        return true;
    for (int64_t next = year; next <= year + (month == 12); next++) {
        if (!db_select(doctor->house->db, &count_notices, DB_ARGS(db_int(region), db_int(next)),
                       arena, &rows, &doctor->why))
            return false;
        bool known = db_cell_int(&rows, 0, "n") > 0;
        doctor_tell(doctor, known, "calendar",
                    text_format(arena, "region %lld: the days off of %lld are %s",
                                (long long)region, (long long)next, known ? "known" : "missing"),
                    "bring in the State Council's notice: `yimen import notice FILE`");
    }
    return true;
}

/* Tables of an older version lack a column or are not there at all: then the comparison itself
 * fails. */
static void check_tables(struct doctor *doctor, int64_t entries)
{
    struct arena *arena = doctor->cli->arena;
    struct text wrong;
    struct fault why = {0};
    if (entries > REPLAYED_UNASKED && !cli_value(doctor->cli, "deep")) {
        doctor_tell(doctor, true, "tables",
                    text_format(arena, "not compared: %lld entries (--deep replays them)",
                                (long long)entries),
                    "");
        return;
    }
    struct cli_bar bar = {.label = "tables"};
    const struct progress progress = {cli_bar_tell, &bar};
    bool compared = flow_compare(doctor->house->where, modules, arena, &progress, &wrong, &why);
    cli_bar_end(&bar);
    if (!compared)
        doctor_tell(doctor, false, "tables",
                    text_format(arena, "they cannot be compared: %s", why.why),
                    "if a table or column is missing, the tables are an older version's: "
                    "`yimen rebuild` makes them anew; else run `yimen verify`");
    else
        doctor_tell(doctor, wrong.len == 0, "tables",
                    wrong.len ? wrong : TEXT("equal to what the journal says"),
                    "somebody changed them behind the program's back, or a rebuild is due after an "
                    "upgrade: find out which; `yimen rebuild` makes them anew from the journal");
}

bool doctor_records(struct doctor *doctor)
{
    const int64_t *regions = doctor->house->regions.items;
    int64_t entries = 0;
    for (size_t i = 0; i < doctor->house->regions.count; i++) {
        struct checkpoint head = {0};
        if (!check_checkpoint(doctor, regions[i], &head) ||
            !check_three(doctor, regions[i]) || !check_second(doctor, regions[i]) ||
            !check_calendar(doctor, regions[i]))
            return false;
        entries += head.size;
    }
    check_tables(doctor, entries);
    return true;
}
