const { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync, existsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { bringUpToDate } = require('./build.cjs');

const repository = path.resolve(__dirname, '../..');
const main = 'apps/high/dist/main.js';
let root, said;
jest.setTimeout(300_000);

const write = (file, content) => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
};
const project = (folder, references) =>
  write(`${folder}/tsconfig.lib.json`, {
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo', types: [] },
    include: ['src/**/*.ts'],
    exclude: ['src/**/*.spec.ts'],
    references: references.map((reference) => ({ path: `${reference}/tsconfig.lib.json` })),
  });
/** Gives what it says; `false` where it fails. */
const build = () => {
  said = [];
  return bringUpToDate(root, main, (line) => said.push(line)) && said;
};
const built = () => {
  const file = path.join(root, main);
  delete require.cache[file];
  return require(file).value;
};

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tass-build-'));
  mkdirSync(path.join(root, 'node_modules'));
  symlinkSync(path.join(repository, 'node_modules/typescript'), path.join(root, 'node_modules/typescript'));
  write('tsconfig.base.json', { compilerOptions: { composite: true, module: 'commonjs', target: 'es2022', lib: ['es5'], strict: true } });
  project('packages/low', []);
  project('apps/high', ['../../packages/low']);
  write('packages/low/src/index.ts', 'export const low: number = 1;');
  write('apps/high/src/main.ts', "import { low } from '../../../packages/low/src/index';\nexport const value: number = low;");
});
afterAll(() => rmSync(root, { recursive: true }));
const lines = ['building apps/high'];

it('builds what is not there, once', () => {
  expect(build()).toEqual(lines);
  expect(existsSync(path.join(root, main))).toBe(true);
  expect(build()).toEqual([]);
});

it.each(['packages/low/src/index.ts', 'tsconfig.base.json'])('builds after a change of %s', (file) => {
  const later = Date.now() / 1000 + 1;
  utimesSync(path.join(root, file), later, later);
  expect(build()).toEqual(lines);
  const now = Date.now() / 1000 - 1;
  utimesSync(path.join(root, file), now, now);
  expect(build()).toEqual([]);
});

it('builds nothing for a spec', () => {
  write('packages/low/src/index.spec.ts', 'not even TypeScript');
  const later = Date.now() / 1000 + 1;
  utimesSync(path.join(root, 'packages/low/src/index.spec.ts'), later, later);
  expect(build()).toEqual([]);
});

it('a program whose sources have errors is not up to date, until they are mended', () => {
  write('apps/high/src/main.ts', "export const value: number = 'one';");
  expect(build()).toBe(false);
  expect(build()).toBe(false);
  write('apps/high/src/main.ts', 'export const value: number = 2;');
  expect(build()).toEqual(lines);
  expect(built()).toBe(2);
  expect(build()).toEqual([]);
});

it('leaves alone what tsc does not build', () => {
  write('bench/run.cjs', '');
  for (const file of ['bench/run.cjs', 'bench/dist/run.js', 'none.js'])
    expect(bringUpToDate(root, file, (line) => said.push(line))).toBe(true);
});

it('takes over the lock of a process that has ended', () => {
  write('node_modules/.cache/tass-build.lock', '4194305'); // above the greatest process id of Linux
  write('apps/high/src/main.ts', 'export const value: number = 3;');
  expect(build()).toEqual(lines);
  expect(existsSync(path.join(root, 'node_modules/.cache/tass-build.lock'))).toBe(false);
});
