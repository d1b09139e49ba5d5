export { type Html, NEWLINE, NOTHING, html } from './html';
export { themed } from './style';
export { renderWebPage } from './web-page';
