// taken.mjs URL DOCUMENT MADE: cases and what the house keeps of itself go through their lives with the
// texts of their commands full of markup, SQL, formulas, names of variables and characters of four
// bytes. All of it comes back as it was typed, and no page holds an element or attribute of it.
import { House, put, say, texts } from "./lib.mjs";
import { Crowd, endBrowser, person } from "../browser/lib.mjs";

const house = new House(...process.argv.slice(2));
const pieces = [
  `=1+1`, `<b zz=1>`, `𠮷😀`, `"'><img zz src=x onerror=zz()>`,
  `</textarea></title></script><script>zz()</script>`, `';DROP TABLE entry;--`, `" OR 1=1--`,
  `{{matter}}`, `%s%n$1`, `&lt;&#60;`, `javascript:zz()`, `\\'\\"`,
  `<svg/onload=zz()>`, `' onfocus=zz() autofocus x='`, `<!--`, `]]>`, `\${7*7}`, `../../etc/passwd`,
];
const chars = (text) => [...text].length;
/** As many pieces as the field holds, from another one on each time. */
function evil(most, n) {
  let text = "";
  for (let i = 0; i < pieces.length; i++) {
    const next = text + pieces[(i + n) % pieces.length];
    if (chars(next) > most) break;
    text = next;
  }
  return text || [..."<zz>"].slice(0, most).join("");
}

/** What was typed and taken: text -> where. */
const kept = new Map();
let tried = 0;

/** Sends the command with every text hostile; a field with a rule against it keeps its good value. */
async function send(id, login, good = {}, more = {}) {
  const command = house.command(id);
  const value = structuredClone({ ...(command.example ?? {}), ...good });
  const fields = texts(house.api, command.schema);
  const there = (path) => path.reduce((at, key) => at?.[key], value);
  const before = new Map();
  for (const [i, field] of fields.entries()) {
    const old = there(field.path);
    if (field.secret) continue;
    if (field.path.length > 1 && old === undefined) continue; // of a list that is not brought
    const names = /code$|^parent$/.test(field.path.at(-1)); // something that must be there
    if (names && old !== undefined) continue;
    before.set(field, old);
    put(value, field.path, evil(field.most, tried + i));
  }
  let answer;
  for (let round = 0; round < 4; round++) {
    answer = await house.post(id, login, value, more);
    const told = new Set((answer.json?.errors ?? []).map((error) => error.field));
    const wrong = [...before.keys()].filter(({ path }) =>
      told.has(path.join(".")) || told.has(path.slice(0, -1).join(".")));
    if (answer.status < 400 || !wrong.length) break;
    for (const field of wrong) {
      if (before.get(field) === undefined) put(value, field.path, undefined);
      else put(value, field.path, before.get(field));
      before.delete(field);
    }
  }
  tried += 1;
  const good201 = answer.status === 201;
  say(good201, `${id}: ${before.size} hostile texts are taken`, `${answer.status} ${answer.text}`);
  if (good201)
    for (const field of before.keys()) kept.set(there(field.path), `${id} ${field.path.join(".")}`);
  return answer.json ?? {};
}

const cases = [];
async function applied() {
  const made = await house.draft();
  for (const step of ["who", "contact", "way", "matter"]) await send(`case.${step}`, null);
  await send("case.applicant", null);
  for (const code of ["m1", "m2", "m3", "m4", "m5"]) await send("case.provide", null, {}, { code });
  await send("case.submit", null);
  const { json } = await house.get("/staff/cases", "land-clerk");
  const ids = [...JSON.stringify(json).matchAll(/"case_id":(\d+)/g)].map((found) => found[1]);
  house.known.case_id = Math.max(...ids);
  cases.push({ ...made, case_id: house.known.case_id });
}
const reason = { reason: "申请材料与规定不符，请核对后重新提出申请。" };

async function lives() {
  await applied();
  await send("case.receive", "land-clerk");
  await send("case.terminate", "land-head", reason);
  await applied();
  await send("case.receive", "land-clerk");
  await send("case.not_accept", "land-clerk", reason);
  await applied();
  await send("case.withdraw", null);
  await applied();
  await send("case.receive", "land-clerk");
  await send("case.check", "land-clerk");
  await send("case.accept", "land-clerk");
  await send("case.suspend", "land-reviewer");
  await send("case.resume", "land-reviewer");
  await send("case.extend", "land-verifier", { days: 5, ...reason });
  await send("case.review", "land-reviewer");
  await send("case.return", "land-verifier");
  await send("case.review", "land-reviewer");
  await send("case.look_reason", "market-head", { reason: "核对投诉事项" });
  await send("case.decide", "land-verifier");
  await send("case.issue", "land-clerk");
  await send("case.deliver", "land-clerk");
}

async function around() {
  await send("identity.account.create", "administrator", { login: "hostile" });
  const { json } = await house.get("/staff/accounts", "administrator");
  const more = json.accounts.find((account) => account.login === "hostile");
  house.known.account_id = more.account_id;
  await send("identity.account.change", "administrator", { display: "甲" });
  await send("identity.token.create", "security");
  await send("identity.absence.record", "land-verifier");
  await send("catalogue.item.withdraw", "land-head", {}, { item_code: "011-002" });
  await send("catalogue.draft.start", "land-clerk", {
    item_code: "011-901", name: "新事项", department: "011",
  });
  const place = { code: "ZZ-1", name: "窗", kind: "post", parent: "C-W01", source: "example" };
  await send("catalogue.place.define", "administrator", place);
  const names = [{ name: "局", short_name: "局", source: "example" }];
  await send("catalogue.department.define", "administrator", { code: "099", names, source: "example" });
  await send("identity.account.close", "administrator", { reason: "调离本单位" });
}

/** Every page, as somebody who may: what it says and what stands in its controls. */
async function pages() {
  const crowd = new Crowd();
  let seen = "", count = 0;
  const bad = [];
  const people = [null, "land-clerk", "land-verifier", "land-head", "supervisor", "administrator",
    "security", "auditor"];
  for (const login of people) {
    const page = await person(crowd, { scripts: true });
    const { Cookie } = await house.session(login);
    if (Cookie)
      await page.context().addCookies(Cookie.split("; ").map((one) => ({
        name: one.split("=")[0], value: one.slice(one.indexOf("=") + 1), url: house.url })));
    await page.addInitScript(() => (window.zz = () => (window.hit = true)));
    page.on("dialog", (dialog) => dialog.dismiss());
    for (const { id, path } of house.looks) {
      if (!path.startsWith("/staff") === !!login) continue;
      if (/sign_in|assets|\.csv|openapi|metrics|tile/.test(path + id)) continue;
      if ((await house.get(path, login)).status !== 200) continue;
      await page.goto(house.at(path), { waitUntil: "domcontentloaded" }).catch(() => {});
      const got = await page.evaluate(() => {
        const wrong = document.querySelectorAll(
          "[zz],zz,[onerror],[onload],[onfocus],[autofocus],img[src=x],a[href^='javascript:']");
        const held = [...document.querySelectorAll("input,textarea")].map((one) => one.value);
        return { hit: Boolean(window.hit), wrong: [...wrong].map((one) => one.outerHTML.slice(0, 200)),
          text: document.body.textContent + held.join("\n") };
      });
      count += 1;
      seen += got.text;
      if (got.hit || got.wrong.length) bad.push(`${path} as ${login}: ${got.wrong}`);
    }
  }
  await crowd.goHome();
  await endBrowser();
  say(!bad.length, `${count} pages hold no element, no attribute and no script of it`, bad.join(" | "));
  return { seen, count };
}

/** As JSON, where everything must come back as it was typed. */
async function answers() {
  let all = "";
  const each = house.looks.flatMap(({ path }) =>
    path.includes("{case_") ? cases.map((one) => ({ path, one })) : [{ path, one: {} }]);
  for (const { path, one } of each)
    for (const login of [null, "land-clerk", "land-verifier", "land-head", "manager", "supervisor",
      "administrator", "security", "auditor"]) {
      Object.assign(house.known, one);
      const { json } = await house.get(path, login);
      JSON.stringify(json, (_, text) => {
        if (typeof text === "string") all += `${text}\n`;
        return text;
      });
    }
  return all;
}

await lives();
await around();
const { seen, count } = await pages();
say(count > 50, "many pages were seen");
const all = await answers();
/** Of these only the journal tells. */
const hidden = ["identity.account.close reason", "catalogue.place.define division"];
const shown = [...kept].filter(([, at]) => !hidden.includes(at));
const where = shown.filter(([text]) => !all.includes(text) && !seen.includes(text));
const back = `${kept.size} texts come back as they were typed`;
say(!where.length && kept.size > 40, back, where.map(([text, at]) => `${at}: ${text}`).join(" | "));
const csv = await house.get("/staff/looks.csv", "auditor", "text/csv");
say(!/(^|,)"[=+@-]/m.test(csv.text), "no cell of a CSV is a formula");
