/* What everybody can read in the journal: every field of every event that may hold words somebody typed
 * is either private or named here with the reason why it is nobody's affair but the public's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "modules.h"

/* What the house publishes of itself, in whole. */
static const char *const published[] = {
    "calendar.published.", "hours.set.",   "region.set.",     "department.defined.",
    "place.defined.",      "item.published.", "item.withdrawn.", NULL,
};
static const char *const allowed[] = {
    "delegation.granted.grant.document", /* the number of a department's letter */
    "case.drafted.item_name",            /* the catalogue's, as the rest */
    "case.drafted.materials.name",
    "case.submitted.missing", /* codes of materials */
    "case.accepted.deferred",
    "case.accepted.document_no", /* made from the case's number, as all of them */
    "case.not_accepted.document_no",
    "case.supplement.document_no",
    "case.returned.document_no",
    "case.granted.document_no",
    "case.refused.document_no",
    "case.suspended.document_no",
    "case.extended.document_no",
    "case.terminated.document_no",
    "case.not_accepted.remedy", /* the item's own words, or the law's */
    "case.returned.remedy",
    "case.granted.remedy",
    "case.refused.remedy",
    "case.terminated.remedy",
    "case.gap_lapsed.note",    /* one of two sentences of the program */
    "history.case.department", /* the old system's code, and its names of steps */
    "history.case.channel",
    "history.case.case_group",
    "history.event.activity",
    "history.event.event_group",
    NULL,
};

static bool is_published(const char *path)
{
    for (size_t i = 0; published[i]; i++)
        if (strncmp(published[i], path, strlen(published[i])) == 0)
            return true;
    return false;
}

static bool is_allowed(const char *path)
{
    for (size_t i = 0; allowed[i]; i++)
        if (strcmp(allowed[i], path) == 0)
            return true;
    return false;
}

static void look_at(const char *path, const struct shape *shape, int *wrong, int *seen)
{
    char inner[300];
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        snprintf(inner, sizeof inner, "%s.%s", path, field->name);
        if (field->flags & (FIELD_PRIVATE | FIELD_SECRET))
            continue;
        if (field->type == FIELD_RECORD || field->type == FIELD_LIST)
            look_at(inner, field->of, wrong, seen);
        bool words = (field->type == FIELD_TEXT || field->type == FIELD_TEXTS) &&
                     !(field->flags & FIELD_CODE);
        *seen += words && is_allowed(inner);
        if (words && !is_allowed(inner) && !is_published(inner)) {
            print_error("%s is public\n", inner);
            ++*wrong;
        }
    }
}

static void nobody_is_named(void **state)
{
    int wrong = 0, seen = 0;
    (void)state;
    for (size_t i = 0; modules[i]; i++)
        for (size_t j = 0; modules[i]->events && modules[i]->events[j]; j++)
            look_at(modules[i]->events[j]->name, modules[i]->events[j]->shape, &wrong, &seen);
    assert_int_equal(wrong, 0);
    /* Each of the list is there: what is gone is no longer allowed. */
    assert_int_equal(seen, (int)(sizeof allowed / sizeof *allowed) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_is_named)};
    return cmocka_run_group_tests_name("cli/public", tests, NULL, NULL);
}
