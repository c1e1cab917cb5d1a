// Stories of citizens and clerks, in a browser without scripts: those that have no file of their own.
import { codes, person } from "./lib.mjs";
import { choose, citizen, enter, fill, press, staff, text } from "./people.mjs";
import { applicant, item } from "./play.mjs";
import { receipts } from "./receipts.mjs";

/** Applied for, accepted, decided and delivered on one day; the receipt holds anywhere. */
export async function wholeCase(play) {
  const { house } = play;
  const page = await citizen(play.crowd);
  await page.goto(`${house.base}/`);
  await press(page, "办事指南");
  await play.see(page, "items");
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
  await play.see(page, "draft-who-wrong");
  await play.says(page, "有问题需要更正", "a wrong number is answered with an error summary");
  const typed = await page.getByLabel("申请人姓名或名称").inputValue();
  play.equal(typed, applicant.name, "and the name typed is still there");
  play.ok((await page.title()).startsWith("错误："), "and the title says so first");

  await play.fillDraft(page, my);
  await play.see(page, "draft-full");
  await play.says(page, "已完成5步", "five of six steps are done");
  await page.goto(`${house.base}${my}/materials`);
  await play.see(page, "draft-materials");
  await play.says(page, "土地登记申请书.pdf（PDF，", "a file shows its name, kind and size");
  await page.goto(house.base + my);
  await press(page, "6. 核对并提交");
  await play.see(page, "draft-submit");
  const materials = page.locator("dl").last();
  const absent = materials.locator("div").filter({ hasText: "未提交" });
  const offered = await absent.getByRole("link", { name: "补交" }).count();
  play.ok(offered > 0 && offered === (await absent.count()), "what is not there can be handed in");
  play.equal(await materials.getByText("补交").count(), offered, "and what is there is not asked for");
  await play.says(page, "修改", "but can be changed");
  await press(page, "提交申请");
  await play.see(page, "draft-submit-wrong");
  await play.says(page, "有问题需要更正", "without the declaration there is an error summary");
  await play.says(page, applicant.matter, "and nothing is lost");
  await page.getByLabel("我承诺所填信息").check();
  await press(page, "提交申请");
  await page.waitForURL(/\/done$/);
  await play.see(page, "done");
  await play.says(page, "申请已提交", "a page of its own confirms");
  await play.says(page, code, "and shows the query code");
  await play.says(page, "5个工作日内答复", "and says what comes next");
  await press(page, "查看办理进度");
  await play.see(page, "my-submitted");
  const number = page.locator(".ym-number");
  const lines = await number.evaluateAll((all) => all.map((one) => one.getClientRects().length));
  play.equal(lines.join(), "1", "the case's number is on one line of a phone");

  const clerk = await staff(play.crowd, house, "land-clerk");
  await play.see(clerk, "desk");
  await play.says(clerk, caseNo, "the clerk's desk has the case");
  await play.says(clerk, "沈**", "with the applicant masked");
  await play.says(clerk, "剩5个工作日", "and the time that is left");
  await play.says(clerk, "接件", "and what is to be done");
  await enter(clerk, caseNo);
  const path = new URL(clerk.url()).pathname;
  await play.see(clerk, "case-submitted");
  await enter(clerk, "接件");
  await enter(clerk, "确认接件");
  await play.says(clerk, "已接件，待受理", "received by the keyboard alone");
  await play.see(clerk, "case-received");
  const primary = clerk.locator("nav[aria-label=可进行的操作] a:not(.govuk-button--secondary)");
  play.equal(await primary.innerText(), "核对材料", "the papers are to be checked first");
  await play.check(clerk, path);
  play.equal(await primary.innerText(), "受理", "once they are, accepting comes next");
  await play.see(clerk, "case-checked");
  await play.accept(clerk, path);
  await play.says(clerk, "已受理，审查中", "accepted");
  await play.says(clerk, "申请已受理。", "and a sentence says what was done");
  await play.says(clerk, "2014年5月30日", "the statutory date is 20 working days off");

  const reviewer = await staff(play.crowd, house, "land-reviewer");
  await play.review(reviewer, path, "准予");
  await play.says(reviewer, "已审查，待核准", "reviewed");
  const verifier = await staff(play.crowd, house, "land-verifier");
  await play.see(verifier, "desk-verifier");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "准予");
  await play.see(verifier, "decide");
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
  await play.see(clerk, "case-delivered");
  await play.says(clerk, "已送达，办结", "delivered the same day");
  const facts = (await text(clerk)).replace(/\s+/g, " ");
  play.ok(/实际用时 ?1个工作日/.test(facts), "1 working day used", facts.slice(0, 1500));
  play.ok(/比法定缩短 ?19个工作日/.test(facts), "19 saved against the law", facts.slice(0, 1500));

  await page.goto(`${house.base}/my`);
  await play.see(page, "my");
  await fill(page, { 办件编号: caseNo, 查询码: code });
  await press(page, "查询");
  await play.see(page, "my-found");
  await press(page, item);
  await play.see(page, "my-delivered");
  await play.says(page, "已送达，办结", "the citizen sees the delivery");
  await play.says(page, "申请已受理，最迟", "and reads the steps as sentences");
  await sameFactsAsJson(play, page, my);
  await receipts(play, page);
}

/**
 * The codes of a case that was handed in, read by a decoder: on the screen by day and night and as
 * printed, they lead back here, and the one that may be shown around verifies.
 */
export async function qrCodes(play) {
  const { house } = play;
  const page = await citizen(play.crowd);
  const my = await play.apply(page);
  play.equal((await codes(page)).join(" "), house.base + my, "the code of the page 'handed in'");
  await press(page, "打印申请回执");
  await play.see(page, "receipt");
  for (const media of [{ colorScheme: "light" }, { colorScheme: "dark" }, { media: "print" }]) {
    await page.emulateMedia(media);
    const how = Object.values(media).join();
    const [progress, check, ...more] = await codes(page);
    play.equal(progress, house.base + my, `${how}: the first code leads to the case`);
    play.ok(check?.startsWith(`${house.base}/verify?receipt=`), `${how}: the second verifies`, check);
    play.equal(more.length, 0, `${how}: and no other`);
    if (!media.media) continue;
    await page.goto(check);
    await play.says(page, "回执有效", "the code's receipt holds");
    await play.says(page, "提交申请", "and says what it is about");
    await play.see(page, "verify-by-code");
    const number = check.split("=").at(-1);
    const [download] = await codes(page);
    play.equal(download, `${house.base}/receipts/330482/${number}`, "its code is the receipt");
    const proof = await (await page.request.get(download)).text();
    play.ok(proof.startsWith("c2sp.org/tlog-proof"), "which can be fetched", proof.slice(0, 40));
  }
  for (const number of ["999999", "-1", "x"]) {
    const answer = await page.goto(`${house.base}/verify?receipt=${number}`);
    play.equal(answer.status(), 404, `there is no receipt ${number}`);
  }
  const other = await citizen(play.crowd);
  const draft = await play.draft(other);
  await other.goto(`${house.base}${draft}/receipt`);
  await play.says(other, "申请还没有提交", "a draft has no receipt");
  play.equal((await codes(other)).length, 0, "and no code");
}

/** On paper there is no navigation, no button and no colour, and nothing is cut off. */
async function printed(play, page, name) {
  await page.emulateMedia({ media: "print" });
  // A4 less the margins of the sheet, in CSS pixels.
  await page.setViewportSize({ width: 680, height: 1000 });
  const found = await page.evaluate(() => {
    const shown = (element) => element.checkVisibility();
    const all = [...document.querySelectorAll("body *")].filter(shown);
    const grey = (colour) => {
      const [red, green, blue, alpha = 1] = colour.match(/[0-9.]+/g).map(Number);
      return alpha === 0 || (red === green && green === blue);
    };
    return {
      loose: all.filter((one) => one.matches("nav, form, button, .govuk-back-link, footer")).length,
      wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      coloured: all
        .filter((one) => one.textContent.trim() && !one.closest("svg"))
        .filter((one) => !grey(getComputedStyle(one).color) ||
          !grey(getComputedStyle(one).backgroundColor))
        .map((one) => `${one.tagName}.${one.className}`),
    };
  });
  play.equal(found.loose, 0, `${name} on paper: no navigation, form or button`);
  play.ok(!found.wide, `${name} on paper: nothing is cut off`);
  play.equal(found.coloured.join(" "), "", `${name} on paper: black on white`);
}

export async function onPaper(play) {
  const { house } = play;
  const page = await citizen(play.crowd);
  const my = await play.apply(page, { required: false });
  await printed(play, page, "handed in");
  for (const [path, name] of [
    ["/items/011-001", "guide"],
    [my, "my case"],
    [`${my}/receipt`, "receipt"],
    ["/calendar", "calendar"],
    ["/verify", "verifying"],
  ]) {
    await page.goto(house.base + path);
    await printed(play, page, name);
  }
  const clerk = await staff(play.crowd, house, "land-clerk");
  await printed(play, clerk, "desk");
  await play.says(clerk, "已提交，待接件", "the desk on paper has its rows");
  await play.says(clerk, "未计时", "and its counts");
  await clerk.goto(`${house.base}${await play.openCase(clerk, my)}`);
  await printed(play, clerk, "case");
}

async function sameFactsAsJson(play, page, my) {
  const answer = await play.json(page, my);
  play.equal(answer.status, 200, "the same address answers JSON");
  play.equal(answer.body.file.state, "delivered", "JSON: the state");
  play.equal(answer.body.file.used_days, 1, "JSON: 1 day used");
  play.equal(answer.body.file.saved_days, 19, "JSON: 19 saved");
  const all = await text(page);
  const steps = answer.body.history.filter((step) => !step.filling);
  const told = steps.every((step) => all.includes(step.title));
  play.ok(steps.length >= 8 && told, "every step of the JSON stands on the page", all);
  play.equal(await page.locator(".ym-timeline__item").count(), steps.length, "and no other");
}

/** One notice with everything in it; the citizen supplies; the case goes on. */
export async function supplement(play) {
  const { house } = play;
  const page = await citizen(play.crowd);
  const my = await play.apply(page, { files: true, required: false });
  const clerk = await staff(play.crowd, house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.act(clerk, path, "核对材料");
  await play.check(clerk, path, { m2: ["不符合要求", "身份证影像不清晰，请重新提供"] });
  await play.act(clerk, path, "一次性告知补正");
  await play.see(clerk, "supplement");
  for (const name of ["国有土地使用证", "地籍调查表", "规划主管部门同意分割的文件", "身份证影像不清晰"])
    await play.says(clerk, name, `the notice lists ${name}`);
  await press(clerk, "发出补正通知");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.see(clerk, "case-supplement");
  const remarks = await clerk.locator("td[data-label=说明]").allInnerTexts();
  play.ok(remarks.length > 5 && !remarks.includes("未提交"), "no remark repeats the state", remarks);
  play.ok(remarks.includes("身份证影像不清晰，请重新提供"), "and what was written stays");
  const headings = clerk.locator("h2, th").getByText("材料", { exact: true });
  play.equal(await headings.count(), 0, "nor is the heading there twice");
  await play.says(clerk, "待补正材料", "the case waits for the applicant");

  await page.goto(house.base + my);
  await play.see(page, "my-supplement");
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

export async function notAccepted(play) {
  const page = await citizen(play.crowd);
  const my = await play.apply(page);
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.act(clerk, path, "不予受理");
  await press(clerk, "不予受理");
  await play.see(clerk, "not-accept-wrong");
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

export async function refused(play) {
  const { page, my, path } = await play.accepted();
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  await play.review(reviewer, path, "不予许可");
  const verifier = await staff(play.crowd, play.house, "land-verifier");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "不予许可");
  await press(verifier, "作出决定");
  await play.see(verifier, "decide-wrong");
  await play.says(verifier, "不予许可须写明理由", "no refusal without reasons (law 38)");
  const kept = await verifier.getByLabel("不予许可", { exact: true }).isChecked();
  play.ok(kept, "and the choice is kept");
  const reason = "分割后的宗地不符合规划条件，无独立的出入通道。";
  await verifier.getByLabel("理由").fill(reason);
  await press(verifier, "作出决定");
  await verifier.waitForURL((url) => url.pathname === path);
  await play.see(verifier, "case-refused");
  await page.goto(play.house.base + my);
  await play.see(page, "my-refused");
  await play.says(page, "不予许可", "the citizen sees the decision");
  await play.says(page, reason, "its reasons");
  await play.says(page, "六十日内依法申请行政复议", "and the remedy");
}

export async function wrongCode(play) {
  const page = await citizen(play.crowd);
  const my = await play.draft(page);
  const caseNo = my.split("/")[2];
  await page.goto(`${play.house.base}/my`);
  await fill(page, { 办件编号: caseNo, 查询码: "ABCDEFGHJKMN" });
  await press(page, "查询");
  await play.see(page, "my-wrong");
  await play.says(page, "没有找到该办件", "a wrong code finds nothing");
  play.equal(await page.getByLabel("办件编号").inputValue(), caseNo, "and the number typed is kept");
  const answer = await page.goto(`${play.house.base}/my/${caseNo}/ABCDEFGHJKMN`);
  play.equal(answer.status(), 404, "nor does it in the address");
  await play.see(page, "my-not-found");
  const problem = await play.json(page, `/my/${caseNo}/ABCDEFGHJKMN`);
  play.equal(problem.status, 404, "JSON: 404");
  const rfc9457 = problem.type.startsWith("application/problem+json");
  play.ok(rfc9457, "JSON: RFC 9457 problem details", problem.type);
  play.equal(problem.body.type, "/problems/not_found", "JSON: its type");
  const { status, title, detail } = problem.body;
  play.ok(status === 404 && title && detail, "JSON: status, title, detail", title);
}

export async function supervisor(play) {
  const citizenPage = await citizen(play.crowd);
  const my = await play.apply(citizenPage);
  const page = await staff(play.crowd, play.house, "supervisor");
  await play.see(page, "desk-supervisor");
  const path = await play.openCase(page, my);
  await play.see(page, "case-supervisor");
  await play.says(page, "沈**", "the supervisor sees a masked name");
  const { name, number, phone, matter } = applicant;
  for (const secret of [name, number, phone, matter, "土地登记申请书.pdf"])
    await play.saysNot(page, secret, `and nothing of ${secret}`);
  play.equal(await page.locator("main form, main .govuk-button").count(), 0, "and no button");
  const json = JSON.stringify((await play.json(page, path)).body);
  const told = [name, number, phone, matter].filter((secret) => json.includes(secret));
  play.equal(told.length, 0, "JSON hides the same");
  const answer = await page.goto(`${play.house.base}${path}/receive`);
  play.equal(answer.status(), 403, "the page of an action is refused");
  await play.see(page, "refused-role");
  await looksForAReason(play, page, path);
  await citizenPage.goto(play.house.base + my);
  await press(citizenPage, "谁查看过我的信息");
  for (const words of ["信访件核查需要", "只显示脱敏信息", "监督"])
    await play.says(citizenPage, words, `the applicant reads ${words}`);
  await play.see(citizenPage, "my-looks");
}

/** The supervisor says why, sees the person, and finds that very look among the traces. */
async function looksForAReason(play, page, path) {
  await page.goto(play.house.base + path);
  await press(page, "填写查看事由");
  await play.see(page, "reason");
  await page.getByLabel("查看事由").fill("查");
  await press(page, "记录事由并查看");
  await play.says(page, "有问题需要更正", "a reason has to say something");
  await page.getByLabel("查看事由").fill("信访件核查需要");
  await press(page, "记录事由并查看");
  await page.waitForURL((url) => url.pathname === path);
  await play.says(page, applicant.name, "for a reason the person is seen");
  await play.saysNot(page, "土地登记申请书.pdf", "the papers are not");
  await play.see(page, "case-by-reason");
  await page.goto(`${play.house.base}/staff/looks`);
  await play.see(page, "looks");
  await page.getByLabel("办件编号或证件号码").fill(applicant.number);
  await page.getByRole("main").getByRole("button", { name: "查询", exact: true }).click();
  await play.says(page, "信访件核查需要", "the search by person finds the look and its reason");
  await page.getByLabel("查看人登录名").fill("nobody");
  await page.getByRole("main").getByRole("button", { name: "查询", exact: true }).click();
  await play.says(page, "没有这个编号的办件", "and nothing of who is not there");
  await play.see(page, "looks-none");
}

export async function expiredToken(play) {
  const citizenPage = await citizen(play.crowd);
  const my = await play.apply(citizenPage);
  const page = await staff(play.crowd, play.house, "land-clerk");
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

export async function signIn(play) {
  const page = await person(play.crowd);
  await page.goto(`${play.house.base}/staff/cases`);
  await play.see(page, "sign-in");
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
      await play.see(page, "sign-in-wrong");
      await play.says(page, "账号或密码不正确", "a wrong password says no more than that");
      const login = await page.getByLabel("登录名").inputValue();
      play.equal(login, "market-clerk", "the login name is kept");
      const password = await page.getByLabel("密码", { exact: true }).inputValue();
      play.equal(password, "", "the password is not");
    }
    if (!all.includes("账号或密码不正确")) break;
  }
  await play.see(page, "sign-in-locked");
  const locked = tries > 0 && tries < 15 && /频繁|分钟/.test(all);
  play.ok(locked, `after ${tries} tries the account is locked for a while`, all);
}

export async function emptyPages(play) {
  const page = await staff(play.crowd, play.house, "social-reviewer");
  await play.see(page, "desk-empty");
  await play.says(page, "目前没有等待您办理的办件", "an empty desk says so");
  await page.goto(`${play.house.base}/staff/cases?case_no=330482-2014-XXXX-999999`);
  await play.see(page, "cases-none");
  await play.says(page, "没有编号为", "an unknown number finds no case");
  const answer = await page.goto(`${play.house.base}/staff/cases/999999`);
  play.equal(answer.status(), 404, "a case that is not is 404");
  await play.see(page, "staff-not-found");
  const none = await page.goto(`${play.house.base}/staff/nothing-here`);
  play.equal(none.status(), 404, "so is a page that is not");
  const problem = await play.json(page, "/staff/cases/999999");
  const rfc9457 = problem.type.startsWith("application/problem+json");
  play.ok(problem.status === 404 && rfc9457, "as problem details in JSON", problem.type);
}

/** Whatever goes wrong is said in words, with what to do and a way back. */
export async function errorPages(play) {
  const { house } = play;
  const my = await play.apply(await citizen(play.crowd));
  const first = await staff(play.crowd, house, "land-clerk");
  const second = await staff(play.crowd, house, "land-clerk");
  const path = await play.openCase(first, my);
  await play.act(first, path, "接件");
  await play.receive(second, path);
  const answer = first.waitForResponse((one) => one.request().method() === "POST");
  await press(first, "确认接件");
  play.equal((await answer).status(), 409, "what somebody else has done already is 409");
  await play.see(first, "refused-state");
  await play.says(first, "情况已有变化", "with what happened");
  await play.says(first, "办件现为“已接件，待受理”", "and how the case stands");
  play.equal(await first.locator("main form").count(), 0, "and without the form that fits no more");
  await press(first, "查看最新情况");
  await first.waitForURL((url) => url.pathname === path);
  await play.says(first, "窗口收到申请，正在核对材料。", "the way back is the case as it now is");
  await first.goto(`${house.base}${path}/receive`);
  await play.says(first, "您现在不能进行此操作", "a bookmarked page of an action says that it is over");
  play.equal(await first.locator("main form").count(), 0, "and has no form");
  await play.see(first, "receive-over");
  for (const [method, address, body, status, words] of [
    ["POST", "/apply/011-001", "x".repeat(200000), 413, "提交的内容太大"],
    ["GET", `/items?words=${"x".repeat(20000)}`, undefined, 414, "网址太长"],
    ["DELETE", "/items", undefined, 405, "此网址不支持这种操作"],
  ]) {
    const headers = { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" };
    const got = await first.request.fetch(house.base + address, { method, data: body, headers });
    const html = await got.text();
    play.equal(got.status(), status, `${method}: ${status}`);
    play.ok(html.includes(words) && /<html lang="zh-CN"/.test(html), `${status} says ${words}`, html);
    play.ok(/<a [^>]*href="\/"/.test(html), `${status} leads back to the first page`, html);
  }
}

export async function otherPages(play) {
  const page = await citizen(play.crowd);
  for (const [path, name] of [
    ["/departments", "departments"],
    ["/places", "places"],
    ["/calendar", "calendar"],
    ["/items?words=没有这样的事项", "items-none"],
    ["/items?words=gytdsyz", "items-spelt"],
    ["/items?words=結昏證", "items-near"],
    ["/items?words=建設用地", "items-traditional"],
    ["/nothing-here", "not-found"],
  ]) {
    await page.goto(play.house.base + path);
    await play.see(page, name);
  }
  await play.says(page, "没有找到", "a wrong address is answered in words");
  await page.goto(`${play.house.base}/calendar`);
  const drawn = await page
    .locator("abbr")
    .evaluateAll((all) => all.map((one) => getComputedStyle(one).textDecorationLine));
  play.equal([...new Set(drawn)].join(), "none", "the days of the week bear no dotted line");
  const shared = `${play.house.base}/items/011-001?from=singlemessage&isappinstalled=0`;
  play.equal((await page.goto(shared)).status(), 200, "a link shared in a chat app opens");
  const my = await play.draft(page);
  await page.goto(`${play.house.base}${my}/withdraw`);
  await play.see(page, "withdraw");
  await press(page, "确认撤回");
  await play.says(page, "已撤回", "a draft can be withdrawn");
  await play.see(page, "my-withdrawn");

  // Who keeps the system sees no cases, and who looks at cases keeps no system.
  const navigation = {
    supervisor: ["我的工作台", "办件查询", "事项管理", "历史办件", "账号", "授权", "查看记录", "统计",
      "公众网站"],
    administrator: ["事项管理", "账号", "公众网站"],
    security: ["账号", "授权", "公众网站"],
    auditor: ["账号", "授权", "查看记录", "公众网站"],
  };
  for (const [login, names] of Object.entries(navigation)) {
    const own = await staff(play.crowd, play.house, login);
    const nav = own.getByRole("navigation", { name: "主导航" });
    play.equal((await nav.getByRole("link").allTextContents()).join(), names.join(),
      `the navigation of ${login}`);
    play.equal(new URL(own.url()).pathname,
      login === "supervisor" ? "/staff" : "/staff/accounts", `${login} begins there`);
  }
  const administrator = await staff(play.crowd, play.house, "administrator");
  const security = await staff(play.crowd, play.house, "security");
  for (const [path, name] of [
    ["/staff/delegations", "delegations"],
    ["/staff/delegations/new", "delegation-new"],
    ["/staff/absences", "absences"],
    ["/staff/me", "me"],
  ]) {
    await security.goto(play.house.base + path);
    await play.see(security, name);
  }
  await administrator.goto(`${play.house.base}/staff/accounts/new`);
  await play.see(administrator, "account-new");
  for (const [page, name] of [[administrator, "account"], [security, "account-roles"]]) {
    await page.goto(`${play.house.base}/staff/accounts`);
    if (page === administrator) await play.see(page, "accounts");
    await page.locator("main tbody a").first().click();
    await play.see(page, name);
  }
}

export async function actions(play) {
  const citizenPage = await citizen(play.crowd);
  const my = await play.apply(citizenPage);
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.check(clerk, path);
  await clerk.goto(`${play.house.base}${path}/supplement`);
  await play.says(clerk, "不需要告知补正", "with every paper there is nothing to ask for");
  play.equal(await clerk.locator("main form").count(), 0, "and no empty form");
  await play.see(clerk, "supplement-none");
  await press(clerk, "返回办件");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.accept(clerk, path);
  const head = await staff(play.crowd, play.house, "land-head");
  for (const action of ["extend", "forward", "suspend", "terminate"]) {
    await head.goto(`${play.house.base}${path}/${action}`);
    await play.see(head, action);
  }
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  await play.act(reviewer, path, "启动特别程序");
  await reviewer.getByRole("combobox", { name: "特别程序" }).selectOption({ index: 1 });
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
