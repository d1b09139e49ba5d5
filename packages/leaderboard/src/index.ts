export type { Leaderboard, MethodRow, PriorRow, PublishedRow, RunRow } from './leaderboard';
export { renderText, renderMarkdown } from './text';
export { renderCsv } from './csv';
export { renderJson } from './json';
export { renderLatex } from './latex';
export { renderPage } from './page/page';
export { publishedRows } from './published';
