import type { Leaderboard } from '../leaderboard';
import { decimals } from '../numbers';
import { chartedMethods, chartedRemark } from './charted';
import { placeOf } from '../questions-page/drill-down';
import { type Html, html, listTable, scrolled } from '@tass/web-page';

/** Every template of the questions, methods side by side. `questions`: the page of the single questions next to this one; null: none. */
export function templates(leaderboard: Leaderboard, questions: string | null): Html {
  const linked = (text: string, place: string): Html =>
    questions === null ? html`${text}` : html`<a href="${questions}${place}">${text}</a>`;
  if (leaderboard.templates.length === 0) return html`<p class="none">There is no question.</p>`;
  const methods = chartedMethods(leaderboard);
  const rows = leaderboard.templates.map(({ type, template, total }, at) => {
    const shown = methods.map((method) => decimals(method.templates[at], 1));
    const best = methods.length < 2 ? undefined : decimals(Math.max(...methods.map((method) => method.templates[at])), 1);
    return [
      linked(template, placeOf({ template: at })),
      linked(type, placeOf({ type })),
      { figure: total.toLocaleString('en') },
      ...shown.map((value) => ({ figure: value === best ? html`<b>${value}</b>` : value })),
    ] as const;
  });
  return html`<p>
      The table shows the accuracy on the n questions of each template, in percent, as the mean over
      seeds.${methods.length < 2 ? '' : ' The highest is bold.'} These differences are not tested; with few questions they prove little.
      ${chartedRemark(leaderboard)}
      ${questions === null ? '' : 'Template and type link to their questions, one by one, with the answers of each method.'}
    </p>
    ${scrolled(
      'Accuracy by template',
      listTable({
        ...{ kind: 'templates', rows },
        heads: ['Template', 'Type', { figure: 'n' }, ...methods.map(({ name }) => ({ figure: name }))],
      }),
      true,
    )}`;
}
