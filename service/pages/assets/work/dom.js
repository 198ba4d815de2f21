// Elements of a page. Text reaches it through textContent alone.

export const $ = (id) => document.getElementById(id);

/** Return an element with attributes and children; strings become text, and nothing is left out. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined));
  return made;
}

export const amount = (value) => new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(value);
export const counted = (count, one, many) => `${amount(count)} ${count === 1 ? one : many}`;
export const share = (value) => `${Math.round(value * 100)} %`;

/** Return a table with heads; the first cell of each row is its head. */
export function table(caption, heads, rows) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", {},
      el("caption", { class: "unseen" }, caption),
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows.map(([first, ...rest]) => el("tr", {},
        el("th", { scope: "row" }, first), rest.map((cell) => el("td", {}, cell)))))));
}

/** Return figures as cards: what each is, and how much. */
export function facts(rows) {
  return rows.map(([name, value, look = ""]) => el("div", { class: `fact ${look}` },
    el("p", { class: "name" }, name), el("p", { class: "value" }, value)));
}

/** Say something to whoever does not see the page. */
export function announce(text) {
  $("status").textContent = text;
}
