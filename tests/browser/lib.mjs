// What the browser tests share: Debian's Chromium without scripts of the page, people with contexts of
// their own, and TAP on standard output (test name, plan last).
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const web = createRequire(join(root, "web", "package.json"));
const { chromium } = web("playwright-core");
const jsQR = web("jsqr");
const { PNG } = web("pngjs");

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

async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
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

let shared;

/** The one browser of a run; what breaks it breaks one story, and the next gets a new one. */
async function browser() {
  shared ??= startBrowser();
  const mine = shared;
  if ((await mine).isConnected()) return mine;
  if (shared === mine) shared = startBrowser();
  return browser();
}

export async function endBrowser() {
  await (await shared)?.close();
}

/** The people of one story: each has a context of their own, and all go home at its end. */
export class Crowd {
  contexts = [];

  async newContext(options) {
    const context = await (await browser()).newContext(options);
    this.contexts.push(context);
    return context;
  }

  async goHome() {
    await Promise.allSettled(this.contexts.splice(0).map((context) => context.close()));
  }
}

/** A person's own browser: cookies apart from others, the page's scripts off unless asked for. */
export async function person(crowd, options = {}) {
  const { view = views[3], scripts = false, dark = false, storageState } = options;
  const context = await crowd.newContext({
    viewport: { width: view.width, height: view.height },
    deviceScaleFactor: view.scale,
    javaScriptEnabled: scripts,
    storageState,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
  });
  return context.newPage();
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

/** Bytes a first visit takes over the wire, compressed as served; signed in with storageState. */
export async function weight(crowd, url, storageState) {
  const page = await person(crowd, { storageState });
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
