import { type Html, html } from '@tass/web-page';
import type { Explanation } from '../explanation';
import { short } from '../words';
import { overlaid } from './frames';
import { cells } from './time-axis';

const LENGTH = 1000; // of the time axis

/** The frames of all segments on the time axis, each under the look's map. */
export function strip(explanation: Explanation, run: number): Html {
  const places = cells(explanation.video).map(({ from, width }) => ({ x: (from * LENGTH) / 100, width: (width * LENGTH) / 100 }));
  const height = Math.min(Math.max(LENGTH / places.length, 40), 160);
  return html`<svg class="strip" viewBox="0 0 ${LENGTH} ${short(height)}" role="img" aria-label="${label(explanation, run)}">
    ${places.map(({ x, width }, at) => {
      const side = Math.min(width, height) - 2;
      const place = html`x="${short(x + (width - side) / 2)}" y="${short((height - side) / 2)}" width="${short(side)}"
      height="${short(side)}"`;
      return html`<g data-segment="${at}"
        ><svg ${place} viewBox="0 0 100 100">${overlaid(explanation, run, at)}</svg><rect class="outline" ${place}
      /></g>`;
    })}
  </svg>`;
}

const label = ({ video, looks }: Explanation, run: number): string =>
  `The frames of ${video.segments.length} segments${looks[run].maps.length > 0 ? ` under the chosen map of ${looks[run].run.name}` : ''}; the table of segments has its figures`;
