// The attributes, read and judged.

export const ATTRIBUTES = ["src", "key", "mode", "lang", "theme", "limit", "goal", "heading-level"];
const MODES = ["advance", "switch", "build"];
const THEME_NAMES = ["auto", "light", "dark", "contrast"];
const MAX_GOAL = 1000;
const DEFAULTS = { theme: "auto", limit: 5, "heading-level": 3 };
const RANGES = { limit: [1, 20], "heading-level": [2, 6] };

// The API is beside /widget/, where this script is.
const HOME = new URL("../", import.meta.url).href;

const plain = (name) => name.toLowerCase().replace(/^data-/, "").replaceAll(/[-_]/g, "");

function wholeNumber(value, [min, max]) {
  const number = /^\d{1,3}$/.test(value) ? Number(value) : -1;
  return number >= min && number <= max ? number : null;
}

function serverOf(value) {
  try {
    const url = new URL(value);
    const isPlain = /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
    return isPlain ? url.href.replace(/\/*$/, "/") : null;
  } catch {
    return null;
  }
}

export function languageOf(tag) {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return null;
  }
}

/** Each judge returns the value to use, or [the text of the fault, its values]. */
function judged(name, value, languages) {
  const choice = (allowed) => (allowed.includes(value) ? value : ["faultChoice", { allowed: allowed.join(", ") }]);
  if (value !== value.trim()) return ["faultSpace", { trimmed: value.trim() }];
  if (value === "") return ["faultEmpty"];
  switch (name) {
    case "mode": return choice(MODES);
    case "theme": return choice(THEME_NAMES);
    case "lang": return languages.includes(languageOf(value)) ? value : choice(languages);
    case "src": return serverOf(value) ?? ["faultUrl"];
    case "key":
      if (value.startsWith("sk_")) return ["faultSecret"];
      return /^pk_\w+$/.test(value) ? value : ["faultKey"];
    case "goal": return value.length > MAX_GOAL ? ["faultLong", { max: MAX_GOAL }] : value;
    default: {
      const [min, max] = RANGES[name];
      return wholeNumber(value, RANGES[name]) ?? ["faultRange", { min, max }];
    }
  }
}

function inherited(element, languages) {
  const around = element.parentElement?.closest("[lang]")?.lang || navigator.language || "en";
  return languages.includes(languageOf(around)) ? around : "en";
}

function misnamed(element) {
  const known = new Map(ATTRIBUTES.map((name) => [plain(name), name]));
  return element.getAttributeNames()
    .filter((name) => !ATTRIBUTES.includes(name) && known.has(plain(name)))
    .map((name) => ({ attribute: name, text: "faultName", values: { known: known.get(plain(name)) } }));
}

export function readOptions(element, languages) {
  const options = { ...DEFAULTS, src: HOME, lang: inherited(element, languages) };
  const faults = misnamed(element);
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute(name);
    const found = value === null ? undefined : judged(name, value, languages);
    if (Array.isArray(found)) faults.push({ attribute: name, text: found[0], values: found[1] ?? {} });
    else if (found !== undefined) options[name] = found;
  }
  return { options, faults: faults.map((fault) => ({ ...fault, value: element.getAttribute(fault.attribute) })) };
}
