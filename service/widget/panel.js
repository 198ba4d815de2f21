// The form, and what comes of it beside it.

import { Problem, ask } from "./api.js";
import { card, fillDetails, goalCard, saidByApi } from "./card.js";
import { MOST, comparison } from "./compare.js";
import { el, folded, told } from "./dom.js";
import { Form } from "./form.js";
import { questionOf } from "./question.js";
import { notice, problemNotice, skeleton } from "./states.js";

const SUGGESTIONS = 8;
const EXTRACTED = 12;
const LEAST_CONFIDENCE = 0.5;
const FIELDS = { cost: "cost", "duration.weeks": "length", "duration.hours_per_week": "effort", delivery: "delivery" };

export class Panel {
  constructor(given) {
    this.given = given;
    this.control = new AbortController();
    this.ticked = [];
    const { element, options, words, held } = given;
    this.level = options["heading-level"];
    this.host = new URL(options.src).host;
    this.status = el("p", { class: "unseen", role: "status", "aria-live": "polite" });
    this.form = new Form({
      held, words, level: this.level - 1, host: this.host,
      hasLearner: Boolean(element.learner),
      suggest: (kind, typed, signal) => this.#suggest(kind, typed, signal),
      extract: (text) => this.#extract(text),
      announce: (text) => this.#announce(text),
      onAsk: () => this.ask({ byHand: true }),
    });
    this.compared = el("div");
    this.results = el("div", { class: "results", part: "results" },
      notice(words.say("start"), this.level, el("p", {}, words.say("startHint"))));
    this.element = el("div", { class: "panel" }, this.form.element, el("div", { class: "side" }, this.compared, this.results), this.status);
  }

  stop() {
    this.control.abort();
    this.form.stop();
    this.problem?.stop();
  }

  /** `byHand`: a person asked, whose focus goes to the answer. */
  async ask({ byHand = false } = {}) {
    const { element, options, words, held, emit } = this.given;
    this.control.abort();
    this.control = new AbortController();
    const { signal } = this.control;
    this.#replace(skeleton(options.limit, words));
    this.results.setAttribute("aria-busy", "true");
    this.#announce(words.say("loading"));
    try {
      const body = questionOf(held, options, element.learner);
      const answer = await ask(element, "v1/recommendations/credentials", { body, signal });
      const title = this.#show(answer);
      if (byHand) title.focus();
      emit("results", {
        recommendation_id: answer.recommendation_id, qualifying: answer.qualifying,
        items: answer.items.map(({ id, name, rank, score }) => ({ id, name, rank, score })),
      });
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(error);
    }
    this.results.removeAttribute("aria-busy");
  }

  #announce(text) {
    this.status.textContent = text;
  }

  #replace(...children) {
    this.problem?.stop();
    this.problem = null;
    this.ticked = [];
    this.compared.replaceChildren();
    this.results.replaceChildren(...children.flat(2).filter(Boolean));
  }

  #fail(error) {
    if (!(error instanceof Problem)) throw error;
    const { words, emit } = this.given;
    const problem = problemNotice(error, { words, level: this.level, host: this.host, onRetry: () => this.ask({ byHand: true }) });
    this.#replace(problem.element);
    this.problem = problem;
    this.#announce(words.say(error.text, { host: this.host }));
    const { status, detail, errors } = error;
    emit("error", { status, detail, errors });
  }

  #show(answer) {
    const { words, held } = this.given;
    if (held.goal.startsWith("onet:")) this.form.nameGoal(answer.gap.described_as);
    this.answer = answer;
    this.cards = answer.items.map((item) => card(item, answer, {
      words, level: this.level,
      onSelect: (...what) => this.#select(...what),
      onTick: (ticked, isTicked) => this.#tick(ticked, isTicked),
      onCompare: (button) => this.#compare(button),
    }));
    const count = words.say("results", { n: answer.items.length });
    const title = el(`h${this.level - 1}`, { tabindex: "-1", part: "results-title" }, answer.items.length ? count : words.say("noneTitle"));
    this.hint = el("p", { class: "quiet" }, words.say("compareHint"));
    this.#replace(
      title,
      goalCard(answer, words, this.level),
      this.#remarks(answer),
      this.cards.length > 1 ? this.hint : null,
      answer.items.some(({ score }, at, all) => score > all[at - 1]?.score) ? el("p", { class: "quiet" }, words.say("order")) : null,
      this.cards.length ? el("ol", { class: "cards", part: "list" }, this.cards.map((each) => each.element)) : null,
      this.#unknowns(answer),
      folded(words.say("how"), () => saidByApi([...answer.applied, answer.score_meaning])));
    this.#announce(answer.items.length ? count : words.say("noneTitle"));
    return title;
  }

  #remarks({ items, warnings, qualifying }) {
    const advice = items.length ? null : el("p", {}, this.given.words.say(qualifying ? "noneGoal" : "noneLimits"));
    return advice || warnings.length ? el("div", { class: "card" }, advice, saidByApi(warnings)) : null;
  }

  #unknowns(answer) {
    const { words } = this.given;
    if (!answer.unknown_constraints.length) return null;
    return notice(words.say("unknown"), this.level, el("p", {}, words.say("unknownHint")),
      el("ul", {}, answer.unknown_constraints.map((each) => el("li", {},
        told(words.say("unstated", { name: each.name, fields: each.missing.map((field) => (FIELDS[field] ? words.say(FIELDS[field]) : field)).join(", ") }))))));
  }

  async #select(item, button, place) {
    const { element, words, emit } = this.given;
    const isOpen = button.getAttribute("aria-expanded") === "true";
    const { id, name, rank } = item;
    const goesOn = isOpen || emit("select", { id, name, rank, recommendation_id: this.answer.recommendation_id });
    if (!goesOn) return;
    button.setAttribute("aria-expanded", String(!isOpen));
    place.hidden = isOpen;
    if (isOpen || place.dataset.filled) return;
    place.replaceChildren(el("p", { class: "quiet" }, words.say("loading")));
    try {
      const record = await ask(element, `v1/credentials/${encodeURIComponent(id)}`, { signal: this.control.signal });
      fillDetails(place, record, words);
      place.dataset.filled = "yes";
    } catch (error) {
      if (this.control.signal.aborted) return;
      place.replaceChildren(el("p", { class: "error" }, words.say(error.text, { host: this.host })));
    }
    this.#announce(place.textContent);
  }

  #tick(item, isTicked) {
    const { words } = this.given;
    this.ticked = isTicked ? [...this.ticked, item] : this.ticked.filter((each) => each !== item);
    const count = this.ticked.length;
    for (const each of this.cards) {
      each.tick.disabled = count === MOST && !each.tick.checked;
      each.compare.hidden = count < 2 || !each.tick.checked;
      each.compare.textContent = words.say("compareNow", { n: count });
    }
    this.hint.textContent = words.say(count === MOST ? "compareFull" : "compareHint");
    this.#announce(count === MOST ? this.hint.textContent : "");
  }

  #compare(button) {
    const { words } = this.given;
    const items = this.cards.map((each) => each.item).filter((item) => this.ticked.includes(item));
    const onClose = () => {
      this.compared.replaceChildren();
      button.focus();
    };
    const shown = comparison(items, this.answer, { words, level: this.level, onClose });
    this.compared.replaceChildren(shown.element);
    shown.title.focus();
  }

  async #suggest(kind, typed, signal) {
    const query = new URLSearchParams({ q: typed, kind, limit: SUGGESTIONS });
    return (await ask(this.given.element, `v1/suggestions?${query}`, { signal })).items;
  }

  async #extract(text) {
    const body = { text, limit: EXTRACTED };
    const { skills } = await ask(this.given.element, "v1/skills/extract", { body, signal: this.control.signal });
    return skills.filter((each) => each.confidence >= LEAST_CONFIDENCE);
  }
}
