// Links of README and docs lead to a file of this repository, and to a heading that is there.
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).split('\n').filter((file) => file && existsSync(path.join(root, file))); // prettier-ignore
const textOf = (file) => readFileSync(path.join(root, file), 'utf8').replace(/```[\s\S]*?```/g, '');

/** As GitHub names them. */
const anchorsOf = (file) =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(
    ([, heading]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'), // prettier-ignore
  );

const links = files.flatMap((file) =>
  [...textOf(file).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => ({ file, link })),
);

function problemOf({ file, link }) {
  const [name, anchor] = link.split('#');
  const to = name === '' ? file : path.join(path.dirname(file), name);
  if (!existsSync(path.join(root, to))) return `${file}: ${link}: there is no ${to}`;
  if (anchor !== undefined && !anchorsOf(to).includes(anchor)) return `${file}: ${link}: ${to} has no heading ${anchor}`;
  return undefined;
}

it('lead to files and headings', () => {
  expect(links.length).toBeGreaterThan(50);
  expect(links.map(problemOf).filter((problem) => problem !== undefined)).toEqual([]);
});

it('a link that leads nowhere is noticed', () => {
  expect(problemOf({ file: 'docs/method.md', link: 'no-page.md' })).toContain('there is no docs/no-page.md');
  expect(problemOf({ file: 'docs/method.md', link: '../README.md#no-heading' })).toContain('README.md has no heading no-heading');
});
