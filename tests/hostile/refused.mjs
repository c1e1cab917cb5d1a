// refused.mjs URL DOCUMENT MADE: every text of every command is sent what no text may hold, as JSON and
// as a form: each is told at its field, nothing of it is kept, the journal does not grow. Each field
// meets one mark of each kind; all of them with YIMEN_HOSTILE=full.
import { House, put, say, texts } from "./lib.mjs";

const house = new House(...process.argv.slice(2));
const full = process.env.YIMEN_HOSTILE === "full";
/** Unicode TR 36 and TR 39: controls; what turns words around; what is not seen; what is none. */
const marks = [
  ["\x01", "\x07", "\x1b[2J", "\x7f", "\x80", "\x9b", "\x0b"],
  ["\u202e", "\u202b", "\u202c", "\u2067", "\u200f", "\u200e", "\u061c", "\u2069"],
  ["\u200b", "\u200d", "\u2060", "\u00ad", "\u3164", "\uffa0", "\u115f", "\u034f", "\u180e",
    "\u206c", "\u{e0041}", "\u{e0001}", "\u{e0fff}", "\u2800", "\u{1d173}", "\u17b4"],
  ["\ufeff", "\u2028", "\u2029", "\ufff9", "\uffff", "\u{1fffe}", "\ufdd0"],
];
const UNSEEN = 2; // a password is taken as typed, with what is not seen in it

const whole = (path) => path.slice(0, typeof path.at(-1) === "number" ? -1 : undefined).join(".");

/** Every field in one body, each with its own text; all must be told. Lists of texts are told under the
 * list or the item. */
async function tried(command, login, fields, texts, kind, code) {
  const value = {};
  fields.forEach((field, i) => put(value, field.path, texts[i]));
  const bytes = kind === "json" ? JSON.stringify(value) : await house.form(value, login);
  const answer = await house.send(house.at(command.path), login, kind, bytes);
  const told = new Map((answer.json?.errors ?? []).map((e) => [e.field, e.code]));
  const silent = fields.filter(({ path }) => {
    const said = told.get(path.join(".")) ?? told.get(whole(path));
    return said !== code && said !== "malformed"; // a code has its own rule
  });
  if (answer.status === 422 && !silent.length && !texts.some((text) => answer.text.includes(text)))
    return "";
  const names = silent.map((f) => `${f.path.join(".")}=${escape(texts[fields.indexOf(f)])}`);
  return `${code} (${kind}) ${answer.status} ${names} ${answer.text.slice(0, 200)}`;
}

/** Bytes that are no characters, which JSON.stringify cannot write; one each time. */
const inJson = [
  "\xc3\x28", "\xed\xa0\x80", "\\ud800", "\\u0000", "\xf8\x88", "\\udc00\\ud800", "\0",
];
const inForm = ["%c3%28", "%ff", "%ed%a0%80", "%f4%90%80%80", "%c0%80", "%00", "%e4%b8"];
async function broken(command, login, field, kind, n) {
  const value = put({}, field.path, "@@");
  const body = kind === "json"
    ? Buffer.from(JSON.stringify(value).replace("@@", inJson[n % inJson.length]), "latin1")
    : (await house.form(value, login)).replace("%40%40", inForm[n % inForm.length]);
  const { status, text } = await house.send(house.at(command.path), login, kind, body);
  const good = [422, 400, kind === "form" ? 403 : 400]; // a form that cannot be read has no token
  return good.includes(status) ? "" : `broken (${kind}): ${status} ${body} ${text}`;
}

/** More than a body may hold. */
async function huge(command, login, field, kind) {
  const value = put({}, field.path, "a".repeat(1048576));
  const bytes = kind === "json" ? JSON.stringify(value) : await house.form(value, login);
  const { status, text } = await house.send(house.at(command.path), login, kind, bytes);
  return status === 413 && text.includes("太大") ? "" : `1 MiB (${kind}): ${status} ${text}`;
}

/** Fields that are too long together fit a body: nine bytes a character in a form. */
function portions(fields) {
  const all = [[]];
  let chars = 0;
  for (const field of fields) {
    chars += field.most + 1;
    if (chars > 6000 && all.at(-1).length) {
      all.push([]);
      chars = field.most + 1;
    }
    all.at(-1).push(field);
  }
  return all;
}

async function one(command, login, all, n) {
  const open = all.filter((field) => field.secret), seen = all.filter((field) => !field.secret);
  const bad = [];
  for (const kind of ["json", "form"]) {
    const rounds = full ? Math.max(...marks.map((kinds) => kinds.length)) : 1;
    for (let round = 0; round < rounds; round++)
      for (const [which, kinds] of marks.entries()) {
        const fields = which === UNSEEN || (which !== 0 && open.length) ? seen : all;
        const texts = fields.map((_, i) => `甲${kinds[(i + n + round) % kinds.length]}乙`);
        if (fields.length) bad.push(await tried(command, login, fields, texts, kind, "malformed"));
      }
    for (const some of portions(all)) {
      const texts = some.map((field) => "长".repeat(field.most + 1));
      bad.push(await tried(command, login, some, texts, kind, "too_long"));
    }
    bad.push(await broken(command, login, all[n % all.length], kind, n));
    bad.push(await huge(command, login, all[n % all.length], kind));
  }
  return bad.filter(Boolean);
}

/** Whoever is not let in is written down, so that somebody sees it: these come last. */
const told = ["identity.sign_in", "identity.sign_in.code"];

let count = 0, fields = 0;
const untried = [];
async function every(commands) {
  for (let command; (command = commands.shift()); ) {
    const login = await house.whoMay(command);
    if (login === undefined) {
      untried.push(command.id);
      continue;
    }
    const all = texts(house.api, command.schema);
    count += 1;
    fields += all.length;
    const bad = await one(command, login, all, count);
    const name = `${command.id}: ${all.length} texts refuse what no text may hold`;
    say(!bad.length, name, bad.join(" | "));
  }
}

await house.draft();
for (const login of house.people) await house.session(login);
const all = house.commands.filter((command) => texts(house.api, command.schema).length);
const rest = all.filter((command) => !told.includes(command.id));
const before = await house.entries();
await Promise.all([every(rest), every(rest), every(rest), every(rest)]);
const after = await house.entries();
say(after === before, "nothing of it is kept", `${after}, not ${before}`);
await every(all.filter((command) => told.includes(command.id)));
say(!untried.length, "every command with texts was tried by somebody", untried.join(" "));
say(count > 40 && fields > 200, `${fields} texts of ${count} commands`);
