import type { Leaderboard, LeaderboardColumn, MethodRow, PriorRow, PublishedRow, RunRow } from '../leaderboard';
import { shownColumns } from '../columns';
import { counted, decimals, pValue, signed } from '../numbers';
import { ELSEWHERE_NOTE, provenance, publishedTables, tableTitle, type PublishedTable } from '../published-tables';
import { bestShown, verdictOf } from '../significance';
import { describeTest, sideBySide, TESTS_NOTE, TESTS_TITLE } from '../test-sets';
import { type Html, NOTHING, html } from '@tass/web-page';

/** The sortable table with the switches for its rows and columns, and the sources of published rows. */
export function mainTable(leaderboard: Leaderboard): Html {
  const { publishedRemark } = leaderboard;
  const { here, elsewhere } = publishedTables(leaderboard);
  const columns = shownColumns(leaderboard);
  return html`<div class="board">
    ${switches(leaderboard, columns)}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="board-title">
      <table id="table" class="figures">
        <caption class="visually-hidden">
          Accuracy in percent by question type. Rows are methods, columns question types in the order of the published tables.
        </caption>
        ${tableHead(columns, { isMeasured: true, isSorted: true })}
        ${tableBodies(leaderboard, columns, (row) => sourceId(leaderboard, row))}
      </table>
    </div>
    <p class="legend">${legend(leaderboard)}</p>
    ${publishedRemark === null ? NOTHING : html`<p class="none">${publishedRemark}</p>`} ${testsTable(leaderboard)}
    ${here.length === 0 ? NOTHING : sources(html`<h3>Where the published rows were read</h3>`, here, (row) => sourceId(leaderboard, row))}
    ${elsewhere.map((table) => publishedTable(table, leaderboard))}
  </div>`;
}

/** The rows: measured methods, frequency rules, published rows with links to their sources. */
function tableBodies(leaderboard: Leaderboard, columns: readonly LeaderboardColumn[], source: (row: PublishedRow) => string): Html {
  const { methods, priors, reference } = leaderboard;
  const { here } = publishedTables(leaderboard);
  const best = columns.map((column) => bestShown(methods, column));
  const groups = (
    [
      ['prior', 'Baselines that use answer frequencies only', priors.map((row) => plainRow(row, columns))],
      ['published', 'Published on these questions, not measured here', here.map((row) => plainRow(row, columns, source(row)))],
    ] as const
  ).filter(([, , rows]) => rows.length > 0);
  return html`<tbody class="measured">
      ${methods.map((method) => methodRows(method, columns, best, method.id === reference))}
    </tbody>
    ${groups.map(
      ([kind, title, rows]) =>
        html`<tbody class="${kind}">
          <tr class="section">
            <th colspan="${columns.length + 1}" scope="rowgroup"><span>${title}</span></th>
          </tr>
          ${rows}
        </tbody>`,
    )}`;
}

/** The test sets side by side, with what each is and where published rows were read. */
function testsTable(leaderboard: Leaderboard): Html {
  const view = sideBySide(leaderboard);
  if (view === null) return NOTHING;
  const idOf = (row: PublishedRow): string => `test-source-${view.published.indexOf(row) + 1}`;
  return html`<div class="tests">
    <h3 id="tests-title">${TESTS_TITLE}</h3>
    <p>${TESTS_NOTE}</p>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="tests-title">
      <table class="figures">
        ${tableHead(view.columns, { isMeasured: true, isSorted: false })} ${tableBodies(view, view.columns, idOf)}
      </table>
    </div>
    <ul>
      ${leaderboard.tests.map((test) => html`<li>${describeTest(test)}</li>`)}
    </ul>
    ${view.published.length === 0 ? NOTHING : sources(html`<h4>Where the published rows were read</h4>`, view.published, idOf)}
  </div>`;
}

function switches({ methods, priors, published }: Leaderboard, columns: readonly LeaderboardColumn[]): Html {
  const all: (readonly [id: string, label: string, isOn: boolean, isUseful: boolean])[] = [
    ['show-published', 'Published rows', true, published.length > 0],
    ['show-priors', 'Frequency rules', true, priors.length > 0],
    ['show-intervals', '95 % intervals', false, methods.length > 0],
    ['show-seeds', 'Every seed', false, methods.some(({ runs }) => runs.length > 1)],
    ['show-extra', 'Extra columns', false, columns.some(({ group }) => group === 'extra')],
  ];
  const useful = all.filter(([, , , isUseful]) => isUseful);
  return html`<fieldset class="switches">
    <legend class="visually-hidden">What the table shows</legend>
    ${useful.map(
      ([id, label, isOn]) =>
        html`<label><input type="checkbox" id="${id}" autocomplete="off" ${isOn ? html` checked` : NOTHING} />${label}</label>`,
    )}
  </fieldset>`;
}

/** Classes of a column's cells: the start of a group, columns that may be hidden, averages. */
function classes(columns: readonly LeaderboardColumn[], at: number): string {
  const { id, group } = columns[at];
  const average = id === 'All' || id.endsWith('Avg');
  return [group === columns[at - 1]?.group ? '' : 'opens', group === 'extra' ? 'extra' : '', average ? 'average' : ''].join(' ').trim();
}

interface HeadOptions {
  readonly isMeasured: boolean; // false: the rows are on other questions, whose counts are unknown
  readonly isSorted: boolean; // by All; the page's script can sort by another column
}

function tableHead(columns: readonly LeaderboardColumn[], { isMeasured, isSorted }: HeadOptions): Html {
  const groups = [...new Set(columns.map(({ group }) => group))].map((group) => ({
    title: group === 'extra' ? 'Extra' : group === 'All' ? '' : group,
    size: columns.filter((column) => column.group === group).length,
    isExtra: group === 'extra',
  }));
  return html`<thead>
    <tr class="groups">
      <th rowspan="2" scope="col" class="name">Method</th>
      ${groups.map(
        ({ title, size, isExtra }) => html`<th colspan="${size}" scope="colgroup" class="opens${isExtra ? ' extra' : ''}">${title}</th>`,
      )}
    </tr>
    <tr>
      ${columns.map(
        ({ id, header, description, total }, at) =>
          html`<th
            scope="col"
            class="${classes(columns, at)}"
            title="${description}"
            ${isSorted && id === 'All' ? html` aria-sort="descending"` : NOTHING}
          >
            <span class="label">${header}</span> ${isMeasured ? html`<span class="count">n ${total.toLocaleString('en')}</span>` : NOTHING}
          </th>`,
      )}
    </tr>
  </thead>`;
}

function methodRows(
  method: MethodRow,
  columns: readonly LeaderboardColumn[],
  best: readonly (string | null)[],
  isReference: boolean,
): Html {
  const seeds = method.runs.length > 1 ? `${method.runs.length} seeds` : '';
  return html`<tr class="method${isReference ? ' reference' : ''}">
      <th scope="row">
        <span class="title">${method.name}</span>${isReference ? html` <span class="badge">reference</span>` : NOTHING}
        ${seeds === '' ? NOTHING : html`<span class="remark">${seeds}</span>`}
      </th>
      ${columns.map((column, at) => methodCell(method, column, best[at], classes(columns, at)))}
    </tr>
    ${method.runs.length > 1 ? method.runs.map((run) => seedRow(run, columns)) : NOTHING}`;
}

function methodCell({ figures, against }: MethodRow, { id }: LeaderboardColumn, best: string | null, kind: string): Html {
  const figure = figures[id];
  if (!figure) return emptyCell(kind);
  const difference = against?.[id];
  const verdict = verdictOf(difference);
  const mean = decimals(figure.mean);
  const mark =
    verdict === null
      ? NOTHING
      : html`<span class="mark ${verdict}" role="img" aria-label="${verdict} than the reference"
          >${verdict === 'better' ? '▲' : '▼'}</span
        >`;
  const title = difference ? html` title="${signed(difference.difference)} points, p ${pValue(difference.adjusted)}"` : NOTHING;
  return html`<td class="${kind}" data-value="${sortable(figure.mean)}" ${title}>
    <span class="mean${mean === best ? ' best' : ''}">${mean}${mark}</span>
    ${figure.deviation === null ? NOTHING : html`<span class="spread">± ${decimals(figure.deviation)}</span>`}
    <span class="interval">${decimals(figure.low, 1)}–${decimals(figure.high, 1)}</span>
  </td>`;
}

const seedRow = ({ seed, id, figures }: RunRow, columns: readonly LeaderboardColumn[]): Html =>
  html`<tr class="seed">
    <th scope="row"><span class="title">${seed === null ? id : `seed ${seed}`}</span></th>
    ${columns.map((column, at) => plainCell(figures[column.id], classes(columns, at)))}
  </tr>`;

function plainRow({ name, figures }: PriorRow | PublishedRow, columns: readonly LeaderboardColumn[], source?: string): Html {
  const badge = source === undefined ? NOTHING : html` <a class="badge" href="#${source}">published</a>`;
  return html`<tr class="plain">
    <th scope="row"><span class="title">${name}</span>${badge}</th>
    ${columns.map(({ id }, at) => plainCell(figures[id], classes(columns, at)))}
  </tr>`;
}

const plainCell = (value: number | undefined, kind: string): Html =>
  value === undefined
    ? emptyCell(kind)
    : html`<td class="${kind}" data-value="${sortable(value)}"><span class="mean">${decimals(value)}</span></td>`;

/** Precise enough to sort by, short in the page. */
const sortable = (value: number): number => Number(value.toFixed(6));

const emptyCell = (kind: string): Html => html`<td class="${kind}"><span class="mean none">–</span></td>`;

function legend({ methods, reference }: Leaderboard): Html {
  const best = methods.length > 1 ? html`<span><b>Bold</b> highest measured mean</span>` : NOTHING;
  const seeds = methods.some(({ runs }) => runs.length > 1) ? html`<span>± standard deviation over seeds</span>` : NOTHING;
  const marks =
    reference === null || methods.length < 2
      ? NOTHING
      : html`<span
          ><i class="mark better">▲</i> above, <i class="mark worse">▼</i> below the reference, with p &lt; 0.05 after Holm’s correction and
          in every pair of seeds</span
        >`;
  return html`${seeds} ${marks} ${best}`;
}

/** Rows on other questions than the page's: they are not sorted, and are separate. */
function publishedTable({ rows, ...on }: PublishedTable, leaderboard: Leaderboard): Html {
  const columns = leaderboard.columns.filter(({ id }) => rows.some(({ figures }) => id in figures));
  const title = tableTitle(on);
  return html`<div class="published">
    <h3>${title}</h3>
    <p class="none">${ELSEWHERE_NOTE}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}">
      <table class="figures">
        ${tableHead(columns, { isMeasured: false, isSorted: false })}
        <tbody>
          ${rows.map((row) => plainRow(row, columns, sourceId(leaderboard, row)))}
        </tbody>
      </table>
    </div>
    ${sources(html`<h4>Where they were read</h4>`, rows, (row) => sourceId(leaderboard, row))}
  </div>`;
}

const sourceId = ({ published }: Leaderboard, row: PublishedRow): string => `source-${published.indexOf(row) + 1}`;

const sources = (heading: Html, rows: readonly PublishedRow[], idOf: (row: PublishedRow) => string): Html =>
  html`<div class="published sources">
    ${heading}
    <p>${counted(rows.length, 'row')} from papers and their authors’ code and data, in percent. Nothing of them was measured here.</p>
    <dl>
      ${rows.map(
        (row) =>
          html`<div id="${idOf(row)}">
            <dt>${row.name}</dt>
            <dd>${provenance(row)}</dd>
          </div>`,
      )}
    </dl>
  </div>`;
