#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"

/* Where the last character of UTF-8, whole or not, begins. */
static size_t last_character(const char *at, size_t length)
{
    size_t begin = length - 1;
    while (begin && ((unsigned char)at[begin] & 0xc0) == 0x80)
        begin--;
    return begin;
}

void log_line(enum log_level level, const char *event, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    char message[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (length >= (int)sizeof message) /* its last character may have been cut in two: it goes whole */
        message[last_character(message, sizeof message - 1)] = '\0';
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
