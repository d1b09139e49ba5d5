import { createHash } from 'node:crypto';
import { COMMON_SCRIPT } from './common-script';
import { Html, NOTHING, html, packedJson } from './html';
import { COMMON_STYLE } from './style';

/** The content of a page. */
export interface WebPage {
  readonly title: string;
  readonly icon: string; // data: URL of a picture
  readonly kind: string; // the line above everything: 'Audio-visual question answering · leaderboard'
  readonly style: string; // rules; `COMMON_STYLE` comes before
  readonly script: string; // statements; those of `COMMON_SCRIPT` come before, in the same function
  readonly hasSound?: boolean; // may play embedded sound
  readonly isServed?: boolean; // may send requests to its own server, and show its pages
  readonly header: Html;
  readonly main: Html;
  readonly footer?: Html;
  readonly data: unknown; // JSON, which the script unpacks
}

/**
 * One HTML page that loads nothing, even from file://; a served page may only contact its own server. Its policy allows only its own style
 * and script, by their digests, and embedded pictures (and sound). Light, dark and print.
 */
export function renderWebPage(page: WebPage): string {
  const style = COMMON_STYLE + page.style;
  const script = `'use strict';\n(() => {${COMMON_SCRIPT}${page.script}})();\n`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(style, script, page)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${page.title}</title>
        <link rel="icon" href="${page.icon}" />
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <div class="page">
          <header>
            <div class="top"><span>${page.kind}</span>${themes()}</div>
            ${page.header}
          </header>
          <main>${page.main}</main>
          <footer>${page.footer ?? NOTHING}</footer>
        </div>
        <div id="status" class="visually-hidden" role="status"></div>
        ${new Html('<script type="application/gzip+base64" id="data">')}${packedJson(page.data)}${new Html('</script>')}
        ${new Html(`<script>${script}</script>`)}
      </body>
    </html> `.text;
}

const themes = (): Html =>
  html`<fieldset class="themes">
    <legend class="visually-hidden">Colours</legend>
    ${['auto', 'light', 'dark'].map(
      (theme) =>
        html`<label
          ><input
            type="radio"
            name="theme"
            id="theme-${theme}"
            value="${theme}"
            autocomplete="off"
            ${theme === 'auto' ? html` checked` : ''}
          />${theme}</label
        >`,
    )}
  </fieldset>`;

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = (style: string, script: string, { hasSound, isServed }: WebPage): string =>
  [
    ...["default-src 'none'", `style-src ${digest(style)}`, `script-src ${digest(script)}`, 'img-src data:'],
    ...(hasSound ? ['media-src data:'] : []),
    ...(isServed ? ["connect-src 'self'", "frame-src 'self'"] : []),
    ...["base-uri 'none'", "form-action 'none'"],
  ].join('; ');
