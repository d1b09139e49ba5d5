import { mkdirSync } from 'node:fs';
import { readConfig, toYaml, projectSettings, type ProjectSettings } from '@tass/config';
import { buildNetwork, checkExperiment, loadExperiment, prepareData, reportJson, reportOn, runFiles, type Experiment, type ExperimentData } from '@tass/experiment';
import { useEngine, type EngineDescription } from '@tass/tensor';
import { createRun, findRun, latestResumable, openRun, RunError, type Run } from '@tass/tracking';
import { UsageError, parseCommandLine, usage, type TrainCommand } from './command-line';
import { loadPosition } from './position';
import { phase, say } from './say';
import { listenForStop } from './stop-signal';
import { train } from './train';

const STOPPED = 130;

async function main(words: readonly string[]): Promise<number> {
  const settings = projectSettings();
  const command = parseCommandLine(words);
  if (command.help) {
    console.log(usage(settings.experiments));
    return 0;
  }
  const begun = command.resume === undefined ? undefined : unfinishedRun(command, settings);
  const experiment = begun ? checkExperiment(readConfig(runFiles.config(begun))) : loadExperiment(settings, command.experiment!, command.overrides);
  if (command.show) {
    console.log(toYaml(experiment));
    return 0;
  }
  const engine = await phase('engine', () => useEngine(experiment.engine));
  say(`engine: ${engine.library}, ${engine.threads} threads${engine.advice ? ` (${engine.advice})` : ''}`);
  const data = await phase('data', () => prepareData(experiment, settings));
  for (const source of data.sources) say(source);

  const run = begun ? openRun(begun) : beginRun(command, experiment, settings, engine, data);
  const stop = listenForStop(say);
  try {
    return await trainAndReport(experiment, data, run, stop.requested);
  } finally {
    stop.release();
    run.close();
  }
}

async function trainAndReport(experiment: Experiment, data: ExperimentData, run: Run, stopRequested: () => boolean): Promise<number> {
  mkdirSync(runFiles.checkpoints(run.folder), { recursive: true });
  const network = buildNetwork(experiment, data.sizes, data.vocabulary.size);
  const { optimizer, position } = loadPosition(run, network, experiment.optimizer);
  say(`run: ${run.folder}${position.step > 0 ? `, from epoch ${position.epoch + 1}, batch ${position.batch + 1}` : ''}`);
  const reached = await phase('training', () => train({ experiment, data, network, optimizer, run, stopRequested }, position));
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

function unfinishedRun({ resume, experiment }: TrainCommand, settings: ProjectSettings): string {
  const record = typeof resume === 'string' ? findRun(settings.runs, resume) : latestResumable(settings.runs, experiment!);
  if (record === undefined) throw new RunError(`there is no unfinished run of ${experiment} in ${settings.runs}. Begin one: npx nx run trainer:train --exp=${experiment}`);
  if (record.finished) throw new RunError(`the run ${record.folder} is finished. Score it: npx nx run evaluator:evaluate --run=${record.manifest.id}`);
  return record.folder;
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
