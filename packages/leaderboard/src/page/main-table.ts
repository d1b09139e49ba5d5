import type { Leaderboard, LeaderboardColumn, MethodRow, PriorRow, PublishedRow, RunRow } from '../leaderboard';
import { shownColumns } from '../columns';
import { counted, decimals, pValue, signed } from '../numbers';
import { bestShown, verdictOf } from '../significance';
import { type Html, NOTHING, html } from './html';

/** The sortable table with the switches for its rows and columns, and where published rows were read. */
export function mainTable(leaderboard: Leaderboard): Html {
  const { methods, priors, published } = leaderboard;
  const columns = shownColumns(leaderboard);
  const best = columns.map((column) => bestShown(methods, column));
  const span = columns.length + 1;
  const groups = (
    [
      ['prior', 'Rules that only know how frequent answers are', priors.map((row) => plainRow(row, columns))],
      ['published', 'Published, not measured here', published.map((row, at) => plainRow(row, columns, at))],
    ] as const
  ).filter(([, , rows]) => rows.length > 0);
  return html`<div class="board">
    ${switches(leaderboard, columns)}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="board-title">
      <table id="table" class="figures">
        <caption class="visually-hidden">
          Accuracy in percent by question type. Rows are methods, columns question types in the order of the published tables.
        </caption>
        ${tableHead(columns)}
        <tbody class="measured">
          ${methods.map((method) => methodRows(method, columns, best, method.id === leaderboard.reference))}
        </tbody>
        ${groups.map(
          ([kind, title, rows]) =>
            html`<tbody class="${kind}">
              <tr class="section">
                <th colspan="${span}" scope="rowgroup"><span>${title}</span></th>
              </tr>
              ${rows}
            </tbody>`,
        )}
      </table>
    </div>
    <p class="legend">${legend(leaderboard)}</p>
    ${published.length === 0 ? NOTHING : sources(published)}
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

/** Classes of a column's cells: where a group opens, what may be hidden, what is an average. */
function classes(columns: readonly LeaderboardColumn[], at: number): string {
  const { id, group } = columns[at];
  const average = id === 'All' || id.endsWith('Avg');
  return [group === columns[at - 1]?.group ? '' : 'opens', group === 'extra' ? 'extra' : '', average ? 'average' : ''].join(' ').trim();
}

function tableHead(columns: readonly LeaderboardColumn[]): Html {
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
            ${id === 'All' ? html` aria-sort="descending"` : NOTHING}
          >
            <span class="label">${header}</span> <span class="count">n ${total.toLocaleString('en')}</span>
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

function plainRow({ name, figures }: PriorRow | PublishedRow, columns: readonly LeaderboardColumn[], source?: number): Html {
  const badge = source === undefined ? NOTHING : html` <a class="badge" href="#source-${source + 1}">published</a>`;
  return html`<tr class="plain">
    <th scope="row"><span class="title">${name}</span>${badge}</th>
    ${columns.map(({ id }, at) => plainCell(figures[id], classes(columns, at)))}
  </tr>`;
}

const plainCell = (value: number | undefined, kind: string): Html =>
  value === undefined
    ? emptyCell(kind)
    : html`<td class="${kind}" data-value="${sortable(value)}"><span class="mean">${decimals(value)}</span></td>`;

/** Enough to sort by, short in the page. */
const sortable = (value: number): number => Number(value.toFixed(6));

const emptyCell = (kind: string): Html => html`<td class="${kind}"><span class="mean none">–</span></td>`;

function legend({ methods, reference }: Leaderboard): Html {
  const best = methods.length > 1 ? html`<span><b>Bold</b> highest measured mean</span>` : NOTHING;
  const seeds = methods.some(({ runs }) => runs.length > 1) ? html`<span>± standard deviation over seeds</span>` : NOTHING;
  const marks =
    reference === null || methods.length < 2
      ? NOTHING
      : html`<span
          ><i class="mark better">▲</i> above, <i class="mark worse">▼</i> below the reference, p &lt; 0.05 after Holm’s correction, the
          same in every pair of seeds</span
        >`;
  return html`${seeds} ${marks} ${best}`;
}

const sources = (published: readonly PublishedRow[]): Html =>
  html`<div class="published sources">
    <h3>Where the published rows were read</h3>
    <p>
      ${counted(published.length, 'row')} from papers and their authors’ code and data, on the test questions of MUSIC-AVQA, in percent.
      Nothing of them was measured here.
    </p>
    <dl>
      ${published.map(
        ({ name, source, note }, at) =>
          html`<div id="source-${at + 1}">
            <dt>${name}</dt>
            <dd>${source}${note === '' ? '' : `; ${note}`}</dd>
          </div>`,
      )}
    </dl>
  </div>`;
