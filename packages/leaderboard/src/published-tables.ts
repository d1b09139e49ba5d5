import type { Leaderboard, PublishedOn, PublishedRow, TestSet } from './leaderboard';

/** Published rows on the same questions. */
export interface PublishedTable extends PublishedOn {
  readonly rows: readonly PublishedRow[];
}

export interface PublishedTables {
  readonly here: readonly PublishedRow[]; // on the questions of the page: their figures are below the measured ones
  readonly elsewhere: readonly PublishedTable[]; // each a table of its own
}

/** Published rows by the questions that they are on; without those on the other test sets of the page, which have a table of their own. */
export function publishedTables({
  published,
  publishedOn,
  tests,
}: Pick<Leaderboard, 'published' | 'publishedOn' | 'tests'>): PublishedTables {
  const here = publishedOn ? nameOf(publishedOn) : undefined;
  const others = published.filter((row) => nameOf(row) !== here && !isOnTest(row, tests));
  const elsewhere = [...new Set(others.map(nameOf))].map((name) => {
    const rows = others.filter((row) => nameOf(row) === name);
    return { dataset: rows[0].dataset, questions: rows[0].questions, rows };
  });
  return { here: published.filter((row) => nameOf(row) === here), elsewhere };
}

/** Whether a published row is on the questions of one of these test sets. */
export const isOnTest = (row: PublishedOn, tests: readonly TestSet[]): boolean =>
  tests.some((test) => test.published.some((other) => nameOf(other) === nameOf(row)));

export const tableTitle = (table: PublishedOn): string => `Published on ${nameOf(table)}`;

export const ELSEWHERE_NOTE =
  'These figures come from papers and are on other questions, so they cannot be ranked with the figures of this page.';

/** Source, protocol and note in one line. */
export const provenance = ({ source, protocol, note }: PublishedRow): string =>
  [source, protocol, note].filter((part) => part !== '').join('; ');

const nameOf = ({ dataset, questions }: PublishedOn): string => `${dataset}, ${questions}`;
