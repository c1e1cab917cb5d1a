// flow.mjs HOUSE PROVIDER MADE: signing in by Debian's glewlwyd, from a form to the desk, and every way
// in which that must not work. MADE: what `yimen init --demo --json` printed. A test a line: "ok NAME"
// or "bad NAME: WHY".
import { readFileSync } from "node:fs";
import { BACK, Browser, Glewlwyd, begin, byPassword, through, where } from "./lib.mjs";

const [house, provider, made] = process.argv.slice(2);
const passwords = new Map(
  JSON.parse(readFileSync(made, "utf8")).accounts.map((a) => [a.login, a.password]),
);
const glewlwyd = new Glewlwyd(provider);
const say = (good, name, why = "") =>
  console.log(
    good ? `ok ${name}` : `bad ${name}: ${String(why).slice(0, 900).replaceAll("\n", " ")}`,
  );
const is = (got, want, name) => say(got === want, name, `${got} instead of ${want}`);
const plain = (text) =>
  (/<main[\s\S]*<\/main/.exec(text)?.[0] ?? text).replace(/<[^>]*>\s*/g, " ");
/** Status, and words on the page. */
const told = (answer, status, words, name) =>
  say(
    answer.status === status && answer.text.includes(words),
    name,
    `${answer.status} ${plain(answer.text)}`,
  );
let keysKnown; // when the provider was asked for them
const back = (browser, page) => browser.send(page.text, house, "/staff/sign-in/back");
const me = (browser) => browser.go(`${house}staff/me`);

async function comes(username, next) {
  const browser = new Browser();
  await glewlwyd.signIn(browser, username);
  const { url, page } = await through(browser, where(await begin(house, browser, next)));
  return { browser, url, page };
}

async function theWayThere() {
  const browser = new Browser();
  const answer = await begin(house, browser, "/staff/cases");
  const url = new URL(where(answer));
  const asked = (name) => url.searchParams.get(name);
  is(answer.status, 200, "the page that leads there goes on by itself");
  say(answer.text.includes(url.href.replaceAll("&", "&amp;")), "and has the address as a link");
  is(asked("redirect_uri"), house + BACK, "it names where to come back to");
  is(`${asked("response_type")} ${asked("code_challenge_method")}`, "code S256", "code, PKCE");
  for (const name of ["state", "nonce", "code_challenge"])
    is(asked(name)?.length, 43, `${name}: 32 bytes that nobody can guess`);
  const cookie = answer.answer.headers.getSetCookie().find((c) => c.startsWith("yimen_trip="));
  const kinds = [/HttpOnly/, /SameSite=Lax/, /Max-Age=600/];
  say(kinds.every((kind) => kind.test(cookie)), "the cookie's kind", cookie);
  const again = new URL(where(await begin(house, browser)));
  say(again.searchParams.get("state") !== asked("state"), "no two are alike");
}

async function unlinked() {
  const { browser, page } = await comes("zhang");
  told(page, 200, "继续登录", "to come back is to look: a page with a button");
  is((await me(browser)).status, 303, "nobody is signed in by that");
  const answer = await back(browser, page);
  told(answer, 403, "没有绑定本系统的账号", "vouched for, but nobody here");
  told(answer, 403, "登录名", "the page has the way by password");
  return /编号“([^”]+)”/.exec(answer.text)[1];
}

const json = (csrf) => ({
  Accept: "application/json",
  "Content-Type": "application/json",
  "X-CSRF-Token": csrf,
});
/** The number of land-clerk's account. */
async function clerk(browser, csrf) {
  const list = await browser.go(`${house}staff/accounts`, { headers: json(csrf) });
  return JSON.parse(list.text).accounts.find((a) => a.login === "land-clerk").account_id;
}

async function linkedBySecurity(subject) {
  const { browser, csrf } = await byPassword(house, "security", passwords.get("security"));
  const account = await clerk(browser, csrf);
  const asks = async (key) => {
    const body = JSON.stringify({ provider: key, subject });
    const at = `${house}staff/accounts/${account}/links`;
    return (await browser.go(at, { method: "POST", headers: json(csrf), body })).status;
  };
  is(await asks("no"), 422, "no such provider");
  is(await asks("sso"), 201, "linked by security");
  const page = await browser.go(`${house}staff/accounts/${account}`);
  told(page, 200, subject, "the account's page says so");
}

async function signsIn() {
  const { browser, page } = await comes("zhang", "/staff/cases");
  const before = browser.copy(), fixed = browser.copy();
  fixed.jar(house).set("yimen_session", "A".repeat(43));
  const answer = await back(browser, page);
  is(`${answer.status} ${answer.to}`, "303 /staff/cases", "signed in, and where one wanted to go");
  told(await me(browser), 200, "统一身份认证", "the own page");
  say(!browser.jar(house).has("yimen_trip"), "the trip is over");
  told(await back(before, page), 409, "本次登录已失效", "the same code once more");
  told(await back(new Browser(), page), 409, "本次登录已失效", "in another browser");
  told(await back(fixed, page), 409, "本次登录已失效", "nor is a planted session anybody's");
  is((await me(fixed)).status, 303, "(it is not)");
}

async function tampered() {
  const { browser, url, page } = await comes("zhang");
  const change = async (name, value) => {
    const at = new URL(url);
    at.searchParams.set(name, value);
    const mine = browser.copy();
    return back(mine, await mine.go(at.href));
  };
  told(await change("state", "A".repeat(43)), 409, "本次登录已失效", "another state");
  told(await change("code", "A".repeat(32)), 409, "本次登录已失效", "another code");
  told(await change("iss", "https://other.example"), 403, "身份证明无效", "another issuer's name");
  told(await change("code", ""), 409, "本次登录已失效", "no code");
  told(await change("error", "server_error"), 503, "暂时连接不上", "the provider's own trouble");
  const other = new Browser();
  await begin(house, other);
  const trip = [...other.jar(house)];
  const mine = browser.copy();
  for (const [name, value] of trip) mine.jar(house).set(name, value);
  told(await back(mine, page), 409, "本次登录已失效", "the cookie of another trip");
  const spoilt = browser.copy();
  const cookie = browser.jar(house).get("yimen_trip");
  const other40 = cookie[40] === "A" ? "B" : "A";
  spoilt.jar(house).set("yimen_trip", cookie.slice(0, 40) + other40 + cookie.slice(41));
  told(await back(spoilt, page), 409, "本次登录已失效", "a cookie that was changed");
  const crossed = await browser.go(house + BACK, {
    method: "POST",
    body: new URL(url).searchParams,
    headers: { Origin: provider, "Sec-Fetch-Site": "cross-site" },
  });
  is(crossed.status, 403, "sent by another site");
  is((await back(browser, page)).status, 303, "and untouched it still works");
}

async function denied() {
  const browser = new Browser();
  const there = await browser.go(`${where(await begin(house, browser))}&prompt=none`);
  say(/error=(login|interaction)_required/.test(there.to), "the provider says no", there.to);
  const answer = await back(browser, await browser.go(there.to));
  told(answer, 403, "没有同意登录", "and so do we, in words");
  const other = new Browser();
  const state = new URL(where(await begin(house, other))).searchParams.get("state");
  const page = await other.go(`${house}${BACK}?error=access_denied&state=${state}`);
  told(await back(other, page), 403, "没有同意登录", "the person said no there");
}

async function linkedBySelf() {
  const { browser } = await byPassword(house, "land-reviewer", passwords.get("land-reviewer"));
  const type = async (who, current) =>
    who.send((await me(who)).text, house, "/staff/me/links/sso", { current });
  const typed = (current) => type(browser, current);
  told(await typed("what was it"), 403, "当前密码不对", "to link wants the password once more");
  const leads = where(await typed(passwords.get("land-reviewer")));
  await glewlwyd.signIn(browser, "zhang");
  const taken = await through(browser, leads);
  told(taken.page, 200, "完成绑定", "the way back of linking says what it is");
  const refused = await browser.send(taken.page.text, house, "/staff/me/links");
  told(refused, 409, "已经绑定另一个账号", "somebody else's");
  const fresh = browser.copy();
  fresh.jars.delete(new URL(provider).host);
  const again = where(await type(fresh, passwords.get("land-reviewer")));
  await glewlwyd.signIn(fresh, "li");
  const { page } = await through(fresh, again);
  const { searchParams } = new URL(page.answer.url);
  const wrongDoor = await fresh.copy().go(house + BACK, {
    method: "POST",
    headers: { Origin: new URL(house).origin },
    body: new URLSearchParams({ code: searchParams.get("code"), state: searchParams.get("state") }),
  });
  told(wrongDoor, 409, "绑定账号的返回页", "what was begun to link opens no session");
  const next = await through(fresh, where(await type(fresh, passwords.get("land-reviewer"))));
  const done = await fresh.send(next.page.text, house, "/staff/me/links");
  is(`${done.status} ${done.to}`, "303 /staff/me", "linked by oneself");
  const in_ = await comes("li");
  is((await back(in_.browser, in_.page)).status, 303, "and signed in");
  return fresh;
}

async function signsOut() {
  const { browser, page } = await comes("zhang");
  await back(browser, page);
  const out = await browser.send((await me(browser)).text, house, "/staff/sign-out");
  is(`${out.status} ${out.to}`, "303 /staff/sign-in?left=sso", "signed out here");
  is((await me(browser)).status, 303, "which is so");
  const left = await browser.go(new URL(out.to, house).href);
  told(left, 200, "一并退出", "the page offers to sign out there too");
  const leads = where(await browser.send(left.text, house, "/staff/sign-out/sso"));
  say(leads.startsWith(`${provider}/api/oidc/end_session?`), "to the provider's own page", leads);
  const there = await browser.go(leads);
  const knows = there.status === 302 && /end_session/.test(there.to ?? "");
  say(knows, "which knows whom to sign out", `${there.status} ${there.to} ${there.text}`);
  say(!browser.jar(house).has("yimen_way"), "nothing of it is kept");
}

async function newKeys() {
  // Keys are asked for anew every 5 s and no more.
  await new Promise((done) => setTimeout(done, Math.max(0, keysKnown + 5100 - Date.now())));
  await glewlwyd.enter();
  await glewlwyd.rotate("k2");
  const { browser, page } = await comes("zhang");
  is((await back(browser, page)).status, 303, "the provider's key was changed, and its people come in");
}

/** The own link is undone; whoever comes by it is refused from then on. */
async function undone(owner) {
  const page = await me(owner);
  const gone = await owner.send(page.text, house, "/remove");
  is(`${gone.status} ${gone.to}`, "303 /staff/me", "undone by its owner, who stays signed in");
  told(await me(owner), 200, "没有绑定", "the page says so");
  const { browser, page: again } = await comes("li");
  told(await back(browser, again), 403, "没有绑定本系统的账号", "and it opens nothing any more");
}

async function closed() {
  const password = passwords.get("administrator");
  const { browser, csrf } = await byPassword(house, "administrator", password);
  const at = `${house}staff/accounts/${await clerk(browser, csrf)}/close`;
  await browser.go(at, { method: "POST", headers: json(csrf), body: '{"reason":"调离"}' });
  const { browser: zhang, page } = await comes("zhang");
  told(await back(zhang, page), 403, "账号已经停用", "a closed account stays closed");
}

await theWayThere();
const subject = await unlinked();
keysKnown = Date.now();
await linkedBySecurity(subject);
await signsIn();
await tampered();
await denied();
const owner = await linkedBySelf();
await signsOut();
await newKeys();
await undone(owner);
await closed();
say(true, "all of it was told to the end");
