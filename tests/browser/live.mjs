// Pages that keep themselves up to date, keyboard shortcuts and undoing, with the pages' scripts on.
import { person, views } from "./lib.mjs";
import { choose, citizen, fill, press, staff } from "./people.mjs";

/** The same person in a browser that runs the pages' scripts; the page is marked, so that one can tell
 * whether it was loaded anew. */
async function watching(play, path, signedIn, view = views[3]) {
  const storageState = await signedIn?.context().storageState();
  const page = await person(play.crowd, { scripts: true, storageState, view });
  await page.goto(play.house.base + path);
  return marked(page);
}

async function marked(page) {
  await page.locator("#live").waitFor();
  await page.getByText("有变化时自动更新").waitFor();
  await page.evaluate(() => {
    globalThis.here = true;
  });
  return page;
}

const sameDocument = (page) => page.evaluate(() => globalThis.here === true);
const said = (page) => page.locator("#live [data-part=said]").innerText();

async function comes(play, page, locator, what) {
  const there = await locator
    .first()
    .waitFor({ timeout: 8000 })
    .then(
      () => true,
      () => false,
    );
  play.ok(there, what, await page.locator("main").innerText());
  play.ok(await sameDocument(page), `${what}: without loading the page anew`);
}

const state = (page, words) => page.locator("[data-state]", { hasText: words });

/** What one does is seen on the others' desks and pages, by itself. */
export async function live(play) {
  const applicant = await citizen(play.crowd);
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const desk = await watching(play, "/staff", clerk);
  const my = await play.apply(applicant);
  const caseNo = my.split("/")[2];
  const link = desk.getByRole("link", { name: caseNo, exact: true });
  await comes(play, desk, link, "a new case is on the desk");
  play.ok((await said(desk)).includes("新增1件。"), "and is told of", await said(desk));
  await play.see(desk, "desk-live");
  await shortcuts(play, clerk, caseNo);

  const mine = await watching(play, my, null, views[1]);
  const row = desk.locator("tr", { hasText: caseNo });
  const path = await link.getAttribute("href");
  await link.focus();
  await play.receive(clerk, path);
  await comes(play, mine, state(mine, "已接件，待受理"), "the citizen sees that it was received");
  play.equal(await said(mine), "办件现为“已接件，待受理”。", "and is told of it");
  await play.see(mine, "my-live");
  await comes(play, desk, row.getByText("已接件，待受理"), "the desk shows the new state");
  const focus = await desk.evaluate(() => document.activeElement.textContent);
  play.equal(focus, caseNo, "and the focus stays where it was");
  await undo(play, clerk, path, mine);
  await play.check(clerk, path);
  await play.accept(clerk, path);
  await play.says(clerk, "受理决定作出后不能撤销", "what has effect says why it cannot be undone");
  await whileWriting(play, my, path, () => withdraw(play, applicant, my));
  await link.waitFor({ state: "detached" });
  play.ok(await sameDocument(desk), "what is over leaves the desk by itself");

  await press(clerk, "退出");
  await comes(play, desk, desk.getByText("自动更新已停止"), "a page of who has signed out stops");
}

/** What was received is given back by a key, and by the button without scripts; then taken up again. */
async function undo(play, clerk, path, mine) {
  await play.says(clerk, "您刚才的操作“接件”可以在", "what was just done can be undone");
  await play.see(clerk, "case-undo");
  const page = await watching(play, path, clerk);
  await page.keyboard.press("u");
  await page.getByText("上一步操作已撤销。").waitFor();
  await comes(play, mine, state(mine, "已提交"), "undone by a key: the citizen sees it");
  play.ok(!(await page.locator("main").innerText()).includes("您刚才的操作"), "and not twice");
  await play.receive(clerk, path);
  await press(clerk, "撤销");
  await play.says(clerk, "上一步操作已撤销。", "undone by its button");
  await play.receive(clerk, path);
}

async function withdraw(play, applicant, my) {
  await applicant.goto(`${play.house.base}${my}/withdraw`);
  await fill(applicant, { 撤回原因: "材料需要重新准备" });
  await press(applicant, "确认撤回");
  await applicant.waitForURL((url) => url.pathname === my);
}

/** Who types loses nothing when things change; who is cut off is told how old the page is. */
async function whileWriting(play, my, path, change) {
  const reviewer = await staff(play.crowd, play.house, "land-reviewer");
  const writes = await watching(play, `${path}/review`, reviewer);
  await choose(writes, "准予");
  await fill(writes, { 审查意见: "权属清楚，界址明确，" });

  const cut = await person(play.crowd, { scripts: true });
  await cut.clock.install();
  await cut.goto(play.house.base + my);
  await marked(cut);
  await cut.context().setOffline(true);
  await cut.clock.fastForward("03:05");
  await cut.getByText("自动更新已中断，正在重试。").waitFor();
  const age = await cut.locator("#live").innerText();
  play.ok(/本页是3分钟前的情况/.test(age), "a page that is cut off says how old it is", age);
  await play.see(cut, "my-live-cut");

  await change();
  const held = writes.locator("[data-part=held]");
  await comes(play, writes, held, "who types is told that things have changed");
  const opinion = await writes.getByLabel("审查意见").inputValue();
  play.equal(opinion, "权属清楚，界址明确，", "and loses nothing");
  play.ok(await writes.getByLabel("准予", { exact: true }).isChecked(), "nor what was chosen");
  await comes(play, writes, state(writes, "已撤回"), "while the rest is as it is now");
  const order = await writes.locator("main form, #live").evaluateAll((all) => all.map((one) => one.id));
  play.equal(order.at(-1), "live", "and what is typed in stays where it was");
  await play.see(writes, "review-live");

  await cut.context().setOffline(false);
  await cut.clock.fastForward("00:35");
  await comes(play, cut, state(cut, "已撤回"), "with its line again it shows what it has missed");
  await comes(play, cut, cut.getByText("有变化时自动更新"), "and is kept up to date");
}

/** A desk by its keys. */
async function shortcuts(play, clerk, caseNo) {
  const page = await watching(play, "/staff", clerk);
  const dialog = page.getByRole("dialog", { name: "键盘快捷键" });
  await page.keyboard.press("?");
  play.ok(await dialog.isVisible(), "? lists the keys");
  await play.see(page, "keys");
  await page.keyboard.press("Escape");
  play.ok(!(await dialog.isVisible()), "Escape closes the list");
  const rows = await page.locator("tbody tr").count();
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await page.keyboard.press("j");
  const last = await page.evaluate(() => document.activeElement.closest("tr").rowIndex);
  play.equal(last, rows, "j and k go from row to row");
  await page.keyboard.press("/");
  await page.waitForURL(/\/staff\/cases$/);
  await page.keyboard.press("/");
  await page.keyboard.type("jk?");
  play.equal(await page.locator("#case_no").inputValue(), "jk?", "in a field they are letters");
  await page.locator("#case_no").fill(caseNo);
  await page.keyboard.press("Enter");
  await page.waitForURL(/case_no=/);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/staff\/cases\/[0-9]+$/);
  const told = await page.locator("[data-key=e]").getAttribute("aria-keyshortcuts");
  play.equal(told, "e", "keys are told to assistive technology");
  await page.keyboard.press("e");
  await page.waitForURL(/\/receive$/);
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL(/\/staff$/);
  play.ok(true, "e opens what comes next, g d the desk");
  await page.getByRole("button", { name: "键盘快捷键" }).click();
  await page.getByLabel("使用快捷键").uncheck();
  await press(page, "关闭");
  await page.reload();
  await page.keyboard.press("?");
  play.ok(!(await dialog.isVisible()), "they can be switched off, for later pages too");
  play.equal(await page.locator("[aria-keyshortcuts]").count(), 0, "and are told of no more");
}
