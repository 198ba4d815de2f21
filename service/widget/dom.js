// Elements made by hand: what comes from the API is text alone.

/** Attributes that are null or false are left out; `on…` ones are listeners. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function told(text, lang) {
  return el("bdi", { lang }, String(text));
}

export function webLink(address, ...children) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", part: "link" }, ...children);
}

/** A share in [0, 1], hidden from readers: its text stands beside it. */
export function bar(share) {
  const fill = el("span", { part: "bar-fill" });
  // A strict policy forbids a style attribute.
  fill.style.inlineSize = `${100 * Math.min(1, Math.max(0, share))}%`;
  return el("span", { class: "bar", part: "bar", "aria-hidden": "true" }, fill);
}

/** What a function gives is made when it is first opened. */
export function folded(title, ...content) {
  const [late] = content;
  const made = el("details", {}, el("summary", {}, title), typeof late === "function" ? null : content);
  if (typeof late === "function") made.addEventListener("toggle", () => made.append(late()), { once: true });
  return made;
}

export function unseen(...children) {
  return el("span", { class: "unseen" }, ...children);
}
