import { type Html, NOTHING, html } from '@tass/web-page';
import { short } from '../words';
import type { Stretch } from './time-axis';

/** A row of the time line: what it is called, and its drawing over the whole length. */
export const lane = (name: string | Html, note: string | Html, drawing: Html, kind = ''): Html =>
  html`<div class="lane ${kind}">
    <div class="lane-name"><b>${name}</b> <span>${note}</span></div>
    <div class="lane-drawing">${drawing}</div>
  </div>`;

/** Bars over the segments, from the floor. `values`: shares of `top`. */
export function bars(
  values: readonly number[],
  top: number,
  places: readonly Stretch[],
  kind: string,
  label: string,
  uniform?: number,
): Html {
  return html`<svg class="bars" role="img" aria-label="${label}">
    ${values.map((value, at) => {
      const height = short(top > 0 ? (100 * Math.max(value, 0)) / top : 0);
      const { from, width } = places[at];
      return html`<rect class="cell" data-segment="${at}" x="${from}%" width="${width}%" y="0" height="100%" /><rect
          class="${kind}"
          x="${short(from + 0.06 * width)}%"
          width="${short(0.88 * width)}%"
          y="${short(100 - height)}%"
          height="${height}%"
        />`;
    })}${uniform === undefined || top <= 0 ? NOTHING : level(100 - (100 * uniform) / top)}
  </svg>`;
}

const level = (y: number): Html => html`<line class="uniform" x1="0" x2="100%" y1="${short(y)}%" y2="${short(y)}%" />`;

/** Marks over the segments of which something is true. */
export const marks = (values: readonly boolean[], places: readonly Stretch[], label: string): Html =>
  html`<svg class="marks" role="img" aria-label="${label}">
    ${values.map((isSo, at) => {
      const { from, width } = places[at];
      return isSo
        ? html`<rect class="mark" x="${short(from + 0.06 * width)}%" width="${short(0.88 * width)}%" y="25%" height="50%" rx="2" />`
        : html`<rect class="unmarked" x="${short(from + 0.06 * width)}%" width="${short(0.88 * width)}%" y="46%" height="8%" />`;
    })}
  </svg>`;
