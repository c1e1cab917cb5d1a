// doors.mjs URL DOCUMENT MADE: another site's page makes a browser send every command, with its
// victim's cookies; a planted cookie is brought to a sign-in; paths climb out of what is served.
import { connect } from "node:net";
import { House, say } from "./lib.mjs";

const house = new House(...process.argv.slice(2));
const own = new URL(house.url);
const kinds = ["application/json", "application/x-www-form-urlencoded", "text/plain",
  "multipart/form-data; boundary=b"];
const others = [
  { Origin: "https://evil.example" },
  { Origin: "null" },
  { Origin: `http://${own.host}.evil.example` },
  { Origin: `http://${own.hostname}@evil.example` },
  { Origin: `http://${own.hostname}:1` },
  { Origin: `https://evil.example/http://${own.host}/` },
  { Referer: "https://evil.example/" },
  { Referer: `https://evil.example/?${house.url}/` },
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-site" },
  { "Sec-Fetch-Site": "cross-site", Origin: house.url },
];
const part = 'Content-Disposition: form-data; name="_token"';
const bodies = (kind, token) => {
  if (kind.includes("json")) return "{}";
  return kind.includes("multipart") ? `--b\r\n${part}\r\n\r\n${token}\r\n--b--\r\n` : `_token=${token}`;
};

/** Even with the right token, which another site cannot know, and with every kind of body. */
async function fromElsewhere(command, login, n) {
  const { Cookie = "", "X-CSRF-Token": token = "" } = await house.session(login);
  const bad = [];
  for (const [i, from] of others.entries()) {
    const kind = kinds[(i + n) % kinds.length];
    const mine = { Accept: "application/json", Cookie, "X-CSRF-Token": token };
    const headers = { ...mine, "Content-Type": kind, ...from };
    const body = bodies(kind, token);
    const answer = await fetch(house.at(command.path), { method: "POST", headers, body });
    const text = await answer.text();
    if (answer.status !== 403 || !text.includes("/problems/token"))
      bad.push(`${JSON.stringify(from)} ${kind}: ${answer.status} ${text.slice(0, 200)}`);
  }
  return bad;
}

/** Where a session stands: without its token, with another's, with one of nobody. */
async function withoutToken(command, login) {
  const { Cookie } = await house.session(login);
  const another = (await house.session(login === "manager" ? "supervisor" : "manager"))["X-CSRF-Token"];
  const bad = [];
  for (const token of ["", another, "A".repeat(43)])
    for (const kind of kinds.filter((kind) => kind !== "text/plain")) {
      const headers = { Accept: "application/json", Cookie, "Content-Type": kind };
      if (kind.includes("json") && token) headers["X-CSRF-Token"] = token;
      const body = bodies(kind, token);
      const answer = await fetch(house.at(command.path), { method: "POST", headers, body });
      const text = await answer.text();
      if (answer.status !== 403 || !text.includes("/problems/token"))
        bad.push(`token "${token}" ${kind}: ${answer.status} ${text.slice(0, 200)}`);
    }
  return bad;
}

async function everyCommand() {
  for (const login of house.people) await house.session(login);
  const before = await house.entries();
  for (const [n, command] of house.commands.entries()) {
    const login = await house.whoMay(command);
    if (login === undefined) say(false, `${command.id} is open to somebody`);
    const bad = await fromElsewhere(command, login ?? null, n);
    // A sign-in has no session yet.
    if (login && !command.id.startsWith("identity.sign_in"))
      bad.push(...(await withoutToken(command, login)));
    say(!bad.length, `${command.id}: not from another site`, bad.join(" | "));
  }
  say((await house.entries()) === before, "nothing came of any of it");
  say(house.commands.length > 50, `${house.commands.length} commands`);
}

const cookieOf = (answer) =>
  answer.headers.getSetCookie().map((c) => /^yimen_session=([^;]*)/.exec(c)?.[1]).find((c) => c);
const signIn = (login, cookie) =>
  fetch(`${house.url}/staff/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", Cookie: cookie },
    body: JSON.stringify({ login, password: house.passwords.get(login) }),
  });
const inside = async (session) => {
  const headers = { Accept: "application/json", Cookie: `yimen_session=${session}` };
  return (await fetch(`${house.url}/staff/me`, { headers })).status;
};

async function fixation() {
  const clerk = cookieOf(await signIn("land-clerk", ""));
  for (const [name, planted] of [
    ["a made-up session", "A".repeat(clerk.length)],
    ["another's session", clerk],
    ["an empty one", ""],
    ["one with a quote", `"${clerk}`],
  ]) {
    const answer = await signIn("land-head", `yimen_session=${planted}; yimen_session=${planted}`);
    const got = cookieOf(answer);
    say(answer.status === 201 && got && got !== planted, `${name} is not kept by a sign-in`, got);
    say((await inside(got)) === 200, `${name}: the new one is inside`);
    if (planted !== clerk) say((await inside(planted)) === 401, `${name}: the planted one is not`);
  }
  const headers = { Accept: "application/json", Cookie: `yimen_session=${clerk}` };
  const mine = await (await fetch(`${house.url}/staff/me`, { headers })).text();
  const hers = mine.includes("land-clerk") && !mine.includes("land-head");
  say(hers, "another's session stays that other's");
  const address = await fetch(`${house.url}/staff/me?yimen_session=${clerk}`, { redirect: "manual" });
  say(address.status === 303, "a session in the address is none");
}

/** What no fetch would send as it stands. */
function raw(path) {
  return new Promise((done) => {
    const socket = connect(Number(own.port), own.hostname);
    let got = "";
    socket.setTimeout(10000, () => socket.destroy());
    socket.on("data", (bytes) => (got += bytes.toString("latin1")));
    socket.on("close", () => done(got));
    socket.on("error", () => done(got));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${own.host}\r\nConnection: close\r\n\r\n`, "latin1");
  });
}

async function climbing() {
  const steps = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..\\", "%252e%252e%252f", "..;/",
    "....//", "%c0%ae%c0%ae%c0%af", "%u002e%u002e/", ".%00./", "/", "%2f"];
  const under = ["/assets/", "/log/330482/tile/", "/log/330482/tile/entries/", "/log/330482/",
    "/staff/files/", "/problems/", "/receipts/330482/", "/items/", "/", "/log/", "/my/x/"];
  const goals = ["etc/passwd", "yimen.db", "yimen.yaml", "files/incoming"];
  const bad = [];
  let count = 0;
  for (const start of under)
    for (const step of steps) {
      const goal = goals[count % goals.length];
      const got = await raw(start + step.repeat(8) + goal);
      const status = Number(got.slice(9, 12));
      count += 1;
      const leaked = /root:|SQLite format|limits:/.test(got.slice(got.indexOf("\r\n\r\n")));
      // /staff/... asks first who one is.
      if (![400, 404, 303, 401].includes(status) || leaked)
        bad.push(`${start}${step} ${got.slice(0, 300)}`);
    }
  say(!bad.length, `${count} paths that climb lead nowhere`, bad.join(" | "));
  say((await raw("/")).startsWith("HTTP/1.1 200"), "the house stands");
}

await house.draft();
await everyCommand();
await fixation();
await climbing();
