// On the page for learners: the gap before and after a credential, and a pathway over its weeks.

import { $, announce, el } from "./dom.js";
import { Problem, ask, onSubmit, session } from "./ask.js";
import { figure } from "./figure.js";

const PATH = "v1/recommendations/credentials";
const widget = document.querySelector("onramp-recommendations");
const inner = widget.fetch;
let asked = null;

// The widget tells its results in an event, and what was asked for nobody but its server.
widget.fetch = async (request) => {
  if (new URL(request.url).pathname.endsWith(PATH)) asked = await request.clone().json();
  return inner.call(widget, request);
};

widget.addEventListener("onramp-results", ({ detail }) => {
  $("pictures").hidden = !detail.items.length;
  $("picture-of").replaceChildren(...detail.items.map((item) => el("option", { value: item.id }, `${item.rank}. ${item.name}`)));
  $("gap-picture").replaceChildren();
  $("pathway-picture").replaceChildren();
  takeLimits();
});

widget.addEventListener("onramp-select", ({ detail }) => {
  $("picture-of").value = detail.id;
});

const WHOLE = { cost: "budget", "duration.weeks": "weeks", "duration.hours_per_week": "hours" };
const conditions = () => asked?.filter?.all ?? [];
const delivery = () => conditions().find(({ field }) => field === "delivery")?.eq;

/** Take the limits of the list over, as those of a whole pathway. */
function takeLimits() {
  for (const name of Object.values(WHOLE)) $(`pathway-${name}`).value = "";
  for (const { field, lte } of conditions()) {
    if (field in WHOLE) $(`pathway-${WHOLE[field]}`).value = lte?.amount ?? lte;
    if (field === "cost") $("pathway-currency").value = lte.currency;
  }
  $("pathway-limits").textContent = `The limits of the list above were taken over${delivery() ? `: each credential is ${delivery()}` : ""}.`;
  $("pathway-limits").hidden = !conditions().length;
}

function pathwayLimits() {
  const [budget, weeks, hours] = ["budget", "weeks", "hours"].map((name) => $(`pathway-${name}`).value);
  return {
    // What the whole keeps to, each credential in it keeps to as well.
    ...(asked.filter ? { each: delivery() ? { delivery: delivery() } : {} } : {}),
    ...(budget ? { budget: { amount: Number(budget), currency: $("pathway-currency").value } } : {}),
    ...(weeks ? { weeks: Number(weeks) } : {}),
    ...(hours ? { hours_per_week: Number(hours) } : {}),
  };
}

/** Return who asks, with the goal in the record; it goes into a body and never into an address. */
async function learner() {
  const { learner: given, goal } = asked;
  const wish = typeof goal === "string" ? { text: goal } : goal;
  if (!wish) return given;
  const isStored = Object.keys(given).join() === "id";
  const whole = isStored ? await ask(`v1/learners/${encodeURIComponent(given.id)}`) : given;
  return { ...whole, goal: wish };
}

/** Ask as the widget does: with the page's key, or as who has signed in. */
async function askAsWidget(path, body) {
  const answer = await widget.fetch(widget.request(path, { body }));
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem({ ...told, status: answer.status });
  return told;
}

function show(place, plot) {
  place.replaceChildren(figure(plot));
  announce(plot.says);
}

onSubmit("gap-form", "gap-picture", async () => {
  show($("gap-picture"), await askAsWidget("page/plots/gap", { learner: await learner(), credential: $("picture-of").value }));
});

onSubmit("pathway-form", "pathway-picture", async () => {
  show($("pathway-picture"), await ask("page/plots/pathway", { learner: await learner(), ...pathwayLimits() }));
});

// A pathway is for who has signed in, and for the demo.
Promise.all([session, fetch("page/key.json").then((answer) => answer.json())]).then(([{ csrf }, { demo }]) => {
  $("pathway-form").hidden = !csrf && !demo;
});
