/* Whatever the bytes, reading ends with a record or with errors, never with harm. */
#include "base/yaml.h"
#include "catalogue/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct yaml_errors errors = {arena};
    struct yaml_marks marks;
    struct item item;
    struct text yaml = {(const char *)bytes, size};
    bool good = yaml_parse(yaml, TEXT("fuzz.yaml"), &item_shape, arena, &item, &marks, &errors);
    if (good != (errors.count == 0))
        __builtin_trap();
    arena_free(arena);
    return 0;
}
