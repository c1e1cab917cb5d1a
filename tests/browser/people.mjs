// The people of the stories and what they do with a page: a citizen with a phone, a clerk with a
// keyboard. Everything goes through what they see: labels, links, buttons.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, crc32 } from "./bytes.mjs";
import { person, views } from "./lib.mjs";

/** A resident identity number whose last character fits (GB 11643). */
export function identityNumber(first17) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, index) => all + weight * Number(first17[index]), 0);
  return first17 + "10X98765432"[sum % 11];
}

/** A PDF of one empty page and a PNG of one grey dot, written into a folder. */
export function papers(folder) {
  const pdf = join(folder, "土地登记申请书.pdf");
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj${object}endobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 4\n0000000000 65535 f \n`;
  text += places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  text += `trailer<</Size 4/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`;
  writeFileSync(pdf, text);

  const png = join(folder, "身份证.png");
  const chunk = (kind, body) => {
    const content = Buffer.concat([Buffer.from(kind, "latin1"), body]);
    const out = Buffer.alloc(content.length + 8);
    out.writeUInt32BE(body.length, 0);
    content.copy(out, 4);
    out.writeUInt32BE(crc32(content), content.length + 4);
    return out;
  };
  writeFileSync(
    png,
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk("IHDR", Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
      chunk("IDAT", deflateSync(Buffer.from([0, 128]))),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
  return { pdf, png };
}

/** Clicks a link or button by its words. */
export async function press(page, name) {
  const links = page.getByRole("link", { name, exact: true });
  const buttons = page.getByRole("button", { name, exact: true });
  await links.or(buttons).first().click();
}

export async function fill(page, values) {
  for (const [label, value] of Object.entries(values))
    await page.getByLabel(label, { exact: false }).first().fill(value);
}

export async function text(page) {
  return page.locator("body").innerText();
}

export async function choose(page, label) {
  await page.getByLabel(label, { exact: true }).check();
}

/** A citizen at 360 pixels. */
export function citizen(crowd) {
  return person(crowd, { view: views[1] });
}

/** Somebody of the staff, signed in by the keyboard alone. */
export async function staff(crowd, house, login) {
  const page = await person(crowd);
  await page.goto(`${house.base}/staff`);
  await tabTo(page, (at) => at.name === "login");
  await page.keyboard.type(login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(house.password(login));
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  return page;
}

/** Presses Tab until the element with the focus is the one wanted. */
export async function tabTo(page, wanted) {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      return {
        tag: element.tagName,
        type: element.getAttribute("type"),
        name: element.getAttribute("name"),
        value: element.getAttribute("value"),
        text: element.innerText?.trim() ?? "",
        href: element.getAttribute("href") ?? "",
      };
    });
    if (wanted(at)) return;
  }
  throw new Error(`no stop of the Tab key fits ${wanted}`);
}

/** Goes to a link or button by Tab and presses Enter. */
export async function enter(page, words) {
  const before = page.url();
  await tabTo(page, (at) => (at.tag === "A" || at.tag === "BUTTON") && at.text === words);
  await Promise.all([
    page.waitForEvent("framenavigated", { timeout: 10000 }),
    page.keyboard.press("Enter"),
  ]);
  await page.waitForLoadState();
  return before;
}
