/* yimen verify: is everything as the journal says? Or, with a receipt, offline: is this entry in the
 * log that the key's owner signed? */
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "modules.h"

#define RECEIPT_LIMIT (1 << 20)

static int receipt(struct cli *cli, const char *path, const char *key_or_file)
{
    struct text file, vkey = text_of(key_or_file);
    struct note_key key;
    struct proof proof;
    struct checkpoint seen;
    struct fault why = {0};
    if (access(key_or_file, F_OK) == 0 &&
        !file_read(key_or_file, RECEIPT_LIMIT, cli->arena, &vkey, &why))
        return cli_fault(cli, &why);
    struct text rest = vkey, first;
    if (!text_cut(&rest, '\n', &first) || !note_vkey_read(text_trim(first), cli->arena, &key))
        return cli_misused(cli, "--key is no verifier key (NAME+HASH+BASE64)");
    if (!file_read(path, RECEIPT_LIMIT, cli->arena, &file, &why))
        return cli_fault(cli, &why);
    if (!proof_read(file, cli->arena, &proof))
        return cli_wrong(cli, "%s is no receipt (c2sp.org/tlog-proof@v1)", path);
    if (!vkeys_verify(vkey, &proof, cli->arena, &seen, &why))
        return cli_wrong(cli, "the receipt does NOT hold: %s", why.why);
    struct buf json = {.arena = cli->arena};
    buf_format(&json, "{\"holds\":true,\"index\":%lld,\"size\":%lld,\"origin\":",
               (long long)proof.index, (long long)seen.size);
    buf_json(&json, seen.origin);
    buf_str(&json, ",\"root\":");
    buf_json(&json, hash_hex(cli->arena, &seen.root));
    buf_str(&json, ",\"entry\":");
    buf_text(&json, proof.extra);
    buf_char(&json, '}');
    cli_print(cli, buf_done(&json),
              text_format(cli->arena,
                          "The receipt holds: entry %lld of %.*s, in a signed tree of %lld "
                          "entries.\n%.*s\n",
                          (long long)proof.index, TEXT_ARG(seen.origin), (long long)seen.size,
                          TEXT_ARG(proof.extra)));
    return CLI_DONE;
}

static bool check_region(struct cli *cli, struct db_read *db, int64_t region, struct text *wrong,
                         struct buf *json, struct buf *text, struct fault *why)
{
    struct cli_bar bar = {.label = "journal"};
    struct checkpoint head = {0};
    bool good = journal_verify(db, region, cli->arena, cli_bar_tell, &bar, wrong, why) &&
                journal_head(db, region, cli->arena, &head, why);
    cli_bar_end(&bar);
    if (!good || wrong->len)
        return good;
    if (json->len)
        buf_char(json, ',');
    struct text root = hash_hex(cli->arena, &head.root);
    buf_format(json, "{\"region\":\"%06lld\",\"size\":%lld,\"root\":\"%.*s\"}", (long long)region,
               (long long)head.size, TEXT_ARG(root));
    buf_format(text, "region %06lld: %lld entries, root %.*s\n", (long long)region,
               (long long)head.size, TEXT_ARG(root));
    return true;
}

static int found_wrong(struct cli *cli, const char *where, struct text wrong)
{
    struct buf json = {.arena = cli->arena};
    buf_format(&json, "{\"holds\":false,\"where\":\"%s\",\"wrong\":", where);
    buf_json(&json, wrong);
    buf_char(&json, '}');
    cli_print(cli, buf_done(&json),
              text_format(cli->arena, "%s: %.*s\n", where, TEXT_ARG(wrong)));
    return CLI_WRONG;
}

static int all(struct cli *cli, struct cli_house *house)
{
    struct buf json = {.arena = cli->arena}, text = {.arena = cli->arena};
    const int64_t *regions = house->regions.items;
    struct fault why = {0};
    struct text wrong = TEXT("");
    if (!db_strange(house->db, cli->arena, &wrong, &why))
        return cli_fault(cli, &why);
    if (wrong.len)
        return found_wrong(cli, "schema", wrong);
    for (size_t i = 0; i < house->regions.count; i++) {
        if (!check_region(cli, house->db, regions[i], &wrong, &json, &text, &why))
            return cli_fault(cli, &why);
        if (wrong.len)
            return found_wrong(cli, "journal", wrong);
    }
    struct cli_bar bar = {.label = "replay"};
    struct progress progress = {cli_bar_tell, &bar};
    bool good = flow_compare(house->where, modules, cli->arena, &progress, &wrong, &why);
    cli_bar_end(&bar);
    if (!good)
        return cli_fault(cli, &why);
    if (wrong.len)
        return found_wrong(cli, "tables", wrong);
    struct text regions_json = buf_done(&json), lines = buf_done(&text);
    cli_print(cli,
              text_format(cli->arena, "{\"holds\":true,\"regions\":[%.*s]}",
                          TEXT_ARG(regions_json)),
              text_format(cli->arena, "%.*sEverything holds.\n", TEXT_ARG(lines)));
    return CLI_DONE;
}

static int run(struct cli *cli)
{
    const char *path = cli_value(cli, "receipt"), *key = cli_value(cli, "key");
    struct cli_house house;
    int end;
    if (cli->word_count)
        return cli_misused(cli, "unexpected %s", cli->words[0]);
    if (!path != !key)
        return cli_misused(cli, "--receipt and --key go together");
    if (path)
        return receipt(cli, path, key);
    if (!cli_open(cli, NULL, &house, &end))
        return end;
    end = all(cli, &house);
    cli_close(&house);
    return end;
}

static const struct cli_option options[] = {
    {"receipt", "FILE", "check one receipt (.tlog-proof) offline instead"},
    {"key", "VKEY", "the log's verifier key, or a file that holds it"},
    {NULL, NULL, NULL},
};
const struct cli_command cli_verify = {
    .name = "verify",
    .usage = "verify --data DIR | verify --receipt FILE --key VKEY",
    .summary = "Check the journal and every table against it, or one receipt offline",
    .help = "Refuses triggers, views and rules in the database, of which Yimen makes none. Recomputes\n"
            "every leaf, tile, commitment, root and signature, replays all entries into a scratch\n"
            "database and compares every derived table. Names the first thing that differs.\n",
    .options = options,
    .run = run,
};
