// check.mjs URL DOCUMENT MADE: every example of the API document is sent to a real server, in the order
// of a case's life, and is answered as the document says; every address that can be got is answered, by
// somebody, with JSON that fits its schema. MADE: what `yimen init --demo --json` printed. A test a
// line: "ok NAME" or "bad NAME: WHY".
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { House, life, without } from "../hostile/house.mjs";
import { differs, listed } from "./tables.mjs";

const require = createRequire(new URL("../../build/openapi/package.json", import.meta.url));
const Ajv = require("@redocly/ajv/dist/2020.js").default;
const [url, documentPath, madePath] = process.argv.slice(2);
const api = JSON.parse(readFileSync(documentPath, "utf8"));
const passwords = new Map(
  JSON.parse(readFileSync(madePath, "utf8")).accounts.map((a) => [a.login, a.password]),
);
const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema(api, "api");

const say = (good, name, why = "") =>
  console.log(good ? `ok ${name}` : `bad ${name}: ${String(why).slice(0, 600).replaceAll("\n", " ")}`);

/** Whether the value fits what stands in the document at that place. */
function fits(value, ...place) {
  const pointer = place.map((p) => encodeURIComponent(p.replaceAll("~", "~0").replaceAll("/", "~1")));
  const valid = ajv.compile({ $ref: `api#/${pointer.join("/")}` });
  return valid(value) ? "" : ajv.errorsText(valid.errors);
}

const operations = new Map();
for (const [path, methods] of Object.entries(api.paths))
  for (const [method, operation] of Object.entries(methods))
    operations.set(operation.operationId, { path, method, operation });

const sessions = new Map([[null, {}]]);
async function session(login) {
  if (sessions.has(login)) return sessions.get(login);
  const answer = await fetch(`${url}staff/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ login, password: passwords.get(login) }),
  });
  const { csrf } = await answer.json();
  const cookie = answer.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
  sessions.set(login, { Cookie: cookie, "X-CSRF-Token": csrf });
  return sessions.get(login);
}

/** What paths are filled with; grows as things are made. */
const known = {
  item_code: "011-001",
  region: "330482",
  rest: "0/000.p/1",
  index: "0",
  name: "not_found",
  section: "laws",
};
const filled = (path) =>
  path.replace(/\{(\w+)\}/g, (_, name) =>
    name === "case_no" && path.includes("{log_id}")
      ? "1"
      : path.includes("/papers/{index}") && name === "index"
        ? known.paper
        : (known[name] ?? "1"),
  );

async function ask(method, path, login, body) {
  const headers = { Accept: "application/json", ...(await session(login)) };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url.replace(/\/$/, "") + filled(path), {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: "manual",
  });
  // As it is: answer.text() would take the mark of UTF-8 away.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await answer.arrayBuffer());
  const type = answer.headers.get("content-type") ?? "";
  return { status: answer.status, type, text, json: type.includes("json") ? JSON.parse(text) : null };
}

/** Sends an operation's own example as that account. */
const sent = new Set();
async function send(id, login, more = {}) {
  const name = `${id} by ${login ?? "the applicant"}`;
  const found = operations.get(id);
  if (!found) return say(false, name, "is not in the document");
  Object.assign(known, more);
  const body = ["requestBody", "content", "application/json"];
  const { example } = found.operation.requestBody.content["application/json"];
  if (example === undefined) return say(false, name, "has no example");
  sent.add(id);
  const wrong = fits(example, "paths", found.path, "post", ...body, "schema");
  say(!wrong, `${name}: its example fits its schema`, wrong);
  const answer = await ask("POST", found.path, login, example);
  say(answer.status === 201, `${name}: 201`, `${answer.status} ${answer.text}`);
  if (answer.status !== 201) return undefined;
  const place = ["paths", found.path, "post", "responses", "201", "content", "application/json"];
  const bad = fits(answer.json, ...place, "schema");
  say(!bad, `${name}: answered as described`, `${bad} ${answer.text}`);
  return answer.json;
}

async function draft() {
  const made = await send("case.draft", null);
  known.case_no = made.case_no;
  known.query_code = made.query_code;
}
async function story() {
  await draft();
  await send("case.withdraw", null);
  await draft();
  for (const id of ["who", "contact", "way", "applicant", "matter"]) await send(`case.${id}`, null);
  for (const code of ["m1", "m2", "m3", "m4", "m5"]) await send("case.provide", null, { code });
  await send("case.submit", null);
  const desk = await ask("GET", "/staff/cases", "land-clerk");
  known.case_id = String(/"case_id":(\d+)/.exec(desk.text)?.[1] ?? 2);
  for (const [id, login] of [
    ["receive", "land-clerk"],
    ["check", "land-clerk"],
    ["accept", "land-clerk"],
    ["suspend", "land-reviewer"],
    ["resume", "land-reviewer"],
    ["review", "land-reviewer"],
    ["return", "land-verifier"],
    ["review", "land-reviewer"],
    ["decide", "land-verifier"],
    ["issue", "land-clerk"],
    ["deliver", "land-clerk"],
  ])
    await send(`case.${id}`, login);
  const told = await ask("GET", "/staff/cases/{case_id}", "land-clerk");
  known.paper = String(told.json.history.find((step) => step.paper)?.index);
  await send("catalogue.draft.start", "land-clerk");
  await send("catalogue.item.withdraw", "land-head", { item_code: "011-002" });
  known.item_code = "011-001";
  const gone = await ask("GET", "/withdrawals", null);
  known.withdrawal_id = String(gone.json.notices?.[0]?.withdrawal_id);
  await send("identity.account.create", "administrator");
  const accounts = await ask("GET", "/staff/accounts", "administrator");
  known.account_id = /"account_id":(\d+)/.exec(accounts.text)?.[1];
  await send("identity.token.create", "security");
  await send("identity.absence.record", "land-verifier");
}

/** Every address that can be got, by whoever may: JSON as its schema says. */
async function looks() {
  let described = 0;
  // The log that tests/scenarios/openapi brings in, with one case, "1".
  const logs = await ask("GET", "/staff/history", "supervisor");
  known.log_id = /"log_id":(\d+)/.exec(logs.text)?.[1];
  for (const { path, method, operation } of operations.values()) {
    if (method !== "get") continue;
    const name = `GET ${path}`;
    const media = operation.responses["200"].content ?? {};
    let answer;
    for (const login of [null, "supervisor", "administrator", "land-clerk", "land-reviewer",
      "land-verifier", "land-head", "manager", "security", "auditor"]) {
      answer = await ask("GET", path, login);
      if (answer.status === 200) break;
    }
    if (path === "/assets/{name}" || path === "/staff/files/{sha256}") continue; // shown elsewhere
    if (answer.status !== 200) {
      say(false, name, `${answer.status} ${answer.text}`);
      continue;
    }
    const schema = media["application/json"]?.schema;
    if (!schema) {
      const types = Object.keys(media);
      say(!types.length || types.some((t) => answer.type.startsWith(t)), name, answer.type);
      continue;
    }
    described += 1;
    const place = ["paths", path, "get", "responses", "200", "content", "application/json", "schema"];
    const wrong = answer.json ? fits(answer.json, ...place) : "is no JSON";
    say(!wrong, `${name}: as described`, `${wrong} ${answer.text}`);
  }
  say(described > 30, `${described} pages have a schema`);
}

/** Every list as a table, beside its JSON as the same person has it. */
async function tables() {
  let lists = 0;
  let filled = 0;
  for (const { path, method, operation } of operations.values()) {
    if (method !== "get" || !operation["x-list"]) continue;
    const page = path.replace(/\.csv$/, "");
    let why = "nobody may";
    for (const login of [null, "supervisor", "land-clerk", "land-head", "auditor"]) {
      // Who asks for traces leaves one.
      const asked = page === "/staff/looks" ? "?login=land-clerk" : "";
      const json = await ask("GET", page + asked, login);
      const csv = await ask("GET", path + asked, login);
      if (json.status !== csv.status) why = `${csv.status} for ${login}, the page ${json.status}`;
      if (json.status !== 200) continue;
      const place = api.paths[page].get.responses["200"].content["application/json"].schema;
      const list = listed(json.json, operation["x-list"]);
      const of = (schema, names) =>
        names.length ? of(schema.properties[names[0]].items, names.slice(1)) : schema;
      why = differs(csv.text, list, of(place, operation["x-list"].split(" ")[0].split(".")));
      if (!csv.type.startsWith("text/csv")) why = csv.type;
      filled += list.length > 0;
      break;
    }
    lists += 1;
    say(!why, `GET ${path}: as its JSON`, why);
  }
  say(lists >= 15, `${lists} lists are tables too`);
  say(filled >= lists - 3, `${filled} of them have rows here`);
}

// What only a person's telephone knows, or another house: their examples are held against the schema.
const elsewhere = [
  "identity.sign_in.code", "identity.totp.begin", "identity.totp.confirm", "identity.totp.reset",
  "identity.sign_in.with", "identity.sign_in.back", "identity.sign_out.there", "identity.link.begin",
  "identity.link.back", "identity.link.add", "identity.link.remove",
];
/** Of an example: what is a number or a password of this very house. */
const own = ["revision", "over", "index", "account_id", "login", "password", "current"];

const asked_for = ["requestBody", "content", "application/json", "schema"];
/** A life that comes by every command; those whose example was not sent get it now. */
async function others() {
  const house = House.read(url, documentPath, madePath);
  const steps = life(house);
  for (let step = await steps.next(); !step.done; ) {
    const [id, login, body, more] = step.value;
    const { path, operation } = operations.get(id);
    const { example } = operation.requestBody.content["application/json"];
    const first = !sent.has(id) && example !== undefined;
    const mine = Object.fromEntries(Object.entries(body).filter(([name]) => own.includes(name)));
    let json = first ? { ...example, ...mine } : body;
    let got = await house.send("POST", path, login, { json, more });
    // A section as its page shows it goes back without what the page does not take.
    while (!first && got.json?.errors?.some((error) => error.code === "undeclared")) {
      json = without(json, got.json.errors);
      got = await house.send("POST", path, login, { json, more });
    }
    sent.add(id);
    if (first) {
      const wrong = fits(example, "paths", path, "post", ...asked_for);
      say(!wrong, `${id}: its example fits its schema`, wrong);
    }
    if (first) say(got.status === 201, `${id}: its example is taken`, got.text);
    else if (got.status > 201) say(false, `${id}: goes on`, got.text);
    step = await steps.next(got.json);
  }
  for (const id of elsewhere) {
    const { path, operation } = operations.get(id);
    const { example } = operation.requestBody.content["application/json"];
    const wrong = fits(example, "paths", path, "post", ...asked_for);
    say(example !== undefined && !wrong, `${id}: its example fits its schema`, wrong);
    sent.add(id);
  }
}

await story();
await looks();
await tables();
await others();
await send("identity.sign_out", "land-clerk");
const commands = [...operations.values()].map((one) => one.operation)
  .filter((one) => one.requestBody?.content["application/json"]);
const bare = commands.filter(
  (one) => one.requestBody.content["application/json"].example === undefined,
);
say(!bare.length, "every command has an example", bare.map((one) => one.operationId).join(" "));
const left = commands.map((one) => one.operationId).filter((id) => !sent.has(id));
say(left.length === 0, "every example was sent", left.join(" "));
say(commands.length >= 60, `${commands.length} operations have an example`);
