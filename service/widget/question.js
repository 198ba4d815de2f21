// What the form holds, and the question that it makes.

const OCCUPATION = /^onet:\d{2}-\d{4}\.\d{2}$/;
const BOUNDS = { budget: [0, 1_000_000], weeks: [1, 520], hours: [1, 80] };

export function emptyForm(goal = "") {
  return {
    goal, occupation: null, skills: [], text: "",
    budget: "", currency: "USD", weeks: "", hours: "", online: false,
  };
}

function goalOf(form, mode) {
  const text = form.goal.trim();
  const occupation = form.occupation ?? (OCCUPATION.test(text) ? text : null);
  if (!text && !occupation) return null;
  return { ...(occupation ? { occupation } : { text }), ...(mode ? { mode } : {}) };
}

function filterOf(form) {
  const all = [];
  if (form.budget !== "") all.push({ field: "cost", lte: { amount: Number(form.budget), currency: form.currency } });
  if (form.weeks !== "") all.push({ field: "duration.weeks", lte: Number(form.weeks) });
  if (form.hours !== "") all.push({ field: "duration.hours_per_week", lte: Number(form.hours) });
  if (form.online) all.push({ field: "delivery", eq: "online" });
  return all.length ? { filter: { all } } : {};
}

export function faultsOf(form, learner) {
  const faults = {};
  for (const [name, [min, max]] of Object.entries(BOUNDS)) {
    const number = Number(form[name]);
    if (form[name] !== "" && !(number >= min && number <= max)) faults[name] = ["notANumber", { min, max }];
  }
  if (!learner && !form.goal.trim() && !form.skills.length) faults.goal = ["needOne"];
  return faults;
}

/** `learner` stands in for what was typed. */
export function questionOf(form, { limit, mode }, learner) {
  const goal = goalOf(form, mode);
  const skills = form.skills.map(({ id, label }) => (id ? { id } : { name: label }));
  const typed = skills.length ? { skills } : { goal };
  return { learner: learner ?? typed, ...(goal ? { goal } : {}), ...filterOf(form), limit };
}
