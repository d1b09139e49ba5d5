import { definitionList, listTable, scrolled, utc } from './parts';

const tidy = (markup: { readonly text: string }): string => markup.text.replaceAll(/\s*\n\s*/g, '');

it('sets figures as numbers, and the first cell of a row as its head', () =>
  expect(tidy(listTable({ kind: 'runs', heads: ['Method', { figure: 'All' }], rows: [['<one>', { figure: '74.98' }]] }))).toBe(
    '<table class="list runs"><thead><tr><th scope="col">Method</th><th scope="col" class="number">All</th></tr></thead>' +
      '<tbody><tr><th scope="row">&#60;one&#62;</th><td class="number">74.98</td></tr></tbody></table>',
  ));

it('lists what is known', () => {
  const known = [['Split', 'test'], ['Right', null]] as const; // prettier-ignore
  expect(tidy(definitionList(known))).toBe('<dl><div><dt>Split</dt><dd>test</dd></div></dl>');
});

it('scrolls with the keyboard', () =>
  expect(tidy(scrolled('Runs', listTable({ heads: [], rows: [] }), true))).toMatch(/^<div class="scroll tall" tabindex="0" role="region" aria-label="Runs">/)); // prettier-ignore

it.each(['2026-12-01T08:30:59.123Z', '2026-12-01T08:30:59Z', '2026-12-01T08:30Z'])('%s to the minute', (time) =>
  expect(utc(time)).toBe('2026-12-01 08:30 UTC'),
);
