import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fromSources } from '@tass/testing';
import { chooseLibrary } from './choose-library';
import { manifestFile } from '@tass/onnx';
import { type Build, cacheFolder, libraryFiles, libraryFolder } from './library';
import type { Gpus } from '@tass/onnx';

let root: string;
let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tass-choose-'));
  environment = { XDG_CACHE_HOME: root };
});
afterEach(() => rmSync(root, { recursive: true }));

/** Libraries of one byte each, as the command leaves them. Returns the folder of the two. */
function brought(build: Build): string {
  const folder = cacheFolder(build, environment);
  const libraries = libraryFolder(build, folder);
  mkdirSync(libraries, { recursive: true });
  for (const file of libraryFiles) writeFileSync(path.join(libraries, file), '.');
  const files = libraryFiles.map((file) => ({ name: path.relative(folder, path.join(libraries, file)), bytes: 1, sha256: '' }));
  writeFileSync(path.join(folder, manifestFile), JSON.stringify({ wheels: [], files }));
  return libraries;
}

const answering = (): Gpus => ({ names: ['NVIDIA A', 'NVIDIA B'] });
const silent = (): Gpus => ({ missing: 'no driver' });

it('gpu: the library with CUDA', () => {
  brought('cpu');
  const folder = brought('cuda');
  expect(chooseLibrary('gpu', environment, answering)).toEqual({ folder });
});

it.each(['cpu', 'auto'] as const)('%s: the library for the CPU, or the other one, and no driver is asked', (device) => {
  const driver = jest.fn(answering);
  const cuda = brought('cuda');
  expect(chooseLibrary(device, environment, driver)).toEqual({ folder: cuda });
  const folder = brought('cpu');
  expect(chooseLibrary(device, environment, driver)).toEqual({ folder });
  expect(driver).not.toHaveBeenCalled();
});

it('says what is missing, and the command that brings it', () => {
  const none = `${cacheFolder('cpu', environment)} does not hold libtensorflow_framework.so.2 and libtensorflow_cc.so.2. Run: npm run engine:tensorflow`;
  for (const device of ['auto', 'cpu'] as const) expect(chooseLibrary(device, environment, answering)).toEqual({ missing: none });
  brought('cpu');
  expect(chooseLibrary('gpu', environment, answering)).toEqual({
    missing: `${cacheFolder('cuda', environment)} does not hold libtensorflow_framework.so.2 and libtensorflow_cc.so.2. Run: npm run engine:tensorflow -- --cuda`,
  });
  brought('cuda');
  expect(chooseLibrary('gpu', environment, silent)).toEqual({ missing: 'no GPU answers: no driver' });
});

it.each(['null', '[]', '{'])('says that the manifest is damaged: %s', (text) => {
  const manifest = path.join(brought('cpu'), manifestFile);
  writeFileSync(manifest, text);
  expect(chooseLibrary('cpu', environment, answering)).toEqual({ missing: `${manifest} is damaged. Run: npm run engine:tensorflow` });
});

it("a folder of the user's own goes before what was brought, for every device", () => {
  brought('cpu');
  const own = brought('cuda');
  const withOwn = { ...environment, TASS_TENSORFLOW_LIB: own };
  for (const device of ['auto', 'cpu', 'gpu'] as const) expect(chooseLibrary(device, withOwn, answering)).toEqual({ folder: own });
  expect(chooseLibrary('gpu', { TASS_TENSORFLOW_LIB: root }, answering)).toEqual({
    missing: `TASS_TENSORFLOW_LIB=${root} does not hold libtensorflow_framework.so.2 and libtensorflow_cc.so.2. Run: npm run engine:tensorflow`,
  });
});

const isRoot = process.getuid?.() === 0;
(isRoot ? it : it.skip)('says what is missing to a user without a name and without HOME (needs root)', () => {
  const program = `const { chooseLibrary } = require(${JSON.stringify(path.join(__dirname, 'choose-library.ts'))});
    console.log(JSON.stringify([chooseLibrary('cpu', {}), chooseLibrary('cpu', { XDG_CACHE_HOME: '/none' })]));`;
  const { stdout } = spawnSync(process.execPath, [...fromSources, '--eval', program], {
    uid: 54321,
    gid: 54321,
    env: {},
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual([
    { missing: 'there is no folder for native libraries, as HOME is not set and the user has no name here. Set XDG_CACHE_HOME' },
    { missing: expect.stringContaining('/none/tass/tensorflow-') },
  ]);
});
