import { VERDICT_COLOURS } from '../page/style';

/** The rules of the index, after those that pages share. */
export const STYLE = `${VERDICT_COLOURS}
h1{font-size:clamp(1.45rem,1.1rem + 1.5vw,2.1rem)}
.index{display:grid;grid-template-columns:minmax(0,1fr);gap:0 2.4rem;margin-top:1.4rem}
@media (min-width:1000px){.index{grid-template-columns:19rem minmax(0,1fr)}.filters label,.filters select,.filters input{width:100%}}
.scroll{overflow:auto}
.types{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
.types th{font-weight:400;text-align:left}
.types thead th{color:var(--muted);font-size:.82rem}
.types td,.types th{padding:.2rem 1rem .2rem 0;vertical-align:bottom}
.types td,.types tbody th{white-space:nowrap}
.types tbody tr>*{border-top:1px solid var(--line)}
.filters{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;margin:0 0 1.4rem;padding:.9rem 1rem;background:var(--band);border:1px solid var(--line);border-radius:10px;font-size:.88rem}
.filters[hidden]{display:none}
.filters label{display:flex;flex-direction:column;gap:.15rem;color:var(--muted);font-size:.8rem;max-width:min(22rem,100%)}
.filters select,.filters input{font:inherit;font-size:.9rem;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.3rem .5rem;max-width:100%}
.count{margin:0 0 .8rem;color:var(--muted);font-variant-numeric:tabular-nums}
.cards{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,11.5rem),1fr));gap:1.4rem 1.2rem}
.card{position:relative;display:flex;flex-direction:column;border:1px solid var(--line);border-radius:10px;overflow:hidden}
.card[hidden]{display:none}
.card:hover{border-color:var(--accent)}
.card:focus-within{outline:2px solid var(--focus);outline-offset:2px}
.thumbnail{display:block;width:100%;aspect-ratio:1;object-fit:cover;background:var(--band);border-bottom:1px solid var(--line)}
div.thumbnail{display:grid;place-items:center;font-size:.85rem}
.words{padding:.7rem .9rem;overflow-wrap:anywhere;font-size:.9rem}
.words a{color:var(--ink);font-weight:600;font-size:1rem;line-height:1.35;text-decoration:none;display:block}
.words a::after{content:"";position:absolute;inset:0}
.words a:hover{color:var(--accent)}
.words a:focus-visible{outline:0}
.words ul{list-style:none;margin:.4rem 0 0;padding:0;font-variant-numeric:tabular-nums}
.words p{margin:.15rem 0 0}
.words p.none{font-size:.78rem;margin-top:.5rem}
.right .verdict{color:var(--good)}
.wrong .verdict{color:var(--bad)}
@media print{.filters{display:none}.card{break-inside:avoid}.cards{grid-template-columns:repeat(4,1fr)}}`;
