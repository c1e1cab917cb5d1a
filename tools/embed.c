/* embed FILE…: writes a C file with every file's bytes, its name in the house and its hash.
 * "src/approval/pages/case.html" is named "approval/case.html", "build/web/yimen.css" is named
 * "web/yimen.css". */
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *media_type(const char *name)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
        {".sql", "application/sql"},           {".svg", "image/svg+xml"},
        {".js", "text/javascript; charset=utf-8"}, {".yaml", "application/yaml"},
        {".mo", "application/octet-stream"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(dot, types[i][0]) == 0)
            return types[i][1];
    fprintf(stderr, "embed: %s: no media type for this ending\n", name);
    exit(2);
}

static char *house_name(const char *path)
{
    const char *from = strncmp(path, "src/", 4) == 0     ? path + 4
                       : strncmp(path, "build/", 6) == 0 ? path + 6
                                                         : path;
    char *name = strdup(from);
    if (!name)
        exit(2);
    char *pages = strstr(name, "/pages/");
    if (pages)
        memmove(pages, pages + 6, strlen(pages + 6) + 1);
    return name;
}

static unsigned char *whole(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = NULL;
    size_t cap = 0;
    *size = 0;
    if (!file) {
        perror(path);
        exit(2);
    }
    for (;;) {
        if (cap - *size < 4096 && !(bytes = realloc(bytes, cap = cap * 2 + 8192)))
            exit(2);
        size_t got = fread(bytes + *size, 1, cap - *size, file);
        *size += got;
        if (got == 0)
            break;
    }
    if (ferror(file)) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return bytes;
}

int main(int argc, char **argv)
{
    puts("#include \"view/view.h\"");
    char (*hashes)[17] = calloc((size_t)argc, sizeof *hashes);
    size_t *sizes = calloc((size_t)argc, sizeof *sizes);
    if (!hashes || !sizes)
        exit(2);
    for (int i = 1; i < argc; i++) {
        unsigned char hash[32];
        unsigned char *bytes = whole(argv[i], &sizes[i]);
        SHA256(bytes, sizes[i], hash);
        for (int j = 0; j < 8; j++)
            sprintf(hashes[i] + 2 * j, "%02x", hash[j]);
        printf("static const unsigned char asset_%d[] = {", i);
        for (size_t j = 0; j < sizes[i]; j++)
            printf("%s%u,", j % 24 ? "" : "\n", bytes[j]);
        puts("0};");
        free(bytes);
    }
    puts("const struct asset assets[] = {");
    for (int i = 1; i < argc; i++) {
        char *name = house_name(argv[i]);
        printf("{\"%s\", asset_%d, %zu, \"%s\", \"%s\"},\n", name, i, sizes[i], hashes[i],
               media_type(name));
        free(name);
    }
    puts("{0}};");
    printf("const size_t asset_count = %d;\n", argc - 1);
    free(hashes);
    free(sizes);
    return 0;
}
