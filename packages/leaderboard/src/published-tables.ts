import type { Leaderboard, PublishedOn, PublishedRow } from './leaderboard';

/** Published rows on the same questions. */
export interface PublishedTable extends PublishedOn {
  readonly rows: readonly PublishedRow[];
}

export interface PublishedTables {
  readonly here: readonly PublishedRow[]; // on the questions of the page: their figures are below the measured ones
  readonly elsewhere: readonly PublishedTable[]; // each a table of its own
}

/** Published rows by the questions that they are on. */
export function publishedTables({ published, publishedOn }: Pick<Leaderboard, 'published' | 'publishedOn'>): PublishedTables {
  const here = publishedOn ? nameOf(publishedOn) : undefined;
  const others = published.filter((row) => nameOf(row) !== here);
  const elsewhere = [...new Set(others.map(nameOf))].map((name) => {
    const rows = others.filter((row) => nameOf(row) === name);
    return { dataset: rows[0].dataset, questions: rows[0].questions, rows };
  });
  return { here: published.filter((row) => nameOf(row) === here), elsewhere };
}

export const tableTitle = (table: PublishedOn): string => `Published on ${nameOf(table)}`;

export const ELSEWHERE_NOTE =
  'These figures were not measured here and are on other questions, so they cannot be ranked with those of this page.';

/** Source, protocol and note in one line. */
export const provenance = ({ source, protocol, note }: PublishedRow): string =>
  [source, protocol, note].filter((part) => part !== '').join('; ');

const nameOf = ({ dataset, questions }: PublishedOn): string => `${dataset}, ${questions}`;
