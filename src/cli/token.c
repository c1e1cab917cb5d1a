/* yimen token: API tokens of accounts. */
#include <string.h>

#include "cli/cli.h"

#define SCOPES                                                                                     \
    "cases:read,cases:write,catalogue:read,catalogue:write,accounts:read,accounts:write,"     \
    "looks:read"

static const struct db_sql select_tokens = {
    "SELECT t.token_id, a.login, t.label, t.scopes, t.expires_at, t.revoked_at FROM api_token t "
    "JOIN account a ON a.region = t.region AND a.account_id = t.account_id "
    "WHERE t.region = $1 ORDER BY t.token_id"};

static int list(struct cli *cli, struct cli_house *house)
{
    struct buf json = {.arena = cli->arena}, text = {.arena = cli->arena};
    struct fault why = {0};
    struct db_rows rows;
    if (!db_select(house->db, &select_tokens, DB_ARGS(db_int(house->region)), cli->arena, &rows,
                   &why))
        return cli_fault(cli, &why);
    for (size_t i = 0; i < rows.count; i++) {
        struct text ends = time_format(cli->arena, db_cell_int(&rows, i, "expires_at"));
        bool revoked = db_cell_int(&rows, i, "revoked_at");
        buf_format(&json, "%s{\"token_id\":%lld,\"login\":", i ? "," : "",
                   (long long)db_cell_int(&rows, i, "token_id"));
        buf_json(&json, db_cell_text(&rows, i, "login"));
        buf_str(&json, ",\"label\":");
        buf_json(&json, db_cell_text(&rows, i, "label"));
        buf_str(&json, ",\"scopes\":[");
        int64_t scopes = db_cell_int(&rows, i, "scopes");
        for (int64_t bit = 1, count = 0; scope_name(bit); bit <<= 1)
            if (scopes & bit)
                buf_format(&json, "%s\"%s\"", count++ ? "," : "", scope_name(bit));
        buf_char(&json, ']');
        buf_format(&json, ",\"expires_at\":\"%.*s\",\"revoked\":%s}", TEXT_ARG(ends),
                   revoked ? "true" : "false");
        buf_format(&text, "%6lld  %-24.*s %-30.*s %.*s%s\n",
                   (long long)db_cell_int(&rows, i, "token_id"),
                   TEXT_ARG(db_cell_text(&rows, i, "login")),
                   TEXT_ARG(db_cell_text(&rows, i, "label")), TEXT_ARG(ends),
                   revoked ? " revoked" : "");
    }
    struct text all = buf_done(&json);
    cli_print(cli, text_format(cli->arena, "[%.*s]", TEXT_ARG(all)), buf_done(&text));
    return CLI_DONE;
}

static int create(struct cli *cli, struct cli_house *house, const char *login)
{
    struct token_create input = {.label = text_of(cli_value(cli, "label"))};
    struct account account;
    struct fault why = {0};
    struct job job;
    bool found;
    if (!cli_number(cli, "days", 1, 365, 90, &input.days))
        return CLI_MISUSED;
    const char *wanted = cli_value(cli, "scopes");
    struct text rest = text_of(wanted ? wanted : ""), name;
    int64_t scopes = 0;
    while (wanted && rest.at && text_cut(&rest, ',', &name)) {
        if (!scope_bit(name))
            return cli_misused(cli, "--scopes: there is no scope %.*s (" SCOPES ")",
                               TEXT_ARG(name));
        scopes |= scope_bit(name);
    }
    input.scopes = scope_set_of(scopes);
    if (!input.label.len)
        return cli_misused(cli, "say what it is for: --label TEXT");
    if (!identity_account_by_login(house->db, house->region, text_of(login), cli->arena, &account,
                                   &found, &why))
        return cli_fault(cli, &why);
    if (!found)
        return cli_wrong(cli, "there is no account %s", login);
    input.account_id = account.account_id;
    if (!cli_fits(cli, identity_token_create.input, &input) ||
        !cli_run(cli, house, &identity_token_create, &input, 0, &job))
        return CLI_WRONG;
    cli_print(cli,
              text_format(cli->arena, "{\"index\":%lld,\"token_id\":%lld,\"token\":\"%.*s\"}",
                          (long long)job.index, (long long)job.index, TEXT_ARG(input.token)),
              text_format(cli->arena, "%.*s\n", TEXT_ARG(input.token)));
    return CLI_DONE;
}

static int revoke(struct cli *cli, struct cli_house *house, const char *number)
{
    struct token_revoke input;
    struct job job;
    if (!text_int(text_of(number), &input.token_id))
        return cli_misused(cli, "a token's number is wanted, see `yimen token list`");
    if (!cli_run(cli, house, &identity_token_revoke, &input, 0, &job))
        return CLI_WRONG;
    cli_print(cli, job.answer, TEXT("revoked\n"));
    return CLI_DONE;
}

static int run(struct cli *cli)
{
    struct cli_house house;
    const char *verb = cli->word_count ? cli->words[0] : "";
    bool listing = strcmp(verb, "list") == 0 && cli->word_count == 1;
    bool creating = strcmp(verb, "create") == 0 && cli->word_count == 2;
    bool revoking = strcmp(verb, "revoke") == 0 && cli->word_count == 2;
    int end;
    if (!listing && !creating && !revoking)
        return cli_misused(cli, "say what: list, create LOGIN or revoke NUMBER");
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    end = listing    ? list(cli, &house)
          : creating ? create(cli, &house, cli->words[1])
                     : revoke(cli, &house, cli->words[1]);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"label", "TEXT", "what the token is for, for create"},
    {"scopes", "LIST", "for create; default all that the account may do"},
    {"days", "N", "until it ends, for create; default 90"},
    {"region", "CODE", "which region; default the one set up first"},
    CLI_CLOCK_OPTION,
    {NULL, NULL, NULL},
};
const struct cli_command cli_token = {
    .name = "token",
    .usage = "token list | create LOGIN --label TEXT [--scopes LIST] | revoke NUMBER  --data DIR",
    .summary = "Bearer tokens for programs that act with an account's roles",
    .help = "Scopes, with commas between: cases:read cases:write catalogue:read catalogue:write\n"
            "accounts:read accounts:write looks:read\n",
    .options = options,
    .run = run,
};
