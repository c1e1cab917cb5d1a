// The stories of citizens and clerks, in a browser without scripts. Every engine plays all of them and
// ends with `yimen verify`; the first also audits each page as it comes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { House, yimen } from "./house.mjs";
import { Tap, audit, keyboard, person, startBrowser, weight } from "./lib.mjs";
import {
  choose,
  citizen,
  enter,
  fill,
  identityNumber,
  papers,
  press,
  staff,
  tabTo,
  text,
} from "./people.mjs";

const clock = "2014-05-04T08:30";
const item = "国有土地使用权分割及变更登记";
const applicant = {
  name: "沈志明",
  number: identityNumber("33048219780512301"),
  phone: "13857312046",
  matter: "独山港镇三宗工业用地土地证分割登记",
};

const wanted = process.argv.slice(2);
const tap = new Tap();
const browser = await startBrowser();

/** One engine's stories. `see` audits a page where this engine does. */
class Play {
  constructor(engine, house, audits) {
    this.engine = engine;
    this.house = house;
    this.audits = audits;
    this.seen = new Set();
    this.files = papers(house.folder);
  }

  name(words) {
    return `${this.engine}: ${words}`;
  }

  async see(page, name, { keys = false } = {}) {
    if (!this.audits || this.seen.has(name)) return;
    this.seen.add(name);
    await audit(tap, page, name);
    if (keys) await keyboard(tap, page, name);
  }

  says(page, words, what = `says ${words}`) {
    return text(page).then((all) =>
      tap.ok(all.includes(words), this.name(what), `${page.url()}\n${all.slice(0, 2500)}`),
    );
  }

  saysNot(page, words, what = `does not say ${words}`) {
    return text(page).then((all) =>
      tap.ok(!all.includes(words), this.name(what), `${page.url()}\n${all.slice(0, 2500)}`),
    );
  }

  async json(page, path) {
    const answer = await page.request.get(this.house.base + path, {
      headers: { Accept: "application/json" },
    });
    return { status: answer.status(), type: answer.headers()["content-type"], body: await answer.json() };
  }

  /** From the home page to an empty draft; answers its address. */
  async draft(page) {
    await page.goto(`${this.house.base}/`);
    await this.see(page, "home", { keys: true });
    await press(page, item);
    await this.see(page, "item");
    await press(page, "网上申请");
    await this.see(page, "apply", { keys: true });
    await press(page, "开始申请");
    await page.waitForURL(/\/my\/[^/]+\/[^/]+$/);
    await this.see(page, "draft-empty", { keys: true });
    return new URL(page.url()).pathname;
  }

  /** Everything but handing in; `paper` says which materials are handed in as paper. */
  async fillDraft(page, my, { files = true, required = true } = {}) {
    await page.goto(this.house.base + my);
    await press(page, "1. 申请人");
    await this.see(page, "draft-who", { keys: true });
    await choose(page, "个人");
    await fill(page, { 申请人姓名或名称: applicant.name, 证件号码: applicant.number });
    await press(page, "保存并返回");
    await press(page, "2. 联系方式");
    await this.see(page, "draft-contact");
    await fill(page, { 手机号码: applicant.phone });
    await press(page, "保存并返回");
    await press(page, "3. 领取方式");
    await this.see(page, "draft-way");
    await choose(page, "窗口领取");
    await press(page, "保存并返回");
    await press(page, "4. 申请内容");
    await this.see(page, "draft-matter");
    await fill(page, { 申请内容: applicant.matter });
    await press(page, "保存并返回");
    if (files) await this.upload(page, my, "m1", this.files.pdf);
    if (files) await this.upload(page, my, "m2", this.files.png);
    if (required) for (const code of ["m3", "m4", "m5"]) await this.paper(page, my, code);
    await page.goto(this.house.base + my);
  }

  async upload(page, my, code, file) {
    await page.goto(`${this.house.base}${my}/materials/${code}`);
    await this.see(page, "draft-material");
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
    await page.getByRole("navigation", { name: "可进行的操作" }).getByRole("link", { name: action, exact: true }).click();
  }

  async receive(page, path) {
    await this.act(page, path, "接件");
    await this.see(page, "receive");
    await press(page, "确认接件");
    await page.waitForURL((url) => url.pathname === path);
  }

  /** What each material is found to be; all others are checked. */
  async check(page, path, found = {}) {
    await this.act(page, path, "核对材料");
    const rows = page.getByRole("group");
    const codes = await page.locator("input[name$='.code']").evaluateAll((all) => all.map((input) => input.value));
    for (const [index, code] of codes.entries()) {
      const [state, note] = found[code] ?? [];
      const row = rows.nth(index);
      const handed = !(await row.innerText()).includes("未提交");
      const select = row.getByRole("combobox");
      if (state) await select.selectOption({ label: state });
      else if (handed) await select.selectOption({ label: "已核对" });
      if (note) await row.getByRole("textbox").fill(note);
    }
    await this.see(page, "check", { keys: true });
    await press(page, "保存核对结果");
    await page.waitForURL((url) => url.pathname === path);
  }

  async accept(page, path) {
    await this.act(page, path, "受理");
    await this.see(page, "accept");
    await press(page, "受理");
    await page.waitForURL((url) => url.pathname === path);
  }

  async review(page, path, recommendation) {
    await this.act(page, path, "审查");
    await choose(page, recommendation);
    await fill(page, { 审查意见: "权属清楚，界址明确，材料齐全。" });
    await this.see(page, "review", { keys: true });
    await press(page, "提交审查意见");
    await page.waitForURL((url) => url.pathname === path);
  }
}

/** Applied for, accepted, decided and delivered on one day; the receipt holds anywhere. */
async function wholeCase(play) {
  const { house } = play;
  const page = await citizen(browser);
  await page.goto(`${house.base}/`);
  await press(page, "办事指南");
  await play.see(page, "items", { keys: true });
  await fill(page, { 事项名称: "土地 分割" });
  await press(page, "查找");
  await play.see(page, "items-found");
  await press(page, item);
  await play.says(page, "20个工作日", "the guide states the statutory limit");
  await play.says(page, "网上申请", "the guide offers the application");

  const my = await play.draft(page);
  const [, , caseNo, code] = my.split("/");
  await play.says(page, caseNo, "the draft shows its number");
  await play.says(page, code, "the draft shows its query code");
  await play.says(page, "尚不能开始", "an empty draft cannot be handed in");

  await press(page, "1. 申请人");
  await choose(page, "个人");
  await fill(page, { 申请人姓名或名称: applicant.name, 证件号码: "330482197805123010" });
  await press(page, "保存并返回");
  await play.see(page, "draft-who-wrong", { keys: true });
  await play.says(page, "有问题需要更正", "a wrong number is answered with an error summary");
  tap.equal(await page.getByLabel("申请人姓名或名称").inputValue(), applicant.name, play.name("and the name typed is still there"));
  tap.ok((await page.title()).startsWith("错误："), play.name("and the title says so first"));

  await play.fillDraft(page, my);
  await play.see(page, "draft-full");
  await play.says(page, "已完成5步", "five of six steps are done");
  await page.goto(`${house.base}${my}/materials`);
  await play.see(page, "draft-materials");
  await play.says(page, "土地登记申请书.pdf（PDF，", "a file shows its name, kind and size");
  await page.goto(house.base + my);
  await press(page, "6. 核对并提交");
  await play.see(page, "draft-submit", { keys: true });
  await press(page, "提交申请");
  await play.see(page, "draft-submit-wrong");
  await play.says(page, "有问题需要更正", "without the declaration there is an error summary");
  await play.says(page, applicant.matter, "and nothing is lost");
  await page.getByLabel("我承诺所填信息").check();
  await press(page, "提交申请");
  await page.waitForURL(/\/done$/);
  await play.see(page, "done", { keys: true });
  await play.says(page, "申请已提交", "a page of its own confirms");
  await play.says(page, code, "and shows the query code");
  await play.says(page, "5个工作日内答复", "and says what comes next");
  await press(page, "查看办理进度");
  await play.see(page, "my-submitted");

  const clerk = await staff(browser, house, "land-clerk");
  await play.see(clerk, "desk", { keys: true });
  await play.says(clerk, caseNo, "the clerk's desk has the case");
  await play.says(clerk, "沈**", "with the applicant masked");
  await play.says(clerk, "剩5个工作日", "and the time that is left");
  await play.says(clerk, "接件", "and what is to be done");
  await enter(clerk, caseNo);
  const path = new URL(clerk.url()).pathname;
  await play.see(clerk, "case-submitted", { keys: true });
  await enter(clerk, "接件");
  await enter(clerk, "确认接件");
  await play.says(clerk, "已接件，待受理", "received by the keyboard alone");
  await play.see(clerk, "case-received");
  await play.check(clerk, path);
  await play.see(clerk, "case-checked");
  await play.accept(clerk, path);
  await play.says(clerk, "已受理，审查中", "accepted");
  await play.says(clerk, "2014年5月30日", "the statutory date is 20 working days off");

  const reviewer = await staff(browser, house, "land-reviewer");
  await play.review(reviewer, path, "准予");
  await play.says(reviewer, "已审查，待核准", "reviewed");
  const verifier = await staff(browser, house, "land-verifier");
  await play.see(verifier, "desk-verifier");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "准予");
  await play.see(verifier, "decide", { keys: true });
  await press(verifier, "作出决定");
  await verifier.waitForURL((url) => url.pathname === path);
  await play.says(verifier, "准予，待制证", "granted");

  await play.act(clerk, path, "制证");
  await fill(clerk, { 证照或文书编号: "平国用（2014）第00001号" });
  await play.see(clerk, "issue");
  await press(clerk, "登记制证");
  await play.act(clerk, path, "送达");
  await fill(clerk, { 签收人: applicant.name });
  await play.see(clerk, "deliver");
  await press(clerk, "确认送达");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.see(clerk, "case-delivered", { keys: true });
  await play.says(clerk, "已送达，办结", "delivered the same day");
  const facts = (await text(clerk)).replace(/\s+/g, " ");
  tap.ok(/实际用时 ?1个工作日/.test(facts), play.name("1 working day used"), facts.slice(0, 1500));
  tap.ok(/比法定缩短 ?19个工作日/.test(facts), play.name("19 saved against the law"), facts.slice(0, 1500));

  await page.goto(`${house.base}/my`);
  await play.see(page, "my", { keys: true });
  await fill(page, { 办件编号: caseNo, 查询码: code });
  await press(page, "查询");
  await play.see(page, "my-found");
  await press(page, item);
  await play.see(page, "my-delivered", { keys: true });
  await play.says(page, "已送达，办结", "the citizen sees the delivery");
  await sameFactsAsJson(play, page, my);
  await receipts(play, page);
}

async function sameFactsAsJson(play, page, my) {
  const answer = await play.json(page, my);
  tap.equal(answer.status, 200, play.name("the same address answers JSON"));
  tap.equal(answer.body.file.state, "delivered", play.name("JSON: the state"));
  tap.equal(answer.body.file.used_days, 1, play.name("JSON: 1 day used"));
  tap.equal(answer.body.file.saved_days, 19, play.name("JSON: 19 saved"));
  const all = await text(page);
  const steps = answer.body.history.filter((step) => !step.filling);
  const told = steps.every((step) => all.includes(step.title));
  tap.ok(steps.length >= 8 && told, play.name("every step of the JSON stands on the page"), all);
  tap.equal(await page.locator(".ym-timeline__item").count(), steps.length, play.name("and no other"));
}

/** The receipt of the delivery: held offline and on the page; a changed one refused by both. */
async function receipts(play, page) {
  const { house } = play;
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载回执：送达" }).click();
  const download = await waiting;
  tap.ok(download.suggestedFilename().endsWith(".tlog-proof"), play.name("a receipt is a .tlog-proof"), download.suggestedFilename());
  const file = join(house.folder, "receipt.tlog-proof");
  await download.saveAs(file);
  const key = await (await page.request.get(`${house.base}/log/330482/vkey`)).text();
  const good = await yimen("verify", "--receipt", file, "--key", key.trim());
  tap.equal(good.status, 0, play.name("yimen verify --receipt accepts it offline"));

  const proof = readFileSync(file, "utf8");
  await page.goto(`${house.base}/verify`);
  await play.see(page, "verify", { keys: true });
  await page.getByLabel("回执内容").fill(proof);
  await press(page, "核验");
  await play.see(page, "verify-holds");
  await play.says(page, "回执有效", "/verify confirms it");
  await play.says(page, "送达", "and says what it is about");

  const lines = proof.split("\n");
  const at = lines.findIndex((line) => line.startsWith("extra "));
  const extra = Buffer.from(lines[at].slice(6), "base64").toString("utf8");
  lines[at] = `extra ${Buffer.from(extra.replace("case.delivered", "case.withdrawn")).toString("base64")}`;
  const changed = lines.join("\n");
  tap.ok(at > 0 && changed !== proof, play.name("a receipt with another event in it is made"));
  const forged = join(house.folder, "forged.tlog-proof");
  writeFileSync(forged, changed);
  const bad = await yimen("verify", "--receipt", forged, "--key", key.trim());
  tap.equal(bad.status, 1, play.name("yimen verify --receipt refuses the changed one"));
  await page.getByLabel("回执内容").fill(changed);
  await press(page, "核验");
  await play.see(page, "verify-wrong");
  await play.says(page, "回执无效", "/verify refuses it too");
}

/** One notice with everything in it; the citizen supplies; the case goes on. */
async function supplement(play) {
  const { house } = play;
  const page = await citizen(browser);
  const my = await play.apply(page, { files: true, required: false });
  const clerk = await staff(browser, house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.act(clerk, path, "核对材料");
  await play.check(clerk, path, { m2: ["不符合要求", "身份证影像不清晰，请重新提供"] });
  await play.act(clerk, path, "一次性告知补正");
  await play.see(clerk, "supplement", { keys: true });
  for (const name of ["国有土地使用证", "地籍调查表", "规划主管部门同意分割的文件", "身份证影像不清晰"])
    await play.says(clerk, name, `the notice lists ${name}`);
  await press(clerk, "发出补正通知");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.see(clerk, "case-supplement");
  await play.says(clerk, "待补正材料", "the case waits for the applicant");

  await page.goto(house.base + my);
  await play.see(page, "my-supplement", { keys: true });
  for (const name of ["国有土地使用证", "地籍调查表", "规划主管部门同意分割的文件", "身份证影像不清晰"])
    await play.says(page, name, `the citizen is told of ${name}`);
  await play.upload(page, my, "m2", play.files.png);
  for (const code of ["m3", "m4", "m5"]) await play.paper(page, my, code);
  await page.goto(house.base + my);
  await play.says(page, "材料已全部补交", "everything has been supplied");
  await press(page, "补正完毕，交回窗口");
  await play.saysNot(page, "请补正以下材料", "handed back");

  await play.check(clerk, path);
  await play.accept(clerk, path);
  await play.says(clerk, "已受理，审查中", "accepted after the supplement");
}

async function notAccepted(play) {
  const page = await citizen(browser);
  const my = await play.apply(page);
  const clerk = await staff(browser, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.act(clerk, path, "不予受理");
  await press(clerk, "不予受理");
  await play.see(clerk, "not-accept-wrong", { keys: true });
  await play.says(clerk, "有问题需要更正", "a refusal without a reason is not taken");
  const reason = "该宗土地不在本市行政区域内，依法不属于本机关职权范围。";
  await clerk.getByLabel("理由").fill(reason);
  await press(clerk, "不予受理");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.says(clerk, reason, "the case page has the reason");
  await page.goto(play.house.base + my);
  await play.see(page, "my-not-accepted");
  await play.says(page, "不予受理", "the citizen sees the refusal to accept");
  await play.says(page, reason, "and why");
  await play.says(page, "行政复议", "and what can be done");
}

async function refused(play) {
  const page = await citizen(browser);
  const my = await play.apply(page);
  const clerk = await staff(browser, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.check(clerk, path);
  await play.accept(clerk, path);
  const reviewer = await staff(browser, play.house, "land-reviewer");
  await play.review(reviewer, path, "不予许可");
  const verifier = await staff(browser, play.house, "land-verifier");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "不予许可");
  await press(verifier, "作出决定");
  await play.see(verifier, "decide-wrong");
  await play.says(verifier, "不予许可须写明理由", "no refusal without reasons (law 38)");
  tap.ok(await verifier.getByLabel("不予许可", { exact: true }).isChecked(), play.name("and the choice is kept"));
  const reason = "分割后的宗地不符合规划条件，无独立的出入通道。";
  await verifier.getByLabel("理由").fill(reason);
  await press(verifier, "作出决定");
  await verifier.waitForURL((url) => url.pathname === path);
  await play.see(verifier, "case-refused");
  await page.goto(play.house.base + my);
  await play.see(page, "my-refused", { keys: true });
  await play.says(page, "不予许可", "the citizen sees the decision");
  await play.says(page, reason, "its reasons");
  await play.says(page, "六十日内依法申请行政复议", "and the remedy");
}

async function wrongCode(play) {
  const page = await citizen(browser);
  const my = await play.draft(page);
  const caseNo = my.split("/")[2];
  await page.goto(`${play.house.base}/my`);
  await fill(page, { 办件编号: caseNo, 查询码: "ABCDEFGHJKMN" });
  await press(page, "查询");
  await play.see(page, "my-wrong", { keys: true });
  await play.says(page, "没有找到该办件", "a wrong code finds nothing");
  tap.equal(await page.getByLabel("办件编号").inputValue(), caseNo, play.name("and the number typed is kept"));
  const answer = await page.goto(`${play.house.base}/my/${caseNo}/ABCDEFGHJKMN`);
  tap.equal(answer.status(), 404, play.name("nor does it in the address"));
  await play.see(page, "my-not-found");
  const problem = await play.json(page, `/my/${caseNo}/ABCDEFGHJKMN`);
  tap.equal(problem.status, 404, play.name("JSON: 404"));
  tap.ok(problem.type.startsWith("application/problem+json"), play.name("JSON: RFC 9457 problem details"), problem.type);
  tap.equal(problem.body.type, "/problems/not_found", play.name("JSON: its type"));
  tap.ok(problem.body.status === 404 && problem.body.title && problem.body.detail, play.name("JSON: status, title, detail"), JSON.stringify(problem.body));
}

async function supervisor(play) {
  const citizenPage = await citizen(browser);
  const my = await play.apply(citizenPage);
  const page = await staff(browser, play.house, "supervisor");
  await play.see(page, "desk-supervisor");
  const path = await play.openCase(page, my);
  await play.see(page, "case-supervisor");
  await play.says(page, "沈**", "the supervisor sees a masked name");
  for (const secret of [applicant.name, applicant.number, applicant.phone, applicant.matter, "土地登记申请书.pdf"])
    await play.saysNot(page, secret, `and nothing of ${secret}`);
  tap.equal(await page.locator("main form, main .govuk-button").count(), 0, play.name("and no button"));
  const json = JSON.stringify((await play.json(page, path)).body);
  tap.ok(!json.includes(applicant.name) && !json.includes(applicant.number) && !json.includes(applicant.phone), play.name("JSON hides the same"));
  const answer = await page.goto(`${play.house.base}${path}/receive`);
  tap.equal(answer.status(), 403, play.name("the page of an action is refused"));
  await play.see(page, "refused-role");
}

async function expiredToken(play) {
  const citizenPage = await citizen(browser);
  const my = await play.apply(citizenPage);
  const page = await staff(browser, play.house, "land-clerk");
  const path = await play.openCase(page, my);
  await play.act(page, path, "接件");
  await page.evaluate(() => {
    document.querySelector("main input[name=_token]").value = "0".repeat(64);
  });
  await press(page, "确认接件");
  await play.see(page, "token");
  await play.says(page, "页面已失效", "an expired form says so");
  await page.goto(play.house.base + path);
  await play.says(page, "已提交，待接件", "and nothing happened");
}

async function signIn(play) {
  const page = await person(browser);
  await page.goto(`${play.house.base}/staff/cases`);
  await play.see(page, "sign-in", { keys: true });
  await play.says(page, "工作人员登录", "staff pages ask to sign in");
  let tries = 0;
  let all = "";
  for (; tries < 15; tries += 1) {
    await page.getByLabel("登录名").fill("market-clerk");
    await page.getByLabel("密码", { exact: true }).fill("不是这个密码1");
    await press(page, "登录");
    await page.waitForLoadState();
    all = await text(page);
    if (tries === 0) {
      await play.see(page, "sign-in-wrong", { keys: true });
      await play.says(page, "账号或密码不正确", "a wrong password says no more than that");
      tap.equal(await page.getByLabel("登录名").inputValue(), "market-clerk", play.name("the login name is kept"));
      tap.equal(await page.getByLabel("密码", { exact: true }).inputValue(), "", play.name("the password is not"));
    }
    if (!all.includes("账号或密码不正确")) break;
  }
  await play.see(page, "sign-in-locked");
  tap.ok(tries > 0 && tries < 15 && /频繁|分钟/.test(all), play.name(`after ${tries} tries the account is locked for a while`), all);
}

async function emptyPages(play) {
  const page = await staff(browser, play.house, "social-reviewer");
  await play.see(page, "desk-empty", { keys: true });
  await play.says(page, "目前没有等待您办理的办件", "an empty desk says so");
  await page.goto(`${play.house.base}/staff/cases?case_no=330482-2014-XXXX-999999`);
  await play.see(page, "cases-none");
  await play.says(page, "没有编号为", "an unknown number finds no case");
  const answer = await page.goto(`${play.house.base}/staff/cases/999999`);
  tap.equal(answer.status(), 404, play.name("a case that is not is 404"));
  await play.see(page, "staff-not-found");
  const none = await page.goto(`${play.house.base}/staff/nothing-here`);
  tap.equal(none.status(), 404, play.name("so is a page that is not"));
  const problem = await play.json(page, "/staff/cases/999999");
  tap.ok(problem.status === 404 && problem.type.startsWith("application/problem+json"), play.name("as problem details in JSON"), problem.type);
}

/** The clerk fills in the same form for somebody at the window. */
async function window(play) {
  const page = await staff(browser, play.house, "land-clerk");
  await press(page, "受理登记");
  await play.see(page, "new", { keys: true });
  await press(page, item);
  await press(page, "开始申请");
  await page.waitForURL(/\/my\/[^/]+\/[^/]+$/);
  const my = new URL(page.url()).pathname;
  await play.fillDraft(page, my, { files: false, required: true });
  await press(page, "6. 核对并提交");
  await page.getByLabel("我承诺所填信息").check();
  await press(page, "提交申请");
  await page.waitForURL(/\/staff\/cases\/[0-9]+$/);
  await play.says(page, "已接件，待受理", "at the window handing in and receiving are one");
  await page.goto(`${play.house.base}/staff/cases`);
  await play.see(page, "cases", { keys: true });
}

async function otherPages(play) {
  const page = await citizen(browser);
  for (const [path, name] of [
    ["/departments", "departments"],
    ["/places", "places"],
    ["/calendar", "calendar"],
    ["/items?words=没有这样的事项", "items-none"],
    ["/nothing-here", "not-found"],
  ]) {
    await page.goto(play.house.base + path);
    await play.see(page, name, { keys: true });
  }
  await play.says(page, "没有找到", "a wrong address is answered in words");
  const my = await play.draft(page);
  await page.goto(`${play.house.base}${my}/withdraw`);
  await play.see(page, "withdraw", { keys: true });
  await press(page, "确认撤回");
  await play.says(page, "已撤回", "a draft can be withdrawn");
  await play.see(page, "my-withdrawn");

  const administrator = await staff(browser, play.house, "administrator");
  const nav = administrator.getByRole("navigation", { name: "主导航" });
  for (const name of ["我的工作台", "办件查询", "账号", "授权", "公众网站"])
    tap.equal(await nav.getByRole("link", { name, exact: true }).count(), 1, play.name(`the administrator's navigation has ${name}`));
  for (const [path, name] of [
    ["/staff/accounts", "accounts"],
    ["/staff/accounts/new", "account-new"],
    ["/staff/delegations", "delegations"],
    ["/staff/delegations/new", "delegation-new"],
    ["/staff/me", "me"],
  ]) {
    await administrator.goto(play.house.base + path);
    await play.see(administrator, name);
  }
  await administrator.goto(`${play.house.base}/staff/accounts`);
  await administrator.locator("main tbody a").first().click();
  await play.see(administrator, "account");
}

async function actions(play) {
  const citizenPage = await citizen(browser);
  const my = await play.apply(citizenPage);
  const clerk = await staff(browser, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.check(clerk, path);
  await play.accept(clerk, path);
  const head = await staff(browser, play.house, "land-head");
  for (const action of ["extend", "forward", "suspend", "terminate"]) {
    await head.goto(`${play.house.base}${path}/${action}`);
    await play.see(head, action);
  }
  const reviewer = await staff(browser, play.house, "land-reviewer");
  await play.act(reviewer, path, "启动特别程序");
  await reviewer.getByLabel("特别程序").first().selectOption({ index: 1 }).catch(async () => {
    await reviewer.getByRole("radio").first().check();
  });
  await fill(reviewer, { 告知书文号: "平土资告〔2014〕1号", 预计所需工作日: "15" });
  await press(reviewer, "启动并中止计时");
  await reviewer.waitForURL((url) => url.pathname === path);
  await play.says(reviewer, "特别程序中", "a special procedure stops the clock");
  await play.see(reviewer, "case-suspended");
  await citizenPage.goto(play.house.base + my);
  await play.see(citizenPage, "my-suspended");
  await play.says(citizenPage, "计时中止", "the citizen sees that the clock stands");
  await play.act(reviewer, path, "特别程序结束");
  await play.see(reviewer, "resume");
  await fill(reviewer, { 特别程序结果: "公告期满，无异议。" });
  await press(reviewer, "结束并恢复计时");
  await reviewer.waitForURL((url) => url.pathname === path);
  await play.says(reviewer, "已受理，审查中", "and afterwards it runs on");
}

async function weights(play) {
  const paths = ["/", "/items", "/items/011-001", "/apply/011-001", "/my", "/verify", "/calendar", "/departments", "/places", "/staff/sign-in"];
  for (const path of paths) {
    const bytes = await weight(browser, play.house.base + path);
    tap.ok(bytes > 1000 && bytes < 60 * 1024, `weight of ${path}: ${bytes} bytes on the wire, with the style sheet`, "over 61440");
  }
}

const stories = { wholeCase, supplement, notAccepted, refused, actions, supervisor, window, wrongCode, expiredToken, signIn, emptyPages, otherPages };

async function playAll(engine, postgresql, audits) {
  const house = new House(postgresql);
  try {
    await house.setUp();
    await house.open(clock);
    const play = new Play(engine, house, audits);
    for (const [name, story] of Object.entries(stories))
      if (!wanted.length || wanted.some((word) => name.includes(word)))
        await tap.story(play.name(name), () => story(play));
    if (audits && (!wanted.length || wanted.includes("weights"))) await tap.story("weights", () => weights(play));
  } finally {
    await house.close();
  }
  const checked = await house.verify();
  tap.equal(checked.status, 0, `${engine}: yimen verify finds journal and tables in order`);
  if (checked.status !== 0) console.log(checked.out.replace(/^/gm, "# "));
  house.remove();
}

await tap.story("SQLite", () => playAll("SQLite", null, !process.env.YIMEN_TEST_NO_AUDIT));
if (process.env.YIMEN_TEST_POSTGRESQL)
  await tap.story("PostgreSQL", () => playAll("PostgreSQL", process.env.YIMEN_TEST_POSTGRESQL, false));
await browser.close();
tap.end();
