#!/usr/bin/env node
// Two servers on one PostgreSQL database, under load and with deadlines to fire. One is killed;
// one is
// frozen while it holds the region's head row, longer than PostgreSQL lets a transaction idle,
// and then
// woken. Nothing acknowledged is lost or doubled, and each rung fires once.
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

const deadlines = full ? 20000 : 2000;
const idleLimit = 30000; // ms, as db.h says
const clocks = ["2014-05-30T16:59:30", "2014-05-30T16:59:40"]; // no two machines agree quite

/** Starts the load, lets `act` do its worst, and checks what came of it. */
async function under(servers, load, log, act) {
  const stop = { now: false };
  const running = load.run(servers, stop, { patient: 100 });
  try {
    await act();
  } finally {
    stop.now = true;
    await running;
  }
  const alive = servers.find(
    (server) => server.child.exitCode === null && server.child.signalCode === null,
  );
  await log.follow(alive);
  load.checkNew(log);
}

/** The backend that has been within one transaction at two looks, doing nothing. */
async function idleInTransaction(postgres, house) {
  const look = () =>
    postgres.sql(
      "postgres",
      `SELECT pid || ' ' || xact_start FROM pg_stat_activity WHERE datname = ` +
        `'${house.database}' AND state = 'idle in transaction'`,
    );
  const first = look().split("\n");
  await sleep(150);
  return look()
    .split("\n")
    .filter((line) => line && first.includes(line));
}

async function freezeWithHead(postgres, house, server) {
  for (let tries = 1; tries <= 400; tries++) {
    await sleep(random.between(5, 60));
    server.signal("SIGSTOP");
    if ((await idleInTransaction(postgres, house)).length) return tries;
    server.signal("SIGCONT");
  }
  throw new Error("the server was never caught with the head row in hand");
}

await story("two servers", async () => {
  const postgres = new Postgres();
  const house = new House(postgres);
  must(join(root, "build", "faults", "deadlines"), [
    postgres.database(house.database),
    String(deadlines),
  ]);
  const servers = [await house.serve(clocks[0]), await house.serve(clocks[1])];
  const log = new Log();
  const load = new Load(random.between(0, 1 << 30), 16);
  await log.follow(servers[0]);
  const from = log.size;

  const kills = full ? 20 : 3;
  for (let i = 0; i < kills; i++) {
    const victim = i % 2;
    await under(servers, load, log, async () => {
      await sleep(random.between(200, 800));
      await servers[victim].kill();
      const others = load.acks.length;
      await sleep(500);
      if (load.acks.length === others) throw new Error("the other server stood still");
    });
    servers[victim] = await house.serve(clocks[victim]);
  }
  ok(true, `one of two is killed, ${kills} times: the other goes on and nothing is lost`);

  await under(servers, load, log, async () => {
    await sleep(500);
    const tries = await freezeWithHead(postgres, house, servers[0]);
    const frozen = performance.now();
    const acks = load.acks.length;
    while (load.acks.length < acks + 50 && performance.now() - frozen < idleLimit + 15000)
      await sleep(100);
    const stood = performance.now() - frozen;
    ok(
      load.acks.length >= acks + 50,
      `frozen with the head row: the other server goes on after ${(stood / 1000).toFixed(1)} s`,
      load.said(),
    );
    await sleep(Math.max(0, idleLimit + 3000 - stood));
    const asleep = load.acks.length;
    servers[0].signal("SIGCONT");
    await sleep(3000);
    const woken = load.acks.slice(asleep).length;
    note(
      `frozen at try ${tries}, for ${((performance.now() - frozen - 3000) / 1000).toFixed(1)} ` +
        `s; ${asleep - acks} acknowledged by the other, ${woken} since`,
    );
  });
  ok(
    [...load.faults.keys()].every((what) => typeof what === "string" || what === 503),
    "woken, it answered no fault but 503",
    load.said(),
  );
  const before = load.acks.length;
  await under([servers[0]], load, log, () => sleep(800));
  ok(load.acks.length > before + 10, "woken, it serves as before", load.said());

  // Two rungs of each fall due at the close of that day, others later. Then some time more for the
  // server that would fire one again.
  const rungs = 2 * deadlines;
  const firedSoFar =
    "SELECT count(*) FROM deadline_rung WHERE region = 330482 AND fired_idx IS NOT NULL AND " +
    "deadline LIKE 'load:%'";
  for (let i = 0; i < 600 && Number(house.sql(firedSoFar)) < rungs; i++) await sleep(100);
  await sleep(2000);
  await load.settle(servers[1]);
  await log.follow(servers[1]);
  load.checkNew(log);
  load.checkAll(log, from);
  ok(load.refusals.length === 0, "no command was refused", load.said());
  const fired = log.entries
    .filter((entry) => entry.kind === "deadline.rung_passed")
    .map((entry) => `${entry.body.deadline} ${entry.body.rung}`);
  ok(
    fired.length === rungs && new Set(fired).size === fired.length,
    `${deadlines} deadlines: each rung fired once`,
    `${fired.length} fired, ${new Set(fired).size} different`,
  );
  note(
    `seed ${seed}: ${load.acks.length} acknowledged, ${load.repeated} sent again, ${log.size} ` +
      `entries; ${load.said()}`,
  );
  for (const server of servers) await server.stop();
  const wrong = house.verify();
  ok(wrong === "", "tables equal replay", wrong);
});
end();
