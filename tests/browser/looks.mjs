// Every look of the list the server has of itself (/openapi.json), asked by everybody: each page is
// JSON at the same address, as described there; what goes wrong is problem details. And what pages
// weigh.
import { weight } from "./lib.mjs";
import { citizen, staff } from "./people.mjs";

const logins = {
  "the window clerk": "land-clerk",
  "the reviewer": "land-reviewer",
  "the verifier": "land-verifier",
  "the department head": "land-head",
  "another department's clerk": "market-clerk",
  "the manager": "manager",
  "the supervisor": "supervisor",
  "the system administrator": "administrator",
  "the security administrator": "security",
  "the audit administrator": "auditor",
};

const kinds = {
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
  null: (value) => value === null,
};
const formats = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  "date-time": /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
};

/** What of a value is not as its JSON Schema says: the words the document uses, in its dialect. */
function wrongs(schema, value, at = "") {
  const found = [];
  const not = (good, what) => good || found.push(`${at || "/"} ${what}: ${JSON.stringify(value)}`);
  for (const one of schema.allOf ?? []) found.push(...wrongs(one, value, at));
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => kinds[type](value))) {
    not(false, `is no ${types}`);
    return found;
  }
  if (schema.enum) not(schema.enum.includes(value), "is none of the words");
  if (typeof value === "string" && schema.format)
    not(formats[schema.format].test(value), `is no ${schema.format}`);
  if (typeof value === "string" && schema.maxLength !== undefined)
    not([...value].length <= schema.maxLength, "is too long");
  if (typeof value === "number" && schema.minimum !== undefined)
    not(value >= schema.minimum && value <= schema.maximum, "is out of range");
  if (Array.isArray(value)) {
    if (schema.maxItems !== undefined) not(value.length <= schema.maxItems, "has too many items");
    value.forEach((item, index) => found.push(...wrongs(schema.items, item, `${at}/${index}`)));
  } else if (kinds.object(value)) {
    for (const name of schema.required ?? []) not(name in value, `lacks ${name}`);
    for (const [name, field] of Object.entries(value))
      if (schema.properties?.[name])
        found.push(...wrongs(schema.properties[name], field, `${at}/${name}`));
      else not(schema.additionalProperties !== false, `has ${name}, which is not described`);
  }
  return found;
}

/** One case with a file, as it stands after acceptance: what addresses of cases need. */
export async function looksCase(play) {
  const { my, clerk, path } = await play.accepted();
  const { body } = await play.json(clerk, path);
  play.ok(body.materials.length > 5, "a case whose addresses all exist");
  play.known.looks = { my, path, body };
  const other = await citizen(play.crowd);
  play.known.draft = await play.draft(other);
  await play.fillDraft(other, play.known.draft, { files: false });
}

/** An example of every parameter that addresses have. */
async function examples(play) {
  const { my, path, body } = play.known.looks;
  const manager = await staff(play.crowd, play.house, "manager");
  const accounts = (await play.json(manager, "/staff/accounts")).body.accounts;
  const logs = (await play.json(manager, "/staff/history")).body.logs;
  const [, , caseNo, code] = my.split("/");
  return {
    my: { case_no: caseNo, query_code: code },
    given: {
      item_code: "011-001",
      case_id: path.split("/").pop(),
      code: body.materials[0].code,
      sha256: body.materials.find((material) => material.file_sha256).file_sha256,
      account_id: accounts[0].account_id,
      log_id: logs[0].log_id,
      case_no: 1,
      region: "330482",
      index: body.history.at(-1).index,
      rest: "0/000",
      name: "stale",
    },
  };
}

/** What one person is answered at one address: as JSON, and the status as a page. */
async function ask(play, page, address) {
  const get = (accept) =>
    page.request.get(play.house.base + address, { headers: { Accept: accept }, maxRedirects: 0 });
  const json = await get("application/json");
  const html = await get("text/html");
  return {
    status: json.status(),
    type: json.headers()["content-type"] ?? "",
    text: await json.text(),
    html: html.status(),
    toSignIn: (html.headers().location ?? "").startsWith("/staff/sign-in"),
  };
}

function judge(document, look, got) {
  const said = [];
  const good = got.status < 400;
  const page = look.get.responses["200"].content?.["application/json"];
  if (good && !page) return said; // bytes of a file, a receipt, the journal
  const kind = good ? "application/json" : "application/problem+json";
  if (!got.type.startsWith(kind)) said.push(`is ${got.type}, not ${kind}`);
  let body;
  try {
    body = JSON.parse(got.text);
  } catch (error) {
    return [...said, `is no JSON: ${error.message}`];
  }
  if (good) return [...said, ...wrongs(page.schema ?? {}, body)];
  said.push(...wrongs(document.components.schemas.problem, body));
  if (body.status !== got.status) said.push(`says ${body.status} in its body`);
  return said;
}

/** Signed in or not, one gets the same at an address as a page and as JSON. */
async function asks(play, document, known, page, who) {
  const bad = [];
  const seen = {};
  for (const [path, look] of Object.entries(document.paths)) {
    if (!look.get || path.startsWith("/assets")) continue;
    const values = path.startsWith("/my/") ? { ...known.given, ...known.my } : known.given;
    const right = path.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const wrong = path.replace(/\{(\w+)\}/g, "987654321");
    for (const address of new Set([right, wrong])) {
      const got = await ask(play, page, address);
      seen[got.status] = (seen[got.status] ?? 0) + 1;
      const said = judge(document, look, got);
      const same = got.html === got.status || (got.status === 401 && got.toSignIn);
      if (!same) said.push(`is ${got.status}, and ${got.html} as a page`);
      if (address === wrong && address !== right && got.status < 400) said.push("is found");
      const open = look.get.security?.length === 0 && address === right;
      if (open && !path.includes("{rest}") && got.status !== 200) said.push("is closed");
      bad.push(...said.map((words) => `${got.status} ${address} ${words}`));
    }
  }
  const counts = Object.entries(seen).map(([status, times]) => `${times} times ${status}`);
  const words = `JSON at every address as ${who} sees it: ${counts.join(", ")}`;
  play.ok(bad.length === 0, words, bad.slice(0, 40).join("\n"));
  return seen;
}

export async function looksEverywhere(play) {
  const page = await citizen(play.crowd);
  const { body: document } = await play.json(page, "/openapi.json");
  const known = await examples(play);
  const citizens = await asks(play, document, known, page, "the citizen");
  play.ok(citizens[200] > 20 && citizens[401] > 25, "staff's pages ask citizens to sign in");
  for (const [who, login] of Object.entries(logins)) {
    const seen = await asks(play, document, known, await staff(play.crowd, play.house, login), who);
    play.ok(seen[200] > 30 && !seen[401] && !seen[500], `${who} is let in`);
  }
}

/** What a first visit to a page costs, style sheet and all; the goal of the house is 60 KiB. */
const most = 60 * 1024;

export async function weights(play) {
  if (play.engine !== "SQLite") return; // bytes do not depend on the database
  const { my, path } = play.known.looks;
  const cookies = async (login) =>
    (await staff(play.crowd, play.house, login)).context().storageState();
  const clerk = await cookies("land-clerk");
  const pages = [
    ...["/", "/items", "/items/011-001", "/apply/011-001", "/my", "/verify", "/calendar"],
    ...["/departments", "/places", "/staff/sign-in", my, `${my}/receipt`, `${my}/done`],
    ...["/who", "/contact", "/way", "/matter", "/materials", "/materials/m1", "/submit"].map(
      (step) => play.known.draft + step,
    ),
  ].map((address) => [address]);
  for (const address of ["/staff", "/staff/cases", path, `${path}/check`, "/staff/cases/new"])
    pages.push([address, clerk]);
  pages.push(["/staff/accounts", await cookies("administrator")]);
  const found = [];
  for (const [address, storageState] of pages) {
    const bytes = await weight(play.crowd, play.house.base + address, storageState);
    const name = address.replace(my, "/my/NUMBER/CODE").replace(play.known.draft, "/my/NUMBER/CODE");
    const said = `${name}: ${bytes} bytes on the wire, with the style sheet`;
    play.ok(bytes > 1000 && bytes < most, said, "over 60 KiB");
    found.push({ name, bytes });
  }
  const heaviest = found.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  console.log(`# the heaviest of ${found.length} pages: ${heaviest.name}, ${heaviest.bytes} bytes`);
}
