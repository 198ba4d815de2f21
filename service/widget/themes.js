// Colors by theme; a page overrides any with --onramp-color-….

const COLORS = [
  "background", "surface", "text", "muted", "border", "control", "primary", "on-primary",
  "added", "on-added", "held", "on-held", "open", "on-open", "alert", "on-alert",
];

const THEMES = {
  light: "transparent #fff #16211f #52625f #d3dcd9 #5f706c #0f5c56 #fff #d9f0e6 #0b4a33 #e3e9f6 #23386b #f6ecd9 #66440a #fbe9e7 #7c1d14",
  dark: "#0f1615 #182220 #e8efed #a5b5b1 #33423f #8a9b97 #5cc4b4 #06211e #123f30 #b6ecd3 #22304f #c9d7fb #43331a #f4dcae #4a1d19 #fbd0cb",
  contrast: "#fff #fff #000 #000 #000 #000 #00305c #fff #fff #003a1f #fff #00215c #fff #4a2c00 #fff #6e0000",
};

function colors(theme) {
  const values = THEMES[theme].split(" ");
  const set = COLORS.map((name, at) => `--_${name}:var(--onramp-color-${name},${values[at]})`);
  // A page may be light around a dark widget.
  const edge = theme === "light" ? "0" : "var(--_gap)";
  return `color-scheme:${theme === "dark" ? theme : "light"};padding:${edge};${set.join(";")}`;
}

const only = (name) => `.root[data-theme=${name}]`;

export const THEME_STYLES = `
.root{${colors("light")}}
@media (prefers-color-scheme:dark){${only("auto")}{${colors("dark")}}}
@media (prefers-contrast:more){${only("auto")}{${colors("contrast")}}}
${only("dark")}{${colors("dark")}}
${only("contrast")}{${colors("contrast")}}
`;
