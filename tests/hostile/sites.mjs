// sites.mjs URL DOCUMENT MADE: every command as another site would have a browser send it, or somebody
// who holds no session, or one who planted the session himself. A test a line.
import { House, say } from "./house.mjs";

const house = House.read(...process.argv.slice(2));
const form = { type: "application/x-www-form-urlencoded", accept: "text/html", raw: "x=1" };
const json = { type: "application/json", raw: "{}" };
const of = (path) => (path.startsWith("/staff") ? "land-clerk" : null);
const shut = (status) => status === 403 || status === 401;

/** As `send`, with the headers of a session changed: undefined takes one away. */
async function ask(path, login, how, headers) {
  const given = { ...(await house.session(login)), ...headers };
  const all = { Accept: how.accept ?? "application/json", "Content-Type": how.type };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) all[name] = value;
  const body = how.raw;
  return fetch(house.url + house.filled(path), { method: "POST", headers: all, body, redirect: "manual" });
}

const commands = house.commands();
for (const { path, operation } of commands) {
  const id = operation.operationId;
  const wrong = [];
  const be = async (what, answer, good) => {
    const { status } = await answer;
    if (!good(status)) wrong.push(`${what}: ${status}`);
  };
  const login = of(path);
  const far = { "Sec-Fetch-Site": "cross-site", Origin: "https://elsewhere.example" };
  if (login) {
    // A browser sends the cookie along, another site does not know the token.
    const bare = { "X-CSRF-Token": undefined };
    await be("a form without a token", ask(path, login, form, { ...bare, ...far }), shut);
    await be("JSON without a token", ask(path, login, json, { ...bare, ...far }), shut);
    await be("JSON as text", ask(path, login, { ...json, type: "text/plain" }, { ...bare, ...far }),
      (status) => shut(status) || status === 415);
    const other = { "X-CSRF-Token": (await house.session("market-clerk"))["X-CSRF-Token"] };
    if (!path.startsWith("/staff/sign-in"))
      await be("somebody else's token", ask(path, login, json, other), shut);
  }
  // Nobody: staff's commands want a sign-in, an applicant's form must come from this site.
  if (login && !path.startsWith("/staff/sign-in"))
    await be("nobody", ask(path, null, json, {}), shut);
  else if (!login) await be("a form of another site", ask(path, null, form, far), (s) => s === 403);
  say(!wrong.length, `${id}: shut to other sites`, wrong.join("; "));
}
say(commands.length > 50, `${commands.length} commands`);

// A session that was there before is not the one that the sign-in makes, and opens nothing.
const { Cookie: own } = await house.session("market-clerk");
const planted = { Cookie: own.replace(/=.*/, `=${"A".repeat(43)}`) };
const password = house.passwords.get("land-reviewer");
const answer = await fetch(`${house.url}/staff/sign-in`, {
  method: "POST",
  headers: { ...planted, "Content-Type": "application/json", Accept: "application/json" },
  body: JSON.stringify({ login: "land-reviewer", password }),
});
const made = answer.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
say(answer.status === 201 && made.includes("=") && made !== planted.Cookie, "a sign-in makes its own session");
const look = (cookie) =>
  fetch(`${house.url}/staff/me`, { headers: { Cookie: cookie, Accept: "application/json" } });
say((await look(made)).status === 200, "which opens the house");
say((await look(planted.Cookie)).status === 401, "the planted one stays shut");
// Who signs in again has another one, and the old one does not come along.
const { Cookie: first } = await house.session("land-head");
house.sessions.delete("land-head");
const { Cookie: second } = await house.session("land-head");
say(first !== second, "each sign-in makes a session of its own");
