// Audits the sample pages that the view test leaves in build/preview, over a small local server
// that gives them the style sheet, and leaves screenshots in build/screens. Arguments name the pages;
// without any, all.
import { createServer } from "node:http";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Auditor } from "../tests/browser/audit.mjs";
import { Crowd, Tap, endBrowser, person, root, weight } from "../tests/browser/lib.mjs";

const folder = join(root, "build", "preview");
const limit = 60 * 1024;

function serve(request, response) {
  const path = new URL(request.url, "http://localhost").pathname;
  const asset = /^\/assets\/[0-9a-f]{16}\/([a-z]+)\/([a-z]+\.(css|svg))$/.exec(path);
  const file = !asset
    ? join(folder, `${path.slice(1)}.html`)
    : asset[3] === "css"
      ? join(root, "build", "web", asset[2])
      : join(root, "src", asset[1], "pages", asset[2]);
  if (!existsSync(file)) {
    response.writeHead(404, { "Content-Type": "text/plain" });
    response.end("not found");
    return;
  }
  const type = !asset ? "text/html" : asset[3] === "css" ? "text/css" : "image/svg+xml";
  response.writeHead(200, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Encoding": "gzip",
    "Content-Security-Policy": "default-src 'self'; script-src 'none'",
  });
  response.end(gzipSync(readFileSync(file)));
}

const server = createServer(serve);
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;
const names = readdirSync(folder).filter((name) => name.endsWith(".html"));
const tap = new Tap();
const crowd = new Crowd();
const auditor = new Auditor();
await auditor.open(crowd);
const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : names.map((file) => file.slice(0, -5))) {
  await tap.story(name, async () => {
    const page = await person(crowd);
    await page.goto(`${base}/${name}`);
    await auditor.look(tap, page, name);
    await page.context().close();
    const bytes = await weight(crowd, `${base}/${name}`);
    tap.ok(bytes < limit, `${name}: ${bytes} bytes on the wire`, `over ${limit}`);
  });
}
await crowd.goHome();
await endBrowser();
server.close();
tap.end();
