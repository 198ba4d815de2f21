// Logical properties, so that it is mirrored from right to left.

import { THEME_STYLES } from "./themes.js";

export const STYLES = `
:host{display:block;container-type:inline-size}
:host([hidden]){display:none}
*,::before,::after{box-sizing:border-box}
[hidden]{display:none!important}
${THEME_STYLES}
.root{
  --_radius:var(--onramp-radius,.75em);--_gap:var(--onramp-gap,1em);
  font:1em/1.5 var(--onramp-font,system-ui,sans-serif);
  font-size:var(--onramp-font-size,1em);text-align:start;color:var(--_text);background:var(--_background);
  overflow-wrap:anywhere;border-radius:var(--_radius);
}
.panel,.side,.results,.cards{display:grid;gap:var(--_gap);align-content:start;min-inline-size:0;grid-template-columns:minmax(0,1fr)}
.side:has(>:empty){gap:0}
.cards{list-style:none;margin:0;padding:0}
.cards>:nth-child(n+4){content-visibility:auto;contain-intrinsic-size:auto 24em}
@container (min-inline-size:52em){.panel{grid-template-columns:21em minmax(0,1fr);gap:calc(1.5*var(--_gap));align-items:start}}
.card{background:var(--_surface);border:1px solid var(--_border);border-radius:var(--_radius);padding:1.1em 1.2em}
.card>:first-child{margin-block-start:0}
.card>:last-child{margin-block-end:0}
h1,h2,h3,h4,h5,h6{font-size:1.1em;line-height:1.3;margin:0 0 .4em;font-weight:700}
:is(form,.results)>:is(h1,h2,h3,h4,h5){font-size:1.25em}
p{margin:.4em 0}
.results>*{margin:0}
ul{margin:.3em 0;padding-inline-start:1.2em}
.quiet,.hint{color:var(--_muted);font-size:.9em}
.hint{margin:0 0 .3em}
.unseen{position:absolute;inline-size:1px;block-size:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.field{margin-block:.9em;position:relative}
.field>label,summary{font-weight:600}
.field>label{display:block}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,8em),1fr));gap:0 .8em;align-items:end}
.grid .field{margin-block:.3em}
.grid label,details .field>label{font-weight:400;font-size:.95em}
input:not([type=checkbox]),select,textarea{
  inline-size:100%;min-block-size:2.6em;padding:.45em .6em;border:1px solid var(--_control);border-radius:calc(.55*var(--_radius));
  background:var(--_surface);color:var(--_text);font:inherit;
}
textarea{resize:vertical;margin-block-end:.5em}
[aria-invalid]{border-color:var(--_on-alert)!important;border-width:2px!important}
.error{color:var(--_on-alert);font-weight:600;font-size:.9em;margin:.3em 0 0}
.beside{display:flex;gap:.5em;align-items:start}
.beside,.combobox{position:relative}
.beside .combobox{position:static;flex:1;min-inline-size:0}
.options{
  position:absolute;inset-inline:0;inset-block-start:100%;z-index:9;margin:.2em 0 0;padding:.25em;list-style:none;max-block-size:18em;overflow-y:auto;
  background:var(--_surface);border:1px solid var(--_control);border-radius:calc(.55*var(--_radius));
}
.options li{padding:.4em .6em;min-block-size:24px;border-radius:.3em;cursor:pointer}
.options li:hover,.options [aria-selected=true]{background:var(--_primary);color:var(--_on-primary)}
.options li :last-child{color:inherit}
button{
  min-block-size:2.6em;padding:.4em .9em;border:1px solid var(--_control);border-radius:calc(.55*var(--_radius));
  background:var(--_surface);color:var(--_text);font:inherit;font-weight:600;cursor:pointer;
}
.primary,.compare{background:var(--_primary);border-color:var(--_primary);color:var(--_on-primary)}
button:hover{text-decoration:underline}
button:disabled{cursor:progress;border-style:dashed;background:var(--_surface);color:var(--_muted);text-decoration:none}
form .primary{inline-size:100%;min-block-size:3em;margin-block:.9em .6em}
:focus-visible{outline:3px solid var(--_primary);outline-offset:2px;border-radius:.2em}
[tabindex="-1"]:focus{outline:none}
.check{display:inline-flex;gap:.5em;align-items:center;min-block-size:2em;cursor:pointer}
.check input{inline-size:24px;block-size:24px;margin:0;accent-color:var(--_primary);flex:none}
details{margin-block:.5em}
summary{cursor:pointer;color:var(--_primary);min-block-size:24px;list-style-position:outside;margin-inline-start:1.2em}
.head{display:flex;flex-wrap:wrap;gap:.3em 1em;justify-content:space-between}
.head>:first-child{flex:1 1 14em;min-inline-size:0}
.head :is(h2,h3,h4,h5,h6){margin:0}
.score{flex:none;min-inline-size:10em}
.score p{margin:0;white-space:nowrap}
.score strong{font-size:1.35em;font-variant-numeric:tabular-nums}
.bar{display:block;block-size:.65em;border-radius:1em;border:1px solid var(--_control);background:var(--_surface);overflow:hidden}
.bar span{display:block;block-size:100%;background:var(--_primary)}
.facts,.chips,.parts{list-style:none;padding:0;display:flex;flex-wrap:wrap}
.facts{gap:.1em 1.2em;margin-block:.5em;font-weight:600}
.label{font-weight:600;font-size:.9em;margin:.6em 0 .2em}
.chips{gap:.35em;margin:.2em 0}
.chips li{padding:.15em .7em;border-radius:1em;border:1px solid var(--_border);font-size:.92em;min-inline-size:0}
.added li{background:var(--_added);color:var(--_on-added)}
.held li{background:var(--_held);color:var(--_on-held)}
.open li{background:var(--_open);color:var(--_on-open)}
.removable li{display:flex;align-items:center;gap:.3em;padding:.1em;padding-inline-start:.7em}
.removable button{min-block-size:26px;min-inline-size:26px;padding:0;border:0;border-radius:50%;background:none;color:inherit;line-height:1}
.parts{flex-direction:column;gap:.5em;margin-block:.6em}
.parts li{display:grid;gap:.1em .8em;align-items:center;grid-template-columns:minmax(0,1fr)}
@container (min-inline-size:36em){.parts li{grid-template-columns:11em minmax(4em,1fr) 15em}}
.actions{display:flex;flex-wrap:wrap;gap:.5em 1em;align-items:center;margin-block-start:.8em}
.more{margin-block-start:.8em;border-block-start:1px solid var(--_border)}
.description{white-space:pre-line}
a{color:var(--_primary);display:inline-block;min-block-size:24px}
.scroll{overflow-x:auto;margin-block:.6em}
table{border-collapse:collapse;inline-size:100%;min-inline-size:36em;overflow-wrap:break-word}
th,td{padding:.45em .7em;text-align:start;vertical-align:top;border-block-end:1px solid var(--_border)}
tbody th{inline-size:8em;color:var(--_muted)}
td ul{margin:0}
.alert{background:var(--_alert);color:var(--_on-alert);border-color:currentcolor}
.skeleton{display:grid;gap:.8em;align-content:start;min-block-size:17em}
.skeleton span{block-size:1em;border-radius:1em;background:var(--_border)}
.skeleton span:first-child{inline-size:60%}
@media (prefers-reduced-motion:no-preference){
  .skeleton span{animation:onramp-wait 1.6s ease-in-out infinite alternate}
  @keyframes onramp-wait{to{opacity:.45}}
}
@media (forced-colors:active){
  .bar span{background:Highlight;forced-color-adjust:none}
  .options [aria-selected=true]{background:Highlight;color:HighlightText;forced-color-adjust:none}
}
`;
