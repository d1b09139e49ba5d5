import type { ScoreColumns } from './score-columns';

/** Right answers of each column [columns]; `right` [questions] is 1 for a right answer, 0 for a wrong one. */
export function countRight(right: Uint8Array, { columns, members }: ScoreColumns): Int32Array {
  return Int32Array.from(columns, (_, at) => {
    let count = 0;
    for (let index = 0; index < right.length; index++) count += right[index] & (members[index] >>> at);
    return count;
  });
}

/** Accuracy in percent by column id; a column without a question has no key. */
export function accuracyByColumn(right: Uint8Array, columns: ScoreColumns): Record<string, number> {
  const counts = countRight(right, columns);
  const asked = columns.columns.map(({ id, total }, at) => ({ id, total, correct: counts[at] })).filter(({ total }) => total > 0);
  return Object.fromEntries(asked.map(({ id, total, correct }) => [id, (100 * correct) / total]));
}
