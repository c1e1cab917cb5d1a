// uploads.mjs URL DOCUMENT MADE DATA: files that are two things, that say what they are not, that
// would be huge if somebody unpacked or drew them, and names that lead elsewhere. What is taken is
// handed out as what it was found to be, to be saved; nothing lies outside the house's folder.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { House, say } from "./lib.mjs";

const house = new House(...process.argv.slice(2));
const data = process.argv[5];
const b = (...pieces) => Buffer.concat(pieces.map((one) => Buffer.from(one, "latin1")));
const int = (value, size) => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(value, 0, size);
  return bytes;
};
/** A ZIP of one member that says how large it becomes: here, a thousand times as large, and a lie. */
function zip(name, packed, claimed) {
  const about = b(int(20, 2), int(0, 2), int(8, 2), int(0, 4), int(0, 4), int(packed.length, 4),
    int(claimed, 4), int(name.length, 2), int(0, 2));
  const local = b("PK\x03\x04", about, name, packed);
  const entry = b("PK\x01\x02", int(20, 2), about, Buffer.alloc(14), name);
  return b(local, entry, "PK\x05\x06", Buffer.alloc(4), int(1, 2), int(1, 2), int(entry.length, 4),
    int(local.length, 4), int(0, 2));
}
const bomb = deflateRawSync(Buffer.alloc(50 << 20));
const side = Buffer.from([0, 1, 0x86, 0xa0]);
const header = b(int(13, 4).reverse(), "IHDR", side, side, Buffer.from([8, 6, 0, 0, 0]));
const png = b("\x89PNG\r\n\x1a\n", header, Buffer.alloc(4));
const jpeg = b("\xff\xd8\xff\xe0\0\x10JFIF\0");
const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const pdf = "application/pdf", jpg = "image/jpeg";
const page = "<html><script>alert(1)</script></html>";

/** [what, bytes, name, declared, taken as; nothing: refused] */
const rows = [
  ["a page", b(page), "a.txt", "text/plain"],
  ["a page behind a mark", b("\xef\xbb\xbf", page), "a.txt", "text/plain"],
  ["a page that says it is a picture", b(page), "a.png", "image/png"],
  ["a drawing with a script", b(`<svg onload="alert(1)"/>`), "a.svg", "image/svg+xml"],
  ["a drawing that says it is a picture", b("<?xml version='1.0'?><svg/>"), "a.png", "image/png"],
  ["a GIF that is a script", b("GIF89a\x01\0\x01\0/*", page, "*/=1"), "a.gif", "image/gif"],
  ["a program", b("MZ\x90\0\x03"), "a.pdf", "application/pdf"],
  ["an archive of a program", zip("evil.exe", bomb, 50 << 20), "a.docx", docx],
  ["an archive that climbs", zip("../../OFD.xml", bomb, 50 << 20), "a.ofd", "application/ofd"],
  ["a PDF that says it is a picture", b("%PDF-1.7\n"), "a.png", "image/png"],
  ["a PDF named as a page", b("%PDF-1.7 pages\n", page), "a.html", pdf, pdf],
  ["a PDF that is a page", b("%PDF-1.7\n", page), "b.pdf", pdf, pdf],
  ["a picture that is an archive", b(jpeg, zip("a.class", bomb, 1)), "a.jpg", jpg, jpg],
  ["a picture of 100,000 by 100,000", png, "a.png", "image/png", "image/png"],
  ["a document of 50 MB in 50 KB", zip("word/document.xml", bomb, 50 << 20), "a.docx", docx, docx],
  ["a document that says 4 GB", zip("word/document.xml", bomb, 4294967295), "b.docx", docx, docx],
  ["words with a page in them", b("words ", page), "w.txt", "text/plain", "text/plain"],
];
const names = ["../../../../tmp/hostile.pdf", "..\\..\\hostile.pdf", "/etc/hostile.pdf",
  "a%00.html.pdf",
  `a\\"; x="b.html.pdf`, "<img src=x onerror=alert(1)>.pdf", "CON.pdf", "..pdf", "𠮷😀.pdf", "-rf.pdf",
  `${"长".repeat(84)}.pdf`];

async function upload(bytes, name, type) {
  const head = `--zz\r\nContent-Disposition: form-data; name="document"; filename="${name}"\r\n` +
    `Content-Type: ${type}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from("\r\n--zz--\r\n")]);
  const headers = { Accept: "application/json", "Content-Type": "multipart/form-data; boundary=zz" };
  const address = house.at("/my/{case_no}/{query_code}/materials/{code}");
  const answer = await fetch(address, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function handed(bytes, name, type) {
  const headers = await house.session("land-clerk");
  const answer = await fetch(`${house.url}/staff/files/${hash(bytes)}`, { headers });
  const got = Buffer.from(await answer.arrayBuffer());
  const said = (header) => answer.headers.get(header) ?? "";
  const same = answer.status === 200 && got.equals(bytes);
  const good = same && said("content-type").split(";")[0] === type &&
    said("x-content-type-options") === "nosniff" &&
    /^attachment;/.test(said("content-disposition")) &&
    /default-src 'none'|sandbox/.test(said("content-security-policy")) &&
    !/[\r\n<>\\/]|\.html"?($|;)/.test(said("content-disposition"));
  const why = `${answer.status} ${[...answer.headers]}`;
  say(good, `${name}: is handed out to be saved, as ${type}`, why);
}

// At the window, where the staff may read at once what is brought.
const { json } = await house.post("case.draft", "land-clerk", {});
Object.assign(house.known, { case_no: json.case_no, query_code: json.query_code });
const taken = [];
for (const [what, bytes, name, type, as] of rows) {
  const { status, text } = await upload(bytes, name, type);
  say(status === (as ? 201 : 415), `${what}: ${as ? "is taken" : "is refused"}`, `${status} ${text}`);
  if (as) taken.push([bytes, what, as]);
}
for (const [i, name] of names.entries()) {
  const bytes = b(`%PDF-1.7 ${i}\n`);
  const { status, text } = await upload(bytes, name, "application/pdf");
  say([201, 400, 422].includes(status), `a file named ${name.slice(0, 40)}: ${status}`, text);
  if (status === 201) taken.push([bytes, `named ${name.slice(0, 40)}`, "application/pdf"]);
}
for (const mark of ["\u202e", "\u200b", "\x07", "\u{e0041}"]) {
  const { status } = await upload(b("%PDF-1.7 m\n"), `a${mark}fdp.exe.pdf`, "application/pdf");
  const refused = status === 422 || (mark < " " && status === 400);
  say(refused, `a name with ${escape(mark)} in it is refused`, status);
}
for (const [bytes, what, as] of taken) await handed(bytes, what, as);
const stored = readdirSync(`${data}/files`, { recursive: true }).map(String);
const strange = stored.filter((name) => !/^([0-9a-f]{2}(\/[0-9a-f]{62})?|incoming)$/.test(name));
const tidy = !strange.length && stored.length > taken.length;
say(tidy, "the folder holds hashes alone", strange.join(" "));
const memory = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${process.env.SERVER}/status`, "utf8"))[1];
say(Number(memory) < 400 * 1024, "nothing was unpacked or drawn", `${memory} KiB`);
