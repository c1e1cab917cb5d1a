#!/usr/bin/env node
// kill -9 at random moments under load. Whatever was acknowledged is in the journal of the next
// server, under the index and with the content that were told, and its receipt holds; nothing is
// there twice; business time never goes back although each server starts with the same clock; and
// every few restarts, and at the end, the tables are what a replay of the journal makes.
// YIMEN_FAULTS_MOMENTS overrides how many.
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  House,
  Log,
  Postgres,
  end,
  full,
  note,
  ok,
  random,
  run,
  seed,
  sleep,
  story,
  work,
  yimen,
} from "./lib.mjs";
import { Load } from "./load.mjs";

const clock = "2014-05-04T08:30";
const moments = Number(process.env.YIMEN_FAULTS_MOMENTS ?? (full ? 200 : 8));
// A wrong row may be overwritten later, so the tables are compared between restarts too.
const compared = full ? 20 : 4;

/** A receipt checks with nothing but the program and the key. */
async function offline(server, index) {
  const receipt = join(work, "receipt");
  const key = join(work, "vkey");
  writeFileSync(receipt, await server.get(`/receipts/330482/${index}`));
  writeFileSync(key, await server.get("/log/330482/vkey"));
  return run(yimen, ["verify", "--receipt", receipt, "--key", key]).status === 0;
}

/** What was typed under an acknowledged command is what the case shows. */
async function shows(server, ack) {
  if (ack.name !== "applicant") return;
  const page = await server.json(ack.case.location);
  if (page.file.phone !== ack.input.phone || page.file.applicant_name !== ack.input.applicant_name)
    throw new Error(`${ack.case.case_no} shows ${page.file.phone} instead of ${ack.input.phone}`);
}

async function check(server, log, load) {
  await log.follow(server);
  const checked = load.checkNew(log);
  for (let i = 0; i < 12 && checked.length; i++) {
    const ack = i ? random.pick(checked) : checked.at(-1);
    await log.receipt(server, ack.answer.index);
    await shows(server, ack);
  }
}

/** An answer given before comes again, and makes nothing. */
async function again(server, log, load) {
  const size = log.size;
  for (let i = 0; i < 40; i++) {
    const ack = random.pick(load.acks);
    const answer = await server.ask("POST", ack.path, ack.input, { "Idempotency-Key": ack.key });
    if (answer.body.toString() !== ack.body)
      throw new Error(`${ack.name} again: ${answer.body} instead of ${ack.body}`);
  }
  await log.follow(server);
  if (log.size !== size) throw new Error(`repetitions made ${log.size - size} entries`);
}

async function killed(postgres) {
  const house = new House(postgres);
  const load = new Load(random.between(0, 1 << 30), 32);
  const log = new Log();
  let server = await house.serve(clock);
  let unanswered = 0;
  let verified = 0;
  await log.follow(server);
  const from = log.size;
  const began = performance.now();
  for (let moment = 0; moment < moments; moment++) {
    const stop = { now: false };
    const running = load.run([server], stop);
    await sleep(random.between(10, 500));
    await server.kill();
    stop.now = true;
    await running;
    server = await house.serve(clock);
    const acknowledged = load.acks.reduce((sum, ack) => sum + ack.answer.count, from);
    await check(server, log, load);
    if (log.size > acknowledged) unanswered += 1;
    if ((moment + 1) % compared === 0) {
      const wrong = house.verify(); // beside the server, which nobody asks anything now
      if (wrong) throw new Error(`after restart ${moment + 1}: ${wrong}`);
      verified += 1;
    }
  }
  await load.settle(server);
  await check(server, log, load);
  load.checkAll(log, from);
  await again(server, log, load);
  const receipt = await offline(server, load.acks.at(-1).answer.index);
  const status = await server.stop();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  note(
    `${house.engine}: seed ${seed}, ${moments} moments in ${seconds} s, ${load.acks.length} ` +
      `commands acknowledged, ` +
      `${load.repeated} sent again, committed but unanswered at ${unanswered} moments, ` +
        `${log.size} entries`,
  );
  ok(
    load.acks.length > moments,
    `${house.engine}: ${moments} times kill -9, every acknowledged command is there, once`,
    load.said(),
  );
  ok(load.refusals.length === 0, `${house.engine}: no command was refused`, load.said());
  ok(receipt, `${house.engine}: the last receipt verifies offline`);
  ok(status === 0, `${house.engine}: the last server ends well`, server.said());
  const between = Math.floor(moments / compared);
  ok(verified === between, `${house.engine}: tables equal replay ${between} times between restarts`);
  const wrong = house.verify();
  ok(wrong === "", `${house.engine}: tables equal replay at the end`, wrong);
}

/** The file that a commit is written into first: SQLite's log, or the segment of PostgreSQL's that is
 * being written, which only a test that owns the server can see. */
function commitLog(house) {
  if (!house.postgres) return join(house.dir, "yimen.db-wal");
  const dir = join(house.postgres.dir, "data", "pg_wal");
  const changed = (name) => statSync(join(dir, name)).mtimeMs;
  const segments = readdirSync(dir).filter((name) => /^[0-9A-F]{24}$/.test(name));
  return join(dir, segments.reduce((a, b) => (changed(b) > changed(a) ? b : a)));
}

/** Kills the server at the first sight of a commit, or when it has answered before that. */
async function killAtCommit(server, log, asked) {
  const before = statSync(log);
  let over = false;
  asked.then(() => (over = true));
  for (let spin = 0; !over && spin < 1e6; spin++) {
    const now = statSync(log);
    if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) break;
    if (spin % 8 === 0) await new Promise((resolve) => setImmediate(resolve)); // the request goes out
  }
  await server.kill();
}

/** Both engines write the commit into a log, and only then is it answered: killed at the first sight
 * of the log's growth, the server has committed (or nearly) and has not answered. */
async function killedBetween(postgres) {
  const house = new House(postgres);
  const least = full ? 60 : 6;
  const most = 300; // until one was hit between commit and answer
  const log = new Log();
  // Without what time brings about meanwhile: a calendar that takes effect in the first second.
  const draftedFrom = (size) =>
    log.entries.slice(size).filter((entry) => entry.kind === "case.drafted");
  let server = await house.serve(clock);
  let committed = 0;
  let answered = 0;
  await log.follow(server);
  let tries = 0;
  for (; tries < least || (committed === 0 && tries < most); tries++) {
    const key = `between-commit-and-answer-${seed}-${tries}`;
    const headers = { "Idempotency-Key": key };
    const size = log.size;
    const written = commitLog(house);
    const asked = server.ask("POST", "/apply/011-001", {}, headers).catch((error) => error);
    await killAtCommit(server, written, asked);
    const first = await asked;
    server = await house.serve(clock);
    await log.follow(server);
    const there = draftedFrom(size).length;
    const second = await server.ask("POST", "/apply/011-001", {}, headers);
    const third = await server.ask("POST", "/apply/011-001", {}, headers);
    await log.follow(server);
    if (second.status !== 201 || !second.body.equals(third.body))
      throw new Error(`${key}: ${second.body}, then ${third.body}`);
    const made = draftedFrom(size);
    if (made.length !== 1) throw new Error(`${key}: ${made.length} entries`);
    if (!(first instanceof Error)) {
      answered += 1;
      if (!first.body.equals(second.body) || !there)
        throw new Error(`${key}: ${first.body}, then ${second.body}`);
    } else if (there) {
      committed += 1;
      if (JSON.parse(second.body).case_no !== made[0].body.case_no)
        throw new Error(`${key}: ${second.body} for ${made[0].body.case_no}`);
    }
  }
  await server.stop();
  note(
    `${house.engine}: killed at the commit ${tries} times: committed but unanswered ${committed}, ` +
      `answered ${answered}, neither ${tries - committed - answered}`,
  );
  ok(
    committed > 0,
    `${house.engine}: a key sent again after a crash between commit and answer: one entry, its ` +
      `answer`,
  );
  const wrong = house.verify();
  ok(wrong === "", `${house.engine}: tables equal replay after it`, wrong);
}

await story("kill -9 on SQLite", () => killed(null));
await story("kill -9 on PostgreSQL", () => killed(new Postgres()));
await story("kill -9 between commit and answer on SQLite", () => killedBetween(null));
await story("kill -9 between commit and answer on PostgreSQL", () => killedBetween(new Postgres()));
end();
