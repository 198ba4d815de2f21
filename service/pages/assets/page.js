// The page's whole behavior: the widget for learners, a form for employers and its answer as cards.
// Text reaches the page through textContent alone.

const $ = (id) => document.getElementById(id);
const widget = document.querySelector("onramp-recommendations");

/** Return an element with attributes and children; strings become text. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

class Problem extends Error {
  constructor(document) {
    super(document.detail ?? "The server gave no reason.");
    this.errors = document.errors ?? [];
  }
}

const read = (path, otherwise) => fetch(path).then((answer) => answer.json()).catch(() => otherwise);

// A learner who is typed in is asked about as a page of anybody's would: with a publishable key.
const access = read("page/key.json", { key: null, demo: false });

// Who has signed in is known by a cookie that no script can read; this goes with what is asked.
const session = read("session", { csrf: null });

async function ask(path, body) {
  const { csrf } = await session;
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(csrf ? { "X-CSRF-Token": csrf } : {}) },
    body: JSON.stringify(body),
  };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem({ detail: "The server does not answer. Check that Onramp is running." });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer);
  return answer;
}

// --- small parts of cards ------------------------------------------------------------------------

const amount = (value) => new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(value);
const counted = (count, one, many) => `${amount(count)} ${count === 1 ? one : many}`;

function chips(title, skills, labels, look) {
  if (!skills.length) return null;
  return [
    el("h4", {}, title),
    el("ul", { class: `chips ${look}` }, skills.map((skill) => el("li", {}, labels[skill] ?? skill))),
  ];
}

function folded(title, skills, labels, look) {
  if (!skills.length) return null;
  return el("details", {}, el("summary", {}, `${title} (${skills.length})`), chips(title, skills, labels, look)[1]);
}

const FIELD_NAMES = {
  name: "the title", title: "the title", text: "the text", description: "the description",
  skills: "the listed skills", goal: "the goal", courses: "a course", experience: "work done",
  credentials: "a credential held", occupation: "the occupation",
};

function place(reason) {
  const field = reason.field.split(".")[0];
  return FIELD_NAMES[field] ?? field;
}

/** Return the words that show a skill; a record that names it by its id has none. */
function quoted(reason) {
  return reason.text === reason.skill ? el("span", {}, "named as such") : el("q", {}, reason.text);
}

function reasons(evidence, labels) {
  const rows = evidence.filter((reason) => reason.text);
  if (!rows.length) return null;
  const items = rows.map((reason) => el(
    "li", {},
    `${labels[reason.skill] ?? reason.skill}: `, quoted(reason), " ",
    el("span", { class: "quiet" },
      `${place(reason)}, ${reason.source}, ${Math.round(reason.confidence * 100)} % sure`),
  ));
  return el("details", {}, el("summary", {}, `Why (${counted(rows.length, "reason", "reasons")})`),
    el("ul", { class: "reasons" }, items));
}

function bridges(rows, labels) {
  if (!rows.length) return null;
  const items = rows.map((row) => el("li", {},
    `${labels[row.from] ?? row.from} counts ${Math.round(row.weight * 100)} % toward ${labels[row.to] ?? row.to}`));
  return el("details", {}, el("summary", {}, `Near skills that count in part (${rows.length})`), el("ul", {}, items));
}

function caveats(lines) {
  return lines.length ? el("ul", { class: "quiet" }, lines.map((line) => el("li", {}, line))) : null;
}

function head(rank, name, by, score, unit) {
  return [
    el("div", { class: "head" },
      el("div", {}, el("h3", {}, `${rank}. ${name}`), by ? el("p", { class: "by" }, by) : null),
      el("div", { class: "score" }, el("strong", {}, `${amount(score)} %`), el("span", {}, unit))),
    el("progress", { max: "100", value: String(score), "aria-label": `${amount(score)} % ${unit}` }),
  ];
}

// --- answers -------------------------------------------------------------------------------------

function candidateCard(item, labels) {
  const required = new Set(item.missing_required);
  const rest = item.missing.filter((skill) => !required.has(skill));
  return el("li", { class: "card" },
    head(item.rank, item.title || item.id, item.title ? item.id : "", item.score, "of the job"),
    chips("Covered", item.covered, labels, "held"),
    chips("Missing, and required", item.missing_required, labels, "open"),
    folded("Missing, not required", rest, labels, "open"),
    reasons(item.evidence, labels),
    bridges(item.bridges, labels),
    caveats(item.caveats));
}

function rules(answer) {
  const lines = answer.applied.map((rule) => el("li", {}, rule));
  return el("details", {}, el("summary", {}, "How this list was made"),
    lines.length ? el("ul", {}, lines) : null,
    el("p", { class: "quiet" }, `Score: ${answer.score_meaning}`));
}

function warnings(lines) {
  return lines.length
    ? el("div", { class: "notice" }, el("ul", {}, lines.map((line) => el("li", {}, line)))) : null;
}

function nothing(text) {
  return el("div", { class: "notice" }, el("h2", {}, "Nothing found"), el("p", {}, text));
}

function showCandidates(answer) {
  const cards = answer.items.map((item) => candidateCard(item, answer.labels));
  const near = answer.near_misses.map((item) => candidateCard(item, answer.labels));
  const asked = answer.requirements.map((each) => each.skill);
  const close = counted(answer.near_miss_count, "person comes", "people come");
  return [
    el("div", { class: "card" }, el("h2", {}, "What the job asks for"),
      el("ul", { class: "chips held" }, asked.map((skill) => el("li", {}, answer.labels[skill] ?? skill)))),
    warnings(answer.warnings),
    cards.length
      ? [el("h2", {}, counted(cards.length, "candidate", "candidates")), el("ol", {}, cards)]
      : nothing(near.length ? "Nobody has every required skill; the nearest follow."
        : answer.near_miss_count
          ? `Nobody has every required skill; ${close} close. Tick “Also show near misses” and ask again.`
          : "Nobody here covers what this job asks for. Name its skills in other words, or add learners."),
    near.length ? [el("h2", {}, "Near misses"), el("ol", {}, near)] : null,
    rules(answer),
  ];
}

function showProblem(problem) {
  const lines = problem.errors.length > 1
    ? problem.errors.map((each) => el("li", {}, `${each.pointer} ${each.detail}`)) : [];
  return el("div", { class: "notice alert", role: "alert" },
    el("h2", {}, "That did not work"), el("p", {}, problem.message),
    lines.length ? el("ul", {}, lines) : null);
}

// --- questions -----------------------------------------------------------------------------------

function employerQuestion() {
  const id = $("job-example").value;
  const title = $("job-title").value.trim();
  const text = $("job-text").value.trim();
  const near = { near_misses: $("near-misses").checked };
  if (id) return { job: { id }, ...near };
  if (!title && !text) throw new Problem({ detail: "Paste the job, or give its title." });
  const firstLine = text.split("\n", 1)[0].slice(0, 200);
  return { job: { title: title || firstLine, ...(text ? { text } : {}) }, ...near };
}

const wide = matchMedia("(min-width: 56rem)");

function announce(results, shown) {
  const cards = results.querySelectorAll("li.card").length;
  $("status").textContent = shown ? `The answer is there: ${counted(cards, "result", "results")}.` : "";
  if (!wide.matches) results.scrollIntoView({ block: "start" });
}

function answering(form, results, path, question, show) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    results.setAttribute("aria-busy", "true");
    let shown;
    let answered = false;
    try {
      shown = show(await ask(path, question()));
      answered = true;
    } catch (error) {
      shown = showProblem(error instanceof Problem ? error : new Problem({ detail: error.message }));
    }
    results.replaceChildren(...[shown].flat(2).filter(Boolean));
    results.removeAttribute("aria-busy");
    announce(results, answered);
    button.disabled = false;
  });
}

// --- examples from the store ---------------------------------------------------------------------

const shortened = (text) => (text.length > 70 ? `${text.slice(0, 69)}…` : text);
const learnerName = (learner) =>
  shortened(learner.experience?.[0]?.title ?? learner.text ?? learner.id);

async function offer(select, kind, name, fill) {
  const page = await ask(`v1/${kind}?limit=200`).catch(() => ({ items: [] }));
  select.closest(".example").hidden = !page.items.length;
  const records = new Map(page.items.map((record) => [record.id, record]));
  for (const record of page.items) {
    select.append(el("option", { value: record.id }, `${record.id}: ${name(record)}`));
  }
  select.addEventListener("change", () => fill(records.get(select.value)));
}

// A stored learner is read by whoever has signed in; one who is typed in asks as on any page.
async function setLearner(learner) {
  const { key } = await access;
  if (key && !learner) widget.setAttribute("key", key);
  else widget.removeAttribute("key");
  widget.learner = learner ? { id: learner.id } : null;
}

/** Let the widget ask as who has signed in, wherever it has no key. */
function askAsSignedIn(csrf) {
  widget.request = (path, given) => {
    const request = widget.constructor.prototype.request.call(widget, path, given);
    if (widget.hasAttribute("key")) return request;
    const asked = new Request(request, { credentials: "same-origin" });
    asked.headers.set("X-CSRF-Token", csrf);
    return asked;
  };
}

/** Say who can be answered here, where nobody has given this page a key. */
function sayWithoutKey() {
  $("own-origin").textContent = location.origin;
  $("no-key").hidden = false;
  widget.remove();
}

function fillJob(job) {
  $("job-title").value = job?.title ?? "";
  $("job-text").value = job?.text ?? "";
  $("job-title").readOnly = $("job-text").readOnly = Boolean(job);
}

// --- tabs ----------------------------------------------------------------------------------------

const tabs = [...document.querySelectorAll("[role=tab]")];

function select(tab) {
  for (const each of tabs) {
    const chosen = each === tab;
    each.setAttribute("aria-selected", String(chosen));
    each.tabIndex = chosen ? 0 : -1;
    $(each.getAttribute("aria-controls")).hidden = !chosen;
  }
  tab.focus();
}

for (const [at, tab] of tabs.entries()) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) select(tabs[(at + step + tabs.length) % tabs.length]);
  });
}

// --- start ---------------------------------------------------------------------------------------

answering($("employer-form"), $("employer-results"), "v1/matches/candidates", employerQuestion, showCandidates);
offer($("learner-example"), "learners", learnerName, setLearner);
setLearner(null);
offer($("job-example"), "jobs", (job) => shortened(job.title), fillJob);
Promise.all([session, access]).then(([{ csrf }, { key, demo }]) => {
  $("sign-in").hidden = Boolean(csrf || demo);
  $("sign-out").hidden = !csrf;
  if (csrf) askAsSignedIn(csrf);
  else if (!key && !demo) sayWithoutKey();
});
ask("v1/meta").then((meta) => {
  $("meta").textContent = `Onramp ${meta.version} · ${counted(meta.counts.credential, "credential", "credentials")}, `
    + `${counted(meta.counts.learner, "learner", "learners")}, ${counted(meta.counts.job, "job", "jobs")} · `
    + `model ${meta.model_version}`;
}).catch(() => {});
