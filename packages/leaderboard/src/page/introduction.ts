import type { Leaderboard, MethodRow } from '../leaderboard';
import { cautions } from '../cautions';
import { shownColumns } from '../columns';
import { counted, decimals } from '../numbers';
import { referenceOf } from '../reference';
import { neededResamples, verdictOf } from '../significance';
import { definitionList, type Html, NOTHING, html, utc } from '@tass/web-page';

/** Title, a sentence or two of summary, and the facts of the data. */
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
    ['Made', html`<time datetime="${created}">${utc(created)}</time>`],
    ['Questions file, SHA-256', html`<code title="${dataset.digest}">${dataset.digest.slice(0, 16)}…</code>`],
  ];
  return html`<h1>${title}</h1>
    <p class="lede">${lede(leaderboard)}</p>
    ${minded(cautions(leaderboard))} ${definitionList(facts, 'facts')}`;
}

const minded = (sentences: readonly string[]): Html =>
  sentences.length === 0
    ? NOTHING
    : html`<ul class="cautions" aria-label="Cautions">
        ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>`;

function lede(leaderboard: Leaderboard): string {
  const { methods } = leaderboard;
  const [best] = methods;
  const figure = best?.figures.All;
  if (!figure) return 'Accuracy by question type.';
  const answers = `${best.name} answers ${decimals(figure.mean)} % of all questions right (95 % interval ${decimals(figure.low)} to ${decimals(
    figure.high,
  )}, ${counted(best.runs.length, 'run')})${rank(methods)}.`;
  const reference = referenceOf(leaderboard);
  const compared = methods.filter(({ against }) => against?.All);
  const canTell = leaderboard.bootstrap.resamples >= neededResamples(leaderboard).all; // with fewer, "none is worse" would always be printed
  if (!reference || compared.length === 0 || !canTell) return answers;
  const count = (verdict: string): number => compared.filter(({ against }) => verdictOf(against?.All) === verdict).length;
  return `${answers} ${sentence(reference, compared.length, count('worse'), count('better'))}`;
}

/** Among how many methods the first has the most, and with how many it shares that, to the two decimals shown. */
function rank(methods: readonly MethodRow[]): string {
  if (methods.length < 2) return '';
  const shown = methods.map(({ figures }) => figures.All?.mean.toFixed(2));
  const equal = shown.filter((mean) => mean === shown[0]).length - 1;
  return `, the most of ${methods.length} methods${equal === 0 ? '' : `, shared with ${equal} other${equal === 1 ? '' : 's'}`}`;
}

const sentence = ({ name }: MethodRow, compared: number, worse: number, better: number): string =>
  `Of ${counted(compared, 'method')} compared with the reference ${name}, ${worse === 0 ? 'none is' : worse === 1 ? '1 is' : `${worse} are`} significantly worse and ${better === 0 ? 'none' : better} better.`;

/** What the figures mean, and what they do not. */
export function reading(leaderboard: Leaderboard): Html {
  const { bootstrap, methods } = leaderboard;
  const draws = `${bootstrap.resamples.toLocaleString('en')} resamples, seed ${bootstrap.seed}`;
  const notes: (readonly [string, string])[] = [
    ['Accuracy', 'Percentage of the questions under the heading (n) with a right answer. Averages are over questions, not types.'],
    ['± deviation', 'Standard deviation over seeds (of a sample, n − 1), which shows the effect of retraining. A single run has none.'],
    [
      '95 % interval',
      `Bootstrap over whole videos (${draws}), which shows how the mean of these networks would vary on other test videos.`,
    ],
    ...(methods.every(({ against }) => against === null)
      ? []
      : [
          [
            'Significance',
            'Each method is paired with the reference, seed by seed, on the same resampled videos. p is two-sided; if few videos differ, it is at least the smallest p of a sign test on them. It is after Holm’s correction over a family. The family for All is the set of methods; the families for the types, for the averages and for the extra columns are all their method-column pairs. p describes other test videos for these networks, so a mark also requires the same direction in every pair of seeds.',
          ] as const,
        ]),
  ];
  const extra = shownColumns(leaderboard).filter(({ group }) => group === 'extra');
  return definitionList([...notes, ...extra.map(({ header, description }) => [`Column ${header}`, `${description}.`] as const)], 'reading');
}
