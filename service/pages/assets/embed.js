// The page in an <iframe>: its query is the widget's attributes; its height is told to the page around.
import { OnrampRecommendations } from "../widget/v1.js";

const given = new URLSearchParams(location.search);
const origin = given.get("origin");
given.delete("origin");
// The server that this page came from, and no other.
given.delete("src");

const widget = document.createElement("onramp-recommendations");
for (const [name, value] of given) {
  // Whatever is no attribute of the widget could be anything, such as a handler.
  if (OnrampRecommendations.observedAttributes.includes(name)) widget.setAttribute(name, value);
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
