/* Which step makes which paper in which state of the case, and who may have the papers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "approval/case/papers.h"

#define ANY (-1)

/* Every kind of event stands here; what is not named for a state makes none in it. */
static const struct row {
    const char *kind;
    int64_t state; /* of the case now; ANY: whatever it is */
    const char *paper;
} table[] = {
    {"case.drafted", ANY, "none"},       {"case.applicant", ANY, "none"},
    {"case.matter", ANY, "none"},        {"case.provided", ANY, "none"},
    {"case.submitted", ANY, "materials"}, {"case.received", ANY, "none"},
    {"case.checked", ANY, "none"},       {"case.accepted", ANY, "accepted"},
    {"case.not_accepted", ANY, "not_accepted"}, {"case.supplement", ANY, "supplement"},
    {"case.supplied", ANY, "supplied"},  {"case.reviewed", ANY, "none"},
    {"case.returned", ANY, "none"},      {"case.granted", ANY, "granted"},
    {"case.refused", ANY, "refused"},    {"case.suspended", ANY, "special"},
    {"case.resumed", ANY, "none"},       {"case.extended", ANY, "extended"},
    {"case.forwarded", ANY, "none"},     {"case.answered", ANY, "none"},
    {"case.issued", CASE_ISSUED, "to_sign"}, {"case.delivered", ANY, "delivered"},
    {"case.withdrawn", ANY, "none"},     {"case.terminated", ANY, "terminated"},
    {"case.gap_closed", ANY, "gap"},     {"case.gap_lapsed", ANY, "none"},
    {"case.redated", ANY, "none"},       {"person.erased", ANY, "none"},
    {"case.undone", ANY, "none"},
};

static void each_step_makes_its_paper(void **state)
{
    (void)state;
    size_t kinds = 0;
    for (; case_events[kinds]; kinds++) {
        const struct event_kind *kind = case_events[kinds];
        struct arena *arena = arena_new(4096);
        const void *body = arena_alloc(arena, kind->shape->size);
        const struct row *row = NULL;
        for (size_t i = 0; i < sizeof table / sizeof *table; i++)
            if (strcmp(table[i].kind, kind->name) == 0)
                row = &table[i];
        if (!row) {
            fail_msg("%s: not in the table of this test", kind->name);
            return;
        }
        for (int64_t now = CASE_DRAFT; now <= CASE_TERMINATED; now++) {
            bool here = row->state == ANY || row->state == now;
            const char *got = printed_words[case_printed(kind, body, now)].name;
            if (strcmp(got, here ? row->paper : "none") != 0)
                fail_msg("%s in %s: %s", kind->name, case_state_words[now].name, got);
        }
        arena_free(arena);
    }
    assert_int_equal(kinds, sizeof table / sizeof *table);
}

static void silence_makes_none(void **state)
{
    (void)state;
    const struct accepted body = {.deemed = true};
    for (int64_t now = CASE_DRAFT; now <= CASE_TERMINATED; now++)
        assert_int_equal(case_printed(&case_accepted_event, &body, now), PRINTED_NONE);
}

static void every_paper_has_a_title(void **state)
{
    (void)state;
    for (size_t i = PRINTED_MATERIALS; printed_words[i].name; i++)
        assert_true(strlen(printed_words[i].label) >= 4 * 3);
    assert_null(printed_words[PRINTED_TERMINATED + 1].name);
}

/* Who handles the department's cases, who manages the centre, who supervises; nobody else. */
static void who_may_have_them(void **state)
{
    static const struct {
        int64_t roles;
        const char *department;
        bool papers, person;
    } rows[] = {
        {ROLE_CLERK, "d", true, true},      {ROLE_CLERK, "e", false, false},
        {ROLE_REVIEWER, "d", true, true},   {ROLE_REVIEWER, "e", false, false},
        {ROLE_VERIFIER, "d", true, true},   {ROLE_VERIFIER, "e", false, false},
        {ROLE_HEAD, "d", true, true},       {ROLE_HEAD, "e", false, false},
        {ROLE_MANAGER, "", true, true},     {ROLE_MANAGER, "e", false, false},
        {ROLE_SUPERVISOR, "", true, false}, {ROLE_SUPERVISOR, "d", true, false},
        {ROLE_SUPERVISOR, "e", true, false}, {ROLE_ADMINISTRATOR, "", false, false},
        {ROLE_ADMINISTRATOR, "d", false, false}, {ROLE_CLERK, "", false, false},
        {ROLE_ANYONE | ROLE_APPLICANT, "", false, false},
    };
    const struct case_file file = {.department = TEXT("d")};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct actor actor = {.roles = rows[i].roles, .department = text_of(rows[i].department)};
        if (case_papers_open_to(&actor, &file) != rows[i].papers ||
            case_duty(&actor, &file) != rows[i].person)
            fail_msg("row %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_makes_its_paper),
        cmocka_unit_test(silence_makes_none),
        cmocka_unit_test(every_paper_has_a_title),
        cmocka_unit_test(who_may_have_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
