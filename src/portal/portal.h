/* Pages that look across platforms: home, verifying a receipt. */
#ifndef YIMEN_PORTAL_PORTAL_H
#define YIMEN_PORTAL_PORTAL_H

#include "flow/module.h"

extern const struct module portal_module;
extern const struct look verify_look;

#endif
