#include "base/script.h"

#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct script {
    opencc_t converter;
};

bool script_open(const char *configuration, struct script **out, struct fault *why)
{
    char file[64];
    snprintf(file, sizeof file, "%s.json", configuration);
    opencc_t converter = opencc_open(file);
    *out = NULL;
    if (converter == (opencc_t)-1)
        return fault_set(why, "OpenCC does not open %s: %s", file, opencc_error());
    struct script *script = malloc(sizeof *script);
    if (!script)
        abort();
    script->converter = converter;
    *out = script;
    return true;
}

struct text script_convert(const struct script *script, struct text words, struct arena *arena)
{
    size_t i = 0;
    while (i < words.len && (unsigned char)words.at[i] < 0x80)
        i++;
    if (i == words.len)
        return words;
    char *converted = opencc_convert_utf8(script->converter, words.at, words.len);
    if (!converted)
        return words;
    struct text out = text_copy(arena, text_of(converted));
    opencc_convert_utf8_free(converted);
    return out;
}

void script_close(struct script *script)
{
    if (!script)
        return;
    opencc_close(script->converter);
    free(script);
}
