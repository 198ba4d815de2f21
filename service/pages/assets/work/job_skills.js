// The skills that a job asks for, as a list that can be changed: importance, weight, gone, added.

import { $, announce, el } from "./dom.js";
import { ask } from "./ask.js";

const WEIGHTS = [["1", "counts in full"], ["0.75", "three quarters"], ["0.5", "half"], ["0.25", "a quarter"]];
const IMPORTANCES = [["preferred", "Preferred"], ["required", "Required"]];
const SUGGESTED = 8;
const WAIT_MS = 150;

export class JobSkills {
  #rows = new Map();

  #names = new Map();

  #timer = null;

  constructor() {
    $("new-skill").addEventListener("input", () => this.#suggestSoon());
    $("new-skill").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#addTyped();
    });
    $("add-skill").addEventListener("click", () => this.#addTyped());
  }

  get size() {
    return this.#rows.size;
  }

  /** Begin anew with what was read from an ad, or stands in a job. */
  fill(skills) {
    this.#rows.clear();
    $("skill-list").replaceChildren();
    for (const skill of skills) this.#add(skill);
  }

  /** Return the skills as a question has them. */
  asked() {
    return [...this.#rows.values()].map(({ skill, importance, weight }) => ({
      ...(skill.id ? { id: skill.id } : { name: skill.label }),
      importance: importance.value,
      weight: Number(weight.value),
    }));
  }

  #add(skill) {
    const key = skill.id ?? skill.label.toLowerCase();
    if (this.#rows.has(key)) return false;
    const number = `skill-${this.#rows.size}-${Date.now()}`;
    const name = el("span", { id: number, class: "label" }, skill.label);
    const importance = select(IMPORTANCES, skill.importance ?? "preferred", `Importance of ${skill.label}`);
    const weight = select(WEIGHTS, String(skill.weight ?? 1), `Weight of ${skill.label}`);
    const remove = el("button", { type: "button", class: "plain", "aria-label": `Remove ${skill.label}` }, "Remove");
    const row = el("li", {}, el("div", { class: "what" }, name, said(skill)), el("div", { class: "how" }, importance, weight, remove));
    importance.addEventListener("change", () => row.classList.toggle("required", importance.value === "required"));
    row.classList.toggle("required", importance.value === "required");
    remove.addEventListener("click", () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      this.#rows.delete(key);
      row.remove();
      announce(`${skill.label} is gone.`);
      (next?.querySelector("button") ?? $("new-skill")).focus();
    });
    this.#rows.set(key, { skill, importance, weight });
    $("skill-list").append(row);
    return true;
  }

  #addTyped() {
    const typed = $("new-skill").value.trim();
    if (!typed) return;
    const id = this.#names.get(typed.toLowerCase());
    const isNew = this.#add({ id, label: typed, isAdded: true });
    announce(isNew ? `${typed} was added.` : `${typed} is there already.`);
    $("new-skill").value = "";
    $("new-skill").focus();
  }

  #suggestSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#suggest(), WAIT_MS);
  }

  async #suggest() {
    const typed = $("new-skill").value.trim();
    if (!typed || this.#names.has(typed.toLowerCase())) return;
    const query = new URLSearchParams({ q: typed, kind: "skill", limit: SUGGESTED });
    // Without suggestions a name can be added all the same.
    const { items } = await ask(`v1/suggestions?${query}`).catch(() => ({ items: [] }));
    for (const item of items) this.#names.set(item.label.toLowerCase(), item.id);
    $("skill-names").replaceChildren(...items.map((item) => el("option", { value: item.label })));
  }
}

function select(options, chosen, label) {
  return el("select", { "aria-label": label },
    options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
}

function said(skill) {
  if (skill.isAdded) return el("span", { class: "quiet" }, "added by you");
  if (!skill.text) return el("span", { class: "quiet" }, "stated by the job");
  const words = skill.text.length > 110 ? `${skill.text.slice(0, 109)}…` : skill.text;
  const how = skill.method === "vector" ? "read from " : "named: ";
  return el("span", { class: "quiet" }, how, el("q", {}, words), ` (${Math.round(skill.confidence * 100)} % sure)`);
}
