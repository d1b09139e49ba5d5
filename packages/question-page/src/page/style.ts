import { themed } from '@tass/web-page';

/** Right and wrong, also said by sign and words. */
export const VERDICT_COLOURS = themed('--good:#1b6e4b;--bad:#b04606', '--good:#6fd0a4;--bad:#f3a063');

// Picture and sound in blue and orange, as told apart by every kind of colour vision.
const COLOURS = themed(
  '--visual:#1f77b4;--audio:#cc6a08;--text-share:#6b4fa0;--truth:#2f7d5b;--wave:#5a636c;--cursor:#c2185b',
  '--visual:#5ba8e0;--audio:#f0984a;--text-share:#a78be0;--truth:#5cbf93;--wave:#98a2ab;--cursor:#ff6f9f',
);

const HEAD = `
.up{margin:.8rem 0 0;font-size:.9rem}
h1{font-size:clamp(1.45rem,1.1rem + 1.5vw,2.1rem);max-width:60ch;margin:.5rem 0 .7rem}
.verdicts{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.6rem}
.verdicts li{display:flex;flex-wrap:wrap;gap:.15rem .6rem;align-items:baseline;padding:.45rem .9rem;border:1px solid var(--line);border-radius:10px;background:var(--band);border-left:4px solid var(--faint)}
.verdicts .answer{font-size:1.2rem;overflow-wrap:anywhere}
.verdicts .who{color:var(--muted);font-size:.85rem;overflow-wrap:anywhere}
.verdicts .right{border-left-color:var(--good)}
.verdicts .wrong{border-left-color:var(--bad)}
.verdicts .right .verdict{color:var(--good);font-weight:600}
.verdicts .wrong .verdict{color:var(--bad);font-weight:600}
.facts dd{overflow-wrap:anywhere;max-width:60ch}
.notices{margin-top:1.2rem;padding:.8rem 1.1rem;background:var(--band);border-radius:10px;border:1px solid var(--line)}
.notices h2{font-size:1rem;margin:0 0 .2rem}
.notices ul{margin:0;padding-left:1.1rem;font-size:.92rem;max-width:100ch}
.notices li{overflow-wrap:anywhere}
main section{margin-top:2.4rem}
.section-head{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.3rem 1rem;margin-bottom:.6rem}
.section-head h2{margin:0}
.savers{display:flex;gap:.3rem}
.savers[hidden]{display:none}
.savers button{font-size:.72rem;padding:.1rem .5rem;color:var(--muted)}
.savers button:hover{color:var(--accent);border-color:var(--accent)}
.badge{display:inline-block;font-size:.7rem;line-height:1.35;padding:0 .4rem;border:1px solid var(--faint);border-radius:99px;color:var(--muted);white-space:nowrap}
.definitions{position:absolute}
.look h3,.side h3{margin:1rem 0 .3rem;overflow-wrap:anywhere}
caption{text-align:left;font-weight:600;font-size:.95rem;padding-bottom:.3rem;overflow-wrap:anywhere}
table{border-collapse:collapse;font-variant-numeric:tabular-nums lining-nums}
th{text-align:left;font-weight:400}`;

const STAGE = `
.overview{display:grid;grid-template-columns:minmax(17rem,23rem) minmax(0,1fr);gap:0 2.6rem;align-items:start}
.overview.unseen{grid-template-columns:minmax(0,1fr)}
.halves{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 3rem;align-items:start}
@media (max-width:900px){.overview,.halves{grid-template-columns:minmax(0,1fr)}}
.screens{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,220px),1fr));gap:1rem;max-width:44rem}
@media (min-width:901px){.screens{grid-template-columns:minmax(0,1fr)}}
.screen{margin:0}
.screens .screen:only-child{max-width:30rem}
.screen figcaption{font-weight:600;font-size:.95rem;overflow-wrap:anywhere}
.picture{display:block;width:100%;height:auto;border-radius:8px;background:var(--band);border:1px solid var(--line)}
.seen{margin-top:.5rem;font-size:.84rem;color:var(--muted)}
.seen p,.seen dl,.seen dd{margin:0}
.seen b{color:var(--ink)}
.seen dl>div{display:flex;gap:.5rem}
.seen dt{min-width:7.4rem}
.seen dd{font-variant-numeric:tabular-nums;color:var(--ink)}
.no-frame{fill:var(--band)}
.overlay{opacity:var(--overlay,.75)}
.box-ground,.box{fill:none;vector-effect:non-scaling-stroke}
.box-ground{stroke:#000;stroke-opacity:.6;stroke-width:calc(2*var(--box,2px))}
.box{stroke:#fff;stroke-width:var(--box,2px);stroke-dasharray:6 4}
.box.sounds{stroke:#7dffc4;stroke-dasharray:none}
.strip{--box:1px}
.page:not(:has(#map-text:checked)) :is(.overlay,.cut,.overlay-key).text,
.page:not(:has(#map-audio:checked)) :is(.overlay,.cut,.overlay-key).audio,
.page:not(:has(#map-pooled:checked)) :is(.overlay,.cut,.overlay-key).pooled,
.page:not(:has(#show-cut:checked)) .cut,
.page:not(:has(#show-boxes:checked)) .boxes{display:none}
.choices{border:0;margin:.6rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;font-size:.9rem;align-items:center}
.choices legend{float:left;padding:0;margin-right:.3rem;color:var(--muted)}
.choices label,.opacity{display:inline-flex;gap:.4rem;align-items:center;cursor:pointer}
.opacity{margin-top:.5rem;font-size:.9rem}
.opacity[hidden],.transport[hidden]{display:none}
input{accent-color:var(--accent)}
.choices input{width:1rem;height:1rem;margin:0}
.scale{display:flex;flex-wrap:wrap;gap:.2rem .5rem;align-items:center;margin:.5rem 0 0;font-size:.8rem;color:var(--muted)}
.ramp{width:9rem;height:.7rem;border-radius:3px}
.key>span{display:inline-flex;gap:.4rem;align-items:center}
.key{display:flex;flex-wrap:wrap;gap:.2rem .9rem;align-items:center;margin:.5rem 0 0;font-size:.8rem;color:var(--muted)}
.key-box{display:inline-block;width:1rem;height:.8rem;border:1.5px dashed var(--ink)}
.key-box.sounds{border:2px solid var(--truth)}
.transport{display:flex;gap:.5rem;align-items:center;margin-bottom:.7rem}
.transport button{min-width:2.6rem;padding:.3rem .5rem;line-height:1.3}
#play{background:var(--accent);border-color:var(--accent);color:var(--paper);min-width:3.2rem}
#seek{flex:1;min-width:4rem}
#clock{font-variant-numeric:tabular-nums;min-width:4.2rem;text-align:right;white-space:nowrap}
audio{width:100%}
audio:not([controls]){display:none}`;

const LANES = `
.timeline{--names:9.2rem;position:relative;user-select:none;-webkit-user-select:none}
.lane{display:grid;grid-template-columns:var(--names) minmax(0,1fr);align-items:center;margin-bottom:.35rem}
.lane-name{font-size:.82rem;line-height:1.25;padding-right:.8rem;overflow-wrap:anywhere}
.lane-name b{font-weight:600}
.lane-name span{color:var(--muted);display:block;font-size:.92em}
.lane-drawing{cursor:crosshair;touch-action:pan-y}
.lane-drawing svg{display:block;width:100%}
.lane-drawing svg svg{overflow:visible}
.lane-drawing p{margin:0}
.cursor-track{position:absolute;left:var(--names);right:0;top:0;bottom:0;pointer-events:none;z-index:2}
.cursor{position:absolute;top:0;bottom:0;width:2px;margin-left:-1px;background:var(--cursor);left:0}
.axis svg{height:22px;overflow:visible}
.axis line{stroke:var(--faint)}
.strip{height:auto}
.strip .outline{fill:none;stroke:none}
.strip .current .outline{stroke:var(--cursor);stroke-width:3}
.wave{height:64px;background:var(--band);border-radius:4px}
.mel{height:96px;border-radius:4px}
.wave-form{fill:var(--wave)}
.veil{fill:var(--paper);fill-opacity:.72}
.bars{height:26px;background:var(--band);border-radius:3px}
.mean .bars{height:62px;border-radius:4px}
.bars .cell{fill:transparent}
.bars .cell.current{fill:var(--cursor);fill-opacity:.13}
.bars .visual{fill:var(--visual)}
.bars .audio{fill:var(--audio)}
.bars .uniform{stroke:var(--ink);stroke-dasharray:4 3;stroke-width:1;stroke-opacity:.75}
.marks{height:16px}
.mark{fill:var(--truth)}
.unmarked{fill:var(--line)}
.head{margin-bottom:.15rem}
.head .lane-name span{display:inline}
.head .lane-name b{font-weight:400}
.heads summary,.as-table summary{font-size:.85rem;color:var(--muted);margin:.3rem 0}
.timeline .look+.look{margin-top:1rem}
.uniform-key{display:inline-block;width:1.6rem;border-top:1px dashed var(--ink);vertical-align:middle}
.legend{font-size:.8rem;color:var(--muted);margin:.5rem 0}
.scroll{overflow:auto;max-height:26rem;border-block:1px solid var(--line)}
.list{font-size:.84rem}
.list th,.list td{padding:.2rem .9rem .2rem .2rem;border-top:1px solid var(--line);white-space:nowrap}
.judged th,.judged td{white-space:normal;padding-right:1.6rem}
.list thead th{border:0;color:var(--muted);vertical-align:bottom;white-space:normal}`;

const FIGURES = `
.side{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:1.2rem 2.5rem;align-items:start}
.answers table{width:100%}
.answers th{width:38%;padding:.22rem .6rem .22rem 0;overflow-wrap:anywhere}
.answers .given .answer{font-weight:700}
.answers td{padding:.22rem 0}
.bar svg{display:block;width:100%;height:.9rem}
.ground{fill:var(--band)}
.value{fill:var(--faint)}
.open.given .value{fill:var(--accent)}
.right .value{fill:var(--good)}
.wrong .value{fill:var(--bad)}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.number{width:4.6rem}
.all-answers{columns:9rem;font-size:.86rem;padding-left:1.6rem;margin:.4rem 0 0}
.answers+.none,.answers details{margin-top:.5rem;font-size:.88rem}
.side+.none{margin-top:.8rem;font-size:.9rem}
.words{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem .55rem;margin:0;padding:0}
.words li{display:flex;flex-direction:column;gap:.15rem;max-width:100%}
.words small{font-size:.74rem;color:var(--muted);font-variant-numeric:tabular-nums}
.words .badge{align-self:flex-start}
.word{font-size:1.05rem;overflow-wrap:anywhere}
.target .word{font-weight:700}
.target .badge{border-color:var(--text-share);color:var(--ink)}
.unknown{text-decoration:underline dotted var(--bad);text-underline-offset:.2em}
.weight{width:0;min-width:100%;height:.4rem}
.weight rect{rx:2px}
.text-share{fill:var(--text-share)}
.moves{width:100%;font-size:.92rem}
.moves th,.moves td{padding:.35rem .8rem .35rem 0;border-top:1px solid var(--line);vertical-align:middle}
.moves thead th{border:0;color:var(--muted);font-size:.82rem}
.moves tbody th{overflow-wrap:anywhere}
.moves small.none{display:block}
.moves td .number{display:inline-block;width:3.6rem}
.dumbbell{width:calc(100% - 3.8rem);min-width:5rem;max-width:16rem;height:14px;vertical-align:middle}
.grid{stroke:var(--line);fill:none}
.way{stroke:var(--muted);stroke-width:2}
.ring{fill:var(--paper);stroke:var(--muted);stroke-width:1.5}
.dot{fill:var(--accent)}
.moved .dot{fill:var(--bad)}
.moved .answer{font-weight:700}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:1.2rem 2rem}
.chart{margin:0;max-width:440px}
.chart svg{display:block;width:100%;height:auto}
.chart path{fill:none}
.chart figcaption{font-weight:600;font-size:.92rem}
.chart figcaption .none{font-weight:400;display:block}
.chart details{font-size:.85rem}
text{fill:var(--muted);font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
.random{stroke:var(--faint);stroke-width:1}
.random-mean{stroke:var(--muted);stroke-width:1.6;stroke-dasharray:5 3}
.deletion{stroke:var(--accent);stroke-width:2.4}
.deletion-point{fill:var(--accent)}
.run{margin:0;display:flex;flex-wrap:wrap;gap:.6rem 2rem}
.run dt{font-size:.75rem;color:var(--muted)}
.run dt::first-letter{text-transform:uppercase}
.run dd{margin:0;overflow-wrap:anywhere}`;

const MEDIA = `
@media (max-width:640px){
.timeline{--names:0rem}
.lane{grid-template-columns:minmax(0,1fr)}
.lane-name span{display:inline}
.lane-name{padding:0}
.moves thead{display:none}
.moves tr{display:block;padding:.4rem 0;border-top:1px solid var(--line)}
.moves th,.moves td{display:block;border:0;padding:.1rem 0}
}
@media (forced-colors:active){.bars rect.visual,.bars rect.audio,.mark,.value,.text-share,.dot,.cursor{fill:CanvasText;background:CanvasText;forced-color-adjust:none}.uniform,.grid{stroke:GrayText}}
@media print{
.transport,audio,.choices,.opacity,.up,.as-table:not([open]),.answers details:not([open]),.chart details:not([open]){display:none}
main section{margin-top:5mm}
.overview{grid-template-columns:60mm 1fr}
.lane,figure,tr,.notices,.facts{break-inside:avoid}
.screens .screen:only-child{max-width:75mm}
}`;

/** The rules of a question's page, after those that pages share. */
export const STYLE = [VERDICT_COLOURS, COLOURS, HEAD, STAGE, LANES, FIGURES, MEDIA].join('');
