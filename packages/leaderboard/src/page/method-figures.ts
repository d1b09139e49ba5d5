import type { MethodFigures } from '../method-figures';
import { type Html, html, listTable, scrolled } from '@tass/web-page';

/** A table of figures of methods, under its note. */
export function methodFigures({ title, note, headers, lines }: MethodFigures): Html {
  if (lines.length === 0) return html`<p class="none">This is not known for any method here.</p>`;
  const figures = (texts: readonly string[]) => texts.map((figure) => ({ figure }));
  return html`<p>${note}</p>
    ${scrolled(
      title,
      listTable({ heads: ['Method', ...figures(headers)], rows: lines.map(({ name, cells }) => [name, ...figures(cells)]) }),
    )}`;
}
