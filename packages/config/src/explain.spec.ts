import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeExperiment } from './compose';
import { describeGroups } from './describe-groups';
import { explainDefaults, writtenYaml } from './explain';

const start = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'tass-explain-'));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});
const write = (name: string, text: string): void => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
};
write('conf/base.yaml', 'defaults: [model/a, optional site/here]\nseed: 1\ntags: [x, "${seed}"]\n');
write('conf/model/a.yaml', 'dim: 1\n');
write('conf/model/b.yaml', 'defaults: [a]\nheads: ${.dim}\n');
write('conf/more/wide.yaml', 'defaults:\n  - /base\n  - override /model: b\nmodel: { dim: 9 }\nbad: ${none}\n');
write('conf/launcher/local.yaml', 'jobs: 2\n');
write('conf/grid.yaml', 'sweep: { seeds: [1] }\n');
write('conf/studies/seeds.yaml', 'sweep: { experiments: [base], seeds: [1, 2] }\n');
write('conf/broken.yaml', 'a: [\n');
const compose = (...overrides: string[]) => composeExperiment({ root: 'conf', name: 'more/wide', overrides });

it('tells which files an experiment is made of, who chose them, and where each value was written', () => {
  expect(explainDefaults(compose('seed=2', '+launcher=local'))).toBe(`Files of more/wide; later ones override earlier ones:
  more/wide        conf/more/wide.yaml
    base           conf/more/wide.yaml:2:5
      model/b      conf/more/wide.yaml:3:5, instead of a (conf/base.yaml:1:12)
        model/a    conf/model/b.yaml:1:12
        _self_
      site/here    conf/base.yaml:1:21, optional and not there
      _self_
    _self_
  launcher/local   override +launcher=local

Values:
  model.dim       9                               conf/more/wide.yaml:4:10
  model.heads     9  = \${.dim}                    conf/model/b.yaml:2:1
  seed            2                               override seed=2
  tags            [x, 2]  = [x, "\${seed}"]        conf/base.yaml:3:1
  bad             \${none}, which cannot be read   conf/more/wide.yaml:5:1
  launcher.jobs   2                               conf/launcher/local.yaml:1:1`);
  expect(explainDefaults(compose('model=a', '++model.dim=3'))).toContain('override model=a, instead of a (conf/base.yaml:1:12)');
});

it('gives the configuration as it is written', () => {
  expect(writtenYaml(compose('seed=2'))).toBe('model:\n  dim: 9\n  heads: ${.dim}\nseed: 2\ntags:\n  - x\n  - ${seed}\nbad: ${none}\n');
});

it('lists experiments, grids and groups', () => {
  expect(describeGroups('conf')).toBe(`Experiments: base, broken, more/wide
Grids: grid, studies/seeds
Groups, group=option:
  launcher  local
  model     a, b`);
  expect(describeGroups('nowhere')).toBe('Experiments: none\nGrids: none\nGroups, group=option:');
});
