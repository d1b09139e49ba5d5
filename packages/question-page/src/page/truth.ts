import { massInside, spaceMeasures } from '@tass/evaluation';
import { type Html, listTable, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look, RegionMap, Truth } from '../explanation';
import { mean, percent } from '../words';
import { mapTitle } from './frames';

interface Judged {
  readonly what: string;
  readonly share: number; // of what it looks at, or listens to, that is where or when the truth says
  readonly uniform: number; // of uniform shares
  readonly most: string; // whether the greatest is
}

/** Attention and maps of each run compared with the truth: the measures of `evaluator:evaluate` for one question. */
export function againstTruth({ truth, looks }: Explanation): Html {
  if (truth === null) return NOTHING;
  return html`<div class="side">
      ${looks.map((look) => {
        const judged = [...inSpace(truth, look), ...inTime(truth, look)];
        return listTable({
          kind: 'judged',
          caption: html`<caption class="${looks.length > 1 ? '' : 'visually-hidden'}">
            ${looks.length > 1 ? look.run.name : 'Held against the truth'}
          </caption>`,
          heads: ['What', 'Share', 'Uniform', 'Greatest'],
          rows: judged.map(({ what, share, uniform, most }) => [what, html`<b>${percent(share)}</b>`, percent(uniform), most]),
        });
      })}
    </div>
    <p class="legend">
      Maps: how much lies in the boxes (of the audio map: in those that sound), and in how much of the segments the greatest region does.
      Attention: how much lies on needed segments, and whether the greatest does. Uniform: what looking everywhere alike would have.
    </p>`;
}

/** Whether anything can be compared with the truth. */
export const isKnown = ({ truth, looks }: Explanation): boolean =>
  truth !== null && looks.some((look) => inSpace(truth, look).length + inTime(truth, look).length > 0);

function inSpace({ boxes }: Truth, { maps, grid }: Look): readonly Judged[] {
  if (boxes === null || grid === null || grid.rows !== grid.columns) return [];
  return maps.flatMap((map: RegionMap) => {
    const judged = map.kind === 'audio' ? boxes.map((ofSegment) => ofSegment.filter(({ sounds }) => sounds)) : boxes;
    const measures = spaceMeasures(Float64Array.from(map.shares.flat()), judged, 1);
    if (measures === undefined || Number.isNaN(measures.mass)) return [];
    return [
      {
        what: `${mapTitle(map.kind)} in boxes`,
        share: measures.mass,
        uniform: measures.chance,
        most: `${percent(measures.pointing)} of segments`,
      },
    ];
  });
}

/** Not where all segments are needed, or none. */
function inTime({ needed }: Truth, { attention }: Look): readonly Judged[] {
  if (needed === null || !needed.includes(true) || !needed.includes(false)) return [];
  const uniform = mean(needed.map(Number));
  return attention.map(({ modality, mean: shares }) => {
    const most = needed[shares.indexOf(Math.max(...shares))];
    return {
      what: `${modality === 'visual' ? 'Visual' : 'Audio'} attention on needed`,
      share: massInside(shares, needed),
      uniform,
      most: most ? 'yes' : 'no',
    };
  });
}
