import { kindName } from './kinds';
import type { Candidate, Clue } from './questions';
import { columns, type Instrument, type Source } from './scene';
import { inOrder, leastSeconds, onset, type Survey } from './survey';

/**
 * Questions on the order in which visible instruments begin to sound. The order in which everything that moves begins to move, and
 * that in which everything audible begins to sound, are clues that may or may not hold.
 */
export function temporalQuestions({ playing, moving, sources }: Survey): Candidate[] {
  if (playing.length < 2) return [];
  const order = inOrder(playing);
  const questions: Candidate[] = [];
  const ask = (which: 'first' | 'last', instrument: Instrument, next: Instrument) => {
    if (Math.abs(onset(instrument) - onset(next)) < leastSeconds) return;
    const extreme = <Any extends Source>(all: readonly Any[]) => all.filter((one) => all.every((other) => !precedes(which, other, one)));
    const column = clueOf(
      'sight',
      extreme(moving).some((other) => other.column === instrument.column),
    );
    const kinds = (['sight', 'sound'] as const).map((modality) =>
      clueOf(
        modality,
        extreme(modality === 'sight' ? moving : sources).some(({ kind }) => kind === instrument.kind),
      ),
    );
    questions.push({ template: 'placeInOrder', values: [which], answer: columns[instrument.column], clues: [column] });
    questions.push({ template: 'kindInOrder', values: [which], answer: kindName(instrument.kind), clues: kinds });
  };
  ask('first', order[0], order[1]);
  ask('last', order[order.length - 1], order[order.length - 2]);
  return [...questions, ...neighbours(order, inOrder(moving), inOrder(sources))];
}

const precedes = (which: 'first' | 'last', one: Source, other: Source) =>
  which === 'first' ? onset(one) < onset(other) : onset(one) > onset(other);
const clueOf = (modality: 'sight' | 'sound', holds: boolean): Clue => ({
  clue: `order by ${modality}`,
  truth: holds ? 'holds' : 'misleads',
});

function neighbours(order: readonly Instrument[], bySight: readonly Source[], bySound: readonly Source[]): Candidate[] {
  const distinct = new Set(order.map(onset)).size === order.length;
  if (!distinct) return [];
  return order.flatMap((instrument, index): Candidate[] => {
    if (order.some((other) => other !== instrument && other.kind === instrument.kind)) return [];
    return (
      [
        ['before', -1],
        ['after', 1],
      ] as const
    ).flatMap(([which, step]): Candidate[] => {
      const neighbour = order[index + step];
      if (!neighbour) return [];
      const holds = (all: readonly Source[]) => all[all.indexOf(instrument) + step]?.kind === neighbour.kind;
      const clues = [clueOf('sight', holds(bySight)), clueOf('sound', holds(bySound))];
      return [{ template: 'neighbour', values: [which, kindName(instrument.kind)], answer: kindName(neighbour.kind), clues }];
    });
  });
}
