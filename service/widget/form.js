// What the form holds outlives it.

import { Combobox } from "./combobox.js";
import { el, folded, told, unseen } from "./dom.js";
import { faultsOf } from "./question.js";

const CURRENCIES = ["USD", "EUR", "GBP", "CAD", "MXN"];

export class Form {
  constructor(given) {
    this.given = given;
    this.held = given.held;
    this.errors = {};
    const { words, level, host, hasLearner } = given;
    this.submit = el("button", { type: "submit", class: "primary", part: "submit" }, words.say("submit"));
    this.element = el("form", { class: "card", part: "form", novalidate: true, onsubmit: (event) => this.#asked(event) },
      el(`h${level}`, { part: "title" }, words.say("title")),
      this.#goal(),
      hasLearner ? null : [this.#skills(), this.#ownWords()],
      this.#limits(),
      this.submit,
      el("p", { class: "hint", part: "privacy" }, words.say("privacy", { host })));
  }

  nameGoal(title) {
    this.goal.input.value = title;
  }

  #field(name, label, input, hint) {
    this.errors[name] = el("p", { class: "error", id: `${name}-error`, hidden: true });
    return el("div", { class: "field" }, el("label", { for: name }, label),
      hint ? el("p", { class: "hint", id: `${name}-hint` }, hint) : null, input, this.errors[name]);
  }

  #goal() {
    const { words, suggest, announce } = this.given;
    this.goal = new Combobox({
      id: "goal", value: this.held.goal, words, announce, label: words.say("goal"), describedBy: "goal-hint goal-error",
      suggest: (typed, signal) => suggest("occupation", typed, signal),
      onInput: (typed) => Object.assign(this.held, { goal: typed, occupation: null }),
      onPick: ({ id, label }) => {
        Object.assign(this.held, { goal: label, occupation: id });
        this.goal.input.value = label;
      },
    });
    return this.#field("goal", words.say("goal"), this.goal.element, words.say("goalHint"));
  }

  #skills() {
    const { words, suggest, announce } = this.given;
    this.skill = new Combobox({
      id: "skills", words, announce, label: words.say("skills"), describedBy: "skills-hint skills-error",
      suggest: (typed, signal) => suggest("skill", typed, signal),
      onPick: (item) => this.#add([item]),
      onEnter: (typed) => typed !== "" && this.#add([{ label: typed }]),
    });
    this.chips = el("ul", { class: "chips held removable", "aria-label": words.say("have"), hidden: true });
    this.#showChips();
    const add = el("button", { type: "button", part: "button", onclick: () => this.#addTyped() }, words.say("add"));
    const row = el("div", { class: "beside" }, this.skill.element, add);
    return this.#field("skills", words.say("skills"), [row, this.chips], words.say("skillsHint"));
  }

  #addTyped() {
    const typed = this.skill.input.value.trim();
    if (typed) this.#add([{ label: typed }]);
    this.skill.input.focus();
  }

  #add(items) {
    const { words, announce } = this.given;
    const has = ({ label }) => this.held.skills.some((each) => each.label.toLowerCase() === label.toLowerCase());
    for (const { id, label } of items) if (!has({ label })) this.held.skills.push({ id, label });
    this.skill.input.value = "";
    this.#showChips();
    if (items.length === 1) announce(words.say("added", { name: items[0].label }));
    return true;
  }

  #remove(skill) {
    const { words, announce } = this.given;
    const at = this.held.skills.indexOf(skill);
    this.held.skills.splice(at, 1);
    this.#showChips();
    announce(words.say("removed", { name: skill.label }));
    const next = this.chips.querySelectorAll("button")[Math.min(at, this.held.skills.length - 1)];
    (next ?? this.skill.input).focus();
  }

  #showChips() {
    const { words } = this.given;
    this.chips.hidden = !this.held.skills.length;
    this.chips.replaceChildren(...this.held.skills.map((skill) => el("li", {}, told(skill.label),
      el("button", { type: "button", "aria-label": words.say("remove", { name: skill.label }), onclick: () => this.#remove(skill) }, "×"))));
  }

  #ownWords() {
    const { words } = this.given;
    const text = el("textarea", { id: "text", rows: "4", maxlength: "20000", part: "input", "aria-describedby": "text-error", oninput: () => { this.held.text = text.value; } });
    text.value = this.held.text;
    const extract = el("button", { type: "button", part: "button", onclick: () => this.#extract(text, extract) }, words.say("extract"));
    const field = this.#field("text", unseen(words.say("text")), [text, extract]);
    return folded(words.say("text"), field);
  }

  async #extract(text, button) {
    const { words, extract, announce } = this.given;
    const say = (said) => {
      this.#fault("text", said);
      announce(said);
    };
    if (!text.value.trim()) {
      text.focus();
      return;
    }
    button.disabled = true;
    try {
      const skills = await extract(text.value);
      this.#add(skills.map(({ skill, label }) => ({ id: skill, label })));
      say(skills.length ? words.say("extracted", { n: skills.length }) : words.say("extractedNone"));
    } catch (error) {
      if (error.text) say(words.say(error.text, { host: this.given.host }));
    } finally {
      button.disabled = false;
    }
  }

  #limits() {
    const { words } = this.given;
    const number = (name) => {
      const input = el("input", { id: name, type: "number", min: "0", step: "any", inputmode: "decimal", part: "input", "aria-describedby": `${name}-error`, oninput: () => { this.held[name] = input.validity.badInput ? "?" : input.value; } });
      input.value = this.held[name];
      return input;
    };
    const currency = el("select", { id: "currency", part: "input", onchange: () => { this.held.currency = currency.value; } },
      CURRENCIES.map((each) => el("option", { selected: each === this.held.currency }, each)));
    const online = el("input", { type: "checkbox", checked: this.held.online, onchange: () => { this.held.online = online.checked; } });
    return folded(words.say("limits"),
      el("div", { class: "grid" },
        this.#field("budget", words.say("budget"), number("budget")),
        this.#field("currency", words.say("currency"), currency),
        this.#field("weeks", words.say("weeksMost"), number("weeks")),
        this.#field("hours", words.say("hoursMost"), number("hours"))),
      el("label", { class: "check" }, online, words.say("online")));
  }

  #fault(name, text) {
    this.errors[name].textContent = text;
    this.errors[name].hidden = !text;
  }

  #hasFaults() {
    const faults = faultsOf(this.held, this.given.hasLearner);
    let first = null;
    for (const name of ["goal", "budget", "weeks", "hours"]) {
      const input = this.element.querySelector(`#${name}`);
      this.#fault(name, faults[name] ? this.given.words.say(...faults[name]) : "");
      if (faults[name]) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      if (faults[name]) first ??= input;
    }
    const folds = first?.closest("details");
    if (folds) folds.open = true;
    first?.focus();
    return first !== null;
  }

  #asked(event) {
    event.preventDefault();
    const typed = this.skill?.input.value.trim();
    if (typed) this.#add([{ label: typed }]);
    if (!this.#hasFaults()) this.given.onAsk();
  }

  stop() {
    this.goal.stop();
    this.skill?.stop();
  }
}
