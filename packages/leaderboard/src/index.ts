export type { Leaderboard, MethodRow, PriorRow, PublishedOn, RunCost, RunRow, TestFigures, TestSet } from './leaderboard';
export { renderText, renderMarkdown } from './text';
export { renderCsv } from './csv';
export { renderJson } from './json';
export { renderLatex } from './latex';
export { renderPage } from './page/page';
export { publishedRows } from './published';
export type { DrillDown } from './questions-page/drill-down';
export { renderQuestionsPage } from './questions-page/page';
