// The head of an experiment: its own command, and expected figures that are those of the page it names.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const heads = execFileSync('git', ['ls-files', 'experiments/*.yaml'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((file) => ({ file, text: read(file) }))
  .filter(({ text }) => /^title:/m.test(text))
  .map(({ file, text }) => ({ file, lines: text.split('\n').filter((line) => line.startsWith('#')) }));

/** Figures that the page does not have, or a page that is missing. */
function problemsOf(line) {
  const [, page] = /: ((?:docs\/)?[\w-]+\.md)\b/.exec(line) ?? [];
  if (page === undefined) return ['names no page'];
  const text = read(page);
  return (line.match(/\b\d+\.\d\d(?: ± \d+\.\d\d)?/g) ?? [])
    .filter((figure) => !text.includes(figure))
    .map((figure) => `${page} has no ${figure}`);
}

it('has the command of the experiment', () => {
  expect(heads.length).toBeGreaterThan(40);
  const without = heads.filter(({ file, lines }) => {
    const name = file.slice('experiments/'.length, -'.yaml'.length);
    return !lines.some((line) => line.split(' ').includes(`--exp=${name}`));
  });
  expect(without.map(({ file }) => file)).toEqual([]);
});

it('has figures of the page that it names', () => {
  const expected = heads.flatMap(({ file, lines }) => lines.filter((line) => line.includes('Expected: ')).map((line) => ({ file, line })));
  expect(expected.length).toBeGreaterThan(20);
  expect(expected.flatMap(({ file, line }) => problemsOf(line).map((problem) => `${file}: ${problem}`))).toEqual([]);
});

it('a figure that the page does not have is noticed', () => {
  expect(problemsOf('# Expected: All 99.99 ± 0.01 (seeds 1 to 5): docs/method.md')).toEqual(['docs/method.md has no 99.99 ± 0.01']);
  expect(problemsOf('# Expected: All 99.99')).toEqual(['names no page']);
});
