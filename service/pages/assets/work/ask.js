// The server asked, as whoever has signed in; what it refuses is said in words.

import { $, announce, el } from "./dom.js";

const HINTS = {
  401: "Your session has ended. Sign in again in another tab, then press the button here once more: what you typed stays.",
  403: "Your key does not open this. Ask whoever runs Onramp for one that does.",
  413: "That is too much at once. Send it in parts.",
  429: "That was too often. Wait a moment, and try again.",
  503: "The server is busy, or starts or stops just now. Try again in a moment.",
};

export class Problem extends Error {
  constructor({ status, detail, errors }) {
    super(detail ?? "The server gave no reason.");
    this.status = status;
    this.errors = errors ?? [];
  }
}

const NOBODY = { csrf: null, party: null };
const readSession = () => fetch("session").then((answer) => answer.json()).catch(() => NOBODY);

// Known by a cookie that no script can read; what changes something carries this beside it.
export let session = readSession();

/** Return what to send since somebody signed in anew, in another tab; none if nobody did. */
export async function renewedToken(status, sent) {
  if (status !== 401 && status !== 403) return null;
  session = readSession();
  const { csrf } = await session;
  showSignOut();
  return csrf && csrf !== sent ? csrf : null;
}

async function showSignOut() {
  $("sign-out").hidden = !(await session).csrf;
}

async function sendWith(csrf, path, { method = "GET", body, type = "application/json" } = {}) {
  const headers = { Accept: "application/json" };
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = type;
  try {
    return await fetch(path, { method, body, headers });
  } catch {
    throw new Problem({ detail: "The server does not answer. Check that it is running, and your connection." });
  }
}

/** Return the server's answer as a Response, or throw the problem that it tells. */
export async function send(path, given) {
  const { csrf } = await session;
  let answer = await sendWith(csrf, path, given);
  const renewed = await renewedToken(answer.status, csrf);
  if (renewed) answer = await sendWith(renewed, path, given);
  if (!answer.ok) throw new Problem({ ...(await answer.json().catch(() => ({}))), status: answer.status });
  return answer;
}

export async function ask(path, body) {
  const given = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await send(path, given)).json();
}

function signInLink() {
  const here = location.pathname.split("/").pop();
  const href = here ? `login?${new URLSearchParams({ next: here })}` : "login";
  return el("p", {}, el("a", { href, target: "_blank", rel: "noopener" }, "Sign in"));
}

export function problemNotice(error) {
  if (!(error instanceof Problem)) {
    reportError(error);
    return el("div", { class: "notice alert", role: "alert" },
      el("h3", {}, "That did not work"), el("p", {}, "The fault is this page's own. Reload it, and try again."));
  }
  const lines = error.errors.filter((each) => each.detail).map((each) => el("li", {}, `${each.pointer} ${each.detail}`));
  return el("div", { class: "notice alert", role: "alert" },
    el("h3", {}, "That did not work"),
    el("p", {}, error.message),
    lines.length > 1 ? el("ul", {}, lines) : null,
    HINTS[error.status] ? el("p", {}, HINTS[error.status]) : null,
    error.status === 401 ? signInLink() : null);
}

/** Do something while a button waits; a problem is shown where it belongs. */
export async function working(button, place, task) {
  if (button.ariaDisabled === "true") return;
  // A disabled button would lose the focus.
  button.ariaDisabled = "true";
  place.replaceChildren();
  try {
    await task();
  } catch (error) {
    place.replaceChildren(problemNotice(error));
    announce("That did not work.");
  } finally {
    button.ariaDisabled = null;
  }
}

/**
 * Do something when a form is sent. Its button is disabled in the page, and enabled here: before,
 * the browser would leave the page, and what was typed would be lost.
 */
export function onSubmit(form, place, task) {
  const button = $(form).querySelector("button[type=submit]");
  $(form).addEventListener("submit", (event) => {
    event.preventDefault();
    working(button, $(place), task);
  });
  button.disabled = false;
}

showSignOut();
