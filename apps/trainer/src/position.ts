import { existsSync } from 'node:fs';
import { CheckpointError, expectArrays, readCheckpoint, writeCheckpoint, type NamedArrays, type State } from '@tass/checkpoints';
import { arraysOf, configurationOf, readBest, refuseOtherConfiguration, runFiles, tensorsOf } from '@tass/experiment';
import type { BuiltNetwork } from '@tass/network';
import { createAdam, type AdamConfig, type Optimizer } from '@tass/optimizers';
import { namedParameters } from '@tass/tensor';
import type { Run } from '@tass/tracking';
import { noSteps, type EpochSums } from './epoch-sums';

/** Where training stands between two steps. With the configuration it decides everything that follows. */
export interface Position {
  readonly epoch: number; // being trained, from 0
  readonly batch: number; // of this epoch, done already
  readonly step: number; // updates so far
  readonly sums: EpochSums; // of this epoch's losses
  readonly best: Best | null; // null before the first epoch has ended
}

/** The epoch whose parameters `checkpoints/best.safetensors` holds. */
interface Best {
  readonly epoch: number;
  readonly accuracy: number; // on val, over all questions, in percent
}

/** What a run goes on with. */
export interface Standing {
  readonly optimizer: Optimizer;
  readonly position: Position;
}

const atStart: Position = { epoch: 0, batch: 0, step: 0, sums: noSteps, best: null };

/** Writes `checkpoints/last.safetensors`: parameters, moments and position, whole or not at all. Throws RunError where the run is another process' by now; DiskError. */
export function savePosition(run: Run, optimizer: Optimizer, position: Position): void {
  run.refuseIfLost();
  const momentArrays = Object.fromEntries(
    Object.entries(optimizer.moments()).map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }]),
  );
  const arrays = { ...arraysOf(optimizer.parameters()), ...momentArrays } as NamedArrays;
  writeCheckpoint(runFiles.last(run.folder), {
    arrays,
    state: { ...configurationOf(run.manifest), journalLines: run.journal.length, position } as unknown as State,
  });
}

/**
 * The optimizer and position that a run goes on with: those of its last checkpoint, the journal cut back to it, or the beginning where
 * there is none yet. Throws CheckpointError for a damaged checkpoint, for one of another network or configuration, and where the best one is not
 * that of its best epoch.
 */
export function loadPosition(run: Run, network: BuiltNetwork, config: AdamConfig): Standing {
  const file = runFiles.last(run.folder);
  const initial = namedParameters(network.parameters);
  if (!existsSync(file)) {
    run.journal.cutTo(0);
    return { optimizer: createAdam(initial, config), position: atStart };
  }
  const { arrays, state } = readCheckpoint(file);
  refuseOtherConfiguration(file, state, run.manifest);
  const shapes = [...initial].flatMap(([name, { shape }]) =>
    ['', 'first.', 'second.'].map((prefix) => [`${prefix}${name}`, shape] as const),
  );
  expectArrays(file, arrays, Object.fromEntries(shapes));
  const { journalLines, position } = state as unknown as { journalLines: number; position: Position | null };
  if (!Number.isInteger(journalLines) || !position || !Number.isInteger(position.step)) {
    throw new CheckpointError(
      file,
      'not a checkpoint of training: it has no journalLines or no position. Name the run that the trainer wrote',
    );
  }
  // a run that was killed between its two checkpoints holds the best of an epoch that it trains again
  if (position.best) expectBest(run, position.best, (epoch) => epoch === position.epoch + 1);
  const optimizer = createAdam(tensorsOf(arrays, initial.keys()), config);
  optimizer.restore(momentsOf(arrays));
  run.journal.cutTo(journalLines);
  return { optimizer, position };
}

/** Throws CheckpointError unless `best.safetensors` is of the best epoch, or of one that `mayBe`. */
export function expectBest(run: Run, { epoch }: Best, mayBe: (epoch: number) => boolean = () => false): void {
  const found = readBest(run).epoch;
  if (found === epoch || mayBe(found)) return;
  throw new CheckpointError(
    runFiles.best(run.folder),
    `holds the parameters of epoch ${found}, expected those of epoch ${epoch}, the best one. Bring the file back, or train a new run`,
  );
}

function momentsOf(arrays: NamedArrays): ReturnType<Optimizer['moments']> {
  const moments = Object.entries(arrays).filter(([name]) => /^(first|second)\./.test(name));
  return Object.fromEntries(moments.map(([name, { shape, data }]) => [name, { shape: [...shape], data: data as Float32Array }]));
}
