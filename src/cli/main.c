/* Which subcommand, and what was said to it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/version.h"

static const struct cli_command *const commands[] = {
    &cli_init,    &cli_serve,  &cli_import, &cli_export, &cli_verify, &cli_rebuild, &cli_backup,
    &cli_restore, &cli_report, &cli_due,    &cli_user,   &cli_token,  &cli_doctor,  NULL};

static const struct cli_option common[] = {
    {"data", "DIR", "data directory: SQLite file, uploaded files, yimen.yaml"},
    {"db", "URL", "postgresql://… instead of the SQLite file in DIR; uploaded files stay in DIR"},
    {"config", "FILE", "configuration file; default DIR/yimen.yaml if it is there"},
    {"json", NULL, "print facts as JSON"},
    {"help", NULL, "say this"},
    {NULL, NULL, NULL},
};

static void usage(FILE *to)
{
    fputs("usage: yimen COMMAND [OPTIONS]\n\n", to);
    for (size_t i = 0; commands[i]; i++)
        fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n`yimen COMMAND --help` says more, `yimen --version` which one this is. Exit "
          "status: 0 done, 1 refused or found wrong, "
          "2 misused.\n",
          to);
}

static void print_options(const struct cli_option *options)
{
    for (; options && options->name; options++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", options->name, options->value ? " " : "",
                 options->value ? options->value : "");
        printf("  %-22s %s\n", left, options->help);
    }
}

static void help(const struct cli_command *command)
{
    printf("usage: yimen %s\n\n%s\n", command->usage, command->summary);
    if (command->help)
        printf("\n%s", command->help);
    puts("\nOptions:");
    print_options(command->options);
    print_options(common);
    if (command == &cli_serve) {
        struct arena *arena = arena_new(4096);
        struct text keys = config_help(arena);
        printf("\nKeys of the configuration file (YAML):\n%.*s", TEXT_ARG(keys));
        arena_free(arena);
    }
}

static const struct cli_option *find_option(const struct cli_command *command, const char *name,
                                            size_t len)
{
    const struct cli_option *const lists[] = {command->options, common};
    for (size_t i = 0; i < 2; i++)
        for (const struct cli_option *option = lists[i]; option && option->name; option++)
            if (strlen(option->name) == len && strncmp(option->name, name, len) == 0)
                return option;
    return NULL;
}

static int read_option(struct cli *cli, int argc, char **argv, int *at)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct cli_option *option = find_option(cli->command, name, len);
    if (!option)
        return cli_misused(cli, "unknown option --%.*s", (int)len, name);
    if (cli_value(cli, option->name))
        return cli_misused(cli, "--%s was given twice", option->name);
    if (cli->given_count == CLI_OPTIONS)
        return cli_misused(cli, "too many options");
    if (!option->value && equals)
        return cli_misused(cli, "--%s takes no value", option->name);
    const char *value = option->value ? equals ? equals + 1 : argv[++*at] : "";
    if (*at >= argc || !value)
        return cli_misused(cli, "--%s needs %s", option->name, option->value);
    cli->given[cli->given_count].name = option->name;
    cli->given[cli->given_count++].value = value;
    return CLI_DONE;
}

static int read_words(struct cli *cli, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        int end = CLI_DONE;
        if (strncmp(argv[i], "--", 2) == 0 && argv[i][2])
            end = read_option(cli, argc, argv, &i);
        else if (cli->word_count == CLI_OPTIONS)
            end = cli_misused(cli, "too many words");
        else
            cli->words[cli->word_count++] = argv[i];
        if (end)
            return end;
    }
    cli->json = cli_value(cli, "json");
    return CLI_DONE;
}

/* An address of some other database would become a file of that name. */
static int check_db(const struct cli *cli)
{
    const char *db = cli_value(cli, "db");
    if (db && (!*db || (strstr(db, "://") && !cli_postgresql(db))))
        return cli_misused(cli, "--db: postgresql://… or an SQLite file is wanted");
    return CLI_DONE;
}

static int read_config(struct cli *cli)
{
    const char *path = cli_value(cli, "config"), *data = cli_value(cli, "data");
    struct text wrong;
    if (!path && data) {
        path = text_format(cli->arena, "%s/yimen.yaml", data).at;
        if (access(path, F_OK) != 0)
            return CLI_DONE;
    }
    if (!path || config_read(path, cli->arena, &cli->config, &wrong))
        return CLI_DONE;
    fprintf(stderr, "%.*s", TEXT_ARG(wrong));
    return CLI_WRONG;
}

/* A password that nobody saw, or half of a report, is no success. */
static bool printed(void)
{
    bool before = !ferror(stdout);
    return fflush(stdout) == 0 && before;
}

int cli_main(int argc, char **argv)
{
    struct cli cli = {0};
    if (argc < 2) {
        usage(stderr);
        return CLI_MISUSED;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return printed() ? CLI_DONE : CLI_WRONG;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("yimen " YIMEN_VERSION);
        return printed() ? CLI_DONE : CLI_WRONG;
    }
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            cli.command = commands[i];
    if (!cli.command) {
        fprintf(stderr, "yimen: there is no command %s\n", argv[1]);
        usage(stderr);
        return CLI_MISUSED;
    }
    cli.arena = arena_new(64 * 1024);
    int end = read_words(&cli, argc, argv);
    if (end == CLI_DONE)
        end = check_db(&cli);
    if (end == CLI_DONE && !cli_clock_fits(&cli))
        end = CLI_MISUSED;
    if (end == CLI_DONE && cli_value(&cli, "help"))
        help(cli.command);
    else if (end == CLI_DONE && (end = read_config(&cli)) == CLI_DONE)
        end = cli.command->run(&cli);
    if (!printed() && end == CLI_DONE)
        end = cli_wrong(&cli, "what it prints could not be written: %s", strerror(errno));
    arena_free(cli.arena);
    return end;
}
