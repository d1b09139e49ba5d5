import { type Html, NOTHING, html } from '@tass/web-page';
import type { ExplainedVideo, MelSpectrogram, Sound } from '../explanation';
import { seconds, short } from '../words';
import { OPAQUE } from './colours';
import { lane } from './lane';
import { pngUrl } from './png';
import { type Stretch, unheard } from './time-axis';

/** The lanes of the sound: waveform and mel spectrogram, what the network does not hear under a veil. */
export function soundLanes({ sound, ...video }: ExplainedVideo): Html {
  if (sound === null) return lane('Sound', '', html`<p class="none">${video.absent.sound ?? 'No sound.'}</p>`);
  const gaps = unheard({ sound, ...video });
  const remark = gaps.length > 0 ? 'pale: not heard by the network' : '';
  return html`${lane('Waveform', remark, waveform(sound, gaps), 'waveform')}${
    sound.mel === null ? NOTHING : lane('Mel spectrogram', hertz(sound.mel), spectrogram(sound.mel, gaps), 'spectrogram')
  }`;
}

function waveform({ peaks }: Sound, gaps: readonly Stretch[]): Html {
  const loudest = Math.max(...peaks, 1e-6);
  const points = peaks.map((peak, at) => [short((1000 * (at + 0.5)) / Math.max(peaks.length, 1)), short(48 * (peak / loudest))] as const);
  const above = points.map(([x, y]) => `${x} ${short(50 - y)}`);
  const below = points.map(([x, y]) => `${x} ${short(50 + y)}`).reverse();
  const outline = points.length === 0 ? 'M0 50H1000' : `M0 50L${above.join('L')}L1000 50L${below.join('L')}Z`;
  return html`<svg class="wave" role="img" aria-label="Waveform; its loudest peak has amplitude ${loudest.toFixed(2)}">
    <svg viewBox="0 0 1000 100" preserveAspectRatio="none" width="100%" height="100%"><path class="wave-form" d="${outline}" /></svg
    >${veils(gaps)}
  </svg>`;
}

function spectrogram({ bands, columns, values, ...range }: MelSpectrogram, gaps: readonly Stretch[]): Html {
  const bytes = Buffer.from(values, 'base64'); // [columns][bands]
  const pixels = new Uint8Array(bands * columns); // [bands from the highest][columns]
  for (let column = 0; column < columns; column++)
    for (let band = 0; band < bands; band++)
      pixels[(bands - 1 - band) * columns + column] = Math.floor((bytes[column * bands + band] * OPAQUE.length) / 256);
  const label = `Mel spectrogram: ${bands} bands, ${hertz(range)}, ${Math.round(range.lowDecibels)} to ${Math.round(range.highDecibels)} decibels`;
  return html`<svg class="mel" role="img" aria-label="${label}">
    <image href="${pngUrl(pixels, columns, OPAQUE)}" width="100%" height="100%" preserveAspectRatio="none" />
    ${veils(gaps)}
  </svg>`;
}

const hertz = ({ lowHertz, highHertz }: Pick<MelSpectrogram, 'lowHertz' | 'highHertz'>): string =>
  `${seconds(lowHertz / 1000)} to ${seconds(highHertz / 1000)} kHz`;

const veils = (gaps: readonly Stretch[]): readonly Html[] =>
  gaps.map(({ from, width }) => html`<rect class="veil" x="${from}%" width="${width}%" height="100%" />`);

/** What plays; the page's program takes its controls away for its own. */
export const player = ({ sound }: ExplainedVideo): Html =>
  sound === null ? NOTHING : html`<audio id="sound" controls preload="auto" src="data:${sound.mediaType};base64,${sound.bytes}"></audio>`;
