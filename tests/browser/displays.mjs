// How pages are shown: chosen in the head without scripts, colours that can be told apart, and what
// makes a page quick.
import { person } from "./lib.mjs";
import { citizen, press } from "./people.mjs";

const bears = (page) =>
  page.evaluate(() => {
    const { size = "", contrast = "", colour = "" } = document.documentElement.dataset;
    return [size, contrast, colour].join(" ");
  });

/** From the head of any page, kept from page to page, and all of it taken back. */
export async function displayChosen(play) {
  const page = await citizen(play.crowd);
  await page.goto(`${play.house.base}/items?words=${encodeURIComponent("土地")}`);
  const letters = () =>
    page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main p")).fontSize));
  const before = await letters();
  const choose = async (name) => {
    await page.getByText("显示方式", { exact: true }).click();
    await press(page, name);
  };
  await choose("大字");
  play.equal(await bears(page), "large  ", "large type is chosen");
  play.ok(Math.abs((await letters()) / before - 1.25) < 0.01, "letters are a quarter larger");
  play.equal(await page.getByLabel("事项名称").inputValue(), "土地", "the same page");
  await choose("深色");
  await page.goto(`${play.house.base}/`);
  play.equal(await bears(page), "large  dark", "both hold on another page");
  await choose("长辈版");
  play.equal(await bears(page), "elder high dark", "the easy view");
  play.ok((await letters()) >= 24, "letters of 18 points at least");
  const more = page.getByRole("heading", { name: "按部门查找" });
  play.ok(!(await more.isVisible()), "and fewer things");
  // The first page is kept for its readers: another one's choice is not theirs.
  const other = await citizen(play.crowd);
  await other.goto(`${play.house.base}/`);
  play.equal(await bears(other), "  ", "another reader's page is as it was");
  await choose("恢复标准显示");
  play.equal(await bears(page), "  ", "and all of it taken back");
}

/** In the page: every pair of words and ground that a rule of the sheet, with its states, makes. */
function pairsOfSheet() {
  const grounds = ["body", "template", "surface"].map((name) => `--govuk-${name}-background-colour`);
  const token = (value) => /var\((--(?:ym|govuk)-[\w-]+)/.exec(value)?.[1];
  const seen = {};
  const walk = (rules) => {
    for (const rule of rules) {
      const printed = rule.media && /print/.test(rule.media.mediaText);
      if (rule.cssRules?.length && !printed) walk(rule.cssRules);
      if (!rule.selectorText) continue;
      const word = token(rule.style.color);
      const ground = token(rule.style.backgroundColor) ?? token(rule.style.background);
      for (const selector of rule.selectorText.split(/,(?![^(]*\))/)) {
        // A form of the library's for grounds that no page of ours has.
        if (/--inverse/.test(selector)) continue;
        const one = (seen[selector.trim()] ??= {});
        if (word) one.word = word;
        if (ground) one.ground = ground;
      }
    }
  };
  for (const sheet of document.styleSheets) walk(sheet.cssRules);
  const pairs = new Map();
  const add = (word, ground, where) => pairs.set(`${word} ${ground}`, { word, ground, where });
  const grounded = new Set();
  for (const [selector, { word, ground }] of Object.entries(seen)) {
    const base = seen[selector.replace(/:(link|visited|hover|active|focus)\b.*$/, "")] ?? {};
    const on = ground ?? base.ground;
    const by = word ?? base.word;
    if (!on || !by || grounds.includes(on)) continue;
    add(by, on, selector);
    grounded.add(by);
  }
  // What is written on a ground of its own ("act-text" on "act") never stands on the page's.
  const own = /^--(govuk|ym)-[a-z-]+-(text|background)(-colour)?$/;
  const apart = (word) => grounded.has(word) && own.test(word);
  for (const [selector, { word }] of Object.entries(seen))
    if (word && (word === "--govuk-text-colour" || !apart(word)))
      for (const ground of grounds) add(word, ground, selector);
  return [...pairs.values()];
}

/** In the page: how far each pair is apart (WCAG 1.4.3), as the tokens are now. */
function ratiosOf(pairs) {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const hex = style.getPropertyValue(name).trim().replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
    const part = (at) => {
      const value = parseInt(hex.slice(1 + 2 * at, 3 + 2 * at), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
  };
  return pairs.map(({ word, ground, where }) => {
    const [dark, bright] = [light(word), light(ground)].sort((one, other) => one - other);
    return { word, ground, where, ratio: (bright + 0.05) / (dark + 0.05) };
  });
}

const sets = ["light", "dark"].flatMap((colour) => [
  { name: colour, least: 4.5, chosen: { colour }, asked: { colorScheme: colour } },
  {
    name: `high contrast, ${colour}`,
    least: 7,
    chosen: { contrast: "high", colour },
    asked: { colorScheme: colour, contrast: "more" },
  },
]);

/** Shows a page as that browser and that reader want it. */
async function show(page, media, data) {
  await page.emulateMedia({ contrast: "no-preference", ...media });
  await page.evaluate((wanted) => {
    for (const part of ["contrast", "colour"]) delete document.documentElement.dataset[part];
    Object.assign(document.documentElement.dataset, wanted);
  }, data);
}

const edges = ["--govuk-input-border-colour", "--govuk-link-colour"].map((word) => {
  return { word, ground: "--govuk-body-background-colour", where: "edges" };
});

/** Every pair of tokens in every set of colours, from the sheet as it is served. */
export async function contrasts(play) {
  if (play.engine !== "SQLite") return; // the sheet does not depend on the database
  const page = await person(play.crowd, { scripts: true });
  await page.goto(`${play.house.base}/`);
  const pairs = await page.evaluate(pairsOfSheet);
  play.ok(pairs.length > 40, `${pairs.length} pairs of words and grounds in the sheet`);
  for (const { name, least, chosen, asked } of sets) {
    await show(page, { colorScheme: asked.colorScheme === "dark" ? "light" : "dark" }, chosen);
    const ratios = await page.evaluate(ratiosOf, pairs);
    const lowest = ratios.reduce((one, other) => (other.ratio < one.ratio ? other : one));
    const words = `${name}: words are told apart by ${least}, at least ${lowest.ratio.toFixed(2)}`;
    const said = ({ word, ground, where, ratio }) =>
      `${ratio.toFixed(2)} ${word} on ${ground} (${where})`;
    const dull = ratios.filter(({ ratio }) => !(ratio >= least));
    play.ok(dull.length === 0, words, dull.map(said).join("\n"));
    const faint = (await page.evaluate(ratiosOf, edges)).filter(({ ratio }) => !(ratio >= 3));
    play.ok(faint.length === 0, `${name}: the edges of boxes are seen`, faint.map(said).join("\n"));
    await show(page, asked, {});
    const same = await page.evaluate(ratiosOf, pairs);
    play.equal(JSON.stringify(same), JSON.stringify(ratios), `${name}: the same by the browser's wish`);
  }
}

const addresses = ["/", "/items", "/items/011-001", "/my", "/verify", "/calendar", "/places"];

/** In the page: what would hold its first sight up. */
function holdups() {
  const css =
    "head script:not([defer], [async], [type=module]), style, img:not([loading=lazy])";
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const more = rules.filter((rule) => /^@(import|font-face)/.test(rule.cssText));
  return document.querySelectorAll(css).length + more.length;
}

/** What a page asks for: the document, one style sheet that is kept for good, one small icon. */
export async function quick(play) {
  if (play.engine !== "SQLite") return;
  const page = await person(play.crowd, { scripts: true });
  for (const address of addresses) {
    const asked = [];
    const note = (response) => asked.push(response);
    page.on("response", note);
    await page.goto(play.house.base + address, { waitUntil: "networkidle" });
    page.off("response", note);
    const kinds = asked.map((response) => response.request().resourceType());
    const count = (kind) => kinds.filter((one) => one === kind).length;
    const few = count("document") === 1 && count("stylesheet") <= 1 && kinds.length <= 3;
    play.ok(few, `${address} asks for a page, a sheet and no more`, kinds.join(" "));
    for (const response of asked.filter((one) => one.url().endsWith(".css")))
      play.ok(
        /immutable/.test(response.headers()["cache-control"] ?? ""),
        `${address}: the sheet is kept for good`,
      );
    play.equal(await page.evaluate(holdups), 0, `${address}: no script, font or picture first`);
  }
}
