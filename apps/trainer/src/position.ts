import { existsSync } from 'node:fs';
import { CheckpointError, expectArrays, readCheckpoint, writeCheckpoint, type NamedArrays, type State } from '@tass/checkpoints';
import { arraysOf, configurationOf, readBest, refuseOtherConfiguration, runFiles, tensorsOf } from '@tass/experiment';
import type { BuiltNetwork } from '@tass/network';
import { createAdam, type AdamConfig, type Optimizer } from '@tass/optimizers';
import { namedParameters } from '@tass/tensor';
import type { Run } from '@tass/tracking';
import { noSteps, type EpochSums } from './epoch-sums';

/** The state of training between two steps. Together with the configuration, it decides everything that follows. */
export interface Position {
  readonly epoch: number; // the current epoch, from 0
  readonly batch: number; // batches of this epoch that are done
  readonly step: number; // updates so far
  readonly sums: EpochSums; // of this epoch's losses
  readonly best: Best | null; // null before the first epoch has ended
}

/** The epoch of the parameters in `checkpoints/best.safetensors`. */
interface Best {
  readonly epoch: number;
  readonly accuracy: number; // on val, over all questions, in percent
}

/** The state from which a run starts or resumes. */
export interface Standing {
  readonly optimizer: Optimizer;
  readonly position: Position;
}

const atStart: Position = { epoch: 0, batch: 0, step: 0, sums: noSteps, best: null };

/**
 * Writes `checkpoints/last.safetensors`: parameters, moments and position, whole or not at all. Throws RunError if another process has
 * taken over the run; DiskError.
 */
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
 * The optimizer and position from which a run resumes: those of its last checkpoint, with the journal cut back to it, or the beginning if
 * it has no checkpoint. Throws CheckpointError if the checkpoint is damaged or belongs to another network or configuration, or if the best
 * checkpoint is not from the best epoch.
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
  // a run killed between writing its two checkpoints has the best parameters of an epoch that it will train again
  if (position.best) expectBest(run, position.best, (epoch) => epoch === position.epoch + 1);
  const optimizer = createAdam(tensorsOf(arrays, initial.keys()), config);
  optimizer.restore(momentsOf(arrays));
  run.journal.cutTo(journalLines);
  return { optimizer, position };
}

/** Throws CheckpointError unless `best.safetensors` is from the best epoch, or from one for which `mayBe` holds. */
export function expectBest(run: Run, { epoch }: Best, mayBe: (epoch: number) => boolean = () => false): void {
  const found = readBest(run).epoch;
  if (found === epoch || mayBe(found)) return;
  throw new CheckpointError(
    runFiles.best(run.folder),
    `holds the parameters of epoch ${found}, expected those of epoch ${epoch}, the best one. Restore the file, or train a new run`,
  );
}

function momentsOf(arrays: NamedArrays): ReturnType<Optimizer['moments']> {
  const moments = Object.entries(arrays).filter(([name]) => /^(first|second)\./.test(name));
  return Object.fromEntries(moments.map(([name, { shape, data }]) => [name, { shape: [...shape], data: data as Float32Array }]));
}
