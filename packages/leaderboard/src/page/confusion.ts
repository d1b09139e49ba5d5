import type { Confused, Leaderboard, MethodRow } from '../leaderboard';
import { counted } from '../numbers';
import { chartedMethods, chartedRemark } from './charted';
import { type Html, listTable, NOTHING, html, scrolled } from '@tass/web-page';

const PAIRS = 12;

/** The most frequent wrong answers of each method, folded. The page's script draws every answer as a table next to them. */
export function confusion(leaderboard: Leaderboard): Html {
  const methods = chartedMethods(leaderboard);
  if (methods.every((method) => method.confusion.length === 0)) return html`<p class="none">Nothing was answered.</p>`;
  return html`<p>
      The table counts which answer was given for which right answer, over all seeds of a method, the most frequent first.
      ${chartedRemark(leaderboard)}
    </p>
    <div class="folds">${methods.map((method) => ofMethod(method, leaderboard.answers))}</div>`;
}

function ofMethod({ id, name, runs, confusion: pairs }: MethodRow, answers: readonly string[]): Html {
  const wrong = pairs.filter(([right, given]) => right !== given);
  const count = wrong.reduce((sum, [, , times]) => sum + times, 0);
  return html`<details${pairs.length === 0 ? NOTHING : html` data-method="${id}"`}>
    <summary>${name} <span class="none">${counted(count, 'wrong answer')} in ${counted(runs.length, 'run')}</span></summary>
    ${wrong.length === 0 ? NOTHING : wrongPairs(name, wrong, pairs, answers)}
  </details>`;
}

function wrongPairs(name: string, wrong: readonly Confused[], pairs: readonly Confused[], answers: readonly string[]): Html {
  const asked = (answer: number): number => pairs.reduce((sum, [right, , times]) => sum + (right === answer ? times : 0), 0);
  return scrolled(
    `Wrong answers of ${name}`,
    listTable({
      heads: ['Right', 'Given', { figure: 'Times' }, { figure: 'of all with this right answer' }],
      rows: wrong
        .slice(0, PAIRS)
        .map(([right, given, times]) => [
          ...([answers[right], answers[given]] as const),
          ...[String(times), `${((100 * times) / asked(right)).toFixed(1)} %`].map((figure) => ({ figure })),
        ]),
    }),
  );
}
