import { mkdirSync } from 'node:fs';
import { readConfig, toYaml, projectSettings, type ProjectSettings } from '@tass/config';
import {
  buildNetwork,
  checkExperiment,
  loadExperiment,
  openEngine,
  prepareData,
  refuseOtherData,
  reportJson,
  reportOn,
  runFiles,
  type Experiment,
  type ExperimentData,
  type Network,
} from '@tass/experiment';
import type { EngineDescription } from '@tass/tensor';
import type { Schedule } from '@tass/optimizers';
import { codeRevision, createRun, findRun, latestResumable, openRun, RunError, type Run, type RunRecord } from '@tass/tracking';
import { UsageError, parseCommandLine, usage, type TrainCommand } from './command-line';
import { loadPosition } from './position';
import { phase, say } from './say';
import { listenForStop } from './stop-signal';
import { train, trainingSchedule } from './train';

const STOPPED = 130;

async function main(words: readonly string[]): Promise<number> {
  const settings = projectSettings();
  const command = parseCommandLine(words);
  if (command.help) {
    console.log(usage(settings.experiments));
    return 0;
  }
  const begun = command.resume === undefined ? undefined : unfinishedRun(command, settings);
  const experiment = begun ? experimentOf(begun) : loadExperiment(settings, command.experiment!, command.overrides);
  if (command.show) {
    console.log(toYaml(experiment));
    return 0;
  }
  const engine = await phase('engine', () => openEngine(experiment));
  say(`engine: ${engine.library}, ${engine.threads} threads${engine.advice ? ` (${engine.advice})` : ''}`);
  const data = await phase('data', () => prepareData(experiment, settings));
  for (const source of data.sources) say(source);
  if (begun) {
    refuseOtherData(begun, data);
    const { code } = begun.manifest;
    const now = codeRevision(settings.root);
    if (code?.commit !== now?.commit || code?.dirty || now?.dirty)
      say('the code may be another one than the run was begun with: see code in its manifest.json');
  }
  const network = buildNetwork(experiment, data.sizes, data.vocabulary.size);
  const schedule = trainingSchedule(experiment, data);

  const run = begun ? openRun(begun.folder) : beginRun(command, experiment, settings, engine, data);
  const stop = listenForStop(say);
  try {
    return await trainAndReport({ experiment, data, network, schedule }, run, stop.requested);
  } finally {
    stop.release();
    run.close();
  }
}

/** What a run computes; it is whole before a run folder is made, so that what cannot be trained leaves none behind. */
interface Prepared {
  readonly experiment: Experiment;
  readonly data: ExperimentData;
  readonly network: Network;
  readonly schedule: Schedule;
}

async function trainAndReport(prepared: Prepared, run: Run, stopRequested: () => boolean): Promise<number> {
  const { experiment, data, network } = prepared;
  mkdirSync(runFiles.checkpoints(run.folder), { recursive: true });
  const { optimizer, position } = loadPosition(run, network, experiment.optimizer);
  say(`run: ${run.folder}${position.step > 0 ? `, from epoch ${position.epoch + 1}, batch ${position.batch + 1}` : ''}`);
  const reached = await phase('training', () => train({ ...prepared, optimizer, run, stopRequested }, position));
  if (reached.epoch < experiment.epochs) {
    say(`stopped and saved. To go on: npx nx run trainer:train --resume=${run.manifest.id}`);
    return STOPPED;
  }
  const report = await phase('test', () => reportOn('test', run.folder, experiment, data, network));
  run.writeReport({ json: reportJson(report), markdown: report.markdown });
  console.log(`\n${report.text}`);
  say(`run folder: ${run.folder}`);
  return 0;
}

/** What a run was begun with, on the engine that it was begun on: another one would not give the same bits. */
function experimentOf({ folder, manifest }: RunRecord): Experiment {
  const experiment = checkExperiment(readConfig(runFiles.config(folder)));
  const { backend, threads } = manifest.engine as { backend: EngineDescription['backend']; threads: number };
  return { ...experiment, engine: { backend, threads } };
}

function unfinishedRun({ resume, experiment }: TrainCommand, settings: ProjectSettings): RunRecord {
  const record = typeof resume === 'string' ? findRun(settings.runs, resume) : latestResumable(settings.runs, experiment!);
  if (record === undefined)
    throw new RunError(
      `there is no unfinished run of ${experiment} in ${settings.runs} that no other process works on. Begin one: npx nx run trainer:train --exp=${experiment}`,
    );
  if (record.finished)
    throw new RunError(`the run ${record.folder} is finished. Score it: npx nx run evaluator:evaluate --run=${record.manifest.id}`);
  if (experiment !== undefined && record.manifest.experiment !== experiment) {
    throw new UsageError(
      `trainer: --exp=${experiment}, but the run ${record.folder} is of ${record.manifest.experiment}. Leave out --exp, or name a run of ${experiment}`,
    );
  }
  return record;
}

function beginRun(
  { experiment: name, overrides }: TrainCommand,
  experiment: Experiment,
  settings: ProjectSettings,
  { backend, library, threads, device }: EngineDescription,
  data: ExperimentData,
): Run {
  return createRun({
    runsRoot: settings.runs,
    project: settings.root,
    experiment: name!,
    config: experiment,
    seed: experiment.seed,
    overrides,
    engine: { backend, library, threads, device },
    features: data.features ? { store: data.features.digest } : {},
    datasets: data.digests,
  });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const isOurMistake = error instanceof TypeError || error instanceof ReferenceError;
    console.error(isOurMistake || process.env.TASS_STACK ? error.stack : error.message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
