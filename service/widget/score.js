// The score and its parts: bars, each with its text.

import { bar, el, folded } from "./dom.js";

const PARTS = ["gap", "demand", "relevance", "credit", "cost", "time"];

export function scoreBadge(item, words) {
  return el("div", { class: "score", part: "score" },
    el("p", {}, words.say("score"), " ", el("strong", {}, words.number(item.score)), el("span", { class: "quiet" }, ` / ${words.number(100)}`)),
    bar(item.score / 100));
}

export function scoreParts(item, weights, words) {
  const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
  const pointsOf = (part) => (100 * weights[part] * item.components[part]) / Math.max(1, sum);
  const said = (points) => words.say("points", { n: Math.round(10 * points) / 10 });
  const row = (part) => el("li", {},
    el("span", {}, words.say(`part_${part}`)), bar(item.components[part]),
    el("span", { class: "quiet" }, words.say("part", {
      share: words.share(item.components[part]), weight: words.share(weights[part]), points: said(pointsOf(part)),
    })));
  const total = PARTS.reduce((all, part) => all + pointsOf(part), 0);
  return folded(words.say("parts"), () => el("div", {},
    el("p", { class: "quiet" }, words.say("scoreMeans", { n: Math.round(item.score) })),
    el("ul", { class: "parts", part: "parts" }, PARTS.map(row),
      el("li", {}, el("strong", {}, words.say("total")), bar(total / 100), el("strong", {}, words.say("becomes", { points: said(total), score: words.number(item.score) }))))));
}
