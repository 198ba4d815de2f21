// A field with suggestions, by the combobox pattern of ARIA.

import { el, told } from "./dom.js";

const WAIT_MS = 150;
const LEAST = 2;

export class Combobox {
  constructor(field) {
    this.field = field;
    this.items = [];
    this.active = -1;
    this.list = el("ul", { id: `${field.id}-list`, role: "listbox", class: "options", part: "suggestions", "aria-label": field.label });
    this.input = el("input", {
      id: field.id, type: "text", role: "combobox", autocomplete: "off", part: "input", maxlength: "1000",
      "aria-autocomplete": "list", "aria-controls": `${field.id}-list`,
      "aria-describedby": field.describedBy,
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onblur: () => this.close(),
    });
    this.input.value = field.value ?? "";
    this.note = el("p", { class: "hint", hidden: true }, field.words.say("suggestedFailed"));
    this.element = el("div", { class: "combobox" }, this.input, this.list, this.note);
    this.#show([]);
  }

  close() {
    this.stop();
    this.#show([]);
  }

  stop() {
    clearTimeout(this.timer);
    this.control?.abort();
  }

  #typed() {
    this.field.onInput?.(this.input.value);
    this.#suggest(WAIT_MS);
  }

  #suggest(wait) {
    this.stop();
    const typed = this.input.value.trim();
    if (typed.length < LEAST) this.#show([]);
    else this.timer = setTimeout(() => this.#ask(typed), wait);
  }

  async #ask(typed) {
    const { suggest, announce, words } = this.field;
    this.control = new AbortController();
    const { signal } = this.control;
    try {
      const items = await suggest(typed, signal);
      if (signal.aborted) return;
      this.#show(items);
      this.note.hidden = true;
      announce(items.length ? words.say("suggested", { n: items.length }) : "");
    } catch {
      if (signal.aborted) return;
      this.#show([]);
      this.note.hidden = false;
      announce(this.note.textContent);
    }
  }

  #show(items) {
    this.items = items;
    this.list.replaceChildren(...items.map((item, at) => this.#option(item, at)));
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.#activate(-1);
  }

  #option(item, at) {
    return el("li", {
      id: `${this.field.id}-${at}`, role: "option", "aria-selected": "false",
      // Else the field loses the focus and the list closes.
      onmousedown: (event) => event.preventDefault(),
      onclick: () => this.#pick(at),
    }, told(item.label), item.matched ? el("span", { class: "quiet" }, " (", told(item.matched), ")") : null);
  }

  #activate(at) {
    this.active = at;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === at));
      if (place === at) option.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.field.id}-${at}`);
  }

  #pick(at) {
    const item = this.items[at];
    this.close();
    this.field.onPick(item);
  }

  #key(event) {
    if (event.isComposing) return;
    const count = this.items.length;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!count) this.#suggest(0);
      else if (key === "ArrowUp" && event.altKey) this.close();
      // One place more than options: the field itself.
      else this.#activate(((this.active + 1 + (key === "ArrowDown" ? 1 : count)) % (count + 1)) - 1);
    } else if (key === "Escape" && count) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (key === "Enter") {
      if (this.active >= 0) {
        event.preventDefault();
        this.#pick(this.active);
      } else if (this.field.onEnter?.(this.input.value.trim())) {
        event.preventDefault();
        this.close();
      }
    }
  }
}
