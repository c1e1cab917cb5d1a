// What a slow phone sees when, page by page, on a first visit: 360 pixels, a processor four times
// slower, 150 ms to wait for every answer and 1.6 Mbit/s (Lighthouse's "slow 4G"). "/healthz", two
// words without a sheet, is what the phone itself takes. The best of the rounds: whatever else the
// machine does only adds. JSON lines, for tools/bench:
//   node tests/browser/phone.mjs [ROUNDS]
import { Crowd, endBrowser, person, views } from "./lib.mjs";
import { House } from "./house.mjs";

const rounds = Number(process.argv[2] ?? 3);
const addresses = ["/", "/items", "/items/011-001", "/apply/011-001", "/my", "/verify", "/calendar"];
addresses.push("/departments", "/places", "/staff/sign-in", "/healthz");

/** One first visit: milliseconds from asking to the first words, the largest piece, the whole page. */
async function visit(crowd, url) {
  const page = await person(crowd, { view: views[1], scripts: true });
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: 1.6e6 / 8,
    uploadThroughput: 0.75e6 / 8,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto(url, { waitUntil: "load" });
  const times = await page.evaluate(async () => {
    const largest = new Promise((seen) => {
      const watch = new PerformanceObserver((list) => seen(list.getEntries().at(-1).startTime));
      watch.observe({ type: "largest-contentful-paint", buffered: true });
    });
    const [way] = performance.getEntriesByType("navigation");
    const largest_ms = await largest;
    const first_ms = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    return { first_ms, largest_ms, usable_ms: way.domContentLoadedEventEnd };
  });
  await page.context().close();
  return times;
}

const house = new House();
try {
  await house.setUp();
  await house.open("2014-05-04T08:30");
  const crowd = new Crowd();
  await visit(crowd, `${house.base}/`); // wakes browser and house
  const best = new Map(addresses.map((address) => [address, {}]));
  for (let round = 0; round < rounds; round += 1)
    for (const [address, seen] of best)
      for (const [name, ms] of Object.entries(await visit(crowd, house.base + address)))
        seen[name] = Math.min(seen[name] ?? Infinity, Math.round(ms));
  for (const [address, seen] of best)
    console.log(JSON.stringify({ figure: "phone.page", address, ...seen }));
  await crowd.goHome();
  await endBrowser();
} finally {
  await house.close();
  house.remove();
}
