// Stories in which a case turns another way than forward: sent back, taken back, or accepted with a
// paper that is to follow, which comes in time, late or never.
import { choose, citizen, fill, press, staff } from "./people.mjs";
import { applicant } from "./play.mjs";

/** The verifier sends the case back; the reviewer reviews again, and the second opinion counts. */
export async function returned(play) {
  const page = await citizen(play.crowd);
  const my = await play.apply(page);
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.check(clerk, path);
  await play.accept(clerk, path);
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

/** Handed in, accepted, and taken back by the citizen: nobody can go on with it. */
export async function withdrawn(play) {
  const page = await citizen(play.crowd);
  const my = await play.apply(page);
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await play.check(clerk, path);
  await play.accept(clerk, path);
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
  await play.says(reviewer, "不能进行此操作", "a review that comes too late is refused");
  await play.see(reviewer, "review-late");
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
