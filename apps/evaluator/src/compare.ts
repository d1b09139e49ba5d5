import { type ProjectSettings } from '@tass/config';
import { formatComparison, type MethodStatistics } from '@tass/evaluation';
import { printable } from '@tass/leaderboard';
import { findRun } from '@tass/tracking';
import { collectRuns, ComparisonError, statisticsCache, storedStatistics, type RunMethod } from '@tass/run-comparison';
import type { CompareCommand } from './command-line';

const RESAMPLING = { seed: 1, resamples: 10_000 } as const;

/**
 * Two methods on the same test questions, from the predictions in their run folders: by column, both means over seeds, what the second
 * gains on the first and the paired tests, as `compareMethods` has them. Throws ComparisonError for a run without predictions, for runs of different
 * questions, and unless each side is one method over different seeds.
 */
export function compareRuns({ runs, with: others }: CompareCommand, settings: ProjectSettings): string {
  const sides = [runs, others].map((side) => side.map((run) => findRun(settings.runs, run).manifest.id));
  const { page, methods, leftOut } = collectRuns(settings.runs, { named: [...runs, ...others], split: 'test' }, settings);
  if (leftOut.length > 0) throw new ComparisonError(`${leftOut[0].run} cannot be compared: ${leftOut[0].reason}`);
  const [first, second] = sides.map((ids) => methodOf(ids, methods));
  if (first === second)
    throw new ComparisonError(`--runs and --with are runs of one method, ${first.name}: expected two that differ in more than their seeds`);
  const [reference, method] = storedStatistics(statisticsCache(settings), [first, second], first.id, page, RESAMPLING);
  if (method.against === null)
    throw new ComparisonError(`no seed is shared: ${first.name} has ${seedsOf(first)}, ${second.name} has ${seedsOf(second)}`);
  const table = formatComparison(
    page.columns.columns,
    { name: printable(first.name), statistics: reference },
    { name: printable(second.name), statistics: method },
  );
  return `${[first, second].map(heading).join('\n')}\n\n${table}\n\n${legend(first, second, method)}`;
}

const heading = ({ name, runs }: RunMethod): string =>
  `${printable(name)}: ${runs.map(({ row, seed }) => `seed ${seed} ${row.id}`).join(', ')}`;

function legend(first: RunMethod, second: RunMethod, { against }: MethodStatistics): string {
  const pairs = against?.All.pairs.length ?? 0;
  const isPart = pairs < Math.max(first.runs.length, second.runs.length);
  const lines = [
    `gain: ${printable(second.name)} minus ${printable(first.name)} in points of percent, runs paired by seed.`,
    `95 % and p over videos: paired bootstrap (${RESAMPLING.resamples} resamples, seed ${RESAMPLING.seed}); p Holm: the same after correction over the types, over the averages`,
    'and over the extra columns. They speak of other test videos for these networks; of other trainings speaks the gain by seed.',
    'p McNemar: exact, of each pair of seeds; takes questions as independent and is not corrected.',
  ];
  if (isPart) lines.push(`Only the ${pairs === 1 ? 'seed' : `${pairs} seeds`} that both have: the gain is not that of the means shown.`);
  return lines.join('\n');
}

/** The one method that these runs are of. */
function methodOf(ids: readonly string[], methods: readonly RunMethod[]): RunMethod {
  const isIn = ({ runs }: RunMethod, id: string): boolean => runs.some(({ row }) => row.id === id);
  const found = ids.map((id) => methods.find((method) => isIn(method, id)) as RunMethod);
  const other = ids.find((_, at) => found[at] !== found[0]);
  if (other !== undefined) throw new ComparisonError(`${other} is another experiment than ${ids[0]}, expected the same with another seed`);
  return found[0];
}

const seedsOf = ({ runs }: RunMethod): string => runs.map(({ seed }) => seed).join(', ');
