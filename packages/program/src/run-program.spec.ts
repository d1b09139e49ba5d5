import { UsageError } from './options';
import { describeError, runProgram } from './run-program';

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => printed.push(String(text).replace(/\n$/, '')) > 0);
});
afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

const usage = () => 'how it is used';
const commands = {
  train: { usage, run: (words: readonly string[]) => words.length },
  check: {
    usage,
    async run() {
      throw new Error('the store is empty');
    },
  },
  ask: {
    usage,
    run() {
      throw new UsageError('--exp is missing');
    },
  },
};

it.each<[string[], number, string[]]>([
  [['train', 'a', 'b', 'c'], 3, []],
  [['check'], 1, ['trainer: the store is empty']],
  [['ask'], 2, ['trainer: --exp is missing']],
  [['trian'], 2, ['trainer: trian is not a command, expected train, check, ask. Did you mean train?']],
  [['toString'], 2, ['trainer: toString is not a command, expected train, check, ask.']],
  [[], 2, ['trainer: nothing is not a command, expected train, check, ask.']],
])('%j', async (words, code, errors) => {
  await runProgram('trainer', commands, words);
  expect(process.exitCode).toBe(code);
  expect(printed).toEqual(errors);
});

it.each(['--help', '-h', 'help'])('prints how a command is used for %s, and runs nothing', async (word) => {
  const log = jest.spyOn(console, 'log').mockImplementation();
  await runProgram('trainer', commands, ['ask', word]);
  expect(log.mock.calls).toEqual([['how it is used']]);
  expect(printed).toEqual([]);
});

it('leaves the beginning to an error that names its place', () => {
  const error = Object.assign(new Error('tass.yaml:3:1: sed is not a known key\nmodel=x: no such option'), { namesItsPlace: true });
  expect(describeError(error, 'trainer')).toBe(error.message);
});

it('shows the stack of a mistake in the code', () => {
  expect(describeError(new TypeError('x is undefined'), 'trainer')).toMatch(/^trainer: TypeError: x is undefined\n {4}at /);
});

it('shows nothing that a terminal would act on', () => {
  expect(describeError(new Error('there is no \x1b[31mfile\nsecond line'), 'trainer')).toBe('trainer: there is no  [31mfile\nsecond line');
  expect(describeError('text', 'trainer')).toBe('trainer: text');
});
