#!/usr/bin/env node
// The disk is full, under load: commands and uploads are answered as faults, nothing acknowledged is
// lost, and once there is room the server goes on by itself. On a small file system of its own in
// memory, which takes the rights of the administrator to mount: root's, or sudo's.
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
  House,
  Log,
  Postgres,
  end,
  full,
  note,
  ok,
  random,
  run,
  seed,
  sleep,
  story,
  whenDone,
  work,
} from "./lib.mjs";
import { Load } from "./load.mjs";

const clock = "2014-05-04T08:30";
const place = join(work, "disk");
mkdirSync(place);

/** Takes all room that is left. */
function fillUp(path) {
  const fd = openSync(path, "w");
  for (const size of [1 << 20, 1 << 16, 4096, 1]) {
    try {
      for (;;) writeSync(fd, Buffer.alloc(size));
    } catch (error) {
      if (error.code !== "ENOSPC") throw error;
    }
  }
  closeSync(fd);
}

function multipart(fields, file) {
  const boundary = "----fault";
  const head = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  head.push(
    `--${boundary}\r\nContent-Disposition: form-data; name="document"; ` +
      `filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n`,
  );
  const body = Buffer.concat([
    Buffer.from(head.join("")),
    file,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return [body, { "Content-Type": `multipart/form-data; boundary=${boundary}` }];
}

async function upload(server) {
  const draft = JSON.parse((await server.ask("POST", "/apply/011-001", {})).body);
  const file = Buffer.concat([
    Buffer.from("%PDF-1.4\n"),
    Buffer.alloc(1 << 20, 0x20),
    Buffer.from("\n%%EOF\n"),
  ]);
  return async () => {
    const [body, headers] = multipart({}, file);
    return server.ask("POST", `${draft.location}/materials/m1`, body, headers);
  };
}

const asRoot = (program, words) =>
  process.getuid() === 0 ? run(program, words) : run("sudo", [program, ...words]);

/** A file system of so many MiB at `place`; where none can be mounted, the story fails: nothing but it
 * shows what a full disk does. */
function mount(name, size) {
  const options = `size=${size}m,mode=755,uid=${process.getuid()},gid=${process.getgid()}`;
  const mounted = asRoot("mount", ["-t", "tmpfs", "-o", options, "tmpfs", place]);
  if (mounted.status === 0) return true;
  ok(false, name, `no file system could be mounted, as root or with sudo: ${mounted.err.trim()}`);
  return false;
}
const unmount = () => asRoot("umount", ["-l", place]);
whenDone(() => unmount());

/** Fills the disk under load and makes room again. `mend` is what an administrator does then. */
async function fullOnce(name, server, log, load, send, mend) {
  const filler = join(place, "filler");
  const stop = { now: false };
  const faults = () => (load.faults.get(500) ?? 0) + (load.faults.get(503) ?? 0);
  load.faults.clear();
  const running = load.run([server], stop, { patient: 50 });
  await sleep(random.between(100, 400));
  fillUp(filler);
  for (let i = 0; i < 400 && faults() < 20; i++) await sleep(50);
  const heard = faults();
  const during = load.acks.length;
  const refused = await send();
  const look = await server.ask("GET", "/items");
  rmSync(filler);
  await mend();
  for (let i = 0; i < 400 && load.acks.length < during + 200; i++) await sleep(50);
  stop.now = true;
  await running;
  ok(
    heard >= 20 && [...load.faults.keys()].every((what) => what === 500 || what === 503),
    `${name}: commands are answered as faults`,
    load.said(),
  );
  ok(refused.status >= 500, `${name}: so is an upload`, `${refused.status} ${refused.body}`);
  ok(look.status === 200 || look.status === 503, `${name}: looks are answered`, look.status);
  ok(
    load.acks.length > during + 100,
    `${name}: with room again the server goes on by itself`,
    load.said(),
  );
  const again = await send();
  ok(again.status === 201, `${name}: so do uploads`, `${again.status} ${again.body}`);
  await log.follow(server);
  load.checkNew(log);
  note(`${name}: upload answered ${refused.status}, look ${look.status}; ${load.said()}`);
}

async function diskFull(house, mend) {
  const server = await house.serve(clock);
  const log = new Log();
  const load = new Load(random.between(0, 1 << 30), 16);
  await log.follow(server);
  const from = log.size;
  const send = await upload(server);
  const good = await send();
  ok(
    good.status === 201,
    `${house.engine}: an upload while there is room`,
    `${good.status} ${good.body}`,
  );
  for (let round = 0; round < (full ? 10 : 2); round++)
    await fullOnce(`${house.engine}, round ${round}`, server, log, load, send, mend);
  await load.settle(server);
  await log.follow(server);
  load.checkNew(log);
  ok(load.refusals.length === 0, `${house.engine}: no command was refused`, load.said());
  note(
    `${house.engine}: seed ${seed}, ${load.acks.length} acknowledged, ${log.size - from} entries`,
  );
  const status = await server.stop();
  ok(status === 0, `${house.engine}: the server ends well`, server.said());
  const wrong = house.verify();
  ok(wrong === "", `${house.engine}: tables equal replay`, wrong);
}

await story("disk full under SQLite", async () => {
  // The write-ahead log alone may reach 64 MB before the server begins it anew.
  if (!mount("disk full under SQLite", 320)) return;
  await diskFull(new House(null, join(place, "house")), () => {});
  unmount();
});

/** PostgreSQL may end itself when it cannot write its log; somebody then starts it again. */
await story("disk full under PostgreSQL", async () => {
  if (!mount("disk full under PostgreSQL", 320)) return;
  const postgres = new Postgres(join(place, "pg"));
  const house = new House(postgres, join(place, "house"));
  await diskFull(house, async () => {
    for (let i = 0; i < 20; i++) {
      if (run("psql", [postgres.url, "-XAtqc", "SELECT 1"]).status === 0) return;
      await sleep(250);
    }
    note("PostgreSQL had ended itself");
    await postgres.act("restart");
  });
  await postgres.act("stop");
  unmount();
});
end();
