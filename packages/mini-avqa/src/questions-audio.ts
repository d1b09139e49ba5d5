import { numberWords } from './caption';
import { kindName, kinds } from './kinds';
import type { Candidate } from './questions';
import { leastSeconds, orderedPairs, yesOrNo, type Survey } from './survey';

/** Questions that the sound alone answers. */
export function audioQuestions(survey: Survey): Candidate[] {
  const { heard, heardSeconds, seenCount } = survey;
  const isHeard = kinds.map((_, kind): Candidate => ({
    ...{ template: 'isHeard', values: [kindName(kind)], answer: yesOrNo(heardSeconds[kind] > 0) },
    circumstance: seenCount[kind] > 0 ? 'seen' : 'unseen',
  }));
  return [
    { template: 'heardKinds', values: [], answer: numberWords[heard.length] },
    ...isHeard,
    ...comparisonsOfTwo(survey),
    ...comparisonsWithAll(survey),
  ];
}

/** Only kinds with a single source, whose level and rate are therefore unique. */
function comparisonsOfTwo({ heard, single }: Survey): Candidate[] {
  const sources = heard.flatMap((kind) => single[kind] ?? []);
  return orderedPairs(sources).flatMap(([one, other]) => {
    const values = [kindName(one.kind), kindName(other.kind)];
    const louder: Candidate = { template: 'louder', values, answer: yesOrNo(one.level > other.level) };
    const faster: Candidate = { template: 'faster', values, answer: yesOrNo(one.rate > other.rate) };
    return [...(one.level === other.level ? [] : [louder]), ...(one.rate === other.rate ? [] : [faster])];
  });
}

/** The loudest: louder than every other source, or a loud one is beside a quiet one. The longest: by a clear margin. */
function comparisonsWithAll({ heard, heardSeconds, single, sources }: Survey): Candidate[] {
  if (heard.length < 2) return [];
  return heard.flatMap((kind) => {
    const values = [kindName(kind)];
    const questions: Candidate[] = [];
    const others = sources.filter((source) => source.kind !== kind);
    const source = single[kind];
    const loudestOther = Math.max(...others.map(({ level }) => level));
    if (source && source.level !== loudestOther)
      questions.push({ template: 'loudest', values, answer: yesOrNo(source.level > loudestOther) });
    const lead = heardSeconds[kind] - Math.max(...heard.filter((other) => other !== kind).map((other) => heardSeconds[other]));
    if (Math.abs(lead) >= leastSeconds) questions.push({ template: 'longest', values, answer: yesOrNo(lead > 0) });
    return questions;
  });
}
