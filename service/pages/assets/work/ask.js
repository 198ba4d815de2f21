// The server asked, as whoever has signed in; what it refuses is said in words.

import { $, announce, el } from "./dom.js";

const HINTS = {
  401: "Your session has ended. Sign in again; what you typed stays here if you do so in another tab.",
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

// Known by a cookie that no script can read; what changes something carries this beside it.
export const session = fetch("session").then((answer) => answer.json()).catch(() => ({ csrf: null }));

/** Return the server's answer as a Response, or throw the problem that it tells. */
export async function send(path, { method = "GET", body, type = "application/json" } = {}) {
  const { csrf } = await session;
  const headers = { Accept: "application/json" };
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = type;
  let answer;
  try {
    answer = await fetch(path, { method, body, headers });
  } catch {
    throw new Problem({ detail: "The server does not answer. Check that it is running, and your connection." });
  }
  if (!answer.ok) throw new Problem({ ...(await answer.json().catch(() => ({}))), status: answer.status });
  return answer;
}

export async function ask(path, body) {
  const given = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await send(path, given)).json();
}

export function problemNotice(error) {
  if (!(error instanceof Problem)) throw error;
  const lines = error.errors.filter((each) => each.detail).map((each) => el("li", {}, `${each.pointer} ${each.detail}`));
  return el("div", { class: "notice alert", role: "alert" },
    el("h3", {}, "That did not work"),
    el("p", {}, error.message),
    lines.length > 1 ? el("ul", {}, lines) : null,
    HINTS[error.status] ? el("p", {}, HINTS[error.status]) : null,
    error.status === 401 ? el("p", {}, el("a", { href: "login" }, "Sign in")) : null);
}

/** Do something while a button waits; a problem is shown where it belongs. */
export async function working(button, place, task) {
  button.disabled = true;
  place.replaceChildren();
  try {
    await task();
  } catch (error) {
    place.replaceChildren(problemNotice(error));
    announce("That did not work.");
  } finally {
    button.disabled = false;
  }
}

session.then(({ csrf }) => {
  $("sign-out").hidden = !csrf;
});
