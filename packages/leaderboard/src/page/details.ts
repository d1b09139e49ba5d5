import { shellWord } from '@tass/program';
import type { Leaderboard, MethodRow } from '../leaderboard';
import { counted, decimals } from '../numbers';
import { type Html, listTable, NEWLINE, NOTHING, html, scrolled } from '@tass/web-page';

/** Differences of each method's configuration from the reference's. */
export function configurations({ methods, reference }: Leaderboard): Html {
  const changesOf = ({ id, changes, runs }: MethodRow): Html => {
    if (id === reference) return html`<span class="none">the reference</span>`;
    if (changes.length > 0)
      return html`<ul>
        ${changes.map((one) => html`<li><code>${one.key}</code> <span class="from">${one.reference}</span> → <b>${one.here}</b></li>`)}
      </ul>`;
    return html`<span class="none">${isForeign(runs) ? 'predictions of another program: not known' : 'nothing'}</span>`;
  };
  return scrolled(
    'What each method changes',
    listTable({
      heads: ['Method', 'Experiment', `Changes${reference === null ? '' : ', reference → here'}`],
      rows: methods.map((method) => [method.name, html`<code>${method.experiment}</code>`, changesOf(method)]),
    }),
  );
}

/** Every run behind the figures. `project`: the path from the page's folder to the project's; null if there is none. */
export function runList({ methods, dataset: { split } }: Leaderboard, project: string | null): Html {
  const count = methods.reduce((sum, { runs }) => sum + runs.length, 0);
  const files = ['config.yaml', 'report.md', 'metrics.jsonl', `predictions-${split}.jsonl`];
  const linked = methods.flatMap(({ runs }) => runs).filter(({ folder }) => folder !== null && project !== null).length;
  return html`<p>${counted(count, 'run')}, by method and seed. ${linkRemark(linked, count)}</p>
    ${scrolled(
      'Runs',
      listTable({
        kind: 'runs',
        heads: ['Method', 'Seed', 'Run', 'Code', 'Engine', 'Epoch', 'All', ...(linked > 0 ? ['Files'] : [])],
        rows: methods.flatMap(({ name, runs }) =>
          runs.map(({ id, seed, code, engine, epoch, figures, folder }) => [
            name,
            known(seed),
            html`<code>${id}</code>`,
            code === null ? UNKNOWN : html`<code title="${code}">${shortCommit(code)}</code>`,
            ...[known(engine), known(epoch)],
            { figure: 'All' in figures ? decimals(figures.All) : '–' },
            ...(linked === 0 ? [] : [links(project, folder, files)]),
          ]),
        ),
      }),
      true,
    )}`;
}

const UNKNOWN = html`<span class="none">–</span>`;
const known = (value: string | number | null): Html | string => (value === null ? UNKNOWN : String(value));

const linkRemark = (linked: number, all: number): string =>
  linked === 0
    ? 'Their files are not linked: this page or the runs are outside the project’s folder.'
    : `Links lead to the run folders of the project that this page was written in${linked < all ? '; runs in other folders, and predictions of other programs, have no links' : ''}.`;

const links = (project: string | null, folder: string | null, files: readonly string[]): Html =>
  project === null || folder === null
    ? html`<span class="none">elsewhere</span>`
    : html`${files.map((file) => html`<a href="${[project, ...folder.split('/'), file].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join('/')}">${file}</a> `)}`;

/** `fdd57ef6ac…+` as `fdd57ef6ac+` */
const shortCommit = (code: string): string => (/^[0-9a-f]{40}\+?$/.test(code) ? code.slice(0, 10) + code.slice(40) : code);

/** Runs that are not in the table, with the reason. */
export const leftOutRuns = ({ leftOut }: Leaderboard): Html =>
  leftOut.length === 0
    ? html`<p class="none">No run was left out.</p>`
    : scrolled(
        'Left out',
        listTable({ heads: ['Run', 'Why'], rows: leftOut.map(({ run, reason }) => [html`<code>${run}</code>`, reason]) }),
      );

/** Command lines that make the runs again. */
export function reproduction({ methods, dataset }: Leaderboard): Html {
  const trained = methods.filter(({ runs }) => !isForeign(runs));
  const others = methods.filter((method) => !trained.includes(method));
  return html`${
    trained.length === 0
      ? NOTHING
      : html`<p>
            Each run folder has its whole configuration in <code>config.yaml</code>, and its commit, data and engine in
            <code>manifest.json</code>. PATH replaces a path of the machine that made a run.
          </p>
          ${commands(trained.map(training))}
          <p>This scores a run again:</p>
          ${commands([`npx nx run evaluator:evaluate ${shellWord(`--run=${trained[0].runs[0].id}`)} --split=${dataset.split}`])}`
  }${
    others.length === 0
      ? NOTHING
      : html`<p>This scores the predictions of another program (FOLDER is the folder of the questions):</p>
          ${commands(others.flatMap(({ runs }) => runs.map(({ id }) => scoring(id, dataset.split))))}`
  }`;
}

const isForeign = (runs: MethodRow['runs']): boolean => runs.every(({ seed }) => seed === null);

const commands = (lines: readonly string[]): Html =>
  html`<pre tabindex="0"><code>${lines.map((line) => html`${line}${NEWLINE}`)}</code></pre>`;

function training({ experiment, overrides, runs }: MethodRow): string {
  const seeds = runs.flatMap(({ seed }) => seed ?? []).join(',');
  const words = [...overrides.map(withoutPath), `seed=${seeds}`];
  return [
    'npx nx run trainer:train',
    shellWord(`--exp=${experiment}`),
    ...(seeds.includes(',') ? ['-m'] : []),
    ...words.map(shellWord),
  ].join(' ');
}

const scoring = (file: string, split: string): string =>
  `npx nx run evaluator:score ${shellWord(`--predictions=${file}`)}${split === 'test' ? '' : ` --split=${split}`} dataset.root=FOLDER`;

/** Pages are shared: they contain no folders of the machine. */
const withoutPath = (override: string): string => override.replace(/=\s*(['"]?)(\/|~|[A-Za-z]:[\\/]|file:).*$/s, '=PATH');
