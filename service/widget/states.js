// What stands in the place of results.

import { el, told } from "./dom.js";

export function notice(title, level, ...children) {
  return el("div", { class: "card", part: "notice" }, el(`h${level}`, {}, title), children);
}

export function skeleton(count, words) {
  const place = () => el("li", { class: "card skeleton" }, el("span"), el("span"), el("span"));
  return el("div", { part: "loading" },
    el("p", { class: "quiet" }, words.say("loading")),
    el("ol", { class: "cards", "aria-hidden": "true" }, Array.from({ length: count }, place)));
}

// It waits as long as the server wants.
function retryButton(seconds, words, onRetry) {
  let left = seconds;
  const button = el("button", { type: "button", part: "button", class: "primary", onclick: onRetry });
  const show = () => {
    button.disabled = left > 0;
    button.textContent = words.say("retry") + (left > 0 ? ` (${left})` : "");
  };
  const clock = setInterval(() => {
    left -= 1;
    show();
    if (left <= 0) clearInterval(clock);
  }, 1000);
  show();
  return { element: button, stop: () => clearInterval(clock) };
}

// For whoever made the page.
const OWNERS = { e0: "src, key", eGarbled: "src", e401: "key", e403: "key" };

export function problemNotice(problem, { words, level, host, onRetry }) {
  const retry = retryButton(problem.retryAfter, words, onRetry);
  const { errors, detail } = problem;
  const lines = errors.length > 1 ? errors.map((each) => `${each.pointer} ${each.detail}`) : [detail].filter(Boolean);
  const element = el("div", { class: "card alert", part: "error" },
    el(`h${level}`, {}, words.say("error")),
    el("p", {}, words.say(problem.text, { host })),
    problem.text in OWNERS ? el("p", { class: "quiet" }, words.say("owner", { what: OWNERS[problem.text] })) : null,
    lines.length ? el("ul", {}, lines.map((line) => el("li", {}, told(line, "en")))) : null,
    retry.element);
  return { element, stop: retry.stop };
}

export function faultNotice(faults, words, level) {
  const line = ({ attribute, value, text, values }) => el("li", {}, words.say("faultIn", {
    attribute, value: value.length > 60 ? `${value.slice(0, 59)}…` : value, reason: words.say(text, { ...values, attribute }),
  }));
  return el("div", { class: "card alert", part: "error", role: "alert" },
    el(`h${level}`, {}, words.say("fault")), el("ul", {}, faults.map(line)));
}
