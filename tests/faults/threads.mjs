#!/usr/bin/env node
// The whole server built with ThreadSanitizer (build/thread/yimen), on both engines: citizens who
// apply and hand in files, staff who sign in and read, outsiders who read the journal, and another
// process that writes beside it, all at once; then it is told to end while they still ask. Two threads
// that touch one thing without agreeing are reported, and the server ends with status 66.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { House, Log, Postgres, end, full, must, note, ok, random } from "./lib.mjs";
import { root, sleep, story, yimen } from "./lib.mjs";
import { Load } from "./load.mjs";

const program = process.env.YIMEN_FAULTS_PROGRAM ?? join(root, "build", "thread", "yimen");
const clock = "2014-05-04T08:30";
const seconds = full ? 60 : 5;
const staff = ["land-clerk", "land-reviewer", "land-verifier", "supervisor", "manager"];
const pages = ["/staff", "/staff/me", "/staff/accounts", "/staff/cases", "/staff/history"];
const open = [
  "/",
  "/items",
  "/items/011-001",
  "/apply/011-001",
  "/my",
  "/calendar?year=2014",
  "/openapi.json",
  "/healthz",
];
const log330482 = ["checkpoint", "vkey", "tile/0/000", "tile/entries/000"].map(
  (path) => `/log/330482/${path}`,
);

/** GET, and counts in `opened` (address -> times) the answers that are a page, not an error. */
async function look(server, opened, path, headers) {
  const answer = await server.ask("GET", path, undefined, headers);
  opened.set(path, (opened.get(path) ?? 0) + (answer.status === 200));
  return answer;
}

/** Asks again and again until it is over; how often it was served. A cut connection is no answer. */
async function asking(stop, ask) {
  let answers = 0;
  while (!stop.now) {
    try {
      const { status } = await ask();
      if (status >= 500 && status !== 503) throw Object.assign(new Error(status), { wrong: true });
      answers += status < 400;
    } catch (error) {
      if (error.wrong) throw error;
      await sleep(20);
    }
  }
  return answers;
}

/** A case of one's own, and a paper for it as a file, over and over. */
async function handing(server, stop) {
  let drafted = {};
  const draft = async () => {
    const answer = await server.ask("POST", "/apply/011-001", {});
    drafted = JSON.parse(answer.body);
    return answer;
  };
  const mark = "yimen-threads";
  const upload = () => {
    const body = Buffer.from(
      `--${mark}\r\nContent-Disposition: form-data; name="document"; filename="a.pdf"\r\n` +
        `Content-Type: application/pdf\r\n\r\n%PDF-1.4 ${random.word().repeat(3000)}\r\n` +
        `--${mark}--\r\n`,
    );
    const type = { "Content-Type": `multipart/form-data; boundary=${mark}` };
    return server.ask("POST", `${drafted.location}/materials/m1`, body, type);
  };
  let turn = 0;
  let kept = 0;
  const answers = await asking(stop, async () => {
    if (turn++ % 3 === 0 || !drafted.location) return draft();
    const answer = await upload();
    kept += answer.status < 300;
    return answer;
  });
  return [answers, kept];
}

async function looking(server, login, opened, stop) {
  let person = null;
  let turn = 0;
  return asking(stop, async () => {
    if (turn++ % 20 === 0) person = await server.signIn(login);
    const accept = turn % 2 ? "text/html" : "application/json";
    return look(server, opened, pages[turn % pages.length], { ...person, Accept: accept });
  });
}

const reading = (server, opened, stop) =>
  asking(stop, () => {
    const path = random.pick(random.next() < 0.5 ? log330482 : open);
    return look(server, opened, path, path.startsWith("/log/") ? {} : { Accept: "text/html" });
  });

/** From the command line, beside the running server: standing facts change under it. */
async function beside(house, stop) {
  for (let n = 0; n < 3 && !stop.now; n++) {
    await sleep(400);
    const who = ["--name", "旁人", "--roles", "clerk", "--department", "011", "--place", "centre"];
    must(yimen, ["user", "add", `beside-${n}`, ...who, "--clock", clock, ...house.where]);
  }
}

async function raced(postgres) {
  const house = new House(postgres);
  const server = await house.serve(clock, [], program);
  const stop = { now: false };
  const opened = new Map();
  const load = new Load(random.between(0, 1 << 30), 12);
  const working = [
    load.run([server], stop),
    handing(server, stop),
    handing(server, stop),
    Promise.all(staff.map((login) => looking(server, login, opened, stop))),
    Promise.all([1, 2, 3, 4].map(() => reading(server, opened, stop))),
    beside(house, stop),
  ];
  await sleep(seconds * 1000);
  const log = new Log();
  await log.follow(server);
  server.signal("SIGTERM"); // while everybody still asks
  const { status, signal } = await server.ended;
  stop.now = true;
  const [, one, two, looks, reads] = await Promise.all(working);
  server.agent.destroy();
  const told = readFileSync(server.log, "utf8");
  const reports = told.match(/WARNING: ThreadSanitizer/g) ?? [];
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const counts = [load.acks.length, one[1] + two[1], sum(looks), sum(reads)];
  note(
    `${house.engine}: in ${seconds} s ${counts[0]} commands, ${counts[1]} files, ${counts[2]} looks ` +
      `of staff, ${counts[3]} of others, ${log.size} entries`,
  );
  ok(
    counts.every((count) => count > 0) && load.refusals.length === 0,
    `${house.engine}: everybody was served`,
    `${counts}; ${load.said()}`,
  );
  const shut = [...pages, ...open, ...log330482].filter((path) => !opened.get(path));
  ok(shut.length === 0, `${house.engine}: every address was opened`, `never 200: ${shut}`);
  ok(
    reports.length === 0 && status === 0 && signal === null,
    `${house.engine}: no two threads touch one thing without agreeing`,
    `${reports.length} reports, status ${status}, signal ${signal}\n${told.slice(0, 6000)}`,
  );
  const wrong = house.verify();
  ok(wrong === "", `${house.engine}: tables equal replay`, wrong);
}

ok(existsSync(program), "the server is built with ThreadSanitizer");
ok(
  readFileSync(program).includes("__tsan_func_entry"),
  "and its code is watched",
  `${program} does not call ThreadSanitizer`,
);
await story("threads on SQLite", () => raced(null));
await story("threads on PostgreSQL", async () => raced(new Postgres()));
end();
