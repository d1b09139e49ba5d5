import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeWords } from './complete';
import { composeExperiment } from './compose';
import { describeGroups } from './describe-groups';

const folder = mkdtempSync(join(tmpdir(), 'tass-linked-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('offers experiments and groups in linked folders, once each, circles or not', () => {
  const [root, shared] = [join(folder, 'experiments'), join(folder, 'shared')];
  for (const each of [root, join(shared, 'model'), join(shared, 'studies')]) mkdirSync(each, { recursive: true });
  writeFileSync(join(root, 'base.yaml'), 'seed: 1');
  writeFileSync(join(shared, 'model/small.yaml'), 'dim: 8');
  writeFileSync(join(shared, 'studies/wide.yaml'), 'defaults: [/base, model/small]');
  symlinkSync(join(shared, 'model'), join(root, 'model'));
  symlinkSync(join(shared, 'studies'), join(root, 'studies'));
  symlinkSync(root, join(shared, 'studies/back'));

  expect(describeGroups(root)).toBe('Experiments: base, studies/wide\nGrids: none\nGroups, group=option:\n  model  small');
  const commands = { train: { options: ['--exp='], settings: 'experiment' as const } };
  expect(completeWords(['train', '--exp='], root, commands)).toEqual(['--exp=base', '--exp=studies/wide']);
  expect(completeWords(['train', 'm'], root, commands)).toEqual(['model=']);
  expect(composeExperiment({ root, name: 'studies/wide' }).config).toEqual({ seed: 1, model: { dim: 8 } });
  expect(() => composeExperiment({ root, name: 'studies/wide', overrides: ['model=x'] })).toThrow('Options of model: small.');
});
