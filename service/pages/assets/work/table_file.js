// Tables as files: CSV out, for a spreadsheet, and CSV in, as records.

// What spreadsheets begin a formula with, after blanks and behind a semicolon, which parts cells in some of them.
const FORMULA = /(^|;)(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/g;
const NO_FIELDS = new Set(["__proto__", "prototype", "constructor"]);
const LISTS = new Set(["skills", "delivery", "schedule", "languages", "regions", "alt_labels", "part_of"]);
const NUMBERS = /^(cost\.amount|duration\.(weeks|min_weeks|effort_hours|hours_per_week)|requires_parts)$/;

/** Return rows as CSV, each cell in quotes. What a spreadsheet would take for a formula gets an apostrophe. */
export function toCsv(rows) {
  const cell = (value) => {
    const text = String(value ?? "");
    const safe = typeof value === "string" ? text.replace(FORMULA, "$1'") : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Offer a text as a file. */
export function save(name, text, type) {
  // A spreadsheet knows by the mark that it is UTF-8.
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Return what parts the cells: semicolons where the first line has more of them than commas. */
function separatorOf(source) {
  const heads = source.split(/[\r\n]/, 1)[0].replace(/"[^"]*"/g, "");
  const count = (mark) => heads.split(mark).length;
  return count(";") > count(",") ? ";" : ",";
}

/** Return the rows of a CSV text, by RFC 4180 or with semicolons; quoted cells may hold line breaks. */
export function fromCsv(text) {
  const rows = [[]];
  const source = text.replace(/^\ufeff/, "");
  const separator = separatorOf(source);
  const cells = new RegExp(`("(?:[^"]|"")*"|[^"${separator}\\r\\n]*)(${separator}|\\r?\\n|\\r|$)`, "gy");
  let found;
  while (cells.lastIndex < source.length && (found = cells.exec(source))) {
    const [, raw, end] = found;
    rows.at(-1).push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end && end !== separator) rows.push([]);
  }
  if (cells.lastIndex < source.length && !found) throw new SyntaxError(`A quote is not closed in line ${rows.length}.`);
  return rows.filter((row) => row.length && row.some((cell) => cell.trim()));
}

/** Return the names of fields, or throw what is wrong with one of them. */
function fieldsOf(heads) {
  const fields = heads.map((head) => head.trim());
  for (const [at, field] of fields.entries()) {
    if (!field) continue;
    if (field.split(".").some((name) => NO_FIELDS.has(name))) throw new SyntaxError(`The head “${field}” is no field.`);
    if (fields.indexOf(field) !== at) throw new SyntaxError(`The head “${field}” stands there twice.`);
    const within = fields.find((other) => other.startsWith(`${field}.`));
    if (within) throw new SyntaxError(`The heads “${field}” and “${within}” cannot both be there: one is a part of the other.`);
  }
  return fields;
}

function put(record, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let into = record;
  for (const name of names) into = into[name] ??= Object.create(null);
  into[last] = value;
}

function valueOf(field, cell) {
  if (LISTS.has(field)) {
    const parts = cell.split(";").map((part) => part.trim()).filter(Boolean);
    return field === "skills" ? parts.map((name) => ({ name })) : parts;
  }
  // What is no number stays as it is, and the server says where.
  return NUMBERS.test(field) && cell.trim() !== "" && Number.isFinite(Number(cell)) ? Number(cell) : cell;
}

/** Return a CSV text as records, one JSON object on each line; empty cells are left out. */
export function csvToLines(text) {
  const [heads = [], ...rows] = fromCsv(text);
  const fields = fieldsOf(heads);
  return rows.map((row) => {
    const record = Object.create(null);
    for (const [at, field] of fields.entries()) {
      const cell = row[at] ?? "";
      if (cell.trim()) put(record, field, valueOf(field, cell));
    }
    return JSON.stringify(record);
  }).join("\n");
}
