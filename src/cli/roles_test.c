/* Who may do what, written out a second time: every command and every look of the program with the
 * roles it is open to. What is new must be written here too, and the conductor refuses all the others
 * before anything of a module runs. */
#include "base/file.h"
#include "cli/story_testing.h"

static const struct {
    char letter;
    int64_t role;
    const char *name;
} letters[] = {
    {'*', ROLE_ANYONE, "anyone"},
    {'a', ROLE_APPLICANT, "applicant"},
    {'c', ROLE_CLERK, "clerk"},
    {'r', ROLE_REVIEWER, "reviewer"},
    {'v', ROLE_VERIFIER, "verifier"},
    {'h', ROLE_HEAD, "head"},
    {'m', ROLE_MANAGER, "manager"},
    {'s', ROLE_SUPERVISOR, "supervisor"},
    {'d', ROLE_ADMINISTRATOR, "administrator"},
    {'k', ROLE_SECURITY, "security"},
    {'u', ROLE_AUDITOR, "auditor"},
    {'S', ROLE_SYSTEM, "system"},
    {'I', ROLE_IMPORTER, "importer"},
};
enum { LETTERS = sizeof letters / sizeof *letters };

struct opened {
    const char *name, *to;
};
/* clang-format off */
static const struct opened commands[] = {
    {"clock.calendar.publish", "dI"}, {"clock.hours.set", "dI"},
    {"clock.calendar.take_effect", "S"}, {"clock.recount", "S"}, {"clock.fire", "S"},
    {"identity.account.create", "dI"}, {"identity.account.import", "I"},
    {"identity.account.change", "dI"}, {"identity.account.assign", "kI"},
    {"identity.account.close", "dI"},
    {"identity.password.set", "kI"}, {"identity.password.change", "crvhmsdku"},
    {"identity.sign_in", "*crvhmsdku"}, {"identity.sign_in.code", "*crvhmsdku"},
    {"identity.sign_in.with", "*crvhmsdku"}, {"identity.sign_in.back", "*crvhmsdku"},
    {"identity.sign_out.there", "*crvhmsdku"}, {"identity.link.begin", "crvhmsdku"},
    {"identity.link.back", "crvhmsdku"}, {"identity.link.add", "kI"},
    {"identity.link.remove", "crvhmsdkuI"},
    {"identity.totp.begin", "crvhmsdku"}, {"identity.totp.confirm", "crvhmsdku"},
    {"identity.totp.reset", "kI"}, {"identity.sign_out", "crvhmsdku"},
    {"identity.delegation.grant", "hkI"}, {"identity.delegation.revoke", "hkI"},
    {"identity.absence.record", "crvhmkI"}, {"identity.absence.end", "crvhmkI"},
    {"identity.token.create", "kI"}, {"identity.token.revoke", "kI"},
    {"catalogue.region.set", "dI"}, {"catalogue.department.define", "dI"},
    {"catalogue.place.define", "dI"}, {"catalogue.item.publish", "I"},
    {"catalogue.item.withdraw", "hdI"}, {"catalogue.draft.start", "crhd"},
    {"catalogue.draft.save", "crhd"}, {"catalogue.draft.row", "crhd"},
    {"catalogue.draft.move", "crhd"}, {"catalogue.draft.discard", "crhd"},
    {"catalogue.draft.publish", "hd"}, {"case.draft", "ac"}, {"case.applicant", "ac"},
    {"case.who", "ac"}, {"case.contact", "ac"}, {"case.way", "ac"}, {"case.matter", "ac"},
    {"case.provide", "ac"}, {"case.submit", "ac"}, {"case.withdraw", "ac"},
    {"case.supplied", "ac"}, {"case.receive", "cvh"}, {"case.check", "cvh"}, {"case.accept", "cvh"},
    {"case.not_accept", "cvh"}, {"case.supplement", "cvh"}, {"case.review", "rvh"},
    {"case.return", "vh"}, {"case.decide", "vh"}, {"case.suspend", "rvh"},
    {"case.resume", "rvh"}, {"case.extend", "vh"}, {"case.forward", "vh"},
    {"case.answered", "rvh"}, {"case.issue", "cvh"}, {"case.deliver", "c"},
    {"case.terminate", "hm"}, {"case.gap_close", "c"}, {"case.deem", "S"}, {"case.lapse", "S"},
    {"case.gap_lapse", "S"}, {"case.redate", "S"},
    {"case.undo", "crvh"},
    {"case.look_reason", "crvhms"}, {"case.erase", "I"}, {"trace.record", "crvhmsdkuI"},
    {"history.log", "I"}, {"history.case", "I"},
    {"history.event", "I"},
    {NULL, NULL},
};
static const struct opened looks[] = {
    {"clock.calendar", "*"}, {"identity.sign_in", "*"}, {"identity.sign_in.code", "*"},
    {"identity.sign_in.back", "*"}, {"identity.sign_in.leave", "*"},
    {"identity.totp", "crvhmsdku"}, {"identity.accounts", "msdku"},
    {"identity.account.new", "d"}, {"identity.account", "msdku"}, {"identity.me", "crvhmsdku"},
    {"identity.delegations", "hmsku"}, {"identity.delegation.new", "hk"},
    {"identity.absences", "crvhmsku"}, {"catalogue.items", "*"}, {"catalogue.item", "*"},
    {"catalogue.departments", "*"}, {"catalogue.places", "*"},
    {"catalogue.withdrawals", "*"}, {"catalogue.withdrawal", "*"},
    {"catalogue.editing", "crvhmsd"}, {"catalogue.new", "crhd"}, {"catalogue.edited", "crvhmsd"},
    {"catalogue.draft", "crvhmsd"}, {"catalogue.draft.section", "crvhmsd"},
    {"catalogue.draft.row", "crvhmsd"}, {"catalogue.draft.preview", "crvhmsd"},
    {"catalogue.draft.publishing", "crvhmsd"}, {"catalogue.changes", "crvhmsd"},
    {"catalogue.withdrawing", "crvhmsd"}, {"files.file", "crvhm"},
    {"case.apply", "*a"}, {"case.my", "*a"}, {"case.my_case", "*a"}, {"case.my_who", "*a"},
    {"case.my_contact", "*a"}, {"case.my_way", "*a"}, {"case.my_matter", "*a"},
    {"case.my_materials", "*a"}, {"case.my_submit", "*a"}, {"case.my_done", "*a"},
    {"case.my_receipt", "*a"}, {"case.my_withdraw", "*a"}, {"case.my_material", "*a"},
    {"case.my_paper", "*a"}, {"case.paper", "crvhms"},
    {"case.desk", "crvhms"}, {"case.list", "crvhms"}, {"case.new", "c"},
    {"case.page", "crvhms"}, {"case.page.receive", "cvh"}, {"case.page.check", "cvh"},
    {"case.page.accept", "cvh"}, {"case.page.not_accept", "cvh"}, {"case.page.supplement", "cvh"},
    {"case.page.review", "rvh"}, {"case.page.return", "vh"}, {"case.page.decide", "vh"},
    {"case.page.suspend", "rvh"}, {"case.page.resume", "rvh"}, {"case.page.extend", "vh"},
    {"case.page.forward", "vh"}, {"case.page.answered", "rvh"}, {"case.page.issue", "cvh"},
    {"case.page.deliver", "c"}, {"case.page.gap_close", "c"}, {"case.page.terminate", "hm"},
    {"case.page.reason", "crvhms"}, {"case.my_looks", "*a"}, {"trace.looks", "su"},
    {"history.logs", "crvhms"}, {"history.cases", "crvhms"}, {"history.case", "crvhms"},
    {"log.checkpoint", "*"}, {"log.tile", "*"}, {"log.vkey", "*"}, {"log.receipt", "*"},
    {"log.problem", "*"}, {"portal.home", "*a"}, {"portal.verify", "*a"},
    {"figures.public", "*a"}, {"figures.staff", "crvhmsu"},
    {NULL, NULL},
};
/* clang-format on */

/* NULL: nobody has written down who may. */
static const char *open_to(const struct opened *list, const char *name)
{
    for (; list->name; list++)
        if (strcmp(list->name, name) == 0)
            return list->to;
    fail_msg("%s: not in the list of this test", name);
    return NULL;
}

static size_t length(const struct opened *list)
{
    size_t count = 0;
    while (list[count].name)
        count++;
    return count;
}

static struct actor somebody(size_t letter)
{
    /* As the door has them: whoever is not signed in is anybody and an applicant at once. */
    bool inside = letters[letter].letter != '*' && letters[letter].letter != 'a';
    return (struct actor){.account = inside ? 7 : 0,
                          .name = TEXT("account:7"),
                          .roles = letters[letter].role,
                          .department = TEXT("011")};
}

static bool is_role_refusal(enum refusal refusal)
{
    return refusal == REFUSED_ROLE || refusal == REFUSED_SIGN_IN || refusal == REFUSED_LOOK_ONLY;
}

/* In life, through the conductor, where it must be shut; the input is empty and never looked at. */
static void is_shut(struct world *world, const struct command *command, size_t letter)
{
    struct fault why = {0};
    struct job job = {.command = command,
                      .region = REGION,
                      .actor = somebody(letter),
                      .input = arena_alloc(world->arena, command->input ? command->input->size : 1),
                      .arena = world->arena};
    struct job *jobs[] = {&job};
    if (!flow_run(world->flow, jobs, 1, &why))
        fail_msg("%s: %s", command->name, why.why);
    if (job.end != JOB_REFUSED || !is_role_refusal(job.refusal))
        fail_msg("%s as %c: %s", command->name, letters[letter].letter,
                 refusal_text(job.refusal)->name);
}

/* So that no token with scopes is shut out of what is new, or let in by an oversight. */
static void is_scoped(const char *name, int64_t roles, bool writes)
{
    if (roles & ROLE_STAFF && !(roles & ROLE_ANYONE) && !scope_needed(text_of(name), writes))
        fail_msg("%s: no scope of an API token opens it (identity/scopes.c)", name);
}

/* docs/permissions.md, from the lists: what an auditor reads, and what tests/hostile/permissions.mjs
 * tries on a running server. */
#define PAGE "docs/permissions.md"
#define MARK "<!-- from the program's lists -->\n"

static void row(struct buf *out, const char *name, const char *path, int64_t roles, bool writes)
{
    bool scoped = path && roles & ROLE_STAFF && !(roles & ROLE_ANYONE);
    int64_t scope = scoped ? scope_needed(text_of(name), writes) : 0;
    buf_format(out, "| `%s` | %s%s%s |", name, path ? "`" : "", path ? path : "", path ? "`" : "");
    for (size_t i = 0; i < LETTERS; i++) {
        struct actor actor = somebody(i);
        buf_str(out, role_refusal(roles, &actor) == OK ? " ● |" : " |");
    }
    buf_format(out, " %s |\n", scope ? scope_name(scope) : "");
}

static void head(struct buf *out, const char *what)
{
    buf_format(out, "\n| %s | address |", what);
    for (size_t i = 0; i < LETTERS; i++)
        buf_format(out, " %s |", letters[i].name);
    buf_str(out, " token |\n|---|---|");
    for (size_t i = 0; i <= LETTERS; i++)
        buf_str(out, "---|");
    buf_char(out, '\n');
}

static void is_written(struct arena *arena)
{
    struct buf out = {.arena = arena};
    struct text page, before;
    struct fault why = {0};
    assert_true(file_read(PAGE, 1 << 20, arena, &page, &why));
    ptrdiff_t at = text_find(page, TEXT(MARK));
    assert_true(at > 0);
    before = text_slice(page, 0, (size_t)at + strlen(MARK));
    buf_text(&out, before);
    head(&out, "command");
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++)
            row(&out, modules[i]->commands[j]->name, modules[i]->commands[j]->path,
                modules[i]->commands[j]->roles, true);
    head(&out, "look");
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++)
            row(&out, modules[i]->looks[j]->name, modules[i]->looks[j]->path,
                modules[i]->looks[j]->roles, false);
    struct text now = buf_done(&out);
    if (getenv("YIMEN_WRITE")) {
        FILE *file = fopen(PAGE, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(now.at, 1, now.len, file), now.len);
        assert_int_equal(fclose(file), 0);
    } else if (!text_equal(page, now)) {
        fail_msg("%s is not what the lists say: YIMEN_WRITE=1 build/address/cli/roles_test", PAGE);
    }
}

static void story(struct world *world)
{
    size_t seen = 0, shown = 0;
    world->now_ms = moment("2014-05-05 09:00");
    for (size_t i = 0; modules[i]; i++) {
        for (size_t j = 0; modules[i]->commands && modules[i]->commands[j]; j++, seen++) {
            const struct command *command = modules[i]->commands[j];
            const char *to = open_to(commands, command->name);
            is_scoped(command->name, command->path ? command->roles : 0, true);
            for (size_t k = 0; k < LETTERS; k++) {
                struct actor actor = somebody(k);
                bool open = strchr(to, letters[k].letter) || strchr(to, '*');
                if (role_refusal(command->roles, &actor) != OK) {
                    if (open)
                        fail_msg("%s is shut to %c", command->name, letters[k].letter);
                    is_shut(world, command, k);
                } else if (!open) {
                    fail_msg("%s is open to %c", command->name, letters[k].letter);
                }
            }
        }
        for (size_t j = 0; modules[i]->looks && modules[i]->looks[j]; j++, shown++) {
            const struct look *look = modules[i]->looks[j];
            const char *to = open_to(looks, look->name);
            is_scoped(look->name, look->roles, false);
            for (size_t k = 0; k < LETTERS; k++) {
                struct actor actor = somebody(k);
                bool open = strchr(to, letters[k].letter) || strchr(to, '*');
                if ((role_refusal(look->roles, &actor) == OK) != open)
                    fail_msg("%s as %c", look->name, letters[k].letter);
            }
        }
    }
    assert_int_equal(seen, length(commands));
    assert_int_equal(shown, length(looks));
    is_written(world->arena);
}

STORY_PROGRAM("cli/roles", story, 100)
