// Contrast on paper and band: text 4.5 : 1 or more, marks 3 : 1 or more, in both. Blue and orange are told apart by every kind of colour vision.
const LIGHT = `color-scheme:light;--paper:#fdfcfa;--band:#f4f3ef;--line:#dedcd5;--ink:#1c2126;--muted:#5a636c;--faint:#a9adae;
--accent:#0a5a8c;--better:#06639b;--worse:#b04606;--focus:#0a5a8c`;
const DARK = `color-scheme:dark;--paper:#14171a;--band:#1c2024;--line:#33393f;--ink:#e8e9e7;--muted:#a3abb2;--faint:#5f676e;
--accent:#86c1ea;--better:#6cbcf0;--worse:#f3a063;--focus:#86c1ea`;

const PALETTE = `
:root{${LIGHT}}
@media screen{
:root:has(#theme-dark:checked){${DARK}}
}
@media screen and (prefers-color-scheme:dark){
:root:not(:has(#theme-light:checked)){${DARK}}
}`;

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.page{max-width:1340px;margin:0 auto;padding:clamp(1.25rem,3.2vw,3rem) clamp(1rem,3.2vw,3rem) 4rem}
h1,h2{font-family:Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,serif;font-weight:600;line-height:1.2;text-wrap:balance}
h1{font-size:clamp(1.7rem,1.2rem + 2vw,2.5rem);margin:.6rem 0;overflow-wrap:anywhere}
h2{font-size:1.4rem;margin:0 0 .5rem}
h3{font-size:.95rem;margin:0 0 .3rem}
p{margin:0 0 .9rem;max-width:78ch;text-wrap:pretty}
section{margin-top:3.2rem}
a{color:var(--accent);text-underline-offset:.2em}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:.87em;overflow-wrap:anywhere}
pre{margin:0 0 .9rem;padding:.8rem 1rem;background:var(--band);border:1px solid var(--line);border-radius:8px;overflow-x:auto;line-height:1.6}
pre code{white-space:pre;user-select:all}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.none{color:var(--muted)}
.lede{font-size:1.12rem;max-width:70ch}
.cautions{margin:0;padding-left:1.1rem;max-width:78ch;color:var(--muted);font-size:.92rem;overflow-wrap:anywhere}
.top{display:flex;justify-content:space-between;align-items:center;gap:1rem;flex-wrap:wrap;color:var(--muted);font-size:.85rem}
.themes{display:flex;gap:.15rem;border:1px solid var(--line);border-radius:99px;padding:.15rem;margin:0}
.themes label{padding:.1rem .7rem;border-radius:99px;cursor:pointer}
.themes input{position:absolute;opacity:0;pointer-events:none}
.themes label:has(:checked){background:var(--band);color:var(--ink)}
.themes label:has(:focus-visible){outline:2px solid var(--focus)}
.facts{display:flex;flex-wrap:wrap;gap:.7rem 2.2rem;margin:1.4rem 0 0;padding:1rem 0;border-block:1px solid var(--line)}
.facts dt{font-size:.75rem;color:var(--muted)}
.facts dd{margin:0;font-variant-numeric:tabular-nums}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;list-style:none;margin:1rem 0 0;padding:0;font-size:.9rem}
.reading{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:1.1rem 2.2rem;margin:0}
.reading dt{font-weight:600}
.reading dd{margin:0;color:var(--muted);font-size:.92rem}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:6px;padding:.3rem .8rem;cursor:pointer}
footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.85rem}`;

const TABLES = `
.scroll{overflow:auto;position:relative;overscroll-behavior-x:contain;border-block:1px solid var(--line)}
.scroll.tall{max-height:30rem}
table{border-collapse:separate;border-spacing:0;width:100%;font-variant-numeric:tabular-nums lining-nums}
th{font-weight:400;text-align:left}
td,th{padding:.3rem .4rem;vertical-align:top}
thead th{font-size:.8rem;color:var(--muted);vertical-align:bottom;background:var(--paper)}
thead{position:sticky;top:0;z-index:2}
tbody td,tbody th{border-top:1px solid color-mix(in srgb,var(--line) 60%,transparent)}
tbody:first-of-type tr:first-child>*{border-top-color:var(--muted)}
.title{unicode-bidi:isolate;overflow-wrap:anywhere}
.badge{display:inline-block;font-size:.7rem;line-height:1.35;padding:0 .4rem;border:1px solid var(--faint);border-radius:99px;color:var(--muted);text-decoration:none;white-space:nowrap}
a.badge:hover{color:var(--accent);border-color:var(--accent)}
.remark{display:block;font-size:.76rem;color:var(--muted)}
.board .scroll{max-height:88vh}
.figures{font-size:.87rem}
.figures tbody th,.figures thead .name{position:sticky;left:0;z-index:1;background:var(--paper);min-width:11.5rem;max-width:15rem}
.figures thead .name{z-index:3}
.figures td,.figures thead th:not(.name){text-align:right;white-space:nowrap;padding-right:.75rem}
.figures thead .groups th:not(.name){text-align:left;padding-left:.85rem;font-weight:600;color:var(--ink);padding-bottom:.1rem}
.figures .opens:not(.name){padding-left:.85rem;border-left:1px solid var(--line)}
.figures .count{display:block;font-size:.92em;opacity:.9;white-space:nowrap}
.figures .label{display:block;white-space:nowrap}
.figures td.average,.figures thead th.average{background:color-mix(in srgb,var(--band) 55%,var(--paper))}
.figures .mean{position:relative;display:block}
.figures .mean.best{font-weight:700;text-decoration:underline;text-decoration-thickness:1.5px;text-underline-offset:.22em;text-decoration-color:var(--faint)}
.figures .mark{position:absolute;left:100%;margin-left:.15em;font-size:.62em;top:.35em}
.spread,.interval{display:block;font-size:.78rem;line-height:1.35;font-weight:400;color:var(--muted)}
.better{color:var(--better)}
.worse{color:var(--worse)}
.figures .reference th,.figures .reference td{background:var(--band)}
.reference .badge{border-color:var(--ink);color:var(--ink)}
.figures .section th{position:static;padding-top:1.3rem;max-width:none;border-top:1px solid var(--muted)}
.section span{position:sticky;left:.4rem;font-size:.8rem;font-weight:600;color:var(--muted)}
.figures .plain td,.figures .plain th{color:var(--muted)}
.figures .seed td,.figures .seed th{border-top:0;padding-block:0 .1rem;font-size:.78rem;color:var(--muted)}
.figures .seed th{padding-left:1.4rem}
thead th button{all:unset;cursor:pointer;display:block;text-align:inherit;width:100%}
thead .name button{text-align:left}
thead th button:hover .label{color:var(--accent)}
thead th button:focus-visible{outline:2px solid var(--focus);outline-offset:3px;border-radius:2px}
thead [aria-sort] .label::after{content:"";position:absolute;margin-left:.2em;margin-top:.5em;border:.26em solid transparent}
thead [aria-sort=descending] .label::after{border-top-color:var(--accent)}
thead [aria-sort=ascending] .label::after{border-bottom-color:var(--accent);margin-top:.2em}
.switches{border:0;margin:0 0 .8rem;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1.3rem;font-size:.88rem}
.switches label{display:inline-flex;gap:.4rem;align-items:center;cursor:pointer}
.switches input{accent-color:var(--accent);width:1rem;height:1rem;margin:0}
.board:has(#show-published:not(:checked)) .published,.board:has(#show-priors:not(:checked)) .prior,
.board:has(#show-intervals:not(:checked)) .interval,.board:has(#show-seeds:not(:checked)) .seed,
.board:has(#show-extra:not(:checked)) .extra{display:none}
.board:not(:has(#show-extra)) .extra{display:none}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;margin:.7rem 0 0;font-size:.82rem;color:var(--muted);max-width:none}
.legend .mark{font-style:normal;font-size:.8em}
.sources{margin-top:1.6rem;font-size:.86rem;color:var(--muted)}
.sources dl{columns:21rem;column-gap:2.4rem;margin:0}
.sources dl>div{break-inside:avoid;padding-bottom:.5rem}
.sources dt{font-weight:600;color:var(--ink)}
.sources dd{margin:0}
.sources :target{background:var(--band)}
.scroll:not(.tall):has(>.list){border:0}
.list{font-size:.88rem;width:auto;min-width:min(100%,46rem)}
.list th,.list td{padding-right:1.4rem}
.list tbody th{min-width:9rem}
.list ul{list-style:none;margin:0;padding:0}
.list .from{color:var(--muted)}
.list .number{text-align:right}
.runs code{white-space:nowrap}
.runs th:last-child{text-align:right}
.runs td:nth-child(2),.runs td:nth-child(6){text-align:right}
.runs th:nth-child(2),.runs th:nth-child(6){text-align:right}`;

const CHARTS = `
.definitions{position:absolute}
.chart{font-size:.85rem}
.chart thead{position:static}
.chart thead th,.chart tfoot td{border:0}
.chart tbody th,.chart .name{position:sticky;left:0;z-index:1;background:var(--paper);min-width:9rem;max-width:12rem;color:var(--ink)}
.chart thead .name,.chart tfoot .name{color:var(--muted);font-size:.8rem}
.chart tbody td,.chart tbody th{border:0;padding-block:0;vertical-align:middle}
.chart tbody tr:hover>*{background:var(--band)}
.chart tbody .reference .title{font-weight:600}
.chart td,.chart thead th{padding-inline:.12rem}
.chart tbody th,.chart .name{padding-left:.4rem}
.chart td.opens,.chart th.opens{padding-left:.7rem}
.chart tfoot td{padding-top:0}
.chart svg{display:block}
text{fill:var(--muted);font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
/* no ancestors: these are drawn through use elements, whose trees have none */
.grid{stroke:var(--line);fill:none}
path.compared{stroke:var(--muted);stroke-dasharray:3 3;fill:none}
svg .whisker{stroke:var(--muted);stroke-width:1.5;fill:none}
svg .plain{fill:var(--paper);stroke:var(--ink);stroke-width:1.6}
svg .reference{fill:var(--ink)}
svg .better{fill:var(--better)}
svg .worse{fill:var(--worse)}
.whisker:has(+.better){stroke:var(--better)}
.whisker:has(+.worse){stroke:var(--worse)}
.forest td:not(.name),.forest thead th:not(.name){padding-inline:.6rem}
.forest tbody td,.forest tbody th{padding-block:.3rem}
.forest .numbers,.forest .seeds{display:block;font-size:.76rem;color:var(--muted);white-space:nowrap;margin-top:-.1rem}
.forest .numbers b{font-weight:600;color:var(--ink)}
.forest .numbers .better{color:var(--better)}
.forest .numbers .worse{color:var(--worse)}
.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,225px),1fr));gap:1.4rem 1.6rem}
figure{margin:0;max-width:340px}
figcaption{font-size:.87rem;overflow-wrap:anywhere;unicode-bidi:isolate}
.curve{display:block;width:100%;height:auto}
.curve path{fill:none;stroke-linejoin:round}
.curve .seed{stroke:var(--accent);stroke-opacity:.45}
.curve .mean{stroke:var(--accent);stroke-width:2.4}
.curve .chosen{fill:var(--accent);stroke:var(--paper)}`;

const MEDIA = `
@media (max-width:640px){
body{font-size:14.5px}
.curves{grid-template-columns:repeat(auto-fill,minmax(160px,1fr));gap:1rem}
.figures tbody th,.figures thead .name,.chart tbody th,.chart .name{min-width:7.2rem;max-width:8.6rem}
.board .scroll{max-height:none}
.figures thead{position:static}
}
@media (min-width:1300px){
.board:not(:has(#show-extra:checked)) .scroll{overflow:visible;max-height:none}
}
@media (forced-colors:active){.grid{stroke:GrayText}svg .whisker,svg .plain,.curve path{stroke:CanvasText}svg .reference,svg .better,svg .worse{fill:CanvasText}}
@page{size:A4 landscape;margin:11mm}
@media print{
:root{--paper:#fff}
html{font-size:12px}
body{font-size:9pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.page{max-width:none;padding:0}
nav,.themes,.switches,.save{display:none}
section{margin-top:7mm}
h2,h3,section>p,.sources>p{break-after:avoid}
p,tr,figure,.facts,.reading>div,#types,#differences,#curves,#reading{break-inside:avoid}
.scroll,.board .scroll,.scroll.tall{overflow:visible;max-height:none}
thead,.figures tbody th,.figures thead .name,.chart tbody th,.chart .name,.section span{position:static}
.figures{font-size:7.4pt}
.figures td,.figures th{padding:.16rem .2rem}
.figures td,.figures thead th:not(.name){padding-right:.5rem}
.figures .opens:not(.name),.figures thead .groups th:not(.name){padding-left:.4rem}
.figures tbody th,.figures thead .name{min-width:7rem;max-width:11rem}
.spread,.interval,.remark,.figures .seed td,.figures .seed th{font-size:6.4pt}
.board:has(#show-extra:checked) .figures{font-size:6.4pt}
.chart{font-size:7.4pt}
thead th button{display:contents}
text{font-size:9px}
.chart td,.chart thead th{padding-inline:0}
.chart td.opens,.chart th.opens{padding-left:.2rem}
.chart tbody th,.chart .name{min-width:6rem;max-width:9rem}
.forest .numbers,.forest .seeds{font-size:6.4pt}
.curves{grid-template-columns:repeat(4,1fr)}
pre code{white-space:pre-wrap}
}`;

/** The page's whole style sheet; colours are variables, so one drawing serves light, dark and print. */
export const STYLE = [PALETTE, BASE, TABLES, CHARTS, MEDIA].join('');
