/* Streams of open pages, on both engines: who is told what, when, and until when. */
#include "door/door_testing.h"

#define STREAM "Accept: text/event-stream\r\n"
#define SOON_MS 3000  /* by then what comes has come */
#define QUIET_MS 300  /* what would come at once has not come */

/* One end of a stream and what came from it. */
struct ear {
    int fd;
    char bytes[8192];
    size_t len;
    bool ended;
};

static void listen_to(struct world *world, struct ear *ear, const char *target, const char *headers)
{
    struct text ask = text_format(world->arena, "GET %s HTTP/1.1\r\nHost: pinghu.test\r\n" STREAM
                                                "%s\r\n", target, headers);
    *ear = (struct ear){.fd = dial(world->port)};
    assert_true(ear->fd >= 0);
    assert_true(say(ear->fd, ask.at, ask.len));
}

/* How often it says so, after waiting until it says it `times`, it ends, or that time is over. */
static int hears(struct ear *ear, const char *words, int times, int64_t for_ms)
{
    int64_t until = time_monotonic() + for_ms;
    for (;;) {
        struct pollfd poller = {.fd = ear->fd, .events = POLLIN};
        int heard = 0;
        struct text all = {ear->bytes, ear->len};
        for (ptrdiff_t at; (at = text_find(all, text_of(words))) >= 0; heard++)
            all = text_slice(all, (size_t)at + 1, all.len);
        int64_t left = until - time_monotonic();
        if (heard >= times || ear->ended || left <= 0 || poll(&poller, 1, (int)left) != 1)
            return heard;
        ssize_t got = read(ear->fd, ear->bytes + ear->len, sizeof ear->bytes - ear->len);
        ear->ended = got <= 0;
        ear->len += got > 0 ? (size_t)got : 0;
    }
}

/* Where many have just gone, it may take a moment until there is room. */
static void open_stream(struct world *world, struct ear *ear, const char *target,
                        const char *headers)
{
    int64_t until = time_monotonic() + SOON_MS;
    for (;;) {
        listen_to(world, ear, target, headers);
        if (hears(ear, "\n\r\n", 1, SOON_MS) && hears(ear, "event: begun\n", 1, QUIET_MS))
            return;
        close(ear->fd);
        assert_true(time_monotonic() < until);
    }
}

static bool ends(struct ear *ear)
{
    hears(ear, "no such word", 1, SOON_MS);
    close(ear->fd);
    return ear->ended;
}

static void write_note(struct world *world, int id)
{
    char target[40];
    snprintf(target, sizeof target, "/notes/%d", id);
    assert_int_equal(form(world, target, "Sec-Fetch-Site: same-origin\r\n", "words=word&count=1"),
                     303);
}

/* Where the journal stands. */
static int64_t position(struct world *world)
{
    struct db_read *db = NULL;
    struct journal_place place = {0};
    struct fault why = {0};
    must(db_open_reader(world->where, &db, &why) &&
             journal_place_of(db, REGION, world->arena, &place, &why),
         &why);
    db_close_reader(db);
    return place.seq;
}

static void what_is_told(struct world *world)
{
    struct ear seven, hundred, nine;
    listen_to(world, &seven, "/live/7", "");
    listen_to(world, &hundred, "/live/100", "");
    listen_to(world, &nine, "/live/9", "");
    assert_int_equal(hears(&seven, "event: begun\n", 1, SOON_MS), 1);
    assert_int_equal(hears(&hundred, "event: begun\n", 1, SOON_MS), 1);
    assert_int_equal(hears(&nine, "event: begun\n", 1, SOON_MS), 1);
    assert_int_equal(hears(&seven, "text/event-stream", 1, 0), 1);
    assert_int_equal(hears(&seven, "Cache-Control: no-store", 1, 0), 1);
    assert_int_equal(hears(&seven, "Content-Security-Policy", 1, 0), 1);
    int64_t begun = time_monotonic();
    write_note(world, 7);
    assert_int_equal(hears(&seven, "event: changed\n", 1, SOON_MS), 1);
    assert_int_equal(hears(&hundred, "event: changed\n", 1, SOON_MS), 1);
    /* What it says is where the journal stands, and no word of what was done. */
    const char *told = text_format(world->arena, "id: %lld\nevent: changed\ndata: %lld\n\n",
                                   (long long)position(world), (long long)position(world))
                           .at;
    assert_int_equal(hears(&seven, told, 1, 0), 1);
    assert_int_equal(hears(&seven, "word", 1, 0), 0);
    /* Of another subject it hears nothing; nor, of its own, a page that stays the same. However much
     * happens, it is an event a second; the rest is told of in one, and not forgotten. */
    write_note(world, 9);
    while (time_monotonic() - begun < 600)
        write_note(world, 8);
    assert_int_equal(hears(&hundred, "event: changed\n", 2, 0), 1);
    assert_int_equal(hears(&hundred, "event: changed\n", 2, SOON_MS), 2);
    assert_int_equal(hears(&hundred, "event: changed\n", 3, QUIET_MS), 2);
    assert_int_equal(hears(&seven, "event: changed\n", 2, 0), 1);
    assert_int_equal(hears(&nine, "event: changed\n", 1, 0), 0);
    close(seven.fd);
    close(hundred.fd);
    close(nine.fd);
}

/* Whoever comes with an older page, or comes again, is told at once. */
static void what_was_missed(struct world *world)
{
    int64_t before = position(world), now;
    write_note(world, 7);
    now = position(world);
    const struct {
        const char *target, *headers;
        int told;
    } rows[] = {
        {text_format(world->arena, "/live/7?live=%lld", (long long)before).at, "", 1},
        {text_format(world->arena, "/live/7?live=%lld", (long long)now).at, "", 0},
        {text_format(world->arena, "/live/8?live=%lld", (long long)before).at, "", 0},
        {text_format(world->arena, "/live/100?live=%lld", (long long)before).at, "", 1},
        {text_format(world->arena, "/live/7?live=%lld", (long long)before).at,
         text_format(world->arena, "Last-Event-ID: %lld\r\n", (long long)now).at, 0},
        {"/live/7", text_format(world->arena, "Last-Event-ID: %lld\r\n", (long long)before).at, 1},
        {"/live/7?live=-1", "Last-Event-ID: 99999999999999999999\r\n", 0},
    };
    struct ear ears[sizeof rows / sizeof *rows];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        listen_to(world, &ears[i], rows[i].target, rows[i].headers);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(hears(&ears[i], "event: begun\n", 1, SOON_MS), 1);
        int told = hears(&ears[i], "event: changed\n", 1, rows[i].told ? SOON_MS : QUIET_MS / 4);
        if (told != rows[i].told)
            fail_msg("row %zu: told %d times", i, told);
        close(ears[i].fd);
    }
}

static void who_is_let_in(struct world *world)
{
    struct text shen = comes_as(world, "shen");
    const char *stream = text_format(world->arena, STREAM "%.*s", TEXT_ARG(shen)).at;
    assert_int_equal(request(world, "GET", "/staff/live/7", STREAM, TEXT("")), 401);
    assert_int_equal(request(world, "GET", "/live/404", STREAM, TEXT("")), 404);
    assert_int_equal(request(world, "GET", "/live/many", stream, TEXT("")), 404);
    /* A page that is not kept up to date is answered as it is. */
    assert_int_equal(request(world, "GET", "/notes/7", STREAM, TEXT("")), 200);
    assert_true(says(world, "text/html"));
}

/* An address has so many; a session fewer; whoever goes makes room. */
static void how_many(struct world *world)
{
    enum { SESSION = 12, ADDRESS = 16 };
    struct text shen = comes_as(world, "shen");
    const char *stream = text_format(world->arena, STREAM "%.*s", TEXT_ARG(shen)).at;
    struct ear ears[ADDRESS];
    for (int i = 0; i < ADDRESS; i++) {
        listen_to(world, &ears[i], "/live/7", i < SESSION ? shen.at : "");
        assert_int_equal(hears(&ears[i], "event: begun\n", 1, SOON_MS), 1);
        if (i == SESSION - 1) {
            assert_int_equal(request(world, "GET", "/live/7", stream, TEXT("")), 429);
            assert_true(says(world, "Retry-After: 20"));
        }
    }
    assert_int_equal(request(world, "GET", "/live/7", STREAM, TEXT("")), 429);
    close(ears[0].fd);
    open_stream(world, &ears[0], "/live/7", "");
    for (int i = 0; i < ADDRESS; i++)
        close(ears[i].fd);
}

/* The page of somebody who has signed out, or may not any more, is told nothing. */
static void until_when(struct world *world)
{
    struct text shen = comes_as(world, "shen"), other = comes_as(world, "shen");
    struct ear mine, others;
    open_stream(world, &mine, "/staff/live/7", shen.at);
    open_stream(world, &others, "/staff/live/7", other.at);
    assert_int_equal(request(world, "GET", "/notes/7", shen.at, TEXT("")), 200);
    struct text token = between(world, "name=\"_token\" value=\"", "\"");
    assert_int_equal(form(world, "/staff/sign-out", shen.at,
                          text_format(world->arena, "_token=%.*s", TEXT_ARG(token)).at),
                     303);
    assert_true(ends(&mine));
    write_note(world, 7);
    assert_int_equal(hears(&others, "event: changed\n", 1, SOON_MS), 1);
    assert_int_equal(hears(&mine, "event: changed\n", 1, 0), 0);
    close(others.fd);
}

static int64_t number_of(struct ear *ear)
{
    int64_t number = 0;
    assert_int_equal(hears(ear, "event: begun\ndata: ", 1, SOON_MS), 1);
    struct text all = {ear->bytes, ear->len};
    ptrdiff_t at = text_find(all, TEXT("event: begun\ndata: "));
    struct text rest = text_slice(all, (size_t)at + 19, all.len), line;
    assert_true(text_cut(&rest, '\n', &line) && text_int(line, &number));
    return number;
}

/* What is fetched again under a stream is a look that lasts, and leaves one trace in an hour. Not where
 * the number is another session's, nobody's, or that of another page. */
static void one_look_that_lasts(struct world *world)
{
    struct look_row last;
    struct ear seven, list_ear;
    struct text shen = comes_as(world, "shen"), other = comes_as(world, "shen");
    listen_to(world, &seven, "/live/7", shen.at);
    listen_to(world, &list_ear, "/live/100", shen.at);
    int64_t number = number_of(&seven), of_list = number_of(&list_ear);
    const struct {
        const struct text *who;
        const char *target;
        int64_t number, after_ms;
        int more;
    } rows[] = {
        {&shen, "/live/7", number, 0, 1},
        {&shen, "/live/7", number, 2 * MINUTE_MS, 0},
        {&shen, "/live/7", 0, 0, 1},
        {&shen, "/live/7", number, 2 * MINUTE_MS, 0},
        {&shen, "/live/8", number, 0, 1},
        {&other, "/live/7", number, 2 * MINUTE_MS, 1},
        {&other, "/live/7", number, 2 * MINUTE_MS, 1},
        {&shen, "/live/100", of_list, 0, 1},
        {&shen, "/live/100", of_list, 2 * MINUTE_MS, 0}, /* with more people in it */
        {&shen, "/live/100", number, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t before = traces(world, &last);
        pass(world, rows[i].after_ms);
        struct text headers =
            text_format(world->arena, "%.*sYimen-Live: %lld\r\n", TEXT_ARG(*rows[i].who),
                        (long long)rows[i].number);
        assert_int_equal(request(world, "GET", rows[i].target, headers.at, TEXT("")), 200);
        if (traces(world, &last) - before != rows[i].more)
            fail_msg("row %zu: %lld traces", i, (long long)(traces(world, &last) - before));
        write_note(world, 30);
    }
    close(seven.fd);
    close(list_ear.fd);
}

/* The session does not live longer for a page that asks by itself. */
static void nobody_does_anything(struct world *world)
{
    struct text shen = comes_as(world, "shen");
    pass(world, 2 * MINUTE_MS);
    assert_int_equal(request(world, "GET", "/live/7",
                             text_format(world->arena, "%.*sYimen-Live: 1\r\n", TEXT_ARG(shen)).at,
                             TEXT("")),
                     200);
    assert_false(says(world, "yimen_seen="));
    assert_int_equal(request(world, "GET", "/live/7", shen.at, TEXT("")), 200);
    assert_true(says(world, "yimen_seen="));
}

static void all_streams(const char *where)
{
    struct world world;
    struct ear last;
    open_world(&world, where);
    what_is_told(&world);
    what_was_missed(&world);
    who_is_let_in(&world);
    how_many(&world);
    until_when(&world);
    one_look_that_lasts(&world);
    nobody_does_anything(&world);
    compare_world(&world, where);
    listen_to(&world, &last, "/live/7", "");
    assert_int_equal(hears(&last, "event: begun\n", 1, SOON_MS), 1);
    int64_t begun = time_monotonic();
    close_world(&world);
    assert_true(ends(&last));
    assert_true(time_monotonic() - begun < 900); /* no stream holds up the end */
}

static void streams_on_both_engines(void **state)
{
    (void)state;
    testing_each_engine(all_streams);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(streams_on_both_engines)};
    return cmocka_run_group_tests_name("door/live", tests, NULL, NULL);
}
