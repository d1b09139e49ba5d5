import { calibrationError, pooledBins } from '../calibration';
import type { CalibrationBin, Leaderboard, MethodRow } from '../leaderboard';
import { spread } from '../spread';
import { chartedMethods, chartedRemark } from './charted';
import { type Html, NOTHING, html } from '@tass/web-page';
import { linearScale } from './scale';

const SIZE = 230;
const INNER = { left: 30, right: SIZE - 14, top: 8, bottom: SIZE - 20 };
const X = linearScale([0, 100], [INNER.left, INNER.right], 6);
const Y = linearScale([0, 100], [INNER.bottom, INNER.top], 6);

/** Whether a method knows when it is right: accuracy by the probability of its answer. */
export function calibration(leaderboard: Leaderboard): Html {
  const methods = chartedMethods(leaderboard).filter(({ runs }) => runs.some((run) => run.calibration !== null));
  if (methods.length === 0) return html`<p class="none">No predictions here have probabilities, so calibration is unknown.</p>`;
  const others = chartedMethods(leaderboard).filter((method) => !methods.includes(method));
  const without = others.length === 0 ? '' : `Without probabilities: ${others.map(({ name }) => name).join('; ')}. `;
  return html`<p>
      The chart shows the accuracy of answers against the probability that the method gave them, both in percent, over all seeds. On the
      dashed line a method is right as often as it predicts; below the line it is overconfident. The area of a dot is its share of the
      answers. The expected calibration error (ECE) is the mean distance from the line over answers in ten bins. Results over several seeds
      are given as mean ± standard deviation. ${without}${chartedRemark(leaderboard)}
    </p>
    <svg class="definitions" width="0" height="0" aria-hidden="true"><defs>${axes()}</defs></svg>
    <div class="curves">${methods.map(chart)}</div>`;
}

function axes(): Html {
  const across = Y.ticks.map((tick) => `M${INNER.left} ${Y.at(tick)}H${INNER.right}`).join('');
  return html`<g id="calibration-axes"
    ><path class="grid" d="${across}" /><path class="compared" d="M${X.at(0)} ${Y.at(0)}L${X.at(100)} ${Y.at(100)}" />${Y.ticks.map(
      (tick) => html`<text x="${INNER.left - 6}" y="${Y.at(tick) + 3.5}" text-anchor="end">${tick}</text>`,
    )}${X.ticks.map((tick) => html`<text x="${X.at(tick)}" y="${SIZE - 5}" text-anchor="middle">${tick}</text>`)}</g
  >`;
}

function chart({ name, runs }: MethodRow): Html {
  const bins = pooledBins(runs).filter(({ count }) => count > 0);
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  const errors = spread(runs.flatMap((run) => (run.calibration ? [calibrationError(run.calibration)] : [])));
  const points = bins.map((bin) => ({ ...bin, x: X.at(sureness(bin)), y: Y.at(accuracy(bin)) }));
  const said = points.map((bin) => `${sureness(bin).toFixed(0)} % sure: ${accuracy(bin).toFixed(0)} % right of ${bin.count}`);
  return html`<figure>
    <figcaption>${name} <span class="none">ECE ${errors}</span></figcaption>
    <svg class="curve" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${name}: ECE ${errors}. ${said.join('; ')}">
      <use href="#calibration-axes" />
      ${points.length < 2 ? NOTHING : html`<path class="seed" d="M${points.map(({ x, y }) => `${x} ${y}`).join('L')}" />`}${points.map(
        ({ x, y, count }) => html`<circle class="chosen" cx="${x}" cy="${y}" r="${(1.5 + 9 * Math.sqrt(count / all)).toFixed(1)}" />`,
      )}
    </svg>
  </figure>`;
}

const accuracy = ({ right, count }: CalibrationBin): number => (100 * right) / count;
const sureness = ({ confidence, count }: CalibrationBin): number => (100 * confidence) / count;
