/* Templates from anywhere: whatever loads must render well-formed UTF-8 and never let a value of the
 * record out as markup. Built with clang -fsanitize=fuzzer,address,undefined. */
#include "view/view_samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char part[] = "[{{number}}]";
    static const char around[] = "<title>{{frame.title}}</title>{{errors}}{{content}}";
    struct asset files[] = {
        {"t/page.html", data, size, "0000000000000000", "text/html"},
        {"t/part.html", (const unsigned char *)part, sizeof part - 1, "0000000000000000",
         "text/html"},
        {"t/frame.html", (const unsigned char *)around, sizeof around - 1, "0000000000000000",
         "text/html"},
    };
    struct fault why = {0};
    struct view *view = NULL;
    struct arena *arena = arena_new(1 << 16);
    struct sample_page *page = sample_record(arena);
    struct frame frame = sample_frame(false);
    struct pair pair = {TEXT("note"), TEXT("<canary>\"'")};
    struct problem problem = {TEXT("note"), REFUSED_MISSING, TEXT("<canary>\"'")};
    frame.submitted = "case.accept";
    frame.sent = &(struct pairs){&pair, 1};
    frame.problems = &(struct problems){&problem, 1};
    frame.title = TEXT("<canary>");
    page->number = page->note = page->link = TEXT("<canary>\"'&");
    struct buf out = {.arena = arena};
    bool own = text_find((struct text){(const char *)data, size}, TEXT("<canary")) >= 0;
    if (view_load_from(files, 3, sample_form_of, &view, &why) &&
        view_check(view, "t/page.html", &sample_shape, &why) &&
        view_render(view, "t/page.html", &sample_shape, page, &frame, &out, &why)) {
        bool raw = text_find((struct text){(const char *)data, size}, TEXT("unescaped_html")) >= 0;
        if (!text_utf8(buf_done(&out)) ||
            (!own && !raw && text_find(buf_done(&out), TEXT("<canary")) >= 0))
            abort();
    }
    view_free(view);
    arena_free(arena);
    return 0;
}
