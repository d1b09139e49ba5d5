import { definitionList, type Html, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look, MapKind } from '../explanation';
import { MAP_NAMES, greatest, percent, seconds } from '../words';
import { cutRegions, mapTitle, overlaid, topShare } from './frames';
import { player } from './sound';

const KINDS: readonly MapKind[] = ['pooled', 'text', 'audio'];

/** The frame of the cursor's segment, large, for each look, and what lies over it. */
export const stage = (explanation: Explanation): Html =>
  html`<div class="stage">
    <div class="screens">${explanation.looks.map((look, run) => screen(explanation, look, run))}</div>
    ${mapControls(explanation)}
  </div>`;

function screen(explanation: Explanation, look: Look, run: number): Html {
  const { looks, video } = explanation;
  const hasFrames = video.segments.some(({ frame }) => frame !== null);
  const picture = html`<svg class="picture" viewBox="0 0 100 100" role="img" aria-labelledby="seen-${run}">
    ${overlaid(explanation, run, 0)}
  </svg>`;
  return html`<figure class="screen">
    ${looks.length > 1 ? html`<figcaption>${look.run.name}</figcaption>` : NOTHING} ${hasFrames || look.maps.length > 0 ? picture : NOTHING}
    ${hasFrames ? NOTHING : html`<p class="none">${video.absent.frames ?? 'The frames are not here.'}</p>`}
    <div class="seen" id="seen-${run}">${video.segments.map((_, at) => seen(explanation, look, at))}</div>
  </figure>`;
}

/** What moves the cursor; the page's program shows it. */
export const transport = ({ video }: Explanation): Html =>
  html`<div class="transport" hidden>
      <button type="button" id="before" aria-label="Segment before">◂◂</button>
      <button type="button" id="play" aria-label="Play">▶</button>
      <button type="button" id="after" aria-label="Segment after">▸▸</button>
      <input
        type="range"
        id="seek"
        min="0"
        max="${video.seconds}"
        step="any"
        value="0"
        aria-label="Second of the video"
        autocomplete="off"
      />
      <output id="clock" for="seek">0.0 s</output>
    </div>
    ${player(video)}`;

/** What is to be read of one segment, of which the page shows that of the cursor. */
function seen({ video, truth }: Explanation, { attention, maps, grid }: Look, at: number): Html {
  const { atSeconds, startSeconds, endSeconds } = video.segments[at];
  const columns = grid?.columns ?? 1;
  const facts: (readonly [string, string])[] = [
    ...attention.map(
      ({ modality, mean }) =>
        [`${modality} attention`, `${percent(mean[at], 1)}, ${(mean[at] * mean.length).toFixed(1)} × uniform`] as const,
    ),
    ...maps.map(({ kind, shares }) => {
      const region = greatest(shares[at]);
      const place = `row ${Math.floor(region / columns) + 1}, column ${(region % columns) + 1}`;
      return [MAP_NAMES[kind], `most in ${place}: ${percent(shares[at][region])}`] as const;
    }),
    ...(truth?.needed ? [['needed', truth.needed[at] ? 'yes' : 'no'] as const] : []),
    ...(truth?.sounding ? [['sounding', truth.sounding[at] ? 'yes' : 'no'] as const] : []),
  ];
  return html`<div data-seen="${at}" ${at === 0 ? NOTHING : html` hidden`}>
    <p><b>Segment ${at + 1}</b>: frame at ${seconds(atSeconds)} s, sound ${seconds(startSeconds)} to ${seconds(endSeconds)} s</p>
    ${definitionList(facts)}
  </div>`;
}

function mapControls(explanation: Explanation): Html {
  const { looks, truth } = explanation;
  const kinds = KINDS.filter((kind) => looks.some(({ maps }) => maps.some((map) => map.kind === kind)));
  const hasCut = looks.some(({ maps }) => maps.some((map) => map.shares.some((segment) => cutRegions(map, segment).includes(true))));
  return html`<div class="controls">
    ${
      kinds.length === 0
        ? html`<p class="none">
            ${looks.map(({ absent }) => absent.maps).find((reason) => reason !== undefined) ?? 'This network gives no maps over regions.'}
          </p>`
        : html`<fieldset class="choices">
              <legend>Map</legend>
              ${[...kinds, 'none' as const].map(
                (kind, at) =>
                  html`<label
                    ><input
                      type="radio"
                      name="map"
                      id="map-${kind}"
                      autocomplete="off"
                      ${at === 0 ? html` checked` : NOTHING}
                    />${kind === 'none' ? 'None' : mapTitle(kind)}</label
                  >`,
              )}
            </fieldset>
            <label class="opacity" hidden
              >Opacity <input type="range" id="opacity" min="0" max="1" step="0.05" value="0.75" autocomplete="off"
            /></label>
            ${scale(looks)}`
    }
    <fieldset class="choices switches">
      <legend class="visually-hidden">Over the frames</legend>
      ${hasCut ? switchOf('show-cut', 'What the threshold cut', false) : NOTHING}
      ${truth?.boxes ? switchOf('show-boxes', 'True boxes', true) : NOTHING}
    </fieldset>
    ${
      truth?.boxes
        ? html`<p class="key">
            <span><i class="key-box sounds"></i>named by the question, sounds</span> <span><i class="key-box"></i>named, silent</span>
          </p>`
        : NOTHING
    }
  </div>`;
}

const switchOf = (id: string, name: string, isOn: boolean): Html =>
  html`<label><input type="checkbox" id="${id}" autocomplete="off" ${isOn ? html` checked` : NOTHING} />${name}</label>`;

/** What the colours mean, for each map of each look. */
function scale(looks: readonly Look[]): Html {
  const tops = looks.flatMap(({ maps, run }) => maps.map((map) => ({ run: run.name, map, top: topShare(map) })));
  return html`${tops.map(
    ({ run, map, top }) =>
      html`<p class="scale overlay-key ${map.kind}">
        <span>0</span><svg class="ramp" aria-hidden="true"><rect width="100%" height="100%" fill="url(#ramp)" /></svg
        ><span
          >${percent(top, top < 0.1 ? 1 : 0)} of the map, ${(top * map.shares[0].length).toFixed(1)} ×
          uniform${looks.length > 1 ? ` (${run})` : ''}</span
        >
      </p>`,
  )}`;
}
