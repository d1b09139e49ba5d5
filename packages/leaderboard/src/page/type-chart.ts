import type { Leaderboard, LeaderboardColumn, MethodRow } from '../leaderboard';
import { decimals } from '../numbers';
import { verdictOf } from '../significance';
import { chartedMethods, chartedRemark } from './charted';
import { type Html, html } from '@tass/web-page';
import { columnAxis, columnLines, intervalMark } from './marks';
import { type Scale, linearScale } from './scale';

const WIDTH = 72;
const HEIGHT = 24;

interface Charted {
  readonly column: LeaderboardColumn;
  readonly scale: Scale;
  readonly lines: string; // id
  readonly compared: number | null; // the reference's mean
  readonly opens: string;
}

/** Every method in every column of the field: mean and 95 % interval, each column on a scale of its own. */
export function typeChart(leaderboard: Leaderboard): Html {
  const methods = chartedMethods(leaderboard);
  const reference = methods.find(({ id }) => id === leaderboard.reference);
  const asked = leaderboard.columns.filter(({ id, group }) => group !== 'extra' && methods.some(({ figures }) => figures[id]));
  const charted = asked.map((column, at): Charted => ({
    column,
    scale: scaleOf(methods, column),
    lines: `type-lines-${at}`,
    compared: reference?.figures[column.id]?.mean ?? null,
    opens: column.group === asked[at - 1]?.group ? '' : 'opens',
  }));
  return html`<p>
      Mean over seeds and 95 % interval over videos. Every column has a scale of its own, in percent: compare down a column, not across.
      ${reference ? 'The dashed line is the reference.' : ''} ${chartedRemark(leaderboard)}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Chart: accuracy by question type">
      <svg class="definitions" width="0" height="0" aria-hidden="true">
        <defs>${charted.map(({ lines, scale, compared }) => columnLines(lines, scale, HEIGHT, compared))}</defs>
      </svg>
      <table class="chart">
        <thead>
          <tr>
            <th scope="col" class="name">Method</th>
            ${charted.map(({ column, opens }) => html`<th scope="col" class="${opens}">${column.id}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${methods.map(
            (method) => html`<tr${method === reference ? html` class="reference"` : ''}>
              <th scope="row"><span class="title">${method.name}</span></th>${charted.map((column) => cell(method, column, method === reference))}
            </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <td></td>
            ${charted.map(({ scale, opens }) => html`<td class="${opens}">${columnAxis(scale, WIDTH, String)}</td>`)}
          </tr>
        </tfoot>
      </table>
    </div>`;
}

function scaleOf(methods: readonly MethodRow[], { id }: LeaderboardColumn): Scale {
  const figures = methods.flatMap((method) => method.figures[id] ?? []);
  const ends = [Math.min(...figures.map(({ low }) => low)), Math.max(...figures.map(({ high }) => high))] as const;
  return linearScale(ends, [7, WIDTH - 7], 4);
}

function cell({ figures, against }: MethodRow, { column, scale, lines, opens }: Charted, isReference: boolean): Html {
  const figure = figures[column.id];
  if (!figure) return html`<td class="${opens}"></td>`;
  const { mean, low, high } = figure;
  const kind = isReference ? 'reference' : verdictOf(against?.[column.id]);
  return html`<td class="${opens}">
    <svg width="${WIDTH}" height="${HEIGHT}" role="img">
      <title>${column.id} ${decimals(mean)}, ${decimals(low)} to ${decimals(high)}</title>
      <use href="#${lines}" />
      ${intervalMark(scale, HEIGHT, low, mean, high, kind)}
    </svg>
  </td>`;
}
