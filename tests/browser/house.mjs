// A demonstration house of its own for one run of the stories: set up from cities/pinghu, served on
// a free port at a business time, and verified at the end.
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
