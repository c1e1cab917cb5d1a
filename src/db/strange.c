/* What acts in a database by itself: triggers, views, rules. We make none, so whatever is there was put
 * there by somebody else, changes what a statement of ours means, and shows in no table. */
#include "db/driver.h"

static const struct db_sql in_sqlite = {
    "SELECT CASE WHEN type = 'table' THEN 'virtual table' ELSE type END AS kind, name, "
    "tbl_name AS owner FROM sqlite_schema "
    "WHERE type IN ('trigger', 'view') OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL%') "
    "ORDER BY 1, 2 LIMIT 1"};

/* In the schema where our tables are, without what an extension brought. The triggers of foreign keys
 * count too, since we have none of those either; a view's own rule is the view. */
static const struct db_sql in_postgresql = {
    "WITH ours AS (SELECT c.oid, c.relname, c.relkind, c.relrowsecurity FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = CAST('pg_class' AS regclass) "
    "AND d.objid = c.oid AND d.deptype = 'e')) "
    "SELECT CAST('trigger' AS TEXT) AS kind, CAST(t.tgname AS TEXT) AS name, "
    "CAST(o.relname AS TEXT) AS owner FROM pg_trigger t JOIN ours o ON o.oid = t.tgrelid "
    "UNION ALL SELECT 'rule', CAST(r.rulename AS TEXT), CAST(o.relname AS TEXT) "
    "FROM pg_rewrite r JOIN ours o ON o.oid = r.ev_class WHERE r.rulename <> '_RETURN' "
    "UNION ALL SELECT 'view', CAST(o.relname AS TEXT), CAST(o.relname AS TEXT) "
    "FROM ours o WHERE o.relkind IN ('v', 'm', 'f') "
    "UNION ALL SELECT 'row policy', CAST(o.relname AS TEXT), CAST(o.relname AS TEXT) "
    "FROM ours o WHERE o.relrowsecurity ORDER BY 1, 2, 3 LIMIT 1"};

bool db_strange(struct db_read *db, struct arena *arena, struct text *wrong, struct fault *why)
{
    bool postgresql = db_engine((const struct db *)db) == DB_POSTGRESQL;
    struct db_rows rows;
    *wrong = TEXT("");
    if (!db_select(db, postgresql ? &in_postgresql : &in_sqlite, NULL, 0, arena, &rows, why))
        return false;
    if (!rows.count)
        return true;
    struct text kind = db_cell_text(&rows, 0, "kind"), name = db_cell_text(&rows, 0, "name"),
                owner = db_cell_text(&rows, 0, "owner");
    struct text at = TEXT("");
    if (!text_equal(name, owner))
        at = text_format(arena, " on %.*s", TEXT_ARG(owner));
    *wrong = text_format(arena, "the database has a %.*s %.*s%.*s, which is none of ours",
                         TEXT_ARG(kind), TEXT_ARG(name), TEXT_ARG(at));
    return true;
}
