/* The list of modules: everything this program can do. */
#ifndef YIMEN_MODULES_H
#define YIMEN_MODULES_H

#include "flow/module.h"

extern const struct module *const modules[]; /* ended by NULL */

#endif
