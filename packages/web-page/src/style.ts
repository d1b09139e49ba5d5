/** Variables for light and dark; the dark ones where the reader switches to them or prefers them, on screen alone. */
export const themed = (light: string, dark: string): string => `
:root{${light}}
@media screen{
:root:has(#theme-dark:checked){${dark}}
}
@media screen and (prefers-color-scheme:dark){
:root:not(:has(#theme-light:checked)){${dark}}
}`;

// Contrast on paper and band: text 4.5 : 1 or more, marks 3 : 1 or more, in both. Blue and orange can be distinguished with every kind of
// colour vision.
const PALETTE = themed(
  `color-scheme:light;--paper:#fdfcfa;--band:#f4f3ef;--line:#dedcd5;--ink:#1c2126;--muted:#5a636c;--faint:#a9adae;
--accent:#0a5a8c;--better:#06639b;--worse:#b04606;--focus:#0a5a8c`,
  `color-scheme:dark;--paper:#14171a;--band:#1c2024;--line:#33393f;--ink:#e8e9e7;--muted:#a3abb2;--faint:#5f676e;
--accent:#86c1ea;--better:#6cbcf0;--worse:#f3a063;--focus:#86c1ea`,
);

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.page{max-width:1340px;margin:0 auto;padding:clamp(1.25rem,3.2vw,3rem) clamp(1rem,3.2vw,3rem) 4rem}
h1,h2{font-family:Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,serif;font-weight:600;line-height:1.2;text-wrap:balance}
h1{font-size:clamp(1.7rem,1.2rem + 2vw,2.5rem);margin:.6rem 0;overflow-wrap:anywhere}
h2{font-size:1.4rem;margin:0 0 .5rem}
h3,h4{font-size:.95rem;margin:0 0 .3rem}
p{margin:0 0 .9rem;max-width:78ch;text-wrap:pretty}
section{margin-top:3.2rem}
a{color:var(--accent);text-underline-offset:.2em}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.87em;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.none{color:var(--muted)}
.top{display:flex;justify-content:space-between;align-items:center;gap:1rem;flex-wrap:wrap;color:var(--muted);font-size:.85rem}
.themes{display:flex;gap:.15rem;border:1px solid var(--line);border-radius:99px;padding:.15rem;margin:0}
.themes label{padding:.1rem .7rem;border-radius:99px;cursor:pointer}
.themes input{position:absolute;opacity:0;pointer-events:none}
.themes label:has(:checked){background:var(--band);color:var(--ink)}
.themes label:has(:focus-visible){outline:2px solid var(--focus)}
.facts{display:flex;flex-wrap:wrap;gap:.7rem 2.2rem;margin:1.4rem 0 0;padding:1rem 0;border-block:1px solid var(--line)}
.facts dt{font-size:.75rem;color:var(--muted)}
.facts dd{margin:0;font-variant-numeric:tabular-nums}
.cautions{margin:0;padding-left:1.1rem;max-width:78ch;color:var(--muted);font-size:.92rem;overflow-wrap:anywhere}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:6px;padding:.3rem .8rem;cursor:pointer}
summary{cursor:pointer;overflow-wrap:anywhere}
footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.85rem}
@media (max-width:640px){body{font-size:14.5px}}
@page{size:A4 landscape;margin:11mm}
@media print{
:root{--paper:#fff}
html{font-size:12px}
body{font-size:9pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.page{max-width:none;padding:0}
nav,.themes,.save{display:none}
h2,h3{break-after:avoid}
}`;

/** The shared style; colours are variables, so one drawing works in light, dark and print. */
export const COMMON_STYLE = PALETTE + BASE;
