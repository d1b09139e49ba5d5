import { CURVE_NAMES, USE_NAMES } from '@tass/evaluation';
import type { Leaderboard } from './leaderboard';
import type { MethodFigures } from './method-figures';
import { pValue, signed } from './numbers';

const OF_CURVES =
  'In deletion (insertion) the most attended parts are removed (added) first. Figures are the area under the probability of the answer, in points,\nminus that of random order. The attended parts carry the answer if deletion is below 0 and insertion above.';

/** What the answers of each method lose without its grounding: a line for each with measurements. */
export function useFigures({ methods }: Pick<Leaderboard, 'methods'>): MethodFigures {
  const measured = methods.flatMap(({ name, runs, use }) => (use ? [{ name, of: runs.length, ...use }] : []));
  const names = { ...USE_NAMES, ...CURVE_NAMES };
  const ids = Object.keys(names).filter((id) => measured.some(({ differences }) => id in differences));
  return {
    title: 'Use of the grounding',
    note: [
      'The table shows the change in accuracy over all questions, in points, when the grounding is altered at test,',
      'with the 95 % interval over videos and p from the same resamples (Holm over the table).\nIf accuracy does not fall, the answers do not need the grounding.',
      ...(ids.some((id) => id in CURVE_NAMES) ? [OF_CURVES] : []),
    ].join('\n'),
    headers: ids.map((id) => names[id]),
    lines: measured.map(({ name, of, runs, differences }) => ({
      name: runs < of ? `${name} (${runs} of ${of} runs)` : name,
      cells: ids.map((id) => {
        if (differences[id] === undefined) return '-';
        const { difference, low, high, adjusted } = differences[id];
        return `${signed(difference)} [${signed(low)}, ${signed(high)}], p ${pValue(adjusted)}`;
      }),
    })),
  };
}
