// The employers' page: an ad, its skills, who fits.

import { $, announce, counted, el } from "./dom.js";
import { Problem, ask, onSubmit, session } from "./ask.js";
import { candidateCards, poolOf } from "./candidates.js";
import { askedContacts } from "./contacts.js";
import { place } from "./figure.js";
import { JobSkills } from "./job_skills.js";
import { save, toCsv } from "./table_file.js";

const READ = 40;
const SHOWN = 25;
// Below this a skill is rather a guess; it can be added by hand.
const LEAST_CONFIDENCE = 0.45;
const MOST_READ = 20;

const skills = new JobSkills();
const jobs = new Map();

async function readSkills() {
  const job = jobs.get($("job-example").value);
  const text = $("ad-text").value;
  const stated = (job?.skills ?? []).map((each) => ({ ...each, label: each.name ?? each.id }));
  const { skills: read } = await ask("v1/skills/extract", { text, limit: READ });
  const sure = read.filter((each) => each.confidence >= LEAST_CONFIDENCE).slice(0, MOST_READ);
  const known = new Set(stated.map((each) => each.label.toLowerCase()));
  const found = sure.map((each) => ({ ...each, id: each.skill })).filter((each) => !known.has(each.label.toLowerCase()));
  skills.fill([...stated, ...found]);
  $("skills").hidden = false;
  $("found").hidden = true;
  announce(`${counted(skills.size, "skill was", "skills were")} found.`);
  $("skills-title").focus();
}

async function findCandidates() {
  if (!skills.size) throw new Problem({ detail: "Add a skill first: nothing is asked for yet." });
  const answer = await ask("v1/matches/candidates", {
    job: { skills: skills.asked() }, limit: SHOWN, near_misses: true, one_credential_away: true,
  });
  const asked = await askedContacts();
  const plot = el("div");
  const download = el("button", { type: "button", class: "plain", onclick: () => save("candidates.csv", toCsv(rowsOf(answer)), "text/csv") },
    "Download as CSV");
  const any = answer.items.length + answer.near_misses.length;
  $("results").replaceChildren(...[any ? el("p", {}, download) : null, plot, candidateCards(answer, { limit: SHOWN, asked })].flat(2).filter(Boolean));
  $("found").hidden = false;
  announce(`${counted(answer.items.length, "candidate", "candidates")}, ${counted(answer.near_misses.length, "near miss", "near misses")}.`);
  $("found-title").focus();
  if (any) await place(plot, "page/plots/pool", poolOf(answer));
}

const HEADS = [
  "list", "rank", "id", "title", "score", "fit_forward", "fit_reverse", "fit_overall", "covered", "missing", "missing_required",
  "bridges", "one_credential_away", "one_credential_away_name", "caveats",
];

function rowsOf(answer) {
  const named = (ids) => ids.map((id) => answer.labels[id] ?? id).join("; ");
  const row = (list) => (item) => [
    list, item.rank, item.id, item.title, item.score, item.fit.forward, item.fit.reverse, item.fit.overall,
    named(item.covered), named(item.missing), named(item.missing_required),
    item.bridges.map((each) => `${answer.labels[each.from] ?? each.from} > ${answer.labels[each.to] ?? each.to} ${each.weight}`).join("; "),
    item.one_credential_away?.credential ?? "", item.one_credential_away?.name ?? "", item.caveats.join("; "),
  ];
  return [HEADS, ...answer.items.map(row("candidate")), ...answer.near_misses.map(row("near miss"))];
}

const shortened = (text) => (text.length > 70 ? `${text.slice(0, 69)}…` : text);

async function offerJobs() {
  // Who may not read jobs pastes one.
  const page = await ask("v1/jobs?limit=200").catch(() => ({ items: [] }));
  $("example").hidden = !page.items.length;
  for (const job of page.items) {
    jobs.set(job.id, job);
    $("job-example").append(el("option", { value: job.id }, `${job.id}: ${shortened(job.title)}`));
  }
}

$("job-example").addEventListener("change", () => {
  const job = jobs.get($("job-example").value);
  $("ad-text").value = job ? [job.title, job.text].filter(Boolean).join("\n\n") : "";
});

/** Say for whom it is asked: an employer sees who agreed to that, the institution everybody. */
async function sayForWhom() {
  const { csrf, party } = await session;
  $("for-whom").hidden = !csrf;
  $("for-whom").replaceChildren(...(party
    ? ["You ask for ", el("strong", {}, party), ". Only people who agreed to be seen by it are listed; names are shown once a person agrees."]
    : ["You ask for the institution itself, and see everybody in its records. An employer signs in with a key of its own."]));
}

onSubmit("ad", "ad-problem", readSkills);
onSubmit("ask", "ask-problem", findCandidates);
offerJobs();
sayForWhom();
