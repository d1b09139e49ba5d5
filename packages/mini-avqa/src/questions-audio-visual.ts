import { numberWords } from './caption';
import { kindName } from './kinds';
import type { Candidate, Clue } from './questions';
import { temporalQuestions } from './questions-temporal';
import { columns, type Instrument } from './scene';
import { orderedPairs, yesOrNo, type Survey } from './survey';

/** Questions that need picture and sound together. */
export function audioVisualQuestions(survey: Survey): Candidate[] {
  return [...existence(survey), ...counts(survey), ...locations(survey), ...comparisons(survey), ...temporalQuestions(survey)];
}

function existence({ scene: { instruments }, playing, moving, heard, heardSeconds, seen }: Survey): Candidate[] {
  const isSourceSeen = heard.map((kind): Candidate => {
    const values = [kindName(kind)];
    if (playing.some((instrument) => instrument.kind === kind)) return { template: 'isSourceSeen', values, answer: 'yes' };
    return {
      template: 'isSourceSeen',
      values,
      answer: 'no',
      circumstance: moving.some((instrument) => instrument.kind === kind) ? 'moving' : 'still',
    };
  });
  const reallySounds = seen.flatMap((kind): Candidate[] => {
    const [only, ...more] = instruments.filter((instrument) => instrument.kind === kind);
    if (more.length > 0 || only.state === 'resting') return []; // an instrument that rests is no riddle
    const values = [kindName(kind)];
    if (only.state === 'playing') return [{ template: 'reallySounds', values, answer: 'yes' }];
    return [{ template: 'reallySounds', values, answer: 'no', circumstance: heardSeconds[kind] > 0 ? 'heard' : 'unheard' }];
  });
  return [...isSourceSeen, ...reallySounds];
}

function counts(survey: Survey): Candidate[] {
  const { scene, playing, moving, seen, heardSeconds } = survey;
  const soundingCount = numberWords[playing.length];
  const silentCount = numberWords[scene.instruments.length - playing.length];
  return [
    { template: 'soundingCount', values: [], answer: soundingCount, clues: numbersOf(survey, soundingCount) },
    { template: 'silentCount', values: [], answer: silentCount, clues: numbersOf(survey, silentCount) },
    ...seen.flatMap((kind): Candidate[] => {
      const [sounding, moves] = [playing, moving].map((all) => all.filter((instrument) => instrument.kind === kind).length);
      if (moves === 0) return []; // an instrument that rests is no riddle
      const answer = numberWords[sounding];
      const circumstance = heardSeconds[kind] > 0 ? 'heard' : 'unheard';
      const question = { template: 'soundingOfKind', values: [kindName(kind)], answer } as const;
      return [{ ...question, clues: [{ clue: `${moves} move`, truth: answer }], ...(sounding === 0 && { circumstance }) }];
    }),
  ];
}

/** What the picture alone and the sound alone reveal about how many play. */
function numbersOf({ scene: { instruments }, moving, sources }: Survey, answer: string): Clue[] {
  return [`${moving.length} of ${instruments.length} move`, `${sources.length} sound`].map((clue) => ({ clue, truth: answer }));
}

function locations({ scene: { instruments }, playing, seen, single }: Survey): Candidate[] {
  const questions: Candidate[] = [];
  const [loudest, next] = [...playing].sort((one, other) => other.level - one.level);
  if (next && loudest.level > next.level && playing.every(({ kind }) => single[kind])) {
    questions.push({ template: 'loudestPlace', values: [], answer: columns[loudest.column] });
  }
  for (const kind of seen) {
    const same = instruments.filter((instrument) => instrument.kind === kind);
    const [sounding, ...more] = same.filter(({ state }) => state === 'playing');
    const lookAlike = same.length > 1 && same.some(({ column }) => column !== same[0].column);
    if (!sounding || more.length > 0 || !lookAlike || same.some(({ state }) => state === 'resting')) continue;
    questions.push({ template: 'soundingPlace', values: [kindName(kind)], answer: columns[sounding.column] });
  }
  columns.forEach((place, column) => {
    const moving = instruments.filter((instrument) => instrument.column === column && instrument.state !== 'resting');
    const [sounding, ...more] = moving.filter(({ state }) => state === 'playing');
    if (moving.length !== 2 || !sounding || more.length > 0) return;
    questions.push({ template: 'soundingAt', values: [place], answer: kindName(sounding.kind) });
  });
  return questions;
}

function comparisons(survey: Survey): Candidate[] {
  const { scene, playing, seen, heard, single } = survey;
  const questions: Candidate[] = [];
  const alone = columns.flatMap((_, column): Instrument[] => {
    const there = playing.filter((instrument) => instrument.column === column);
    return there.length === 1 ? there : [];
  });
  for (const [one, other] of orderedPairs(alone)) {
    if (one.kind === other.kind) continue;
    const values = [columns[one.column], columns[other.column]];
    if (single[one.kind] && single[other.kind] && one.level !== other.level) {
      questions.push({ template: 'louderSide', values, answer: yesOrNo(one.level > other.level) });
    }
  }
  const silent = scene.instruments.length - playing.length;
  if (playing.length !== silent) {
    const answer = yesOrNo(playing.length > silent);
    questions.push({ template: 'moreSounding', values: [], answer, clues: numbersOf(survey, answer) });
  }
  if (seen.length !== heard.length) {
    const circumstance = `${seen.length} to ${heard.length}`;
    questions.push({ template: 'moreSeen', values: [], answer: yesOrNo(seen.length > heard.length), circumstance });
  }
  return questions;
}
