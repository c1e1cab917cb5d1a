/* The log: one JSON object a line on standard error. Never give it a secret or a personal value;
 * subjects are named by id. */
#ifndef YIMEN_BASE_LOG_H
#define YIMEN_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* event is a short stable name ("http.listen"), the message a sentence for the administrator. */
void log_line(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
