/** Rules of the page of questions; those of all pages come before. */
export const STYLE = `
#choice{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;margin:1.4rem 0 1rem}
#choice[hidden]{display:none}
#choice label{display:flex;flex-direction:column;font-size:.75rem;color:var(--muted);max-width:min(24rem,100%);min-width:0}
select{font:inherit;font-size:.9rem;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.25rem .4rem;width:100%}
.scroll{overflow-x:auto}
pre{white-space:pre-wrap}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .9rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th{font-size:.75rem;color:var(--muted);font-weight:400}
tbody th{font-weight:400;min-width:16rem}
.right{color:var(--better)}
.wrong{color:var(--worse)}
.right::before{content:"✓ "}
.wrong::before{content:"✗ "}
`;
