import type { Difference, Leaderboard, MethodRow } from '../leaderboard';
import { decimals, pValue, signed } from '../numbers';
import { referenceOf } from '../reference';
import { verdictOf } from '../significance';
import { chartedMethods, chartedRemark } from './charted';
import { type Html, html } from '@tass/web-page';
import { columnAxis, columnLines, intervalMark } from './marks';
import { type Scale, linearScale } from './scale';

const WIDTH = 190;
const HEIGHT = 22;
const LINES = 'forest-lines';
const PANELS = [
  ['All', 'All questions'],
  ['A-Avg', 'Audio'],
  ['V-Avg', 'Visual'],
  ['AV-Avg', 'Audio-Visual'],
] as const;

/** Differences from the reference with their intervals, over all questions and by modality, on one scale. */
export function forest(leaderboard: Leaderboard): Html {
  const reference = referenceOf(leaderboard);
  const compared = chartedMethods(leaderboard).filter(({ against }) => against !== null);
  const panels = PANELS.filter(([id]) => compared.some(({ against }) => against?.[id]));
  if (!reference) return html`<p class="none">No reference was chosen, so nothing is compared.</p>`;
  if (leaderboard.methods.length === 1) return html`<p class="none">There is no other method.</p>`;
  if (panels.length === 0) return html`<p class="none">No method shares a seed with the reference ${reference.name}.</p>`;
  const scale = scaleOf(compared.flatMap(({ against }) => panels.flatMap(([id]) => against?.[id] ?? [])));
  return html`<p>
      The chart shows each method minus <b>${reference.name}</b> in percentage points, with seeds paired, 95 % intervals over videos, and p
      after Holm’s correction. If an interval crosses the line in the middle, there may be no difference. Intervals and p estimate how these
      networks would do on other test videos; the differences by seed show the effect of retraining. ${chartedRemark(leaderboard)}
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Chart: differences from the reference">
      <svg class="definitions" width="0" height="0" aria-hidden="true"><defs>${columnLines(LINES, scale, HEIGHT, 0)}</defs></svg>
      <table class="chart forest">
        <thead>
          <tr>
            <th scope="col" class="name">Method</th>
            ${panels.map(([, title]) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${compared.map((method) => row(method, panels, scale))}
        </tbody>
        <tfoot>
          <tr>
            <td class="name">worse ← → better</td>
            ${panels.map(() => html`<td>${columnAxis(scale, WIDTH, (tick) => (tick > 0 ? `+${tick}` : decimals(tick, Number.isInteger(tick) ? 0 : 1)))}</td>`)}
          </tr>
        </tfoot>
      </table>
    </div>`;
}

const row = ({ name, against }: MethodRow, panels: readonly (readonly [string, string])[], scale: Scale): Html =>
  html`<tr>
    <th scope="row"><span class="title">${name}</span></th>
    ${panels.map(([id]) => cell(against?.[id], scale))}
  </tr>`;

function cell(one: Difference | undefined, scale: Scale): Html {
  if (!one) return html`<td>–</td>`;
  const verdict = verdictOf(one);
  return html`<td>
    <svg width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">
      <use href="#${LINES}" />
      ${intervalMark(scale, HEIGHT, one.low, one.difference, one.high, verdict)}</svg
    ><span class="numbers"
      ><b class="${verdict ?? ''}">${signed(one.difference)}</b> [${signed(one.low)}, ${signed(one.high)}] p ${pValue(one.adjusted)}</span
    >${one.pairs.length > 1 && one.pairs.length <= 6 ? html`<span class="seeds">by seed ${one.pairs.map((points) => signed(points, 1)).join(' ')}</span>` : ''}
  </td>`;
}

function scaleOf(differences: readonly Difference[]): Scale {
  const low = Math.min(0, ...differences.map((one) => one.low));
  const high = Math.max(0, ...differences.map((one) => one.high));
  return linearScale([low, high], [9, WIDTH - 9], 6);
}
