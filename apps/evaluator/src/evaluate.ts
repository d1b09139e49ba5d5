import { existsSync } from 'node:fs';
import { readConfig, type ProjectSettings } from '@tass/config';
import {
  buildNetwork,
  checkExperiment,
  createAnsweringStep,
  openEngine,
  openOtherTest,
  prepareData,
  refuseOtherData,
  reportJson,
  reportOn,
  runFiles,
  type OtherTest,
  type Report,
  type ScoredData,
} from '@tass/experiment';
import { writeFileAtomically } from '@tass/files';
import { findRun, RunError, type RunRecord } from '@tass/tracking';
import { ComparisonError } from '@tass/run-comparison';
import type { EvaluateCommand } from './command-line';

export interface Evaluation {
  readonly run: RunRecord;
  readonly report: Report;
}

/**
 * Scores a run on the data it was trained for, or on another benchmark's test, without the questions that the run was trained or chosen on; `say` is
 * given lines on these. Throws RunError when the run's data or its features are others now; ComparisonError for the test of its own.
 */
export async function evaluate(
  { run: idOrPath, split, overrides, other }: EvaluateCommand,
  settings: ProjectSettings,
  say: (line: string) => void,
): Promise<Evaluation> {
  const run = findRun(settings.runs, idOrPath);
  if (!existsSync(runFiles.best(run.folder))) {
    const goOn = `npx nx run trainer:train --resume=${run.manifest.id}`;
    throw new RunError(`${run.folder} has nothing to score yet, as none of its epochs is finished. Go on with it: ${goOn}`);
  }
  if (split === 'test' && !run.finished) {
    const goOn = `npx nx run trainer:train --resume=${run.manifest.id}`;
    throw new RunError(
      `${run.folder} is not finished, and test is read once, after the choice of the epoch. Go on with it: ${goOn}; or score --split=val`,
    );
  }
  const experiment = checkExperiment(readConfig(runFiles.config(run.folder), overrides));
  await openEngine(experiment);
  const data = await prepareData(experiment, settings, run.folder);
  refuseOtherData(run, data);
  const network = buildNetwork(experiment, data.sizes, data.vocabulary.size);
  const scored = async (asked: ScoredData, predictions?: string): Promise<Report> => {
    const answering = createAnsweringStep(experiment, network);
    try {
      return await reportOn(split, run.folder, experiment, asked, network, answering, predictions);
    } finally {
      answering.dispose();
    }
  };
  if (!other) return { run, report: await scored(data) };

  const { data: asked, sources } = openOtherTest(experiment, data, other, settings);
  if (asked.files.test.sha256 === data.files.test.sha256)
    throw new ComparisonError(`${run.folder} was trained for this very test: score it without ${namesOf(other)}`);
  sources.forEach(say);
  const name = fileNameOf(other);
  const report = await scored(asked, runFiles.otherPredictions(run.folder, name));
  writeFileAtomically(`${runFiles.otherReport(run.folder, name)}.md`, report.markdown);
  writeFileAtomically(`${runFiles.otherReport(run.folder, name)}.json`, `${JSON.stringify(reportJson(report), undefined, 2)}\n`);
  return { run, report };
}

const fileNameOf = ({ benchmark }: OtherTest): string =>
  benchmark.kind === 'music-avqa-v2' ? `${benchmark.kind}-${benchmark.version}` : benchmark.kind;

const namesOf = ({ benchmark }: OtherTest): string =>
  benchmark.kind === 'music-avqa-v2' ? `dataset=${benchmark.kind} and dataset.version` : `dataset=${benchmark.kind}`;
