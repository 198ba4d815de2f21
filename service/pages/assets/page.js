// The page for learners: the widget, who asks through it, and what the page is without a key.
// Text reaches the page through textContent alone.

import { $, counted, el } from "./work/dom.js";
import { ask, renewedToken, session } from "./work/ask.js";

const widget = document.querySelector("onramp-recommendations");

// A learner who is typed in is asked about as a page of anybody's would: with a publishable key.
const access = fetch("page/key.json").then((answer) => answer.json()).catch(() => ({ key: null, demo: false }));

// --- examples from the store ---------------------------------------------------------------------

const shortened = (text) => (text.length > 70 ? `${text.slice(0, 69)}…` : text);
const learnerName = (learner) =>
  shortened(learner.experience?.[0]?.title ?? learner.text ?? learner.id);

async function offerLearners() {
  const select = $("learner-example");
  const page = await ask("v1/learners?limit=200").catch(() => ({ items: [] }));
  select.closest(".example").hidden = !page.items.length;
  const records = new Map(page.items.map((record) => [record.id, record]));
  for (const record of page.items) {
    select.append(el("option", { value: record.id }, `${record.id}: ${learnerName(record)}`));
  }
  select.addEventListener("change", () => setLearner(records.get(select.value)));
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
  let token = csrf;
  widget.request = (path, given) => {
    const request = widget.constructor.prototype.request.call(widget, path, given);
    if (widget.hasAttribute("key")) return request;
    const asked = new Request(request, { credentials: "same-origin" });
    asked.headers.set("X-CSRF-Token", token);
    return asked;
  };
  const { fetch: inner } = widget;
  widget.fetch = async (request) => {
    const again = request.clone();
    const answer = await inner.call(widget, request);
    const renewed = widget.hasAttribute("key") ? null : await renewedToken(answer.status, token);
    if (!renewed) return answer;
    token = renewed;
    again.headers.set("X-CSRF-Token", token);
    return inner.call(widget, again);
  };
}

/** Say who can be answered here, where nobody has given this page a key. */
function sayWithoutKey() {
  $("own-origin").textContent = location.origin;
  $("no-key").hidden = false;
  widget.remove();
}

// --- start ---------------------------------------------------------------------------------------

offerLearners();
setLearner(null);
Promise.all([session, access]).then(([{ csrf }, { key, demo }]) => {
  $("sign-in").hidden = Boolean(csrf || demo);
  if (csrf) askAsSignedIn(csrf);
  else if (!key && !demo) sayWithoutKey();
});
// Employers are not told of how many people there are.
const NAMES = { credential: ["credential", "credentials"], learner: ["learner", "learners"], job: ["job", "jobs"] };

ask("v1/meta").then(({ version, counts, model_version: model }) => {
  const told = Object.entries(NAMES).filter(([kind]) => kind in counts).map(([kind, words]) => counted(counts[kind], ...words));
  $("meta").textContent = [`Onramp ${version}`, told.join(", "), `model ${model}`].filter(Boolean).join(" · ");
}).catch(() => {});
