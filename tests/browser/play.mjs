// One engine's play: the steps that several stories share, and what is looked at on the way.
import { Auditor } from "./audit.mjs";
import { Languages } from "./languages.mjs";
import { Crowd } from "./lib.mjs";
import { choose, citizen, fill, identityNumber, papers, press, staff, text } from "./people.mjs";

export const item = "国有土地使用权分割及变更登记";
export const applicant = {
  name: "沈志明",
  number: identityNumber("33048219780512301"),
  phone: "13857312046",
  matter: "独山港镇三宗工业用地土地证分割登记",
  area: "３６，５００ 平方米",
};

/** The pages that every case passes on its way. */
const passed = [
  ...["home", "item", "apply", "draft-empty", "draft-who", "draft-contact", "draft-way"],
  ...["draft-matter", "draft-material", "receive", "check", "accept", "review"],
];

/** One engine's stories. `see` audits a page where this engine does. */
export class Play {
  constructor(tap, engine, house, audits) {
    this.tap = tap;
    this.engine = engine;
    this.house = house;
    this.audits = audits;
    this.seen = new Set();
    this.files = papers(house.folder);
    this.crowd = new Crowd(); // of the story that is played
    this.offices = new Crowd(); // what lasts for the whole run: the auditor's window
    this.passes = true; // looks at what every case passes
    this.known = {}; // what one story leaves for a later one
  }

  /** One story, told to its end: nobody stays behind. */
  async tell(name, story) {
    const began = Date.now();
    await this.tap.story(this.name(name), () => story(this));
    await this.crowd.goHome();
    console.log(`# ${this.name(name)}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }

  /** Replays the journal and compares the tables that the stories of a day left. */
  async verify(day) {
    const { status, out } = await this.house.verify();
    this.ok(status === 0, `${day}: yimen verify finds journal and tables in order`, out);
  }

  name(words) {
    return `${this.engine}: ${words}`;
  }

  ok(good, words, why = "") {
    return this.tap.ok(good, this.name(words), why);
  }

  equal(got, wanted, words) {
    return this.tap.equal(got, wanted, this.name(words));
  }

  /** The audit of a page the first time it comes. A name is a page in one state. */
  async see(page, name) {
    if (this.engine !== "SQLite" || this.seen.has(name)) return;
    this.seen.add(name);
    await this.translated(page, name);
    if (this.audits) await this.audit(page, name);
  }

  /** One of the pages that every case passes: seen by one subject for all of them. */
  async pass(page, name) {
    if (!passed.includes(name)) throw new Error(`${name} is none of those that every case passes`);
    if (this.passes) await this.see(page, name);
  }

  /** Where they are looked at, all of them were. */
  passedAll() {
    if (this.engine !== "SQLite") return;
    const left = passed.filter((name) => !this.seen.has(name));
    this.equal(left.join(), "", "every case's pages were seen");
  }

  async audit(page, name) {
    if (!this.auditor || this.auditor.page.isClosed()) {
      this.auditor = new Auditor();
      await this.auditor.open(this.offices);
    }
    await this.auditor.look(this.tap, page, name);
  }

  /** The same page in the other languages. */
  async translated(page, name) {
    if (!this.languages || this.languages.page.isClosed()) {
      this.languages = new Languages();
      await this.languages.open(this.offices);
    }
    const wrong = await this.languages.wrongs(page);
    this.tap.ok(wrong.length === 0, `${name}: in English and in traditional script`, wrong.join("\n"));
  }

  async says(page, words, what = `says ${words}`) {
    const all = await text(page);
    this.ok(all.includes(words), what, `${page.url()}
${all.slice(0, 2500)}`);
  }

  async saysNot(page, words, what = `does not say ${words}`) {
    const all = await text(page);
    this.ok(!all.includes(words), what, `${page.url()}
${all.slice(0, 2500)}`);
  }

  async json(page, path) {
    const answer = await page.request.get(this.house.base + path, {
      headers: { Accept: "application/json" },
    });
    const type = answer.headers()["content-type"];
    return { status: answer.status(), type, body: await answer.json() };
  }

  /** From the home page to an empty draft; answers its address. */
  async draft(page) {
    await page.goto(`${this.house.base}/`);
    await this.pass(page, "home");
    await press(page, item);
    await this.pass(page, "item");
    await press(page, "网上申请");
    await this.pass(page, "apply");
    await press(page, "开始申请");
    await page.waitForURL(/\/my\/[^/]+\/[^/]+$/);
    await this.pass(page, "draft-empty");
    return new URL(page.url()).pathname;
  }

  /** Everything but handing in; area is empty for an item that asks for none. */
  async fillDraft(page, my, { files = true, required = true, area = applicant.area } = {}) {
    await page.goto(this.house.base + my);
    await press(page, "1. 申请人");
    await this.pass(page, "draft-who");
    await choose(page, "个人");
    await fill(page, { 申请人姓名或名称: applicant.name, 证件号码: applicant.number });
    await press(page, "保存并返回");
    await press(page, "2. 联系方式");
    await this.pass(page, "draft-contact");
    await fill(page, { 手机号码: applicant.phone });
    await press(page, "保存并返回");
    await press(page, "3. 领取方式");
    await this.pass(page, "draft-way");
    await choose(page, "窗口领取");
    await press(page, "保存并返回");
    await press(page, "4. 申请内容");
    await this.pass(page, "draft-matter");
    await fill(page, { 申请内容: applicant.matter });
    if (area) await fill(page, { "分割前宗地面积（平方米）": area });
    await press(page, "保存并返回");
    if (files) await this.upload(page, my, "m1", this.files.pdf);
    if (files) await this.upload(page, my, "m2", this.files.png);
    if (required) for (const code of await this.wanted(page, my)) await this.paper(page, my, code);
    await page.goto(this.house.base + my);
  }

  /** The required materials that are not handed in yet, by code. */
  async wanted(page, my) {
    await page.goto(`${this.house.base}${my}/materials`);
    const rows = page.getByRole("listitem").filter({ hasText: "必须提交" });
    return rows
      .filter({ has: page.getByText("未提交", { exact: true }) })
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.href.split("/").pop()));
  }

  async upload(page, my, code, file) {
    await page.goto(`${this.house.base}${my}/materials/${code}`);
    await this.pass(page, "draft-material");
    await page.getByLabel("电子文件").setInputFiles(file);
    await press(page, "保存");
    await page.waitForURL(/\/materials$/);
  }

  async paper(page, my, code) {
    await page.goto(`${this.house.base}${my}/materials/${code}`);
    await page.getByLabel("到窗口提交纸质材料").check();
    await press(page, "保存");
    await page.waitForURL(/\/materials$/);
  }

  /** A whole application, handed in; answers its address as the citizen has it. */
  async apply(page, options) {
    const my = await this.draft(page);
    await this.fillDraft(page, my, options);
    await press(page, "6. 核对并提交");
    await page.getByLabel("我承诺所填信息").check();
    await press(page, "提交申请");
    await page.waitForURL(/\/done$/);
    return my;
  }

  /** From a clerk's desk to the case with this number. */
  async openCase(page, my) {
    const caseNo = my.split("/")[2];
    await page.goto(`${this.house.base}/staff/cases?case_no=${caseNo}`);
    await press(page, caseNo);
    await page.waitForURL(/\/staff\/cases\/[0-9]+$/);
    return new URL(page.url()).pathname;
  }

  /** Opens an action of the case page by its button. */
  async act(page, path, action) {
    await page.goto(this.house.base + path);
    const actions = page.getByRole("navigation", { name: "可进行的操作" });
    await actions.getByRole("link", { name: action, exact: true }).click();
  }

  async receive(page, path) {
    await this.act(page, path, "接件");
    await this.pass(page, "receive");
    await press(page, "确认接件");
    await page.waitForURL((url) => url.pathname === path);
  }

  /** Looks at a page of a case again and again until time has brought about what is waited for. */
  async comes(page, path, words) {
    const until = Date.now() + 60000;
    do {
      await page.goto(this.house.base + path);
    } while (!(await text(page)).includes(words) && Date.now() < until);
    await this.says(page, words);
  }

  /** What each material is found to be; all others are checked. */
  async check(page, path, found = {}) {
    await this.act(page, path, "核对材料");
    const rows = page.locator("main").getByRole("group");
    const codes = await page
      .locator("input[name$='.code']")
      .evaluateAll((inputs) => inputs.map((input) => input.value));
    for (const [index, code] of codes.entries()) {
      const [state, note] = found[code] ?? [];
      const row = rows.nth(index);
      const handed = !(await row.innerText()).includes("未提交");
      const select = row.getByRole("combobox");
      if (state) await select.selectOption({ label: state });
      else if (handed) await select.selectOption({ label: "已核对" });
      if (note) await row.getByRole("textbox").fill(note);
    }
    await this.pass(page, "check");
    await press(page, "保存核对结果");
    await page.waitForURL((url) => url.pathname === path);
  }

  async accept(page, path, promise = "") {
    await this.act(page, path, "受理");
    await this.pass(page, "accept");
    if (promise) await fill(page, { 容缺承诺: promise });
    await press(page, "受理");
    await page.waitForURL((url) => url.pathname === path);
  }

  /** A citizen's application, received, checked and accepted by the clerk. */
  async accepted(options) {
    const page = await citizen(this.crowd);
    const my = await this.apply(page, options);
    const clerk = await staff(this.crowd, this.house, "land-clerk");
    const path = await this.openCase(clerk, my);
    await this.receive(clerk, path);
    await this.check(clerk, path);
    await this.accept(clerk, path);
    return { page, my, clerk, path };
  }

  async review(page, path, recommendation, opinion = "权属清楚，界址明确，材料齐全。") {
    await this.act(page, path, "审查");
    await choose(page, recommendation);
    await fill(page, { 审查意见: opinion });
    await this.pass(page, "review");
    await press(page, "提交审查意见");
    await page.waitForURL((url) => url.pathname === path);
  }
}
