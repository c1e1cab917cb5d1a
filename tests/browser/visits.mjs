// Stories at the counter, and what staff look up there: the case of somebody who came in person, one
// done on the spot, and cases of the system before this one.
import { choose, citizen, fill, press, staff, text } from "./people.mjs";
import { applicant, item } from "./play.mjs";

/** The clerk fills in the same form for somebody at the window. */
export async function window(play) {
  const page = await staff(play.crowd, play.house, "land-clerk");
  await press(page, "受理登记");
  await play.see(page, "new");
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
  await play.see(page, "cases");
}

/** An item of the kind done on the spot: one visit from the counter to the paper in hand. */
export async function onTheSpot(play) {
  const clerk = await staff(play.crowd, play.house, "market-clerk");
  await press(clerk, "受理登记");
  await press(clerk, "个体工商户注册登记");
  await play.see(clerk, "apply-on-the-spot");
  await press(clerk, "开始申请");
  await clerk.waitForURL(/\/my\/[^/]+\/[^/]+$/);
  const my = new URL(clerk.url()).pathname;
  await play.fillDraft(clerk, my, { files: false, area: "" });
  await press(clerk, "6. 核对并提交");
  await clerk.getByLabel("我承诺所填信息").check();
  await press(clerk, "提交申请");
  await clerk.waitForURL(/\/staff\/cases\/[0-9]+$/);
  const path = new URL(clerk.url()).pathname;
  await play.says(clerk, "即办件", "the case page says that it is done on the spot");
  await play.check(clerk, path);
  await play.accept(clerk, path);
  await play.see(clerk, "case-on-the-spot");
  await play.review(await staff(play.crowd, play.house, "market-reviewer"), path, "准予");
  const verifier = await staff(play.crowd, play.house, "market-verifier");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "准予");
  await press(verifier, "作出决定");
  await verifier.waitForURL((url) => url.pathname === path);
  await play.act(clerk, path, "制证");
  await fill(clerk, { 证照或文书编号: "330482600012345" });
  await press(clerk, "登记制证");
  await play.act(clerk, path, "送达");
  await fill(clerk, { 签收人: applicant.name });
  await press(clerk, "确认送达");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.says(clerk, "已送达，办结", "and delivered at the same visit");
  const facts = (await text(clerk)).replace(/\s+/g, " ");
  play.ok(/实际用时 ?1个工作日/.test(facts), "the same day is 1 day used", facts.slice(0, 1500));
  await play.see(clerk, "case-on-the-spot-delivered");
  const page = await citizen(play.crowd);
  await page.goto(play.house.base + my);
  await play.says(page, "办理结果已送达", "the citizen can look it up at home");
}

/** Cases of the system before this one: from the navigation to a single case and back. */
export async function history(play) {
  const page = await staff(play.crowd, play.house, "land-head");
  await press(page, "历史办件");
  const logs = page.locator("main tbody tr");
  play.equal(await logs.count(), 1, "one log was imported");
  await play.see(page, "history-logs");
  await logs.getByRole("link").click();
  const first = await page.locator("main tbody a").first().innerText();
  await play.see(page, "history-cases");
  await press(page, "下一页");
  await play.saysNot(page, first, "the next page has other cases");
  await press(page, "回到第一页");
  await press(page, first);
  await play.says(page, "办理过程", "a case of before has its steps");
  await play.see(page, "history-case");
  await press(page, "返回办件列表");
  await press(page, "返回全部日志");
  play.equal(new URL(page.url()).pathname, "/staff/history", "and the way back");
  const gone = await page.goto(`${play.house.base}/staff/history/999999`);
  play.equal(gone.status(), 404, "a log that is not is 404");
}

/** Where nothing was brought in, the page says so. */
export async function historyEmpty(play) {
  const page = await staff(play.crowd, play.house, "land-head");
  await press(page, "历史办件");
  await play.says(page, "尚未导入历史办件", "an empty history says so");
  await play.see(page, "history-empty");
}
