// What the hostile texts go through: a running house by its API document, who is signed in, what paths
// are filled with, and a life of cases, accounts, items and places that comes by every command.
import { readFileSync } from "node:fs";

export const say = (good, name, why = "") =>
  console.log(
    good ? `ok ${name}` : `bad ${name}: ${String(why).slice(0, 600).replaceAll(/[\r\n]/g, " ")}`,
  );

const checked = (...codes) => codes.map((code) => ({ code, state: "checked" }));
const all = checked("m1", "m2", "m3", "m4", "m5");
const applicant = {
  applicant_type: "person",
  applicant_name: "王建国",
  id_number: "330482198001010016",
  phone: "13800138000",
  delivery_method: "post",
  address: "平湖市当湖街道1号",
  agent_name: "李明",
  agent_phone: "13900139000",
};

export class House {
  constructor(url, api, made) {
    this.url = url.replace(/\/$/, "");
    this.api = api;
    this.passwords = new Map(made.accounts.map((one) => [one.login, one.password]));
    this.sessions = new Map([[null, {}]]);
    this.operations = new Map();
    for (const [path, methods] of Object.entries(api.paths))
      for (const [method, operation] of Object.entries(methods))
        this.operations.set(operation.operationId, { path, method, operation });
    this.cases = []; // case_id, case_no, query_code of each case of the life
    this.known = { item_code: "011-001", region: "330482", rest: "0/000.p/1", name: "not_found" };
  }

  static read(url, document, made) {
    const json = (path) => JSON.parse(readFileSync(path, "utf8"));
    return new House(url, json(document), json(made));
  }

  /** Every command: what is posted and asked as JSON. */
  commands() {
    return [...this.operations.values()].filter(
      ({ method, operation }) =>
        method === "post" && operation.requestBody?.content["application/json"],
    );
  }

  async session(login) {
    if (!this.sessions.has(login)) {
      const { answer, json } = await this.send("POST", "/staff/sign-in", null, {
        json: { login, password: this.passwords.get(login) },
      });
      const cookie = answer.headers.getSetCookie().map((c) => c.split(";")[0]).join("; ");
      this.sessions.set(login, { Cookie: cookie, "X-CSRF-Token": json.csrf });
    }
    return this.sessions.get(login);
  }

  filled(path, more = {}) {
    const known = { ...this.known, ...more };
    return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(known[name] ?? "1"));
  }

  /** `json`: as JSON; `form`: as a browser sends it, answered as to a browser; `raw` with `type`. */
  async send(method, path, login, { json, form, raw, type, accept, more, headers } = {}) {
    const given = await this.session(login);
    const browser = form !== undefined;
    const wanted = accept ?? (browser ? "text/html" : "application/json");
    const all = { Accept: wanted, ...given, ...headers };
    let body = raw;
    if (json !== undefined) body = JSON.stringify(json);
    if (browser) {
      body = new URLSearchParams(form);
      if (given["X-CSRF-Token"]) body.set("_token", given["X-CSRF-Token"]);
      all["Sec-Fetch-Site"] ??= "same-origin";
      delete all["X-CSRF-Token"];
    }
    if (json !== undefined) all["Content-Type"] = "application/json";
    if (type) all["Content-Type"] = type;
    const answer = await fetch(this.url + this.filled(path, more), {
      method,
      headers: all,
      body,
      redirect: "manual",
    });
    const text = await answer.text();
    const kind = answer.headers.get("content-type") ?? "";
    let said = null;
    if (kind.includes("json")) said = JSON.parse(text);
    return { answer, status: answer.status, text, type: kind, json: said };
  }
}

/** Finds a number in what somebody is shown. */
async function number(house, path, login, name) {
  const { text } = await house.send("GET", path, login);
  return [...text.matchAll(new RegExp(`"${name}":"?(\\d+)`, "g"))].map((found) => found[1]);
}

/** The steps of a case until it is received; each is [command, who, body, path]. */
async function* handedIn(house, item = "011-001") {
  house.known.item_code = item;
  const made = yield ["case.draft", null, {}];
  house.known.case_no = made.case_no;
  house.known.query_code = made.query_code;
  yield ["case.who", null, { ...pick(applicant, "applicant_type", "applicant_name", "id_number") }];
  yield ["case.contact", null, { phone: "13800138000" }];
  yield ["case.way", null, { delivery_method: "window" }];
  yield ["case.applicant", null, { ...applicant }];
  yield ["case.matter", null, { matter: "独山港镇三宗土地分割登记", area_m2: 36500 }];
  for (const { code } of all) yield ["case.provide", null, { paper: true }, { code }];
  yield ["case.submit", null, { declared: true }];
  const seen = await number(house, "/staff/cases", "land-clerk", "case_id");
  house.known.case_id = String(Math.max(...seen.map(Number)));
  house.cases.push({ ...pick(house.known, "case_id", "case_no", "query_code") });
  yield ["case.receive", "land-clerk", {}];
}
const pick = (from, ...names) => Object.fromEntries(names.map((name) => [name, from[name]]));

async function* accepted(house) {
  yield* handedIn(house);
  yield ["case.check", "land-clerk", { materials: all }];
  yield ["case.accept", "land-clerk", {}];
}

/** One case of each end. */
async function* cases(house) {
  yield* accepted(house);
  yield ["case.look_reason", "supervisor", { reason: "抽查该办件的办理情况" }];
  yield ["case.suspend", "land-reviewer",
    { kind: "hearing", paper: "平国土听〔2014〕3号", planned_days: 10 }];
  yield ["case.resume", "land-reviewer", { result: "听证结束，无异议。" }];
  yield ["case.extend", "land-head", { days: 2, reason: "案情复杂，需要补充调查取证" }];
  yield ["case.forward", "land-verifier", { to: "嘉兴市国土资源局", paper: "平国土〔2014〕8号" }];
  yield ["case.answered", "land-reviewer", { opinion: "同意", paper: "嘉国土复〔2014〕2号" }];
  yield ["case.review", "land-reviewer", { recommendation: "grant", opinion: "权属清楚，建议准予。" }];
  const back = yield ["case.return", "land-verifier", { reason: "四至界线与宗地图不一致，请核对后重报。" }];
  yield ["case.undo", "land-verifier", { index: back.index }];
  yield ["case.return", "land-verifier", { reason: "四至界线与宗地图不一致，请核对后重报。" }];
  yield ["case.review", "land-reviewer", { recommendation: "refuse", opinion: "权属不清，建议不予。" }];
  yield ["case.decide", "land-verifier", {
    outcome: "refuse",
    reason: "四至界线与宗地图不一致，不符合登记条件。",
    basis: "《土地登记办法》第十八条",
  }];
  yield* accepted(house);
  yield ["case.review", "land-reviewer", { recommendation: "grant", opinion: "权属清楚，建议准予。" }];
  yield ["case.decide", "land-verifier", { outcome: "grant" }];
  yield ["case.issue", "land-clerk", { certificate_no: "平湖国用（2014）第00001号" }];
  yield ["case.deliver", "land-clerk", { method: "window", recipient: "王建国" }];
  yield* handedIn(house);
  yield ["case.check", "land-clerk", {
    materials: [...checked("m1", "m3", "m4", "m5"),
      { code: "m2", state: "wrong", note: "所附图纸没有测绘单位盖章" }],
  }];
  yield ["case.supplement", "land-clerk", { note: "请于三十日内补正" }];
  yield ["case.provide", null, { paper: true }, { code: "m2" }];
  yield ["case.supplied", null, {}];
  yield ["case.not_accept", "land-clerk", {
    reason: "不属于本机关职权范围，请向市规划建设局申请。",
    basis: "《行政许可法》第三十二条",
  }];
  yield* handedIn(house);
  yield ["case.check", "land-clerk", {
    materials: [...all, { code: "m7", state: "deferred" }],
  }];
  yield ["case.accept", "land-clerk", { promise: "五个工作日内补交房产证" }];
  yield ["case.gap_close", "land-clerk", { code: "m7" }];
  yield ["case.terminate", "land-head", { reason: "申请人主体资格终止，无法继续办理", basis: "示例" }];
  yield* handedIn(house);
  yield ["case.withdraw", null, { reason: "项目调整" }];
}

async function* staff(house) {
  const accounts = () => number(house, "/staff/accounts", "administrator", "account_id");
  const before = new Set(await accounts());
  yield ["identity.account.create", "administrator", { login: "hall-clerk", display: "陈晓" }];
  house.known.account_id = (await accounts()).find((id) => !before.has(id));
  yield ["identity.account.change", "administrator", { display: "陈晓晓", place: "C" }];
  yield ["identity.account.assign", "security", { roles: { reviewer: true }, department: "011" }];
  yield ["identity.password.set", "security", { password: "water under seven bridges" }];
  yield ["identity.token.create", "security",
    { label: "统计接口", days: 30, scopes: { cases_read: true } }];
  const [token_id] = await number(house, "/staff/accounts/{account_id}", "security", "token_id");
  yield ["identity.token.revoke", "security", {}, { token_id }];
  yield ["identity.delegation.grant", "land-head", {
    account_id: Number(house.known.account_id), department: "011", document: "平国土授〔2014〕9号",
    powers: { review: true }, all_items: true, valid_from_date: "2014-05-04",
  }];
  const letters = await number(house, "/staff/delegations", "land-head", "delegation_id");
  house.known.delegation_id = String(Math.max(...letters.map(Number)));
  yield ["identity.delegation.revoke", "land-head", { reason: "岗位调整，收回授权" }];
  yield ["identity.absence.record", "land-verifier",
    { first_date: "2014-05-12", last_date: "2014-05-13", reason: "公务出差" }];
  const away = await number(house, "/staff/absences", "land-verifier", "absence_id");
  const absence_id = String(Math.max(...away.map(Number)));
  yield ["identity.absence.end", "land-verifier", {}, { absence_id }];
  yield ["identity.account.close", "administrator", { reason: "调离本单位" }];
  const password = house.passwords.get("market-clerk");
  yield ["identity.sign_in", null, { login: "market-clerk", password }];
  yield ["identity.password.change", "market-clerk",
    { current: password, password: "seven bridges over water", again: "seven bridges over water" }];
}

async function* city() {
  yield ["clock.calendar.publish", "administrator", {
    year: 2014, published_date: "2014-05-04", scope: "change", document: "示例〔2014〕1号",
    source: "https://example.org/notice", days: [{ date: "2014-12-31", off: true, name: "元旦" }],
  }];
  yield ["clock.hours.set", "administrator", {
    code: "late", name: "延时服务", source: "示例",
    shifts: [{ weekdays: ["monday"], opens: "08:30", closes: "19:00" }],
  }];
  yield ["catalogue.department.define", "administrator", {
    code: "099", names: [{ name: "示例局", short_name: "示例", source: "example" }],
    unit: "示例单位", phone: "12345", source: "example",
  }];
  yield ["catalogue.place.define", "administrator", {
    code: "C-99", name: "示例窗口", kind: "hall", parent: "C", address: "示例路1号",
    phone: "12345", hours: "centre", group: "示例", source: "example",
  }];
  yield ["catalogue.region.set", "administrator", {
    code: 330482, name: "平湖市", city: "嘉兴市", province: "浙江省",
    centre: "平湖市行政服务中心", phone: "12345", hosts: ["pinghu.localhost"], zone: "Asia/Shanghai",
    settings: [{ name: "supplement_days", value: "5", note: "一次告知", source: "law" }],
    source: "example",
  }];
}

async function* items(house) {
  const path = "/staff/catalogue/drafts/{item_code}";
  const draft = async () => (await house.send("GET", path, "land-clerk")).json;
  const item_code = "011-003";
  const basics = { section: "basics" };
  const read = async (more) => {
    const { json } = await house.send("GET", `${path}/{section}`, "land-clerk", { more });
    return pick(json, "revision", "item");
  };
  house.known.item_code = item_code;
  yield ["catalogue.draft.start", "land-clerk", { item_code }];
  const { item: good } = await read(basics);
  const { item: ways } = await read({ section: "ways" });
  for (const section of ["basics", "limits", "ways", "words", "measures"]) {
    const json = await read({ section });
    yield ["catalogue.draft.save", "land-clerk", pick(json, "revision", "item"), { section }];
  }
  for (const section of ["laws", "materials", "fees", "results", "specials", "steps", "answers"]) {
    const more = { section, row: "1" };
    const { status, json } = await house.send("GET", `${path}/{section}/{row}`, "land-clerk", { more });
    const body = status === 200 && pick(json, "revision", "item");
    if (body) yield ["catalogue.draft.row", "land-clerk", body, more];
  }
  yield ["catalogue.draft.move", "land-clerk", { to: 2, ...pick(await draft(), "revision") },
    { section: "materials", row: "1" }];
  // A draft may hold what no item can; before it is published its codes are put right.
  const now = await read(basics);
  const coded = ["organ_code", "national_code", "task_code", "keywords", "objects"];
  for (const name of coded) now.item[name] = good[name];
  yield ["catalogue.draft.save", "land-clerk", now, basics, "plain"];
  yield ["catalogue.draft.save", "land-clerk",
    { ...pick(await draft(), "revision"), item: ways }, { section: "ways" }, "plain"];
  yield ["catalogue.draft.publish", "land-head",
    { ...pick(await draft(), "revision"), over: 1, valid_from: "2014-06-01" }];
  yield ["catalogue.draft.start", "land-clerk", { item_code }];
  yield ["catalogue.draft.discard", "land-clerk", pick(await draft(), "revision")];
  yield ["catalogue.item.withdraw", "land-head",
    { last_date: "2014-06-30", reason: "国务院决定取消", basis: "国发〔2014〕5号" },
    { item_code: "011-001" }];
}

/** A body without what its page shows and does not take back. */
export function without(body, errors) {
  const copy = structuredClone(body);
  for (const { field, code } of errors) {
    if (code !== "undeclared") continue;
    const at = field.split(".");
    delete at.slice(0, -1).reduce((one, name) => one?.[name], copy)?.[at.at(-1)];
  }
  return copy;
}

/** Every command of the house once at least, in an order in which each is let pass. */
export async function* life(house) {
  yield* cases(house);
  yield* items(house);
  yield* staff(house);
  yield* city();
}
