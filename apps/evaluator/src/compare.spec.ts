import { basename } from 'node:path';
import { rmSync } from 'node:fs';
import { UsageError } from '@tass/config';
import { runFiles } from '@tass/experiment';
import { parseCompare } from './command-line';
import { compareRuns } from './compare';
import { BoardProject } from './fixtures/board-project';

let project: BoardProject;
let [one, oneAgain, other, otherAgain]: string[] = [];
const first = (count: number) => (_: unknown, index: number): boolean => index < count; // prettier-ignore
beforeAll(() => {
  project = new BoardProject();
  const dual = { title: 'other', overrides: ['model.dim=8'] };
  one = project.run({ title: 'one', right: first(9) });
  oneAgain = project.run({ title: 'one', seed: 2, right: first(18) });
  other = project.run({ ...dual, right: first(27) });
  otherAgain = project.run({ ...dual, seed: 2, right: first(36) });
});
afterAll(() => project.remove());
const compare = (runs: string[], others: string[]): string => compareRuns({ runs, with: others }, project.settings);

it('shows which runs are compared, then both means over seeds and the paired tests by column', () => {
  const printed = compare([oneAgain, one], [other, basename(otherAgain)]);
  const [heading, second, blank, header, ...lines] = printed.split('\n');
  expect(printed).toContain('gain: other minus one in points of percent, runs paired by seed.\n');
  expect(printed).not.toContain('Only the');
  expect([heading, second, blank]).toEqual([
    `one: seed 1 ${basename(one)}, seed 2 ${basename(oneAgain)}`,
    `other: seed 1 ${basename(other)}, seed 2 ${basename(otherAgain)}`,
    '',
  ]);
  expect(header).toMatch(/^ +n +one +other +gain +95 % over videos +p over videos +p Holm +p McNemar +gain by seed$/);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(
    expect.arrayContaining(['A-Count', 'A-Avg', 'V-Loc', 'AV-Temp', 'All', 'disjoint']),
  );
  // 9 and 18 of 36 against 27 and 36; 18 questions that only the other has right, twice
  expect(lines.find((line) => line.startsWith('All '))).toMatch(
    /^All +36 +37\.50 ± 17\.68 +87\.50 ± 17\.68 +\+50\.00 +\+.* <0\.0001 <0\.0001 +\+50\.00 \+50\.00$/,
  );
});

it('pairs only the seeds that both have', () => {
  expect(compare([one, oneAgain], [otherAgain])).toMatch(/^All +36 +37\.50 ± 17\.68 +100\.00 +\+50\.00 /m); // 36 against 18
  expect(compare([one, oneAgain], [otherAgain])).toMatch(/Only the seed that both have: the gain is not that of the means shown\.$/);
  expect(() => compare([one], [otherAgain])).toThrow('evaluator: no seed is shared: one has 1, other has 2');
});

it('refuses sides that are not one method over seeds, or the same one', () => {
  expect(() => compare([one, other], [otherAgain])).toThrow(`evaluator: ${basename(other)} is another experiment than ${basename(one)}`);
  expect(() => compare([one], [oneAgain])).toThrow('--runs and --with are runs of one method, one: expected two');
  const twin = project.run({ title: 'one', right: first(3) });
  expect(() => compare([one, twin], [other])).toThrow(
    `${basename(one)} cannot be compared: the newer run ${basename(twin)} has the same configuration and seed`,
  );
});

it('passes no command of a title on to the terminal', () => {
  const strange = project.run({ title: '"\\e[2Jwhat"', overrides: ['model.dim=4'], right: first(3) });
  expect(compare([one], [strange])).not.toContain('\u001b');
  expect(compare([one], [strange])).toContain('[2Jwhat');
});

it('names the run that has no predictions, and how to make them', () => {
  const third = project.run({ title: 'one', seed: 3, right: first(3) });
  rmSync(runFiles.predictions(third, 'test'));
  const advice = `${third} has no test predictions. Make them: npx nx run evaluator:evaluate --run=${basename(third)}`;
  expect(() => compare([third], [other])).toThrow(advice);
});

it('reads the command line, and says what is wrong with it', () => {
  expect(parseCompare(['--runs=a,b', '--with=c'])).toEqual({ runs: ['a', 'b'], with: ['c'] });
  expect(parseCompare(['help'])).toBe('help');
  expect(() => parseCompare(['--runs=a'])).toThrow('evaluator: --with is missing');
  expect(() => parseCompare(['--run=a', '--with=c'])).toThrow('--run is not an option, expected --runs=VALUE, --with=VALUE, --help');
  expect(() => parseCompare(['--runs=a', '--with=c', 'x=1'])).toThrow(UsageError);
});
