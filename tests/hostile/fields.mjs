// fields.mjs URL DOCUMENT MADE: every text field of every command gets what nobody should type.
//
// What is never a text (controls, direction overrides, bytes that are no UTF-8, a MiB) is refused with
// an error, also in a form, whose page comes again; what is one, though it looks like markup or SQL, is
// taken as it is, comes back to the letter, and is nothing but words on every page, in every role.
// A test a line: "ok NAME" or "bad NAME: WHY".
import { createRequire } from "node:module";
import { House, life, say, without } from "./house.mjs";

const require = createRequire(new URL("../../build/openapi/package.json", import.meta.url));
const parse5 = require("parse5");
const house = House.read(...process.argv.slice(2));

// One word of markup, script, SQL, template and shell, characters of four bytes and from right to left;
// "\u05d0" and "\u0627" are letters. `yimenx` must never become an element or an attribute.
const hostile = [
  `"><yimenx onyimenx=a>'</yimenx>`,
  `</textarea></title><yimenx>`,
  `' onyimenx='a`,
  `'; DROP TABLE cases; --`,
  `{{yimenx}}%s%n&lt;$(id)`,
  `𠀀😀אا\u0301`,
].join(" ");
const short = `<yimenx>'😀`;

const never = {
  "a control": "甲\u0001乙",
  "a NUL": "甲\u0000乙",
  "an escape": "甲\u001b[31m乙",
  "a C1 control": "甲\u0085乙",
  "a direction override": "甲\u202e乙",
  "a direction isolate": "甲\u2067乙",
  "a tag letter": "甲\u{e0041}乙",
  "a filler": "甲\u115f乙",
  "half a pair": "甲\ud800乙",
};
const broken = [0xff, 0xc0, 0x80];

/** The paths of a body's texts: those that a schema leaves free, and those of a code. */
function texts(body, schema, at = []) {
  if (schema?.allOf) schema = schema.allOf[0];
  if (Array.isArray(body)) return body.flatMap((one, i) => texts(one, schema?.items, [...at, i]));
  if (body && typeof body === "object")
    return Object.entries(body).flatMap(([name, one]) =>
      texts(one, schema?.properties?.[name], [...at, name]),
    );
  if (typeof body !== "string" || schema?.enum || schema?.format === "date") return [];
  return [{ at, most: schema?.maxLength ?? 1e9 }];
}
const put = (body, at, value) => {
  const copy = structuredClone(body);
  let where = copy;
  for (const name of at.slice(0, -1)) where = where[name];
  where[at.at(-1)] = value;
  return copy;
};
/** As the form of a page names its fields; lists and records with points. */
function form(body, at = [], out = {}) {
  if (body && typeof body === "object")
    for (const [name, one] of Object.entries(body)) form(one, [...at, name], out);
  else out[at.join(".")] = body === true ? "on" : body === false ? "" : String(body);
  return out;
}

// ---- pages ----

const followed = ["href", "src", "action", "formaction"];
/** What of a page came from a text: elements and attributes that no template has. */
function grown(html) {
  const found = [];
  const walk = (node) => {
    if (/yimenx/i.test(node.nodeName)) found.push(`<${node.nodeName}>`);
    for (const { name } of node.attrs ?? []) if (/yimenx/i.test(name)) found.push(name);
    for (const { name, value } of node.attrs ?? [])
      if (followed.includes(name) && /^\s*(javascript|data):/i.test(value))
        found.push(`${name}=${value}`);
    if (node.nodeName === "script" && /yimenx/i.test(parse5.serialize(node))) found.push("a script");
    for (const child of node.childNodes ?? []) walk(child);
  };
  walk(parse5.parse(html));
  return found;
}

// ---- what is never a text ----

async function refused(id, login, body, more, schema) {
  const { path } = house.operations.get(id);
  const wrong = [];
  let tried = 0;
  const told = (what, at, got) => {
    tried += 1;
    if (got.status < 400 || got.status >= 500) wrong.push(`${at.join(".")} ${what}: ${got.status}`);
    for (const one of got.type.includes("html") ? grown(got.text) : [])
      wrong.push(`${at.join(".")} ${what}: ${one} in the page`);
  };
  const long = "长".repeat(350000);
  for (const { at } of texts(body, schema)) {
    for (const [what, value] of Object.entries(never)) {
      const bad = put(body, at, value);
      const got = await house.send("POST", path, login, { json: bad, more });
      told(what, at, got);
      const named = got.json?.errors?.some((error) => error.field === at.join("."));
      // Half a pair is no JSON at all, and a sign-in says nothing of what was wrong.
      if (got.status === 422 && !named && !id.startsWith("identity.sign_in"))
        wrong.push(`${at.join(".")} ${what}: not named in ${got.text}`);
      if (what === "half a pair") continue;
      told(`${what} in a form`, at, await house.send("POST", path, login, { form: form(bad), more }));
    }
    // A field too long, with everything that markup needs: the page comes again with what was typed.
    const page = put(body, at, hostile.repeat(60));
    const again = await house.send("POST", path, login, { form: form(page), more });
    told("words without end in a form", at, again);
    const vast = await house
      .send("POST", path, login, { json: put(body, at, long), more })
      .catch((error) => ({ status: 413, type: "", cut: error.cause?.code ?? error.message }));
    if (vast.cut && !["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes(vast.cut)) wrong.push(vast.cut);
    told("a MiB", at, vast);
    const name = `${encodeURIComponent(at.join("."))}=`;
    const raw = Buffer.concat([Buffer.from(name), Buffer.from(broken)]);
    const type = "application/x-www-form-urlencoded";
    const accept = "text/html";
    told("no UTF-8", at, await house.send("POST", path, login, { raw, type, accept, more }));
  }
  return { wrong, tried };
}

async function settled(id, login, body, more, schema) {
  const { path } = house.operations.get(id);
  const [first] = texts(body, schema);
  if (!first) return body;
  const got = await house.send("POST", path, login, { json: put(body, first.at, "\u0001"), more });
  return without(body, got.json.errors ?? []);
}

// ---- what is a text ----

/** Sends the body with every text hostile; what is refused by name (a code, a number) goes back to what
 * is good. Answers what was taken. */
async function taken(id, login, body, more, schema, plain) {
  const { path } = house.operations.get(id);
  const left = new Map(plain ? [] : texts(body, schema).map((one) => [one.at.join("."), one]));
  for (let turn = 0; turn < 12; turn++) {
    let sent = body;
    for (const [name, { at, most }] of left) {
      const words = most < 40 ? short : `${id} ${name} ${hostile}`;
      sent = put(sent, at, [...words].slice(0, most).join(""));
    }
    const got = await house.send("POST", path, login, { json: sent, more });
    if (got.status === 201) return { got, sent, left };
    const errors = got.json?.errors ?? [];
    const before = left.size;
    body = without(body, errors);
    const kept = new Set(texts(body, schema).map(({ at }) => at.join(".")));
    for (const { field } of errors) left.delete(field);
    for (const name of left.keys()) if (!kept.has(name)) left.delete(name);
    const less = errors.some((error) => error.code === "undeclared");
    if (left.size < before || less) continue;
    if (got.status < 500 && left.size) {
      left.clear(); // refused as a whole: a state, somebody unknown
      continue;
    }
    return { got, sent, left };
  }
  throw new Error(`${id}: no end`);
}

const done = new Set();
const words = []; // what was taken, and where
let fields = 0;
const steps = life(house);
for (let step = await steps.next(); !step.done; ) {
  const [id, login, given, more, plain] = step.value;
  const { operation } = house.operations.get(id) ?? {};
  if (!operation) {
    say(false, id, "is not in the document");
    break;
  }
  const schema = operation.requestBody.content["application/json"].schema;
  const body = await settled(id, login, given, more, schema);
  if (!done.has(id)) {
    const { wrong, tried } = await refused(id, login, body, more, schema);
    if (tried) say(!wrong.length, `${id}: ${tried} times refused`, wrong.slice(0, 5).join("; "));
    fields += texts(body, schema).length;
  }
  const { path } = house.operations.get(id);
  const secret = /password|sign_in|totp/.test(id); // goes on being what one signs in with
  const { got, sent, left } = secret
    ? { got: await house.send("POST", path, login, { json: body, more }), left: [] }
    : await taken(id, login, body, more, schema, plain);
  say(got.status === 201, `${id}: done, ${[...left].length} texts as hostile as can be`,
    `${got.status} ${got.text}`);
  const at = (name) => name.split(".").reduce((one, part) => one[part], sent);
  for (const [name] of left) words.push({ id, name, text: at(name) });
  done.add(id);
  step = await steps.next(got.json);
}

// These need what only a person's telephone or another house knows, or end what the others stand on.
const elsewhere = new Set([
  "identity.sign_in.code", "identity.totp.begin", "identity.totp.confirm", "identity.totp.reset",
  "identity.sign_in.with", "identity.sign_in.back", "identity.sign_out.there", "identity.link.begin",
  "identity.link.back", "identity.link.add", "identity.link.remove", "identity.sign_out",
]);
for (const [id, login, body] of [
  ["identity.sign_in.code", null, { code: "123456" }],
  ["identity.totp.begin", "land-clerk", { current: "x" }],
  ["identity.totp.confirm", "land-clerk", { code: "123456" }],
  ["identity.totp.reset", "security", { reason: "手机丢失，本人到场核对身份证" }],
  ["identity.sign_in.with", null, { next: "/staff" }],
  ["identity.sign_in.back", null, { code: "abc", state: "def", error: "g", iss: "h" }],
  ["identity.link.begin", "land-clerk", { current: "x" }],
  ["identity.link.back", "land-clerk", { code: "abc", state: "def", error: "g", iss: "h" }],
  ["identity.link.add", "security", { provider: "province", subject: "248289761001" }],
]) {
  const { operation } = house.operations.get(id);
  const { schema } = operation.requestBody.content["application/json"];
  const { wrong, tried } = await refused(id, login, body, {}, schema);
  say(tried && !wrong.length, `${id}: ${tried} times refused`, wrong.slice(0, 5).join("; "));
}
const missing = house.commands().map((one) => one.operation.operationId)
  .filter((id) => !done.has(id) && !elsewhere.has(id));
say(!missing.length, `every command was tried (${done.size})`, missing.join(" "));
say(fields > 60, `${fields} text fields`);

// ---- every page ----

const shown = new Set();
let pages = 0;
const everybody = [null, "land-clerk", "land-reviewer", "land-verifier", "land-head", "manager",
  "supervisor", "administrator", "security", "auditor"];
const known = (path) => !/\{(sha256|log_id|asset)\}/.test(path) && path !== "/assets/{name}";
/** What the parameters of a path stand for: every case, every item, every section of the draft. */
function every(path) {
  if (path.includes("{case_id}") || path.includes("{case_no}")) return house.cases;
  if (path.includes("{section}"))
    return ["basics", "words", "laws", "materials", "answers"].map((section) => ({ section }));
  if (path.includes("{item_code}"))
    return ["011-001", "011-003"].map((item_code) => ({ item_code }));
  return [{}];
}
for (const { path, method, operation } of house.operations.values()) {
  if (method !== "get" || !known(path)) continue;
  const types = Object.keys(operation.responses["200"].content ?? {});
  const wrong = [];
  let seen = 0;
  for (const more of every(path)) {
    for (const login of everybody) {
      const page = await house.send("GET", path, login, { accept: "text/html", more });
      if (page.status >= 500) wrong.push(`${login}: ${page.status}`);
      if (page.type.includes("html")) wrong.push(...grown(page.text).map((one) => `${login}: ${one}`));
      if (page.status !== 200) continue;
      seen += 1;
      if (!types.includes("application/json")) continue;
      const { text } = await house.send("GET", path, login, { more });
      for (const one of words)
        if (text.includes(JSON.stringify(one.text).slice(1, -1))) shown.add(`${one.id} ${one.name}`);
    }
  }
  pages += seen;
  say(!wrong.length, `GET ${path}: nothing grew in ${seen} pages`, wrong.slice(0, 5).join("; "));
}
say(pages > 100, `${pages} pages were read`);
const back = new Set(words.map((one) => `${one.id} ${one.name}`));
say(shown.size > 25, `${shown.size} of ${back.size} texts taken were read again to the letter`);
console.error([...back].filter((name) => !shown.has(name)).join("\n"));
