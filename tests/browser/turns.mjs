// Stories in which a case turns another way than forward: sent back, taken back, or accepted with a
// paper that is to follow, which comes in time, late or never.
import { choose, citizen, fill, press, staff, text } from "./people.mjs";
import { applicant } from "./play.mjs";

/** The verifier sends the case back; the reviewer reviews again, and the second opinion counts. */
export async function returned(play) {
  const { page, my, path } = await play.accepted();
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  await play.review(reviewer, path, "准予", "材料齐全。");
  const verifier = await staff(play.crowd, play.house, "land-verifier");
  await play.act(verifier, path, "退回重审");
  await play.see(verifier, "return");
  await press(verifier, "退回重审");
  await play.see(verifier, "return-wrong");
  await play.says(verifier, "有问题需要更正", "a case does not go back without a reason");
  const reason = "宗地界址与地籍调查表不一致，请核实后重新提出意见。";
  await verifier.getByLabel("理由").fill(reason);
  await press(verifier, "退回重审");
  await verifier.waitForURL((url) => url.pathname === path);
  await play.says(verifier, "已受理，审查中", "it is under review again");
  await play.says(verifier, reason, "and says why");
  await play.see(verifier, "case-returned");
  const offered = verifier.getByRole("link", { name: "核准决定", exact: true });
  play.equal(await offered.count(), 0, "nothing can be decided meanwhile");
  await reviewer.goto(`${play.house.base}/staff`);
  await play.says(reviewer, my.split("/")[2], "the reviewer's desk has it again");
  await play.review(reviewer, path, "准予", "已实地核实，界址一致。");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "准予");
  await press(verifier, "作出决定");
  await verifier.waitForURL((url) => url.pathname === path);
  await play.says(verifier, "准予，待制证", "and granted");
  await page.goto(play.house.base + my);
  await play.says(page, "退回重审", "the citizen's history has that step too");
}

/** More than the verifier's letter reaches to: the page says so, and the head decides. */
export async function aboveLimit(play) {
  const page = await citizen(play.crowd);
  const asked = await play.draft(page);
  await page.goto(`${play.house.base}${asked}/matter`);
  await fill(page, { 申请内容: applicant.matter });
  await press(page, "保存并返回");
  await play.see(page, "draft-matter-wrong");
  await play.says(page, "请填写分割前宗地面积。", "an area that the item asks for must be there");
  await fill(page, { "分割前宗地面积（平方米）": "三十亩" });
  await press(page, "保存并返回");
  await play.says(page, "“分割前宗地面积（平方米）”", "what is wrong with it names it as the form does");
  await play.saysNot(page, "“面积（平方米）”", "and not as the program calls it");
  const my = await play.apply(page, { area: "100001" });
  await page.goto(`${play.house.base}${my}/receipt`);
  await play.says(page, "100001平方米", "the receipt states it");
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.check(clerk, path);
  await play.accept(clerk, path);
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  await play.review(reviewer, path, "准予");
  const verifier = await staff(play.crowd, play.house, "land-verifier");
  const why = "超出授权书的上限100000平方米。请由部门负责人办理。";
  await verifier.goto(play.house.base + path);
  await play.says(verifier, `您不能核准本件：本件的分割前宗地面积为100001平方米，${why}`);
  await play.see(verifier, "case-above-limit");
  await play.act(verifier, path, "核准决定");
  await play.see(verifier, "decide-above-limit");
  await choose(verifier, "准予");
  await press(verifier, "作出决定");
  await play.says(verifier, "有问题需要更正", "a decision outside the letter is refused");
  await play.says(verifier, why, "with the reason and who may");
  await play.see(verifier, "decide-above-limit-wrong");
  const head = await staff(play.crowd, play.house, "land-head");
  await head.goto(play.house.base + path);
  play.equal((await text(head)).includes("您不能核准"), false, "the head is not limited");
  await play.act(head, path, "核准决定");
  await choose(head, "准予");
  await press(head, "作出决定");
  await head.waitForURL((url) => url.pathname === path);
  await play.says(head, "准予，待制证", "and grants it by office");
}

/** Handed in, accepted, and taken back by the citizen: nobody can go on with it. */
export async function withdrawn(play) {
  const { page, my, clerk, path } = await play.accepted();
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  await play.act(reviewer, path, "审查");
  await page.goto(play.house.base + my);
  await press(page, "撤回申请");
  await page.getByRole("textbox").first().fill("分割方案有变，暂不办理。");
  await press(page, "确认撤回");
  await play.says(page, "已撤回", "the citizen sees it withdrawn");
  await play.see(page, "my-taken-back");
  const again = page.getByRole("link", { name: "撤回申请", exact: true });
  play.equal(await again.count(), 0, "and cannot withdraw it twice");
  await choose(reviewer, "准予");
  await fill(reviewer, { 审查意见: "材料齐全。" });
  await press(reviewer, "提交审查意见");
  await play.says(reviewer, "办件现为“已撤回”", "a review that comes too late is refused");
  await play.says(reviewer, "材料齐全。", "and the opinion that was written can be copied");
  await play.see(reviewer, "review-late");
  await press(reviewer, "查看最新情况");
  await reviewer.waitForURL((url) => url.pathname === path);
  await play.says(reviewer, "申请人撤回了申请", "the way back says what happened");
  await play.says(reviewer, "分割方案有变，暂不办理。", "and the staff see the reason of withdrawal");
  await clerk.goto(play.house.base + path);
  await play.says(clerk, "已撤回", "the clerk sees it");
  await play.see(clerk, "case-withdrawn");
  const nav = clerk.getByRole("navigation", { name: "可进行的操作" });
  play.equal(await nav.count(), 0, "and has nothing left to do");
}

const promise = "承诺五个工作日内补交房产证原件。";

/** Accepted although a paper that may be deferred is not there; answers the addresses of the case. */
async function acceptedWithGap(play) {
  const page = await citizen(play.crowd);
  const my = await play.apply(page);
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.check(clerk, path, { m7: ["容缺后补"] });
  await play.act(clerk, path, "受理");
  await press(clerk, "受理");
  await play.see(clerk, "accept-wrong");
  await play.says(clerk, "有问题需要更正", "no deferred paper without a promise");
  await play.accept(clerk, path, promise);
  await play.says(clerk, "已受理，审查中", "accepted with a deferred paper");
  await play.says(clerk, "容缺后补", "which the case shows as such");
  await play.see(clerk, "case-gap");
  return { my, path, page, clerk };
}

const deferred = "地上附着物权属证明（地上有建筑物、构筑物的提交）";

/** The deferred paper is confirmed at the window. */
async function closeGap(play, clerk, path, paper) {
  await play.act(clerk, path, "容缺补齐");
  await play.see(clerk, "gap-close");
  await choose(clerk, paper);
  await press(clerk, "确认补齐");
  await clerk.waitForURL((url) => url.pathname === path);
}

/** Past the pages: the status of confirming a paper that the page does not offer, or no longer. */
async function forceGap(play, clerk, path, code) {
  await clerk.goto(play.house.base + path);
  const token = await clerk.locator("input[name=_token]").first().inputValue();
  const answer = await clerk.request.post(`${play.house.base}${path}/gap-close`, {
    headers: { Accept: "application/json", "X-CSRF-Token": token },
    data: { code },
  });
  return answer.status();
}

/** The certificate waits for the deferred paper; the citizen hands it in and everything goes on. */
export async function deferredInTime(play) {
  const { house } = play;
  const { my, path, page, clerk } = await acceptedWithGap(play);
  await play.review(await staff(play.crowd, house, "land-reviewer"), path, "准予");
  const verifier = await staff(play.crowd, house, "land-verifier");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "准予");
  await press(verifier, "作出决定");
  await play.act(clerk, path, "制证");
  await fill(clerk, { 证照或文书编号: "平国用（2014）第00077号" });
  await press(clerk, "登记制证");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.act(clerk, path, "送达");
  await fill(clerk, { 签收人: applicant.name });
  await press(clerk, "确认送达");
  await play.see(clerk, "deliver-wrong");
  await play.says(clerk, "有问题需要更正", "nothing is delivered before the paper is there");
  play.equal(await forceGap(play, clerk, path, "m1"), 409, "another paper does not help");

  await page.goto(house.base + my);
  await play.says(page, "容缺材料待补交", "the citizen is told what is still wanted");
  await play.see(page, "my-gap");
  await page.getByRole("link", { name: /地上附着物权属证明/ }).click();
  await page.getByLabel("电子文件").setInputFiles(play.files.pdf);
  await press(page, "保存");
  await page.waitForURL(/\/materials$/);
  await closeGap(play, clerk, path, deferred);
  await play.says(clerk, "容缺材料的补交已登记。", "the window confirms it");
  await play.act(clerk, path, "送达");
  await fill(clerk, { 签收人: applicant.name });
  await press(clerk, "确认送达");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.says(clerk, "已送达，办结", "and now it is delivered");
}

/** Two cases whose papers stay away; time passes in the stories below. */
export async function deferredAway(play) {
  play.known.late = await acceptedWithGap(play);
  play.known.never = await acceptedWithGap(play);
}

/** Five working days later the clock of both stands still. */
export async function deferredLate(play) {
  const { late, never } = play.known;
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  await play.comes(clerk, never.path, "容缺材料逾期未补，中止计时");
  await play.comes(clerk, late.path, "容缺材料逾期未补，中止计时");
  await play.see(clerk, "case-gap-late");
}

/** Two days after that the paper comes, in the days of grace. */
export async function deferredComes(play) {
  const { late } = play.known;
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const page = await citizen(play.crowd);
  await page.goto(play.house.base + late.my);
  await play.says(page, "容缺逾期", "the citizen sees that the day is over");
  await play.see(page, "my-gap-late");
  await page.getByRole("link", { name: /地上附着物权属证明/ }).click();
  await page.getByLabel("到窗口提交纸质材料").check();
  await press(page, "保存");
  await page.waitForURL(/\/materials$/);
  await closeGap(play, clerk, late.path, deferred);
  await play.says(clerk, "容缺补齐", "and the case goes on");
  await play.says(clerk, "2014年6月4日", "two days later than without (30 May, 2 June is a holiday)");
}

/** After the days of grace the case whose paper never came goes back. */
export async function deferredOver(play) {
  const { never } = play.known;
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  await play.comes(clerk, never.path, "容缺材料逾期未补，退件");
  await play.says(clerk, "已终止", "the case has ended");
  await play.see(clerk, "case-gap-over");
  play.equal(await forceGap(play, clerk, never.path, "m7"), 409, "and the paper comes too late");
  const page = await citizen(play.crowd);
  await page.goto(play.house.base + never.my);
  await play.says(page, "已终止", "the citizen sees it");
  await play.says(page, "行政复议", "and what can be done");
  await play.see(page, "my-gap-over");
}

/** A case goes up to the authority above and comes back with its answer; the clock stands meanwhile. */
export async function forwarded(play) {
  const { page, my, path } = await play.accepted();
  const head = await staff(play.crowd, play.house, "land-head");
  await play.act(head, path, "上报");
  await press(head, "上报并中止计时");
  await play.see(head, "forward-wrong");
  await play.says(head, "有问题需要更正", "a case does not go up to nobody");
  await fill(head, { 上级机关: "嘉兴市国土资源局", 上报文号: "平土资报〔2014〕12号" });
  await press(head, "上报并中止计时");
  await head.waitForURL((url) => url.pathname === path);
  await play.says(head, "办件已上报，办理期限中止计算。", "the case is up");
  await play.says(head, "申请已报上级机关，等待批复", "and so the history says");
  await play.says(head, "嘉兴市国土资源局", "and to whom");
  await play.see(head, "case-forwarded");
  await page.goto(play.house.base + my);
  await play.says(page, "正在等待批复", "the citizen is told");
  await play.says(page, "计时中止，恢复后顺延", "and that the clock stands");
  await play.see(page, "my-forwarded");
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  await play.says(reviewer, my.split("/")[2], "the answer from above lies on the reviewer's desk");
  await play.says(reviewer, "计时中止", "and the desk says that its clock stands");
  await play.act(reviewer, path, "登记上级批复");
  await play.see(reviewer, "answered");
  await press(reviewer, "登记批复");
  await play.see(reviewer, "answered-wrong");
  await play.says(reviewer, "有问题需要更正", "an answer has an opinion and a number");
  const opinion = "同意分割，请依法登记。";
  await fill(reviewer, { 上级意见: opinion, 批复文号: "嘉土资复〔2014〕30号" });
  await press(reviewer, "登记批复");
  await reviewer.waitForURL((url) => url.pathname === path);
  await play.says(reviewer, "已受理，审查中", "and the case goes on");
  await play.says(reviewer, opinion, "with what was said above");
  await play.says(reviewer, "2014年5月30日", "up and back in one day costs no day");
  await play.see(reviewer, "case-answered");
  await play.act(reviewer, path, "审查");
  await play.says(reviewer, opinion, "whoever reviews reads it");
  await page.goto(play.house.base + my);
  await play.says(page, "上级机关已批复，办理期限恢复计算", "and the citizen is told again");
}

/** The manager, who belongs to no department, ends a case that cannot go on. */
export async function terminated(play) {
  const page = await citizen(play.crowd);
  const my = await play.apply(page);
  const manager = await staff(play.crowd, play.house, "manager");
  await play.see(manager, "desk-manager");
  await play.says(manager, my.split("/")[2], "the manager's desk has every open case");
  const path = await play.openCase(manager, my);
  await play.see(manager, "case-manager");
  await play.act(manager, path, "终止办理");
  await press(manager, "终止办理");
  await play.see(manager, "terminate-wrong");
  await play.says(manager, "有问题需要更正", "nothing is ended without a reason");
  const reason = "申请人死亡，依法终止办理，退还全部材料。";
  await fill(manager, { 理由: reason, 法律依据: "《行政许可法》第七十条" });
  await press(manager, "终止办理");
  await manager.waitForURL((url) => url.pathname === path);
  await play.says(manager, "已终止", "the case has ended");
  await play.says(manager, reason, "and says why");
  await play.see(manager, "case-terminated");
  const nav = manager.getByRole("navigation", { name: "可进行的操作" });
  play.equal(await nav.count(), 0, "nothing is left to do");
  await page.goto(play.house.base + my);
  await play.says(page, reason, "the citizen reads the reason");
  await play.says(page, "行政复议", "and what can be done");
  await play.see(page, "my-terminated");
}

/** What one writes the next one reads: a note before reviewing, an opinion before deciding. */
export async function readOn(play) {
  const page = await citizen(play.crowd);
  const my = await play.apply(page);
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  const note = "界址图为2013年测绘，请核对现状。";
  await play.check(clerk, path, { m4: ["已核对", note] });
  await play.accept(clerk, path);
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  await play.act(reviewer, path, "审查");
  await play.says(reviewer, note, "the reviewer reads what the clerk wrote");
  await play.says(reviewer, applicant.matter, "and what is applied for");
  const opinion = "已现场核对，界址与图一致。";
  await play.review(reviewer, path, "准予", opinion);
  const verifier = await staff(play.crowd, play.house, "land-verifier");
  for (const action of ["核准决定", "退回重审"]) {
    await play.act(verifier, path, action);
    await play.says(verifier, opinion, `the verifier reads the opinion before: ${action}`);
    await play.says(verifier, note, "and the clerk's note");
  }
  await page.goto(play.house.base + my);
  await play.saysNot(page, opinion, "the citizen does not: it is the staff's");
}
