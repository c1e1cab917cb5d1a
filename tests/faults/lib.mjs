// What the fault tests share: TAP, a seeded random, houses on both engines, servers that are
// killed, a
// PostgreSQL of one's own, and the journal as an outsider reads it (tiles, receipts, signatures).
// YIMEN_FAULTS=full asks for the big numbers; YIMEN_FAULTS_SEED repeats a run's choices.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const yimen = join(root, "build", "yimen");
export const full = process.env.YIMEN_FAULTS === "full";
export const region = "330482";
export { sleep };

// ---- TAP ----

let count = 0;
let failed = 0;

export function ok(good, name, why = "") {
  count += 1;
  console.log(`${good ? "ok" : "not ok"} ${count} - ${name.replaceAll("#", "")}`);
  if (!good) {
    failed += 1;
    for (const line of String(why).split("\n")) console.log(`# ${line}`);
  }
  return good;
}

export function skip(name, why) {
  count += 1;
  console.log(`ok ${count} - ${name} # SKIP ${why}`);
}

export function note(text) {
  console.log(`# ${text}`);
}

/** Runs one story; a thrown error is one failed check, and the next story still runs. */
export async function story(name, run) {
  try {
    await run();
  } catch (error) {
    ok(false, name, error.stack);
  }
}

export function end() {
  console.log(`1..${count}`);
  process.exit(failed || count === 0 ? 1 : 0);
}

// ---- random that can be repeated ----

export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** In [0, 1). */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low, high) {
    return low + Math.floor(this.next() * (high - low));
  }

  pick(list) {
    return list[this.between(0, list.length)];
  }

  word() {
    const part = () => this.between(0, 1 << 30).toString(36).padStart(6, "0");
    return Array.from({ length: 4 }, part).join("");
  }
}

export const seed = Number(process.env.YIMEN_FAULTS_SEED ?? Date.now() % 1000000007);
export const random = new Random(seed);
note(`seed ${seed}`);

// ---- places and processes, all gone at the end ----

export const work = mkdtempSync(join(tmpdir(), "yf-"));
chmodSync(work, 0o755); // PostgreSQL runs as somebody else and must get through
const children = new Set();
const atEnd = [];

/** Runs when the test ends, the last one first. */
export function whenDone(action) {
  atEnd.push(action);
}

process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  for (const action of atEnd.reverse()) action();
  if (process.env.YIMEN_FAULTS_KEEP) console.log(`# kept ${work}`);
  else rmSync(work, { recursive: true, force: true });
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(1));

/** Runs a program to its end: { status, out, err }. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...options,
  });
  if (done.error) throw done.error;
  return { status: done.status, out: done.stdout, err: done.stderr };
}

export function must(program, args) {
  const done = run(program, args);
  if (done.status !== 0)
    throw new Error(`${program} ${args.join(" ")}: ${done.status}\n${done.out}${done.err}`);
  return done.out;
}

export class Postgres {
  static count = 0;

  constructor(dir = join(work, `pg${Postgres.count++}`)) {
    this.dir = dir;
    const done = spawnSync(...this.#tool("start"));
    if (done.status !== 0) throw new Error(`postgres start: ${this.#said("start")}`);
    this.url = this.#said("start").trim().split("\n").at(-1);
    whenDone(() => spawnSync(...this.#tool("stop")));
  }

  /** Its server outlives the tool: no pipe of ours may be left in its hands. */
  #tool(action) {
    const fd = openSync(join(work, `tool.${action}`), "w");
    return [join(root, "tests", "postgres"), [action, this.dir], { stdio: ["ignore", fd, fd] }];
  }
  #said(action) {
    return readFileSync(join(work, `tool.${action}`), "utf8");
  }

  /** stop, kill or restart, while others go on. */
  async act(action) {
    const status = await new Promise((resolve) =>
      spawn(...this.#tool(action)).once("exit", resolve),
    );
    if (status !== 0) throw new Error(`postgres ${action}: ${this.#said(action)}`);
  }

  database(name) {
    return this.url.replace("///postgres?", `///${name}?`);
  }
  sql(name, text) {
    return execFileSync("psql", [this.database(name), "-XAtqc", text], { encoding: "utf8" }).trim();
  }
}

const templates = {};

/** A house filled with the city; accounts is login -> password. */
export class House {
  static count = 0;

  /** postgres null: SQLite. */
  constructor(postgres = null, dir = join(work, `house${House.count++}`)) {
    this.engine = postgres ? "PostgreSQL" : "SQLite";
    this.dir = dir;
    this.postgres = postgres;
    const template = House.#template(postgres);
    this.accounts = template.accounts;
    if (postgres) {
      this.database = `house${House.count++}`;
      postgres.sql("postgres", `CREATE DATABASE ${this.database} TEMPLATE base`);
      mkdirSync(dir, { recursive: true });
    } else {
      cpSync(template.dir, dir, { recursive: true });
    }
    // All load comes from one address here; what it looks up at once, too, is held against it.
    const limits = ["begun: 1000000000", "guesses: 100000", "guesses_case: 1000000"];
    writeFileSync(join(dir, "yimen.yaml"), ["limits:", ...limits, ""].join("\n  "));
    this.where = ["--data", dir, ...(postgres ? ["--db", postgres.database(this.database)] : [])];
    this.servers = 0;
  }

  static #template(postgres) {
    const key = postgres ? postgres.dir : "sqlite";
    if (templates[key]) return templates[key];
    const dir = join(work, `template${Object.keys(templates).length}`);
    const where = ["--data", dir];
    if (postgres) {
      postgres.sql("postgres", "CREATE DATABASE base");
      mkdirSync(dir);
      where.push("--db", postgres.database("base"));
    }
    const made = JSON.parse(
      must(yimen, [
        "init",
        "--city",
        "cities/pinghu",
        "--demo",
        "--at",
        "2014-01-02T08:30",
        "--json",
        ...where,
      ]),
    );
    const accounts = Object.fromEntries(
      made.accounts.map((account) => [account.login, account.password]),
    );
    templates[key] = { dir, accounts };
    return templates[key];
  }

  /** Starts a server and waits until it answers; `program` is another build than the served one. */
  async serve(clock, extra = [], program = yimen) {
    const server = new Server(this, clock, extra, program);
    await server.ready();
    return server;
  }

  /** Journal and tables agree, every hash and signature holds; "" or what is wrong. */
  verify() {
    const done = run(yimen, ["verify", "--json", ...this.where]);
    return done.status === 0 && JSON.parse(done.out).holds ? "" : done.out + done.err;
  }

  sql(text) {
    if (this.postgres) return this.postgres.sql(this.database, text);
    return must("sqlite3", ["-readonly", join(this.dir, "yimen.db"), text]).trim();
  }

  /** Behind the house's back. */
  change(text) {
    if (this.postgres) this.postgres.sql(this.database, text);
    else must("sqlite3", ["-cmd", ".timeout 5000", join(this.dir, "yimen.db"), text]);
  }
}

class Server {
  constructor(house, clock, extra, program) {
    this.house = house;
    this.log = join(work, `log${House.count}.${house.servers++}`);
    const fd = openSync(this.log, "w");
    const args = ["serve", "--port", "0", "--json", "--clock", clock, ...house.where, ...extra];
    this.child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", fd] });
    this.agent = new Agent({ keepAlive: true, maxSockets: 1024 });
    children.add(this.child);
    this.ended = new Promise((resolve) => {
      this.child.once("exit", (status, signal) => {
        children.delete(this.child);
        resolve({ status, signal });
      });
    });
  }

  async ready() {
    let out = "";
    this.child.stdout.setEncoding("utf8");
    const said = new Promise((resolve) => {
      this.child.stdout.on("data", (data) => {
        out += data;
        if (out.includes("\n")) resolve(true);
      });
    });
    if (
      !(await Promise.race([
        said,
        this.ended.then(() => false),
        sleep(30000, false, { ref: false }),
      ]))
    )
      throw new Error(`the server did not start: ${this.said()}`);
    const { url } = JSON.parse(out.split("\n")[0]);
    this.port = Number(new URL(url).port);
  }

  said() {
    return readFileSync(this.log, "utf8").slice(-4000);
  }

  signal(name) {
    this.child.kill(name);
  }

  /** kill -9, and waits until it is gone. */
  async kill() {
    this.signal("SIGKILL");
    await this.ended;
    this.agent.destroy();
  }

  /** In an orderly way; its exit status. */
  async stop() {
    this.signal("SIGTERM");
    const { status } = await this.ended;
    this.agent.destroy();
    return status;
  }

  /** { status, headers, body }; throws if no whole answer came. */
  ask(method, path, body, headers = {}, timeout = 60000) {
    return new Promise((resolve, reject) => {
      const data = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      const sent = { Accept: "application/json", ...headers };
      if (data !== undefined) {
        sent["Content-Type"] ??= "application/json";
        sent["Content-Length"] = Buffer.byteLength(data);
      }
      const request = httpRequest(
        { host: "127.0.0.1", port: this.port, method, path, headers: sent, agent: this.agent },
        (response) => {
          const parts = [];
          response.on("data", (part) => parts.push(part));
          response.on("error", reject);
          response.on("end", () => {
            if (!response.complete) reject(new Error("cut answer"));
            resolve({
              status: response.statusCode,
              headers: response.headers,
              body: Buffer.concat(parts),
            });
          });
        },
      );
      request.setTimeout(timeout, () => request.destroy(new Error("no answer in time")));
      request.on("error", reject);
      request.end(data);
    });
  }

  async get(path, headers = {}) {
    const answer = await this.ask("GET", path, undefined, headers);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  }

  async json(path, headers = {}) {
    return JSON.parse(await this.get(path, headers));
  }

  /** Signs in; the headers that a program of that account sends. */
  async signIn(login) {
    const answer = await this.ask("POST", "/staff/sign-in", {
      login,
      password: this.house.accounts[login],
    });
    if (answer.status >= 300)
      throw new Error(`sign-in of ${login}: ${answer.status} ${answer.body}`);
    const cookie = answer.headers["set-cookie"].map((line) => line.split(";")[0]).join("; ");
    return { Cookie: cookie, "X-CSRF-Token": JSON.parse(answer.body).csrf };
  }
}

// ---- the journal, as an outsider reads it ----

const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafOf = (entry) => sha256(Buffer.from([0]), entry);
const nodeOf = (left, right) => sha256(Buffer.from([1]), left, right);

/** "0" -> "000", 1234067 -> "x001/x234/067" */
function tilePath(n) {
  const digits = [String(n % 1000).padStart(3, "0")];
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000))
    digits.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  return digits.join("/");
}

/** RFC 9162 2.1.3.2: the root that an inclusion proof leads to, or null. */
function rootOfProof(leaf, index, size, proof) {
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of proof) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeOf(p, r);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      r = nodeOf(r, p);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 ? r : null;
}

/** Follows the log of one house across its servers; throws at the first thing that does not hold. */
export class Log {
  entries = []; // { kind, index, subject, at, body, … }
  #leaves = [];
  #peaks = []; // [hash, leaves]
  #key = null;

  get size() {
    return this.entries.length;
  }

  async #learnKey(server) {
    const vkey = (await server.get(`/log/${region}/vkey`)).toString().trim();
    if (this.#key && this.#key.vkey !== vkey) throw new Error("the log's key has changed");
    const [name, id, ...rest] = vkey.split("+");
    const raw = Buffer.from(rest.join("+"), "base64").subarray(1);
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
    this.#key = { vkey, name, id, key: createPublicKey({ key: der, format: "der", type: "spki" }) };
  }

  /** A signed note's { size, root }. */
  #open(noteText) {
    const cut = noteText.lastIndexOf("\n\n");
    const text = noteText.slice(0, cut + 1);
    const line = noteText
      .slice(cut + 2)
      .split("\n")
      .find((one) => one.startsWith(`— ${this.#key.name} `));
    const signature = Buffer.from(line.split(" ")[2], "base64");
    if (signature.subarray(0, 4).toString("hex") !== this.#key.id)
      throw new Error("another key signed");
    if (!verifySignature(null, Buffer.from(text), this.#key.key, signature.subarray(4)))
      throw new Error("a checkpoint's signature does not hold");
    const [, size, rootHash] = text.split("\n");
    return { size: Number(size), root: Buffer.from(rootHash, "base64") };
  }

  #append(bytes) {
    const entry = JSON.parse(bytes);
    if (entry.index !== this.entries.length)
      throw new Error(`entry ${this.entries.length} says ${entry.index}`);
    this.entries.push(entry);
    this.#leaves.push(leafOf(bytes));
    let node = [this.#leaves.at(-1), 1];
    while (this.#peaks.length && this.#peaks.at(-1)[1] === node[1]) {
      const left = this.#peaks.pop();
      node = [nodeOf(left[0], node[0]), node[1] * 2];
    }
    this.#peaks.push(node);
  }

  #root() {
    return this.#peaks.map((peak) => peak[0]).reduceRight((right, left) => nodeOf(left, right));
  }

  async #bundle(server, n, size) {
    const width = Math.min(256, size - n * 256);
    const path = `/log/${region}/tile/entries/${tilePath(n)}${width < 256 ? `.p/${width}` : ""}`;
    const bytes = await server.get(path);
    for (let at = 0, index = n * 256; at < bytes.length; index++) {
      const length = bytes.readUInt16BE(at);
      const entry = bytes.subarray(at + 2, at + 2 + length);
      at += 2 + length;
      if (index < this.size && !leafOf(entry).equals(this.#leaves[index]))
        throw new Error(`entry ${index} has changed`);
      if (index >= this.size) this.#append(entry);
    }
  }

  /** Reads what is new. The root over all ever read must be the signed one: nothing read before is
   * gone or other than it was. */
  async follow(server) {
    await this.#learnKey(server);
    const { size, root: signed } = this.#open(
      (await server.get(`/log/${region}/checkpoint`)).toString(),
    );
    if (size < this.size) throw new Error(`the log had ${this.size} entries and has ${size}`);
    const before = this.size;
    for (let n = Math.floor(before / 256); n * 256 < size; n++) await this.#bundle(server, n, size);
    if (this.size !== size) throw new Error(`${this.size} entries instead of ${size}`);
    if (!this.#root().equals(signed))
      throw new Error(`at size ${size} the entries do not lead to the signed root`);
    for (let i = Math.max(before, 1); i < size; i++) {
      if (this.entries[i].actor !== "console" && this.entries[i].at < this.entries[i - 1].at)
        throw new Error(
          `time goes back at entry ${i}: ${this.entries[i - 1].at}, ${this.entries[i].at}`,
        );
    }
  }

  /** Fetches and checks the receipt of an entry. */
  async receipt(server, index) {
    const text = (await server.get(`/receipts/${region}/${index}`)).toString();
    const cut = text.indexOf("\n\n");
    const lines = text.slice(0, cut).split("\n");
    const { size, root: signed } = this.#open(text.slice(cut + 2));
    const at = lines.findIndex((line) => line.startsWith("index "));
    if (lines[0] !== "c2sp.org/tlog-proof@v1" || lines[at] !== `index ${index}`)
      throw new Error(`receipt ${index}: ${lines}`);
    const proof = lines.slice(at + 1).map((line) => Buffer.from(line, "base64"));
    const found = rootOfProof(this.#leaves[index], index, size, proof);
    if (!found?.equals(signed)) throw new Error(`receipt ${index} does not hold`);
  }
}
