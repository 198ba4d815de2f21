// Two or three credentials side by side, in a real table.

import { bar, el, told } from "./dom.js";

export const MOST = 3;

export function comparison(items, { labels }, { words, level, onClose }) {
  const names = (skills) => (skills.length
    ? el("ul", {}, skills.map((skill) => el("li", {}, told(labels[skill] ?? skill, "en")))) : words.say("none"));
  const rows = [
    ["provider", (item) => told(item.provider.name)],
    ["score", (item) => [words.number(item.score), bar(item.score / 100)]],
    ["cost", (item) => words.money(item.cost)],
    ["length", (item) => words.weeks(item.duration)],
    ["effort", (item) => words.effort(item.duration)],
    ["credit", (item) => words.credit(item.credit)],
    ["gain", (item) => names(item.skills.added)],
    ["held", (item) => names(item.skills.held)],
    ["open", (item) => words.number(item.skills.open.length)],
  ];
  const title = el(`h${level}`, { id: "compare-title", tabindex: "-1" }, words.say("compareTitle"));
  const table = el("table", {},
    el("thead", {}, el("tr", {}, el("td", {}), items.map((item) => el("th", { scope: "col" }, told(item.name))))),
    el("tbody", {}, rows.map(([name, cell]) => el("tr", {},
      el("th", { scope: "row" }, words.say(name)), items.map((item) => el("td", {}, cell(item)))))));
  const made = el("div", { class: "card", part: "compare" }, title,
    // Whoever has no mouse scrolls it with the arrow keys.
    el("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": title.id }, table),
    el("button", { type: "button", part: "button", onclick: onClose }, words.say("close")));
  return { element: made, title };
}
