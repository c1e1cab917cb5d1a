// receipts.mjs URL DOCUMENT MADE: a real receipt tampered with in each of the ways of the published
// vectors (../shared/data/merkle/testdata/inclusion), signed anew by the house's own key, so that only
// the proof can tell: refused offline and by /verify. SEED: the key's, in hex.
import { execFileSync } from "node:child_process";
import { createPrivateKey, randomBytes, sign } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { House, say } from "./lib.mjs";

const house = new House(...process.argv.slice(2));
const vectors = new URL("../../../shared/data/merkle/testdata/inclusion/", import.meta.url).pathname;
const prefix = Buffer.from("302e020100300506032b657004220420", "hex"); // RFC 8410
const key = createPrivateKey({
  key: Buffer.concat([prefix, Buffer.from(process.env.SEED, "hex")]), format: "der", type: "pkcs8",
});
const folder = mkdtempSync(join(tmpdir(), "yimen-receipts-"));
const vkey = (await house.get("/log/{region}/vkey")).text.trim().split("\n")[0];

/** A receipt in parts, and together again under the house's key. */
function parts(text) {
  const [head, note] = [text.slice(0, text.indexOf("\n\n")), text.slice(text.indexOf("\n\n") + 2)];
  const lines = head.split("\n");
  const at = lines.findIndex((line) => line.startsWith("index "));
  const [origin, size, root] = note.split("\n");
  const extra = Buffer.from(lines[1].slice(6), "base64").toString();
  const index = BigInt(lines[at].slice(6));
  return { extra, index, proof: lines.slice(at + 1), origin, size: BigInt(size), root };
}
function together({ extra, index, proof, origin, size, root }) {
  const note = `${origin}\n${size}\n${root}\n`;
  const [name, hash] = [vkey.split("+")[0], Buffer.from(vkey.split("+")[1], "hex")];
  const signature = Buffer.concat([hash, sign(null, Buffer.from(note), key)]).toString("base64");
  const lines = [`extra ${Buffer.from(extra).toString("base64")}`, `index ${index}`, ...proof];
  return `c2sp.org/tlog-proof@v1\n${lines.join("\n")}\n\n${note}\n— ${name} ${signature}\n`;
}
const random = () => randomBytes(32).toString("base64");
const flipped = (text, bit) => {
  const bytes = Buffer.from(text, "base64");
  bytes[bit >> 3] ^= 1 << (bit & 7);
  return bytes.toString("base64");
};
/** The vectors' names without their numbers, and what they do. */
const ways = {
  "empty-root": (r) => ({ ...r, root: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }),
  "random-root": (r) => ({ ...r, root: random() }),
  "leafIdx-XOR": (r) => ({ ...r, index: r.index ^ 2n }),
  "leafIdx-plus": (r) => ({ ...r, index: r.index + 1n }),
  "leafIdx-sub": (r) => ({ ...r, index: r.index - 1n }),
  "treeSize-div": (r) => ({ ...r, size: r.size / 2n }),
  "treeSize-mul": (r) => ({ ...r, size: r.size * 2n }),
  "wrong-leaf": (r) => ({ ...r, extra: r.extra.replace('"version":1', '"version":2') }),
  "preceding-garbage": (r) => ({ ...r, proof: ["", ...r.proof] }),
  "trailing-garbage": (r) => ({ ...r, proof: [...r.proof, ""] }),
  "preceding-root": (r) => ({ ...r, proof: [r.root, ...r.proof] }),
  "trailing-root": (r) => ({ ...r, proof: [...r.proof, r.root] }),
  "inserted-component": (r) => ({ ...r, proof: [r.proof[0], random(), ...r.proof.slice(1)] }),
  "removed-component": (r) => ({ ...r, proof: r.proof.slice(1) }),
  "modified-proof": (r) => ({ ...r, proof: r.proof.map((one, i) => (i ? one : flipped(one, 3))) }),
};
/** Where our format is stricter or wider than a proof. */
const more = {
  "another origin": (r) => ({ ...r, origin: `${r.origin}0` }),
  "an index past the tree": (r) => ({ ...r, index: r.size }),
  "a huge index": (r) => ({ ...r, index: 18446744073709551615n }),
  "a negative size": (r) => ({ ...r, size: -r.size }),
  "a size of nothing": (r) => ({ ...r, size: 0n }),
  "64 hashes": (r) => ({ ...r, proof: Array.from({ length: 64 }, random) }),
  "a short hash": (r) => ({ ...r, proof: [r.proof[0].slice(4), ...r.proof.slice(1)] }),
  "no proof": (r) => ({ ...r, proof: [] }),
};

async function verdicts(text) {
  const file = join(folder, "receipt");
  writeFileSync(file, text);
  let offline = true;
  try {
    execFileSync("build/yimen", ["verify", "--receipt", file, "--key", vkey], { stdio: "pipe" });
  } catch (error) {
    offline = error.status === 1 ? false : `status ${error.status}`;
  }
  const body = new URLSearchParams({ proof: text }).toString();
  const answer = await house.send(`${house.url}/verify`, null, "form", body, { Accept: "text/html" });
  const bad = /回执无效|不是一份完整的回执/.test(answer.text);
  return { offline, page: answer.text.includes("回执有效") ? true : !bad && answer.text };
}

const size = await house.entries();
const receipt = async (index) => (await fetch(`${house.url}/receipts/330482/${index}`)).text();
for (const [name, index] of [["the first", 0], ["a middle", size >> 1]]) {
  const real = parts(await receipt(index));
  const whole = await verdicts(together(real));
  say(whole.offline === true && whole.page === true, `${name} receipt, taken apart and together, holds`,
    JSON.stringify(whole));
  for (const [way, change] of Object.entries({ ...ways, ...more })) {
    const changed = together(change(real));
    const { offline, page } = await verdicts(changed);
    say(changed !== together(real) && offline === false && page === false,
      `${name} receipt, ${way}: refused offline and by the page`, JSON.stringify({ offline, page }));
  }
}
if (existsSync(vectors)) {
  const all = readdirSync(vectors, { recursive: true }).map(String)
    .filter((name) => /^\d.*\.json$/.test(name) && !name.includes("happy"))
    .map((name) => name.replace(/.*\//, "").replace(/(-?[@[][^.]*)?\.json$/, ""));
  const unknown = [...new Set(all)].filter((name) => !ways[name]);
  say(all.length > 60 && !unknown.length, `${all.length} vectors, each of a way that is tried here`,
    unknown.join(" "));
}
rmSync(folder, { recursive: true });
