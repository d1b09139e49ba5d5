import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import { type Html, NOTHING, html, renderWebPage, scrolled, utc } from '@tass/web-page';
import type { Explanation, ExplainedQuestion } from '../explanation';
import { ICON } from '../page/icon';
import { asked, greatest, percent, probability } from '../words';
import { SCRIPT } from './script';
import { STYLE } from './style';

/** What the index shows of one question. */
export interface IndexEntry {
  readonly file: string; // the question's page, from the index's folder
  readonly question: ExplainedQuestion;
  readonly videoId: string;
  readonly thumbnail: string | null; // base64 of a JPEG
  readonly answers: readonly GivenAnswer[]; // one a run, at least one
}

interface GivenAnswer {
  readonly run: string;
  readonly answer: string;
  readonly probability: number;
}

export interface QuestionIndex {
  readonly created: string; // ISO 8601
  readonly title: string;
  readonly entries: readonly IndexEntry[];
}

/** The entry of a question; nothing else of it is needed for the index. `file`: its page, from the index's folder. */
export function indexEntry({ question, video, looks }: Explanation, file: string): IndexEntry {
  const answers = looks.map(({ run, answers: [{ answer, probability }] }) => ({ run: run.name, answer, probability }));
  const [attended] = looks[0].attention; // the frame that the network attends to most, else the first one that is there
  const best = attended === undefined ? undefined : video.segments[greatest(attended.mean)].frame;
  const frame = best ?? video.segments.find((segment) => segment.frame !== null)?.frame;
  return { file, question, videoId: video.id, thumbnail: frame?.jpeg ?? null, answers };
}

/**
 * The index of several questions as one HTML page that loads nothing: thumbnails, counts and filters. Its address contains the filters, so
 * that a link can set them: `index.html#type=Audio+Counting&verdict=wrong`, by the names of `FILTERS`.
 */
export function renderQuestionIndex(index: QuestionIndex): string {
  const { entries, title, created } = index;
  return renderWebPage({
    title,
    icon: ICON,
    kind: 'Audio-visual question answering · questions',
    style: STYLE,
    script: SCRIPT,
    header: html`<h1>${title}</h1>
      <p class="none">
        ${runsOf(entries).join(', ')} · ${entries.length} ${entries.length === 1 ? 'question' : 'questions'} · made ${utc(created)}
      </p>`,
    main: html`<div class="index">
      <div class="aside">${filters(entries)} ${counts(entries)}</div>
      <div>
        <p id="count" role="status" class="count">${entries.length} of ${entries.length} questions</p>
        <ol class="cards">
          ${entries.map(card)}
        </ol>
      </div>
    </div>`,
    footer: html`<p>
      This page is a single file that loads nothing. The questions' pages are files in its folder.
      <button type="button" id="save-all" class="save" hidden>Save this list as JSON</button>
    </p>`,
    data: { schemaVersion: 1, title, created, entries: entries.map(({ thumbnail: _, ...entry }) => entry) },
  });
}

const runsOf = (entries: readonly IndexEntry[]): readonly string[] => [
  ...new Set(entries.flatMap(({ answers }) => answers.map(({ run }) => run))),
];

/** Texts that occur, in order; those that are not known are left out. */
const occurring = (entries: readonly IndexEntry[], key: 'type' | 'template'): readonly string[] =>
  [...new Set(entries.flatMap(({ question }) => question[key] ?? []))].sort(
    (one, other) => placeOf(one) - placeOf(other) || one.localeCompare(other),
  );

/** Types in the order of the published tables; what they do not have comes after. */
function placeOf(text: string): number {
  const at = QUESTION_TYPES.findIndex(({ name }) => name === text);
  return at < 0 ? QUESTION_TYPES.length : at;
}

const rightOf = ({ answers, question }: IndexEntry): readonly boolean[] =>
  question.right === null ? [] : answers.map(({ answer }) => answer === question.right);

/** 'right', 'wrong', 'both' where runs differ in it, '' where the right answer is not known. */
function verdictOf(entry: IndexEntry): string {
  const right = rightOf(entry);
  if (right.length === 0) return '';
  return right.every((isSo) => isSo) ? 'right' : right.includes(true) ? 'both' : 'wrong';
}

const disagrees = ({ answers }: IndexEntry): boolean => new Set(answers.map(({ answer }) => answer)).size > 1;

function counts(entries: readonly IndexEntry[]): Html {
  const [types, runs] = [occurring(entries, 'type'), runsOf(entries)];
  if (types.length === 0) return NOTHING;
  const share = (some: readonly IndexEntry[], run: string): Html => {
    const known = some.flatMap(({ answers, question }) =>
      question.right === null ? [] : answers.filter((one) => one.run === run).map(({ answer }) => answer === question.right),
    );
    const right = known.filter((isSo) => isSo).length;
    return known.length === 0 ? html`–` : html`${right} of ${known.length} <span class="none">${percent(right / known.length)}</span>`;
  };
  const row = (name: Html | string, some: readonly IndexEntry[]): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      ${runs.map((run) => html`<td>${share(some, run)}</td>`)}
    </tr> `;
  return scrolled(
    'Right answers by type',
    html`<table class="types">
      <caption class="visually-hidden">
        Right answers by type
      </caption>
      <thead>
        <tr>
          <th scope="col">Type</th>
          ${runs.map((run) => html`<th scope="col">${runs.length > 1 ? run : 'Right'}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${types.map((type) =>
          row(
            html`<a href="#type=${encodeURIComponent(type)}">${type}</a>`,
            entries.filter(({ question }) => question.type === type),
          ),
        )}
        ${types.length > 1 ? row(html`<a href="#">All</a>`, entries) : NOTHING}
      </tbody>
    </table>`,
  );
}

type Option = readonly [value: string, name: string];

function filters(entries: readonly IndexEntry[]): Html {
  const hasRuns = runsOf(entries).length > 1;
  const texts = (key: 'type' | 'template'): readonly Option[] => occurring(entries, key).map((text) => [text, text]);
  const verdicts: readonly Option[] = [
    ['right', hasRuns ? 'all runs right' : 'right'],
    ['wrong', hasRuns ? 'all runs wrong' : 'wrong'],
    ...(hasRuns ? [['both', 'some right, some wrong'] as const] : []),
  ];
  return html`<form class="filters" aria-label="Filters" hidden>
    ${choice('type', 'Type', texts('type'))} ${choice('template', 'Template', texts('template'))}
    ${entries.some(({ question }) => question.right !== null) ? choice('verdict', 'Answer', verdicts) : NOTHING}
    ${
      hasRuns
        ? choice('runs', 'Runs', [
            ['differ', 'differ'],
            ['agree', 'agree'],
          ])
        : NOTHING
    }
    ${choice('certainty', 'Certainty', [
      ['low', 'under 50 %'],
      ['middle', '50 to 80 %'],
      ['high', '80 % and more'],
    ])}
    <label>Text <input type="search" name="text" autocomplete="off" /></label>
    ${choice(
      'order',
      'Order',
      [
        ['uncertain', 'least certain first'],
        ['certain', 'most certain first'],
      ],
      'as given',
    )}
    <button type="reset">Show all</button>
  </form>`;
}

const choice = (name: string, label: string, options: readonly Option[], first = 'all'): Html =>
  options.length === 0
    ? NOTHING
    : html`<label
        >${label}
        <select name="${name}" autocomplete="off">
          <option value="">${first}</option>
          ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
        </select></label
      >`;

function card(entry: IndexEntry): Html {
  const { file, question, videoId, thumbnail, answers } = entry;
  const certainty = answers[0].probability;
  const level = certainty < 0.5 ? 'low' : certainty < 0.8 ? 'middle' : 'high';
  return html`<li
    class="card"
    data-type="${question.type ?? ''}"
    data-template="${question.template ?? ''}"
    data-verdict="${verdictOf(entry)}"
    data-runs="${disagrees(entry) ? 'differ' : 'agree'}"
    data-certainty="${level}"
    data-sure="${certainty.toFixed(6)}"
  >
    ${thumbnail === null ? html`<div class="thumbnail none">no picture</div>` : html`<img class="thumbnail" src="data:image/jpeg;base64,${thumbnail}" alt="" />`}
    <div class="words">
      <a href="${relative(file)}">${asked(question.text)}</a>
      <ul>
        ${answers.map((one) => given(one, question, answers.length > 1))}
      </ul>
      ${question.right !== null && rightOf(entry).includes(false) ? html`<p>right: <b>${question.right}</b></p>` : NOTHING}
      <p class="none">${question.type ?? ''} · question ${question.id} · video ${videoId}</p>
    </div>
  </li> `;
}

const given = ({ run, answer, probability: share }: GivenAnswer, { right }: ExplainedQuestion, isNamed: boolean): Html =>
  html`<li class="${right === null ? 'open' : answer === right ? 'right' : 'wrong'}">
    ${isNamed ? html`<span class="none">${run}:</span> ` : NOTHING}<b>${answer}</b> ${probability(share)}
    ${right === null ? NOTHING : html`<span class="verdict">${answer === right ? '✓ right' : '✗ wrong'}</span>`}
  </li>`;

/** A file's name as a link within the folder: never to another place. */
const relative = (file: string): string => `./${file.split('/').map(encodeURIComponent).join('/')}`;
