import { QUESTION_TYPES, seededRandom, shuffled, type Question } from '@tass/dataset-music-avqa';
import { didYouMean } from '@tass/program';

/** Selects the questions of a split to explain. */
export interface Choice {
  readonly ids?: readonly string[]; // these and no others
  readonly types?: readonly string[]; // 'AV-Count' or 'Audio-Visual Counting'
  readonly wrong?: boolean; // that the run answers wrongly
  readonly most: number; // a sample of this size, spread over the types, then over the videos
}

/** The requested questions do not exist; the message names the nearest. */
class ChoiceError extends Error {
  override readonly name = 'ChoiceError';
}

/**
 * The selected questions in the order of the file; those named by id in the order of the ids. `isWrong` takes a question's place. Throws
 * ChoiceError.
 */
export function chooseQuestions(
  questions: readonly Question[],
  { ids, types, wrong, most }: Choice,
  isWrong: (question: number) => boolean,
  where: string,
): Question[] {
  if (ids) {
    const byId = new Map(questions.map((question) => [String(question.id), question]));
    return ids.map((id) => byId.get(id) ?? refuse(`there is no question ${id} in ${where}, which has ${questions.length}.${didYouMean(id, [...byId.keys()])}`)); // prettier-ignore
  }
  const wanted = types?.map(typeNamed);
  const fitting = questions.filter(({ type }, at) => (!wanted || wanted.includes(type)) && (!wrong || isWrong(at)));
  if (fitting.length === 0)
    refuse(`no question of ${where} fits: ${[...(types ?? []), ...(wrong ? ['answered wrongly'] : [])].join(', ')}`);
  const chosen = new Set(sampleOf(fitting, most));
  return fitting.filter((question) => chosen.has(question));
}

function typeNamed(name: string): number {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]+/g, ' ');
  const found = QUESTION_TYPES.find((type) => [type.short, type.name].some((known) => plain(known) === plain(name)));
  const names = QUESTION_TYPES.map(({ short }) => short);
  return found?.index ?? refuse(`there is no question type ${name}, expected one of ${names.join(', ')}.${didYouMean(name, names)}`);
}

/** One of each type, then a second of each, always from the video drawn least often so far. Deterministic. */
function sampleOf(questions: readonly Question[], most: number): Question[] {
  const random = seededRandom(1);
  const byType = QUESTION_TYPES.map(({ index }) => shuffled(questions.filter(({ type }) => type === index), random)); // prettier-ignore
  const ofVideo = new Map<string, number>();
  const timesOf = ({ videoId }: Question): number => ofVideo.get(videoId) ?? 0;
  const taken: Question[] = [];
  while (taken.length < Math.min(most, questions.length))
    for (const left of byType) {
      if (left.length === 0 || taken.length >= most) continue;
      const least = left.reduce((best, question, at) => (timesOf(question) < timesOf(left[best]) ? at : best), 0);
      const [question] = left.splice(least, 1);
      ofVideo.set(question.videoId, timesOf(question) + 1);
      taken.push(question);
    }
  return taken;
}

function refuse(problem: string): never {
  throw new ChoiceError(problem);
}
