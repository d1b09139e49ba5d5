import { mkdirSync } from 'node:fs';
import type { ProjectSettings } from '@tass/config';
import {
  buildNetwork,
  createAnsweringStep,
  openEngine,
  prepareData,
  reportJson,
  reportOn,
  runFiles,
  scoreMetrics,
  writePresentVideos,
  type Experiment,
  type ExperimentData,
  type Network,
  type OpenEngine,
} from '@tass/experiment';
import type { Schedule } from '@tass/optimizers';
import { codeFolder, createRun, mlflowServer, type MlflowServer, type NewRun, type Run, type RunRecord } from '@tass/tracking';
import { loadPosition, type Standing } from './position';
import { say } from '@tass/progress';
import { phase } from './phase';
import { train, trainingSchedule } from './train';

/** What a run computes; it is whole before a run folder is made, so that what cannot be trained leaves none behind. */
export interface Prepared {
  readonly experiment: Experiment;
  readonly server: MlflowServer | undefined; // that runs are mirrored to
  readonly engine: OpenEngine;
  readonly data: ExperimentData;
  readonly network: Network;
  readonly schedule: Schedule;
}

/** Starts the engine, makes or opens the data and builds the network. Throws MlflowError for a server address that is none. */
export async function prepareTraining(experiment: Experiment, settings: ProjectSettings, begun?: RunRecord): Promise<Prepared> {
  const server = mlflowServer(settings.tracking.uri);
  const engine = await phase('engine', () => openEngine(experiment));
  say(
    `engine: ${engine.library}, ${engine.threads} threads, ${engine.device}, compile ${engine.compile}${engine.advice ? ` (${engine.advice})` : ''}`,
  );
  const data = await phase('data', () => prepareData(experiment, settings, begun?.folder));
  for (const line of [...data.sources, ...data.remarks]) say(line);
  const network = buildNetwork(experiment, data.sizes, data.vocabulary.size);
  return { experiment, server, engine, data, network, schedule: trainingSchedule(experiment, data) };
}

export type RunOrigin = Pick<NewRun, 'experiment' | 'overrides'> & Partial<Pick<NewRun, 'cell' | 'sweep'>>;

/** Makes the run folder of what was prepared. */
export function beginRun({ experiment, engine, data }: Prepared, origin: RunOrigin, settings: ProjectSettings): Run {
  const { backend, library, threads, device, compile } = engine;
  const run = createRun({
    ...origin,
    runsRoot: settings.runs,
    project: codeFolder,
    config: experiment,
    seed: experiment.seed,
    engine: { backend, library, threads, device, compile },
    features: data.features ? { store: data.features.digest } : {},
    datasets: data.digests,
  });
  const { codeUnknown } = run.manifest;
  if (codeUnknown) say(`the commit of the code is not recorded: ${codeUnknown}`);
  const files = Object.values(data.files);
  if (files.some(({ present }) => present))
    writePresentVideos(run.folder, files.flatMap(({ questions }) => questions.map(({ videoId }) => videoId))); // prettier-ignore
  return run;
}

/** A run folder with what training goes on from. */
export interface OpenTraining extends Prepared, Standing {
  readonly run: Run;
}

/** Takes the run back to its last checkpoint, or to the beginning. Throws CheckpointError and RunError, and changes nothing, where that cannot be. */
export function openTraining(prepared: Prepared, run: Run): OpenTraining {
  mkdirSync(runFiles.checkpoints(run.folder), { recursive: true });
  const standing = loadPosition(run, prepared.network, prepared.experiment.optimizer);
  const { step, epoch, batch } = standing.position;
  say(`run: ${run.folder}${step > 0 ? `, from epoch ${epoch + 1}, batch ${batch + 1}` : ''}`);
  return { ...prepared, ...standing, run };
}

export interface Watch {
  readonly stopRequested: () => boolean;
  readonly committed: () => void; // told when the journal and the files that go with it are safe on the disk
}

/** How training ended; all up to `step` is saved. */
export interface TrainingEnd {
  readonly finished: boolean; // false: a stop was requested
  readonly step: number;
}

/** Trains to the end, unless a stop is requested, and scores test once. */
export async function trainAndReport(training: OpenTraining, watch: Watch): Promise<TrainingEnd> {
  const { experiment, data, network, run } = training;
  const answering = createAnsweringStep(experiment, network);
  try {
    const reached = await phase('training', () => train({ ...training, ...watch, answering }, training.position));
    if (reached.epoch < experiment.epochs) return { finished: false, step: reached.step };

    const report = await phase('test', () => reportOn('test', run.folder, experiment, data, network, answering));
    run.refuseIfLost();
    run.journal.append({ step: reached.step, epoch: reached.epoch, values: scoreMetrics('test', report.score) });
    run.writeReport({ json: reportJson(report), markdown: report.markdown });
    run.journal.commit();
    watch.committed();
    console.log(`\n${report.text}`);
    return { finished: true, step: reached.step };
  } finally {
    answering.dispose();
  }
}
