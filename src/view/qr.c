#include "view/qr.h"

#include <qrencode.h>

#define QUIET 4

/* Each row as its runs of dark modules: "M4 4h7v1h-7z". */
static void draw(const QRcode *code, struct buf *out)
{
    for (int y = 0; y < code->width; y++)
        for (int x = 0, end; x < code->width; x = end) {
            const unsigned char *row = code->data + (ptrdiff_t)y * code->width;
            bool dark = row[x] & 1;
            for (end = x + 1; end < code->width && (row[end] & 1) == dark;)
                end++;
            if (dark)
                buf_format(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, end - x, end - x);
        }
}

bool qr_svg(struct text words, struct text label, struct buf *out)
{
    QRcode *code = NULL;
    if (words.len && words.len <= 2331)
        code = QRcode_encodeData((int)words.len, (const unsigned char *)words.at, 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    int size = code->width + 2 * QUIET;
    buf_format(out, "<svg class=\"ym-qr\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", size,
               size);
    buf_html(out, label);
    buf_format(out,
               "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
               "<path fill=\"#000\" d=\"",
               size, size);
    draw(code, out);
    buf_str(out, "\"/></svg>");
    QRcode_free(code);
    return true;
}
