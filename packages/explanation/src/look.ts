import { basename } from 'node:path';
import { ANSWERS, type Question, type Vocabulary } from '@tass/dataset-music-avqa';
import { CURVE_PARTS, type Looked } from '@tass/evaluation';
import { disposeBatch, lookedBySlot, type BatchSource } from '@tass/experiment';
import type { NetworkBatch } from '@tass/network';
import type {
  AnswerProbability,
  AttendedModality,
  DeletionCurve,
  ExplainedRun,
  Look,
  ModalityAttention,
  RegionMap,
  Word,
} from '@tass/question-page';
import { tf } from '@tass/tensor';
import { RunError } from '@tass/tracking';
import { alterations, type Altered } from './counterfactuals';
import { deletion } from './deletion';
import type { OpenedRun } from './opened-run';
import { answersByRow, joined, loadRows, rowOf, tidied } from './rows';

/**
 * Where a run's network attends in each question, what it answers, and how its answers change when the input is altered. `source`: the
 * source of the features, by default the run's. Pass at most a few dozen questions, because their features are in memory at once. `name`:
 * the run's name on a page. Throws RunError for a network without attention in time and maps; StoreError if features are damaged.
 */
export async function lookAt(
  run: OpenedRun,
  questions: readonly Question[],
  { source = run.data, name = run.record.manifest.id }: { readonly source?: BatchSource; readonly name?: string } = {},
): Promise<Look[]> {
  const { network, parameters, looking } = run;
  const loaded = loadRows(questions, source);
  try {
    const outputs = await looking.run({ parameters, inputs: loaded.inputs });
    const whole = answersByRow(outputs.probabilities);
    const lookedAt = lookedBySlot(outputs, 1);
    const looked = questions.map((_, slot) => lookedAt(slot));
    tf.dispose({ ...outputs });
    if (!looked[0].attention && !looked[0].maps) throw nothingToShow(run);
    const looks: Omit<Look, 'absent'>[] = [];
    for (const [slot, question] of questions.entries()) {
      const row = tidied(() => rowOf(loaded.inputs, slot));
      try {
        looks.push({
          run: explainedRun(run, name),
          words: wordsOf(question, looked[slot], source.vocabulary),
          answers: answersOf(whole[slot]),
          attention: attentionOf(looked[slot]),
          ...(hasPlaces(source) ? mapsOf(looked[slot], network.mapThreshold) : { grid: null, maps: [] }),
          ...(await altered(run, row, question, source, looked[slot], whole[slot])),
        });
      } finally {
        tf.dispose({ ...row });
      }
    }
    await run.data.features?.verified(); // before results of damaged features are shown
    return looks.map((look) => ({ ...look, absent: absentOf(look) }));
  } finally {
    disposeBatch(loaded);
  }
}

export const nothingToShow = ({ record, network, data: { needed } }: OpenedRun): RunError =>
  new RunError(
    needed.video || needed.audio
      ? `${record.folder}: its network (${network.name}) has neither attention in time nor maps, so there is nothing to show. Explain a run of another network`
      : `${record.folder} was trained on questions alone (${network.name}): it reads neither picture nor sound, so there is nothing to show. Explain a run that does`,
  );

type Answers = Float32Array; // probabilities [answers]

async function altered(
  { answering, parameters, blanks }: OpenedRun,
  row: NetworkBatch,
  question: Question,
  source: BatchSource,
  looked: Looked,
  whole: Answers,
): Promise<Pick<Look, 'counterfactuals' | 'curves'>> {
  const answer = async (inputs: NetworkBatch): Promise<Answers[]> => {
    try {
      const { probabilities } = await answering.run({ parameters, inputs });
      const rows = answersByRow(probabilities);
      probabilities.dispose();
      return rows;
    } finally {
      tf.dispose({ ...inputs });
    }
  };
  let kinds: readonly Omit<Altered, 'inputs'>[] = [];
  const together = tidied(() => {
    const all = alterations(row, question, source, blanks);
    kinds = all.map(({ inputs: _, ...kind }) => kind);
    return all.length === 0 ? undefined : joined(all.map(({ inputs }) => inputs));
  });
  const ofKinds = together ? await answer(together) : [];
  const given = whole.indexOf(Math.max(...whole));
  const curves: DeletionCurve[] = [];
  for (const part of CURVE_PARTS) {
    const taken = tidied(() => deletion(row, looked, blanks, part, question.id));
    if (taken) curves.push(taken.curve(whole[given], (await answer(taken.inputs)).map((one) => one[given]))); // prettier-ignore
  }
  return { counterfactuals: kinds.map((kind, at) => ({ ...kind, answers: answersOf(ofKinds[at]) })), curves };
}

/** With six digits, as in a predictions file. */
function answersOf(probabilities: Answers): AnswerProbability[] {
  return Array.from(probabilities, (probability, at) => ({ answer: ANSWERS[at], probability: sixDigits(probability) })).sort(
    (one, other) => other.probability - one.probability,
  );
}

const sixDigits = (value: number): number => Number(value.toPrecision(6));
const list = (values: Float32Array): number[] => Array.from(values, sixDigits);

const wordsOf = ({ words }: Question, { target }: Looked, vocabulary: Vocabulary): Word[] =>
  words.map((text, at) => ({ text, weight: target?.words ? sixDigits(target.words[at]) : null, known: vocabulary.has(text) }));

function attentionOf({ attention, attentionByHead }: Looked): ModalityAttention[] {
  const massOf = (shares: Float32Array | undefined): number => shares?.reduce((sum, share) => sum + share, 0) ?? 0;
  const modalities = (['visual', 'audio'] as const).filter((modality) => attention?.[modality]);
  const time = attention?.[modalities[0]]?.length ?? 0;
  const heads = (modality: AttendedModality): Float32Array[] => {
    const all = attentionByHead?.[modality] ?? new Float32Array();
    return Array.from({ length: all.length / time }, (_, head) => all.subarray(head * time, (head + 1) * time));
  };
  // One attention over both modalities: the parts of a head sum to 1 together.
  const isJoint = modalities.length === 2 && heads('visual').length > 0 && massOf(heads('visual')[0]) + massOf(heads('audio')[0]) < 1.5;
  return modalities.map((modality) => ({
    ...{ modality, mean: list(attention![modality]!), heads: heads(modality).map(list) },
    uniformOfHead: 1 / (isJoint ? 2 * time : time),
  }));
}

/** Merged tokens have no place in the picture, whatever their number. */
const hasPlaces = ({ features, needed }: BatchSource): boolean => !needed.video || !features!.describe('patch').axes.includes('tokens');

const MAP_KINDS = ['text', 'audio', 'pooled'] as const;

function mapsOf({ maps, grid }: Looked, threshold: number): Pick<Look, 'grid' | 'maps'> {
  const [time, regions] = grid ?? [0, 0];
  const side = Math.sqrt(regions);
  if (!maps || !Number.isInteger(side)) return { grid: null, maps: [] };
  const kinds = MAP_KINDS.filter((kind) => maps[kind]);
  // If two maps pool together, neither is cut on its own; the dropped regions are those without a share in `pooled`.
  const cuts = kinds.length === 2 && maps.pooled?.some((share) => share === 0);
  const bySegment = (map: Float32Array) =>
    Array.from({ length: time }, (_, segment) => list(map.subarray(segment * regions, (segment + 1) * regions)));
  return {
    grid: { rows: side, columns: side },
    maps: kinds.map((kind): RegionMap => ({ kind, shares: bySegment(maps[kind]!), threshold: kind !== 'pooled' && cuts ? threshold / regions : null })), // prettier-ignore
  };
}

const ABSENT = {
  attention: 'This network has no attention in time.',
  maps: 'This network gives no maps over a square grid of regions.',
  words: 'This network does not weigh the words of a question.',
  counterfactuals: 'Nothing of this input can be altered.',
  curves: 'This network looks at nothing that could be taken away.',
} as const;

function absentOf({ attention, maps, words, counterfactuals, curves }: Omit<Look, 'absent'>): Look['absent'] {
  const isThere = { attention, maps, words: words.filter(({ weight }) => weight !== null), counterfactuals, curves };
  return Object.fromEntries(Object.entries(ABSENT).filter(([part]) => isThere[part as keyof typeof ABSENT].length === 0));
}

function explainedRun({ record, network, epoch, experiment }: OpenedRun, name: string): ExplainedRun {
  const { id, seed, experiment: of, code } = record.manifest;
  const encoders = experiment.features && [experiment.features.clip, experiment.features.audio].map((one) => basename(one)).join(', ');
  return {
    ...{ id, name, network: network.name, seed },
    facts: [
      ['experiment', of],
      ['title', experiment.title],
      ['epoch', String(epoch)],
      ...(encoders ? [['encoders', encoders] as const] : []),
      ...(code ? [['code', code.commit.slice(0, 12)] as const] : []),
    ],
  };
}
