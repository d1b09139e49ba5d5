import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import {
  buildNetwork,
  checkExperiment,
  createAnsweringStep,
  measureUse,
  measureGrounding,
  nameOfTest,
  openEngine,
  openOtherTest,
  prepareData,
  refuseOtherData,
  reportJson,
  reportOn,
  runFiles,
  type GroundingReport,
  type OtherTest,
  type Report,
  type ScoredData,
  type UseReport,
} from '@tass/experiment';
import { readAnswers } from '@tass/evaluation';
import { notChecked, sealedJson, writeSharedFileAtomically } from '@tass/files';
import { findRun, readRunConfig, resumeCommand, RunError, updateReport, type RunRecord } from '@tass/tracking';
import { ComparisonError } from '@tass/run-comparison';
import type { EvaluateCommand } from './command-line';

export interface Evaluation {
  readonly run: RunRecord;
  readonly report: Report;
  readonly use?: UseReport;
  readonly grounding: GroundingReport | undefined; // undefined: the network has no attention or maps
}

/**
 * Scores a run on its own benchmark, or on another benchmark's test split without the questions that the run was trained or chosen on;
 * `say` receives lines about these. Throws RunError if the run's data or features have changed; ComparisonError if the other test is the
 * run's own.
 */
export async function evaluate(
  { run: idOrPath, split, overrides, other, use }: EvaluateCommand,
  settings: ProjectSettings,
  say: (line: string) => void,
): Promise<Evaluation> {
  const run = findRun(settings.runs, idOrPath);
  const goOn = resumeCommand(run.manifest);
  if (!existsSync(runFiles.best(run.folder)))
    throw new RunError(`${run.folder} has nothing to score: no epoch is finished. Resume it: ${goOn}`);
  if (split === 'test' && !run.finished)
    throw new RunError(
      `${run.folder} is not finished, and the test split is read only at the end. Resume it: ${goOn}; or score --split=val`,
    );
  if (!run.isChecked) say(`${run.folder}: ${notChecked}`);
  const experiment = checkExperiment(readRunConfig(run, overrides));
  await openEngine(experiment);
  const data = await prepareData(experiment, settings, { run: run.folder });
  refuseOtherData(run, data);
  const network = buildNetwork(experiment, data.sizes);
  /** `keep` comes before measures that take minutes, so that a stop during them leaves predictions and a report that match. */
  const scored = async (asked: ScoredData, test: string, predictions: string, keep: (report: Report) => void): Promise<Evaluation> => {
    const answering = createAnsweringStep(experiment, network);
    let report: Report;
    try {
      report = await reportOn(split, run.folder, experiment, asked, network, answering, predictions);
    } finally {
      answering.dispose();
    }
    keep(report);
    const grounding = await measureGrounding(split, run.folder, experiment, asked, network);
    if (grounding) writeSharedFileAtomically(runFiles.grounding(run.folder, test), sealedJson(grounding.json, 0));
    if (!use) return { run, report, grounding };
    const answers = readAnswers(predictions, asked[split]);
    const measured = await measureUse(split, run.folder, experiment, asked, network, answers, { curves: !other });
    writeSharedFileAtomically(runFiles.use(run.folder, test), sealedJson(measured.file, 0));
    return { run, report, grounding, use: measured };
  };
  if (!other) {
    const predictions = runFiles.predictions(run.folder, split);
    return scored(data, split, predictions, (report) =>
      updateReport(run.folder, basename(predictions), split === 'test' ? reportJson(report) : {}),
    );
  }

  const { data: asked, sources } = openOtherTest(experiment, data, other, settings);
  if (asked.files.test.sha256 === data.files.test.sha256)
    throw new ComparisonError(`${run.folder} was trained for this very test: score it without ${namesOf(other)}`);
  sources.forEach(say);
  const name = nameOfTest(other.benchmark);
  return scored(asked, name, runFiles.otherPredictions(run.folder, name), (report) => {
    writeSharedFileAtomically(`${runFiles.otherReport(run.folder, name)}.md`, report.markdown);
    writeSharedFileAtomically(`${runFiles.otherReport(run.folder, name)}.json`, sealedJson(reportJson(report)));
  });
}

const namesOf = ({ benchmark }: OtherTest): string =>
  benchmark.kind === 'music-avqa-v2' ? `dataset=${benchmark.kind} and dataset.version` : `dataset=${benchmark.kind}`;
