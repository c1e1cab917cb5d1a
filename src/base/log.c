#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    struct arena *arena = arena_new(4096);
    struct buf line = {.arena = arena};
    buf_str(&line, "{\"at\":");
    buf_json(&line, time_format(arena, time_now()));
    buf_format(&line, ",\"level\":\"%s\",\"event\":", names[level]);
    buf_json(&line, text_of(event));
    buf_str(&line, ",\"message\":");
    buf_json(&line, text_of(message));
    buf_str(&line, "}\n");
    /* One write, so that lines of several threads and processes do not mix. */
    if (write(STDERR_FILENO, line.at, line.len) < 0)
        fputs("yimen: cannot write the log\n", stderr);
    arena_free(arena);
}
