const PARTS = `
pre{margin:0 0 .9rem;padding:.8rem 1rem;background:var(--band);border:1px solid var(--line);border-radius:8px;overflow-x:auto;line-height:1.6}
pre code{white-space:pre;user-select:all}
.lede{font-size:1.12rem;max-width:70ch}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;list-style:none;margin:1rem 0 0;padding:0;font-size:.9rem}
.reading{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:1.1rem 2.2rem;margin:0}
.reading dt{font-weight:600}
.reading dd{margin:0;color:var(--muted);font-size:.92rem}`;

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
.published:has(>.scroll){margin-top:2rem}
.tests{margin-top:2rem}
@media screen{.tests .scroll{overflow:auto!important}}
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
.templates tbody th{min-width:14rem;max-width:24rem}
.templates td{white-space:nowrap}
.folds>details{border-top:1px solid var(--line);padding:.4rem 0}
.folds details details{margin-top:.6rem}
.matrix{font-size:.76rem;width:auto}
.matrix td,.matrix th{padding:.1rem .3rem;white-space:nowrap}
.matrix td{text-align:right}
.matrix tbody th{position:sticky;left:0;background:var(--paper)}
.matrix thead th{writing-mode:vertical-rl;transform:rotate(180deg);vertical-align:top}
.matrix thead th:first-child{writing-mode:horizontal-tb;transform:none;vertical-align:bottom}
.matrix .same{background:var(--band);font-weight:600}
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
.curves{grid-template-columns:repeat(auto-fill,minmax(160px,1fr));gap:1rem}
.figures tbody th,.figures thead .name,.chart tbody th,.chart .name{min-width:7.2rem;max-width:8.6rem}
.board .scroll{max-height:none}
.figures thead{position:static}
}
@media (min-width:1300px){
.board:not(:has(#show-extra:checked)) .scroll{overflow:visible;max-height:none}
}
@media (forced-colors:active){.grid{stroke:GrayText}svg .whisker,svg .plain,.curve path{stroke:CanvasText}svg .reference,svg .better,svg .worse{fill:CanvasText}}
@media print{
.switches{display:none}
section{margin-top:7mm}
section>p,.sources>p{break-after:avoid}
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

/** The rules of the leaderboard's page, after those that pages share. */
export const STYLE = [PARTS, TABLES, CHARTS, MEDIA].join('');
