// The figures: tables for everybody without a script, charts for who asks for them, numbers that are
// too small told to the staff alone.
import { citizen, staff } from "./people.mjs";
import { person, views, weight } from "./lib.mjs";

/** Without scripts all of it is there, and nothing offers what would not work. */
async function tables(play) {
  const page = await citizen(play.crowd);
  await page.goto(`${play.house.base}/figures`);
  await play.says(page, "2014年5月1日至2014年5月4日", "figures of this month, as far as it has passed");
  await play.says(page, "怎样统计", "and what is counted how");
  play.ok(!(await page.getByText("显示图表").isVisible()), "without scripts no charts are offered");
  await play.see(page, "figures");
  await page.getByLabel("年或年月，例如 2014 或 2014-05").fill("2012-02");
  await page.getByRole("button", { name: "查看" }).click();
  await play.says(page, "这段时间没有收件", "an empty month says what to do");
  await play.see(page, "figures-empty");
  await page.goto(`${play.house.base}/figures?period=2014-99`);
  await play.says(page, "请填写年份或者年月", "a wrong month is told");
  const bytes = await weight(play.crowd, `${play.house.base}/figures?period=2014`);
  play.ok(bytes <= 60 * 1024, "the public page is light", bytes);
}

/** What draws comes when somebody asks, says what the tables say, and breaks no rule of the page. */
async function charts(play, dark) {
  const page = await person(play.crowd, { view: views[dark ? 1 : 3], scripts: true, dark });
  const fetched = [];
  const wrong = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  page.on("console", (line) => line.type() === "error" && wrong.push(line.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  await page.goto(`${play.house.base}/figures?period=2014`);
  play.ok(!fetched.some((path) => path.endsWith("/charts.js")), "charts are not fetched unasked");
  await page.getByRole("button", { name: "显示图表" }).click();
  const chart = page.getByRole("img", { name: /^图：各时间的收件/ });
  await chart.waitFor();
  const drawn = await page.locator("[data-chart] svg[role=img][aria-label]").count();
  play.equal(drawn, 4, "four charts are drawn, each with a name");
  play.ok((await chart.locator("path").count()) > 3, "with lines in them");
  play.ok(!(await page.getByText("显示图表").isVisible()), "and the button has gone");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  play.ok(wide <= 0, "nothing sticks out", wide);
  play.equal(wrong.join("\n"), "", "the browser has nothing to say against it");
  await page.screenshot({
    path: `build/screens/figures-charts${dark ? "-dark" : ""}.png`,
    fullPage: true,
  });
  await page.emulateMedia({ media: "print" });
  play.ok(await chart.isVisible(), "and are printed");
}

export async function figures(play) {
  await play.apply(await citizen(play.crowd));
  await tables(play);
  if (play.engine === "SQLite") for (const dark of [false, true]) await charts(play, dark);
  const manager = await staff(play.crowd, play.house, "manager");
  await manager.goto(`${play.house.base}/staff/figures?period=2014`);
  await play.says(manager, "办件统计", "the staff has a page of its own");
  play.ok(!(await manager.locator("body").innerText()).includes("少于3"), "where nothing is too small");
  await play.see(manager, "staff-figures");
  const csv = await manager.request.get(`${play.house.base}/staff/figures.csv?period=2014`);
  play.ok((await csv.text()).includes('"合计"'), "and has all of it as a table");
}
