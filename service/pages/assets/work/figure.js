// A plot from the server: the drawing, a sentence that says it, and the table behind it.

import { el, table } from "./dom.js";
import { ask, problemNotice } from "./ask.js";

let drawn = 0;

function drawing(svg, { title, says }) {
  // Parsed as a document of its own, in which nothing runs; the server leaves nothing in that could.
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const made = document.importNode(parsed, true);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", `${title}. ${says}`);
  made.setAttribute("class", "plot");
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Drawing: ${title}` }, made);
}

export function figure(plot, level = 3) {
  drawn += 1;
  const title = el(`h${level}`, { id: `plot-${drawn}` }, plot.title);
  return el("figure", { class: "card", "aria-labelledby": title.id },
    el("figcaption", {}, title, el("p", {}, plot.says)),
    plot.svg ? drawing(plot.svg, plot) : null,
    plot.notes.map((note) => el("p", { class: "quiet" }, note)),
    plot.rows.length ? el("details", {}, el("summary", {}, "As a table"), table(plot.title, plot.columns, plot.rows)) : null);
}

/** Ask for a plot, and put it in its place. */
export async function place(where, path, body) {
  where.setAttribute("aria-busy", "true");
  try {
    where.replaceChildren(figure(await ask(path, body)));
  } catch (error) {
    where.replaceChildren(problemNotice(error));
  }
  where.removeAttribute("aria-busy");
}
