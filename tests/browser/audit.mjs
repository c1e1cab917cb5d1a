// The audit of one page: axe at every width in light and dark, nothing sticks out, screenshots, and
// the keyboard alone. It looks at a copy of the document, so that the person whose page it is goes on
// undisturbed, and so that answers to a POST, which could not be fetched again, can be looked at too.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, views, web } from "./lib.mjs";

const axe = readFileSync(web.resolve("axe-core/axe.min.js"), "utf8");
const screens = join(root, "build", "screens");
/** Pictures are for people to look at: a quarter of an audit's time, so only when somebody asks. */
const shoots = Boolean(process.env.YIMEN_TEST_SCREENS);

/** WCAG 2.0 to 2.2, A and AA, and the best practices of axe (landmarks, one h1, skip link). */
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What darkness can change while the boxes stand where they stood (which is checked). */
const colours = ["color-contrast", "link-in-text-block"];

/** What a reader may choose in the head, as <html> bears it: a page is audited in one, in turn. */
const displays = [
  { name: "large", size: "large" },
  { name: "easy view", size: "elder", contrast: "high" },
  { name: "high contrast", contrast: "high" },
  { name: "easy view, dark", size: "elder", contrast: "high", colour: "dark" },
  { name: "high contrast, dark", contrast: "high", colour: "dark" },
  { name: "large, dark", size: "large", colour: "dark" },
];
/** Every page in every one of them at every width: minutes more. */
const matrix = Boolean(process.env.YIMEN_TEST_DISPLAYS);

async function axeFindings(page, runOnly) {
  return page.evaluate(async (only) => {
    const result = await globalThis.axe.run(document, {
      runOnly: only,
      resultTypes: ["violations"],
      preload: only.type === "tag",
    });
    return result.violations.map((found) =>
      [
        `${found.id} (${found.impact}): ${found.help}`,
        ...found.nodes.map((node) => `  ${node.target.join(" ")}: ${node.any[0]?.message ?? ""}`),
      ].join("\n"),
    );
  }, runOnly);
}

/** What sticks out of the window to the right, but for boxes that scroll by themselves. */
async function overflow(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > room + 1)
      .slice(0, 5)
      .map((element) => `${element.tagName}.${element.className}`);
  });
}

/** What is cut off: words in too narrow a box; but what is typed may be longer than its box. */
async function clipped(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("body :not(input, select, textarea)")]
      .filter((element) => {
        const { overflowX, clipPath } = getComputedStyle(element);
        const hidden = /hidden|clip/.test(overflowX) && clipPath === "none";
        return hidden && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => `${element.tagName}.${element.className}`),
  );
}

/** Remembers where every box stands; the second time, says which do not stand there any more. */
async function boxes(page, again) {
  return page.evaluate((compare) => {
    const now = [...document.querySelectorAll("body, body *")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return `${element.tagName}.${element.className} ${x} ${y} ${width} ${height}`;
    });
    const before = globalThis.boxesBefore;
    globalThis.boxesBefore = now;
    return compare ? now.filter((box, index) => box !== before[index]).slice(0, 5) : [];
  }, again);
}

/** A window for copies, with scripts allowed for the audit's own; one for a whole run. */
export class Auditor {
  /** What the copy asked the network for by navigating: { method, url }. */
  asked = [];
  looked = 0;

  async open(crowd) {
    this.context = await crowd.newContext({
      deviceScaleFactor: 1,
      reducedMotion: "reduce",
      locale: "zh-CN",
    });
    this.page = await this.context.newPage();
    // A navigation gets the copy when there is a new one, and else leads nowhere.
    await this.page.route("**", (route) => {
      const request = route.request();
      // A copy does nothing by itself: what the page's scripts have made of it is in it.
      if (request.resourceType() === "script") return route.abort();
      if (!request.isNavigationRequest()) return route.continue();
      const body = this.html;
      this.html = null;
      if (body !== null) return route.fulfill({ contentType: "text/html; charset=utf-8", body });
      this.asked.push({ method: request.method(), url: request.url() });
      return route.fulfill({ status: 204 });
    });
    if (shoots) mkdirSync(screens, { recursive: true });
  }

  async copy(page) {
    this.html = await page.content();
    const url = page.url().replace(/#.*$/, "");
    await this.page.emulateMedia({ colorScheme: "light" });
    // Another path first: to the same address, a browser may only scroll.
    await this.page.goto("about:blank");
    await this.page.goto(url);
    await this.page.evaluate(axe);
  }

  async look(tap, page, name) {
    const copy = this.page;
    const shot = async (words) => {
      const path = join(screens, `${name}-${words}.png`);
      if (shoots) await copy.screenshot({ path, fullPage: true });
    };
    await this.copy(page);
    for (const view of views) {
      const label = `${name}: ${view.name}`;
      await copy.setViewportSize({ width: view.width, height: view.height });
      const out = await overflow(copy);
      tap.ok(out.length === 0, `${label}: nothing sticks out`, out.join("\n"));
      // The two narrowest windows have the same layout.
      if (view.width === 320) continue;
      const found = await axeFindings(copy, { type: "tag", values: standards });
      tap.ok(found.length === 0, `${label} light: axe`, found.join("\n"));
      await boxes(copy, false);
      if (view.width !== 640) await shot(`${view.name}-light`);
      await copy.emulateMedia({ colorScheme: "dark" });
      const moved = await boxes(copy, true);
      tap.ok(moved.length === 0, `${label} dark: nothing moves`, moved.join("\n"));
      const dim = await axeFindings(copy, { type: "rule", values: colours });
      tap.ok(dim.length === 0, `${label} dark: axe`, dim.join("\n"));
      if (view.width === 360) await shot(`${view.name}-dark`);
      await copy.emulateMedia({ colorScheme: "light" });
    }
    const turn = this.looked++ % displays.length;
    for (const display of matrix ? displays : [displays[turn]]) {
      for (const view of matrix ? views.slice(1) : [views[1]]) {
        await copy.setViewportSize({ width: view.width, height: view.height });
        await this.displayed(tap, `${name}: ${view.name}`, display);
        if (matrix && view.width !== 640) await shot(`${view.name}-${display.name}`);
      }
    }
    await copy.setViewportSize({ width: views[3].width, height: views[3].height });
    await this.show({});
    await this.round(tap, name);
    await this.skip(tap, name);
    await this.keys(tap, name);
  }

  /** As the switch in the head would show it. */
  async show({ size = "", contrast = "", colour = "" }) {
    await this.page.evaluate(
      (wanted) => {
        for (const [name, value] of Object.entries(wanted))
          if (value) document.documentElement.dataset[name] = value;
          else delete document.documentElement.dataset[name];
      },
      { size, contrast, colour },
    );
  }

  /** One page in one display at the width it has: nothing sticks out or is cut off, and axe. */
  async displayed(tap, label, display) {
    await this.show(display);
    const out = [...(await overflow(this.page)), ...(await clipped(this.page))];
    tap.ok(out.length === 0, `${label} ${display.name}: nothing sticks out`, out.join("\n"));
    const enough = display.contrast ? [...colours, "color-contrast-enhanced"] : colours;
    const rules = ["target-size", "scrollable-region-focusable", ...enough];
    const only = matrix ? standards : rules;
    const found = await axeFindings(this.page, { type: matrix ? "tag" : "rule", values: only });
    if (matrix && display.contrast)
      found.push(...(await axeFindings(this.page, { type: "rule", values: enough })));
    tap.ok(found.length === 0, `${label} ${display.name}: axe`, found.join("\n"));
  }

  /**
   * Through the page by Tab alone: every control, link and button is reached once, in the order of
   * the document, looks different while it has the focus, and the last lets go. A page with an error
   * summary begins there and comes round to its head.
   */
  async round(tap, name) {
    const { page } = this;
    const wanted = await page.evaluate(markStops);
    const seen = [];
    const dull = [];
    let end = "nowhere";
    for (let press = 0; press < 2 * wanted + 20; press += 1) {
      await page.keyboard.press("Tab");
      const stop = await page.evaluate(stopNow);
      if (stop && stop.at !== null && seen.includes(stop.at)) {
        end = stop.at === seen.at(-1) ? "in a trap" : "round";
        break;
      }
      if (stop === null && seen.length >= wanted) {
        end = "round";
        break;
      }
      if (stop === null || stop.at === null) continue;
      seen.push(stop.at);
      if (stop.dull) dull.push(stop.tag);
    }
    tap.equal(seen.length, wanted, `${name}: every control is reached by Tab`);
    tap.equal(end, "round", `${name}: and Tab is caught nowhere`);
    tap.ok(
      seen.filter((at, index) => index > 0 && at < seen[index - 1]).length <= 1,
      `${name}: in the order of the page`,
      seen.join(" "),
    );
    tap.ok(dull.length === 0, `${name}: the focus is seen`, dull.join("\n"));
  }

  /** The first stop is the way past the head; Enter takes it, and the next stop is in the main part. */
  async skip(tap, name) {
    const { page } = this;
    await page.evaluate(() => {
      document.activeElement?.blur();
      // From the very beginning, whatever had the focus.
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
      globalThis.scrollTo(0, 0);
    });
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => {
      const at = document.activeElement;
      const { x, y, width, height } = at.getBoundingClientRect();
      const seen = x >= 0 && y >= 0 && width > 10 && height > 10;
      return at.matches(".govuk-skip-link") && seen ? "the skip link, seen" : at.outerHTML;
    });
    tap.equal(first, "the skip link, seen", `${name}: the first stop leads past the head`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const next = await page.evaluate(() => {
      const main = document.querySelector("main");
      const at = document.activeElement;
      const stops = main.querySelector("a[href], button, input:not([type=hidden]), select, summary");
      // A main part without a stop leads to what follows it.
      const after = main.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
      return main.contains(at) || (!stops && (after || at === document.body)) ? "" : at.outerHTML;
    });
    tap.equal(next, "", `${name}: and Enter goes there`);
  }

  /** Enter follows links and opens details, Space presses buttons and ticks boxes: one of each kind. */
  async keys(tap, name) {
    const { page } = this;
    const kinds = [
      ["main a[href^='/']", "Enter"],
      ["main button", "Enter"],
      ["main button", "Space"],
      ["main input[type=checkbox]", "Space"],
      ["main input[type=radio]:not(:checked)", "Space"],
      ["main summary", "Enter"],
      ["main summary", "Space"],
    ];
    const failed = [];
    for (const [css, key] of kinds) {
      // The element itself: once it is ticked, ":not(:checked)" would name another.
      const one = await page.$(css);
      if (!(await one?.isVisible())) continue;
      // What a browser asks for by itself (required) would hold the form back.
      await one.evaluate((element) => element.form && (element.form.noValidate = true));
      const before = await one.evaluate(stateOf);
      this.asked = [];
      await one.focus();
      const asks = /^main (a|button)/.test(css);
      const wait = asks
        ? page.waitForRequest((request) => request.isNavigationRequest(), { timeout: 10000 })
        : null;
      await page.keyboard.press(key);
      const acted = asks
        ? await wait.then(() => true).catch(() => false)
        : (await one.evaluate(stateOf)) !== before;
      if (!acted) failed.push(`${key} on ${css}`);
    }
    tap.ok(failed.length === 0, `${name}: Enter and Space act`, failed.join("\n"));
  }
}

/** In the page: numbers every stop and notes how it looks; answers how many there are. */
function markStops() {
  document.activeElement?.blur();
  // What the focus may change; a radio's or checkbox's box is drawn by its label.
  const look = (element) => {
    const style = getComputedStyle(element);
    const mark = element.labels?.[0] && getComputedStyle(element.labels[0], "::before");
    const outline = style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor;
    return [outline, style.boxShadow, style.backgroundColor, mark?.boxShadow].join("|");
  };
  globalThis.lookOf = look;
  const css =
    "a[href], button, select, textarea, summary, input:not([type=hidden]):not([type=radio])";
  const list = [...document.querySelectorAll(css)];
  list.forEach((element, index) => {
    element.dataset.tabStop = index;
    element.dataset.look = look(element);
  });
  return list.filter((element) => element.checkVisibility()).length;
}

/** In the page: the stop that has the focus, or null. */
function stopNow() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const at = element.dataset.tabStop;
  return {
    at: at === undefined ? null : Number(at),
    tag: element.outerHTML.slice(0, 120),
    dull: element.dataset.look === globalThis.lookOf(element),
  };
}

/** In the page: what a key may change of a control. */
function stateOf(element) {
  return `${element.checked} ${element.closest("details")?.open}`;
}
