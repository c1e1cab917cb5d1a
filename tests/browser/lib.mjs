// What the browser tests share: Debian's Chromium without scripts of the page, the accessibility
// audit at every width, screenshots, and TAP on standard output (test name, plan last).
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const web = createRequire(join(root, "web", "package.json"));
const { chromium } = web("playwright-core");
const jsQR = web("jsqr");
const { PNG } = web("pngjs");
const axe = readFileSync(web.resolve("axe-core/axe.min.js"), "utf8");
const screens = join(root, "build", "screens");

/** WCAG 2.0 to 2.2, A and AA, and the best practices of axe (landmarks, one h1, skip link). */
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Widths in CSS pixels: 320 is 1280 at 400 % (WCAG 1.4.10), 640 is 1280 at 200 % (1.4.4). */
export const views = [
  { name: "320", width: 320, height: 640, scale: 1 },
  { name: "360", width: 360, height: 760, scale: 2 },
  { name: "200%", width: 640, height: 400, scale: 2 },
  { name: "1280", width: 1280, height: 800, scale: 1 },
];

/** One running count of checks; end() prints the plan and sets the exit status. */
export class Tap {
  count = 0;
  failed = 0;

  ok(good, name, why = "") {
    this.count += 1;
    console.log(`${good ? "ok" : "not ok"} ${this.count} - ${name.replaceAll("#", "")}`);
    if (!good) {
      this.failed += 1;
      for (const line of String(why).split("\n")) console.log(`# ${line}`);
    }
    return good;
  }

  equal(got, want, name) {
    return this.ok(got === want, name, `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
  }

  /** Runs one story; a thrown error is one failed check, and the next story still runs. */
  async story(name, run) {
    try {
      await run();
    } catch (error) {
      this.ok(false, name, error.stack);
    }
  }

  end() {
    console.log(`1..${this.count}`);
    if (this.failed || this.count === 0) process.exitCode = 1;
  }
}

export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--lang=zh-CN",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A person's own browser: cookies apart from others, the page's scripts off unless asked for. */
export async function person(browser, { view = views[3], scripts = false, dark = false } = {}) {
  const context = await browser.newContext({
    viewport: { width: view.width, height: view.height },
    deviceScaleFactor: view.scale,
    javaScriptEnabled: scripts,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
  });
  return context.newPage();
}

async function axeFindings(page) {
  if (!(await page.evaluate(() => Boolean(globalThis.axe)))) await page.evaluate(axe);
  const result = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    rules,
  );
  return result.violations.map((found) =>
    [
      `${found.id} (${found.impact}): ${found.help}`,
      ...found.nodes.map((node) => `  ${node.target.join(" ")}: ${node.any[0]?.message ?? ""}`),
    ].join("\n"),
  );
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

/**
 * The same document in a window that lets the audit's own script run (a page without scripts
 * runs no timers either). It also serves for answers to a POST, which could not be fetched again.
 */
async function twin(page) {
  const source = page.context();
  const html = await page.content();
  const context = await source.browser().newContext({
    storageState: await source.storageState(),
    deviceScaleFactor: 1,
    reducedMotion: "reduce",
    locale: "zh-CN",
  });
  const copy = await context.newPage();
  await copy.route(page.url(), (route) =>
    route.request().isNavigationRequest()
      ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html })
      : route.continue(),
  );
  await copy.goto(page.url());
  return copy;
}

/**
 * The audit of one page as it stands now: axe and overflow at every width in light and dark, and a
 * screenshot of each kind people have.
 */
export async function audit(tap, page, name) {
  const copy = await twin(page);
  mkdirSync(screens, { recursive: true });
  for (const scheme of ["light", "dark"]) {
    await copy.emulateMedia({ colorScheme: scheme });
    for (const view of views) {
      await copy.setViewportSize({ width: view.width, height: view.height });
      const label = `${name}: ${view.name} ${scheme}`;
      // At night only the colours differ, and the two narrowest windows have the same layout.
      if (scheme === "light" ? view.width !== 320 : view.width === 360) {
        const findings = await axeFindings(copy);
        tap.ok(findings.length === 0, `${label}: axe`, findings.join("\n"));
      }
      const out = await overflow(copy);
      tap.ok(out.length === 0, `${label}: nothing sticks out`, out.join("\n"));
      if (view.width === 360 || (view.width === 1280 && scheme === "light")) {
        const path = join(screens, `${name}-${view.name}-${scheme}.png`);
        await copy.screenshot({ path, fullPage: true });
      }
    }
  }
  await copy.context().close();
}

/**
 * Goes through the page by Tab alone: every control, link and button is reached once, in the order
 * of the document, and looks different while it has the focus. A page with an error summary begins
 * there and comes round to its head.
 */
export async function keyboard(tap, page, name) {
  const wanted = await page.evaluate(() => {
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
  });
  const seen = [];
  const dull = [];
  for (let press = 0; press < wanted + 200; press += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      return {
        at: element.dataset.tabStop ?? null,
        tag: element.outerHTML.slice(0, 120),
        dull: element.dataset.look === globalThis.lookOf(element),
      };
    });
    if (stop === null) {
      if (seen.length >= wanted || press > wanted + 100) break;
      continue;
    }
    if (stop.at === null) continue;
    if (seen.includes(Number(stop.at))) break;
    seen.push(Number(stop.at));
    if (stop.dull) dull.push(stop.tag);
  }
  tap.equal(seen.length, wanted, `${name}: every control is reached by Tab`);
  tap.ok(
    seen.filter((at, index) => index > 0 && at < seen[index - 1]).length <= 1,
    `${name}: in the order of the page`,
    seen.join(" "),
  );
  tap.ok(dull.length === 0, `${name}: the focus is seen`, dull.join("\n"));
}

/** What a camera reads from the QR codes of a page as it is shown, in order; null: unreadable. */
export async function codes(page) {
  const read = [];
  for (const code of await page.locator("svg.ym-qr").all()) {
    const { data, width, height } = PNG.sync.read(await code.screenshot());
    read.push(jsQR(new Uint8ClampedArray(data), width, height)?.data ?? null);
  }
  return read;
}

/** Bytes a first visit takes over the wire, compressed as served. */
export async function weight(browser, url) {
  const page = await person(browser);
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  await session.send("Network.enable");
  session.on("Network.loadingFinished", (event) => {
    bytes += event.encodedDataLength;
  });
  await page.goto(url, { waitUntil: "networkidle" });
  await page.context().close();
  return bytes;
}
