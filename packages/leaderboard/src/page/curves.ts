import type { Leaderboard, MethodRow, RunRow } from '../leaderboard';
import { counted } from '../numbers';
import { chartedMethods, chartedRemark } from './charted';
import { type Html, NOTHING, html } from '@tass/web-page';
import { type Scale, linearScale } from './scale';

const WIDTH = 250;
const HEIGHT = 150;
const INNER = { left: 30, right: WIDTH - 8, top: 8, bottom: HEIGHT - 22 };

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
}
type Point = RunRow['curve'][number];

/** Accuracy on val by epoch, one small chart for each method on the same axes. */
export function curves(leaderboard: Leaderboard): Html {
  const methods = chartedMethods(leaderboard).filter(({ runs }) => runs.some(({ curve }) => curve.length > 0));
  const points = methods.flatMap(({ runs }) => runs.flatMap(({ curve }) => curve));
  if (points.length === 0) return html`<p class="none">No run has a curve.</p>`;
  const ends = (values: readonly number[]): [number, number] => [
    values.reduce((least, value) => Math.min(least, value)),
    values.reduce((most, value) => Math.max(most, value)),
  ];
  const x = linearScale(ends(points.map(({ epoch }) => epoch)), [INNER.left + 4, INNER.right - 4], 7);
  const axes = {
    x: { ...x, ticks: x.ticks.filter(Number.isInteger) },
    y: linearScale(ends(points.map(({ accuracy }) => accuracy)), [INNER.bottom - 4, INNER.top + 4], 5),
  };
  const reference = methods.find(({ id }) => id === leaderboard.reference);
  return html`<p>
      The chart shows the accuracy over all questions of val, in percent, after each epoch. Thin lines are seeds, the thick line is their
      mean, and a dot marks the epoch whose parameters were
      scored.${reference && methods.length > 1 ? ' The dashed line is the mean of the reference.' : ''} ${chartedRemark(leaderboard)}
    </p>
    <svg class="definitions" width="0" height="0" aria-hidden="true"><defs>${axesMarks(axes)}</defs></svg>
    <div class="curves">
      ${methods.map(
        (method) =>
          html`<figure>
            <figcaption>${method.name}</figcaption>
            ${curve(method, axes, reference && method !== reference ? reference : null)}
          </figure>`,
      )}
    </div>`;
}

function axesMarks({ x, y }: Axes): Html {
  const across = y.ticks.map((tick) => `M${INNER.left} ${y.at(tick)}H${INNER.right}`).join('');
  return html`<g id="curve-axes"
    ><path class="grid" d="${across}" />${y.ticks.map(
      (tick) => html`<text x="${INNER.left - 6}" y="${y.at(tick) + 3.5}" text-anchor="end">${tick}</text>`,
    )}${x.ticks.map((tick) => html`<text x="${x.at(tick)}" y="${HEIGHT - 6}" text-anchor="middle">${tick}</text>`)}</g
  >`;
}

function curve({ name, runs }: MethodRow, axes: Axes, reference: MethodRow | null): Html {
  const mean = meanCurve(runs);
  const last = mean.at(-1);
  const summary = `${name}: ${counted(runs.length, 'run')}${last ? `, ${last.accuracy.toFixed(2)} % at epoch ${last.epoch}` : ''}`;
  const chosen = runs.flatMap((run) => run.curve.filter(({ epoch }) => epoch === run.epoch));
  return html`<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}">
    <use href="#curve-axes" />
    ${
      reference ? line(meanCurve(reference.runs), axes, 'compared') : NOTHING
    }${runs.length > 1 ? runs.map((run) => line(run.curve, axes, 'seed')) : NOTHING}${line(mean, axes, 'mean')}${chosen.map(
      ({ epoch, accuracy }) => html`<circle class="chosen" cx="${axes.x.at(epoch)}" cy="${axes.y.at(accuracy)}" r="2.4" />`,
    )}
  </svg>`;
}

const line = (points: readonly Point[], { x, y }: Axes, kind: string): Html =>
  points.length === 0
    ? NOTHING
    : html`<path class="${kind}" d="M${points.map(({ epoch, accuracy }) => `${x.at(epoch)} ${y.at(accuracy)}`).join('L')}" />`;

/** The mean over runs at the epochs that all runs with a curve have. */
function meanCurve(runs: readonly RunRow[]): Point[] {
  const [first, ...others] = runs.map(({ curve }) => curve).filter((points) => points.length > 0);
  return (first ?? []).flatMap(({ epoch, accuracy }) => {
    const same = others.flatMap((points) => points.find((point) => point.epoch === epoch) ?? []);
    if (same.length < others.length) return [];
    return [{ epoch, accuracy: same.reduce((sum, point) => sum + point.accuracy, accuracy) / (same.length + 1) }];
  });
}
