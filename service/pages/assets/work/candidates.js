// Candidates and near misses as cards, with reasons.

import { amount, counted, el, share } from "./dom.js";
import { contactLine } from "./contacts.js";

const PSEUDONYM = "person:";
const TOO_FEW = /^(qualifying|near_miss_count) is withheld/;

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

function reason(each, labels) {
  const label = labels[each.skill] ?? each.skill;
  const how = each.shown_by?.replaceAll("_", " ") ?? "stated";
  if (each.text) {
    return el("li", {}, `${label}: `, each.text === each.skill ? "named as such" : el("q", {}, each.text),
      el("span", { class: "quiet" }, ` ${[each.shown_by && how, each.date].filter(Boolean).join(", ")}`));
  }
  // Of who has not agreed to be named nothing is quoted: what shows the skill, how well, and since when.
  const strength = each.strength === null ? null : `strength ${share(each.strength)}`;
  return el("li", {}, `${label}: ${[how, strength, each.date?.slice(0, 7)].filter(Boolean).join(", ")}`);
}

function reasons(evidence, labels) {
  if (!evidence.length) return null;
  return el("details", {}, el("summary", {}, `Why (${counted(evidence.length, "reason", "reasons")})`),
    el("ul", { class: "reasons" }, evidence.map((each) => reason(each, labels))));
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

function card(item, labels, { name, asked }) {
  const required = new Set(item.missing_required);
  const rest = item.missing.filter((skill) => !required.has(skill));
  return el("li", { class: "card" },
    el("div", { class: "head" },
      el("div", {},
        el("h3", {}, name),
        name.endsWith(item.id) ? null : el("p", { class: "by" }, item.id)),
      el("div", { class: "score" }, el("strong", {}, amount(item.score)), el("span", {}, "score"))),
    el("progress", { max: "100", value: String(item.score), "aria-label": `Score ${amount(item.score)} of 100` }),
    el("p", { class: "quiet" }, `Meets ${amount(item.fit.forward)} % of the job; the job uses ${amount(item.fit.reverse)} % of what they can do.`),
    oneAway(item.one_credential_away, labels),
    chips("Covered", item.covered, labels, "held"),
    chips("Missing, and required", item.missing_required, labels, "open"),
    rest.length ? el("details", {}, el("summary", {}, `Missing, preferred (${rest.length})`), chips("", rest, labels, "added")[1]) : null,
    reasons(item.evidence, labels),
    bridges(item.bridges, labels),
    item.caveats.length ? el("ul", { class: "quiet" }, item.caveats.map((line) => el("li", {}, line))) : null,
    contactLine(item.id, name, asked));
}

function nameOf(item, word, number) {
  return item.id.startsWith(PSEUDONYM) ? `${word} ${number}` : `${number}. ${item.title || item.id}`;
}

function list({ title, says, word }, items, labels, asked) {
  return items.length ? [el("h3", { class: "list" }, title), says ? el("p", {}, says) : null,
    el("ol", {}, items.map((item, at) => card(item, labels, { name: nameOf(item, word, at + 1), asked })))] : null;
}

/** Return a title that says where a list was cut, and how many there are in all. */
function titleOf(shown, inAll, { limit, isEmployer }, words) {
  const whole = counted(shown, ...words);
  // Employers are told numbers of people in fives, rounded down.
  if (shown < limit || (!isEmployer && inAll === shown)) return whole;
  return inAll > shown ? `The first ${whole} of ${amount(inAll)}${isEmployer ? " or more" : ""}` : `The first ${whole}`;
}

function inWords(warning) {
  const [, counts] = TOO_FEW.exec(warning) ?? [];
  if (!counts) return warning;
  return `In all, fewer than 5 people ${counts === "qualifying" ? "have every required skill" : "come near"}; so few are not counted out to employers.`;
}

function nobodyFound(near, isEmployer) {
  if (near.length) return "Nobody has every required skill. Those below come near; or mark fewer skills as required.";
  return isEmployer
    ? "Only people who agreed to be seen by you are listed, and none of them shows any of these skills. Name them in other words, or ask for fewer."
    : "Nobody here shows any of these skills. Name them in other words, ask for fewer, or import more learners.";
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

/** Return an answer as cards; `asked` has whom an employer asked for contact, and is none for others. */
export function candidateCards(answer, { limit, asked }) {
  const { items, near_misses: near, labels, warnings, applied } = answer;
  const isEmployer = asked !== null;
  const cut = { limit, isEmployer };
  const found = {
    title: titleOf(items.length, answer.qualifying, cut, ["candidate", "candidates"]), word: "Candidate",
  };
  const missed = {
    title: titleOf(near.length, answer.near_miss_count, cut, ["near miss", "near misses"]), word: "Near miss",
    says: "Each lacks a skill that you marked as required.",
  };
  return [
    warnings.length ? el("div", { class: "notice" }, el("ul", {}, warnings.map((line) => el("li", {}, inWords(line))))) : null,
    items.length ? null : el("div", { class: "notice" }, el("h3", {}, "No candidate yet"), el("p", {}, nobodyFound(near, isEmployer))),
    list(found, items, labels, asked),
    list(missed, near, labels, asked),
    el("details", { class: "card" }, el("summary", {}, "How this list was made"),
      el("ul", {}, applied.map((rule) => el("li", {}, rule))),
      el("p", { class: "quiet" }, `Score: ${answer.score_meaning}`)),
  ];
}
