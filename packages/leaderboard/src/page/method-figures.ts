import type { MethodFigures } from '../method-figures';
import { type Html, html } from '@tass/web-page';

/** A table of figures of methods, under its note. */
export function methodFigures({ note, headers, lines }: MethodFigures): Html {
  if (lines.length === 0) return html`<p class="none">Of no method here is it known.</p>`;
  return html`<p>${note}</p>
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Method</th>
            ${headers.map((header) => html`<th scope="col" class="number">${header}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            ({ name, cells }) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
