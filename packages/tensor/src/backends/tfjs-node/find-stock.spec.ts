import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { findStock } from './find-stock';

let root: string;
let from: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'tass-stock-')));
  from = path.join(root, 'main.js');
});
afterEach(() => rmSync(root, { recursive: true }));

/** A package with the layout of tfjs-node, whose binding is found as node-pre-gyp is told to look for it. */
function installed(name: string): string {
  const folder = path.join(root, 'node_modules', '@tensorflow', name);
  const finder = path.join(root, 'node_modules', '@mapbox', 'node-pre-gyp');
  for (const made of [folder, finder]) mkdirSync(made, { recursive: true });
  writeFileSync(path.join(finder, 'index.js'), `exports.find = (json) => json.replace('package.json', 'lib/napi-v8/tfjs_binding.node');`);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, version: '4.22.0', main: 'index.js' }));
  writeFileSync(path.join(folder, 'index.js'), '');
  return folder;
}

it('names the command where the package is not installed', () => {
  expect(findStock('tfjs-node-gpu', from)).toEqual({
    missing:
      '@tensorflow/tfjs-node-gpu is not installed. Run: npm install --no-save --ignore-scripts=false @tensorflow/tfjs-node-gpu@4.22.0',
  });
});

it('names the binding and the command where the package was installed without its script', () => {
  const folder = installed('tfjs-node');
  expect(findStock('tfjs-node', from)).toEqual({
    missing: `${folder}/lib/napi-v8/tfjs_binding.node is not there. Run: npm rebuild --ignore-scripts=false @tensorflow/tfjs-node`,
  });
});

it('gives the package with its binding', () => {
  const folder = installed('tfjs-node-gpu');
  mkdirSync(path.join(folder, 'lib', 'napi-v8'), { recursive: true });
  writeFileSync(path.join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
  expect(findStock('tfjs-node-gpu', from)).toEqual({ location: path.join(folder, 'index.js') });
});

it('finds the package that this project depends on', () => {
  const found = findStock('tfjs-node');
  expect('missing' in found ? found.missing : found.location).toMatch(/@tensorflow\/tfjs-node/);
});
