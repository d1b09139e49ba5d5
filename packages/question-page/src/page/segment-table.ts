import { type Html, listTable, NOTHING, html, scrolled } from '@tass/web-page';
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
    ${scrolled(
      'The figures of each segment',
      listTable({
        heads: ['Segment', 'Second', ...columns.map(({ name }) => name)],
        rows: video.segments.map(({ atSeconds }, at) => [String(at + 1), seconds(atSeconds), ...columns.map(({ cell }) => cell(at))]),
      }),
    )}
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
