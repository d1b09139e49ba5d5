// The form of Markdown files: lines that fit an editor, and READMEs of packages that answer the same four questions.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const texts = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
const withoutCode = (text) => text.replace(/^```.*?^```$/gms, (block) => block.replace(/[^\n]/g, ''));

const longest = 100;

/** Lines of prose that could be broken before the limit: not tables, code, pictures or a single long word. */
function longLines({ file, text }) {
  const lines = withoutCode(text).split('\n');
  return lines.flatMap((line, at) => {
    const words = line.trim().replace(/^[-*] |^\d+\. /, '');
    const isProse = !/^\||^!\[|^\[!\[|^<!--/.test(words) && words.includes(' ');
    return isProse && line.length > longest ? [`${file}:${at + 1}: ${line.length} characters, expected at most ${longest}`] : [];
  });
}

/** What the README of a package lacks. */
function lacks({ file, text }) {
  const name = path.basename(path.dirname(file));
  const [heading, first] = text.split('\n\n');
  const parts = {
    [`the heading # @tass/${name}`]: heading.trim() === `# @tass/${name}`,
    'a first paragraph that describes it': /^[A-Z`].*[.:]$/s.test(first ?? ''),
    'an example in ts or sh': /^```(ts|sh)\n/m.test(text),
    'a link to where the method is written': /\]\((https:\/\/|\.\.\/\.\.\/(docs\/|CONTRIBUTING))/.test(text),
    'a paragraph **Limits.**': /^\*\*Limits\.\*\* [A-Z]/m.test(text),
  };
  return Object.keys(parts)
    .filter((part) => !parts[part])
    .map((part) => `${file}: has no ${part.replace(/^(the|an?) /, '')}`);
}

it('lines of prose have at most 100 characters', () => {
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.flatMap(longLines)).toEqual([]);
});

it('each README of a package has a description, an example, the method and limits', () => {
  const readmes = texts.filter(({ file }) => /^packages\/[\w-]+\/README\.md$/.test(file));
  expect(readmes.length).toBeGreaterThan(25);
  expect(readmes.flatMap(lacks)).toEqual([]);
});

it('every package has a README', () => {
  const packages = execFileSync('git', ['ls-files', 'packages/*/package.json'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const without = packages.filter((file) => !texts.some((text) => text.file === path.join(path.dirname(file), 'README.md')));
  expect(without).toEqual([]);
});

it('a long line is noticed, a table, code and a long link are not', () => {
  const text = `${'word '.repeat(21)}\n| ${'cell '.repeat(30)}|\n\`\`\`sh\n${'word '.repeat(30)}\n\`\`\`\n- [${'x'.repeat(120)}](y.md)\n`;
  expect(longLines({ file: 'a.md', text })).toEqual(['a.md:1: 105 characters, expected at most 100']);
});

it('a README without its parts is noticed', () => {
  expect(lacks({ file: 'packages/x/README.md', text: '# x\n\n| a |\n' })).toEqual([
    'packages/x/README.md: has no heading # @tass/x',
    'packages/x/README.md: has no first paragraph that describes it',
    'packages/x/README.md: has no example in ts or sh',
    'packages/x/README.md: has no link to where the method is written',
    'packages/x/README.md: has no paragraph **Limits.**',
  ]);
});
