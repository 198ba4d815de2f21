// Keys: made, listed, replaced and revoked; a secret is shown once.

import { $, announce, el, table } from "./dom.js";
import { ask, onSubmit, send, working } from "./ask.js";
import { KeyForm } from "./key_form.js";

const PAGE = 200;
const ARMED_MS = 30_000;
const day = (time) => (time ? new Date(time).toLocaleDateString() : "never");

function newSecret({ key, secret }) {
  const shown = el("output", { class: "secret", id: "secret" }, secret);
  const copy = el("button", { type: "button", class: "plain", onclick: async () => {
    await navigator.clipboard.writeText(secret);
    announce("The key was copied.");
    copy.textContent = "Copied";
  } }, "Copy");
  return el("div", { class: "notice good", role: "group", "aria-labelledby": "new-key-title" },
    el("h3", { id: "new-key-title", tabindex: "-1" }, `The key “${key.label}”`),
    el("p", {}, "Copy it now: it is shown this once. The server keeps only what it takes to recognize it."),
    el("p", { class: "row" }, shown, navigator.clipboard ? copy : null));
}

function state(key) {
  if (key.revoked) return `revoked ${day(key.revoked)}`;
  if (key.expires && new Date(key.expires) <= new Date()) return `expired ${day(key.expires)}`;
  return key.expires ? `valid until ${day(key.expires)}` : "valid";
}

/** Let a second press revoke a key, for as long as whoever pressed stays there. */
function arm(button, key) {
  const show = (isSure) => {
    button.dataset.sure = isSure ? "yes" : "";
    button.textContent = isSure ? "Revoke for good" : "Revoke";
    button.setAttribute("aria-label", `Revoke ${key.label} (${key.id})${isSure ? " for good" : ""}`);
  };
  show(true);
  const timer = setTimeout(() => show(false), ARMED_MS);
  const disarm = () => {
    clearTimeout(timer);
    show(false);
  };
  button.addEventListener("blur", disarm, { once: true });
  announce(`Press once more to revoke ${key.label}. Whoever uses it is shut out within a second.`);
}

function actions(key) {
  if (!/^valid/.test(state(key))) return "";
  const act = (word, task) => {
    const button = el("button", { type: "button", class: "plain", "aria-label": `${word} ${key.label} (${key.id})` }, word);
    button.addEventListener("click", () => working(button, $("key-results"), () => task(button)));
    return button;
  };
  return el("div", { class: "row" },
    act("Replace", async () => {
      await showNew(await ask(`v1/keys/${key.id}:rotate`, { overlap_hours: 24 }));
    }),
    act("Revoke", async (button) => {
      if (!button.dataset.sure) {
        arm(button, key);
        return;
      }
      await send(`v1/keys/${key.id}`, { method: "DELETE" });
      announce(`${key.label} was revoked.`);
      await list();
      $("key-list").querySelector("[tabindex]")?.focus();
    }));
}

async function allKeys() {
  const keys = [];
  let after = "";
  do {
    const page = await ask(`v1/keys?${new URLSearchParams({ limit: PAGE, after })}`);
    keys.push(...page.items);
    after = page.next;
  } while (after);
  return keys.sort((one, other) => other.created.localeCompare(one.created));
}

function may(key) {
  if (key.kind === "publishable") return `pages: ${key.origins.join(", ")}`;
  const bounds = [key.party ? `for ${key.party}` : null, key.learner ? `as ${key.learner}` : null];
  return [key.scopes.join(", "), ...bounds].filter(Boolean).join(" · ");
}

async function list() {
  const keys = await allKeys();
  $("key-list").replaceChildren(keys.length
    ? table("All keys", ["Label", "Id", "Tenant", "May", "State", "Last used", "Change"],
      keys.map((key) => [key.label, el("code", {}, key.id), el("code", {}, key.tenant), may(key), state(key), day(key.last_used), actions(key)]))
    : el("p", { class: "notice" }, "There is no key in the store yet."));
}

async function showNew(issued) {
  $("key-results").replaceChildren(newSecret(issued));
  await list();
  $("new-key-title").focus();
}

export function startKeys() {
  const form = new KeyForm();
  onSubmit("new-key", "key-results", async () => {
    await showNew(await ask("v1/keys", form.wanted()));
    form.reset();
  });
  working(el("button"), $("key-results"), list);
}
