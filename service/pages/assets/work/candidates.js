// Candidates and near misses as cards, with reasons.

import { amount, counted, el } from "./dom.js";

function chips(title, skills, labels, look) {
  if (!skills.length) return null;
  return [el("h4", {}, title),
    el("ul", { class: `chips ${look}` }, skills.map((skill) => el("li", {}, labels[skill] ?? skill)))];
}

function bridges(rows, labels) {
  if (!rows.length) return null;
  return el("details", {}, el("summary", {}, `Near skills that count in part (${rows.length})`),
    el("ul", {}, rows.map((row) => el("li", {},
      `${labels[row.from] ?? row.from} counts ${Math.round(row.weight * 100)} % toward ${labels[row.to] ?? row.to}`))));
}

function reasons(evidence, labels) {
  const rows = evidence.filter((reason) => reason.text);
  if (!rows.length) return null;
  return el("details", {}, el("summary", {}, `Why (${counted(rows.length, "reason", "reasons")})`),
    el("ul", { class: "reasons" }, rows.map((reason) => el("li", {},
      `${labels[reason.skill] ?? reason.skill}: `,
      reason.text === reason.skill ? "named as such" : el("q", {}, reason.text),
      el("span", { class: "quiet" }, ` ${[reason.shown_by?.replace("_", " "), reason.date].filter(Boolean).join(", ")}`)))));
}

function oneAway(found, labels) {
  if (!found) return null;
  const { cost, duration } = found;
  const facts = [
    found.provider.name,
    cost ? (cost.amount ? `${amount(cost.amount)} ${cost.currency}` : "free") : null,
    duration.weeks ? counted(duration.weeks, "week", "weeks") : null,
  ];
  return el("div", { class: "away" },
    el("p", {}, "One credential away: ", el("strong", {}, found.name)),
    el("p", { class: "quiet" }, facts.filter(Boolean).join(" · ")),
    el("p", {}, `It covers ${found.covers.map((skill) => labels[skill] ?? skill).join(", ")}, and the score would be ${amount(found.score)}.`));
}

function card(item, labels, number) {
  const required = new Set(item.missing_required);
  const rest = item.missing.filter((skill) => !required.has(skill));
  return el("li", { class: "card" },
    el("div", { class: "head" },
      el("div", {},
        el("h3", {}, `${number}. ${item.title || item.id}`),
        item.title ? el("p", { class: "by" }, item.id) : null),
      el("div", { class: "score" }, el("strong", {}, amount(item.score)), el("span", {}, "score"))),
    el("progress", { max: "100", value: String(item.score), "aria-label": `Score ${amount(item.score)} of 100` }),
    el("p", { class: "quiet" }, `Meets ${amount(item.fit.forward)} % of the job; the job uses ${amount(item.fit.reverse)} % of what they can do.`),
    oneAway(item.one_credential_away, labels),
    chips("Covered", item.covered, labels, "held"),
    chips("Missing, and required", item.missing_required, labels, "open"),
    rest.length ? el("details", {}, el("summary", {}, `Missing, preferred (${rest.length})`), chips("", rest, labels, "added")[1]) : null,
    reasons(item.evidence, labels),
    bridges(item.bridges, labels),
    item.caveats.length ? el("ul", { class: "quiet" }, item.caveats.map((line) => el("li", {}, line))) : null);
}

function list(title, says, items, labels) {
  return items.length ? [el("h3", { class: "list" }, title), says ? el("p", {}, says) : null,
    el("ol", {}, items.map((item, at) => card(item, labels, at + 1)))] : null;
}

/** Return how the pool covers what is asked for, as the plot's question has it. */
export function poolOf(answer) {
  const people = [...answer.items, ...answer.near_misses];
  return {
    people: people.length,
    skills: answer.requirements.map(({ skill }) => ({
      label: answer.labels[skill] ?? skill,
      people: people.filter((each) => each.covered.includes(skill)).length,
    })),
  };
}

export function candidateCards(answer) {
  const { items, near_misses: near, labels, warnings, applied } = answer;
  const nobody = near.length
    ? "Nobody has every required skill. Those below come near; or mark fewer skills as required."
    : "Nobody here shows any of these skills. Name them in other words, ask for fewer, or import more learners.";
  return [
    warnings.length ? el("div", { class: "notice" }, el("ul", {}, warnings.map((line) => el("li", {}, line)))) : null,
    items.length ? null : el("div", { class: "notice" }, el("h3", {}, "No candidate yet"), el("p", {}, nobody)),
    list(counted(items.length, "candidate", "candidates"), "", items, labels),
    list(counted(near.length, "near miss", "near misses"), "Each lacks a skill that you marked as required.", near, labels),
    el("details", { class: "card" }, el("summary", {}, "How this list was made"),
      el("ul", {}, applied.map((rule) => el("li", {}, rule))),
      el("p", { class: "quiet" }, `Score: ${answer.score_meaning}`)),
  ];
}
