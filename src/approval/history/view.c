/* stand-in while pages are written */
#include "approval/history/history.h"
