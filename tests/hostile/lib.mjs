// What the hostile readers of a running house share: its document, its people, its commands and their
// texts, all from /openapi.json, so that what is new is tried without being named here. A check is one
// line on standard output: "ok NAME" or "bad NAME: WHY"; tests/scenarios/hostile* count them.
import { readFileSync } from "node:fs";

export const say = (good, name, why = "") =>
  console.log(good ? `ok ${name}` : `bad ${name}: ${String(why).slice(0, 900).replaceAll("\n", " ")}`);

const types = { json: "application/json", form: "application/x-www-form-urlencoded" };

export class House {
  constructor(url, documentPath, madePath) {
    this.url = url.replace(/\/$/, "");
    this.api = JSON.parse(readFileSync(documentPath, "utf8"));
    const { accounts } = JSON.parse(readFileSync(madePath, "utf8"));
    this.passwords = new Map(accounts.map((a) => [a.login, a.password]));
    this.sessions = new Map([[null, {}]]);
    this.known = {
      item_code: "011-001", region: "330482", rest: "0/000.p/1", index: "0", name: "not_found",
      section: "laws", row: "0", code: "m1", account_id: "1", case_id: "1",
    };
    this.commands = []; // { id, path, schema, example }
    this.looks = []; // { id, path }
    for (const [path, { get, post }] of Object.entries(this.api.paths)) {
      const body = post?.requestBody?.content["application/json"];
      if (body)
        this.commands.push({ id: post.operationId, path, schema: body.schema, example: body.example,
          scopes: post.security.flatMap((way) => way.bearer ?? []) });
      if (get) this.looks.push({ id: get.operationId, path, get });
    }
    // What no session needs is done by the applicant; what needs one, by whoever may.
    this.people = ["land-clerk", "land-reviewer", "land-verifier", "land-head", "manager",
      "supervisor", "administrator", "security", "auditor"];
  }

  command(id) {
    const found = this.commands.find((command) => command.id === id);
    if (!found) throw new Error(`${id} is not in the document`);
    return found;
  }

  async session(login) {
    if (this.sessions.has(login)) return this.sessions.get(login);
    const answer = await fetch(`${this.url}/staff/sign-in`, {
      method: "POST",
      headers: { "Content-Type": types.json, Accept: types.json },
      body: JSON.stringify({ login, password: this.passwords.get(login) }),
    });
    const { csrf } = await answer.json();
    if (!csrf) throw new Error(`${login} is not let in: ${answer.status}`);
    const cookie = answer.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
    this.sessions.set(login, { Cookie: cookie, "X-CSRF-Token": csrf });
    return this.sessions.get(login);
  }

  at(path, more = {}) {
    const known = { ...this.known, ...more };
    return this.url + path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(known[name] ?? "1"));
  }

  /** Sends raw bytes as that kind of body; answers { status, text, json, headers }. */
  async send(address, login, kind, bytes, more = {}) {
    const session = await this.session(login);
    const headers = { Accept: types.json, "Content-Type": types[kind], ...session, ...more };
    const answer = await fetch(address, { method: "POST", headers, body: bytes, redirect: "manual" });
    return read(answer);
  }

  async get(path, login = null, accept = types.json) {
    const headers = { Accept: accept, ...(await this.session(login)) };
    return read(await fetch(this.at(path), { headers, redirect: "manual" }));
  }

  post(id, login, value, more = {}) {
    const { path } = this.command(id);
    return this.send(this.at(path, more), login, "json", JSON.stringify(value));
  }

  /** A form of that value as a browser would send it, with the session's token. */
  async form(value, login) {
    const pairs = new URLSearchParams(flat(value));
    const token = (await this.session(login))["X-CSRF-Token"];
    if (token) pairs.append("_token", token);
    return pairs.toString();
  }

  /** A case that an applicant has begun, so that there is a key to come with. */
  async draft() {
    const { json } = await this.post("case.draft", null, {});
    Object.assign(this.known, { case_no: json.case_no, query_code: json.query_code });
    return json;
  }

  /** How many entries the journal holds. */
  async entries() {
    const { text } = await this.get("/log/{region}/checkpoint");
    return Number(text.split("\n")[1]);
  }

  /** Whom neither a role nor a rule keeps out: the first who has the input read, so that it is told. */
  async whoMay(command) {
    let may;
    for (const login of command.path.startsWith("/staff") ? this.people : [null]) {
      const { status } = await this.post(command.id, login, { no_such_field: 1 });
      if (status === 422) return login;
      if (status !== 401 && status !== 403) may ??= login;
    }
    return may;
  }
}

async function read(answer) {
  const text = await answer.text();
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  const json = isJson ? JSON.parse(text) : null;
  return { status: answer.status, headers: answer.headers, text, json };
}

/** Every place of a schema where a text may stand; lists are entered by their first. */
export function texts(api, schema, path = []) {
  if (schema.$ref) {
    const keys = schema.$ref.slice(2).split("/");
    return texts(api, keys.reduce((at, key) => at[key], api), path);
  }
  if (schema.allOf) return schema.allOf.flatMap((one) => texts(api, one, path));
  if (schema.type === "object")
    return Object.entries(schema.properties ?? {}).flatMap(([k, v]) => texts(api, v, [...path, k]));
  if (schema.type === "array") return texts(api, schema.items, [...path, 0]);
  if (schema.type !== "string" || schema.enum || schema.format) return [];
  return [{ path, most: schema.maxLength ?? 200, secret: Boolean(schema.writeOnly) }];
}

/** Puts a value at a path of objects and lists, making them. */
export function put(root, path, value) {
  let at = root;
  path.forEach((key, i) => {
    if (i + 1 === path.length) at[key] = value;
    else at = at[key] ??= typeof path[i + 1] === "number" ? [] : {};
  });
  return root;
}

/** The pairs of a form: "days.0.name"; texts of a list under the list's own name. */
export function flat(value, prefix = "") {
  if (Array.isArray(value) && value.every((one) => typeof one !== "object"))
    return value.map((one) => [prefix, String(one)]);
  if (typeof value !== "object" || value === null) return [[prefix, String(value)]];
  return Object.entries(value).flatMap(([key, one]) => flat(one, prefix ? `${prefix}.${key}` : key));
}
