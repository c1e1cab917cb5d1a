// No link leads nowhere: a citizen follows every link of every page that can be reached from the first
// page and from a case, in each state that a case goes through.
import { choose, citizen, fill, press, staff } from "./people.mjs";
import { applicant } from "./play.mjs";

/** Where the links and pictures of a page lead, as they are written. */
function linksOf(html) {
  const hrefs = [...html.matchAll(/<(?:a|link)\b[^>]*?\shref="([^"]*)"/g)].map((found) => found[1]);
  const sources = [...html.matchAll(/\ssrc="([^"]*)"/g)].map((found) => found[1]);
  return [...hrefs, ...sources].map((href) => href.replaceAll("&amp;", "&"));
}

/** Every page of a case that somebody may have kept open or marked, whatever has become of the case. */
const kept = ["", "/who", "/contact", "/way", "/matter", "/materials", "/materials/m1", "/submit"];
kept.push("/done", "/receipt", "/withdraw");

/** A walk through the house as one person sees it; what it saw before it does not look at again. */
class Walk {
  constructor(play, page) {
    this.play = play;
    this.page = page;
    this.bad = [];
    this.seen = new Set();
  }

  /** Notes what is wrong with the links of one page; answers the addresses they lead to. */
  judge(from, html) {
    const next = [];
    for (const href of linksOf(html)) {
      const to = new URL(href, from);
      if (href.startsWith("#") && href.length > 1 && !html.includes(`id="${href.slice(1)}"`))
        this.bad.push(`${from} has no place ${href}`);
      if (to.origin === this.play.house.base && !href.startsWith("#")) next.push(to.href.split("#")[0]);
    }
    return next;
  }

  /** Goes wherever one gets from there; again: looks anew at what is under this address. */
  async from(start, again) {
    const { base } = this.play.house;
    if (again) for (const one of this.seen) if (one.startsWith(base + again)) this.seen.delete(one);
    const ahead = [[base + start, "typed"]];
    while (ahead.length > 0) {
      const [address, on] = ahead.pop();
      if (this.seen.has(address)) continue;
      this.seen.add(address);
      const answer = await this.page.request.get(address, { headers: { Accept: "text/html" } });
      if (answer.status() !== 200) this.bad.push(`${answer.status()} ${address} on ${on}`);
      if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
      // Where one must sign in the walk ends: the pages of staff have their own stories.
      if (new URL(answer.url()).pathname.startsWith("/staff")) continue;
      for (const next of this.judge(answer.url(), await answer.text())) ahead.push([next, address]);
    }
  }

  /** The page that the browser shows, which may be the answer to a form. */
  async here() {
    for (const next of this.judge(this.page.url(), await this.page.content()))
      await this.from(next.slice(this.play.house.base.length));
  }

  /** The case in one state, with the pages that no link, or only a form, leads to. */
  async caseIn(my, state) {
    const before = this.bad.length;
    await this.here();
    for (const address of kept) await this.from(my + address, address ? undefined : my);
    await this.page.goto(`${this.play.house.base}/my`);
    const [, , caseNo, code] = my.split("/");
    await fill(this.page, { 办件编号: caseNo, 查询码: code });
    await press(this.page, "查询");
    await this.here();
    const bad = this.bad.slice(before);
    const words = `no link of a citizen's case leads nowhere: ${state}`;
    this.play.ok(bad.length === 0, words, bad.join("\n"));
  }
}

async function decided(play, path) {
  await play.review(await staff(play.crowd, play.house, "land-reviewer"), path, "准予");
  const verifier = await staff(play.crowd, play.house, "land-verifier");
  await play.act(verifier, path, "核准决定");
  await choose(verifier, "准予");
  await press(verifier, "作出决定");
  await verifier.waitForURL((url) => url.pathname === path);
}

async function delivered(play, clerk, path) {
  await play.act(clerk, path, "容缺补齐");
  await clerk.getByRole("radio").first().check();
  await press(clerk, "确认补齐");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.act(clerk, path, "制证");
  await fill(clerk, { 证照或文书编号: "平国用（2014）第00099号" });
  await press(clerk, "登记制证");
  await clerk.waitForURL((url) => url.pathname === path);
  await play.act(clerk, path, "送达");
  await fill(clerk, { 签收人: applicant.name });
  await press(clerk, "确认送达");
  await clerk.waitForURL((url) => url.pathname === path);
}

/** One case from the empty draft to its delivery, with a supplement and a deferred paper on the way. */
export async function everyLink(play) {
  const page = await citizen(play.crowd);
  const walk = new Walk(play, page);
  await walk.from("/");
  play.ok(walk.seen.size > 80, `the public pages are walked through: ${walk.seen.size} addresses`);
  play.ok(walk.bad.length === 0, "no link of a public page leads nowhere", walk.bad.join("\n"));
  const my = await play.draft(page);
  await walk.caseIn(my, "empty draft");
  await play.fillDraft(page, my, { required: false });
  await walk.caseIn(my, "draft");
  await handIn(play, page, my);
  await walk.caseIn(my, "submitted");
  const clerk = await staff(play.crowd, play.house, "land-clerk");
  const path = await play.openCase(clerk, my);
  await play.receive(clerk, path);
  await walk.caseIn(my, "received");
  await play.check(clerk, path, { m2: ["不符合要求", "影像不清晰"] });
  await play.act(clerk, path, "一次性告知补正");
  await press(clerk, "发出补正通知");
  await clerk.waitForURL((url) => url.pathname === path);
  await walk.caseIn(my, "supplement");
  await play.upload(page, my, "m2", play.files.png);
  for (const code of ["m3", "m4", "m5"]) await play.paper(page, my, code);
  await page.goto(play.house.base + my);
  await press(page, "补正完毕，交回窗口");
  await play.check(clerk, path, { m7: ["容缺后补"] });
  await play.accept(clerk, path, "承诺五个工作日内补交房产证原件。");
  await walk.caseIn(my, "accepted with a deferred paper");
  await decided(play, path);
  await walk.caseIn(my, "granted");
  await delivered(play, clerk, path);
  await walk.caseIn(my, "delivered");
  const other = await play.draft(page);
  const late = await page.context().newPage();
  for (const step of ["who", "contact", "way", "matter", "materials/m1"]) {
    await page.goto(`${play.house.base}${other}/${step}`);
    await page.locator("main form button").click();
    await walk.here();
  }
  await late.goto(`${play.house.base}${other}/contact`);
  await page.goto(`${play.house.base}${other}/withdraw`);
  await press(page, "确认撤回");
  await walk.caseIn(other, "withdrawn");
  await fill(late, { 手机号码: applicant.phone });
  await press(late, "保存并返回");
  await new Walk(play, late).caseIn(other, "withdrawn while a form was open");
}

async function handIn(play, page, my) {
  await page.goto(`${play.house.base}${my}/submit`);
  await page.getByLabel("我承诺所填信息").check();
  await press(page, "提交申请");
  await page.waitForURL(/\/done$/);
}
