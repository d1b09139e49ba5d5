import { numberWords } from './caption';
import { kindName, kinds } from './kinds';
import type { Candidate } from './questions';
import { columns } from './scene';
import { yesOrNo, type Survey } from './survey';

/** Questions that the picture alone answers. */
export function visualQuestions({ scene: { instruments, outdoor }, seen, seenCount, heardSeconds }: Survey): Candidate[] {
  const ofKind = kinds.flatMap((_, kind): Candidate[] => {
    const values = [kindName(kind)];
    const circumstance = heardSeconds[kind] > 0 ? 'heard' : 'unheard';
    const count = numberWords[seenCount[kind]];
    return [
      { template: 'visibleOfKind', values, answer: count, ...(seenCount[kind] === 0 && { circumstance }) },
      { template: 'isVisible', values, answer: yesOrNo(seenCount[kind] > 0), circumstance },
    ];
  });
  const kindAt = columns.flatMap((place, column): Candidate[] => {
    const there = instruments.filter((instrument) => instrument.column === column);
    if (there.length !== 1) return [];
    const [{ kind }] = there;
    return [{ template: 'kindAt', values: [place], answer: kindName(kind), circumstance: heardSeconds[kind] > 0 ? 'heard' : 'unheard' }];
  });
  const placeOf = seen.flatMap((kind): Candidate[] => {
    const [only, ...more] = instruments.filter((instrument) => instrument.kind === kind);
    return more.length === 0 ? [{ template: 'placeOf', values: [kindName(kind)], answer: columns[only.column] }] : [];
  });
  return [
    { template: 'visibleCount', values: [], answer: numberWords[instruments.length] },
    ...ofKind,
    { template: 'indoor', values: [], answer: outdoor ? 'outdoor' : 'indoor' },
    ...kindAt,
    ...placeOf,
  ];
}
