// The form for a new key: what it may do, for whom, and until when.

import { $, el } from "./dom.js";

const SCOPES = {
  "catalog:read": "read the catalog and its skills",
  "catalog:write": "change the catalog",
  "learner:read": "read learners, and recommend to them",
  "learner:write": "change learners",
  "employer:match": "find candidates for a job",
  "reports:read": "read reports, which name nobody",
  admin: "everything, keys among it",
};
// Employers see learners under consents alone; the server refuses them every other scope.
const FOR_EMPLOYERS = new Set(["catalog:read", "catalog:write", "employer:match"]);
const MATCH = "employer:match";

const twoDigits = (number) => String(number).padStart(2, "0");
const chosen = (name) => document.querySelector(`#new-key input[name=${name}]:checked`)?.value;

export class KeyForm {
  #boxes = new Map(Object.keys(SCOPES).map((scope) => [scope, el("input", { type: "checkbox", value: scope })]));

  constructor() {
    $("scopes").append(...[...this.#boxes].map(([scope, box]) => el("label", { class: "check" },
      box, el("span", {}, el("code", {}, scope), ` ${SCOPES[scope]}`))));
    const now = new Date();
    $("key-expires").min = [now.getFullYear(), twoDigits(now.getMonth() + 1), twoDigits(now.getDate())].join("-");
    $("new-key").addEventListener("change", () => this.#adjust());
    this.#adjust();
  }

  /** Return the key as the API wants it. */
  wanted() {
    const kind = chosen("kind");
    const day = $("key-expires").value;
    const facts = {
      label: $("key-label").value.trim(),
      kind,
      // The last second of that day, where whoever makes it is.
      ...(day ? { expires: new Date(`${day}T23:59:59`).toISOString() } : {}),
    };
    if (kind === "publishable") return { ...facts, origins: $("key-origins").value.split(/\s+/).filter(Boolean) };
    const scopes = [...this.#boxes.values()].filter((box) => box.checked).map((box) => box.value);
    return { ...facts, scopes, ...(this.#isForEmployer() ? { party: $("key-party").value.trim() } : {}) };
  }

  reset() {
    $("new-key").reset();
    this.#adjust();
  }

  #isForEmployer() {
    return this.#boxes.get(MATCH).checked && chosen("whom") === "employer";
  }

  /** Show what there is to say, and let nothing be said that the server would refuse. */
  #adjust() {
    const isPublishable = chosen("kind") === "publishable";
    const isMatching = !isPublishable && this.#boxes.get(MATCH).checked;
    const isForEmployer = isMatching && this.#isForEmployer();
    $("scopes").hidden = isPublishable;
    $("origins").hidden = !isPublishable;
    // Disabled, what is hidden need not be filled in.
    $("whom").hidden = !isMatching;
    $("whom").disabled = !isMatching;
    $("party").hidden = !isForEmployer;
    $("key-party").disabled = !isForEmployer;
    for (const [scope, box] of this.#boxes) {
      box.disabled = isForEmployer && !FOR_EMPLOYERS.has(scope);
      if (box.disabled) box.checked = false;
    }
  }
}
