#include "db/driver.h"

bool postgresql_open(const char *where, bool read_only, const char *scratch, struct db **out,
                     struct fault *why)
{
    (void)where;
    (void)read_only;
    (void)scratch;
    (void)out;
    return fault_set(why, "this build speaks to SQLite only");
}
