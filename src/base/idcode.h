/* Numbers that prove themselves: the check digits of persons and organisations. Pure functions;
 * none says that the number was ever issued. */
#ifndef YIMEN_BASE_IDCODE_H
#define YIMEN_BASE_IDCODE_H

#include <stdbool.h>

#include "base/text.h"

/* A citizen identity number of 18 characters (GB 11643-1999): area, a date of birth that exists in
 * the calendar, serial and check character (ISO 7064 MOD 11-2). A lower-case x is refused: input is
 * written as printed on the card. Numbers of 15 digits, invalid since 2013, are refused. */
bool idcode_person(struct text number);

/* A unified social credit code of 18 characters (GB 32100-2015): its check character and, within
 * it, the organisation code's own. */
bool idcode_uscc(struct text code);

/* An organisation code (GB 11714-1997) of 9 characters, or with a hyphen before the check
 * character. */
bool idcode_organisation(struct text code);

/* A number or code as people type it, as it is printed: no spaces, full-width characters narrow,
 * letters upper case. */
struct text idcode_tidy(struct text typed, struct arena *arena);

#endif
