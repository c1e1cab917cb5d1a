/* Everything this program can do, module by module. */
#include "modules.h"

#include "approval/case/case.h"
#include "approval/history/history.h"
#include "catalogue/catalogue.h"
#include "clock/clock.h"
#include "door/door.h"
#include "files/files.h"
#include "identity/identity.h"
#include "portal/portal.h"
#include "trace/trace.h"

const struct module *const modules[] = {
    &clock_module, &identity_module, &catalogue_module, &trace_module, &files_module,
    &case_module, &history_module, &door_journal_module, &portal_module, NULL,
};
