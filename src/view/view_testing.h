/* What the tests of pages share: one template, rendered, and words in it. */
#ifndef YIMEN_VIEW_VIEW_TESTING_H
#define YIMEN_VIEW_VIEW_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view/view_samples.h"

/* One template "t/page.html" beside "t/part.html" and "t/frame.html", rendered. */
struct bench {
    struct arena *arena;
    struct sample_page *page;
    struct frame frame;
    struct fault why;
};

static inline int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench->arena = arena_new(1 << 16);
    bench->page = sample_record(bench->arena);
    bench->frame = sample_frame(true);
    *state = bench;
    return 0;
}

static inline int tear_down(void **state)
{
    struct bench *bench = *state;
    arena_free(bench->arena);
    free(bench);
    return 0;
}

static inline struct asset file_of(const char *name, const char *source)
{
    return (struct asset){.name = name,
                          .bytes = (const unsigned char *)source,
                          .size = strlen(source),
                          .hash = "00112233aabbccdd",
                          .media_type = "text/html"};
}

/* The page, or NULL and bench->why. */
static inline const char *page_of(struct bench *bench, const char *source)
{
    struct asset files[] = {
        file_of("t/page.html", source),
        file_of("t/part.html", "[{{number}}]"),
        file_of("t/wrong.html", "x\n\n{{nosuch}}"),
        file_of("t/again.html", "{{include \"t/again.html\"}}"),
        file_of("t/frame.html", "<title>{{frame.title}}</title>{{content}}<footer>"),
        file_of("t/hole.html", "<p>no content</p>"),
        file_of("web/a.css", "a{}"),
    };
    struct view *view = NULL;
    struct buf out = {.arena = bench->arena};
    bench->why = (struct fault){0};
    bool good = view_load_forms(files, sizeof files / sizeof *files, sample_forms,
                                sample_form_count, &view, &bench->why) &&
                view_check(view, "t/page.html", &sample_shape, &bench->why) &&
                view_render(view, "t/page.html", &sample_shape, bench->page, &bench->frame, &out,
                            &bench->why);
    view_free(view);
    return good ? text_cstr(bench->arena, buf_done(&out)) : NULL;
}

static inline void has(const char *page, const char *what)
{
    if (!strstr(page, what))
        fail_msg("%s\nis not in\n%s", what, page);
}

static inline void has_not(const char *page, const char *what)
{
    if (strstr(page, what))
        fail_msg("%s\nis in\n%s", what, page);
}

static inline size_t times(const char *page, const char *what)
{
    size_t count = 0;
    for (; (page = strstr(page, what)); page++)
        count++;
    return count;
}

#endif
