#!/usr/bin/env node
// Things at the same moment: one Idempotency-Key sent several times at once, two clerks who
// accept one case, an apply that fails among neighbours; and a clock that is set back. On both engines.
import { readFileSync } from "node:fs";
import { House, Log, Postgres, end, full, note, ok, random, seed, story } from "./lib.mjs";
import { Load } from "./load.mjs";

const clock = "2014-05-04T08:30";

async function sameKey(house) {
  const server = await house.serve(clock);
  const log = new Log();
  await log.follow(server);
  const from = log.size;
  // What time brings about may come meanwhile: a calendar that takes effect in the first second.
  const drafted = () =>
    log.entries.slice(from).filter((entry) => entry.kind === "case.drafted").length;
  const rounds = full ? 300 : 60;
  for (let round = 0; round < rounds; round++) {
    const headers = { "Idempotency-Key": `"same-at-once-key-${seed}-${round}"` };
    const at_once = Array.from({ length: random.between(2, 6) }, () =>
      server.ask("POST", "/apply/011-001", {}, headers),
    );
    const answers = await Promise.all(at_once);
    const later = await server.ask("POST", "/apply/011-001", {}, headers);
    for (const answer of answers)
      if (
        answer.status !== 201 ||
        !answer.body.equals(later.body) ||
        answer.headers.location !== later.headers.location
      )
        throw new Error(
          `round ${round}: ${answer.status} ${answer.body}, later ${later.status} ${later.body}`,
        );
  }
  await log.follow(server);
  ok(
    drafted() === rounds,
    `${house.engine}: ${rounds} keys sent several times at once make ${rounds} entries`,
    `${drafted()}`,
  );
  const other = await server.ask(
    "POST",
    "/apply/003-001",
    {},
    { "Idempotency-Key": `same-at-once-key-${seed}-0` },
  );
  ok(
    other.status === 422,
    `${house.engine}: a key for something else is refused`,
    `${other.status} ${other.body}`,
  );
  await log.follow(server);
  ok(drafted() === rounds, `${house.engine}: and makes nothing`);
  await server.stop();
}

/** A case that waits for acceptance: every required material looked at. */
export async function receivedCase(server, clerk, number) {
  const load = new Load(number, 1);
  const stop = { now: false };
  await load.run(
    [
      {
        ask: (...args) =>
          server.ask(...args).finally(() => (stop.now ||= args[1].endsWith("/submit"))),
      },
    ],
    stop,
  );
  const id = load.acks[0].answer.index;
  const materials = ["m1", "m2", "m3", "m4", "m5"].map((code) => ({ code, state: "checked" }));
  for (const [verb, input] of [
    ["receive", {}],
    ["check", { materials }],
  ]) {
    const answer = await server.ask("POST", `/staff/cases/${id}/${verb}`, input, clerk);
    if (answer.status !== 201) throw new Error(`${verb}: ${answer.status} ${answer.body}`);
  }
  return id;
}

async function twoClerks(house) {
  const server = await house.serve(clock);
  const clerks = [await server.signIn("land-clerk"), await server.signIn("land-reviewer")];
  const log = new Log();
  const rounds = full ? 300 : 40;
  const won = [0, 0];
  let reason = "";
  for (let round = 0; round < rounds; round++) {
    const id = await receivedCase(server, clerks[round % 2], random.between(0, 1 << 30));
    const order = random.next() < 0.5 ? [0, 1] : [1, 0];
    const answers = [];
    await Promise.all(
      order.map(async (who) => {
        answers[who] = await server.ask("POST", `/staff/cases/${id}/accept`, {}, clerks[who]);
      }),
    );
    const winner = answers.findIndex((answer) => answer.status === 201);
    const loser = answers[1 - winner];
    if (winner < 0 || loser.status !== 409)
      throw new Error(`round ${round}: ${answers.map((one) => `${one.status} ${one.body}`)}`);
    won[winner] += 1;
    reason = JSON.parse(loser.body).detail;
    await log.follow(server);
    const accepted = log.entries.filter(
      (entry) => entry.kind === "case.accepted" && entry.subject === `case:${id}`,
    );
    const { index } = JSON.parse(answers[winner].body);
    if (accepted.length !== 1 || accepted[0].index !== index)
      throw new Error(`case ${id} was accepted ${accepted.length} times`);
    const { file } = await server.json(`/staff/cases/${id}`, clerks[0]);
    if (file.state !== "accepted") throw new Error(`case ${id} is ${file.state}`);
  }
  note(
    `${house.engine}: ${rounds} rounds, won by ${won.join(" and ")}; the other hears: ${reason}`,
  );
  ok(
    won[0] + won[1] === rounds && reason.includes("受理"),
    `${house.engine}: of two clerks one accepts and the other hears why not`,
    reason,
  );
  await server.stop();
}

/** A row that its table will not take: the fault of one command in a batch. */
const snares = {
  SQLite: [
    `CREATE TRIGGER snare BEFORE INSERT ON cases WHEN NEW.item_code = '003-001' BEGIN SELECT ` +
      `RAISE(ABORT, 'snare'); END`,
    "DROP TRIGGER snare",
  ],
  PostgreSQL: [
    `CREATE FUNCTION snare() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'snare'; END $$;
     CREATE TRIGGER snare BEFORE INSERT ON cases FOR EACH ROW WHEN (NEW.item_code = '003-001')
      EXECUTE FUNCTION snare()`,
    "DROP TRIGGER snare ON cases; DROP FUNCTION snare",
  ],
};

/** Sends 96 drafts at once, 12 of which cannot be applied, and the same again when they can. */
async function snared(house, server, log, round) {
  await log.follow(server);
  const from = log.size;
  const drafted = () =>
    log.entries.slice(from).filter((entry) => entry.kind === "case.drafted").length;
  const items = Array.from({ length: 96 }, (_, i) => (i % 8 === 5 ? "003-001" : "011-001"));
  const send = (item, i) =>
    server.ask("POST", `/apply/${item}`, {}, {
      "Idempotency-Key": `snare-at-once-key-${seed}-${round}-${i}`,
    });
  house.change(snares[house.engine][0]);
  const answers = await Promise.all(items.map(send));
  house.change(snares[house.engine][1]);
  const bad = items.filter((item, i) => answers[i].status !== (item === "011-001" ? 201 : 500));
  ok(
    bad.length === 0,
    `${house.engine}: a fault in one apply is answered 500 and leaves its neighbours alone`,
    answers.map((one) => one.status),
  );
  await log.follow(server);
  ok(drafted() === 84, `${house.engine}: the faulty made no entry`, `${drafted()}`);
  const second = await Promise.all(items.map(send));
  ok(
    second.every(
      (answer, i) =>
        answer.status === 201 && (answers[i].status === 500 || answer.body.equals(answers[i].body)),
    ),
    `${house.engine}: once it is mended the same keys go through`,
  );
  await log.follow(server);
  ok(drafted() === 96, `${house.engine}: each once`, `${drafted()}`);
}

/** The guilty command must have shared a batch with others, or its neighbours were in no danger:
 * the server says when it ran a failed batch of several one by one. */
async function oneFault(house) {
  const server = await house.serve(clock);
  const log = new Log();
  const split = () => /"flow\.split".*a batch of \d+ failed/.test(readFileSync(server.log, "utf8"));
  let round = 0;
  do await snared(house, server, log, round++);
  while (!split() && round < 20);
  ok(split(), `${house.engine}: the faulty shared a batch with its neighbours`, server.said());
  note(`${house.engine}: a batch was split in round ${round}`);
  await server.stop();
}

async function clockSetBack(house) {
  const log = new Log();
  const load = new Load(random.between(0, 1 << 30), 8);
  let from = 0;
  for (const at of [
    "2014-05-06T09:00",
    "2014-05-05T09:00",
    "2014-05-04T23:59",
    "2014-05-06T09:00:02",
    "2013-12-31T09:00",
  ]) {
    const server = await house.serve(at);
    if (!from) {
      await log.follow(server);
      from = log.size;
    }
    const stop = { now: false };
    setTimeout(() => (stop.now = true), 400);
    await load.run([server], stop);
    await log.follow(server); // throws where time goes back
    load.checkNew(log);
    await server.stop();
  }
  const at = log.entries.slice(from).map((entry) => entry.at);
  const days = new Set(at.map((one) => one.slice(0, 10)));
  ok(
    at.length > 50 && days.size === 1 && days.has("2014-05-06"),
    `${house.engine}: a clock set back four times: ${at.length} commands, from ${at[0]} to ` +
      `${at.at(-1)}`,
    [...days],
  );
}

for (const engine of ["SQLite", "PostgreSQL"]) {
  await story(`things at once on ${engine}`, async () => {
    const house = new House(engine === "PostgreSQL" ? new Postgres() : null);
    await story(`${engine}: one key at once`, () => sameKey(house));
    await story(`${engine}: two clerks`, () => twoClerks(house));
    await story(`${engine}: one fault`, () => oneFault(house));
    await story(`${engine}: clock set back`, () => clockSetBack(house));
    const wrong = house.verify();
    ok(wrong === "", `${engine}: tables equal replay`, wrong);
  });
}
end();
