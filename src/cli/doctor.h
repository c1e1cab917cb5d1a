/* What the files of `yimen doctor` share. */
#ifndef YIMEN_CLI_DOCTOR_H
#define YIMEN_CLI_DOCTOR_H

#include "cli/cli.h"

struct doctor {
    struct cli *cli;
    struct cli_house *house;
    const char *files;
    struct buf json, text;
    int wrong;
    int64_t kept, unnamed, swept, altered, expected;
    struct cli_bar bar;
    struct fault why;
};

/* One line of the report; remedy is what to do when it is not good. */
void doctor_tell(struct doctor *doctor, bool good, const char *name, struct text what,
                 const char *remedy);

/* doctor_machine.c: where the program runs, and how it is told to. False after a misuse. */
bool doctor_machine(struct doctor *doctor);
/* doctor_providers.c: can those be asked by whose word staff sign in? */
void doctor_providers(struct doctor *doctor);
/* doctor_records.c: what the journal and its tables say. False: a fault, in doctor->why. */
bool doctor_records(struct doctor *doctor);

#endif
