// The papers of a case, printed: each one as a PDF on A4 and on the counter's roll of 80 mm, and of the
// PDF its size, its pages, its words and its code, which is read from the printed page and verified.
// The case is led by JSON: its pages have stories of their own.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { yimen } from "./house.mjs";
import { root, web } from "./lib.mjs";
import { citizen, staff, text } from "./people.mjs";
import { applicant, item } from "./play.mjs";

const { PNG } = web("pngjs");
const run = promisify(execFile);
const folder = join(root, "build", "papers");
/** The sheets in millimetres, and the dots an inch of the printers that take them. */
const sheets = {
  a4: { width: 210, height: 297, dots: 110, query: "" },
  roll: { width: 80, height: 297, dots: 203, query: "?sheet=roll" },
};
/** What stands on the screen's page alone. */
const loose = ["返回办件", "工作人员入口", "办事指南", "我的办件", "纸张：", "Ctrl", "核验回执", "http", "/my/"];

/** One person's program: posts commands as JSON, with the session's token if there is one. */
class Hand {
  constructor(play, page, base, token) {
    Object.assign(this, { play, page, base, token });
  }

  async does(verb, data = {}) {
    const headers = { Accept: "application/json" };
    if (this.token) headers["X-CSRF-Token"] = this.token;
    const address = this.play.house.base + this.base + (verb ? `/${verb}` : "");
    const answer = await this.page.request.post(address, { headers, data });
    if (!answer.ok()) throw new Error(`${address}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  }
}

async function hand(play, login, base) {
  const page = await staff(play.crowd, play.house, login);
  const token = await page.locator("input[name=_token]").first().inputValue();
  return new Hand(play, page, base, token);
}

const required = ["m1", "m2", "m3", "m4", "m5"];

/** An application handed in with these papers; answers the applicant and the case's addresses. */
async function handIn(play, codes = required) {
  const page = await citizen(play.crowd);
  const begun = await new Hand(play, page, "/apply/011-001").does("");
  const me = new Hand(play, page, begun.location);
  await me.does("who", {
    applicant_type: "person",
    applicant_name: applicant.name,
    id_number: applicant.number,
  });
  await me.does("contact", { phone: applicant.phone });
  await me.does("way", { delivery_method: "window" });
  await me.does("matter", { matter: applicant.matter, area_m2: 36500 });
  for (const code of codes) await me.does(`materials/${code}`, { paper: true });
  await me.does("submit", { declared: true });
  const { body } = await play.json(page, begun.location);
  return { me, path: `/staff/cases/${body.case_id}`, no: body.case_no };
}

/** The papers that the case's page offers, by title: the last of each. */
async function offered(play, page, address) {
  const { body } = await play.json(page, address);
  return Object.fromEntries(
    body.history.filter((step) => step.paper).map((step) => [step.paper, step]),
  );
}

async function pdf(page, name) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.printToPDF", { preferCSSPageSize: true });
  await session.detach();
  const file = join(folder, `${name}.pdf`);
  writeFileSync(file, Buffer.from(data, "base64"));
  return file;
}

const squeezed = (words) => words.replace(/\s+/g, "");

/** Pages of a PDF: their sizes in millimetres, and their words without white space. */
async function pagesOf(file) {
  const { stdout: told } = await run("pdfinfo", ["-f", "1", "-l", "99", file]);
  const sizes = [...told.matchAll(/Page +\d+ size: +([\d.]+) x ([\d.]+) pts/g)];
  const { stdout: all } = await run("pdftotext", ["-raw", file, "-"]);
  const words = all.split("\f").slice(0, -1).map(squeezed);
  const { stdout: urls } = await run("pdfinfo", ["-url", file]);
  const mm = (points) => Math.round((points * 25.4) / 72);
  return {
    sizes: sizes.map(([, width, height]) => `${mm(width)}x${mm(height)}`),
    words,
    links: urls.split("\n").length - 2,
  };
}

/** The pages as pictures, with the dots of that printer. */
async function pictures(file, dots) {
  const stem = file.replace(/\.pdf$/, "");
  await run("pdftoppm", ["-r", String(dots), "-png", file, stem]);
  const mine = (name) => name.startsWith(`${stem.split("/").pop()}-`) && /-\d+\.png$/.test(name);
  return readdirSync(folder).filter(mine).sort().map((name) => join(folder, name));
}

/** What a scanner reads from the printed pages; one without a code ends with status 4. */
async function scanned(files) {
  const read = [];
  for (const file of files) {
    const one = ["--raw", "-q", "--nodbus", "-Sdisable", "-Sqrcode.enable", file];
    const { stdout } = await run("zbarimg", one).catch((error) => {
      if (error.code === 4) return { stdout: "" };
      throw error;
    });
    read.push(...stdout.split("\n").filter(Boolean));
  }
  return read;
}

function greys(file) {
  const { data } = PNG.sync.read(readFileSync(file));
  for (let at = 0; at < data.length; at += 4)
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  return data[0] === 255;
}

/** The side of one module of the code as it is printed, in millimetres. */
async function moduleSize(page) {
  await page.emulateMedia({ media: "print" });
  const size = await page.locator("svg.ym-qr").evaluate(
    (code) => code.getBoundingClientRect().width / Number(code.getAttribute("viewBox").split(" ")[2]),
  );
  await page.emulateMedia({ media: null });
  return (size * 25.4) / 96;
}

/** The code's address holds in the house, and the receipt without it. */
async function verified(play, page, address, step, name) {
  const { house } = play;
  play.equal(address, `${house.base}/verify?receipt=${step.index}`, `${name}: the code is its receipt`);
  const look = await page.context().newPage();
  await look.goto(address);
  const said = await text(look);
  play.ok(said.includes("回执有效") && said.includes(step.title), `${name}: and holds`, said);
  if (step.document_no)
    play.ok(said.includes(step.document_no), `${name}: and says the paper's number`, said);
  await look.close();
  const proof = await (await page.request.get(`${house.base}/receipts/330482/${step.index}`)).text();
  const file = join(house.folder, `paper-${step.index}.tlog-proof`);
  writeFileSync(file, proof);
  const key = await (await page.request.get(`${house.base}/log/330482/vkey`)).text();
  const held = await yimen("verify", "--receipt", file, "--key", key.trim());
  play.equal(held.status, 0, `${name}: its receipt holds without the house`);
  const entry = JSON.parse(Buffer.from(/^extra (.*)$/m.exec(proof)[1], "base64").toString());
  const number = entry.body.document_no ?? "";
  play.equal(`${entry.kind} ${number}`, `${step.kind} ${step.document_no}`, `${name}: of that step`);
}

/** One paper on one sheet. */
async function printed(play, page, base, step, sheet, words) {
  const { width, height, dots, query } = sheets[sheet];
  const name = `${step.kind.slice(5)}-${sheet}`;
  await page.goto(`${play.house.base}${base}/papers/${step.index}${query}`);
  await play.see(page, `paper-${name}`);
  const file = await pdf(page, `${play.engine}-${name}`);
  const made = await pagesOf(file);
  const all = made.words.join("");
  play.equal([...new Set(made.sizes)].join(), `${width}x${height}`, `${name}: the sheet's size`);
  play.ok(made.sizes.length <= 2, `${name}: ${made.sizes.length} pages`);
  made.words.forEach((one, at) =>
    play.ok(one.includes(`第${at + 1}页共${made.sizes.length}页`), `${name}: page ${at + 1} says so`, one),
  );
  const lacking = ["平湖市国土资源局", step.paper, "（审批专用章）", ...words].filter(
    (one) => !all.includes(squeezed(one)),
  );
  play.equal(lacking.join(), "", `${name}: all words are there`);
  const there = loose.filter((one) => all.includes(one));
  play.equal(there.join() + made.links, "0", `${name}: no navigation, address or link`);
  const files = await pictures(file, dots);
  play.ok(files.every(greys), `${name}: black on white`);
  const size = await moduleSize(page);
  play.ok(size >= 0.4, `${name}: a module of the code is ${size.toFixed(2)} mm`);
  const [read, ...more] = await scanned(files);
  play.equal(more.length, 0, `${name}: one code`);
  if (sheet === "a4") await verified(play, page, read, step, name);
  else play.equal(read, `${play.house.base}/verify?receipt=${step.index}`, `${name}: the same code`);
}

/** Every paper that the case offers is printed, and those are all that were expected; the roll, which
 * has the same words, on the line of the audits only. */
async function printAll(play, page, base, expected) {
  const papers = await offered(play, page, base);
  play.equal(Object.keys(papers).sort().join(), Object.keys(expected).sort().join(), "the papers");
  for (const [title, words] of Object.entries(expected))
    for (const sheet of Object.keys(sheets))
      if (sheet === "a4" || play.audits)
        await printed(play, page, base, papers[title], sheet, words);
}

/** By night the same sheet comes out of the printer, dot by dot. */
async function byNight(play, page, address) {
  await page.goto(play.house.base + address);
  const day = await pictures(await pdf(page, `${play.engine}-day`), 60);
  await page.emulateMedia({ colorScheme: "dark" });
  const night = await pictures(await pdf(page, `${play.engine}-night`), 60);
  await page.emulateMedia({ colorScheme: null });
  const bytes = (files) => Buffer.concat(files.map((file) => PNG.sync.read(readFileSync(file)).data));
  play.ok(bytes(day).equals(bytes(night)), "a dark screen prints the same sheet");
}

/** A long list: no row is cut, its head stands on every page. */
async function longList(play) {
  const { me, path } = await handIn(play);
  const clerk = await hand(play, "land-clerk", path);
  await clerk.does("receive");
  const note = (code) => `${code}甲，${"界址点成果表与宗地图不一致，请重新测绘后提交。".repeat(5)}${code}乙`;
  const wrong = (code) => ({ code, state: "wrong", note: note(code) });
  const codes = [...required, "m6", "m7", "m8", "m9"];
  await clerk.does("check", { materials: codes.map(wrong) });
  await clerk.does("supplement");
  const papers = await offered(play, me.page, me.base);
  const { index } = papers["补正材料通知书"];
  for (const [sheet, { query }] of Object.entries(sheets)) {
    await me.page.goto(`${play.house.base}${me.base}/papers/${index}${query}`);
    const made = await pagesOf(await pdf(me.page, `${play.engine}-long-${sheet}`));
    const whole = codes.filter((code) =>
      made.words.some((one) => one.includes(`${code}甲`) && one.includes(`${code}乙`)),
    );
    play.ok(made.words.length > 1, `long list, ${sheet}: ${made.words.length} pages`);
    play.equal(whole.join(), codes.join(), `long list, ${sheet}: no row is cut`);
    const rows = made.words.filter((one) => /m\d甲/.test(one));
    play.ok(rows.every((one) => one.includes("序号")), `long list, ${sheet}: each page has the head`);
    const last = `第${made.words.length}页共${made.words.length}页`;
    play.ok(made.words.at(-1).includes(last), `long list, ${sheet}: the last page says ${last}`);
  }
  return { me, path, index };
}

/** Who may have a paper, and with what of it. */
async function whoMay(play, { me, path, index }) {
  const { base } = play.house;
  for (const [login, status] of [
    ["land-clerk", 200],
    ["land-head", 200],
    ["manager", 200],
    ["supervisor", 200],
    ["market-clerk", 403],
    ["administrator", 403],
  ]) {
    const page = await staff(play.crowd, play.house, login);
    const answer = await page.goto(`${base}${path}/papers/${index}`);
    play.equal(answer.status(), status, `the paper of a case, asked by ${login}`);
    const all = await text(page);
    const known = all.includes(applicant.name);
    play.equal(known, status === 200 && login !== "supervisor", `${login} reads whose it is`);
    if (login !== "supervisor") continue;
    await play.see(page, "paper-supervisor");
    const told = [applicant.matter, applicant.number, "界址点成果表"].filter((one) => all.includes(one));
    play.equal(told.join(), "", "and nothing that was written about the person");
    play.ok(all.includes("仅供监督检查"), "and that it is no paper to be served");
  }
  const other = await citizen(play.crowd);
  for (const address of [
    `/my/${me.base.split("/")[2]}/ABCDEFGHJKMN/papers/${index}`,
    `${me.base}/papers/${Number(index) + 1}`,
    `${me.base}/papers/1`,
  ])
    play.equal((await other.goto(base + address)).status(), 404, `${address.slice(-30)} is not found`);
}

/** The long way of one case, with every paper on it. */
export async function papersPrinted(play) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name.startsWith(`${play.engine}-`)) rmSync(join(folder, name));
  const { me, path, no } = await handIn(play, ["m1", "m3", "m4", "m5"]);
  const clerk = await hand(play, "land-clerk", path);
  const reviewer = await hand(play, "land-reviewer", path);
  const verifier = await hand(play, "land-verifier", path);
  const head = await hand(play, "land-head", path);
  const good = (codes) => ({ materials: codes.map((code) => ({ code, state: "checked" })) });
  const yes = { recommendation: "grant", opinion: "权属清楚，界址明确，材料齐全。" };
  await clerk.does("receive");
  const unclear = { code: "m3", state: "wrong", note: "宗地图未加盖测绘资质章" };
  await clerk.does("check", { materials: [unclear] });
  await clerk.does("supplement", { note: "补正时请携带原件。" });
  for (const code of ["m2", "m3"]) await me.does(`materials/${code}`, { paper: true });
  await me.does("supplied");
  const later = { code: "m7", state: "deferred" };
  await clerk.does("check", { materials: [...good(required).materials, later] });
  await clerk.does("accept", { promise: "承诺三个工作日内补交房产证原件。" });
  await reviewer.does("suspend", {
    kind: "experts",
    paper: "平土资告〔2014〕1号",
    planned_days: 15,
    reason: "宗地界线需要专家评审。",
  });
  await reviewer.does("resume", { result: "专家评审通过。" });
  await head.does("extend", { days: 5, reason: "需要向规划主管部门核实规划条件。" });
  await me.does("materials/m7", { paper: true });
  await clerk.does("gap-close", { code: "m7" });
  await reviewer.does("review", yes);
  await verifier.does("decide", { outcome: "grant", basis: "《土地登记办法》第三十九条" });
  await clerk.does("issue", { certificate_no: "平国用（2014）第00123号" });
  const name = [applicant.name];
  const law = "《中华人民共和国行政许可法》";
  const till = {
    申请材料接收凭证: [...name, no, "330482********", applicant.matter, "未提交", "最迟于2014年5月9日"],
    补正材料通知书: [...name, `${no}-补-1`, "宗地图未加盖测绘资质章", "补正时请携带原件", "第三十二条第一款第四项"],
    补正材料接收凭证: [...name, "纸质提交", "逾期不答复的"],
    受理通知书: [...name, `${no}-受-1`, "20个工作日", "2014年5月30日", "承诺三个工作日内补交", "容缺后补", law],
    特别程序告知书: [...name, `${no}-特-1`, "专家评审", "预计15个工作日", "平土资告〔2014〕1号", "第四十五条"],
    延长办理期限告知书: [`${no}-延-1`, "延长5个工作日", "需要向规划主管部门核实规划条件", "第四十二条"],
    容缺材料接收凭证: [...name, "已全部补齐"],
    准予许可决定书: [...name, `${no}-许-1`, "《土地登记办法》第三十九条", "决定准予许可", "2014年5月4日"],
    送达回证: [...name, `${no}-许-1`, "平国用（2014）第00123号", "窗口领取", "受送达人"],
  };
  await printAll(play, me.page, me.base, till);
  const { 受理通知书: accepted } = await offered(play, me.page, me.base);
  await byNight(play, me.page, `${me.base}/papers/${accepted.index}`);
  await clerk.does("deliver", { method: "window", recipient: applicant.name });
  const slip = (await offered(play, me.page, me.base)).送达回证;
  play.equal(slip.kind, "case.delivered", "after delivery the slip is that of the delivery");
  for (const sheet of Object.keys(sheets))
    await printed(play, me.page, me.base, slip, sheet, [`签收登记：${applicant.name}`, "2014年5月4日"]);
  await play.see(clerk.page, "case-papers");
}

/** The papers that say no: each has its reason and what can be done. */
export async function papersOfNo(play) {
  mkdirSync(folder, { recursive: true });
  const remedy = "六十日内依法申请行政复议";
  const reason = "该宗土地不在本市行政区域内，依法不属于本机关职权范围。";
  const first = await handIn(play);
  await (await hand(play, "land-clerk", first.path)).does("not-accept", {
    reason,
    basis: "《土地登记办法》第十八条",
  });
  const one = await offered(play, first.me.page, first.me.base);
  const number = `${first.no}-不受-1`;
  for (const sheet of Object.keys(sheets))
    await printed(play, first.me.page, first.me.base, one.不予受理告知书, sheet, [
      ...[applicant.name, number, reason, remedy, "《土地登记办法》第十八条", "决定不予受理"],
    ]);
  const second = await handIn(play);
  const clerk = await hand(play, "land-clerk", second.path);
  await clerk.does("receive");
  await clerk.does("check", { materials: required.map((code) => ({ code, state: "checked" })) });
  await clerk.does("accept");
  const no = { recommendation: "refuse", opinion: "不符合规划条件。" };
  await (await hand(play, "land-reviewer", second.path)).does("review", no);
  const why = "分割后的宗地不符合规划条件，无独立的出入通道。";
  await (await hand(play, "land-verifier", second.path)).does("decide", {
    outcome: "refuse",
    reason: why,
    basis: "《中华人民共和国城乡规划法》第三十八条",
  });
  const two = await offered(play, second.me.page, second.me.base);
  for (const sheet of Object.keys(sheets))
    await printed(play, second.me.page, second.me.base, two.不予许可决定书, sheet, [
      ...[applicant.name, `${second.no}-不许-1`, why, remedy, "第三十八条第二款", item],
    ]);
  const third = await handIn(play);
  await (await hand(play, "land-head", third.path)).does("terminate", { reason: "申请事项已由法院判决确认。" });
  const three = await offered(play, third.me.page, third.me.base);
  await printed(play, third.me.page, third.me.base, three.终止办理告知书, "a4", ["已由法院判决确认", remedy]);
  await whoMay(play, await longList(play));
}
