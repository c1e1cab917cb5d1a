/* QR codes (ISO/IEC 18004) as inline SVG, by libqrencode. */
#ifndef YIMEN_VIEW_QR_H
#define YIMEN_VIEW_QR_H

#include "base/text.h"

/* Appends an <svg> of the words' code with its quiet zone of 4 modules, dark on light whatever the
 * page's colours; label is what a screen reader says. Error correction M: a fold or a stamp over 15 %
 * of it does no harm. Nothing, and false, where the words are empty or too many (2,331 bytes). */
bool qr_svg(struct text words, struct text label, struct buf *out);

#endif
