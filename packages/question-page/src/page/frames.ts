import { type Html, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look, RegionMap } from '../explanation';
import { MAP_NAMES } from '../words';
import { OVER_FRAME, RAMP_STOPS, VEIL } from './colours';
import { pngUrl } from './png';

const SIDE = 100; // of a frame in its own units
/** A map is drawn from no share to this many times the uniform one at least, so that an even map looks even. */
const LEAST_TOP = 4;

/** Each picture once, by id, for all who `use` it: frames, boxes, and of each look the maps and what is cut. */
export const definitions = (explanation: Explanation): Html =>
  html`<svg class="definitions" width="0" height="0" aria-hidden="true">
    <defs>
      <linearGradient id="ramp">
        ${RAMP_STOPS.map(([at, colour, opacity]) => html`<stop offset="${at}%" stop-color="${colour}" stop-opacity="${opacity}" />`)}
      </linearGradient>
      ${explanation.video.segments.map(({ frame }, at) =>
        frame === null ? emptyFrame(at) : image(`frame-${at}`, `data:image/jpeg;base64,${frame.jpeg}`),
      )}${explanation.video.segments.map((_, at) => boxes(explanation, at))}${explanation.looks.map((look, run) =>
        look.maps.map((map) => mapImages(map, look, run)),
      )}
    </defs>
  </svg>`;

const image = (id: string, url: string, kind?: string): Html =>
  html`<image
    id="${id}"
    href="${url}"
    width="${SIDE}"
    height="${SIDE}"
    preserveAspectRatio="none"
    ${kind === undefined ? NOTHING : html` image-rendering="pixelated"`}
  />`;

const emptyFrame = (at: number): Html => html`<g id="frame-${at}"><rect class="no-frame" width="${SIDE}" height="${SIDE}" /></g>`;

function boxes({ truth }: Explanation, at: number): Html {
  if (!truth?.boxes) return NOTHING;
  return html`<g id="boxes-${at}"
    >${truth.boxes[at].map(({ left, top, right, bottom, sounds }) => {
      const [x, y] = [SIDE * left, SIDE * top].map((value) => value.toFixed(1));
      const size = html`x="${x}" y="${y}" width="${(SIDE * (right - left)).toFixed(1)}" height="${(SIDE * (bottom - top)).toFixed(1)}"`;
      return html`<rect class="box-ground" ${size} /><rect class="box${sounds ? ' sounds' : ''}" ${size} />`;
    })}</g
  >`;
}

/** The share that a map draws in its lightest colour. */
export const topShare = ({ shares }: RegionMap): number =>
  Math.max(LEAST_TOP / (shares[0]?.length ?? 1), ...shares.map((segment) => Math.max(...segment)));

/** A region is cut by the threshold, but never the greatest of its segment; of the pooled map also what already is 0. */
export function cutRegions({ kind, threshold }: Pick<RegionMap, 'kind' | 'threshold'>, segment: readonly number[]): readonly boolean[] {
  const most = Math.max(...segment);
  return segment.map((share) => share < most && ((threshold !== null && share < threshold) || (kind === 'pooled' && share === 0)));
}

function mapImages(map: RegionMap, { grid }: Look, run: number): readonly Html[] {
  const columns = grid?.columns ?? 1;
  const top = topShare(map);
  const level = (share: number): number => Math.round((OVER_FRAME.length - 1) * Math.min(1, share / top));
  return map.shares.map((segment, at) => {
    const cut = cutRegions(map, segment);
    return html`${image(`map-${run}-${map.kind}-${at}`, pngUrl(Uint8Array.from(segment, level), columns, OVER_FRAME), map.kind)}${
      cut.includes(true)
        ? image(`cut-${run}-${map.kind}-${at}`, pngUrl(Uint8Array.from(cut, Number), columns, VEIL), map.kind)
        : html`<g id="cut-${run}-${map.kind}-${at}" />`
    }`;
  });
}

/** A frame of a segment under the look's maps, of which the style shows the chosen one. Coordinates are 0 to 100. */
export const overlaid = (explanation: Explanation, run: number, at: number): Html =>
  html`<use href="#frame-${at}" data-of="frame" />${explanation.looks[run].maps.map(
      ({ kind }) =>
        html`<g class="overlay ${kind}"><use href="#map-${run}-${kind}-${at}" data-of="map-${run}-${kind}" /></g
          ><use class="cut ${kind}" href="#cut-${run}-${kind}-${at}" data-of="cut-${run}-${kind}" />`,
    )}${explanation.truth?.boxes ? html`<use class="boxes" href="#boxes-${at}" data-of="boxes" />` : NOTHING}`;

export const mapTitle = (kind: RegionMap['kind']): string => MAP_NAMES[kind].replace(/^./, (first) => first.toUpperCase());
