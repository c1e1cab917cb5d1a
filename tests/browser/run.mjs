// Who plays what: the stories by subject, each subject in houses of its own, so that they can be played
// beside one another. Every engine plays all of them, each day ended by `yimen verify`; SQLite also
// audits each page as it comes, PostgreSQL plays beside.
//   run.mjs                    all subjects, one after another
//   run.mjs SUBJECT            one of them; --subjects names them, the longest first
//   run.mjs WORD...            only stories whose name holds one of the words
import * as catalogue from "./catalogue.mjs";
import * as displays from "./displays.mjs";
import { figures } from "./figures.mjs";
import { House } from "./house.mjs";
import { inEnglish, staffInEnglish } from "./languages.mjs";
import { Tap, endBrowser } from "./lib.mjs";
import * as live from "./live.mjs";
import * as links from "./links.mjs";
import * as looks from "./looks.mjs";
import * as papers from "./papers.mjs";
import { Play, applicant, item } from "./play.mjs";
import * as stories from "./stories.mjs";
import * as turns from "./turns.mjs";
import * as visits from "./visits.mjs";

/** The house opens in the morning of each of these days; 9 May was the last for the deferred papers. */
const days = ["2014-05-04", "2014-05-12", "2014-05-14", "2014-06-05", "2014-06-06"];
const [first, week, later, over, last] = days;
/** The history of an earlier system comes in last: the days before see a house without any. */
const withHistory = last;

/** Subject -> day -> stories, in their order where one needs what another left. */
const subjects = {
  house: {
    [first]: {
      supervisor: stories.supervisor,
      window: visits.window,
      onTheSpot: visits.onTheSpot, // before a clerk of the same department locks himself out
      itemEdited: catalogue.edited,
      signIn: stories.signIn,
      emptyPages: stories.emptyPages,
      errorPages: stories.errorPages,
      otherPages: stories.otherPages,
    },
    [week]: { itemInForce: catalogue.inForce },
    [later]: { itemGone: catalogue.gone },
  },
  cases: {
    [first]: {
      wholeCase: stories.wholeCase,
      qrCodes: stories.qrCodes,
      onPaper: stories.onPaper,
      supplement: stories.supplement,
      notAccepted: stories.notAccepted,
      refused: stories.refused,
      wrongCode: stories.wrongCode,
      expiredToken: stories.expiredToken,
      inEnglish: (play) => inEnglish(play, { applicant, item }),
      staffInEnglish,
      figures,
    },
  },
  turns: {
    [first]: {
      returned: turns.returned,
      withdrawn: turns.withdrawn,
      aboveLimit: turns.aboveLimit,
      actions: stories.actions,
      readOn: turns.readOn,
      live: live.live,
      forwarded: turns.forwarded,
      terminated: turns.terminated,
    },
  },
  looks: {
    [first]: {
      everyLink: links.everyLink,
      historyEmpty: visits.historyEmpty,
      looksCase: looks.looksCase,
      looksWeights: looks.weights,
      displayChosen: displays.displayChosen,
      displayContrasts: displays.contrasts,
      displayQuick: displays.quick,
    },
    [last]: { history: visits.history, looksEverywhere: looks.looksEverywhere },
  },
  papers: { [first]: { papersPrinted: papers.papersPrinted, papersOfNo: papers.papersOfNo } },
  days: {
    [first]: { deferredInTime: turns.deferredInTime, deferredAway: turns.deferredAway },
    [week]: { deferredLate: turns.deferredLate },
    [later]: { deferredComes: turns.deferredComes },
    [over]: { deferredOver: turns.deferredOver },
  },
};

/** What every case goes through on its way: audited by the subject that has the whole case. */
const leader = "cases";

const tap = new Tap();
const words = process.argv.slice(2);
const subject = Object.hasOwn(subjects, words[0] ?? "");
const asked = subject ? [words[0]] : Object.keys(subjects);
const whole = subject || words.length === 0;
const chosen = (name) => whole || words.some((word) => name.includes(word));

async function playDay(play, day, told) {
  if (day === withHistory) await play.house.importHistory();
  await play.house.open(`${day}T08:30`);
  try {
    for (const [name, story] of told) await play.tell(name, story);
  } finally {
    await play.crowd.goHome();
    await play.house.close();
  }
  await play.verify(day);
}

async function playAll(subject, [engine, postgresql, audits]) {
  const house = new House(postgresql);
  const started = Date.now();
  try {
    await house.setUp();
    const play = new Play(tap, engine, house, audits);
    play.passes = !whole || subject === leader;
    for (const day of days) {
      const told = Object.entries(subjects[subject][day] ?? {}).filter(([name]) => chosen(name));
      if (told.length > 0) await playDay(play, day, told);
    }
    if (whole && subject === leader) play.passedAll();
    await play.offices.goHome();
    const pages = audits ? `, ${play.seen.size} pages audited` : "";
    console.log(`# ${subject} on ${engine}: ${Math.round((Date.now() - started) / 1000)} s${pages}`);
  } finally {
    await house.close();
    house.remove();
  }
}

if (words[0] === "--subjects") {
  console.log(Object.keys(subjects).join("\n"));
} else {
  // Side by side: the one with the audits keeps the browser busy, the other one the database.
  const lines = [["SQLite", null, !process.env.YIMEN_TEST_NO_AUDIT]];
  if (process.env.YIMEN_TEST_POSTGRESQL)
    lines.push(["PostgreSQL", process.env.YIMEN_TEST_POSTGRESQL, false]);
  for (const subject of asked) {
    const any = Object.values(subjects[subject]).some((day) => Object.keys(day).some(chosen));
    if (any) await Promise.all(lines.map((line) => tap.story(line[0], () => playAll(subject, line))));
  }
  await endBrowser();
  tap.end();
}
