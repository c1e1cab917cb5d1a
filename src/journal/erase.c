/* Forgetting what is private: the one thing of the journal that is ever deleted. */
#include "journal/journal.h"

bool journal_erase(struct db *db, int64_t region, struct text subject, struct fault *why)
{
    static const struct db_sql bodies = {
        "DELETE FROM journal_private WHERE region = $1 AND idx IN "
        "(SELECT idx FROM journal WHERE region = $1 AND subject = $2)"};
    static const struct db_sql answers = {
        "DELETE FROM idempotency WHERE region = $1 AND idx IN "
        "(SELECT idx FROM journal WHERE region = $1 AND subject = $2)"};
    return db_write(db, &bodies, DB_ARGS(db_int(region), db_text(subject)), why) &&
           db_write(db, &answers, DB_ARGS(db_int(region), db_text(subject)), why);
}
