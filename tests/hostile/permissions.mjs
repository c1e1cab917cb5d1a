// permissions.mjs URL DOCUMENT MADE: every line of docs/permissions.md as every role, and with tokens
// of every scope, on a running server: nobody gets in whom it forbids, nobody is kept out whom it lets.
// MADE has the password of an account "only-ROLE" for each role of staff.
import { readFileSync } from "node:fs";
import { House, say } from "./lib.mjs";

const [url, documentPath, madePath] = process.argv.slice(2);
const house = new House(url, documentPath, madePath);
const made = JSON.parse(readFileSync(madePath, "utf8"));
const page = readFileSync(new URL("../../docs/permissions.md", import.meta.url), "utf8");

/** The page's two tables: { name, path, roles: Set, scope, writes }. */
function matrix() {
  const rows = [];
  let heads = [];
  for (const line of page.split("\n").filter((line) => line.startsWith("| "))) {
    const cells = line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", ""));
    if (cells[1] === "address") heads = cells;
    else {
      const roles = new Set(heads.filter((_, i) => cells[i] === "●"));
      const [name, path] = cells;
      rows.push({ name, path, roles, scope: cells.at(-1), writes: heads[0] === "command" });
    }
  }
  return rows;
}

/** Refused for who one is: not signed in, another role, only looking; or a token's scope. */
const shut = /"\/problems\/(sign_in|role|look_only|scope|enrol)"/;
async function tried(row, headers) {
  const options = { headers: { Accept: "application/json", ...headers }, redirect: "manual" };
  if (row.writes)
    Object.assign(options, { method: "POST", body: '{"no_such_field":1}' }).headers["Content-Type"] =
      "application/json";
  const answer = await fetch(house.at(row.path), options);
  const text = await answer.text();
  const scope = text.includes("/problems/scope");
  return { in: !shut.test(text), scope, status: answer.status, text };
}

/** { role: { scope: token } }, given out by the security administrator. */
async function tokens() {
  const { properties } = house.command("identity.token.create").schema.properties.scopes.allOf[0];
  const { json } = await house.get("/staff/accounts", "only-security");
  const given = {};
  for (const role of Object.keys(made.only)) {
    const account = json.accounts.find((row) => row.login === `only-${role}`);
    given[role] = {};
    for (const scope of Object.keys(properties)) {
      const value = { label: scope, days: 30, scopes: { [scope]: true } };
      const answer = await house.post("identity.token.create", "only-security", value, account);
      given[role][scope.replace("_", ":")] = answer.json.token;
    }
  }
  return given;
}

async function asEveryRole(rows) {
  const bad = [], staff = Object.keys(made.only);
  let count = 0;
  for (const row of rows)
    for (const role of ["applicant", ...staff]) {
      const login = role === "applicant" ? null : `only-${role}`;
      // Who signs out is out.
      const gone = row.name === "identity.sign_out" && login;
      const got = await tried(row, await house.session(login));
      if (gone) house.sessions.delete(login);
      const may = row.roles.has(role) || row.roles.has("anyone");
      count += 1;
      if (got.in !== may) bad.push(`${row.name} as ${role}: ${got.status} ${got.text.slice(0, 150)}`);
      if (got.status >= 500) bad.push(`${row.name} as ${role}: ${got.status}`);
    }
  say(!bad.length, `${count} times a role and a line: let in as the page says`, bad.join(" | "));
}

async function withEveryScope(rows) {
  const bad = [], given = Object.entries(await tokens());
  let count = 0;
  const asked = rows.filter((row) => !row.roles.has("anyone"));
  for (const row of asked)
    for (const [role, theirs] of given.filter(([role]) => row.roles.has(role)))
      for (const [scope, token] of Object.entries(theirs)) {
        const got = await tried(row, { Authorization: `Bearer ${token}` });
        count += 1;
        if (got.in !== (scope === row.scope) || (!got.in && !got.scope))
          bad.push(`${row.name} as ${role} for ${scope}: ${got.status} ${got.text.slice(0, 150)}`);
      }
  say(!bad.length, `${count} times a scope and a line: let in as the page says`, bad.join(" | "));
  say(count > 300, "all of the scopes were tried");
}

await house.draft();
house.passwords = new Map(Object.entries(made.only).map(([role, word]) => [`only-${role}`, word]));
const rows = matrix().filter((row) => row.path);
const posted = new Set(house.commands.map((command) => command.id));
const absent = rows.filter((row) => row.writes && !posted.has(row.name)).map((row) => row.name);
say(!absent.length, "the API document has every command of the page", absent.join(" "));
const more = [...posted].filter((id) => !rows.some((row) => row.writes && row.name === id));
say(!more.length, "and no other", more.join(" "));
const before = await house.entries();
await asEveryRole(rows);
await withEveryScope(rows);
say(before > 0 && rows.length > 120, `${rows.length} lines`);
