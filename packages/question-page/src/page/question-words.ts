import { type Html, NOTHING, html } from '@tass/web-page';
import type { Explanation, Look } from '../explanation';
import { greatest, percent, short } from '../words';

/** The question as each look weighs its words, the greatest marked as the target. */
export const questionWords = ({ looks }: Explanation): Html =>
  html`${looks.map(
    (look) => html`<div class="look">${looks.length > 1 ? html`<h3>${look.run.name}</h3>` : NOTHING}${weighed(look)}</div>`,
  )}`;

function weighed({ words, absent }: Look): Html {
  const weights = words.map(({ weight }) => weight ?? 0);
  const isWeighed = words.some(({ weight }) => weight !== null);
  const top = Math.max(...weights, 1e-9);
  const target = isWeighed ? greatest(weights) : -1;
  return html`<ol class="words" aria-label="The question's words">
      ${words.map(
        ({ text, weight, known }, at) =>
          html`<li class="${at === target ? 'target' : ''}">
            <span class="word${known ? '' : ' unknown'}">${text}</span>
            ${
              weight === null
                ? NOTHING
                : html`<svg class="weight" aria-hidden="true">
                      <rect class="ground" width="100%" height="100%" />
                      <rect class="text-share" width="${short((100 * weight) / top)}%" height="100%" />
                    </svg>
                    <small>${percent(weight)}</small>`
            }
            ${at === target ? html`<small class="badge">target</small>` : NOTHING}
            ${known ? NOTHING : html`<span class="visually-hidden">(never seen in training)</span>`}
          </li>`,
      )}
    </ol>
    ${words.every(({ known }) => known) ? NOTHING : html`<p class="none">Dotted: never seen in training.</p>`}
    ${isWeighed ? NOTHING : html`<p class="none">${absent.words ?? 'This network does not weigh words.'}</p>`}`;
}
