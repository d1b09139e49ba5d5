import { QUESTION_TYPES, type Modality, type Question } from '@tass/dataset-music-avqa';

/** One column of a leaderboard: a set of the questions that are scored. */
export interface ScoreColumn {
  readonly id: string; // 'A-Count', 'A-Avg', 'All', 'disjoint', 'head', 'tail'; unique
  readonly header: string; // 'Count' under Audio-Visual, else the id
  readonly group: Modality | 'All' | 'extra';
  readonly description: string;
  readonly total: number; // questions
}

/** The columns of some questions, and which question is in which. */
export interface ScoreColumns {
  readonly columns: readonly ScoreColumn[];
  readonly members: Uint32Array; // [questions]; bit c is set where the question is in column c
}

/** What a method could learn from before it was scored. */
export interface SeenQuestions {
  readonly train: readonly Question[]; // empty: not known
  readonly val?: readonly Question[]; // chose the epoch; left out when val itself is scored
}

/** Whether a column is the micro average of a modality. */
export const isAverage = ({ id }: ScoreColumn): boolean => AVERAGES.some(([, average]) => average === id);

type Column = Omit<ScoreColumn, 'total'> & { readonly has: (question: Question) => boolean };

const AVERAGES: readonly (readonly [Modality, string])[] = [
  ['Audio', 'A-Avg'],
  ['Visual', 'V-Avg'],
  ['Audio-Visual', 'AV-Avg'],
];
const MORE_THAN_MEAN = 1.2;

/**
 * The thirteen columns of the field's tables in their order (nine types, three micro averages, All), then, where train is known, three more:
 * - `disjoint`: questions whose video no question of train (or of val, when test is scored) is about; MUSIC-AVQA splits by question, so
 *   most of its test videos are seen in training.
 * - `head`, `tail`: by how frequent the right answer is among the train questions of the same type: head when its count is more than 1.2
 *   times the mean count of the answers that this type has there, else tail; so a type with balanced answers is all tail. The rule and its
 *   1.2 are those of MUSIC-AVQA-R (its README; the groups of its tables are the types), which counts its own rephrased test questions:
 *   here the train part is counted, because methods learn from it, so the figures are not comparable with those of MUSIC-AVQA-R.
 * Questions of MUSIC-AVQA-R and FortisAVQA themselves are head or tail as their files have them.
 */
export function scoreColumns(questions: readonly Question[], seen: SeenQuestions): ScoreColumns {
  const definitions = [...fieldColumns(), ...extraColumns(seen, questions)];
  const members = Uint32Array.from(questions, (question) =>
    definitions.reduce((bits, { has }, at) => bits | (Number(has(question)) << at), 0),
  );
  const columns = definitions.map(({ has: _, ...column }, at) => ({ ...column, total: members.filter((bits) => bits & (1 << at)).length }));
  return { columns, members };
}

function fieldColumns(): Column[] {
  const modalities = AVERAGES.flatMap(([modality, average]) => [
    ...QUESTION_TYPES.filter((type) => type.modality === modality).map(({ index, name, short }): Column => ({
      id: short,
      header: modality === 'Audio-Visual' ? short.slice(3) : short,
      group: modality,
      description: `questions of the type ${name}`,
      has: ({ type }) => type === index,
    })),
    {
      id: average,
      header: average,
      group: modality,
      description: `all ${modality} questions (micro average)`,
      has: ({ type }: Question) => QUESTION_TYPES[type].modality === modality,
    },
  ]);
  return [...modalities, { id: 'All', header: 'All', group: 'All', description: 'all questions (micro average)', has: () => true }];
}

function extraColumns({ train, val }: SeenQuestions, questions: readonly Question[]): Column[] {
  const byFile = questions.some(({ frequency }) => frequency !== undefined);
  const disjoint = train.length === 0 ? [] : [disjointColumn(train, val)];
  if (byFile) return [...disjoint, ...halvesByFile()];
  return train.length === 0 ? [] : [...disjoint, ...halvesByCount(train)];
}

const extra = (id: string, description: string, has: Column['has']): Column => ({ id, header: id, group: 'extra', description, has });

function disjointColumn(train: readonly Question[], val: readonly Question[] | undefined): Column {
  const seenVideos = new Set([...train, ...(val ?? [])].map(({ videoId }) => videoId));
  return extra('disjoint', `questions on videos that are not in train${val ? ' or val' : ''}`, ({ videoId }) => !seenVideos.has(videoId));
}

function halvesByCount(train: readonly Question[]): Column[] {
  const isFrequent = frequentAnswers(train);
  const rule = `${MORE_THAN_MEAN} times the mean count of an answer among the train questions of the same type`;
  return [
    extra('head', `questions whose answer is frequent: more than ${rule}`, isFrequent),
    extra('tail', `questions whose answer is not frequent: at most ${rule}`, (question) => !isFrequent(question)),
  ];
}

const halvesByFile = (): Column[] =>
  (['head', 'tail'] as const).map((half) =>
    extra(
      half,
      `questions with ${half === 'head' ? 'frequent' : 'rare'} answers, as the benchmark has them`,
      ({ frequency }) => frequency === half,
    ),
  );

function frequentAnswers(train: readonly Question[]): (question: Question) => boolean {
  const counts = QUESTION_TYPES.map(() => new Map<number, number>());
  for (const { type, answer } of train) counts[type].set(answer, (counts[type].get(answer) ?? 0) + 1);
  const means = counts.map((ofType) => [...ofType.values()].reduce((sum, count) => sum + count, 0) / ofType.size);
  return ({ type, answer }) => (counts[type].get(answer) ?? 0) > MORE_THAN_MEAN * means[type];
}
