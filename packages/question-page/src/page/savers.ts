import { type Html, html } from '@tass/web-page';

/** Buttons that save a part of the page; the page's program shows them. */
export const savers = (id: string, picture: string): Html =>
  html`<div class="save savers" role="group" aria-label="Save: ${picture}" data-saves="${id}" hidden>
    ${['png', 'svg', 'json'].map(
      (kind) =>
        html`<button type="button" data-kind="${kind}" aria-label="Save as ${kind.toUpperCase()}: ${picture}">
          ${kind.toUpperCase()}
        </button>`,
    )}
  </div>`;
