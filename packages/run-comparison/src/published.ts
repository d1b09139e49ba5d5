import { publishedRows, type Leaderboard, type PublishedOn } from '@tass/leaderboard';
import type { Page } from './page';

export type Published = Pick<Leaderboard, 'published' | 'publishedRemark'>;

export const NONE_PUBLISHED: Published = { published: [], publishedRemark: null };

/** The published rows for the page's dataset, or for `all` datasets, and the reason if none is on exactly its questions. */
export function publishedFor({ name, split, publishedOn }: Pick<Page, 'name' | 'split' | 'publishedOn'>, all: boolean): Published {
  const published = all ? publishedRows : publishedRows.filter(({ dataset }) => dataset === publishedOn?.dataset);
  if (publishedOn && published.some((row) => isOn(row, publishedOn))) return { published, publishedRemark: null };
  const advice = published.length === 0 ? '--published shows results on other questions' : 'results on other questions follow';
  return {
    published,
    publishedRemark: `No published result covers exactly the questions of this page (${name}, ${split}); ${advice}, in separate tables.`,
  };
}

const isOn = (row: PublishedOn, on: PublishedOn): boolean => row.dataset === on.dataset && row.questions === on.questions;
