import { type Html, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look } from '../explanation';
import { given, probability, probabilityOf, short } from '../words';

const MOST = 5;

/** The most probable answers of each look, with the right one and that of the counting rule among them. */
export function answers({ question, prior, looks }: Explanation): Html {
  return html`<div class="side">${looks.map((look) => answersOf(look, question.right, prior?.answer ?? null, looks.length > 1))}</div>
    ${
      prior === null
        ? NOTHING
        : html`<p class="none">
            A rule that only counts answers (${prior.rule}) says
            “${prior.answer}”${prior.share === null ? '' : `, which ${probability(prior.share)} of them are`}.
          </p>`
    }`;
}

function answersOf({ answers, run }: Look, right: string | null, prior: string | null, isNamed: boolean): Html {
  const wanted = new Set([...answers.slice(0, MOST).map(({ answer }) => answer), right, prior]);
  const shown = answers.filter(({ answer }) => wanted.has(answer));
  const missing = right !== null && probabilityOf(right, answers) === null;
  return html`<div class="answers">
    <table>
      <caption class="${isNamed ? '' : 'visually-hidden'}">
        ${isNamed ? run.name : 'The most probable answers'}
      </caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Answer</th>
          <th scope="col">Probability</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(({ answer, probability: share }) => row(answer, share, answers.findIndex((one) => one.answer === answer) + 1, { right, prior }))}
      </tbody>
    </table>
    ${missing ? html`<p class="none">The right answer, “${right ?? ''}”, is not among those that this network chooses from.</p>` : NOTHING}
    ${
      answers.length > shown.length
        ? html`<details>
            <summary>All ${answers.length} answers</summary>
            <ol class="all-answers">
              ${answers.map(({ answer, probability: share }) => html`<li>${answer} <span class="none">${probability(share)}</span></li>`)}
            </ol>
          </details>`
        : NOTHING
    }
  </div>`;
}

function row(answer: string, share: number, rank: number, { right, prior }: { right: string | null; prior: string | null }): Html {
  const kind = right === null ? 'open' : answer === right ? 'right' : rank === 1 ? 'wrong' : 'other';
  return html`<tr class="${kind}${rank === 1 ? ' given' : ''}">
    <th scope="row">
      <span class="answer">${answer}</span>${answer === right ? html` <small class="badge">right</small>` : NOTHING}${
        answer === prior ? html` <small class="badge">counting rule</small>` : NOTHING
      }
    </th>
    <td class="bar">
      <svg aria-hidden="true">
        <rect class="ground" width="100%" height="100%" rx="3" />
        <rect class="value" width="${short(100 * share)}%" height="100%" rx="3" />
      </svg>
    </td>
    <td class="number">${probability(share)}</td>
  </tr>`;
}

/** In the head of the page: what each look answers, and whether that is right. */
export const verdicts = ({ question, looks }: Explanation): Html =>
  html`<ul class="verdicts">
    ${looks.map((look) => {
      const { answer, probability: share } = given(look);
      const isRight = question.right === null ? null : answer === question.right;
      return html`<li class="${isRight === null ? 'open' : isRight ? 'right' : 'wrong'}">
        ${looks.length > 1 ? html`<span class="who">${look.run.name}</span>` : NOTHING}
        <b class="answer">${answer}</b> <span>${probability(share)}</span>
        ${isRight === null ? NOTHING : html`<span class="verdict">${isRight ? '✓ right' : '✗ wrong'}</span>`}
      </li>`;
    })}
    ${
      question.right !== null && looks.some((look) => given(look).answer !== question.right)
        ? html`<li class="truth-is"><span class="who">Right answer</span> <b class="answer">${question.right}</b></li>`
        : NOTHING
    }
  </ul>`;
