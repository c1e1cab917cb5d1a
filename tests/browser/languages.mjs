// Every page that a story looks at, in its other languages: English without a Chinese character but in
// what is marked as somebody's words, traditional Chinese without a simplified one, and forms that hold
// in each what they hold in the source.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib.mjs";
import { choose, citizen, fill, press } from "./people.mjs";

/** The texts of the program, cut at their arguments: none of them may pass for somebody's words. */
function sentences() {
  const po = readFileSync(join(root, "po", "en.po"), "utf8");
  const ids = [...po.matchAll(/^msgid ((?:".*"\n)+)/gm)].map(([, lines]) =>
    lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .join(""),
  );
  const parts = ids.flatMap((id) => id.split(/%s|<[^>]*>|\{\{.*?\}\}/));
  // A shorter one may well stand in a law's name or in a guide.
  return parts.filter((part) => part.length >= 9 && /[，。]/.test(part));
}

/** Simplified forms that traditional script never has. */
const simplified = "办务证请导发处际业个门东车关来时应实现网没线结历许们经书见该项页记录编号选择过还进远";

/** In the browser: what of a document is wrong in its language, and what its forms hold. */
function look({ html, elsewhere }) {
  const document = new DOMParser().parseFromString(html, "text/html");
  const own = document.documentElement.lang;
  const han = /\p{Script=Han}|[，。：；（）、？！]/u;
  const inside = (node, what) => (node.parentElement ?? node).closest(what);
  const texts = [];
  const data = [];
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.data.trim();
    if (!han.test(words) || inside(node, "textarea, style, head")) continue;
    const marked = inside(node, "[lang]").lang;
    if (inside(node, "[translate=no]")) continue;
    if (marked !== own) data.push(words);
    else if (!inside(node, "code, pre")) texts.push(words);
  }
  // Where no element may stand, what is marked somewhere else may stand unmarked.
  const known = [...data, ...elsewhere].sort((a, b) => b.length - a.length);
  const names = ["aria-label", "title", "alt", "placeholder", "data-label"];
  const attributes = [...document.querySelectorAll(names.map((name) => `[${name}]`).join())].flatMap(
    (element) => names.map((name) => element.getAttribute(name) ?? ""),
  );
  for (let words of [document.title, ...attributes]) {
    if (own === "en") for (const one of known) words = words.replaceAll(one, "");
    if (han.test(words)) texts.push(words);
  }
  const held = [...document.querySelectorAll("input, option, textarea, button")]
    .filter((element) => !["_token", "_key"].includes(element.name))
    .map((element) => `${element.name ?? ""}=${element.value}`);
  return { own, texts, data, held };
}

export class Languages {
  sentences = sentences();
  known = new Set(); // what was marked as data on the English pages so far

  async open(crowd) {
    this.context = await crowd.newContext({ locale: "zh-CN" });
    this.page = await this.context.newPage();
  }

  async fetched(page, language) {
    const answer = await page.request.get(page.url(), {
      headers: { "Accept-Language": language, Accept: "text/html" },
    });
    return this.looked(await answer.text());
  }

  async looked(html) {
    const found = await this.page.evaluate(look, { html, elsewhere: [...this.known] });
    if (found.own === "en") for (const words of found.data) this.known.add(words);
    return found;
  }

  /** What is wrong with an English page, be it the answer to a POST. */
  wrongEnglish({ own, texts, data }) {
    const wrong = texts.map((words) => `not English: ${words}`);
    if (own !== "en") wrong.push(`English is ${own}`);
    for (const words of data)
      for (const part of this.sentences)
        if (words.includes(part)) wrong.push(`passes for somebody's words: ${words} (${part})`);
    return wrong;
  }

  /** What is wrong with the page at that address in its other languages. */
  async wrongs(page) {
    const source = await this.fetched(page, "zh-CN");
    const english = await this.fetched(page, "en-GB,en;q=0.9");
    const traditional = await this.fetched(page, "zh-TW,zh;q=0.9");
    const wrong = this.wrongEnglish(english);
    const say = (good, what) => good || wrong.push(what);
    say(source.own === "zh-CN", `the source is ${source.own}`);
    say(traditional.own === "zh-Hant", `traditional is ${traditional.own}`);
    for (const words of traditional.texts)
      for (const one of words) say(!simplified.includes(one), `${one} in: ${words}`);
    for (const other of [english, traditional])
      say(
        other.held.join("\n") === source.held.join("\n"),
        `forms hold other values in ${other.own}: ` +
          other.held.filter((one) => !source.held.includes(one)),
      );
    return [...new Set(wrong)];
  }
}

/** Somebody who reads English applies; the switch of the page, and a cookie, do it. */
export async function inEnglish(play, { applicant, item }) {
  const page = await citizen(play.crowd);
  const languages = new Languages();
  await languages.open(play.offices);
  const english = async (name) => {
    const wrong = languages.wrongEnglish(await languages.looked(await page.content()));
    play.ok(wrong.length === 0, `${name} is English`, wrong.join("\n"));
    if (play.audits) await play.audit(page, `english-${name}`);
  };
  await page.goto(`${play.house.base}/`);
  await press(page, "English");
  await english("home");
  await press(page, "Service guide");
  await press(page, item);
  await english("item");
  await press(page, "Apply online");
  await press(page, "Begin the application");
  await page.waitForURL(/\/my\/[^/]+\/[^/]+$/);
  const my = new URL(page.url()).pathname;
  await english("draft");
  await press(page, "1. Applicant");
  await choose(page, "Individual");
  await fill(page, { "Name of the applicant": "张建华", "Identity document number": "12345" });
  await press(page, "Save and go back");
  await english("draft-wrong");
  play.ok((await page.title()).startsWith("Error: "), "a refused form's title says so in English");
  play.equal(await page.getByLabel("Name of the applicant").inputValue(), "张建华", "the name stays");
  await fill(page, { "Identity document number": applicant.number });
  await press(page, "Save and go back");
  await play.says(page, "The applicant’s details have been saved.", "what was done is said in English");

  await press(page, "繁體中文");
  play.equal(new URL(page.url()).pathname, my, "the switch stays on the page");
  await press(page, "1. 申請人");
  const lang = await page.locator("html").getAttribute("lang");
  play.equal(lang, "zh-Hant", "and the choice stays from page to page");
  const name = page.getByLabel("申請人姓名或名稱");
  play.equal(await name.inputValue(), "张建华", "a form keeps what was typed, in its own script");
  await page.goto(`${play.house.base}${my}/submit`);
  await play.says(page, "張建華", "which is shown for reading in the other");

  const answer = await page.request.post(`${play.house.base}/staff/sign-in`, {
    headers: { "Accept-Language": "en", Accept: "application/json", Cookie: "" },
    data: {},
  });
  const told = await answer.text();
  play.ok(!/\p{Script=Han}/u.test(told), "problem details are English for who asks for it", told);
  play.equal(answer.headers()["content-language"], "en", "and say so");
}

/** Refused at the counter in English: what a decision says with numbers and names in it. */
export async function staffInEnglish(play) {
  const page = await citizen(play.crowd);
  const languages = new Languages();
  await languages.open(play.offices);
  await page.goto(`${play.house.base}/staff/sign-in?lang=en`);
  await fill(page, { Login: "land-clerk", Password: "not the one" });
  await press(page, "Sign in");
  const english = async (name) => {
    const wrong = languages.wrongEnglish(await languages.looked(await page.content()));
    play.ok(wrong.length === 0, `${name} is English`, wrong.join("\n"));
  };
  await english("a wrong password");
  await page.goto(`${play.house.base}/staff/sign-in`);
  await fill(page, { Login: "land-head", Password: play.house.password("land-head") });
  await press(page, "Sign in");
  await english("the desk");
  await page.goto(`${play.house.base}/staff/delegations/new`);
  await press(page, "Register the delegation");
  await english("a form with everything wrong");
  await page.goto(`${play.house.base}/nowhere`);
  await english("what is not there");
  const due = `${play.house.base}/calendar?from=2014-04-30&days=20&unit=working_days`;
  await page.goto(due);
  await english("how a time limit is computed");
  await play.says(page, "The start date is 30 April 2014", "step by step");
}
