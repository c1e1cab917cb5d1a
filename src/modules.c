/* Everything this program can do, module by module. */
#include "modules.h"

#include "door/door.h"
#include "files/files.h"
#include "identity/identity.h"

const struct module *const modules[] = {
    &identity_module,
    &files_module,
    &log_module,
    NULL,
};
