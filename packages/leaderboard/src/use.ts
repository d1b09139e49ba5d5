import { CURVE_NAMES, USE_NAMES } from '@tass/evaluation';
import type { Leaderboard } from './leaderboard';
import type { MethodFigures } from './method-figures';
import { pValue, signed } from './numbers';

const OF_CURVES =
  'Deletion removes the most attended parts of the input first; insertion adds them first. The figures are areas under the probability of the answer, in points,\nminus the area for a random order. The answer depends on the attended parts if deletion is below 0 and insertion is above 0.';

/** What the answers of each method lose without its grounding: a line for each with measurements. */
export function useFigures({ methods }: Pick<Leaderboard, 'methods'>): MethodFigures {
  const measured = methods.flatMap(({ name, runs, use }) => (use ? [{ name, of: runs.length, ...use }] : []));
  const names = { ...USE_NAMES, ...CURVE_NAMES };
  const ids = Object.keys(names).filter((id) => measured.some(({ differences }) => id in differences));
  return {
    title: 'Use of the grounding',
    note: [
      'The table shows the change in accuracy over all questions, in points, when the attention or the map is altered at test time.',
      "Brackets give the 95 % interval over videos; p comes from the same resamples, after Holm's correction over the table.",
      'If the accuracy does not fall, the answers do not need the attention or the map.',
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
