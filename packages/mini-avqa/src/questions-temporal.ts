import { kindName } from './kinds';
import type { Candidate } from './questions';
import { columns, type Instrument } from './scene';
import { leastSeconds, onset, type Survey } from './survey';

/** Questions on the order in which visible instruments begin to sound. */
export function temporalQuestions({ scene: { hidden }, playing }: Survey): Candidate[] {
  if (playing.length < 2) return [];
  const order = [...playing].sort((one, other) => onset(one) - onset(other));
  const questions: Candidate[] = [];
  const ask = (which: 'first' | 'last', instrument: Instrument, next: Instrument) => {
    if (Math.abs(onset(instrument) - onset(next)) < leastSeconds) return;
    const rivals = hidden.filter((source) => (which === 'first' ? onset(source) <= onset(instrument) : onset(source) >= onset(instrument)));
    questions.push({ template: 'placeInOrder', values: [which], answer: columns[instrument.column] });
    questions.push({
      ...{ template: 'kindInOrder', values: [which], answer: kindName(instrument.kind) },
      circumstance: rivals.length > 0 ? 'rivalled' : 'plain',
    });
  };
  ask('first', order[0], order[1]);
  ask('last', order[order.length - 1], order[order.length - 2]);
  return [...questions, ...neighbours(order)];
}

function neighbours(order: readonly Instrument[]): Candidate[] {
  const distinct = new Set(order.map(onset)).size === order.length;
  if (!distinct) return [];
  return order.flatMap((instrument, index): Candidate[] => {
    if (order.some((other) => other !== instrument && other.kind === instrument.kind)) return [];
    const [before, after] = [order[index - 1], order[index + 1]];
    const name = kindName(instrument.kind);
    return [
      ...(before ? [{ template: 'neighbour' as const, values: ['before', name], answer: kindName(before.kind) }] : []),
      ...(after ? [{ template: 'neighbour' as const, values: ['after', name], answer: kindName(after.kind) }] : []),
    ];
  });
}
