// One credential: what it adds, what it asks for, and why.

import { bar, el, folded, told, unseen, webLink } from "./dom.js";
import { scoreBadge, scoreParts } from "./score.js";

// What the API says, and what skills are called.
const API_LANG = "en";

function chips(title, skills, labels, look) {
  return el("ul", { class: `chips ${look}`, "aria-label": title },
    skills.map((skill) => el("li", { part: `chip ${look}` }, told(labels[skill] ?? skill, API_LANG))));
}

function skillList(title, skills, labels, look) {
  return skills.length ? [el("p", { class: "label" }, title), chips(title, skills, labels, look)] : null;
}

function foldedSkills(title, skills, labels, look) {
  return skills.length ? folded(`${title} (${skills.length})`, () => chips(title, skills, labels, look)) : null;
}

export function saidByApi(lines) {
  return lines.length ? el("ul", { class: "quiet" }, lines.map((line) => el("li", {}, told(line, API_LANG)))) : null;
}

function factsOf(item, words) {
  return [words.money(item.cost), words.weeks(item.duration), words.effort(item.duration), words.credit(item.credit)];
}

function reasons(item, { labels }, words) {
  const shown = item.evidence.filter((reason) => reason.text);
  const { bridges } = item.skills;
  const count = shown.length + bridges.length;
  const row = (reason) => el("li", {},
    told(labels[reason.skill] ?? reason.skill, API_LANG), ": ",
    reason.method === "vector" ? el("q", {}, told(reason.text)) : words.say("named"),
    el("span", { class: "quiet" }, ` (${words.say("sure", { share: words.share(reason.confidence) })})`));
  const bridge = ({ from, to, weight }) => el("li", {}, words.say("bridge", {
    from: labels[from] ?? from, to: labels[to] ?? to, share: words.share(weight),
  }));
  return count ? folded(words.say("why", { n: count }), () => el("ul", {}, shown.map(row), bridges.map(bridge))) : null;
}

function needs(ids, labels, words) {
  return ids.length ? el("p", {}, words.say("first", { names: ids.map((id) => labels[id] ?? id).join(", ") })) : null;
}

export function card(item, answer, shown) {
  const { words, level } = shown;
  const title = `title-${item.rank}`;
  const first = item.missing_prerequisites;
  const details = el("div", { class: "more", id: `more-${item.rank}`, hidden: true });
  const select = el("button", {
    type: "button", part: "button", "aria-expanded": "false", "aria-controls": details.id, "aria-describedby": title,
    onclick: () => shown.onSelect(item, select, details),
  }, words.say("details"));
  const tick = el("input", { type: "checkbox", "aria-describedby": title, onchange: () => shown.onTick(item, tick.checked) });
  const compare = el("button", { type: "button", part: "button", class: "compare", hidden: true, onclick: () => shown.onCompare(compare) });
  const made = el("li", { class: "card", part: "card" },
    el("div", { class: "head" },
      el("div", {},
        el(`h${level}`, { id: title, part: "card-title" }, told(item.name)),
        el("p", { class: "quiet", part: "provider" }, told(item.provider.name))),
      scoreBadge(item, words)),
    el("ul", { class: "facts", part: "facts" }, factsOf(item, words).map((fact) => el("li", {}, fact))),
    el("p", {}, words.say("adds", { share: words.share(item.marginal_gain) })),
    skillList(words.say("gain"), item.skills.added, answer.labels, "added"),
    skillList(words.say("held"), item.skills.held, answer.labels, "held"),
    needs(first, answer.labels, words),
    // The API says by ids what was just said.
    saidByApi(item.caveats.filter((line) => line !== `asks for ${first.join(", ")} first`)),
    foldedSkills(words.say("open"), item.skills.open, answer.labels, "open"),
    reasons(item, answer, words),
    scoreParts(item, answer.weights, words),
    el("div", { class: "actions" }, select, el("label", { class: "check" }, tick, words.say("compare"), unseen(": ", told(item.name))), compare),
    details);
  return { element: made, item, tick, compare };
}

export function fillDetails(place, record, words) {
  const link = webLink(record.url, words.say("visit"), unseen(" ", words.say("newTab")));
  place.replaceChildren(...[
    record.description ? el("p", { class: "description" }, told(record.description)) : null,
    link ? el("p", {}, link) : null,
  ].filter(Boolean));
  if (!place.childElementCount) place.append(el("p", { class: "quiet" }, words.say("noneTitle")));
}

export function goalCard(answer, words, level) {
  const { gap, labels } = answer;
  return el("div", { class: "card", part: "goal" },
    el(`h${level}`, {}, told(gap.described_as, API_LANG)),
    el("p", {}, gap.inferred ? `${words.say("inferred")} ` : "", words.say("covered", { share: words.share(gap.coverage) })),
    bar(gap.coverage),
    foldedSkills(words.say("have"), gap.held, labels, "held"),
    foldedSkills(words.say("missing"), gap.open, labels, "open"));
}
