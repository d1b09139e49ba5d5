import { type Html, html, renderWebPage } from '@tass/web-page';
import type { Leaderboard } from '../leaderboard';
import { jsonObject } from '../json';
import { referenceOf } from '../reference';
import { attentionFigures } from '../attention';
import { useFigures } from '../use';
import { costFigures } from '../cost';
import { groundingFigures } from '../grounding';
import { calibration } from './calibration';
import { confusion } from './confusion';
import { configurations, leftOutRuns, reproduction, runList } from './details';
import { curves } from './curves';
import { forest } from './forest';
import { introduction, reading } from './introduction';
import { mainTable } from './main-table';
import { methodFigures } from './method-figures';
import { SCRIPT } from './script';
import { STYLE } from './style';
import { templates } from './templates';
import { typeChart } from './type-chart';

const ICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"%3E%3Cpath d="M2 14V8h3v6zm4.500 0V2h3v12zM11 14V5h3v9z" fill="%230a7ab5"/%3E%3C/svg%3E';

/**
 * The leaderboard as one HTML page that requests nothing and works from file://: table, charts, configurations, runs, and the data itself as
 * gzipped JSON. Without JavaScript it lacks only sorting and the tables of every answer, which its script draws from the data. Its policy allows
 * only its own style and script, by their digests; text from data is escaped. `project`: the path from the page's folder to the project's, by
 * which run folders are linked; null: no links. `questions`: the file of `renderQuestionsPage` in the page's folder, for links; null: none.
 * Throws RangeError for a reference that is not among the methods.
 */
export function renderPage(leaderboard: Leaderboard, project: string | null = null, questions: string | null = null): string {
  referenceOf(leaderboard);
  const [attention, use] = [attentionFigures(leaderboard), useFigures(leaderboard)];
  const [cost, grounding] = [costFigures(leaderboard), groundingFigures(leaderboard)];
  const sections: (readonly [id: string, title: string, short: string, content: Html])[] = [
    ['board', 'Accuracy by question type', 'Table', mainTable(leaderboard)],
    ['reading', 'What the figures are', 'Reading', reading(leaderboard)],
    ['types', 'Types side by side', 'Types', typeChart(leaderboard)],
    ['differences', 'Against the reference', 'Differences', forest(leaderboard)],
    ['curves', 'Learning curves', 'Curves', curves(leaderboard)],
    ['cost', cost.title, 'Cost', methodFigures(cost)],
    ['templates', 'Accuracy by template', 'Templates', templates(leaderboard, questions)],
    ['confusion', 'Which answers are mistaken for which', 'Confusion', confusion(leaderboard)],
    ['calibration', 'Calibration', 'Calibration', calibration(leaderboard)],
    ['grounding', grounding.title, 'Grounding', methodFigures(grounding)],
    ['attention', attention.title, 'Attention', methodFigures(attention)],
    ['use', use.title, 'Use', methodFigures(use)],
    ['configurations', 'What each method changes', 'Configurations', configurations(leaderboard)],
    ['runs', 'Runs', 'Runs', runList(leaderboard, project)],
    ['left-out', 'Left out', 'Left out', leftOutRuns(leaderboard)],
    ['again', 'Make it again', 'Make it again', reproduction(leaderboard)],
  ];
  return renderWebPage({
    title: `${leaderboard.title} · leaderboard`,
    icon: ICON,
    kind: 'Audio-visual question answering · leaderboard',
    style: STYLE,
    script: SCRIPT,
    header: html`${introduction(leaderboard)}
      <nav aria-label="Sections">
        <ul>
          ${sections.map(([id, , short]) => html`<li><a href="#${id}">${short}</a></li>`)}
        </ul>
      </nav>`,
    main: html`${sections.map(
      ([id, title, , content]) =>
        html`<section id="${id}" aria-labelledby="${id}-title">
          <h2 id="${id}-title">${title}</h2>
          ${content}
        </section> `,
    )}`,
    footer: html`<p>
      This page is a single file that loads nothing.
      <button type="button" id="save" class="save" hidden>Save the data as JSON</button>
    </p>`,
    data: jsonObject(leaderboard),
  });
}
