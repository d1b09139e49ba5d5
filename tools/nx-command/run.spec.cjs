const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const run = require('./run.cjs');

const root = mkdtempSync(path.join(tmpdir(), 'tass-nx-command-'));
const received = path.join(root, 'received.json');
const context = { root, projectName: 'trainer' };
const program = (name, text) => writeFileSync(path.join(root, name), text);
program(
  'main.js',
  `require('node:fs').writeFileSync(${JSON.stringify(received)}, JSON.stringify({ words: process.argv.slice(2), folder: process.cwd() }));`,
);
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => rmSync(received, { force: true }));
const exitCode = process.exitCode;
afterEach(() => (process.exitCode = exitCode));

const dangerous = [
  ...['a=$(touch x)', 'b=`touch x`', 'c=1;touch x', 'd=1 && touch x', 'e=|touch x', 'f=>x', 'g=$HOME', 'h=*'],
  ...['k={a: 1}', '~x', '+d=[1,2]', '++d=1', "q='", 'r="', 's=\\', 't=a  b', 'u=', '--exp=quickstart', '--', '-x', 'v=\n', 'w=ä🎻'],
];

it('passes every word on as it was typed, after those of the target, and executes none', async () => {
  expect(await run({ main: 'main.js', words: ['evaluate'], __unparsed__: dangerous }, context)).toEqual({ success: true });
  expect(JSON.parse(readFileSync(received, 'utf8'))).toEqual({ words: ['evaluate', ...dangerous], folder: root });
  expect(readdirSync(root).sort()).toEqual(['main.js', 'received.json']);
});

it('needs no words', async () => {
  expect(await run({ main: 'main.js' }, context)).toEqual({ success: true });
  expect(JSON.parse(readFileSync(received, 'utf8')).words).toEqual([]);
});

it.each([0, 1, 2, 130])("gives back the program's exit code %i", async (code) => {
  program('exit.js', `process.exit(${code})`);
  process.exitCode = undefined;
  expect(await run({ main: 'exit.js' }, context)).toEqual({ success: code === 0 });
  expect(process.exitCode).toBe(code === 0 ? undefined : code);
});

it('a program that was killed has failed', async () => {
  program('killed.js', `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);
  expect(await run({ main: 'killed.js' }, context)).toEqual({ success: false });
  expect(process.exitCode).toBe(1);
});

it('passes a signal on and waits for the program to end', async () => {
  program(
    'signal.js',
    `
    process.on('SIGTERM', () => process.exit(7));
    require('node:fs').writeFileSync(${JSON.stringify(received)}, '');
    setInterval(() => {}, 1000);`,
  );
  const before = process.listenerCount('SIGTERM');
  const ended = run({ main: 'signal.js' }, context);
  while (!readdirSync(root).includes('received.json')) await new Promise((resolve) => setTimeout(resolve, 20));
  process.emit('SIGTERM', 'SIGTERM');
  expect(await ended).toEqual({ success: false });
  expect(process.exitCode).toBe(7);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

it('the program gets one signal of those that a Ctrl-C brings about, in a group that the terminal does not signal', async () => {
  program(
    'signals.js',
    `
    const { readFileSync, writeFileSync } = require('node:fs');
    const group = Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[2]);
    const got = [];
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => got.push(signal) === 1 && setTimeout(() => {
      writeFileSync(${JSON.stringify(received)}, JSON.stringify({ got, pid: process.pid, group }));
      process.exit(130);
    }, 300));
    writeFileSync(${JSON.stringify(`${received}.ready`)}, '');
    setInterval(() => {}, 1000);`,
  );
  const ended = run({ main: 'signals.js' }, context);
  while (!readdirSync(root).includes('received.json.ready')) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGHUP']) process.emit(signal, signal);
  await ended;
  rmSync(`${received}.ready`);
  const { got, pid, group } = JSON.parse(readFileSync(received, 'utf8'));
  expect([got, group]).toEqual([['SIGINT'], pid]);
});

it.each([
  [true, ['SIGTERM']],
  [false, ['SIGINT']],
])('SIGHUP asks a program to end only at a terminal (%s)', async (isTTY, expected) => {
  program(
    'hangup.js',
    `
    const { writeFileSync } = require('node:fs');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {
      writeFileSync(${JSON.stringify(received)}, JSON.stringify([signal]));
      process.exit(130);
    });
    writeFileSync(${JSON.stringify(`${received}.ready`)}, '');
    setInterval(() => {}, 1000);`,
  );
  const outputs = [process.stdout, process.stderr];
  const before = outputs.map((output) => output.isTTY);
  outputs.forEach((output) => (output.isTTY = isTTY));
  const ended = run({ main: 'hangup.js' }, context);
  while (!readdirSync(root).includes('received.json.ready')) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const signal of ['SIGHUP', 'SIGINT']) process.emit(signal, signal);
  await ended;
  outputs.forEach((output, index) => (output.isTTY = before[index]));
  rmSync(`${received}.ready`);
  expect(JSON.parse(readFileSync(received, 'utf8'))).toEqual(expected);
});

it('names a program that is not there', async () => {
  const errors = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(await run({ main: 'apps/trainer/dist/none.js' }, context)).toEqual({ success: false });
  expect(errors).toHaveBeenCalledWith('nx-command: apps/trainer/dist/none.js does not exist, expected a program');
  errors.mockRestore();
});

describe('through Nx itself', () => {
  const workspace = path.join(root, 'workspace');
  const nxFolder = path.dirname(require.resolve('nx/package.json'));
  const bin = path.join(nxFolder, require('nx/package.json').bin.nx);
  const env = { ...process.env, NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: '' };
  const within = (around, words) => {
    const [file, ...rest] = [...around, process.execPath, bin, 'run', 'echo:words', ...words];
    return spawnSync(file, rest, { cwd: workspace, env, encoding: 'utf8' });
  };
  const nx = (...words) => within([], words);
  beforeAll(() => {
    const json = (name, content) => writeFileSync(path.join(workspace, name), JSON.stringify(content));
    mkdirSync(path.join(workspace, 'echo'), { recursive: true });
    symlinkSync(path.resolve(__dirname, '../../node_modules'), path.join(workspace, 'node_modules'), 'dir');
    symlinkSync(__dirname, path.join(workspace, 'nx-command'), 'dir');
    json('package.json', { name: 'workspace', private: true });
    json('nx.json', { neverConnectToCloud: true, analytics: false, tui: { enabled: false } });
    const target = { executor: './nx-command:run', options: { main: '../main.js', words: ['first'] } };
    json('echo/project.json', { name: 'echo', targets: { words: target } });
  });

  it('the words arrive as they were typed', () => {
    const words = ['--exp=quickstart', ...dangerous.filter((word) => !['--', '-x'].includes(word)), '--resume'];
    const { status, stderr } = nx(...words);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('rror')]);
    expect(JSON.parse(readFileSync(received, 'utf8'))).toEqual({ words: ['first', ...words], folder: workspace });
    expect(readdirSync(workspace).sort()).toEqual(['.nx', 'echo', 'node_modules', 'nx-command', 'nx.json', 'package.json']);
  });

  describe('a program that outlives its readers', () => {
    const python = ['python3', path.resolve(__dirname, '../../packages/testing/src/close-terminal.py'), 'line 3'];
    const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
    const ended = async () => {
      while (!readdirSync(root).includes('received.json')) await new Promise((resolve) => setTimeout(resolve, 50)); // Nx may end before
      return readFileSync(received, 'utf8');
    };
    beforeAll(() =>
      program(
        'main.js',
        `
        for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
        const end = (word) => {
          require('node:fs').writeFileSync(${JSON.stringify(received)}, word);
          process.exit();
        };
        let asked;
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (asked ??= setTimeout(() => end('saved'), 200)));
        let line = 0;
        setInterval(() => console.log('line ' + ++line), 50);
        setTimeout(() => end('whole'), 5000);`,
      ),
    );

    it('into head does its work or saves', async () => {
      within(['bash', '-c', '"$@" 2>&1 | head -n 3', 'bash'], []);
      expect(await ended()).toMatch(/^(whole|saved)$/);
    });
    (hasPython ? it : it.skip)('in a terminal that is closed saves (needs python3)', async () => {
      within(python, []);
      expect(await ended()).toBe('saved');
    });
  });

  it('a program that fails makes Nx fail', () => {
    program('main.js', 'process.exit(2)');
    const { status, stdout } = nx('seed=1');
    expect([status, stdout]).toEqual([1, expect.stringContaining('echo:words seed=1')]);
  });
});
