#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

bool fault_set(struct fault *why, const char *format, ...)
{
    if (!why || why->why[0])
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(why->why, sizeof why->why, format, args);
    va_end(args);
    return false;
}
