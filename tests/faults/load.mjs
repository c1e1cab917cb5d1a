// Citizens who apply: each drafts a case, fills it in and submits it, one command after another
// over
// keep-alive connections, each command under a key of its own. What was acknowledged is noted
// before
// the next command goes out; what was not is sent again, with its key, to whatever server is next.
import { Random } from "./lib.mjs";

const item = "011-001";
const materials = ["m1", "m2", "m3", "m4", "m5"];
const applicant = {
  applicant_type: "person",
  applicant_name: "王建国",
  id_number: "330482198001010016",
  phone: "13800000001",
  delivery_method: "window",
};

/** [name, path below the case, input, the kind of its first entry] */
const steps = [
  ["draft", null, {}, "case.drafted"],
  ["applicant", "applicant", applicant, "case.applicant"],
  ["matter", "matter", { matter: "三宗工业用地土地证分割登记", area_m2: 36500 }, "case.matter"],
  ...materials.map((code) => ["material", `materials/${code}`, { paper: true }, "case.provided"]),
  ["submit", "submit", { declared: true }, "case.submitted"],
];
export const stepsOfCase = steps.length;

class Citizen {
  constructor(number, random) {
    this.number = number;
    this.random = random;
    this.begin();
  }

  begin() {
    this.step = 0;
    this.case = null;
    this.key = this.random.word();
    this.tried = 0;
  }

  /** The command at hand. */
  get command() {
    const [name, path, input, kind] = steps[this.step];
    const phone = `139${String(this.number).padStart(4, "0")}${String(this.step).padStart(4, "0")}`;
    return {
      name,
      kind,
      key: this.key,
      path: path ? `${this.case.location}/${path}` : `/apply/${item}`,
      input: name === "applicant" ? { ...input, phone } : input,
    };
  }

  took(answer) {
    if (this.step === 0) this.case = answer;
    this.step += 1;
    this.key = this.random.word();
    this.tried = 0;
    if (this.step === steps.length) this.begin();
  }
}

export class Load {
  acks = []; // { key, name, kind, path, input, body, answer }
  unchecked = []; // of them, those that no check has seen
  refusals = []; // answers that were neither accepted nor faults
  faults = new Map(); // status or error -> how often
  repeated = 0; // commands that were sent more than once
  most_ms = 0;

  constructor(seed, connections) {
    const random = new Random(seed);
    this.citizens = Array.from(
      { length: connections },
      (_, i) => new Citizen(i, new Random(random.between(0, 1 << 30))),
    );
  }

  #fault(what) {
    this.faults.set(what, (this.faults.get(what) ?? 0) + 1);
  }

  /** One command of one citizen; false if it was not acknowledged. */
  async #act(citizen, server) {
    const command = citizen.command;
    const started = performance.now();
    if (citizen.tried++) this.repeated += 1;
    let answer;
    try {
      answer = await server.ask("POST", command.path, command.input, {
        "Idempotency-Key": command.key,
      });
    } catch (error) {
      this.#fault(error.code ?? error.message);
      return false;
    }
    this.most_ms = Math.max(this.most_ms, performance.now() - started);
    if (answer.status >= 500) {
      this.#fault(answer.status);
      return false;
    }
    const body = answer.body.toString();
    if (answer.status >= 300) {
      this.refusals.push(`${command.name}: ${answer.status} ${body}`);
      return false;
    }
    const ack = { ...command, body, answer: JSON.parse(body), case: citizen.case };
    if (!ack.case) ack.case = ack.answer;
    this.acks.push(ack);
    this.unchecked.push(ack);
    citizen.took(ack.answer);
    return true;
  }

  /** All citizens act until stop.now, each sticking to one of the servers; one that is refused a
   * connection or hears of a fault stops (or, with `patient`, tries again in a moment). */
  async run(servers, stop, { patient = 0 } = {}) {
    const one = async (citizen) => {
      const server = servers[citizen.number % servers.length];
      while (!stop.now) {
        if (await this.#act(citizen, server)) continue;
        if (!patient || this.refusals.length) return;
        await new Promise((resolve) => setTimeout(resolve, patient));
      }
    };
    await Promise.all(this.citizens.map(one));
  }

  /** Every citizen hears an answer to what it sent last. */
  async settle(server) {
    await Promise.all(
      this.citizens.map(async (citizen) => {
        if (citizen.tried) await this.#act(citizen, server);
      }),
    );
    if (this.citizens.some((citizen) => citizen.tried))
      throw new Error(`not all was answered: ${this.said()}`);
  }

  said() {
    return [...this.faults]
      .map(([what, n]) => `${what}: ${n}`)
      .concat(this.refusals.slice(0, 5))
      .join("; ");
  }

  /** What was acknowledged since the last check is in the log as it was told. */
  checkNew(log) {
    for (const { answer, kind, key, case: of } of this.unchecked) {
      const where = `${kind} under ${key}, acknowledged as ${answer.index}`;
      if (answer.region !== "330482" || answer.receipt !== `/receipts/330482/${answer.index}`)
        throw new Error(`${where}: ${JSON.stringify(answer)}`);
      if (answer.index + answer.count > log.size)
        throw new Error(`${where}: the log has ${log.size} entries`);
      const entry = log.entries[answer.index];
      if (
        entry.kind !== kind ||
        entry.actor !== "applicant" ||
        entry.subject !== `case:${of.index}`
      )
        throw new Error(`${where} is ${entry.kind} of ${entry.subject} by ${entry.actor}`);
      if (kind === "case.drafted" && entry.body.case_no !== answer.case_no)
        throw new Error(`${where} is ${entry.body.case_no} instead of ${answer.case_no}`);
    }
    const checked = this.unchecked;
    this.unchecked = [];
    return checked;
  }

  /** After settle: the citizens' entries are those that were acknowledged, each once. */
  checkAll(log, from) {
    const owner = new Map();
    for (const { answer, key } of this.acks)
      for (let i = answer.index; i < answer.index + answer.count; i++) {
        if (owner.has(i))
          throw new Error(`entry ${i} was acknowledged under ${owner.get(i)} and ${key}`);
        owner.set(i, key);
      }
    const drafts = log.entries.filter(
      (entry) => entry.kind === "case.drafted" && entry.body.item_code === item,
    );
    const ours = new Set(drafts.map((entry) => entry.subject));
    for (let i = from; i < log.size; i++)
      if (ours.has(log.entries[i].subject) && log.entries[i].actor === "applicant" && !owner.has(i))
        throw new Error(`entry ${i}, ${log.entries[i].kind}, was made twice or by nobody`);
    return owner.size;
  }
}
