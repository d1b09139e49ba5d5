import { relativeEntropy } from '@tass/evaluation';
import type { DeletionCurve, Explanation, Look } from './explanation';
import { MAP_NAMES, given, mean, probability, probabilityOf } from './words';

const NEARLY_UNIFORM = 0.98; // normalised entropy

/**
 * Warnings about results that are easily misread: missing parts, nearly uniform maps, answers that do not need a modality; then the
 * explanation's own notices.
 */
export function noticesOf({ video, looks, prior, notices }: Explanation): readonly string[] {
  const isAlone = looks.length === 1;
  return [
    ...Object.values(video.absent),
    ...looks.flatMap((look) => {
      const who = isAlone ? 'The network' : look.run.name;
      return [
        ...absent(look, isAlone),
        ...evenOnes(look, who),
        ...unknownWords(look, who),
        ...unneeded(look, who),
        ...noBetterThanRandom(look, who),
      ];
    }),
    ...(prior === null ? [] : looks.filter((look) => given(look).answer === prior.answer).map((look) => asTheRule(look, isAlone))),
    ...notices,
  ];
}

const absent = ({ run, absent }: Look, isAlone: boolean): string[] =>
  Object.values(absent).map((reason) => (isAlone ? reason : `${run.name}: ${reason}`));

function evenOnes({ attention, maps }: Look, who: string): string[] {
  const maps_ = maps.map(
    ({ kind, shares }) => [`${who}: the ${MAP_NAMES[kind]}`, mean(shares.map(relativeEntropy)), 'where it looks'] as const,
  );
  const lanes = attention.map(
    ({ modality, mean: shares }) => [`${who}: the ${modality} attention`, relativeEntropy(shares), 'when'] as const,
  );
  return [...maps_, ...lanes]
    .filter(([, value]) => value > NEARLY_UNIFORM)
    .map(([what, value, of]) => `${what} is nearly uniform (normalised entropy ${value.toFixed(3)}): it hardly says ${of}.`);
}

function unknownWords({ words }: Look, who: string): string[] {
  const unknown = words.filter(({ known }) => !known).map(({ text }) => `“${text}”`);
  return unknown.length === 0 ? [] : [`${who} never saw ${unknown.join(', ')} in training.`];
}

const MODALITIES = { 'no-sound': 'the sound', 'no-picture': 'the picture' } as const;

const unneeded = (look: Look, who: string): string[] =>
  look.counterfactuals.flatMap(({ kind, answers }) => {
    const { answer, probability: before } = given(look);
    if ((kind !== 'no-sound' && kind !== 'no-picture') || answers[0].answer !== answer) return [];
    const after = probabilityOf(answer, answers) ?? 0;
    return [
      `${who} gives the same answer without ${MODALITIES[kind]}: “${answer}” (${probability(before)} with, ${probability(after)} without).`,
    ];
  });

/** The mean of a curve on the way, by the trapezoidal rule. */
export const area = ({ removed }: Pick<DeletionCurve, 'removed'>, curve: readonly number[]): number => {
  const width = removed[removed.length - 1] - removed[0];
  if (!(width > 0)) return mean(curve);
  return removed.slice(1).reduce((sum, share, at) => sum + ((share - removed[at]) * (curve[at] + curve[at + 1])) / 2, 0) / width;
};

const noBetterThanRandom = ({ curves }: Look, who: string): string[] =>
  curves
    .filter((curve) => curve.random.length > 0 && area(curve, curve.deletion) >= mean(curve.random.map((one) => area(curve, one))))
    .map(({ part }) => `${who}: taking away the most attended ${part} costs the answer no more than taking away random ones.`);

const asTheRule = ({ run }: Look, isAlone: boolean): string =>
  `A rule that only counts answers, and sees and hears nothing, gives the same answer as ${isAlone ? 'the network' : run.name}.`;
