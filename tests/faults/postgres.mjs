#!/usr/bin/env node
// PostgreSQL goes away under load, in an orderly way, as in a power cut, and for longer than the
// house
// tries: the server waits or says 503, comes back by itself, and nothing acknowledged is lost.
// What was
// sent without a key is done once at most.
import { House, Log, Postgres, end, full, note, ok, random, seed, sleep, story } from "./lib.mjs";
import { Load } from "./load.mjs";

const clock = "2014-05-04T08:30";
const items = ["003-001", "006-001", "007-002", "010-002", "010-004", "012-001"];

/** Drafts without keys, one item for each sender, so that the journal tells whose is whose. */
class Keyless {
  accepted = new Map(items.map((item) => [item, 0]));
  unknown = new Map(items.map((item) => [item, 0]));

  async run(server, stop) {
    const add = (map, item) => map.set(item, map.get(item) + 1);
    await Promise.all(
      items.map(async (item) => {
        while (!stop.now) {
          const answer = await server.ask("POST", `/apply/${item}`, {}).catch(() => null);
          add(answer?.status === 201 ? this.accepted : this.unknown, item);
          if (answer?.status !== 201) await sleep(50);
        }
      }),
    );
  }

  check(log) {
    for (const item of items) {
      const made = log.entries.filter(
        (entry) => entry.kind === "case.drafted" && entry.body.item_code === item,
      ).length;
      const [low, high] = [
        this.accepted.get(item),
        this.accepted.get(item) + this.unknown.get(item),
      ];
      if (made < low || made > high)
        throw new Error(`${item}: ${made} drafts, ${low} acknowledged, ${high} sent`);
    }
  }
}

async function looks(server, cookies, stop, seen) {
  while (!stop.now) {
    for (const [path, headers] of [
      ["/healthz", {}],
      ["/items", {}],
      ["/staff", cookies],
    ]) {
      const answer = await server
        .ask("GET", path, undefined, headers)
        .catch((error) => ({ status: error.code }));
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    }
    await sleep(20);
  }
}

async function outage(server, log, load, keyless, name, away) {
  const stop = { now: false };
  const seen = new Map();
  const cookies = await server.signIn("land-clerk");
  const before = load.acks.length;
  load.faults.clear();
  const running = Promise.all([
    load.run([server], stop, { patient: 100 }),
    keyless.run(server, stop),
    looks(server, cookies, stop, seen),
  ]);
  await sleep(random.between(300, 900));
  const during = load.acks.length;
  await away();
  const after = load.acks.length;
  for (let i = 0; i < 100 && load.acks.length < after + 200; i++) await sleep(100);
  stop.now = true;
  await running;
  await log.follow(server);
  load.checkNew(log);
  const answers = [...seen].map(([status, n]) => `${status}: ${n}`).join(", ");
  const faults = [...load.faults].map(([what, n]) => `${what}: ${n}`).join(", ");
  ok(
    during > before &&
      load.acks.length > after + 100 &&
      [...load.faults.keys()].every((what) => what === 503),
    `${name}: commands before and after, 503 at most between`,
    `${before}, ${during}, ${after}, ${load.acks.length} acknowledged; ${load.said()}`,
  );
  ok(
    [...seen.keys()].every((status) => status === 200 || status === 503),
    `${name}: looks are answered 200 or 503`,
    answers,
  );
  note(
    `${name}: ${load.acks.length - before} acknowledged; commands ${faults || "all waited"}; ` +
      `looks ${answers}`,
  );
}

await story("PostgreSQL restarted under load", async () => {
  const postgres = new Postgres();
  const house = new House(postgres);
  const server = await house.serve(clock);
  const log = new Log();
  const load = new Load(random.between(0, 1 << 30), 16);
  const keyless = new Keyless();
  await log.follow(server);
  const from = log.size;
  const again = (how, pause) => async () => {
    await postgres.act(how);
    await sleep(pause);
    await postgres.act("restart");
  };
  for (let round = 0; round < (full ? 5 : 1); round++) {
    await outage(server, log, load, keyless, "restarted", again("stop", 0));
    await outage(server, log, load, keyless, "killed", again("kill", 0));
    await outage(server, log, load, keyless, "killed and away for 6 s", again("kill", 6000));
  }
  const fresh = await server.ask("POST", "/staff/sign-in", {
    login: "land-clerk",
    password: house.accounts["land-clerk"],
  });
  ok(fresh.status < 300, "sign-in works at once afterwards", `${fresh.status} ${fresh.body}`);
  await load.settle(server);
  await log.follow(server);
  load.checkNew(log);
  load.checkAll(log, from);
  keyless.check(log);
  ok(load.refusals.length === 0, "no command was refused", load.said());
  const unknown = [...keyless.unknown.values()].reduce((sum, n) => sum + n);
  const accepted = [...keyless.accepted.values()].reduce((sum, n) => sum + n);
  ok(
    accepted > 100,
    "what was sent without a key was done once at most",
    `${accepted} accepted, ${unknown} unanswered`,
  );
  note(
    `seed ${seed}: ${load.acks.length} acknowledged with keys, ${accepted} without and ` +
      `${unknown} of those unanswered, ${log.size} entries`,
  );
  await server.stop();
  const wrong = house.verify();
  ok(wrong === "", "tables equal replay", wrong);
});
end();
