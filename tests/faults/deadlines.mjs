#!/usr/bin/env node
// Very many deadlines due at the same second, half of them promised and half the law's: their
// reminders, all due a working day before; the limits themselves; and, two working days after a
// promised one, the alarm. Every rung fires exactly once, with a kill -9 in the middle of each of the
// three, and with two servers on one PostgreSQL of which one is killed; and citizens are served
// meanwhile. YIMEN_FAULTS_DEADLINES overrides how many.
import { join } from "node:path";
import {
  House,
  Log,
  Postgres,
  end,
  full,
  must,
  note,
  ok,
  random,
  root,
  seed,
  sleep,
  story,
} from "./lib.mjs";
import { Load } from "./load.mjs";

const count = Number(process.env.YIMEN_FAULTS_DEADLINES ?? (full ? 100000 : 3000));
const promised = Math.floor(count / 2);
const all = 2 * count + promised;
const before = "2014-05-30T16:59:57";
const longAfter = "2014-06-04T17:00:01"; // the Dragon Boat holiday is between

function fill(house) {
  const where = house.postgres
    ? house.postgres.database(house.database)
    : join(house.dir, "yimen.db");
  must(join(root, "build", "faults", "deadlines"), [where, String(count)]);
}

const waiting = (house) =>
  Number(
    house.sql(
      `SELECT count(*) FROM deadline_rung WHERE region = 330482 AND fired_idx IS NULL AND ` +
        `deadline LIKE 'load:%'`,
    ),
  );

async function until(house, left) {
  const limit = performance.now() + 120000 + count * 10;
  while (waiting(house) > left) {
    if (performance.now() > limit) throw new Error(`${waiting(house)} rungs still wait`);
    await sleep(full ? 250 : 30);
  }
}

function onceEach(log) {
  const fired = new Map();
  for (const entry of log.entries)
    if (entry.kind === "deadline.rung_passed" && entry.subject.startsWith("load:")) {
      const key = `${entry.body.deadline} ${entry.body.rung}`;
      if (fired.has(key))
        throw new Error(`${key} fired at entries ${fired.get(key)} and ${entry.index}`);
      if (entry.at < entry.body.due_at)
        throw new Error(`${key} fired at ${entry.at}, due at ${entry.body.due_at}`);
      fired.set(key, entry.index);
    }
  const of = (rung) => [...fired.keys()].filter((key) => key.endsWith(` ${rung}`)).length;
  const counts = ["reminder", "statutory_passed", "promised_passed", "promised_long_passed"].map(of);
  const right = [count, count - promised, promised, promised];
  if (fired.size !== all || counts.join() !== right.join())
    throw new Error(`${fired.size} rungs fired, of each kind ${counts}, not ${right}`);
  return fired.size;
}

async function allAtOnce(postgres) {
  const house = new House(postgres);
  fill(house);
  const servers = [await house.serve(before)];
  if (postgres) servers.push(await house.serve(before));
  const log = new Log();
  const load = new Load(random.between(0, 1 << 30), 4);
  const within = (rungs, later) => later + random.between(rungs / 4, (rungs * 3) / 4);
  const killAt = [
    within(count, count + promised), // among the reminders
    within(count, promised), // the limits
    within(promised, 0), // the alarms
  ];
  const began = performance.now();
  for (const left of killAt) {
    const stop = { now: false };
    const running = load.run(servers, stop);
    await until(house, left);
    const victim = random.between(0, servers.length);
    await servers[victim].kill();
    servers[victim] = await house.serve(left > count + promised ? before : longAfter);
    stop.now = true;
    await running;
  }
  const stop = { now: false };
  const running = load.run(servers, stop);
  await until(house, 0);
  const seconds = (performance.now() - began) / 1000;
  await sleep(1500); // whoever still believes something is due tries again
  stop.now = true;
  await running;
  await load.settle(servers[0]);
  await log.follow(servers[0]);
  load.checkNew(log);
  const fired = onceEach(log);
  note(
    `${house.engine}: seed ${seed}, ${servers.length} server(s), ${fired} rungs in ` +
      `${seconds.toFixed(1)} s, killed with ${killAt.join(" and ")} left; ` +
      `${load.acks.length} commands meanwhile, the slowest ${load.most_ms.toFixed(0)} ms`,
  );
  ok(
    fired === all,
    `${house.engine}: ${count} deadlines due at the same second fire once each`,
  );
  ok(
    load.refusals.length === 0 && load.most_ms < 5000,
    `${house.engine}: citizens are served meanwhile`,
    `slowest ${load.most_ms} ms; ${load.said()}`,
  );
  for (const server of servers) await server.stop();
  const wrong = house.verify();
  ok(wrong === "", `${house.engine}: tables equal replay`, wrong);
}

await story("deadlines on SQLite", () => allAtOnce(null));
await story("deadlines on PostgreSQL", async () => allAtOnce(new Postgres()));
end();
