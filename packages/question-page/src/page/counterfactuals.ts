import { type Html, NOTHING, html } from '@tass/web-page';
import type { Counterfactual, Explanation, Look } from '../explanation';
import { given, probability, probabilityOf, short } from '../words';

/** How the answers of each look move on altered input. */
export const counterfactuals = ({ question, looks }: Explanation): Html =>
  html`<div class="side">${looks.map((look) => ofLook(look, question.right, looks.length > 1))}</div>`;

function ofLook(look: Look, right: string | null, isNamed: boolean): Html {
  const { counterfactuals, absent, run } = look;
  if (counterfactuals.length === 0)
    return html`<p class="none">${isNamed ? `${run.name}: ` : ''}${absent.counterfactuals ?? 'Nothing was altered.'}</p>`;
  const before = given(look);
  return html`<table class="moves">
    <caption class="${isNamed ? '' : 'visually-hidden'}">
      ${isNamed ? run.name : 'How the answer moves'}
    </caption>
    <thead>
      <tr>
        <th scope="col">Altered</th>
        <th scope="col">Probability of “${before.answer}”</th>
        <th scope="col">Answers</th>
      </tr>
    </thead>
    <tbody>
      <tr class="whole">
        <th scope="row">Nothing</th>
        <td>${dumbbell(before.probability, before.probability)}<span class="number">${probability(before.probability)}</span></td>
        <td>${answered(before.answer, before.probability, right)}</td>
      </tr>
      ${counterfactuals.map((one) => move(one, before.answer, before.probability, right))}
    </tbody>
  </table>`;
}

function move({ kind, name, method, answers }: Counterfactual, answer: string, before: number, rightOfWhole: string | null): Html {
  const right = kind === 'other-target' ? null : rightOfWhole; // another question, whose right answer is not known
  const after = probabilityOf(answer, answers);
  const [first] = answers;
  return html`<tr class="${first.answer === answer ? 'same' : 'moved'}">
    <th scope="row">${name}${method === null ? NOTHING : html` <small class="none">${method}</small>`}</th>
    <td>${after === null ? NOTHING : html`${dumbbell(before, after)}<span class="number">${probability(after)}</span>`}</td>
    <td>${first.answer === answer ? html`<span class="none">the same</span>` : answered(first.answer, first.probability, right)}</td>
  </tr>`;
}

const answered = (answer: string, share: number, right: string | null): Html =>
  html`<b class="answer">${answer}</b> <span class="none">${probability(share)}</span>${
      right !== null && answer === right ? html` <small class="badge">right</small>` : NOTHING
    }`;

/** From the ring, the probability on the whole input, to the dot. */
const dumbbell = (before: number, after: number): Html => {
  const at = (share: number): string => `${short(3 + 94 * share)}%`;
  return html`<svg class="dumbbell" aria-hidden="true">
    <line class="grid" x1="3%" x2="97%" y1="50%" y2="50%" />
    <line class="way" x1="${at(before)}" x2="${at(after)}" y1="50%" y2="50%" />
    <circle class="ring" cx="${at(before)}" cy="50%" r="4.5" />
    <circle class="dot" cx="${at(after)}" cy="50%" r="4" />
  </svg>`;
};
