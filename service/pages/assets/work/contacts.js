// Contact with candidates: what an employer asked for, and what each of them answered.

import { announce, el } from "./dom.js";
import { ask, session, working } from "./ask.js";

const SAYS = {
  asked: "You asked for contact. They have not answered yet.",
  accepted: "They agreed to contact.",
  declined: "They do not wish to be contacted.",
};

/** Return what the employer asked before, by candidate; nothing for who asks for no employer. */
export async function askedContacts() {
  const { party } = await session;
  if (!party) return null;
  const { contacts } = await ask("v1/contacts");
  return new Map(contacts.map((each) => [each.candidate, each.status]));
}

/** Return whether a candidate was asked, or the button that asks. */
export function contactLine(candidate, name, asked) {
  if (!asked) return null;
  const line = el("div", { class: "contact", tabindex: "-1" });
  const show = (status) => line.replaceChildren(el("p", { class: "quiet" }, SAYS[status] ?? status));
  if (asked.has(candidate)) show(asked.get(candidate));
  else line.append(askButton(candidate, name, (status) => {
    asked.set(candidate, status);
    show(status);
    line.focus();
    announce(`${name}: ${SAYS[status] ?? status}`);
  }));
  return line;
}

function askButton(candidate, name, onAnswer) {
  const problem = el("div");
  const button = el("button", { type: "button", class: "plain", "aria-label": `Ask for contact with ${name}` }, "Ask for contact");
  button.addEventListener("click", () => working(button, problem, async () => {
    const { status } = await ask("v1/contacts", { candidate });
    onAnswer(status);
  }));
  return el("div", {}, button, problem);
}
