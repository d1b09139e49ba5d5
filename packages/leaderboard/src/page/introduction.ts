import type { Leaderboard, MethodRow } from '../leaderboard';
import { shownColumns } from '../columns';
import { counted, decimals } from '../numbers';
import { referenceOf } from '../reference';
import { verdictOf } from '../significance';
import { type Html, html } from './html';

/** Title, what is said in a sentence or two, and the facts of the data. */
export function introduction(leaderboard: Leaderboard): Html {
  const { title, created, dataset, methods } = leaderboard;
  const runs = methods.reduce((sum, method) => sum + method.runs.length, 0);
  const facts: (readonly [string, string | Html])[] = [
    ['Dataset', dataset.name],
    ['Split', dataset.split],
    ['Questions', dataset.questions.toLocaleString('en')],
    ['Videos', dataset.videos.toLocaleString('en')],
    ['Methods', String(methods.length)],
    ['Runs', String(runs)],
    ['Made', html`<time datetime="${created}">${created.replace('T', ' ').replace(/(:\d\d)?(\.\d+)?Z$/, ' UTC')}</time>`],
    ['Questions file, SHA-256', html`<code title="${dataset.digest}">${dataset.digest.slice(0, 16)}…</code>`],
  ];
  return html`<h1>${title}</h1>
    <p class="lede">${lede(leaderboard)}</p>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

function lede(leaderboard: Leaderboard): string {
  const { methods } = leaderboard;
  const [best] = methods;
  const figure = best?.figures.All;
  if (!figure) return 'Accuracy by question type.';
  const answers = `${best.name} answers ${decimals(figure.mean)} % of all questions right (95 % interval ${decimals(figure.low)} to ${decimals(
    figure.high,
  )}, ${counted(best.runs.length, 'run')})${methods.length > 1 ? `, the most of ${methods.length} methods` : ''}.`;
  const reference = referenceOf(leaderboard);
  const compared = methods.filter(({ against }) => against?.All);
  if (!reference || compared.length === 0) return answers;
  const count = (verdict: string): number => compared.filter(({ against }) => verdictOf(against?.All) === verdict).length;
  return `${answers} ${sentence(reference, compared.length, count('worse'), count('better'))}`;
}

const sentence = ({ name }: MethodRow, compared: number, worse: number, better: number): string =>
  `Of ${counted(compared, 'method')} compared with the reference ${name}, ${worse === 0 ? 'none is' : worse === 1 ? '1 is' : `${worse} are`} significantly worse and ${better === 0 ? 'none' : better} better.`;

/** What the figures are, and what they are not. */
export function reading(leaderboard: Leaderboard): Html {
  const { bootstrap, methods } = leaderboard;
  const draws = `${bootstrap.resamples.toLocaleString('en')} resamples, seed ${bootstrap.seed}`;
  const notes: (readonly [string, string])[] = [
    ['Accuracy', 'Right answers in percent of the questions under the heading (n). Averages count questions, not types.'],
    ['± deviation', 'Standard deviation over seeds (of a sample, n − 1): how much another training differs. One run has none.'],
    ['95 % interval', `Bootstrap over whole videos (${draws}): how much other test videos would change the mean of these networks.`],
    ...(methods.every(({ against }) => against === null)
      ? []
      : [
          [
            'Significance',
            'Paired with the reference, seed by seed, on the same resampled videos. p is two-sided, after Holm’s correction over a family: the methods in All; methods × columns for the types, for the averages, and for the extra columns. It speaks of other test videos for these networks; a mark also asks that every pair of seeds agrees on the direction.',
          ] as const,
        ]),
  ];
  const extra = shownColumns(leaderboard).filter(({ group }) => group === 'extra');
  return html`<dl class="reading">
    ${[...notes, ...extra.map(({ header, description }) => [`Column ${header}`, `${description}.`] as const)].map(
      ([name, text]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
}
