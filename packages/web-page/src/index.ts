export { type Html, NEWLINE, NOTHING, html } from './html';
export { definitionList, listTable, scrolled, utc } from './parts';
export { themed } from './style';
export { renderWebPage } from './web-page';
