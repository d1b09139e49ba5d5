import type { Leaderboard, LeaderboardColumn, MethodRow, PriorRow, PublishedRow, TestSet } from './leaderboard';
import { counted } from './numbers';
import { isOnTest, provenance, publishedTables } from './published-tables';

/** In a table of several test sets: all questions, then the micro averages of the modalities. */
const HEADERS: Readonly<Record<string, string>> = { All: 'All', 'A-Avg': 'A', 'V-Avg': 'V', 'AV-Avg': 'AV' };

const columnIn = ({ id }: TestSet, column: string): string => `${id} ${column}`;

/** The leaderboard with the columns of all its test sets, those of the others under ids such as `music-avqa-r A-Count`. */
export function withTests(leaderboard: Leaderboard): Leaderboard {
  const { tests, columns, methods, priors, published } = leaderboard;
  if (tests.length === 0) return leaderboard;
  const inTest = (test: TestSet, column: LeaderboardColumn): LeaderboardColumn => ({
    ...column,
    id: columnIn(test, column.id),
    group: test.label,
    description: `${test.name}: ${column.description}`,
  });
  return {
    ...leaderboard,
    columns: [...columns, ...tests.flatMap((test) => test.columns.map((column) => inTest(test, column)))],
    methods: methods.map((method) => onTests(method, tests)),
    priors: priors.map((prior) => ({ ...prior, figures: { ...prior.figures, ...ofRule(prior, tests) } })),
    published: [...published.filter((row) => !isOnTest(row, tests)), ...tests.flatMap(publishedOn)],
  };
}

/**
 * The test sets side by side: one group of columns for each, the page's own first, with only the averages. Published rows of one name are one
 * row; rows on the page's own test only are in the main table. Null if there is no other test set.
 */
export function sideBySide(leaderboard: Leaderboard): Leaderboard | null {
  if (leaderboard.tests.length === 0) return null;
  const wide = withTests(leaderboard);
  const averages = (columns: readonly LeaderboardColumn[], group: string, prefix: string): LeaderboardColumn[] =>
    Object.entries(HEADERS).flatMap(([id, header]) =>
      columns.filter((column) => column.id === `${prefix}${id}`).map((column) => ({ ...column, header, group })),
    );
  const { dataset } = leaderboard;
  const columns = [
    ...averages(wide.columns, dataset.label, ''),
    ...leaderboard.tests.flatMap((test) => averages(wide.columns, test.label, columnIn(test, ''))),
  ];
  const onOthers = leaderboard.tests.flatMap(publishedOn);
  const again = publishedTables(leaderboard).here.filter(({ name }) => onOthers.some((row) => row.name === name));
  const on = { dataset: 'the test sets of this table', questions: '' };
  return {
    ...wide,
    columns,
    published: byName([...again, ...onOthers]).map((row) => ({ ...row, ...on })),
    publishedOn: on,
    publishedRemark: null,
  };
}

/** `R, head: MUSIC-AVQA-R, head; 138,153 questions on 6,373 videos; sha256 ...` */
export const describeTest = ({ label, name, questions, videos, digest }: TestSet): string =>
  `${label}: ${name}; ${counted(questions, 'question')} on ${counted(videos, 'video')}; sha256 ${digest}`;

export const TESTS_TITLE = 'Test sets side by side';
export const TESTS_NOTE =
  'Each group of columns is a test set: all its questions, then its audio (A), visual (V) and audio-visual (AV) ones. Differences from the reference are tested within a test set.';

function onTests(method: MethodRow, tests: readonly TestSet[]): MethodRow {
  const keyed = <Value>(valuesOf: (test: TestSet) => Readonly<Record<string, Value>> | null | undefined): Record<string, Value> =>
    Object.fromEntries(
      tests.flatMap((test) => Object.entries(valuesOf(test) ?? {}).map(([column, value]) => [columnIn(test, column), value] as const)),
    );
  const { id, figures, runs, against } = method;
  return {
    ...method,
    figures: { ...figures, ...keyed(({ methods }) => methods[id]?.figures) },
    runs: runs.map((run) => ({ ...run, figures: { ...run.figures, ...keyed(({ methods }) => methods[id]?.runs[run.id]) } })),
    against: against && { ...against, ...keyed(({ methods }) => methods[id]?.against) },
  };
}

const rekeyed = (test: TestSet, figures: PriorRow['figures']): PriorRow['figures'] =>
  Object.fromEntries(Object.entries(figures).map(([column, value]) => [columnIn(test, column), value]));

const ofRule = ({ name }: PriorRow, tests: readonly TestSet[]): PriorRow['figures'] =>
  Object.assign({}, ...tests.map((test) => rekeyed(test, test.priors.find((prior) => prior.name === name)?.figures ?? {})));

const publishedOn = (test: TestSet): PublishedRow[] => test.published.map((row) => ({ ...row, figures: rekeyed(test, row.figures) }));

/** Rows of one name as one, with the figures of all and where each was read. */
function byName(rows: readonly PublishedRow[]): PublishedRow[] {
  const names = [...new Set(rows.map(({ name }) => name))];
  return names.map((name) => {
    const ofName = rows.filter((row) => row.name === name);
    const source = ofName.map((row) => `on ${row.dataset}, ${row.questions}: ${provenance(row)}`).join('; ');
    return { ...ofName[0], source, protocol: '', note: '', figures: Object.assign({}, ...ofName.map(({ figures }) => figures)) };
  });
}
