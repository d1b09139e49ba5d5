import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { composeExperiment, isGrid, nameHere, type ProjectSettings } from '@tass/config';
import { onDisk, writeFileAtomically } from '@tass/files';
import {
  publishedRows,
  renderCsv,
  renderJson,
  renderLatex,
  renderMarkdown,
  renderPage,
  renderText,
  type Leaderboard,
} from '@tass/leaderboard';
import { findSweep } from '@tass/sweep';
import { collectRuns, ComparisonError, foreignMethods, makeLeaderboard, statisticsCache } from '@tass/run-comparison';
import type { LeaderboardCommand } from './command-line';

/**
 * The leaderboard of the runs below a folder of runs, wherever these came from. Published rows stand on it where the questions are those of
 * the published tables, or where they are asked for. `say` is given one line for each file of predictions: what was read in it.
 * Throws ComparisonError, RunError, SweepError, PredictionError, AnnotationError, ConfigError.
 */
export function leaderboardOf(
  runsRoot: string,
  command: LeaderboardCommand,
  settings: ProjectSettings,
  say: (line: string) => void,
): Leaderboard {
  const { page, methods, leftOut, first } = collectRuns(runsRoot, command.runs, settings);
  if (command.published && page.published === 'never')
    throw new ComparisonError(`--published: the published rows are on the test of MUSIC-AVQA, this page is on that of ${page.name}`);
  return makeLeaderboard(page, [...methods, ...foreignMethods(command.predictions, page, say)], {
    title: command.title ?? titleOf(command, runsRoot, settings),
    reference: command.reference,
    resampling: { resamples: command.resamples, seed: 1 },
    published: page.published === 'shown' || command.published ? publishedRows : [],
    cache: statisticsCache(settings),
    ...{ first, leftOut },
  });
}

/** Writes leaderboard.{csv,json,md,tex,html} into `--out`, or into a folder of its own below `leaderboards`. Gives what is to be printed. Throws DiskError. */
export function writeLeaderboard(leaderboard: Leaderboard, command: LeaderboardCommand, settings: ProjectSettings): string {
  const folder = command.out ?? join(settings.root, 'leaderboards', folderNameOf(command));
  const renderers = { csv: renderCsv, json: renderJson, md: renderMarkdown, tex: renderLatex, html: renderPage };
  onDisk(`cannot write a leaderboard in ${folder}`, folder, () => mkdirSync(folder, { recursive: true }));
  for (const [ending, render] of Object.entries(renderers)) writeFileAtomically(join(folder, `leaderboard.${ending}`), render(leaderboard));
  const files = join(relative('', folder), `leaderboard.{${Object.keys(renderers).join(',')}}`);
  return `${renderText(leaderboard)}\nwritten: ${files}`;
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

/** The title that a grid's own file gives it; undefined without such a file. */
function gridTitle(grid: string, { experiments: root }: ProjectSettings): string | undefined {
  if (!isGrid(root, grid)) return undefined;
  const { title } = composeExperiment({ root, name: grid }).config;
  return typeof title === 'string' ? title : undefined;
}

/** Named after what was asked for; leads to no other folder. */
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
