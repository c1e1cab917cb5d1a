// check-proof.mjs FILE VKEY: checks a .tlog-proof with nothing but Node's own crypto, and that the
// entry in it is canonical JSON. Status 0 and the entry on standard output if all holds, else 1.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

function fail(message) {
  console.error(message);
  process.exit(1);
}

const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafHash = (data) => sha256(Buffer.of(0), data);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

function keyOf(vkey) {
  const [, name, id, base64] =
    /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? fail("vkey: malformed");
  const typed = Buffer.from(base64, "base64");
  if (typed.length !== 33 || typed[0] !== 1) fail("vkey: not Ed25519");
  const computed = sha256(name, "\n", typed).subarray(0, 4);
  if (computed.toString("hex") !== id) fail("vkey: the id does not fit");
  // RFC 8410: the fixed SubjectPublicKeyInfo header of an Ed25519 key.
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), typed.subarray(1)]);
  return { name, id: computed, key: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

// Text of the checkpoint once its signature holds.
function openNote(bytes, { name, id, key }) {
  const note = bytes.toString("utf8");
  const split = note.lastIndexOf("\n\n");
  const text = note.slice(0, split + 1);
  for (const line of note.slice(split + 2).split("\n")) {
    const [, signer, base64] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    if (signer !== name) continue;
    const payload = Buffer.from(base64, "base64");
    if (!payload.subarray(0, 4).equals(id)) continue;
    if (!verify(null, Buffer.from(text, "utf8"), key, payload.subarray(4)))
      fail("checkpoint: bad signature");
    return text;
  }
  return fail("checkpoint: not signed by this key");
}

// RFC 9162 section 2.1.3.2.
function rootOf(leaf, index, size, hashes) {
  let node = BigInt(index),
    last = BigInt(size) - 1n,
    hash = leaf;
  for (const sibling of hashes) {
    if (last === 0n) fail("proof: too long");
    if (node & 1n || node === last) {
      hash = nodeHash(sibling, hash);
      while (!(node & 1n) && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) fail("proof: too short");
  return hash;
}

// RFC 8785: JavaScript's own writing of scalars, names sorted by UTF-16 code units.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

const [file, vkey] = process.argv.slice(2);
if (!file || !vkey) {
  console.error("usage: check-proof.mjs FILE VKEY");
  process.exit(2);
}
const key = keyOf(vkey);
const data = readFileSync(file);
const end = data.indexOf("\n\n");
const [first, extra, index, ...hashes] = data.subarray(0, end).toString().split("\n");
if (
  end < 0 ||
  first !== "c2sp.org/tlog-proof@v1" ||
  !extra?.startsWith("extra ") ||
  !/^index (0|[1-9]\d*)$/.test(index)
)
  fail("not a tlog-proof with its entry");
const entry = Buffer.from(extra.slice(6), "base64");
const [origin, size, root] = openNote(data.subarray(end + 2), key).split("\n");
if (origin !== key.name) fail("checkpoint: another log");
const number = index.slice(6);
if (BigInt(number) >= BigInt(size)) fail("index is not below the size");
const path = hashes.map((hash) => Buffer.from(hash, "base64"));
if (rootOf(leafHash(entry), number, size, path).toString("base64") !== root)
  fail("the entry and the hashes do not lead to the signed root");
const said = JSON.parse(entry.toString("utf8"));
if (canonical(said) !== entry.toString("utf8")) fail("the entry is not canonical JSON");
if (String(said.index) !== number) fail("the entry says another index");
console.log(entry.toString("utf8"));
