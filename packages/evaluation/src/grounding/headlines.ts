import type { GroundingFigures } from './figures';
import { HALVES, MAPS } from './grounding-meter';

/** One of the few figures that sum up a run. */
interface Headline {
  readonly name: string; // 'visual/hitOverOthers', 'textMap/pointing'; a map is named as such, as `audio` is a half of the attention too
  readonly id: string; // of the series
  readonly isGain?: true; // the value minus its comparison
}

/** Of each half of the attention the hit of its best second, how far that is above other videos, entropy and weight; of each map pointing and mass. */
export const HEADLINES: readonly Headline[] = [
  ...HALVES.flatMap((half): Headline[] => [
    { name: `${half}/hit`, id: `time/${half}/hit` },
    { name: `${half}/hitOverOthers`, id: `time/${half}/hit`, isGain: true },
    { name: `${half}/entropy`, id: `attention/${half}/entropy` },
    { name: `${half}/weight`, id: `attention/${half}/weight` },
  ]),
  ...MAPS.flatMap((map) =>
    ['pointing', 'mass'].map((measure): Headline => ({ name: `${map}Map/${measure}`, id: `space/${map}/${measure}` })),
  ),
];

/** The headlines of figures, by name, as shares; those that are known. */
export function headlines(figures: GroundingFigures): Record<string, number> {
  const values = HEADLINES.map(({ name, id, isGain }) => [name, isGain ? figures[id]?.gain?.mean : figures[id]?.mean] as const);
  return Object.fromEntries(values.filter((pair): pair is [string, number] => pair[1] !== undefined));
}
