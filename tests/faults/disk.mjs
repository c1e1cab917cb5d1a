#!/usr/bin/env node
// The disk is full, under load: commands and uploads are answered as faults, nothing acknowledged is
// lost, and once there is room the server goes on by itself. On a small file system of its own in
// memory, which takes the rights of the administrator to mount.
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { House, Log, end, full, note, ok, random, run, seed, skip, sleep, story, whenDone, work } from "./lib.mjs";
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
  const head = Object.entries(fields).map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  head.push(`--${boundary}\r\nContent-Disposition: form-data; name="document"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n`);
  const body = Buffer.concat([Buffer.from(head.join("")), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return [body, { "Content-Type": `multipart/form-data; boundary=${boundary}` }];
}

async function upload(server) {
  const draft = JSON.parse((await server.ask("POST", "/apply/011-001", {})).body);
  const file = Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(1 << 20, 0x20), Buffer.from("\n%%EOF\n")]);
  return async () => {
    const [body, headers] = multipart({}, file);
    return server.ask("POST", `${draft.location}/materials/m1`, body, headers);
  };
}

await story("disk full", async () => {
  const mounted = run("mount", ["-t", "tmpfs", "-o", "size=48m,mode=755", "tmpfs", place]);
  if (mounted.status !== 0) {
    skip("disk full", `no file system could be mounted here: ${mounted.err.trim()}`);
    return;
  }
  whenDone(() => run("umount", ["-l", place]));
  const house = new House(null, join(place, "house"));
  const filler = join(place, "filler");
  const server = await house.serve(clock);
  const log = new Log();
  const load = new Load(random.between(0, 1 << 30), 16);
  await log.follow(server);
  const from = log.size;
  const send = await upload(server);
  const good = await send();
  ok(good.status === 201, "an upload while there is room", `${good.status} ${good.body}`);

  for (let round = 0; round < (full ? 10 : 2); round++) {
    const stop = { now: false };
    load.faults.clear();
    const running = load.run([server], stop, { patient: 50 });
    await sleep(random.between(100, 400));
    fillUp(filler);
    for (let i = 0; i < 200 && (load.faults.get(500) ?? 0) < 20; i++) await sleep(50);
    const faults = load.faults.get(500) ?? 0;
    const during = load.acks.length;
    const refused = await send().catch((error) => ({ status: error.code }));
    const look = await server.ask("GET", "/items");
    const checkpoint = await server.ask("GET", "/log/330482/checkpoint");
    rmSync(filler);
    for (let i = 0; i < 200 && load.acks.length < during + 200; i++) await sleep(50);
    stop.now = true;
    await running;
    ok(faults >= 20 && [...load.faults.keys()].every((what) => what === 500 || what === 503), `round ${round}: commands are answered as faults`, load.said());
    ok(refused.status >= 500 || refused.status === 413, `round ${round}: so is an upload`, `${refused.status} ${refused.body}`);
    ok(look.status === 200 && checkpoint.status === 200, `round ${round}: what was kept can be read`, `${look.status} ${checkpoint.status}`);
    ok(load.acks.length > during + 100, `round ${round}: with room again the server goes on by itself`, load.said());
    const again = await send();
    ok(again.status === 201, `round ${round}: so do uploads`, `${again.status} ${again.body}`);
    await log.follow(server);
    load.checkNew(log);
    note(`round ${round}: upload answered ${refused.status}; ${load.said()}`);
  }
  await load.settle(server);
  await log.follow(server);
  load.checkNew(log);
  ok(load.refusals.length === 0, "no command was refused", load.said());
  note(`seed ${seed}: ${load.acks.length} acknowledged, ${log.size - from} entries`);
  const status = await server.stop();
  ok(status === 0, "the server ends well", server.said());
  const wrong = house.verify();
  ok(wrong === "", "tables equal replay", wrong);
});
end();
