import { defaultBalance, drawSplit } from './balance';
import { kindName, kinds } from './kinds';
import type { Candidate } from './questions';
import { columns, soundingSources, type Scene, type Source } from './scene';
import { inOrder } from './survey';
import { templateNames, type TemplateName } from './templates';

/** How often guesses without understanding are right on a template's questions, in percent. */
export interface TemplateGuesses {
  readonly template: TemplateName;
  readonly questions: number; // scored
  readonly prior: number; // the template's most frequent answer
  readonly sight: number; // the best feature of the picture alone; no leak where sight should suffice (Visual)
  readonly sound: number; // the best feature of the sound alone; no leak where sound should suffice (Audio)
}

interface Row {
  readonly scene: Scene;
  readonly question: Candidate;
}
type Feature = (row: Row) => string;

/**
 * Guesses from one true (not rendered) feature of one modality: the answer most frequent with it among the training questions
 * of the template. The best of the features is chosen on the test questions, so its figure is slightly too high.
 */
export function singleModalityGuesses(seed: number, videos: Readonly<Record<'train' | 'test', number>>): TemplateGuesses[] {
  const rowsOf = (stream: 'train' | 'test'): Row[] =>
    [...drawSplit({ stream, seed, videos: videos[stream], ...defaultBalance })].flatMap(({ scene, questions }) =>
      questions.map((question) => ({ scene, question })),
    );
  const [train, test] = [rowsOf('train'), rowsOf('test')];
  return templateNames.map((template) => {
    const [known, asked] = [train, test].map((rows) => rows.filter(({ question }) => question.template === template));
    const best = (features: readonly Feature[]) => Math.max(...features.map((feature) => accuracyOf(feature, known, asked)));
    const prior = best([() => '']);
    return { template, questions: asked.length, prior, sight: best(sightFeatures), sound: best(soundFeatures) };
  });
}

function accuracyOf(feature: Feature, train: readonly Row[], test: readonly Row[]): number {
  const counts = new Map<string, Map<string, number>>();
  for (const row of train) {
    const answers = counts.get(feature(row)) ?? new Map<string, number>();
    counts.set(feature(row), answers.set(row.question.answer, (answers.get(row.question.answer) ?? 0) + 1));
  }
  const guesses = new Map([...counts].map(([key, answers]) => [key, [...answers].sort((one, other) => other[1] - one[1])[0][0]]));
  return (100 * test.filter((row) => guesses.get(feature(row)) === row.question.answer).length) / test.length;
}

const movingIn = ({ instruments }: Scene) => instruments.filter(({ state }) => state !== 'resting');
const askedKind = ({ question }: Row) => kinds.findIndex((_, kind) => question.values.includes(kindName(kind)));
const ofAsked = <Any extends Source>(row: Row, all: readonly Any[]) => all.filter(({ kind }) => kind === askedKind(row));
const kindsOf = (all: readonly Source[]) => new Set(all.map(({ kind }) => kind)).size;
const lengthOf = (all: readonly Source[]) => Math.max(0, ...all.map(({ active }) => active.filter(Boolean).length));
const nameOf = (source: Source | undefined) => (source ? kindName(source.kind) : '');

/** The source that a question on order means if all of these sound and are seen: the first, the last, or a neighbour. */
function inTurn<Any extends Source>({ question }: Row, all: readonly Any[]): Any | undefined {
  const [which, name] = question.values;
  const order = inOrder(all);
  if (which === 'first' || which === 'last') return order.at(which === 'first' ? 0 : -1);
  const index = order.findIndex((source) => kindName(source.kind) === name);
  return index < 0 ? undefined : order[index + (which === 'before' ? -1 : 1)];
}

const sightFeatures: readonly Feature[] = [
  ({ scene }) => `${scene.instruments.length} ${movingIn(scene).length}`,
  ({ scene }) => `${kindsOf(scene.instruments)} ${kindsOf(movingIn(scene))}`,
  (row) => `${ofAsked(row, row.scene.instruments).length} ${ofAsked(row, movingIn(row.scene)).length}`,
  (row) => `${lengthOf(ofAsked(row, movingIn(row.scene)))}`,
  (row) => {
    const moving = movingIn(row.scene);
    const others = moving.filter(({ kind }) => kind !== askedKind(row));
    return `${Math.sign(lengthOf(ofAsked(row, moving)) - lengthOf(others))} ${ofAsked(row, moving).length > 0}`;
  },
  (row) => nameOf(inTurn(row, movingIn(row.scene))),
  (row) => `${inTurn(row, movingIn(row.scene))?.column}`,
  ({ scene, question }) =>
    columns
      .filter((column) => question.values.includes(column))
      .map((column) => movingIn(scene).filter((instrument) => columns[instrument.column] === column).length)
      .join(' '),
  ({ scene, question }) => nameOf(movingIn(scene).find(({ column }) => question.values.includes(columns[column]))),
  (row) => `${(ofAsked(row, movingIn(row.scene))[0] ?? movingIn(row.scene)[0])?.column}`,
];

const soundFeatures: readonly Feature[] = [
  ({ scene }) => `${soundingSources(scene).length}`,
  ({ scene }) => `${kindsOf(soundingSources(scene))} ${soundingSources(scene).length}`,
  (row) => `${ofAsked(row, soundingSources(row.scene)).length}`,
  (row) => `${lengthOf(ofAsked(row, soundingSources(row.scene)))}`,
  (row) => `${ofAsked(row, soundingSources(row.scene))[0]?.active.indexOf(true)}`,
  (row) => nameOf(inTurn(row, soundingSources(row.scene))),
  ({ scene }) =>
    nameOf(soundingSources(scene).find(({ level }) => level === Math.max(...soundingSources(scene).map((other) => other.level)))),
  ({ scene }) =>
    soundingSources(scene)
      .map(({ level }) => level)
      .sort()
      .join(' '),
];
