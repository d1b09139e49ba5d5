import { createHash } from 'node:crypto';
import type { Leaderboard } from '../leaderboard';
import { renderJson } from '../json';
import { referenceOf } from '../reference';
import { ATTENTION_TITLE } from '../attention';
import { attention, configurations, leftOutRuns, reproduction, runList } from './details';
import { curves } from './curves';
import { forest } from './forest';
import { Html, embeddedJson, html } from './html';
import { introduction, reading } from './introduction';
import { mainTable } from './main-table';
import { SCRIPT } from './script';
import { STYLE } from './style';
import { typeChart } from './type-chart';

const ICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"%3E%3Cpath d="M2 14V8h3v6zm4.500 0V2h3v12zM11 14V5h3v9z" fill="%230a7ab5"/%3E%3C/svg%3E';

/**
 * The leaderboard as one HTML page that asks for nothing from anywhere, also from file://: table, charts, configurations, runs, and the data
 * itself as JSON. It is whole without its program, which sorts. Its policy allows only its own style and program, by their digests; text
 * from data is escaped. Throws RangeError for a reference that is not among the methods.
 */
export function renderPage(leaderboard: Leaderboard): string {
  referenceOf(leaderboard);
  const sections: (readonly [id: string, title: string, short: string, content: Html])[] = [
    ['board', 'Accuracy by question type', 'Table', mainTable(leaderboard)],
    ['reading', 'What the figures are', 'Reading', reading(leaderboard)],
    ['types', 'Types side by side', 'Types', typeChart(leaderboard)],
    ['differences', 'Against the reference', 'Differences', forest(leaderboard)],
    ['curves', 'Learning curves', 'Curves', curves(leaderboard)],
    ['attention', ATTENTION_TITLE, 'Attention', attention(leaderboard)],
    ['configurations', 'What each method changes', 'Configurations', configurations(leaderboard)],
    ['runs', 'Runs', 'Runs', runList(leaderboard)],
    ['left-out', 'Left out', 'Left out', leftOutRuns(leaderboard)],
    ['again', 'Make it again', 'Make it again', reproduction(leaderboard)],
  ];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${leaderboard.title} · leaderboard</title>
        <link rel="icon" href="${ICON}" />
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <div class="page">
          <header>
            <div class="top"><span>Audio-visual question answering · leaderboard</span>${themes()}</div>
            ${introduction(leaderboard)}
            <nav aria-label="Sections">
              <ul>
                ${sections.map(([id, , short]) => html`<li><a href="#${id}">${short}</a></li>`)}
              </ul>
            </nav>
          </header>
          <main>
            ${sections.map(
              ([id, title, , content]) =>
                html`<section id="${id}" aria-labelledby="${id}-title">
                  <h2 id="${id}-title">${title}</h2>
                  ${content}
                </section> `,
            )}
          </main>
          <footer>
            <p>
              One file, complete in itself: it loads nothing.
              <button type="button" id="save" class="save" hidden>Save the data as JSON</button>
            </p>
          </footer>
        </div>
        <div id="status" class="visually-hidden" role="status"></div>
        <script type="application/json" id="data">
          ${embeddedJson(JSON.parse(renderJson(leaderboard)))}
        </script>
        ${new Html(`<script>${SCRIPT}</script>`)}
      </body>
    </html> `.text;
}

const themes = (): Html =>
  html`<fieldset class="themes">
    <legend class="visually-hidden">Colours</legend>
    ${['auto', 'light', 'dark'].map(
      (theme) =>
        html`<label
          ><input
            type="radio"
            name="theme"
            id="theme-${theme}"
            value="${theme}"
            autocomplete="off"
            ${theme === 'auto' ? html` checked` : ''}
          />${theme}</label
        >`,
    )}
  </fieldset>`;

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = (): string =>
  `default-src 'none'; style-src ${digest(STYLE)}; script-src ${digest(SCRIPT)}; img-src data:; base-uri 'none'; form-action 'none'`;
