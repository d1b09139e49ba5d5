import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowed, refusals } from '@tass/testing';
import { composeExperiment } from './compose';
import { limits } from './limits';
import { listExperiments } from './experiment-files';
import { plainValue } from './node';

const root = mkdtempSync(join(tmpdir(), 'tass-limits-'));
afterAll(() => rmSync(root, { recursive: true }));

const zod = JSON.stringify(require.resolve('zod'));
const list = (count: number, value: (index: number) => unknown): string =>
  `[${Array.from({ length: count }, (_, index) => value(index)).join(', ')}]`;
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
const tenTimes = (begin: string, line: (former: string, name: string) => string): string =>
  `${begin}\n${lines(10, (level) => line(`a${level}`, `a${level + 1}`))}`;

/** By experiment: its file and the expected message. */
const files: Record<string, readonly [content: string, expected: string]> = {
  aliases: [
    tenTimes('a0: &a0 [1]', (former, name) => `${name}: &${name} ${list(10, () => `*${former}`)}`),
    'here the file exceeds what a configuration may hold: more than 50000 values',
  ],
  leaves: [
    `a: &a ${list(100_000, () => 1)}\nb: ${list(10, () => '*a')}`,
    `leaves.yaml: has 294 kB, expected at most ${limits.fileBytes / 1024} kB`,
  ],
  text: [
    `a: &a ${'x'.repeat(200_000)}\nb: ${list(1000, () => '*a')}`,
    'here the file exceeds what a configuration may hold: more than 1048576 characters of text',
  ],
  references: [
    tenTimes('a0: [1]', (former, name) => `${name}: ${list(10, () => `"\${${former}}"`)}`),
    'a5 holds more than 50000 values, its references replaced',
  ],
  texts: [tenTimes('a0: text', (former, name) => `${name}: "${`\${${former}}`.repeat(10)}"`), 'characters'],
  chain: [`${lines(3000, (index) => `a${index}: \${a${index + 1}}`)}a3000: 1`, `${limits.references} references lead to one another`],
  within: [`a: "${'${'.repeat(1000)}x${'}'.repeat(1000)}"`, `references are nested more than ${limits.depth} deep`],
  brackets: [`a: ${'['.repeat(9000)}${']'.repeat(9000)}`, `deeper than ${limits.depth} levels`],
  deep: [
    `a: ${'['.repeat(60)}${']'.repeat(60)}`,
    `deep.yaml:1:54: here the file exceeds what a configuration may hold: lists and maps within one another deeper than ${limits.depth} levels`,
  ],
  indented: [lines(300, (index) => `${' '.repeat(index)}a:`), `deeper than ${limits.depth} levels`],
  signs: [`a: ${']'.repeat(100_000)}`, `has more than ${limits.fileSigns} lines, commas, brackets and quotes`],
  step0: ['defaults: [step1, step1]', `the experiment has more than ${limits.files} files`],
  far0: ['defaults: [far1]', `the file is named by way of ${limits.depth + 1} others`],
};
for (const [name, [content]] of Object.entries(files)) writeFileSync(join(root, `${name}.yaml`), content);
for (let step = 1; step <= 30; step++)
  writeFileSync(join(root, `step${step}.yaml`), step < 30 ? `defaults: [step${step + 1}, step${step + 1}]` : 'a: 1');
for (let far = 1; far <= 60; far++) writeFileSync(join(root, `far${far}.yaml`), `defaults: [far${far + 1}]`);
writeFileSync(join(root, 'small.yaml'), 'seed: 1');
mkdirSync(join(root, 'tower'));
for (let step = 0; step < 30; step++) writeFileSync(join(root, `tower/step${step}.yaml`), `defaults: [step${step + 1}, step${step + 1}]`);

const word = {
  brackets: [`seed=${'['.repeat(20_000)}`, `brackets are nested more than ${limits.depth} deep`],
  braces: [`seed=${'{a:'.repeat(20_000)}1${'}'.repeat(20_000)}`, `brackets are nested more than ${limits.depth} deep`],
  references: [`seed=${'${a'.repeat(20_000)}${'}'.repeat(20_000)}`, `brackets are nested more than ${limits.depth} deep`],
  key: [`${'a'.repeat(99_000)}=1`, `its key has 99000 characters, expected at most ${limits.keyCharacters}`],
  longKey: [`${'a'.repeat(1_000_000)}=1`, `the override has 1000002 characters, expected at most ${limits.overrideCharacters}`],
  parts: [`a${'.a'.repeat(100)}=1`, `its key has 101 parts, expected at most ${limits.depth}`],
} as const;

it('refuses hostile files and words in little time and memory', () => {
  const compose = (name: string, words = '[]'): string =>
    `it.checkConfig(it.composeExperiment({ root: ${JSON.stringify(root)}, name: '${name}', overrides: ${words} }), require(${zod}).z.any())`;
  const ofFiles = Object.keys(files).map((name) => [`file ${name}`, compose(name)]);
  const ofWords = Object.entries(word).map(([name, [text]]) => [`word ${name}`, compose('small', JSON.stringify([text]))]);
  const found = refusals(join(__dirname, 'index.ts'), {
    ...Object.fromEntries([...ofFiles, ...ofWords]),
    'many words': compose('small', 'Array.from({ length: 20_000 }, (_, index) => `+a${index}=1`)'),
    'unknown keys': `const config = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => ['unknown' + index, 1]));
      const { z } = require(${zod});
      it.checkConfig({ config, tree: require(${JSON.stringify(join(__dirname, 'node.ts'))}).nodeOf(config, 'x.yaml'), sourceOf: () => 'x.yaml' }, z.strictObject({ known: z.any() }))`,
    'name of an experiment': compose('x'.repeat(100_000)),
    'an axis': `it.expandSweep(['seed=' + Array.from({ length: 20_000 }, (_, index) => index % 10).join(',')], ${JSON.stringify(root)})`,
  });
  const expected: Record<string, string> = {
    ...Object.fromEntries(Object.entries(files).map(([name, [, text]]) => [`file ${name}`, text])),
    ...Object.fromEntries(Object.entries(word).map(([name, [, text]]) => [`word ${name}`, text])),
    'many words': `override +a${limits.overrides}=1: is one of 20000, expected at most ${limits.overrides}`,
    'unknown keys': `unknown0 is not a known key. Known: known.`,
    'name of an experiment': 'there is no experiment',
    'an axis': `these are 20000 values, expected at most ${limits.axisValues}`,
  };
  const entries = Object.entries(found);
  expect(Object.fromEntries(entries.map(([name, { message }]) => [name, message]))).toEqual(
    Object.fromEntries(entries.map(([name]) => [name, expect.stringContaining(expected[name])])),
  );
  expect(entries.filter(([, { message }]) => message.split('\n').some((line) => line.length > 1000)).map(([name]) => name)).toEqual([]);
  expect(entries.filter(([, { seconds, megabytes }]) => seconds > allowed.seconds || megabytes > allowed.megabytes)).toEqual([]);
  expect(found['unknown keys'].message).toMatch(new RegExp(`\\nand ${20_001 - limits.mistakes} more mistakes$`));
});

it('lists a tower of files that name the next one twice', () => {
  expect(listExperiments(root)).toContain('small');
});

it('takes what is large and legitimate', () => {
  const seeds = Array.from({ length: limits.axisValues }, (_, index) => index);
  writeFileSync(
    join(root, 'large.yaml'),
    `a: &a ${list(4000, (index) => index)}\nb: ${list(10, () => '*a')}\nc: \${b}`.replace('c: ${b}', ''),
  );
  writeFileSync(join(root, 'deepest.yaml'), `a: ${'['.repeat(45)}1${']'.repeat(45)}`);
  const overrides = [`seed=[${seeds.join(',')}]`];
  expect(plainValue(composeExperiment({ root, name: 'small', overrides }).tree)).toEqual({ seed: seeds });
  expect(() => composeExperiment({ root, name: 'large' })).not.toThrow();
  expect(() => composeExperiment({ root, name: 'deepest' })).not.toThrow();
});
