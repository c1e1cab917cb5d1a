// browse.mjs HOUSE PROVIDER MADE SCREENS: the same way in Chromium, whose rules for cookies, redirects
// and forms are the real ones; screenshots go to SCREENS. The house's pages have no script; glewlwyd's
// have.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { byPassword, Glewlwyd, Browser } from "./lib.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [house, provider, made, screens] = process.argv.slice(2);
const say = (good, name, why = "") =>
  console.log(good ? `ok ${name}` : `bad ${name}: ${String(why).replaceAll("\n", " ")}`);

const { accounts } = JSON.parse(readFileSync(made, "utf8"));
const { password } = accounts.find((a) => a.login === "market-clerk");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});
const viewport = { width: 900, height: 700 };
const context = await browser.newContext({ viewport, locale: "zh-CN" });
const page = await context.newPage();
const shot = (name) => page.screenshot({ path: `${screens}/oidc-${name}.png`, fullPage: true });

async function link() {
  await page.goto(`${house}staff/sign-in`);
  await shot("sign-in");
  await page.fill("[name=login]", "market-clerk");
  await page.fill("[name=password]", password);
  await page.click("main button");
  await page.goto(`${house}staff/me`);
  await page.fill("form[action$='/links/sso'] [name=current]", password);
  await shot("me");
  await page.click("form[action$='/links/sso'] button");
  await page.waitForURL(`${provider}/**`);
  await page.fill("#username", "li");
  await page.fill("#password", "li-password");
  await page.click("#loginbut");
  await page.locator(".btn-success").first().click();
  await page.waitForURL(`${house}staff/sign-in/back**`);
  await shot("link-back");
  await page.click("main button");
  say(page.url() === `${house}staff/me`, "linked", page.url());
  await shot("linked");
}

async function signIn() {
  await page.click(".ym-head__out");
  await page.goto(`${house}staff/sign-in?next=/staff/cases`);
  await page.click("form[action$='/with/sso'] button");
  await page.waitForURL(`${provider}/**`);
  await page.locator(".btn-success").first().click();
  await page.waitForURL(`${house}staff/sign-in/back**`);
  await shot("back");
  await page.click("main button");
  say(page.url() === `${house}staff/cases`, "signed in, where one wanted to go", page.url());
}

async function signOut() {
  await page.click(".ym-head__out");
  say(page.url() === `${house}staff/sign-in?left=sso`, "signed out here", page.url());
  await shot("left");
  await page.click("form[action$='/sign-out/sso'] button");
  await page.waitForURL(`${provider}/**`);
  say(/end_session/.test(page.url()), "and led to where one signs out there", page.url());
}

// Li agreed there once, which glewlwyd asks about but once.
await new Glewlwyd(provider).signIn(new Browser(), "li");
say((await byPassword(house, "market-clerk", password)).status === 201, "a clerk");
for (const step of [link, signIn, signOut])
  await step().catch(async (error) => {
    await shot(`broken-${step.name}`);
    say(false, step.name, error.message);
  });
await browser.close();
say(true, "all of it was told to the end");
