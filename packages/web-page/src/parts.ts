import { type Html, NOTHING, html } from './html';

/** `figure`: set as a number. */
type Cell = Html | string | { readonly figure: Html | string };

export interface ListTable {
  readonly heads: readonly Cell[]; // of columns
  readonly rows: readonly (readonly [head: Html | string, ...cells: Cell[]])[];
  readonly kind?: string; // further classes of the table
  readonly caption?: Html;
}

/** A table of words and figures, whose first column heads its rows. */
export const listTable = ({ heads, rows, kind, caption }: ListTable): Html =>
  html`<table class="list${kind === undefined ? '' : ` ${kind}`}">
    ${caption ?? NOTHING}
    <thead>
      <tr>
        ${heads.map(headOf)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([head, ...cells]) =>
          html`<tr>
            <th scope="row">${head}</th>
            ${cells.map(cellOf)}
          </tr>`,
      )}
    </tbody>
  </table>`;

const isFigure = (cell: Cell): cell is Extract<Cell, { readonly figure: unknown }> => typeof cell === 'object' && 'figure' in cell;

const headOf = (cell: Cell): Html =>
  isFigure(cell) ? html`<th scope="col" class="number">${cell.figure}</th>` : html`<th scope="col">${cell}</th>`;

const cellOf = (cell: Cell): Html => (isFigure(cell) ? html`<td class="number">${cell.figure}</td>` : html`<td>${cell}</td>`);

/** What may be wider than the page, scrolled by itself, with the keyboard too. `isTall`: higher as well. */
export const scrolled = (label: string, content: Html, isTall = false): Html =>
  html`<div class="scroll${isTall ? ' tall' : ''}" tabindex="0" role="region" aria-label="${label}">${content}</div>`;

/** Names with what each of them is; what is null is left out. */
export const definitionList = (of: readonly (readonly [name: string, value: Html | string | null])[], kind?: string): Html =>
  html`<dl${kind === undefined ? NOTHING : html` class="${kind}"`}>
    ${of.map(([name, value]) =>
      value === null
        ? NOTHING
        : html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>`;

/** `2026-12-01T08:30:00.000Z` as `2026-12-01 08:30 UTC`. */
export const utc = (time: string): string => time.replace(/T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/, ' $1 UTC');
