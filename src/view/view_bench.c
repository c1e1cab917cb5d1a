/* Processor microseconds a page: a case page with forms, a desk of twenty rows, public pages. The
 * best of five rounds, since other work on the machine only ever makes a round slower. */
#include <time.h>

#include "view/view_samples.h"

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(void)
{
    static const char *const names[] = {"case", "desk", "home", "my", "question"};
    enum { PAGES = sizeof names / sizeof *names, ROUNDS = 5, TIMES = 4000 };
    struct arena *arena = arena_new(1 << 20), *request = arena_new(1 << 17);
    struct fault why = {0};
    struct asset *files;
    size_t count;
    struct view *view = NULL;
    if (!sample_files(arena, names, PAGES, &files, &count) ||
        !view_load_forms(files, count, sample_forms, sample_form_count, &view, &why)) {
        fprintf(stderr, "view_bench: %s\n", why.why);
        return 1;
    }
    struct sample_page *page = sample_record(arena);
    for (size_t i = 0; i < PAGES; i++) {
        const char *name = text_cstr(arena, text_format(arena, "sample/%s.html", names[i]));
        struct frame frame = sample_frame(i < 2);
        size_t size = 0;
        double best = 1e9;
        if (!view_check(view, name, &sample_shape, &why)) {
            fprintf(stderr, "view_bench: %s\n", why.why);
            return 1;
        }
        for (int round = 0; round < ROUNDS; round++) {
            double start = seconds();
            for (int j = 0; j < TIMES; j++) {
                struct buf out = {.arena = request};
                arena_reset(request);
                if (!view_render(view, name, &sample_shape, page, &frame, &out, &why))
                    return 1;
                size = out.len;
            }
            double spent = (seconds() - start) / TIMES * 1e6;
            best = spent < best ? spent : best;
        }
        printf("view %-9s %6zu bytes %7.2f us a page %7.2f us for 10 KiB\n", names[i], size, best,
               best * 10240 / (double)size);
    }
    view_free(view);
    arena_free(request);
    arena_free(arena);
    return 0;
}
