import { MASKED, type Batch } from '@tass/dataset-music-avqa';
import { percent } from '@tass/evaluation';
import {
  BatchReader,
  batchShapes,
  configurationOf,
  createTrainingStep,
  disposeBatch,
  runFiles,
  scheduleOf,
  scoreMetrics,
  scoreQuestions,
  trainingPlan,
  writeParameters,
  type AnsweringStep,
  type Experiment,
  type ExperimentData,
  type TrainingStep,
} from '@tass/experiment';
import type { BuiltNetwork } from '@tass/network';
import type { Optimizer, Schedule } from '@tass/optimizers';
import { clock, Pace, say, showProgress } from '@tass/progress';
import { Random, withParameters } from '@tass/tensor';
import type { Run } from '@tass/tracking';
import { addStep, means, noSteps } from './epoch-sums';
import { refuseNonFinite } from './non-finite';
import { peakMemoryMegabytes } from './peak-memory';
import { savePosition, type Position } from './position';
import { Stopwatch } from './stopwatch';

export interface Training {
  readonly experiment: Experiment;
  readonly data: ExperimentData;
  readonly network: BuiltNetwork;
  readonly answering: AnsweringStep; // of the network; the caller disposes them
  readonly schedule: Schedule;
  readonly optimizer: Optimizer;
  readonly run: Run;
  readonly stopRequested: () => boolean;
  readonly committed: () => void; // called after each epoch, once its figures and checkpoints are on disk
}

const randomOf = ({ seed }: Experiment): Random => Random.fromSeed(seed);

/** The batches of an epoch, in order; the order depends only on the seed and the epoch. */
const planOf = (experiment: Experiment, data: ExperimentData, epoch: number): readonly Batch[] =>
  trainingPlan(data, experiment, randomOf(experiment).fork('order').fork(epoch)).batches;

/** The factor for the learning rate. Throws RangeError if the run is too short for its schedule. */
export function trainingSchedule(experiment: Experiment, data: ExperimentData): Schedule {
  return scheduleOf(experiment, experiment.epochs * planOf(experiment, data, 0).length);
}

/**
 * Trains from `start`, scores val after each epoch and keeps the parameters of the best one (over all questions; if two tie, the later
 * one). Test questions are never read here. Random numbers come from streams named by the seed and the epoch or step, so that a resumed run
 * gives the same bits as an uninterrupted one. Returns the position reached: the end or, when a stop was requested, the end of the current
 * step. The position is saved. Throws NonFiniteLossError, and RunError if another process has taken over the run; the last epoch's files
 * stay.
 */
export async function train(training: Training, start: Position): Promise<Position> {
  const { experiment, data, network, optimizer } = training;
  const steps = { training: createTrainingStep(experiment, network, optimizer), answering: training.answering, start };
  try {
    let position = start;
    const epochs = new Pace(experiment.epochs, { done: start.epoch + start.batch / planOf(experiment, data, start.epoch).length });
    while (position.epoch < experiment.epochs) {
      const reached = await trainEpoch(training, steps, position, epochs);
      if (reached.epoch === position.epoch) return reached;
      position = reached;
    }
    return position;
  } finally {
    steps.training.dispose();
  }
}

interface Steps {
  readonly training: TrainingStep;
  readonly answering: AnsweringStep;
  readonly start: Position; // of this process
}

/** Once in a process: what a GPU lacks costs copies in every step. */
function sayPlacement(words: string | undefined): void {
  if (words) say(`training step: ${words}`);
}

/** Trains to the end of the epoch or, when a stop was requested, to the end of the current step. */
async function trainEpoch(training: Training, steps: Steps, start: Position, epochs: Pace): Promise<Position> {
  const { experiment, data, run, optimizer, schedule } = training;
  const { epoch } = start;
  const batches = planOf(experiment, data, epoch);
  const progress = showProgress({
    label: `epoch ${epoch + 1}/${experiment.epochs}`,
    unit: 'batches',
    total: batches.length,
    done: start.batch,
  });
  const stopwatch = new Stopwatch();
  const reader = new BatchReader(batches, data.train, data, start.batch);
  const [, ...shapesToCome] = batchShapes(batches.slice(start.batch));
  let position = start;
  while (position.batch < batches.length) {
    if (training.stopRequested()) {
      reader.dispose();
      await data.features?.verified();
      savePosition(run, optimizer, position);
      progress.finish('stopped and saved');
      return position;
    }
    const { step } = position;
    const learningRate = experiment.optimizer.learningRate * schedule({ epoch, step });
    const batch = reader.take();
    const running = steps.training.run(batch, { step: step + 1, learningRate, epoch, dropoutSeed: dropoutSeed(experiment, step) });
    running.catch(() => undefined); // awaited, and thrown, later
    const nextShape = shapesToCome.shift();
    if (nextShape) steps.training.prepare(batch, nextShape);
    disposeBatch(batch);
    reader.readAhead();
    const figures = await running;
    if (position === steps.start) sayPlacement(await steps.training.placement());
    refuseNonFinite(figures, epoch, step);
    stopwatch.count(questionsIn(batches[position.batch]));
    position = { ...position, batch: position.batch + 1, step: step + 1, sums: addStep(position.sums, figures) };
    progress.update(position.batch, `loss ${figures.total.toFixed(3)}`);
    await eventLoop(); // signals are seen between two steps
  }
  const { total } = means(position.sums);
  const loss = `loss ${total.toFixed(3)}`;
  const onProgress = (done: number, all: number): void => progress.update(batches.length, `${loss}, val ${done}/${all} batches`);
  const ended = await endEpoch(training, steps.answering, position, stopwatch.perSecond(), onProgress);
  epochs.update(ended.position.epoch);
  const left = epochs.done < epochs.total ? `, ${clock(epochs.secondsLeft)} of training left` : '';
  progress.finish(`${loss}, val ${ended.accuracy.toFixed(2)} % (best ${ended.position.best!.accuracy.toFixed(2)} %)${left}`);
  return ended.position;
}

function dropoutSeed(experiment: Experiment, step: number): number {
  return randomOf(experiment)
    .fork('dropout')
    .fork(step)
    .integer(2 ** 31);
}

/** Scores val, writes the journal, then the checkpoints: a run killed in between writes the same journal lines again. */
async function endEpoch(
  training: Training,
  answeringStep: AnsweringStep,
  { epoch, step, sums, best }: Position,
  questionsPerSecond: number | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<{ position: Position; accuracy: number }> {
  const { data, network, optimizer, run } = training;
  const parameters = withParameters(network.parameters, optimizer.parameters());
  const { score } = await scoreQuestions(answeringStep, parameters, data.val, data, onProgress);
  const accuracy = percent(score.all);
  const losses = Object.entries(means(sums)).map(([name, mean]) => [`train/${name}`, mean]);
  const speed = questionsPerSecond === undefined ? {} : { 'throughput/questionsPerSecond': questionsPerSecond };
  run.refuseIfLost();
  const memory = { 'system/process_peak_memory_megabytes': peakMemoryMegabytes() };
  const values = { ...Object.fromEntries(losses), ...speed, ...memory, ...scoreMetrics('val', score) };
  run.journal.append({ step, epoch: epoch + 1, values });
  const isBest = best === null || accuracy >= best.accuracy;
  if (isBest)
    writeParameters(runFiles.best(run.folder), optimizer.parameters(), { ...configurationOf(run.manifest), epoch: epoch + 1, accuracy });
  const position = { epoch: epoch + 1, batch: 0, step, sums: noSteps, best: isBest ? { epoch: epoch + 1, accuracy } : best };
  savePosition(run, optimizer, position);
  run.journal.commit();
  training.committed();
  return { position, accuracy };
}

const questionsIn = ({ questionIndex }: Batch): number => questionIndex.filter((question) => question !== MASKED).length;

const eventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
