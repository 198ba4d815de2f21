// The page in an <iframe>: its query is the widget's attributes; its height is told to the page around.
import { OnrampRecommendations } from "../widget/v1.js";

const given = new URLSearchParams(location.search);
const origin = given.get("origin");
given.delete("origin");
// The server that this page came from, and no other.
given.delete("src");

const widget = document.createElement("onramp-recommendations");
const known = OnrampRecommendations.observedAttributes;
// Whatever is no attribute of the widget could be anything, such as a handler.
const [attributes, others] = [true, false].map((is) => [...given].filter(([name]) => known.includes(name) === is));
for (const [name, value] of attributes) widget.setAttribute(name, value);
if (others.length) {
  const said = document.createElement("p");
  said.setAttribute("role", "alert");
  said.textContent = `The address of this frame says ${others.map(([name]) => `“${name}”`).join(", ")}, which is not read. `
    + `It may say: ${[...known, "origin"].filter((name) => name !== "src").join(", ")}.`;
  document.body.append(said);
}
if (given.get("lang")) document.documentElement.lang = given.get("lang");
document.body.append(widget);

/** Return the origin that the page around says it has, if it is one: no other gets a message. */
function parentOrigin() {
  try {
    return new URL(origin).origin === origin ? origin : null;
  } catch {
    return null;
  }
}

const parent = parentOrigin();
if (parent && window.parent !== window) {
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ type: "onramp-height", height }, parent);
  }).observe(document.documentElement);
}
