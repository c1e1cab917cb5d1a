// Every list as a table (CSV) beside the same list as JSON: the same rows, the same columns, the same
// values, whoever asks.

/** RFC 4180 as a list of rows. */
export function rows(text) {
  const out = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/gy;
  for (let m; cell.lastIndex < text.length && (m = cell.exec(text)); ) {
    out.at(-1).push(m[1].startsWith('"') ? m[1].slice(1, -1).replaceAll('""', '"') : m[1]);
    if (m[2] === "\r\n") out.push([]);
  }
  if (out.at(-1).length === 0) out.pop();
  return out;
}

/** The rows of a page at the paths of x-list: "rows", "months.weeks.days", "departments former". */
export function listed(page, paths) {
  const inside = (value, names) =>
    names.length === 0 ? [value] : value[names[0]].flatMap((one) => inside(one, names.slice(1)));
  return paths.split(" ").flatMap((path) => inside(page, path.split(".")));
}

const guarded = (value) => (/^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value);

/** What stands in a cell for a value of JSON; undefined where that is a word's label. */
function cell(value, schema, name) {
  if (Array.isArray(value))
    return guarded(
      value.map((one) => (typeof one === "object" ? Object.values(one).join("：") : one)).join("；"),
    );
  if (typeof value === "boolean") return value ? "是" : "否";
  if (typeof value === "number")
    return name.endsWith("_fen") ? (value / 100).toFixed(2) : String(value);
  if (schema?.enum) return undefined;
  const moment = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\.\d{3}\+08:00$/.exec(value);
  return moment ? `${moment[1]} ${moment[2]}` : value === null ? "" : guarded(value);
}

/** Why the table is not the list; empty: it is. schema: of a row. */
export function differs(csv, list, schema) {
  if (!csv.startsWith("\ufeff")) return "no mark of UTF-8";
  const [head, ...table] = rows(csv.slice(1));
  const holds = (value) => value && value !== "none" && value.length !== 0;
  const full = list.filter((row) => Object.values(row).some(holds));
  if (table.length < full.length) return `${table.length} rows of ${full.length}`;
  const labels = new Map();
  for (const [at, row] of full.entries()) {
    const names = Object.keys(row).filter(
      (name) => row[name] === null || Array.isArray(row[name]) || typeof row[name] !== "object",
    );
    if (table[at].length !== head.length || names.length !== head.length)
      return `row ${at}: ${table[at].length} cells, ${names.length} values, ${head.length} heads`;
    for (const [column, name] of names.entries()) {
      const wanted = cell(row[name], schema?.properties?.[name], name);
      const key = `${name}=${row[name]}`;
      const label = labels.get(key) ?? table[at][column];
      labels.set(key, label);
      if (table[at][column] !== (wanted ?? label))
        return `row ${at}, ${name}: ${table[at][column]}, not ${wanted ?? label}`;
    }
  }
  return "";
}
