import { numberWords } from './caption';
import { kindName, kinds } from './kinds';
import type { Candidate } from './questions';
import type { Instrument } from './scene';
import { leastSeconds, yesOrNo, type Survey } from './survey';

/** Questions that the sound alone answers. */
export function audioQuestions(survey: Survey): Candidate[] {
  const { heard, heardSeconds, seenCount, moving } = survey;
  const isHeard = kinds.map((_, kind): Candidate => {
    const answer = yesOrNo(heardSeconds[kind] > 0);
    const moves = moving.some((instrument) => instrument.kind === kind);
    const clue = moves ? 'it moves' : seenCount[kind] > 0 ? 'it rests' : 'it is unseen';
    return { template: 'isHeard', values: [kindName(kind)], answer, clues: [{ clue, truth: answer }] };
  });
  return [{ template: 'heardKinds', values: [], answer: numberWords[heard.length] }, ...isHeard, ...comparisons(survey)];
}

/**
 * Whether a kind is the loudest, the fastest or the longest of all; asked when it differs from the best of the others, by a
 * clear margin in length, and of level and rate only for kinds with a single source.
 */
function comparisons({ heard, heardSeconds, single, sources, moving }: Survey): Candidate[] {
  if (heard.length < 2) return [];
  return heard.flatMap((kind) => {
    const values = [kindName(kind)];
    const questions: Candidate[] = [];
    const others = sources.filter((source) => source.kind !== kind);
    const source = single[kind];
    const loudestOther = Math.max(...others.map(({ level }) => level));
    const fastestOther = Math.max(...others.map(({ rate }) => rate));
    if (source && source.level !== loudestOther) {
      questions.push({ template: 'loudest', values, answer: yesOrNo(source.level > loudestOther) });
    }
    if (source && source.rate !== fastestOther) {
      questions.push({ template: 'fastest', values, answer: yesOrNo(source.rate > fastestOther) });
    }
    const lead = heardSeconds[kind] - Math.max(...heard.filter((other) => other !== kind).map((other) => heardSeconds[other]));
    if (Math.abs(lead) >= leastSeconds) {
      const answer = yesOrNo(lead > 0);
      questions.push({ template: 'longest', values, answer, clues: [{ clue: longestToTheEye(kind, moving), truth: answer }] });
    }
    return questions;
  });
}

/** How long a kind is seen to move, compared with the others. */
function longestToTheEye(kind: number, moving: readonly Instrument[]): string {
  const longest = (instruments: readonly Instrument[]) => Math.max(0, ...instruments.map(({ active }) => active.filter(Boolean).length));
  const own = longest(moving.filter((instrument) => instrument.kind === kind));
  if (own === 0) return 'it does not move';
  return own > longest(moving.filter((instrument) => instrument.kind !== kind)) ? 'it moves longest' : 'another moves as long';
}
