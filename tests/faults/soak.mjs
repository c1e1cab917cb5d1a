// Mixed load for SOAK_MINUTES (60, or the number given) on each engine: citizens who apply and hand in
// files, staff who sign in and read, outsiders who read the journal, connections that are cut and
// requests that are none. Memory stays flat and no descriptor is leaked: both are measured each second
// and judged as a trend, the first quarter being for warming up. Not executable: `tests/run` passes
// over it; `make soak` runs it, and `make faults` for a minute.
import { readFileSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { House, Postgres, end, note, ok, random, sleep, story } from "./lib.mjs";
import { Load } from "./load.mjs";

const minutes = Number(process.argv[2] ?? process.env.SOAK_MINUTES ?? 60);
const clock = "2014-05-04T08:30";
const staff = ["land-clerk", "land-reviewer", "supervisor", "administrator"];
const pages = ["/staff", "/staff/me", "/staff/cases", "/staff/accounts", "/staff/catalogue/items"];
const open = ["/", "/items", "/items/011-001", "/my", "/calendar?year=2014", "/openapi.json"];
const journal = ["checkpoint", "vkey", "tile/0/000", "tile/entries/000"].map(
  (path) => `/log/330482/${path}`,
);

/** Again and again until it is over; a cut connection is tried again, a fault of the house is not. */
async function asking(told, stop, pause_ms, ask) {
  while (!stop.now) {
    try {
      const { status } = await ask();
      told.answers += 1;
      if (status >= 500) told.faults.push(status);
    } catch (error) {
      if (stop.now) return;
      told.cut += 1;
    }
    await sleep(pause_ms);
  }
}

/** Citizens, a new load each ten seconds, so that this side remembers little. */
async function applying(server, told, stop) {
  while (!stop.now) {
    const turn = { now: false };
    const load = new Load(random.between(0, 1 << 30), 3);
    const running = load.run([server], turn);
    for (let n = 0; n < 10 && !stop.now; n++) await sleep(1000);
    turn.now = true;
    await running;
    told.answers += load.acks.length;
    told.commands += load.acks.length;
    if (load.faults.size || load.refusals.length) told.faults.push(load.said());
  }
}

async function handing(server, told, stop) {
  const mark = "yimen-soak";
  let drafted = {};
  let turn = 0;
  await asking(told, stop, 20, async () => {
    if (turn++ % 5 === 0 || !drafted.location) {
      const answer = await server.ask("POST", "/apply/011-001", {});
      drafted = JSON.parse(answer.body);
      return answer;
    }
    const body = Buffer.from(
      `--${mark}\r\nContent-Disposition: form-data; name="document"; filename="a.pdf"\r\n` +
        `Content-Type: application/pdf\r\n\r\n%PDF-1.4 ${random.word().repeat(3000)}\r\n` +
        `--${mark}--\r\n`,
    );
    const type = { "Content-Type": `multipart/form-data; boundary=${mark}` };
    const answer = await server.ask("POST", `${drafted.location}/materials/m1`, body, type);
    told.files += answer.status < 300;
    return answer;
  });
}

async function looking(server, login, told, stop) {
  let person = null;
  let turn = 0;
  await asking(told, stop, 10, async () => {
    if (turn++ % 200 === 0) person = await server.signIn(login);
    const Accept = turn % 2 ? "text/html" : "application/json";
    return server.ask("GET", pages[turn % pages.length], undefined, { ...person, Accept });
  });
}

const reading = (server, told, stop) =>
  asking(told, stop, 5, () =>
    server.ask("GET", random.pick([...open, ...journal]), undefined, { Accept: "text/html" }),
  );

/** What breaks off in the midst, and what is no request at all. */
async function breaking(server, told, stop) {
  const words = [
    "GET / HTTP/1.1\r\nHo",
    "POST /apply/011-001 HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\na=",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01",
    "POST /my/1/2/materials/m1 HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b" +
      "\r\nContent-Length: 90000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"d",
  ];
  while (!stop.now) {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(random.pick(words), "latin1");
    await sleep(random.between(1, 60));
    if (random.next() < 0.5) socket.resetAndDestroy();
    else socket.destroy();
    told.broken += 1;
  }
}

/** What the server holds now: memory of its own (what it maps of files is the system's), and
 * descriptors. */
function held(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const anonymous = Number(/RssAnon:\s*(\d+) kB/.exec(status)[1]) / 1024;
  return { mib: anonymous, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/** Growth over the whole of the samples, by the straight line that fits them best. */
function growth(list) {
  const n = list.length;
  const x = (n - 1) / 2;
  const y = list.reduce((sum, v) => sum + v, 0) / n;
  let up = 0;
  let down = 0;
  list.forEach((v, i) => {
    up += (i - x) * (v - y);
    down += (i - x) ** 2;
  });
  return (up / down) * n;
}

/** The least of each five seconds: a password that is being hashed takes memory for a moment. */
function floor(list) {
  const out = [];
  for (let i = 0; i + 5 <= list.length; i += 5) out.push(Math.min(...list.slice(i, i + 5)));
  return out;
}

async function soaked(postgres) {
  const house = new House(postgres);
  const server = await house.serve(clock);
  const name = `${house.engine}, ${minutes} min`;
  const before = held(server.child.pid);
  const told = { answers: 0, commands: 0, files: 0, broken: 0, cut: 0, faults: [] };
  const stop = { now: false };
  const working = [
    applying(server, told, stop),
    handing(server, told, stop),
    ...staff.map((login) => looking(server, login, told, stop)),
    ...[1, 2, 3].map(() => reading(server, told, stop)),
    breaking(server, told, stop),
  ];
  const samples = [];
  const until = performance.now() + minutes * 60000;
  while (performance.now() < until) {
    await sleep(1000);
    samples.push(held(server.child.pid));
  }
  stop.now = true;
  await Promise.all(working);
  server.agent.destroy();
  await sleep(2000);
  const after = held(server.child.pid);

  const warm = samples.slice(Math.floor(samples.length / 4));
  const mib = floor(warm.map((sample) => sample.mib));
  const descriptors = warm.map((sample) => sample.descriptors);
  note(
    `${name}: ${told.answers} answers, ${told.commands} commands of citizens, ${told.files} files, ` +
      `${told.broken} broken off; memory ${before.mib.toFixed(1)} MiB at first, then ` +
      `${middle(mib).toFixed(1)}, ${growth(mib).toFixed(2)} more at the end by its trend; ` +
      `descriptors ${before.descriptors}, ${middle(descriptors)}, ${after.descriptors} afterwards`,
  );
  ok(told.answers > 300 * minutes && told.files > 10 * minutes, `${name}: there was work`);
  ok(told.faults.length === 0, `${name}: no fault`, told.faults.slice(0, 5).join("; "));
  // 4 MiB and a twentieth are no trend; caches fill in the first minutes, all that a short run sees.
  const most = 4 + middle(mib) / 20 + 8 / minutes;
  ok(growth(mib) < most, `${name}: memory is flat`, `${growth(mib).toFixed(2)} MiB more`);
  ok(growth(descriptors) < 4, `${name}: descriptors do not rise`, `${growth(descriptors)}`);
  // A connection to the database stays open for each helper that needed one.
  ok(after.descriptors <= before.descriptors + 12, `${name}: none is left when all have gone`,
    `${before.descriptors} before, ${after.descriptors} after`);
  ok((await server.stop()) === 0, `${name}: the server ends well`, server.said());
  ok(house.verify() === "", `${name}: everything holds`, house.verify());
}

await story("SQLite", () => soaked(null));
await story("PostgreSQL", async () => soaked(new Postgres()));
end();
