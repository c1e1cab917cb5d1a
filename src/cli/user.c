/* yimen user: accounts from the command line. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/random.h"
#include "cli/cli.h"

static const struct db_sql select_users = {
    "SELECT account_id, login, display, roles, department, state FROM account "
    "WHERE region = $1 AND account_id > $2 ORDER BY account_id LIMIT 500"};

static int list(struct cli *cli, struct cli_house *house)
{
    struct buf json = {.arena = cli->arena}, text = {.arena = cli->arena};
    struct fault why = {0};
    struct db_rows rows;
    int64_t after = 0;
    do {
        if (!db_select(house->db, &select_users, DB_ARGS(db_int(house->region), db_int(after)),
                       cli->arena, &rows, &why))
            return cli_fault(cli, &why);
        for (size_t i = 0; i < rows.count; i++) {
            struct text labels = role_labels(db_cell_int(&rows, i, "roles"), cli->arena);
            after = db_cell_int(&rows, i, "account_id");
            buf_format(&json, "%s{\"account_id\":%lld,\"login\":", json.len ? "," : "",
                       (long long)after);
            buf_json(&json, db_cell_text(&rows, i, "login"));
            buf_str(&json, ",\"display\":");
            buf_json(&json, db_cell_text(&rows, i, "display"));
            buf_str(&json, ",\"roles\":");
            buf_json(&json, labels);
            buf_format(&json, ",\"state\":\"%.*s\"}", TEXT_ARG(db_cell_text(&rows, i, "state")));
            buf_format(&text, "%6lld  %-8.*s %-24.*s %.*s（%.*s）\n", (long long)after,
                       TEXT_ARG(db_cell_text(&rows, i, "state")),
                       TEXT_ARG(db_cell_text(&rows, i, "login")),
                       TEXT_ARG(db_cell_text(&rows, i, "display")), TEXT_ARG(labels));
        }
    } while (rows.count);
    struct text all = buf_done(&json);
    cli_print(cli, text_format(cli->arena, "[%.*s]", TEXT_ARG(all)), buf_done(&text));
    return CLI_DONE;
}

/* From the terminal without an echo, else one line of standard input; nothing: drawn at random. */
static struct text ask_password(struct cli *cli, bool *drawn)
{
    char line[200] = "";
    struct termios was, quiet;
    unsigned char seed[14];
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &was) == 0;
    if (terminal) {
        quiet = was;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        fputs("password (empty: draw one): ", stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    if (!fgets(line, sizeof line, stdin))
        line[0] = '\0';
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
        fputc('\n', stderr);
    }
    line[strcspn(line, "\r\n")] = '\0';
    *drawn = !line[0];
    if (*drawn) {
        random_bytes(seed, sizeof seed);
        return random_code(cli->arena, seed, sizeof seed);
    }
    return text_copy(cli->arena, text_of(line));
}

static bool read_roles(struct cli *cli, int64_t *bits)
{
    struct text rest = text_of(cli_value(cli, "roles")), name;
    *bits = 0;
    while (rest.at && text_cut(&rest, ',', &name)) {
        if (name.len && !role_bit(name)) {
            cli_misused(cli, "--roles: there is no role %.*s (clerk, reviewer, verifier, head, "
                             "manager, supervisor, administrator, security, auditor)",
                        TEXT_ARG(name));
            return false;
        }
        *bits |= role_bit(name);
    }
    return true;
}

static void print_account(struct cli *cli, const struct job *job, struct text login,
                          struct text password, bool drawn)
{
    struct buf json = {.arena = cli->arena};
    buf_format(&json, "{\"index\":%lld,\"login\":", (long long)job->index);
    buf_json(&json, login);
    if (drawn) {
        buf_str(&json, ",\"password\":");
        buf_json(&json, password);
    }
    buf_char(&json, '}');
    cli_print(cli, buf_done(&json),
              drawn ? text_format(cli->arena, "%.*s: the password is %.*s (shown only now)\n",
                                  TEXT_ARG(login), TEXT_ARG(password))
                    : text_format(cli->arena, "%.*s: done\n", TEXT_ARG(login)));
}

static struct text option_text(const struct cli *cli, const char *name)
{
    return text_of(cli_value(cli, name));
}

static int add(struct cli *cli, struct cli_house *house, struct text login)
{
    struct account_create input = {.login = login,
                                   .display = option_text(cli, "name"),
                                   .department = option_text(cli, "department"),
                                   .place = option_text(cli, "place")};
    int64_t roles;
    bool drawn;
    struct job job;
    if (!input.display.len)
        input.display = login;
    if (!read_roles(cli, &roles))
        return CLI_MISUSED;
    input.roles = role_set_of(roles);
    input.password = ask_password(cli, &drawn);
    if (!cli_fits(cli, identity_account_create.input, &input) ||
        !cli_run(cli, house, &identity_account_create, &input, 0, &job))
        return CLI_WRONG;
    print_account(cli, &job, login, input.password, drawn);
    return CLI_DONE;
}

static bool find(struct cli *cli, struct cli_house *house, struct text login,
                 struct account *account)
{
    struct fault why = {0};
    bool found;
    if (!identity_account_by_login(house->db, house->region, login, cli->arena, account, &found,
                                   &why)) {
        cli_fault(cli, &why);
        return false;
    }
    if (!found)
        cli_wrong(cli, "there is no account %.*s", TEXT_ARG(login));
    return found;
}

static int set_password(struct cli *cli, struct cli_house *house, struct text login)
{
    struct account account;
    struct password_set input = {0};
    bool drawn;
    struct job job;
    if (!find(cli, house, login, &account))
        return CLI_WRONG;
    input.account_id = account.account_id;
    input.password = ask_password(cli, &drawn);
    if (!cli_fits(cli, identity_password_set.input, &input) ||
        !cli_run(cli, house, &identity_password_set, &input, 0, &job))
        return CLI_WRONG;
    print_account(cli, &job, login, input.password, drawn);
    return CLI_DONE;
}

static int close_account(struct cli *cli, struct cli_house *house, struct text login)
{
    struct account account;
    struct account_close input = {.reason = option_text(cli, "reason")};
    struct job job;
    if (!input.reason.len)
        return cli_misused(cli, "say why: --reason TEXT");
    if (!find(cli, house, login, &account))
        return CLI_WRONG;
    input.account_id = account.account_id;
    if (!cli_fits(cli, identity_account_close.input, &input) ||
        !cli_run(cli, house, &identity_account_close, &input, 0, &job))
        return CLI_WRONG;
    print_account(cli, &job, login, TEXT(""), false);
    return CLI_DONE;
}

static int set_roles(struct cli *cli, struct cli_house *house, struct text login)
{
    struct account account;
    int64_t roles;
    struct job job;
    if (!cli_value(cli, "roles"))
        return cli_misused(cli, "say which: --roles LIST");
    if (!read_roles(cli, &roles))
        return CLI_MISUSED;
    if (!find(cli, house, login, &account))
        return CLI_WRONG;
    struct account_assign assign = {
        account.account_id, role_set_of(roles),
        cli_value(cli, "department") ? option_text(cli, "department") : account.department};
    struct account_change change = {
        account.account_id, cli_value(cli, "name") ? option_text(cli, "name") : account.display,
        cli_value(cli, "place") ? option_text(cli, "place") : account.place};
    bool changes = cli_value(cli, "name") || cli_value(cli, "place");
    if (!cli_fits(cli, identity_account_assign.input, &assign) ||
        (changes && !cli_fits(cli, identity_account_change.input, &change)) ||
        !cli_run(cli, house, &identity_account_assign, &assign, 0, &job) ||
        (changes && !cli_run(cli, house, &identity_account_change, &change, 0, &job)))
        return CLI_WRONG;
    print_account(cli, &job, login, TEXT(""), false);
    return CLI_DONE;
}

/* For who has lost telephone and recovery codes, the last security administrator above all. */
static int take_second(struct cli *cli, struct cli_house *house, struct text login)
{
    struct account account;
    struct totp_reset input = {.reason = option_text(cli, "reason")};
    struct job job;
    if (!input.reason.len)
        return cli_misused(cli, "say why: --reason TEXT");
    if (!find(cli, house, login, &account))
        return CLI_WRONG;
    input.account_id = account.account_id;
    if (!cli_fits(cli, identity_totp_reset.input, &input) ||
        !cli_run(cli, house, &identity_totp_reset, &input, 0, &job))
        return CLI_WRONG;
    print_account(cli, &job, login, TEXT(""), false);
    return CLI_DONE;
}

/* By whose word: --provider, one of the configuration's. */
static const struct config_provider *provider_of(struct cli *cli)
{
    const struct config_provider *providers = cli->config.providers.items;
    for (size_t i = 0; i < cli->config.providers.count; i++)
        if (text_equal(providers[i].key, option_text(cli, "provider")))
            return &providers[i];
    cli_misused(cli, "say by whose word: --provider KEY, one of `providers` in the configuration");
    return NULL;
}

static int link_account(struct cli *cli, struct cli_house *house, struct text login)
{
    struct account account;
    struct link_add input = {.provider = option_text(cli, "provider"),
                             .subject = option_text(cli, "subject")};
    struct job job;
    const struct config_provider *provider = provider_of(cli);
    if (!provider)
        return CLI_MISUSED;
    if (!input.subject.len)
        return cli_misused(cli, "say who it is there: --subject TEXT");
    if (!find(cli, house, login, &account))
        return CLI_WRONG;
    input.account_id = account.account_id;
    if (!cli_fits(cli, identity_link_add.input, &input))
        return CLI_WRONG;
    input.issuer = provider->issuer;
    input.claim = provider->claim.len ? provider->claim : TEXT("sub");
    if (!cli_run(cli, house, &identity_link_add, &input, 0, &job))
        return CLI_WRONG;
    print_account(cli, &job, login, TEXT(""), false);
    return CLI_DONE;
}

static const struct db_sql select_link = {
    "SELECT link_id FROM account_link WHERE region = $1 AND account_id = $2 AND issuer = $3"};

static int unlink_account(struct cli *cli, struct cli_house *house, struct text login)
{
    struct account account;
    struct fault why = {0};
    struct db_rows rows;
    struct job job;
    const struct config_provider *provider = provider_of(cli);
    if (!provider)
        return CLI_MISUSED;
    if (!find(cli, house, login, &account))
        return CLI_WRONG;
    if (!db_select(house->db, &select_link,
                   DB_ARGS(db_int(house->region), db_int(account.account_id),
                           db_text(provider->issuer)),
                   cli->arena, &rows, &why))
        return cli_fault(cli, &why);
    if (!rows.count)
        return cli_wrong(cli, "%.*s is not linked to %.*s", TEXT_ARG(login),
                         TEXT_ARG(provider->key));
    struct link_remove input = {db_cell_int(&rows, 0, "link_id")};
    if (!cli_run(cli, house, &identity_link_remove, &input, 0, &job))
        return CLI_WRONG;
    print_account(cli, &job, login, TEXT(""), false);
    return CLI_DONE;
}

static int run(struct cli *cli)
{
    static const struct {
        const char *name;
        size_t words;
        int (*run)(struct cli *cli, struct cli_house *house, struct text login);
    } verbs[] = {{"add", 2, add},
               {"password", 2, set_password},
               {"roles", 2, set_roles},
               {"close", 2, close_account},
               {"second", 2, take_second},
               {"link", 2, link_account},
               {"unlink", 2, unlink_account}};
    const size_t verb_count = sizeof verbs / sizeof *verbs;
    struct cli_house house;
    int end = CLI_MISUSED;
    const char *verb = cli->word_count ? cli->words[0] : "";
    size_t chosen = 0;
    bool listing = strcmp(verb, "list") == 0 && cli->word_count == 1;
    while (chosen < verb_count && (strcmp(verb, verbs[chosen].name) != 0 ||
                          cli->word_count != verbs[chosen].words))
        chosen++;
    if (!listing && chosen == verb_count)
        return cli_misused(cli, "say what: list, add LOGIN, password LOGIN, roles LOGIN, "
                                "close LOGIN, second LOGIN, link LOGIN or unlink LOGIN");
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    end = listing ? list(cli, &house)
                  : verbs[chosen].run(cli, &house, text_of(cli->words[1]));
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"name", "TEXT", "the person's name, for add and roles"},
    {"roles", "LIST", "names with commas between; for add and roles"},
    {"department", "CODE", "for add and roles"},
    {"place", "CODE", "for add and roles"},
    {"reason", "TEXT", "for close and second"},
    {"provider", "KEY", "by whose word, for link and unlink"},
    {"subject", "TEXT", "who it is there, for link: what the claim says (sub)"},
    {"region", "CODE", "which region; default the one set up first"},
    CLI_CLOCK_OPTION,
    {NULL, NULL, NULL},
};
const struct cli_command cli_user = {
    .name = "user",
    .usage = "user list | add LOGIN | password LOGIN | roles LOGIN | close LOGIN | second LOGIN |\n"
             "             link LOGIN | unlink LOGIN --data DIR",
    .summary = "List, make and close accounts, set passwords and roles",
    .help = "The password is asked for on the terminal or read as one line from standard input;\n"
            "an empty one is drawn at random and shown once. `second` takes away the second step of\n"
            "signing in, of an account whose telephone and recovery codes are lost. `link` lets the\n"
            "account in by the word of one of the configuration's providers (OpenID Connect).\n"
            "Roles: clerk reviewer verifier head manager supervisor, and administrator security\n"
            "auditor, each of which stands alone.\n",
    .options = options,
    .run = run,
};
