import type { Verdict } from '../significance';
import { type Html, NOTHING, html } from '@tass/web-page';
import type { Scale } from './scale';

export type MarkKind = Verdict | 'reference' | 'plain';

/** An interval with its middle on one line of `height` pixels; the shape has the same meaning as the colour. */
export function intervalMark(scale: Scale, height: number, low: number, middle: number, high: number, kind: MarkKind): Html {
  const [x, y] = [scale.at(middle), height / 2];
  return html`<path class="whisker" d="M${scale.at(low)} ${y}H${scale.at(high)}" />${shape(x, y, kind ?? 'plain')}`;
}

function shape(x: number, y: number, kind: NonNullable<MarkKind>): Html {
  const at = (...points: readonly (readonly [number, number])[]): string =>
    points.map(([dx, dy]) => `${round(x + dx)} ${round(y + dy)}`).join('L');
  if (kind === 'plain') return html`<circle class="plain" cx="${x}" cy="${y}" r="3.4" />`;
  if (kind === 'reference') return html`<path class="reference" d="M${at([0, -5], [5, 0], [0, 5], [-5, 0])}Z" />`;
  const up = kind === 'better' ? 1 : -1;
  return html`<path class="${kind}" d="M${at([0, -4.6 * up], [4.6, 3.4 * up], [-4.6, 3.4 * up])}Z" />`;
}

/** Lines through all rows of a column: the ticks, and one value for comparison by eye. Rows use it by its id. */
export function columnLines(id: string, scale: Scale, height: number, at: number | null): Html {
  const ticks = scale.ticks.map((tick) => `M${scale.at(tick)} 0V${height}`).join('');
  const line = at === null ? NOTHING : html`<path class="compared" d="M${scale.at(at)} 0V${height}" />`;
  return html`<g id="${id}"><path class="grid" d="${ticks}" />${line}</g>`;
}

const LABEL = 21; // pixels that a label of two digits takes

/** The axis under a column; where ticks are too close, every second or third has its label. */
export function columnAxis(scale: Scale, width: number, label: (tick: number) => string): Html {
  const [first, second] = scale.ticks.map(scale.at);
  const every = second === undefined ? 1 : Math.ceil(LABEL / (second - first));
  const labelled = scale.ticks.filter((_, at) => at % every === 0);
  return html`<svg class="axis" width="${width}" height="16" aria-hidden="true">
    ${labelled.map((tick) => html`<text x="${scale.at(tick)}" y="12" text-anchor="middle">${label(tick)}</text>`)}
  </svg>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
