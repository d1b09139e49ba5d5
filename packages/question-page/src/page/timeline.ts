import { type Html, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look, Truth } from '../explanation';
import { greatest, seconds } from '../words';
import { attentionLanes } from './attention';
import { lane, marks } from './lane';
import { soundLanes } from './sound';
import { strip } from './strip';
import { cells, ticks } from './time-axis';

/** Everything that has a place in time, on one axis: frames, sound, attention, truth, under one cursor. */
export function timeline(explanation: Explanation): Html {
  const { video, truth, looks } = explanation;
  const hasFrames = video.segments.some(({ frame }) => frame !== null);
  return html`<div
      class="timeline"
      id="timeline"
      tabindex="0"
      role="group"
      aria-label="Time line. Space plays, left and right move by a segment."
      data-first="${mostAttended(looks[0])}"
      data-starts="${video.segments.map(({ atSeconds }) => atSeconds).join(' ')}"
    >
      <div class="cursor-track" aria-hidden="true"><div class="cursor" id="cursor"></div></div>
      ${lane('Seconds', `0 to ${seconds(video.seconds)}`, axis(explanation), 'axis')} ${soundLanes(video)} ${truthLanes(explanation, truth)}
      ${looks.map(
        (look, run) =>
          html`<div class="look">
            ${looks.length > 1 ? html`<h3>${look.run.name}</h3>` : NOTHING}
            ${hasFrames || look.maps.length > 0 ? lane('Frames', look.maps.length > 0 ? 'under the chosen map' : '', strip(explanation, run), 'frames') : NOTHING}
            ${attentionLanes(explanation, look)}
          </div>`,
      )}
    </div>
    ${looks.some(({ attention }) => attention.length > 0) ? html`<p class="legend"><span class="uniform-key"></span> uniform: every segment alike. Bars share one scale within the means, and one within the heads, of a run.</p>` : NOTHING}`;
}

/** The segment that the page opens at. */
const mostAttended = ({ attention }: Look): number => (attention.length === 0 ? 0 : greatest(attention[0].mean));

function axis({ video }: Explanation): Html {
  const names = ticks(video);
  return html`<svg class="axis" aria-hidden="true">
    ${names.map(
      ([second, at]) =>
        html`<line x1="${at}%" x2="${at}%" y1="70%" y2="100%" /><text
            x="${at}%"
            y="58%"
            text-anchor="${at < 1 ? 'start' : at > 99 ? 'end' : 'middle'}"
            >${second}</text
          >`,
    )}
  </svg>`;
}

function truthLanes({ video }: Explanation, truth: Truth | null): Html {
  if (truth === null) return NOTHING;
  const places = cells(video);
  const said = (values: readonly boolean[]): string => {
    const which = values.flatMap((isSo, at) => (isSo ? [at + 1] : []));
    return which.length === 0 ? 'none of the segments' : `segments ${which.join(', ')}`;
  };
  const all = [
    ['Needed', 'truth: for the answer', truth.needed],
    ['Sounding', 'truth: what is asked', truth.sounding],
  ] as const;
  return html`${all.map(([name, note, values]) =>
    values === null ? NOTHING : lane(name, note, marks(values, places, `${name} ${note}: ${said(values)}`), 'truth'),
  )}`;
}
