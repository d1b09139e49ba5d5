import { relativeEntropy } from '@tass/evaluation';
import { type Html, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look, ModalityAttention } from '../explanation';
import { greatest, percent, seconds } from '../words';
import { bars, lane } from './lane';
import { type Stretch, cells } from './time-axis';

/** The look's attention in time: for each modality the mean over heads, then each head. */
export function attentionLanes({ video }: Explanation, { attention, absent }: Look): Html {
  if (attention.length === 0)
    return lane('Attention', '', html`<p class="none">${absent.attention ?? 'This network has no attention in time.'}</p>`);
  const places = cells(video);
  const top = Math.max(...attention.flatMap(({ mean }) => mean)) * 1.04;
  const headTop = Math.max(...attention.flatMap(({ heads }) => heads.flat()), 0) * 1.04;
  const heads = attention.some(({ heads }) => heads.length > 0);
  return html`${attention.map((one) => meanLane(one, top, places, video))}${
    heads
      ? html`<details class="heads" open>
          <summary>Each head</summary>
          ${attention.map((one) => headLanes(one, headTop, places))}
        </details>`
      : NOTHING
  }`;
}

const NAMES = { visual: 'Visual attention', audio: 'Audio attention' } as const;
const ADJECTIVES = { visual: 'visual', audio: 'audio' } as const;

function meanLane(
  { modality, mean }: ModalityAttention,
  top: number,
  places: readonly Stretch[],
  { segments }: Explanation['video'],
): Html {
  const most = greatest(mean);
  const label = `${NAMES[modality]}, mean over heads: greatest in segment ${most + 1}, at ${seconds(segments[most].atSeconds)} s, with ${percent(
    mean[most],
  )}; uniform ${percent(1 / mean.length)}; normalised entropy ${relativeEntropy(mean).toFixed(2)}`;
  const note = `most ${percent(mean[most])} at ${seconds(segments[most].atSeconds)} s`;
  return lane(NAMES[modality], note, bars(mean, top, places, modality, label, 1 / mean.length), 'mean');
}

const headLanes = ({ modality, heads, uniformOfHead }: ModalityAttention, top: number, places: readonly Stretch[]): readonly Html[] =>
  heads.map((head, at) => {
    const most = greatest(head);
    const label = `Head ${at + 1}, ${ADJECTIVES[modality]}: greatest in segment ${most + 1} with ${percent(head[most])}; uniform ${percent(uniformOfHead, 1)}`;
    return lane(`Head ${at + 1}`, ADJECTIVES[modality], bars(head, top, places, modality, label, uniformOfHead), 'head');
  });
