/**
 * McNemar's exact test of two models on the same questions: the two-sided p value of `onlyFirst` questions that only the first model got
 * right against `onlySecond` that only the second got right, under a fair coin for each of them: twice the smaller binomial tail, at
 * most 1. It takes questions as independent; `compareMethods`' bootstrap over videos does not.
 * Source: McNemar 1947, exact form; summed in logarithms, so any number of questions is fine.
 * Throws RangeError for counts that are no whole numbers from 0.
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  for (const count of [onlyFirst, onlySecond]) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`mcnemar: a count is ${count}, expected a whole number from 0`);
  }
  const trials = onlyFirst + onlySecond;
  let logTerm = -trials * Math.LN2; // of no success
  let logTail = logTerm;
  for (let successes = 1; successes <= Math.min(onlyFirst, onlySecond); successes++) {
    logTerm += Math.log((trials - successes + 1) / successes);
    logTail = logTerm + Math.log1p(Math.exp(logTail - logTerm)); // terms grow up to the middle
  }
  return Math.min(1, 2 * Math.exp(logTail));
}
