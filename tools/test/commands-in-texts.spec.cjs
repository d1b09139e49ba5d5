// Commands that README, docs, experiments and messages print have to exist: project, target, experiment and options.
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { commands } = require('../tass/commands.cjs');

const root = path.resolve(__dirname, '../..');
const files = execFileSync('git', ['ls-files', '*.md', '*.yaml', '*.ts', '*.sh', '*.cjs'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(root, file)) && !/\.spec\.\w+$|\/fixtures\//.test(file));
const projects = Object.fromEntries(
  execFileSync('git', ['ls-files', '*package.json'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => /^(apps|packages|bench)\//.test(file))
    .map((file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')).nx)
    .map(({ name, targets = {} }) => [name, [...Object.keys(targets), 'build', 'test', 'lint']]),
);
const known = commands();

/** Every command with its words up to the next command, a quotation mark, a comment or the end of the line: [file:line, project, target, words]. */
const written = files.flatMap((file) =>
  readFileSync(path.join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, at) =>
      [...line.matchAll(/(?:nx run ([\w-]+):([\w-]+)|npx tass ([a-z][\w-]*))((?:(?!npx )[^`#"])*)/g)].map(
        ([, project, target, command, rest]) => ({
          ...{ place: `${file}:${at + 1}`, project, target: target ?? command },
          made: /^ network (\S+)/.exec(rest)?.[1], // by `new`
          words: rest.split(/\s+/).filter((word) => word.startsWith('--')),
        }),
      ),
    ),
);

it('there are commands to look at', () => expect(written.length).toBeGreaterThan(100));

it('name projects and targets', () => {
  const wrong = written.filter(({ project, target }) =>
    project === undefined ? !known[target] && target !== 'completion' : !projects[project]?.includes(target),
  );
  expect(wrong.map(({ place, project, target }) => `${place}: ${project ?? 'tass'}:${target}`)).toEqual([]);
});

it('name experiments', () => {
  const named = written.flatMap(({ place, words }) =>
    words.flatMap((word) => {
      const [, names] = /^--exp=([a-z][\w/,-]*)$/.exec(word) ?? [];
      return (names ?? '').split(',').map((name) => ({ place, name })).filter(({ name }) => name !== ''); // prettier-ignore
    }),
  );
  expect(named.length).toBeGreaterThan(50);
  const made = written.map((command) => `networks/${command.made}`);
  const wrong = named.filter(({ name }) => !made.includes(name) && !existsSync(path.join(root, 'experiments', `${name}.yaml`)));
  expect(wrong.map(({ place, name }) => `${place}: ${name}`)).toEqual([]);
});

it('quote what a name may hold', () => {
  const messages = files.filter((file) => file.endsWith('.ts'));
  const wrong = messages.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => (/(?:nx run|npx tass) [^`$]*=\$\{/.test(line) ? `${file}:${at + 1}: write \${shellWord(...)}` : [])),
  );
  expect(wrong).toEqual([]);
});

it('have options that exist', () => {
  const wrong = written.flatMap(({ place, project, target, words }) => {
    const options = known[target]?.options.map((option) => option.split('=')[0]);
    return words
      .filter((word) => options && !options.includes(word.split('=')[0].replace(/[^\w-]+$/, '')))
      .map((word) => `${place}: ${target} ${word}`);
  });
  expect(wrong).toEqual([]);
});
