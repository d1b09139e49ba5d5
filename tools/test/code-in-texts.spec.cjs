// What README and docs say of a file holds: the functions that a link names are in the file, and a stated length is true.
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const texts = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const found = (pattern) => texts.flatMap((text) => [...read(text).matchAll(pattern)].map(([, first, second]) => ({ text, first, second })));

/** Whether a file declares a function, or `Object.member`. */
const declares = (code, name) => {
  const [owner, member] = name.split('.');
  return (
    new RegExp(`^(export )?(async )?(function|const|class) ${owner}\\b`, 'm').test(code) &&
    (member === undefined || new RegExp(`^  (async )?${member}(:|<|\\()`, 'm').test(code))
  );
};

it('a file that a link with the name of a function leads to declares it', () => {
  const links = found(/\[`([\w.]+)`\]\(([^)#]+\.ts)\)/g).map(({ text, first, second }) => ({
    ...{ text, name: first },
    file: path.join(path.dirname(text), second),
  }));
  expect(links.length).toBeGreaterThan(20);
  const wrong = links.filter(({ name, file }) => !existsSync(path.join(root, file)) || !declares(read(file), name));
  expect(wrong.map(({ text, name, file }) => `${text}: ${name} is not in ${file}`)).toEqual([]);
});

it('a stated length, as in `src/train.ts` (about 150 lines), is within 15 % of the true one', () => {
  const lengths = found(/`([\w./-]+\.ts)` \(about (\d+) lines\)/g);
  expect(lengths.length).toBeGreaterThan(1);
  const wrong = lengths.flatMap(({ text, first: file, second: stated }) => {
    const lines = read(file).split('\n').length - 1;
    return Math.abs(lines - stated) > 0.15 * lines ? [`${text}: ${file} has ${lines} lines, not about ${stated}`] : [];
  });
  expect(wrong).toEqual([]);
});
