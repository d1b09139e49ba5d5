import { gzipSync } from 'node:zlib';
import { printable } from '@tass/program';

/** Markup that can be inserted unescaped. Made only by `html`, or from text of this package. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Part[];

/**
 * A template for HTML or SVG: escapes values, for text and quoted attributes, unless they are Html; joins lists and removes indentation.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((markup, at) => markup.replaceAll(/\n\s*/g, '\n') + (at < parts.length ? textOf(parts[at]) : '')).join(''));

export const NOTHING = new Html('');
export const NEWLINE = new Html('\n');

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return printable(String(part)).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** JSON, gzipped and in base64, for a script element; numbers have eight digits. */
export function packedJson(value: unknown): Html {
  const rounded = (_: string, part: unknown): unknown =>
    typeof part === 'number' && !Number.isInteger(part) ? Number(part.toPrecision(8)) : part;
  return new Html(gzipSync(JSON.stringify(value, rounded)).toString('base64'));
}
