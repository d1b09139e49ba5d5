import type { ScoreColumns } from './score-columns';

/** Right answers of each column [columns]; `right` [questions] is 1 for a right answer, 0 for a wrong one. */
export function countRight(right: Uint8Array, { columns, members }: ScoreColumns): Int32Array {
  const byMembership = new Map<number, number>();
  right.forEach((one, index) => one && byMembership.set(members[index], (byMembership.get(members[index]) ?? 0) + 1));
  return Int32Array.from(columns, (_, at) => [...byMembership].reduce((sum, [bits, count]) => sum + (bits & (1 << at) ? count : 0), 0));
}

/** Accuracy in percent by column id; a column without a question has no key. */
export function accuracyByColumn(right: Uint8Array, columns: ScoreColumns): Record<string, number> {
  const counts = countRight(right, columns);
  const asked = columns.columns.map(({ id, total }, at) => ({ id, total, correct: counts[at] })).filter(({ total }) => total > 0);
  return Object.fromEntries(asked.map(({ id, total, correct }) => [id, (100 * correct) / total]));
}
