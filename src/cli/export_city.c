/* yimen export city: a region as the folder that init reads. */
#include <stdio.h>

#include "catalogue/export.h"
#include "cli/cli.h"

static bool write_files(struct cli *cli, const char *folder, const struct list *files,
                        struct fault *why)
{
    const struct city_file *all = files->items;
    struct cli_bar bar = {.label = "export"};
    bool good = make_directories(text_format(cli->arena, "%s/items", folder).at, why) &&
                make_directories(text_format(cli->arena, "%s/calendars", folder).at, why);
    for (size_t i = 0; good && i < files->count; i++) {
        struct text path = text_format(cli->arena, "%s/%.*s", folder, TEXT_ARG(all[i].name));
        good = write_whole(path.at, all[i].bytes, 0644, why);
        cli_bar_tell((int64_t)i + 1, (int64_t)files->count, &bar);
    }
    cli_bar_end(&bar);
    return good;
}

/* What was written is read as init would: a folder that is not taken is no export. */
static bool read_again(struct cli *cli, const char *folder)
{
    struct yaml_errors errors = {.arena = cli->arena};
    struct city city;
    if (city_load(folder, cli->arena, &city, &errors))
        return true;
    struct text lines = yaml_errors_text(&errors, cli->arena);
    fprintf(stderr, "%.*s", TEXT_ARG(lines));
    cli_wrong(cli, "%s: written, but init would not take it", folder);
    return false;
}

int cli_export_city(struct cli *cli, struct cli_house *house, const char *folder)
{
    struct city city;
    struct city_left left;
    struct fault why = {0};
    if (!directory_empty(folder))
        return cli_wrong(cli, "%s is not empty; a city's folder needs an empty place", folder);
    if (!city_of_region(house->db, house->region, cli->arena, &city, &left, &why))
        return cli_fault(cli, &why);
    struct list files = city_files(&city, cli->arena);
    if (!write_files(cli, folder, &files, &why))
        return cli_fault(cli, &why);
    if (!read_again(cli, folder))
        return CLI_WRONG;
    cli_print(cli,
              text_format(cli->arena,
                          "{\"region\":\"%lld\",\"files\":%zu,\"departments\":%zu,\"places\":%zu,"
                          "\"items\":%zu,\"notices\":%zu,\"posts_left_out\":%zu,"
                          "\"versions_left_out\":%zu}",
                          (long long)house->region, files.count, city.departments.count,
                          city.places.count, city.items.count, city.notices.count, left.posts,
                          left.versions),
              text_format(cli->arena,
                          "%s: %zu departments, %zu places, %zu versions of items, %zu notices.\n"
                          "Left out as personal data: accounts, delegations, %zu posts.\n%s",
                          folder, city.departments.count, city.places.count, city.items.count,
                          city.notices.count, left.posts,
                          left.versions ? text_format(cli->arena,
                                                      "Left out as never offered: %zu versions that "
                                                      "were withdrawn before their first day.\n",
                                                      left.versions)
                                              .at
                                        : ""));
    return CLI_DONE;
}
