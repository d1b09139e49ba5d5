import { type Html, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look } from '../explanation';
import { MAP_NAMES, greatest, percent, seconds } from '../words';

interface Column {
  readonly name: string;
  readonly cell: (segment: number) => string;
}

/** The figures of the time line in words and numbers, a row a segment. */
export function segmentTable({ video, truth, looks }: Explanation): Html {
  const columns: readonly Column[] = [
    ...(truth?.needed ? [yesOrNo('Needed', truth.needed)] : []),
    ...(truth?.sounding ? [yesOrNo('Sounding', truth.sounding)] : []),
    ...looks.flatMap((look) => columnsOf(look, looks.length > 1 ? `${look.run.name}: ` : '')),
  ];
  if (columns.length === 0) return NOTHING;
  return html`<details class="as-table">
    <summary>The figures of each segment as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="The figures of each segment">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col">Second</th>
            ${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${video.segments.map(
            ({ atSeconds }, at) =>
              html`<tr>
                <th scope="row">${at + 1}</th>
                <td>${seconds(atSeconds)}</td>
                ${columns.map(({ cell }) => html`<td>${cell(at)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

const yesOrNo = (name: string, values: readonly boolean[]): Column => ({ name, cell: (at) => (values[at] ? 'yes' : 'no') });

const columnsOf = ({ attention, maps, grid }: Look, of: string): Column[] => [
  ...attention.flatMap(({ modality, mean, heads }) => [
    { name: `${of}${modality} attention`, cell: (at: number) => percent(mean[at], 1) },
    ...heads.map((head, number) => ({ name: `${of}${modality}, head ${number + 1}`, cell: (at: number) => percent(head[at], 1) })),
  ]),
  ...maps.map(({ kind, shares }) => ({
    name: `${of}${MAP_NAMES[kind]}, greatest region`,
    cell: (at: number) => {
      const region = greatest(shares[at]);
      const columns = grid?.columns ?? 1;
      return `row ${Math.floor(region / columns) + 1}, column ${(region % columns) + 1}: ${percent(shares[at][region], 1)}`;
    },
  })),
];
