import type { Leaderboard } from './leaderboard';
import type { MethodFigures } from './method-figures';
import { decimals } from './numbers';
import { referenceOf } from './reference';
import { verdictOf } from './significance';

const SHOWN = [
  ['visual/hit', 'visual: hit'],
  ['visual/hitOverOthers', 'over others'],
  ['audio/hit', 'audio: hit'],
  ['audio/hitOverOthers', 'over others'],
  ['textMap/pointing', 'text map: pointing'],
  ['audioMap/pointing', 'audio map: pointing'],
  ['pooledMap/pointing', 'pooled map: pointing'],
  ['pooledMap/mass', 'mass'],
] as const;
const MARKS = { better: ' ▲', worse: ' ▼' } as const;

const percent = (share: number): string => decimals(100 * share, 1);

/** Where and when each method looks, between a uniform attention and the truth: a line for each with a known figure. */
export function groundingFigures(leaderboard: Leaderboard): MethodFigures {
  const { methods, groundingBounds: bounds } = leaderboard;
  const shown = SHOWN.filter(([id]) => methods.some(({ grounding }) => id in grounding));
  const bound = (name: string, of: 'uniform' | 'truth') => ({
    name,
    cells: shown.map(([id]) => (bounds[id] ? percent(bounds[id][of]) : '-')),
  });
  const lines = methods.flatMap(({ name, grounding }) => {
    const cells = shown.map(([id]) => {
      const figure = grounding[id];
      if (!figure) return '-';
      const verdict = verdictOf(figure.against ?? undefined);
      const deviation = figure.deviation === null ? '' : ` ± ${percent(figure.deviation)}`;
      return `${percent(figure.mean)}${deviation}${verdict === null ? '' : MARKS[verdict]}`;
    });
    return cells.every((text) => text === '-') ? [] : [{ name, cells }];
  });
  return {
    title: 'Where and when it looks',
    note: `Values are in percent, over the questions with a known ground truth (docs/grounding.md).\nA hit means that the answer needs the second with the most attention. The column "over others" subtracts the hits of the same attention on other videos.\nPointing means that the region with the largest share is in a box. Mass is the share of the map inside boxes.${
      referenceOf(leaderboard) ? '\n▲ and ▼ mark methods that are significantly better and worse than the reference.' : ''
    }`,
    headers: shown.map(([, header]) => header),
    lines: lines.length === 0 ? [] : [bound('uniform', 'uniform'), ...lines, bound('truth', 'truth')],
  };
}
