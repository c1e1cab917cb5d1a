/* Events into tables: the only writer of cases, case_material and case_serial. */
#include "approval/case/appliers.h"
#include "approval/case/parts.h"

/* The subject "case:17" to 17; a subject of ours always is of that form. */
static int64_t case_of(const struct entry_head *head)
{
    int64_t id = -1;
    text_int(text_slice(head->subject, 5, head->subject.len), &id);
    return id;
}

static struct db_value word(const struct word *words, int64_t index)
{
    return db_text(text_of(words[index].name));
}
static struct db_value state(int64_t index)
{
    return word(case_state_words, index);
}

/* `later` follows due_at. A generated column would be parsed anew with every statement by PostgreSQL,
 * which costs as much as the update itself. */
#define DUE(at) "due_at = " at ", later = CASE WHEN " at " = 0 THEN 1 ELSE 0 END"
#define NOT_DUE "due_at = 0, later = 1"

static const struct db_insert insert_case = {
    "cases",
    "region, case_id, case_no, query_code, item_code, item_version, item_name, department, kind, "
    "state, channel, place, created_at",
    13, NULL};
static const struct db_insert insert_material = {
    "case_material", "region, case_id, position, code, name, required, can_defer", 7, NULL};
static const struct db_insert count_serial = {
    "case_serial", "region, series, last", 3,
    "ON CONFLICT (region, series) DO UPDATE SET last = excluded.last"};

APPLIER(case_apply_drafted)
{
    const struct drafted *drafted = body;
    int64_t id = case_of(head);
    const struct case_material *materials = drafted->materials.items;
    size_t count = drafted->materials.count;
    struct db_value *cells = arena_array(arena, count * 7, sizeof *cells);
    for (size_t i = 0; i < count; i++) {
        struct db_value row[7] = {db_int(head->region),        db_int(id),
                                  db_int((int64_t)i),          db_text(materials[i].code),
                                  db_text(materials[i].name),  db_int(materials[i].required),
                                  db_int(materials[i].can_defer)};
        for (size_t j = 0; j < 7; j++)
            cells[i * 7 + j] = row[j];
    }
    const struct db_value row[] = {
        db_int(head->region),        db_int(id),
        db_text(drafted->case_no),   db_text(drafted->query_code),
        db_text(drafted->item_code), db_int(drafted->item_version),
        db_text(drafted->item_name), db_text(drafted->department),
        word(case_kind_words, drafted->kind), state(CASE_DRAFT),
        word(channel_words, drafted->channel), db_text(drafted->place),
        db_int(head->at)};
    const struct db_value serial[] = {
        db_int(head->region),
        db_text(case_series(head->region, head->at, drafted->department, arena)),
        db_int(drafted->serial)};
    return db_insert(db, &insert_case, row, 1, why) &&
           db_insert(db, &insert_material, cells, count, why) &&
           db_insert(db, &count_serial, serial, 1, why);
}

static const struct db_sql set_applicant = {
    "UPDATE cases SET applicant_type = $3, applicant_name = $4, id_number = $5, phone = $6, "
    "address = $7, agent_name = $8, agent_phone = $9, delivery_method = $10 "
    "WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_applicant)
{
    const struct applicant_set *set = body;
    (void)arena;
    return db_write(db, &set_applicant,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)),
                            word(applicant_type_words, set->applicant_type),
                            db_text(set->applicant_name), db_text(set->id_number),
                            db_text(set->phone), db_text(set->address), db_text(set->agent_name),
                            db_text(set->agent_phone),
                            word(delivery_method_words, set->delivery_method)),
                    why);
}

static const struct db_sql set_matter = {
    "UPDATE cases SET matter = $3, details = $4, amount_fen = $5, area_m2 = $6 "
    "WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_matter)
{
    const struct matter_set *set = body;
    (void)arena;
    return db_write(db, &set_matter,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_text(set->matter),
                            db_text(set->details), db_int(set->amount_fen),
                            db_int(set->area_m2)),
                    why);
}

static const struct db_sql set_provided = {
    "UPDATE case_material SET state = $4, file_sha256 = $5, file_name = $6, file_size = $7, "
    "note = '', supplied_at = $8 WHERE region = $1 AND case_id = $2 AND code = $3"};

APPLIER(case_apply_provided)
{
    const struct provided *provided = body;
    (void)arena;
    return db_write(db, &set_provided,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_text(provided->code),
                            word(material_state_words, provided->state),
                            db_text(provided->file_sha256), db_text(provided->file_name),
                            db_int(provided->file_size), db_int(head->at)),
                    why);
}

static const struct db_sql set_submitted = {
    "UPDATE cases SET state = 'submitted', submitted_at = $3, " DUE("$4")
    " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_submitted)
{
    const struct submitted *submitted = body;
    (void)arena;
    return db_write(db, &set_submitted,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_int(head->at),
                            db_int(submitted->due_at)),
                    why);
}

/* The legal moment of receipt is the first one: a later hand-over does not move it. */
static const struct db_sql set_received = {
    "UPDATE cases SET state = 'received', received_at = $3, " DUE("$4")
    " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_received)
{
    const struct received *received = body;
    (void)arena;
    return db_write(db, &set_received,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_int(head->at),
                            db_int(received->due_at)),
                    why);
}

APPLIER(case_apply_supplied)
{
    return case_apply_received(db, head, body, arena, why);
}

static const struct db_sql set_checked = {
    "UPDATE case_material SET state = $4, note = $5 "
    "WHERE region = $1 AND case_id = $2 AND code = $3"};

static bool write_checked(struct db *db, const struct entry_head *head, const struct list *list,
                          struct fault *why)
{
    const struct checked *checked = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (!db_write(db, &set_checked,
                      DB_ARGS(db_int(head->region), db_int(case_of(head)),
                              db_text(checked[i].code),
                              word(material_state_words, checked[i].state),
                              db_text(checked[i].note)),
                      why))
            return false;
    return true;
}

APPLIER(case_apply_checked)
{
    const struct materials_checked *checked = body;
    (void)arena;
    return write_checked(db, head, &checked->materials, why);
}

static const struct db_sql set_accepted = {
    "UPDATE cases SET state = 'accepted', accepted_at = $3, deemed = $4, gap_open = $5, "
    "promised_date = $6, statutory_date = $7, " DUE("$8") ", received_at = $9 "
    "WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_accepted)
{
    const struct accepted *accepted = body;
    (void)arena;
    return db_write(db, &set_accepted,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)),
                            db_int(accepted->accepted_at), db_int(accepted->deemed),
                            db_int(accepted->gap), db_int(accepted->promised_date),
                            db_int(accepted->statutory_date), db_int(accepted->due_at),
                            db_int(accepted->received_at)),
                    why);
}

/* Every way a case can end. */
static const struct db_sql set_closed = {
    "UPDATE cases SET state = $3, reason = $4, closed_at = $5, " NOT_DUE
    " WHERE region = $1 AND case_id = $2"};

static bool close_case(struct db *db, const struct entry_head *head, int64_t to, struct text reason,
                       struct fault *why)
{
    return db_write(db, &set_closed,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), state(to),
                            db_text(reason), db_int(head->at)),
                    why);
}

APPLIER(case_apply_not_accepted)
{
    (void)arena;
    return close_case(db, head, CASE_NOT_ACCEPTED, ((const struct reasoned *)body)->reason, why);
}

APPLIER(case_apply_terminated)
{
    (void)arena;
    return close_case(db, head, CASE_TERMINATED, ((const struct reasoned *)body)->reason, why);
}

APPLIER(case_apply_withdrawn)
{
    (void)arena;
    return close_case(db, head, CASE_WITHDRAWN, ((const struct withdrawn *)body)->reason, why);
}

static const struct db_sql set_supplement = {
    "UPDATE cases SET state = 'supplement', supplements = supplements + 1, " DUE("$3")
    " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_supplement)
{
    const struct supplement_asked *asked = body;
    (void)arena;
    return db_write(db, &set_supplement,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_int(asked->due_at)),
                    why) &&
           write_checked(db, head, &asked->materials, why);
}

static const struct db_sql set_reviewed = {
    "UPDATE cases SET state = 'reviewed', reviewer = $3, recommendation = $4, reviewed_at = $5 "
    "WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_reviewed)
{
    const struct reviewed *reviewed = body;
    (void)arena;
    return db_write(db, &set_reviewed,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_text(head->actor),
                            word(outcome_words, reviewed->recommendation), db_int(head->at)),
                    why);
}

static const struct db_sql set_returned = {
    "UPDATE cases SET state = 'accepted', reviewer = '', recommendation = 'none', "
    "reviewed_at = 0 WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_returned)
{
    (void)body;
    (void)arena;
    return db_write(db, &set_returned, DB_ARGS(db_int(head->region), db_int(case_of(head))), why);
}

static const struct db_sql set_decided = {
    "UPDATE cases SET state = $3, verifier = $4, outcome = $5, reason = $6, decided_at = $7, "
    "used_days = $8, saved_days = $9, " DUE("$10") ", closed_at = $11 "
    "WHERE region = $1 AND case_id = $2"};

static bool write_decided(struct db *db, const struct entry_head *head,
                          const struct decided *decided, int64_t outcome, struct fault *why)
{
    bool granted = outcome == DECISION_GRANT;
    return db_write(db, &set_decided,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)),
                            state(granted ? CASE_GRANTED : CASE_REFUSED), db_text(head->actor),
                            word(outcome_words, outcome), db_text(decided->reason),
                            db_int(head->at), db_int(decided->used_days),
                            db_int(decided->saved_days), db_int(decided->due_at),
                            db_int(granted ? 0 : head->at)),
                    why);
}

APPLIER(case_apply_granted)
{
    (void)arena;
    return write_decided(db, head, body, DECISION_GRANT, why);
}

APPLIER(case_apply_refused)
{
    (void)arena;
    return write_decided(db, head, body, DECISION_REFUSE, why);
}

static const struct db_sql set_suspended = {
    "UPDATE cases SET state = 'suspended', state_before = $3, suspensions = suspensions + 1, "
    NOT_DUE " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_suspended)
{
    const struct suspended *suspended = body;
    (void)arena;
    return db_write(
        db, &set_suspended,
        DB_ARGS(db_int(head->region), db_int(case_of(head)), state(suspended->state_before)), why);
}

static const struct db_sql set_running = {
    "UPDATE cases SET state = $3, state_before = 'none', promised_date = $4, statutory_date = $5, "
    DUE("$6") " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_resumed)
{
    const struct resumed *resumed = body;
    (void)arena;
    return db_write(db, &set_running,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), state(resumed->state),
                            db_int(resumed->promised_date), db_int(resumed->statutory_date),
                            db_int(resumed->due_at)),
                    why);
}

static const struct db_sql set_extended = {
    "UPDATE cases SET extended_days = $3, promised_date = $4, statutory_date = $5, " DUE("$6")
    " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_extended)
{
    const struct extended *extended = body;
    (void)arena;
    return db_write(db, &set_extended,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_int(extended->days),
                            db_int(extended->promised_date), db_int(extended->statutory_date),
                            db_int(extended->due_at)),
                    why);
}

static const struct db_sql set_forwarded = {
    "UPDATE cases SET state = 'forwarded', " NOT_DUE " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_forwarded)
{
    (void)body;
    (void)arena;
    return db_write(db, &set_forwarded, DB_ARGS(db_int(head->region), db_int(case_of(head))), why);
}

APPLIER(case_apply_answered)
{
    const struct answered_above *answered = body;
    (void)arena;
    return db_write(db, &set_running,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), state(CASE_ACCEPTED),
                            db_int(answered->promised_date), db_int(answered->statutory_date),
                            db_int(answered->due_at)),
                    why);
}

static const struct db_sql set_issued = {
    "UPDATE cases SET state = 'issued', certificate_no = $3, issued_at = $4 "
    "WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_issued)
{
    const struct issued *issued = body;
    (void)arena;
    return db_write(db, &set_issued,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)),
                            db_text(issued->certificate_no), db_int(head->at)),
                    why);
}

static const struct db_sql set_delivered = {
    "UPDATE cases SET state = 'delivered', delivered_at = $3, closed_at = $3, " NOT_DUE
    " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_delivered)
{
    (void)body;
    (void)arena;
    return db_write(db, &set_delivered,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_int(head->at)), why);
}

static const struct db_sql close_gap = {
    "UPDATE cases SET gap_open = $3 WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_gap_closed)
{
    const struct gap_closed *closed = body;
    struct checked checked = {.code = closed->code, .state = MATERIAL_CHECKED};
    struct list list = {&checked, 1};
    (void)arena;
    return write_checked(db, head, &list, why) &&
           db_write(db, &close_gap,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)), db_int(!closed->all)),
                    why);
}

/* The lapse itself changes the clock (its own events) or, at the end, the case. */
APPLIER(case_apply_gap_lapsed)
{
    const struct gap_lapsed *lapsed = body;
    (void)arena;
    return !lapsed->final || close_case(db, head, CASE_TERMINATED, lapsed->note, why);
}

static const struct db_sql set_dates = {
    "UPDATE cases SET promised_date = $3, statutory_date = $4, " DUE("$5")
    " WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_redated)
{
    const struct redated *redated = body;
    (void)arena;
    return db_write(db, &set_dates,
                    DB_ARGS(db_int(head->region), db_int(case_of(head)),
                            db_int(redated->promised_date), db_int(redated->statutory_date),
                            db_int(redated->due_at)),
                    why);
}

static const struct db_sql set_unreceived = {
    "UPDATE cases SET state = 'submitted', received_at = 0 WHERE region = $1 AND case_id = $2"};
static const struct db_sql set_unreturned = {
    "UPDATE cases SET state = 'reviewed', reviewer = $3, recommendation = $4, reviewed_at = $5 "
    "WHERE region = $1 AND case_id = $2"};

/* Undone, a review is what a return makes of it. */
APPLIER(case_apply_undone)
{
    const struct undone *undone = body;
    const struct event_kind *kind = case_event_named(undone->undone_kind);
    const struct db_value args[] = {db_int(head->region), db_int(case_of(head)),
                                    db_text(undone->reviewer),
                                    word(outcome_words, undone->recommendation),
                                    db_int(undone->reviewed_at)};
    (void)arena;
    if (kind == &case_received_event)
        return db_write(db, &set_unreceived, args, 2, why);
    if (kind == &case_reviewed_event)
        return db_write(db, &set_returned, args, 2, why);
    if (kind == &case_returned_event)
        return db_write(db, &set_unreturned, args, 5, why);
    return write_checked(db, head, &undone->before, why);
}

/* Everything that came from a private field: replayed without the bodies it would be empty as well. */
static const struct db_sql set_erased = {
    "UPDATE cases SET query_code = '', applicant_name = '', id_number = '', phone = '', "
    "address = '', agent_name = '', agent_phone = '', matter = '', details = '', amount_fen = 0, "
    "area_m2 = 0, recommendation = 'none', reason = '', certificate_no = '', erased_at = $3 "
    "WHERE region = $1 AND case_id = $2"};
static const struct db_sql set_papers_erased = {
    "UPDATE case_material SET file_sha256 = '', file_name = '', file_size = 0, note = '' "
    "WHERE region = $1 AND case_id = $2"};

APPLIER(case_apply_erased)
{
    (void)body, (void)arena;
    const struct db_value args[] = {db_int(head->region), db_int(case_of(head)), db_int(head->at)};
    return db_write(db, &set_erased, args, 3, why) && db_write(db, &set_papers_erased, args, 2, why);
}

APPLIER(case_enact_erased)
{
    (void)body, (void)arena;
    return journal_erase(db, head->region, head->subject, why);
}
