// <onramp-recommendations>: drawn once it is near the viewport.

import { EN } from "./catalog-en.js";
import { ES } from "./catalog-es.js";
import { el } from "./dom.js";
import { ATTRIBUTES, languageOf, readOptions } from "./options.js";
import { Panel } from "./panel.js";
import { emptyForm } from "./question.js";
import { faultNotice } from "./states.js";
import { STYLES } from "./styles.js";
import { Words } from "./words.js";

const NEAR_PX = 300;
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLES);

export class OnrampRecommendations extends HTMLElement {
  /** A page may add its own, before the element is there. */
  static catalogs = { en: EN, es: ES };

  static observedAttributes = ATTRIBUTES;

  #learner = null;

  #held = null;

  #panel = null;

  #observer = null;

  #drawn = "";

  #isDue = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    root.append(el("slot"));
  }

  /** Who asks, for a page that knows: a learner's record, or `{ id }` with a key that may read it. */
  get learner() {
    return this.#learner;
  }

  set learner(value) {
    if (value === this.#learner) return;
    this.#learner = value;
    this.#redraw();
  }

  /** Override it to send a token of your own. */
  request(path, { body, signal }) {
    const { options } = this.#read();
    const headers = { Accept: "application/json" };
    if (options.key) headers.Authorization = `Bearer ${options.key}`;
    if (body) headers["Content-Type"] = "application/json";
    return new Request(new URL(path, options.src), {
      method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, signal, credentials: "omit",
    });
  }

  /** Override it to see or change what is sent and answered. */
  fetch(request) {
    return globalThis.fetch(request);
  }

  connectedCallback() {
    const { top, bottom } = this.getBoundingClientRect();
    if (bottom > -NEAR_PX && top < innerHeight + NEAR_PX) {
      // Short tasks let the page react.
      setTimeout(() => this.isConnected && this.#start());
      return;
    }
    this.#observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#start();
    }, { rootMargin: `${NEAR_PX}px` });
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
    this.#panel?.stop();
    this.#panel = null;
    this.#drawn = "";
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "goal") this.#held = null;
    this.#redraw();
  }

  #start() {
    this.#observer?.disconnect();
    this.#draw();
    // So that later scripts hear it, too.
    setTimeout(() => this.#emit("ready", {}));
  }

  #read() {
    return readOptions(this, Object.keys(this.constructor.catalogs));
  }

  /** Draw anew once for all that changed; a key alone changes no looks. */
  #redraw() {
    if (!this.#drawn || this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.isConnected && this.#drawn !== this.#looks(this.#read())) this.#draw();
    });
  }

  #looks({ options, faults }) {
    return JSON.stringify([{ ...options, key: null }, faults, this.#learner]);
  }

  #draw() {
    this.#panel?.stop();
    this.#panel = null;
    const { options, faults } = this.#read();
    this.#drawn = this.#looks({ options, faults });
    const words = new Words(options.lang, this.constructor.catalogs[languageOf(options.lang)]);
    const root = el("div", { class: "root", part: "root", lang: options.lang, "data-theme": options.theme });
    if (faults.length) {
      root.append(faultNotice(faults, words, options["heading-level"] - 1), el("slot"));
      this.#emit("error", { attributes: faults.map((fault) => fault.attribute) });
    } else {
      this.#held ??= emptyForm(options.goal);
      this.#panel = new Panel({
        element: this, options, words, held: this.#held, emit: (name, detail) => this.#emit(name, detail),
      });
      root.append(this.#panel.element);
    }
    this.shadowRoot.replaceChildren(root);
    if (options.goal || this.#learner) setTimeout(() => this.#panel?.ask());
    // A first number takes a browser 20 ms in one piece: best while waiting.
    setTimeout(() => words.share(0));
  }

  #emit(name, detail) {
    const event = new CustomEvent(`onramp-${name}`, { detail, bubbles: true, composed: true, cancelable: true });
    return this.dispatchEvent(event);
  }
}
