const { spawn } = require('node:child_process');
const { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } = require('node:fs'); // prettier-ignore
const { hostname, tmpdir } = require('node:os');
const path = require('node:path');
const { bringUpToDate } = require('./build.cjs');

const repository = path.resolve(__dirname, '../..');
let root, said;
jest.setTimeout(300_000);

const inRoot = (file) => path.join(root, file);
const write = (file, content) => {
  mkdirSync(path.dirname(inRoot(file)), { recursive: true });
  writeFileSync(inRoot(file), typeof content === 'string' ? content : JSON.stringify(content));
};
const project = (folder, references) =>
  write(`${folder}/tsconfig.lib.json`, {
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo', types: [] },
    include: ['src/**/*.ts'],
    exclude: ['src/**/*.spec.ts'],
    references: references.map((reference) => ({ path: `${reference}/tsconfig.lib.json` })),
  });
/** Returns what it says, of a build that fails with `false` before it. */
const build = (app = 'high') => {
  said = [];
  return bringUpToDate(root, `apps/${app}/dist/main.js`, (line) => said.push(line)) ? said : [false, ...said];
};
const valueOf = (app = 'high') => {
  jest.resetModules();
  return require(inRoot(`apps/${app}/dist/main.js`)).value;
};
const low = (text) => write('packages/low/src/index.ts', text);
const high = (text) => write('apps/high/src/main.ts', text);
const times = (file, seconds) => utimesSync(inRoot(file), Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
const lines = ['building apps/high'];
const failed = [false, ...lines, 'apps/high has errors and is not run'];

beforeAll(() => {
  root = path.join(mkdtempSync(path.join(tmpdir(), 'tass-build-')), 'dist/a folder'); // a checkout may be in a folder of this name
  mkdirSync(inRoot('node_modules/@tass'), { recursive: true });
  symlinkSync(path.join(repository, 'node_modules/typescript'), inRoot('node_modules/typescript'));
  write('tsconfig.base.json', {
    compilerOptions: { composite: true, module: 'commonjs', moduleResolution: 'node10', target: 'es2022', lib: ['es5'], strict: true },
  });
  project('packages/low', []);
  write('packages/low/package.json', { name: '@tass/low', main: 'dist/index.js', types: 'dist/index.d.ts' });
  symlinkSync(inRoot('packages/low'), inRoot('node_modules/@tass/low'));
  for (const app of ['high', 'other']) {
    project(`apps/${app}`, ['../../packages/low']);
    write(`apps/${app}/src/main.ts`, "import { low } from '@tass/low';\nexport const value: number = low;");
  }
  low('export const low: number = 1;');
});
afterAll(() => rmSync(path.resolve(root, '../..'), { recursive: true }));

it('builds what is not there, once, and says how long that takes', () => {
  expect(build()).toEqual(['building apps/high for the first time, which takes about a minute']);
  expect(valueOf()).toBe(1);
  expect(build()).toEqual([]);
});

it('builds after a change of sources or of the settings for all, whatever the times', () => {
  for (const seconds of [-1e6, 0, 1e6]) {
    low(`export const low: number = ${seconds};`);
    times('packages/low/src/index.ts', seconds);
    expect(build()).toEqual(lines);
    expect(valueOf()).toBe(seconds);
    expect(build()).toEqual([]);
  }
  write('tsconfig.base.json', readFileSync(inRoot('tsconfig.base.json'), 'utf8').replace('es2022', 'es2021'));
  expect(build()).toEqual(lines);
  expect(build()).toEqual([]);
});

it('builds nothing for other times of the same sources, or for a spec', () => {
  times('packages/low/src/index.ts', 0);
  write('packages/low/src/index.spec.ts', 'not even TypeScript');
  expect(build()).toEqual([]);
});

it('sees that a file was deleted', () => {
  write('packages/low/src/one.ts', 'export const low: number = 1;');
  low("export * from './one';");
  expect(build()).toEqual(lines);
  rmSync(inRoot('packages/low/src/one.ts'));
  expect(build()).toEqual(failed);
  low('export const low: number = 1;');
  expect(build()).toEqual(lines);
});

it('a program whose sources have errors is not up to date, until they are mended', () => {
  high("export const value: number = 'one';");
  expect(build()).toEqual(failed);
  expect(build()).toEqual(failed);
  high("import { low } from '@tass/low';\nexport const value: number = low + 1;");
  expect(build()).toEqual(lines);
  expect(valueOf()).toBe(2);
  expect(build()).toEqual([]);
});

it('an error of a shared package keeps every program from running, whichever built it', () => {
  expect(build('other')).toEqual(['building apps/other']);
  copyFileSync(inRoot('packages/low/src/index.ts'), inRoot('low.ts'));
  low("export const low: number = 'one';");
  expect(build()).toEqual(failed);
  expect(build('other')[0]).toBe(false);
  copyFileSync(inRoot('low.ts'), inRoot('packages/low/src/index.ts'));
  times('packages/low/src/index.ts', -1e6);
  expect(build('other')).toEqual(['building apps/other']);
  expect([valueOf('other'), build()]).toEqual([1, lines]);
});

it('a change of a shared package that suits one program is an error of another', () => {
  low('export const low: string | number = 1;');
  high("import { low } from '@tass/low';\nexport const value = low;");
  expect(build()).toEqual(lines);
  expect(build('other')[0]).toBe(false);
  low('export const low: number = 1;');
  expect(build('other')).toEqual(['building apps/other']);
});

it('builds anew what another process was killed over', async () => {
  low('export const low: number = 5;');
  const { pid, ended } = start();
  while (!existsSync(inRoot('node_modules/.cache/tass-build.lock'))) await new Promise((resolve) => setTimeout(resolve, 5));
  process.kill(-pid, 'SIGKILL'); // tsc too
  await ended;
  expect(build().filter((line) => !line.startsWith('waiting for'))).toEqual(lines); // it waits where the lock was still empty
  expect(valueOf()).toBe(5);
});

it('one process builds, the others wait for it', async () => {
  low('export const low: number = 6;');
  const outputs = await Promise.all([1, 2, 3].map(() => start().ended));
  expect(outputs.map((output) => output.replace(/^waiting for the build of another process .*\n/, '')).sort()).toEqual([
    '6\n',
    '6\n',
    'building apps/high\n6\n',
  ]);
});

/** A process that brings the program up to date and prints its value. */
function start() {
  const there = `const { bringUpToDate } = require(${JSON.stringify(path.join(__dirname, 'build.cjs'))});
    const root = ${JSON.stringify(root)};
    if (bringUpToDate(root, 'apps/high/dist/main.js', console.log)) console.log(require(root + '/apps/high/dist/main.js').value);`;
  const child = spawn(process.execPath, ['-e', there], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  return { pid: child.pid, said: () => output, ended: new Promise((resolve) => child.once('close', () => resolve(output))) };
}

it('leaves alone what tsc does not build', () => {
  write('bench/run.cjs', '');
  for (const file of ['bench/run.cjs', 'bench/dist/run.js', 'none.js'])
    expect(bringUpToDate(root, file, (line) => said.push(line))).toBe(true);
});

it.each([
  ['a process that has ended', () => `4194305 ${hostname()}`, 0], // above the greatest process id of Linux
  ['a process that was killed before it had written its name', () => '', -3],
  ['a process of long ago whose id another one has', () => `1 ${hostname()}`, -4000],
  ['a process of long ago on another machine', () => '1 elsewhere', -4000],
])('takes over the lock of %s', (_whose, holder, age) => {
  write('node_modules/.cache/tass-build.lock', holder());
  times('node_modules/.cache/tass-build.lock', age);
  low(`export const low: number = ${age - holder().length};`);
  expect(build()).toEqual(lines);
  expect(readdirSync(inRoot('node_modules/.cache'))).toEqual([]);
});

it('names what is in the place of the lock and cannot be read', () => {
  const lock = inRoot('node_modules/.cache/tass-build.lock');
  mkdirSync(lock, { recursive: true });
  low('export const low: number = 9;');
  expect(build()).toEqual([false, `apps/high cannot be built: ${lock} cannot be read (EISDIR). Delete it when nothing is being built`]);
  rmSync(lock, { recursive: true });
});

it('waits for a process of another namespace, as of another container, which it cannot see', async () => {
  const lock = inRoot('node_modules/.cache/tass-build.lock');
  low('export const low: number = 7;');
  writeFileSync(lock, `4194305 ${hostname()} pid:[1]`);
  const { ended, said } = start();
  while (!said().startsWith('waiting for the build of another process')) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(existsSync(lock)).toBe(true);
  rmSync(lock);
  expect(await ended).toContain('building apps/high\n7\n');
});

it('says why it cannot build: no TypeScript, no place for the lock', async () => {
  low('export const low: number = 8;');
  rmSync(inRoot('node_modules/typescript'));
  expect(await start().ended).toMatch(/^building apps\/high\napps\/high cannot be built: Cannot find module 'typescript/);
  rmSync(inRoot('node_modules/.cache'), { recursive: true });
  write('node_modules/.cache', 'a file');
  expect(build()).toEqual([false, expect.stringMatching(/^apps\/high cannot be built: EEXIST: .*node_modules\/\.cache/)]);
});
