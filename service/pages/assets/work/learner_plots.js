// On the page for learners: the gap before and after a credential, and a pathway over its weeks.

import { $, announce, el } from "./dom.js";
import { Problem, ask, session, working } from "./ask.js";
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
});

widget.addEventListener("onramp-select", ({ detail }) => {
  $("picture-of").value = detail.id;
});

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

$("gap-form").addEventListener("submit", (event) => {
  event.preventDefault();
  working(event.target.querySelector("button"), $("gap-picture"), async () => {
    show($("gap-picture"), await askAsWidget("page/plots/gap", { learner: await learner(), credential: $("picture-of").value }));
  });
});

$("pathway-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const weeks = Number($("pathway-weeks").value);
  const hours = Number($("pathway-hours").value);
  working(event.target.querySelector("button"), $("pathway-picture"), async () => {
    show($("pathway-picture"), await ask("page/plots/pathway", {
      learner: await learner(), ...(weeks ? { weeks } : {}), ...(hours ? { hours_per_week: hours } : {}),
    }));
  });
});

// A pathway is for who has signed in, and for the demo.
Promise.all([session, fetch("page/key.json").then((answer) => answer.json())]).then(([{ csrf }, { demo }]) => {
  $("pathway-form").hidden = !csrf && !demo;
});
