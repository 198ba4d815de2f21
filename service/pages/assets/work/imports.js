// Files in: JSON Lines as they are, CSV made into them; what is wrong with a line is told.

import { $, amount, announce, counted, el, facts, table } from "./dom.js";
import { Problem, onSubmit, send } from "./ask.js";
import { csvToLines } from "./table_file.js";

const SHOWN = 100;

function linesOf(name, text) {
  if (!name.toLowerCase().endsWith(".csv")) return text;
  try {
    return csvToLines(text);
  } catch (error) {
    throw new Problem({ detail: `This is no CSV: ${error.message}` });
  }
}

function faults(failed, isTable) {
  const rows = failed.slice(0, SHOWN).map(({ line, id, problem }) => [
    // The first line of a table has its heads.
    amount(isTable ? line + 1 : line), id ?? "",
    el("ul", {}, problem.errors?.length
      ? problem.errors.map((each) => el("li", {}, `${each.pointer || "the line"} ${each.detail}`)) : el("li", {}, problem.detail)),
  ]);
  return [
    el("h3", {}, "Lines that were not taken"),
    el("p", {}, "Mend them in the file, and import it again: lines that are there already change nothing."),
    table("Lines that were not taken", [isTable ? "Row" : "Line", "Id", "What is wrong"], rows),
    failed.length > SHOWN ? el("p", { class: "quiet" }, `The first ${SHOWN} of ${amount(failed.length)} are shown.`) : null,
  ];
}

function shown(results, isTable) {
  const count = (status) => results.filter((each) => each.status === status).length;
  const failed = results.filter((each) => each.problem);
  const warned = results.filter((each) => each.warnings?.length);
  return [
    el("div", { class: "facts" }, facts([
      ["New", amount(count("created"))], ["Changed", amount(count("updated"))], ["As they were", amount(count("unchanged"))],
      ["Not taken", amount(failed.length), failed.length ? "bad" : "good"],
    ])),
    failed.length ? faults(failed, isTable) : null,
    warned.length ? el("details", { class: "card" }, el("summary", {}, counted(warned.length, "line with a remark", "lines with a remark")),
      el("ul", {}, warned.slice(0, SHOWN).map((each) => el("li", {}, `${each.line}: ${each.warnings.join(" ")}`)))) : null,
  ].flat().filter(Boolean);
}

export function startImports(onDone) {
  onSubmit("import", "import-results", async () => {
    const file = $("import-file").files[0];
    const kind = $("import-kind").value;
    const lines = linesOf(file.name, await file.text());
    if (!lines.trim()) throw new Problem({ detail: "There is no record in this file." });
    $("import-results").replaceChildren(el("p", { class: "notice" }, "Importing …"));
    const answer = await send(`v1/${kind}:bulk`, { method: "POST", body: lines, type: "application/x-ndjson" });
    const results = (await answer.text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
    $("import-results").replaceChildren(...shown(results, file.name.toLowerCase().endsWith(".csv")));
    const failed = results.filter((each) => each.problem).length;
    announce(`${counted(results.length - failed, "record was", "records were")} taken, ${failed} not.`);
    onDone();
  });
}
