#!/usr/bin/env node
// A very large event log of another system: the real one many times over. Its figures come out as
// many times over, memory stays flat while it is read and reported, and tables equal replay.
// YIMEN_FAULTS_LOGS overrides how many times.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { createGzip, gunzipSync } from "node:zlib";
import { House, Postgres, end, full, note, ok, root, skip, story, work, yimen } from "./lib.mjs";

const logs = join(root, "..", "shared", "data", "eventlogs");
const times = Number(process.env.YIMEN_FAULTS_LOGS ?? (full ? 117 : 3));
const memoryLimit = 96 << 20;

/** The log's cases again and again, each time under names of their own. */
async function multiply(source, path) {
  const text = gunzipSync(readFileSync(source)).toString("utf8");
  const first = text.indexOf("<trace>");
  const last = text.lastIndexOf("</trace>") + "</trace>".length;
  const body = text.slice(first, last);
  const file = createGzip({ level: 1 });
  const done = once(file.pipe(createWriteStream(path)), "finish");
  file.write(text.slice(0, first));
  for (let n = 0; n < times; n++)
    if (!file.write(body.replaceAll('"case-', `"again-${n}-case-`))) await once(file, "drain");
  file.end(text.slice(last));
  await done;
}

/** Runs to the end and looks at its memory meanwhile: { status, out, err, peak in bytes }. */
async function watched(args) {
  const child = spawn(yimen, args, { cwd: root });
  let out = "";
  let err = "";
  let peak = 0;
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  const look = () => {
    try {
      const said = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      if (said) peak = Math.max(peak, Number(said[1]) * 1024);
    } catch (gone) {
      if (gone.code !== "ENOENT" && gone.code !== "ESRCH") throw gone;
    }
  };
  const timer = setInterval(look, 20);
  look();
  const [status] = await once(child, "close");
  clearInterval(timer);
  return { status, out, err, peak };
}

async function bringIn(house, path, oracle) {
  const name = `${house.engine}: ${times} logs in one`;
  const started = performance.now();
  const brought = await watched(["import", "xes", path, ...house.where]);
  ok(brought.status === 0, `${name} are brought in`, brought.err);
  const seconds = (performance.now() - started) / 1000;
  const said = await watched(["report", "cases", "--json", ...house.where]);
  ok(said.status === 0, `${name} are reported`, said.err);
  const report = JSON.parse(said.out);
  // What grows with the cases, and what must not.
  const kept = ["activities", "resources", "variants", "dfg_edges"];
  const kinds = { cases: times, events: times, ...Object.fromEntries(kept.map((key) => [key, 1])) };
  for (const [key, factor] of Object.entries(kinds))
    ok(report[key] === oracle[key] * factor, `${name}: ${key}`, `${report[key]}`);
  for (const [peak, what] of [
    [brought.peak, "bringing in"],
    [said.peak, "reporting"],
  ])
    ok(peak > 0 && peak < memoryLimit, `${name}: memory while ${what}`, `${peak} bytes`);
  note(
    `${name}: ${report.events} events in ${seconds.toFixed(1)} s, at most ` +
      `${(brought.peak / 1048576).toFixed(1)} and ${(said.peak / 1048576).toFixed(1)} MiB`,
  );
  const wrong = house.verify();
  ok(!wrong, `${name}: tables equal replay`, wrong);
}

const source = join(logs, "receipt.xes.gz");
if (!existsSync(source)) {
  skip("a very large event log", "../shared is not there");
} else {
  const path = join(work, "many.xes.gz");
  const oracle = JSON.parse(readFileSync(join(logs, "oracle.json"), "utf8")).receipt;
  await multiply(source, path);
  await story("SQLite: a very large event log", () => bringIn(new House(), path, oracle));
  await story("PostgreSQL: a very large event log", () =>
    bringIn(new House(new Postgres()), path, oracle),
  );
}
end();
