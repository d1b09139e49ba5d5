import { existsSync } from 'node:fs';
import type { ProjectSettings } from '@tass/config';
import {
  buildNetwork,
  configurationDigest,
  createAnsweringStep,
  measureGrounding,
  measureUse,
  openEngine,
  prepareData,
  reportJson,
  reportOn,
  runFiles,
  scoreMetrics,
  startFrom,
  writePresentVideos,
  type Experiment,
  type ExperimentData,
  type OpenEngine,
  type StartedNetwork,
  type UseReport,
} from '@tass/experiment';
import type { BuiltNetwork } from '@tass/network';
import type { Schedule } from '@tass/optimizers';
import {
  codeFolder,
  createRun,
  findRun,
  mlflowServer,
  RunError,
  type MlflowServer,
  type NewRun,
  type Run,
  type RunRecord,
} from '@tass/tracking';
import { readAnswers } from '@tass/evaluation';
import { makeFolders, sealedJson, writeFileAtomically } from '@tass/files';
import { namedParameters } from '@tass/tensor';
import { expectBest, loadPosition, type Standing } from './position';
import { say } from '@tass/progress';
import { phase } from './phase';
import { train, trainingSchedule } from './train';
import { trainingCode } from './training-code';

/** Everything that a run needs. It is complete before the run folder is made, so that a failure leaves no folder behind. */
export interface Prepared {
  readonly experiment: Experiment;
  readonly trainingCode: string; // digest of the code that this process runs
  readonly server: MlflowServer | undefined; // that runs are mirrored to
  readonly engine: OpenEngine;
  readonly data: ExperimentData;
  readonly network: BuiltNetwork;
  readonly initialize?: StartedNetwork['from'];
  readonly schedule: Schedule;
}

/** Starts the engine, makes or opens the data and builds the network. Throws MlflowError for an invalid server address. */
export async function prepareTraining(
  experiment: Experiment,
  settings: ProjectSettings,
  begun?: RunRecord,
  signal?: AbortSignal, // ends the making of data; its reason is thrown
): Promise<Prepared> {
  const code = trainingCode(experiment.model.network); // now, before its files can change while the data are made
  const server = mlflowServer(settings.tracking.uri);
  const engine = await phase('engine', () => openEngine(experiment));
  say(
    `engine: ${engine.library}, ${engine.threads} threads, ${engine.device}, compile ${engine.compile}${engine.advice ? ` (${engine.advice})` : ''}`,
  );
  const data = await phase('data', () => prepareData(experiment, settings, { run: begun?.folder, signal }));
  for (const line of [...data.sources, ...data.remarks]) say(line);
  const network = initialNetwork(experiment, settings, buildNetwork(experiment, data.sizes), begun);
  return { experiment, trainingCode: code, server, engine, data, ...network, schedule: trainingSchedule(experiment, data) };
}

/** Uses the parameters of another run if the experiment names one, unless this run already has a checkpoint. */
function initialNetwork(
  { initialize }: Experiment,
  settings: ProjectSettings,
  network: BuiltNetwork,
  begun: RunRecord | undefined,
): Pick<Prepared, 'network' | 'initialize'> {
  if (initialize === null || (begun && existsSync(runFiles.last(begun.folder)))) return { network };
  const started = startFrom(findRun(settings.runs, initialize.from), network);
  const { run, sha256 } = started.from;
  if (begun && begun.manifest.initialize?.sha256 !== sha256)
    throw new RunError(`${begun.folder} started from parameters of ${run} that have changed since. Train a new run`);
  const all = namedParameters(started.network.parameters).size;
  say(`${started.taken.length} of ${all} parameters are those of epoch ${started.epoch} of ${run}: ${started.taken.join(', ')}`);
  return { network: started.network, initialize: started.from };
}

export type RunOrigin = Pick<NewRun, 'experiment' | 'overrides'> & Partial<Pick<NewRun, 'cell' | 'sweep'>>;

/** Makes the run folder. */
export function beginRun(
  { experiment, trainingCode, engine, data, initialize }: Prepared,
  origin: RunOrigin,
  settings: ProjectSettings,
): Run {
  const { backend, library, threads, device, compile } = engine;
  const run = createRun({
    ...origin,
    runsRoot: settings.runs,
    project: codeFolder,
    trainingCode,
    config: experiment,
    identity: configurationDigest(experiment),
    seed: experiment.seed,
    engine: { backend, library, threads, device, compile },
    features: data.features ? { store: data.features.digest } : {},
    datasets: data.digests,
    initialize,
  });
  const { codeUnknown } = run.manifest;
  if (codeUnknown) say(`the commit of the code is not recorded: ${codeUnknown}`);
  const files = Object.values(data.files);
  if (files.some(({ present }) => present))
    writePresentVideos(run.folder, files.flatMap(({ questions }) => questions.map(({ videoId }) => videoId))); // prettier-ignore
  return run;
}

/** A run folder, and the state from which to train. */
export interface OpenTraining extends Prepared, Standing {
  readonly run: Run;
}

/**
 * Resets the run to its last checkpoint, or to the beginning. If that is impossible, throws CheckpointError or RunError and changes
 * nothing.
 */
export function openTraining(prepared: Prepared, run: Run): OpenTraining {
  makeFolders(runFiles.checkpoints(run.folder));
  const standing = loadPosition(run, prepared.network, prepared.experiment.optimizer);
  const { step, epoch, batch } = standing.position;
  say(`run: ${run.folder}${step > 0 ? `, from epoch ${epoch + 1}, batch ${batch + 1}` : ''}`);
  return { ...prepared, ...standing, run };
}

export interface Watch {
  readonly stopRequested: () => boolean;
  readonly committed: () => void; // told once the journal and its files are safe on disk
}

/** How training ended; everything up to `step` is saved. */
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

    if (reached.best) expectBest(run, reached.best);
    const report = await phase('test', () => reportOn('test', run.folder, experiment, data, network, answering));
    const grounding = await phase('grounding', () =>
      unlessItFails('grounding', () => measureGrounding('test', run.folder, experiment, data, network)),
    );
    const use = await phase('use of the grounding', () => unlessItFails('use of the grounding', () => useOf(training)));
    run.refuseIfLost();
    const values = { ...scoreMetrics('test', report.score), ...grounding?.metrics, ...use?.metrics };
    run.journal.append({ step: reached.step, epoch: reached.epoch, values });
    if (grounding) writeFileAtomically(runFiles.grounding(run.folder, 'test'), sealedJson(grounding.json, 0));
    if (use) writeFileAtomically(runFiles.use(run.folder, 'test'), sealedJson(use.file, 0));
    const parts = [report, ...(grounding ? [grounding] : [])];
    const markdown = [...parts, ...(use ? [use] : [])].map((part) => part.markdown).join('\n');
    run.writeReport({ json: { ...reportJson(report), parameters: countParameters(network), ...(use ? { use: use.json } : {}) }, markdown });
    run.journal.commit();
    watch.committed();
    console.log(`\n${parts.map(({ text }) => text).join('\n')}`);
    return { finished: true, step: reached.step };
  } finally {
    answering.dispose();
  }
}

const countParameters = ({ parameters }: BuiltNetwork): number =>
  [...namedParameters(parameters).values()].reduce((sum, { size }) => sum + size, 0);

/** An additional measure. If it cannot be made, the reason is printed, and the run still counts as finished. */
async function unlessItFails<Measure>(name: string, measure: () => Promise<Measure>): Promise<Measure | undefined> {
  try {
    return await measure();
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split('\n');
    say(`${name} is not measured: ${problem}`);
    return undefined;
  }
}

/** Undefined for a network without interventions. */
async function useOf({ experiment, data, network, run: { folder } }: OpenTraining): Promise<UseReport | undefined> {
  if (network.interventions.length === 0) return undefined;
  const answers = readAnswers(runFiles.predictions(folder, 'test'), data.test);
  return measureUse('test', folder, experiment, data, network, answers, { curves: false });
}
