// A demonstration house of its own for one run of the stories: set up from cities/pinghu, served on
// a free port at a business time, and verified at the end.
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./lib.mjs";

const program = join(root, "build", "yimen");
const run = promisify(execFile);

/** Runs the program; answers { status, out }, whatever the status. */
export async function yimen(...args) {
  try {
    const { stdout, stderr } = await run(program, args, { cwd: root });
    return { status: 0, out: stdout + stderr };
  } catch (error) {
    return { status: error.code, out: `${error.stdout}${error.stderr}` };
  }
}

/** A database of its own beside those of other tests. */
function database(url) {
  const name = `browser_${process.pid}`;
  execFileSync("psql", ["-q", "-d", url, "-c", `CREATE DATABASE ${name}`]);
  return url.replace(/^(postgresql:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}

/** An event log of so many cases, each with three steps; every third is late, every seventh open. */
function eventLog(cases) {
  const text = (key, value) => `<string key="${key}" value="${value}"/>`;
  const date = (key, day) => `<date key="${key}" value="2011-03-${day}T09:00:00+08:00"/>`;
  const step = (name, day) =>
    `<event>${text("concept:name", name)}${text("org:resource", "经办人甲")}` +
    `${text("lifecycle:transition", "complete")}${date("time:timestamp", day)}</event>`;
  const trace = (n) =>
    `<trace>${text("concept:name", `老系统-${1000 + n}`)}${text("department", "国土资源局")}` +
    `${text("responsible", "经办人甲")}${text("channel", "窗口")}${date("startdate", "01")}` +
    `${date("deadline", n % 3 ? "20" : "10")}${n % 7 ? date("enddate", "15") : ""}` +
    `${step("收件", "01")}${step("审核", "12")}${n % 7 ? step("办结", "15") : ""}</trace>`;
  const all = Array.from({ length: cases }, (_, n) => trace(n)).join("\n");
  const extension = ([name, prefix]) =>
    `<extension name="${name}" prefix="${prefix}" uri="http://www.xes-standard.org/${prefix}.xesext"/>`;
  const extensions = Object.entries({
    Concept: "concept",
    Organizational: "org",
    Lifecycle: "lifecycle",
    Time: "time",
  });
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n`;
  return `${head}${extensions.map(extension).join("\n")}\n${all}\n</log>\n`;
}

export class House {
  /** postgresql: the server's URL, or nothing for SQLite. */
  constructor(postgresql) {
    this.folder = mkdtempSync(join(tmpdir(), "yimen-browser-"));
    this.data = ["--data", join(this.folder, "data")];
    if (postgresql) this.data.push("--db", database(postgresql));
  }

  async setUp() {
    const city = ["init", "--city", "cities/pinghu", "--demo", "--at", "2014-01-02T08:30", "--json"];
    const { status, out } = await yimen(...city, ...this.data);
    if (status !== 0) throw new Error(`init: ${out}`);
    this.accounts = JSON.parse(out.split("\n").find((line) => line.startsWith("{"))).accounts;
  }

  /** Brings in 60 cases of a system used before: more than one page of them. */
  async importHistory() {
    const path = join(this.folder, "before.xes");
    writeFileSync(path, eventLog(60));
    const { status, out } = await yimen("import", "xes", path, ...this.data);
    if (status !== 0) throw new Error(`import: ${out}`);
  }

  password(login) {
    return this.accounts.find((account) => account.login === login).password;
  }

  async open(clock) {
    this.server = spawn(program, ["serve", ...this.data, "--port", "0", "--clock", clock], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.base = await new Promise((found, failed) => {
      let said = "";
      this.server.stdout.on("data", (bytes) => {
        said += bytes;
        const address = /http:\/\/[0-9.]+:[0-9]+/.exec(said);
        if (address) found(address[0]);
      });
      this.server.on("exit", (status) => failed(new Error(`serve ended with ${status}: ${said}`)));
    });
  }

  async close() {
    if (!this.server) return;
    const gone = new Promise((done) => this.server.once("exit", done));
    this.server.kill("SIGTERM");
    await gone;
    this.server = null;
  }

  /** Journal against itself, tables against its replay. */
  verify() {
    return yimen("verify", ...this.data);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
