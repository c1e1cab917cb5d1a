// The receipt of a step, held by whoever has it: offline and on the page, pasted and as a file.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { yimen } from "./house.mjs";
import { press } from "./people.mjs";

/** The receipt of the delivery: held offline and on the page; a changed one refused by both. */
export async function receipts(play, page) {
  const { house } = play;
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载回执：送达" }).click();
  const download = await waiting;
  const offered = download.suggestedFilename();
  play.ok(offered.endsWith(".tlog-proof"), "a receipt is a .tlog-proof", offered);
  const file = join(house.folder, "receipt.tlog-proof");
  await download.saveAs(file);
  const key = await (await page.request.get(`${house.base}/log/330482/vkey`)).text();
  const good = await yimen("verify", "--receipt", file, "--key", key.trim());
  play.equal(good.status, 0, "yimen verify --receipt accepts it offline");

  const proof = readFileSync(file, "utf8");
  await page.goto(`${house.base}/verify`);
  await play.see(page, "verify");
  await page.getByLabel("回执内容").fill(proof);
  await press(page, "核验内容");
  await play.see(page, "verify-holds");
  await play.says(page, "回执有效", "/verify confirms it");
  await play.says(page, "送达", "and says what it is about");
  await receiptFiles(play, page, file);

  const lines = proof.split("\n");
  const at = lines.findIndex((line) => line.startsWith("extra "));
  const extra = Buffer.from(lines[at].slice(6), "base64").toString("utf8");
  const other = Buffer.from(extra.replace("case.delivered", "case.withdrawn"));
  lines[at] = `extra ${other.toString("base64")}`;
  const changed = lines.join("\n");
  play.ok(at > 0 && changed !== proof, "a receipt with another event in it is made");
  const forged = join(house.folder, "forged.tlog-proof");
  writeFileSync(forged, changed);
  const bad = await yimen("verify", "--receipt", forged, "--key", key.trim());
  play.equal(bad.status, 1, "yimen verify --receipt refuses the changed one");
  await page.getByLabel("回执内容").fill(changed);
  await press(page, "核验内容");
  await play.see(page, "verify-wrong");
  await play.says(page, "回执无效", "/verify refuses it too");
}

/** The receipt brought as a file: nothing of it is kept, and what is no receipt is told so in words. */
async function receiptFiles(play, page, file) {
  const { house } = play;
  const bring = async (what) => {
    await page.goto(`${house.base}/verify`);
    await page.getByLabel("回执文件").setInputFiles(what);
    await press(page, "核验文件");
  };
  await bring(file);
  await play.says(page, "回执有效", "/verify takes the file itself");
  await play.see(page, "verify-file-holds");
  const made = (name, size) => ({ name, mimeType: "text/plain", buffer: Buffer.alloc(size, "字") });
  await bring(play.files.png);
  await play.says(page, "不是一份完整的回执文件", "a picture is no receipt");
  await play.see(page, "verify-file-wrong");
  play.equal(await page.getByLabel("回执内容").inputValue(), "", "and is not shown as text");
  await bring(made("long.txt", 100002));
  await play.says(page, "文件太大，不是回执文件", "nor is what is too long");
  await bring(made("longer.txt", 600000));
  await play.says(page, "提交的内容太大", "and far too much is not even read");
  const kept = readdirSync(join(house.folder, "data"), { recursive: true });
  play.equal(kept.filter((name) => name.includes("upload-")).length, 0, "no file is left behind");
  const headers = { "Content-Type": "multipart/form-data; boundary=abc", Accept: "application/json" };
  for (const [data, status] of [
    ['--abc\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n', 400],
    ['--abc\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--abc--', 422],
    ['--abc\r\nContent-Disposition: form-data; name="file"\r\n\r\n1\r\n--abc--', 200],
  ]) {
    const answer = await page.request.post(`${house.base}/verify`, { headers, data });
    play.equal(answer.status(), status, `a form of parts by hand is answered ${status}`);
  }
  await page.goto(`${house.base}/verify`);
}
