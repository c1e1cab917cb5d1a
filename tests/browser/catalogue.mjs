// The catalogue in service: an item is drafted by two clerks, put right, previewed, published by the
// head for a later day, in force on that day, withdrawn with a paper, and gone after its last day.
import { citizen, enter, fill, press, staff } from "./people.mjs";

const code = "011-003";
const name = "建设项目用地预审";
const list = "/staff/catalogue";
const draft = `${list}/drafts/${code}`;

/** A draft of an item, from its newest version. */
export async function startDraft(play, page, item) {
  await page.goto(`${play.house.base}${list}/items/${item}`);
  await press(page, "从最新版开始起草");
  await page.waitForURL((url) => url.pathname === `${list}/drafts/${item}`);
}

/** An item that is withdrawn; answers the number of its notice in addresses. */
export async function withdraw(play, page, item, lastDate) {
  await page.goto(`${play.house.base}${list}/items/${item}`);
  await press(page, "取消这一事项");
  await fill(page, { 依据文号: "国发〔2014〕27号", 取消的原因: "国务院决定取消。" });
  await fill(page, { 最后办理日期: lastDate });
  await press(page, "取消事项并公告");
  await page.waitForURL(/\/withdrawals\/[0-9]+$/);
  return Number(new URL(page.url()).pathname.split("/").pop());
}

async function open(play, page, part) {
  await page.goto(`${play.house.base}${draft}/${part}`);
}

/** Two at the same form: the later one is told, and what was typed is still there. */
async function twoAtOnce(play, clerk, reviewer) {
  await open(play, clerk, "words");
  await open(play, reviewer, "words");
  await fill(reviewer, { 受理提示: "请带原件。" });
  await press(reviewer, "保存草稿");
  await fill(clerk, { 咨询电话: "0573-85012345" });
  await press(clerk, "保存草稿");
  await play.says(clerk, "草稿已被别人改过", "an older form is refused");
  await play.see(clerk, "draft-stale");
  const typed = await clerk.getByLabel("咨询电话").inputValue();
  play.equal(typed, "0573-85012345", "and what was typed is still there");
  await fill(clerk, { 受理提示: "请带原件。" });
  await press(clerk, "保存草稿");
  await play.says(clerk, "草稿已保存。", "and can be saved once the other's was seen");
}

/** What is wrong is kept and told at its field, and nothing of it can be published. */
async function mistakes(play, clerk, head) {
  await open(play, clerk, "limits");
  await fill(clerk, { 承诺期限: "90" });
  await press(clerk, "保存草稿");
  await play.says(clerk, "还有1处待补正", "a draft that is not good is kept");
  await play.see(clerk, "draft-mistakes");
  await press(clerk, "承诺期限不得长于法定期限");
  await play.see(clerk, "draft-limits-wrong");
  const wrong = clerk.getByLabel("承诺期限（选填）");
  play.equal(await wrong.getAttribute("aria-invalid"), "true", "and its field says what is wrong");
  await open(play, head, "publish");
  play.equal(await head.getByRole("button", { name: "发布" }).count(), 0, "nothing to publish it with");
  await fill(clerk, { 承诺期限: "7" });
  await press(clerk, "保存草稿");
}

/** Rows of a list come, move and go without a script. */
async function rows(play, clerk) {
  await open(play, clerk, "steps");
  await play.see(clerk, "draft-rows");
  const before = await clerk.locator("tbody tr").count();
  await press(clerk, "增加一条");
  await press(clerk, "保存这一条");
  await play.says(clerk, "这一条是空的", "an empty row is not added");
  await fill(clerk, { 环节: "专家论证" });
  await press(clerk, "保存这一条");
  await play.says(clerk, "处待补正", "a row may lack what is added later");
  await press(clerk, "专家论证");
  await play.see(clerk, "draft-row-wrong");
  await fill(clerk, { 办理人: "专家组" });
  await press(clerk, "保存这一条");
  play.equal(await clerk.locator("tbody tr").count(), before + 1, "the row is there");
  await clerk.getByRole("button", { name: /上移.*专家论证/ }).click();
  const last = await clerk.locator("tbody tr").last().innerText();
  play.ok(!last.includes("专家论证"), "and has moved up", last);
  await clerk.getByRole("button", { name: /删除/ }).first().click();
  play.equal(await clerk.locator("tbody tr").count(), before, "and another is gone");
}

export async function edited(play) {
  const { house } = play;
  const clerk = await staff(play.crowd, house, "land-clerk");
  const reviewer = await staff(play.crowd, house, "land-reviewer");
  const head = await staff(play.crowd, house, "land-head");
  await press(clerk, "事项管理");
  await play.see(clerk, "editing");
  await press(clerk, name);
  await enter(clerk, "从最新版开始起草");
  await play.says(clerk, "草稿已建立。", "a draft begins by the keyboard alone");
  await twoAtOnce(play, clerk, reviewer);
  await mistakes(play, clerk, head);
  await rows(play, clerk);
  await open(play, clerk, "basics");
  await play.see(clerk, "draft-basics");
  await fill(clerk, { 俗称: "用地预审\n征地\n项目选址" });
  await press(clerk, "保存草稿");
  await press(clerk, "预览办事指南");
  await play.see(clerk, "draft-preview");
  await play.says(clerk, "这是尚未发布的草稿", "the preview is marked as one");
  await play.says(clerk, "7个工作日", "and is the guide as it will be");
  await open(play, clerk, "publish");
  await play.says(clerk, "草稿由本部门负责人或者管理员发布", "a clerk does not publish");
  await open(play, head, "publish");
  await play.see(head, "publish");
  await play.says(head, "专家论证", "the head reads what changes");
  await play.says(head, "项目选址", "line by line");
  await fill(head, { 生效日期: "2014-05-03" });
  await press(head, "发布");
  await play.says(head, "生效日期不能早于今天", "no version is in force before today");
  await fill(head, { 生效日期: "2014-05-12" });
  await press(head, "发布");
  await play.says(head, "新版本已发布。", "published for a later day");
  await play.see(head, "edited-upcoming");
  await head.getByRole("link", { name: /与上一版比较.*第2版/ }).click();
  await play.see(head, "changes");
  const page = await citizen(play.crowd);
  await page.goto(`${house.base}/items/${code}`);
  await play.saysNot(page, "7个工作日", "until that day the old version stands");
  await play.says(page, "尚未生效", "and the history says what is coming");
  const market = await staff(play.crowd, house, "market-clerk");
  const answer = await market.goto(`${house.base}${list}/items/${code}`);
  play.equal(answer.status(), 403, "another department does not see it here");
  await market.goto(`${house.base}${list}/drafts`);
  await play.see(market, "new-item");
  await fill(market, { 事项编码: "022-新", 事项名称: "试" });
  await press(market, "开始起草");
  await play.says(market, "编码只用字母、数字和短横线", "a code stands in addresses");
  await fill(market, { 事项编码: "022-901" });
  await press(market, "开始起草");
  await press(market, "放弃草稿");
  await play.saysNot(market, "022-901", "a draft nobody wants is gone");
}

/** A week later. */
export async function inForce(play) {
  const { house } = play;
  const page = await citizen(play.crowd);
  await page.goto(`${house.base}/items/${code}`);
  await play.says(page, "7个工作日", "on its day the new version is in force");
  const head = await staff(play.crowd, house, "land-head");
  await head.goto(`${house.base}${list}/items/${code}/withdraw`);
  await play.see(head, "withdraw");
  await press(head, "取消事项并公告");
  await play.says(head, "“依据文号”内容未填写", "nothing is withdrawn without a document");
  play.known.notice = await withdraw(play, head, code, "2014-05-13");
  await page.goto(`${house.base}/withdrawals/${play.known.notice}`);
  await play.says(page, "事项取消公告〔2014〕", "the notice has its number");
  await play.says(page, "国发〔2014〕27号", "and names the document");
  await play.see(page, "notice");
  await page.goto(`${house.base}/items/${code}`);
  await play.says(page, "本事项即将取消，最后办理日期是2014年5月13日", "the guide says so before");
  await play.see(page, "item-withdrawing");
}

/** And after the last day. */
export async function gone(play) {
  const page = await citizen(play.crowd);
  await page.goto(`${play.house.base}/items/${code}`);
  await play.says(page, "本事项已经取消", "the guide says that it is gone");
  await play.saysNot(page, "网上申请", "and offers nothing");
  await page.goto(`${play.house.base}/withdrawals`);
  await play.says(page, name, "the notices list it");
  await play.see(page, "notices");
}
