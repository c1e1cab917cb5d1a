/* The codes under which the country's and the provinces' platforms know an item, and the lists they
 * give out. Pure; who carries a list into a house is catalogue/listing.h. */
#ifndef YIMEN_CATALOGUE_NATIONAL_H
#define YIMEN_CATALOGUE_NATIONAL_H

#include "catalogue/catalogue.h"

/* An implementing code (实施编码) taken apart. Two ways of writing it are known:
 *
 * national (GB/T 39554.1), 31 characters, or 33 with the item of handling (业务办理项):
 *     115113010087783861000131001000[01]
 *     organ 18, level of exercise 1, base code 12, item of handling 2
 * of a province's platform, parts joined by hyphens (511 is Sichuan's):
 *     511A0138600000-511602000000-000-11511301008778183N-1-00
 *     base code, division of 12 digits, three digits, organ, one digit, item of handling
 * A base code may hold hyphens itself (G-000007-001), and so may an organ of before 2015-10-01
 * (00877868-5). What the three digits and the one digit of the second mean is written down nowhere at
 * hand: they are kept within the whole code and read as nothing. */
struct national_code {
    struct text base;
    struct text division; /* 12 digits; empty in the national form */
    struct text organ;
    struct text handling; /* "00": the item as a whole; may be empty */
};

enum national_wrong {
    NATIONAL_GOOD,
    NATIONAL_PARTS,        /* neither form: parts missing, too many, or of another length */
    NATIONAL_BASE,         /* base code: other than upper-case letters, digits and hyphens, 6 to 36 */
    NATIONAL_ORGAN_LENGTH, /* organ: neither 18 characters nor 9 */
    NATIONAL_ORGAN_CHECK,  /* 18: not by GB 32100; 9: not by GB 11714 */
};
/* Names for programs; labels say what is wrong. */
extern const struct word national_wrong_words[];

/* The parts point into the code. They are filled as far as they were found, so that a code with a bad
 * organ still says which organ. Nothing is tidied: a code in lower case is another code. */
enum national_wrong national_code_parse(struct text code, struct national_code *out);

/* The code under which a house keeps an item of a list: base code, organisation code within the organ's
 * (9 characters), and the item of handling where it is not the whole. Two organs of a county may carry
 * out the same item, so the base code alone would not do. For good codes only. */
struct text national_local_code(const struct national_code *code, struct arena *arena);

/* 事项类型 by the number of the national dictionary ("1", "01" … "20"): enum item_type; ITEM_NONE
 * for the kinds that nobody applies for (处罚, 强制, 征收, 检查), and for anything else. */
int64_t national_item_type(struct text number);

#endif
