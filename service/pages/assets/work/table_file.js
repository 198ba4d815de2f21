// Tables as files: CSV out, for a spreadsheet, and CSV in, as records.

const FORMULA = /^[=+\-@\t\r]/;
const LISTS = new Set(["skills", "delivery", "schedule", "languages", "regions", "alt_labels", "part_of"]);
const NUMBERS = /^(cost\.amount|duration\.(weeks|min_weeks|effort_hours|hours_per_week)|requires_parts)$/;

/** Return rows as CSV. A cell that a spreadsheet would take for a formula gets an apostrophe. */
export function toCsv(rows) {
  const cell = (value) => {
    const text = String(value ?? "");
    const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
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

/** Return the rows of a CSV text, by RFC 4180; quoted cells may hold line breaks. */
export function fromCsv(text) {
  const rows = [[]];
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|\r|$)/gy;
  const source = text.replace(/^\ufeff/, "");
  let found;
  while (cells.lastIndex < source.length && (found = cells.exec(source))) {
    const [, raw, end] = found;
    rows.at(-1).push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end && end !== ",") rows.push([]);
  }
  if (cells.lastIndex < source.length && !found) throw new SyntaxError(`A quote is not closed in line ${rows.length}.`);
  return rows.filter((row) => row.length && row.some((cell) => cell.trim()));
}

function put(record, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let into = record;
  for (const name of names) into = into[name] ??= {};
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
  return rows.map((row) => {
    const record = {};
    for (const [at, head] of heads.entries()) {
      const cell = row[at] ?? "";
      if (cell.trim()) put(record, head.trim(), valueOf(head.trim(), cell));
    }
    return JSON.stringify(record);
  }).join("\n");
}
