import { mkdirSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { composeExperiment, isGrid, nameHere, type ProjectSettings } from '@tass/config';
import { notChecked, onDisk, writeSharedFileAtomically } from '@tass/files';
import {
  renderCsv,
  renderJson,
  renderLatex,
  renderMarkdown,
  renderPage,
  renderQuestionsPage,
  renderText,
  type DrillDown,
  type Leaderboard,
} from '@tass/leaderboard';
import { findSweep } from '@tass/sweep';
import {
  answeredTests,
  collectRuns,
  compareOnTests,
  ComparisonError,
  foreignMethods,
  makeDrillDown,
  makeLeaderboard,
  publishedFor,
  statisticsCache,
  type AskedTest,
  type Collected,
} from '@tass/run-comparison';
import type { LeaderboardCommand } from './command-line';

export interface MadeLeaderboard {
  readonly leaderboard: Leaderboard;
  readonly drillDown: DrillDown; // its questions, one by one
}

/**
 * The leaderboard of the runs in a runs folder. `say` receives one line for each predictions file: how it was read; and lines on the tests of
 * other benchmarks. Throws ComparisonError, RunError, SweepError, PredictionError, AnnotationError, ConfigError.
 */
export function leaderboardOf(
  runsRoot: string,
  command: LeaderboardCommand,
  settings: ProjectSettings,
  say: (line: string) => void,
): MadeLeaderboard {
  const collected = collectRuns(runsRoot, command.runs, settings);
  const { page, methods: ofRuns, leftOut, first } = collected;
  const unchecked = ofRuns.flatMap(({ runs }) => runs).filter(({ record }) => !record.isChecked).length;
  if (unchecked > 0) say(`${unchecked} ${unchecked === 1 ? 'run' : 'runs'}: ${notChecked}`);
  const methods = [...ofRuns, ...foreignMethods(command.predictions, page, say)];
  const own = makeLeaderboard(page, methods, {
    title: command.title ?? titleOf(command, runsRoot, settings),
    reference: command.reference,
    resampling: { resamples: command.resamples, seed: 1 },
    published: publishedFor(page, command.published),
    cache: statisticsCache(settings),
    ...{ first, leftOut },
  });
  const asked = testsOf(command, collected, say);
  const others = compareOnTests(collected, asked, command.runs, { ...own, cache: statisticsCache(settings) }, settings);
  others.remarks.forEach(say);
  const leaderboard = { ...own, tests: others.tests, leftOut: [...own.leftOut, ...others.leftOut] };
  return { leaderboard, drillDown: makeDrillDown(page, methods, leaderboard) };
}

/** The tests that were asked for; `say` is given a line on others that runs have answered. */
function testsOf({ tests, runs: { split } }: LeaderboardCommand, collected: Collected, say: (line: string) => void): readonly AskedTest[] {
  const answered = split === 'test' ? answeredTests(collected) : [];
  if (tests !== 'all') {
    const others = answered.filter(({ name }) => !tests.some((test) => test.name === name));
    const shown = others.map(({ name, runs }) => `${name} (${runs} ${runs === 1 ? 'run' : 'runs'})`).join(', ');
    if (others.length > 0) say(`not shown: predictions on ${shown}; --tests=all shows them`);
    return tests;
  }
  if (answered.length === 0)
    throw new ComparisonError('--tests=all: no run here has predictions on the test of another benchmark. Make them: npx nx run evaluator:evaluate --run=RUN dataset=NAME'); // prettier-ignore
  return answered.map(({ name }) => ({ name, root: undefined }));
}

const QUESTIONS_FILE = 'questions.html';

/**
 * Writes leaderboard.{csv,json,md,tex,html} and the page of its questions to `--out`, or to a folder in `leaderboards`. Returns the output.
 * Throws DiskError.
 */
export function writeLeaderboard(
  { leaderboard, drillDown }: MadeLeaderboard,
  command: LeaderboardCommand,
  settings: ProjectSettings,
): string {
  const folder = command.out ?? join(settings.root, 'leaderboards', folderNameOf(command));
  const html = (shown: Leaderboard): string => renderPage(shown, wayTo(settings.root, folder), QUESTIONS_FILE);
  const renderers = { csv: renderCsv, json: renderJson, md: renderMarkdown, tex: renderLatex, html };
  onDisk(`cannot write a leaderboard in ${folder}`, folder, () => mkdirSync(folder, { recursive: true }));
  for (const [ending, render] of Object.entries(renderers))
    writeSharedFileAtomically(join(folder, `leaderboard.${ending}`), render(leaderboard));
  writeSharedFileAtomically(join(folder, QUESTIONS_FILE), renderQuestionsPage(drillDown));
  const files = join(relative('', folder), `leaderboard.{${Object.keys(renderers).join(',')}}`);
  return `${renderText(leaderboard)}\nwritten: ${files}`;
}

/**
 * The path from a folder in the project up to the project's folder; null for a folder outside, because its path would reveal the machine's
 * folders.
 */
function wayTo(root: string, folder: string): string | null {
  const path = relative(root, resolve(folder));
  if (path.startsWith('..') || isAbsolute(path)) return null;
  return path === '' ? '.' : path.split(sep).map(() => '..').join('/'); // prettier-ignore
}

function titleOf(
  { runs: { experiments, sweep, named }, fromMlflow }: LeaderboardCommand,
  runsRoot: string,
  settings: ProjectSettings,
): string {
  if (fromMlflow !== undefined) return `${fromMlflow} (MLflow)`;
  if (experiments) return experiments.join(', ');
  if (sweep !== undefined)
    return gridTitle(nameHere(settings.experiments, findSweep(runsRoot, sweep).experiment), settings) ?? `Sweep ${sweep}`;
  return named ? 'Chosen runs' : 'All runs';
}

/** The title in the grid's own file; undefined without such a file. */
function gridTitle(grid: string, { experiments: root }: ProjectSettings): string | undefined {
  if (!isGrid(root, grid)) return undefined;
  const { title } = composeExperiment({ root, name: grid }).config;
  return typeof title === 'string' ? title : undefined;
}

/** Named after the request; cannot lead to another folder. */
function folderNameOf({ runs: { experiments, sweep, named }, fromMlflow }: LeaderboardCommand): string {
  const name =
    fromMlflow !== undefined
      ? `mlflow-${fromMlflow}`
      : experiments
        ? experiments.join('+')
        : sweep !== undefined
          ? `sweep-${sweep}`
          : named
            ? 'chosen'
            : 'all';
  return name.replaceAll(/[^\p{L}\p{M}\p{N}_.+-]+/gu, '-').replace(/^[.-]+/, '');
}
