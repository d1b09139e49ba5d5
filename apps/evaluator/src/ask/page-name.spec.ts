import { pageName } from './page-name';

const named = (file: string, question = 'Is it loud'): string => pageName({ file }, question);

it('holds video and question, and is the same for the same', () => {
  expect(named('a/clip 1.mp4')).toMatch(/^clip-1-mp4-is-it-loud-[0-9a-f]{8}\.html$/);
  expect(named('a/clip 1.mp4')).toBe(named(`${process.cwd()}/a/../a/clip 1.mp4`));
});

it.each([
  ['of names that differ in signs', named('clip 1.mp4'), named('clip-1.mp4')],
  ['of names that differ in case', named('clip.mp4'), named('CLIP.mp4')],
  ['of files of one name', named('a/clip.mp4'), named('b/clip.mp4')],
  ['of questions with one beginning', named('a.mp4', `${'is it '.repeat(20)} a`), named('a.mp4', `${'is it '.repeat(20)} b`)],
  ['of an id and a file', named('clip'), pageName({ id: 'clip' }, 'Is it loud')],
])('differs in more than case between pages %s', (_, one, other) => expect(one.toLowerCase()).not.toBe(other.toLowerCase()));

it('fits a file system in any script, in whole characters', () => {
  const name = named(`${'楽'.repeat(80)}.mp4`, `${'聞'.repeat(79)}𠮷`);
  expect(Buffer.byteLength(name)).toBeLessThan(220); // of 255; what is written first has a longer name
  expect(name).toMatch(/^楽{26}-聞{26}-[0-9a-f]{8}\.html$/);
});
