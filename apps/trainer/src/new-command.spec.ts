import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { composeExperiment, projectSettings } from '@tass/config';
import { newCommand } from './new-command';

const repository = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'tass-new-'));
const networks = join(folder, 'packages/baselines/src/networks');
const settings = { ...projectSettings(repository, {}), experiments: join(folder, 'experiments') };
const make = (...words: string[]) => newCommand(words, settings, folder);
const copy = (file: string) => writeFileSync(join(folder, file), readFileSync(join(repository, file)));

beforeAll(() => {
  for (const place of [networks, join(folder, 'experiments/networks')]) mkdirSync(place, { recursive: true });
  copy('packages/baselines/src/networks/mean-pooling.ts');
  copy('experiments/networks/mean-pooling-small.yaml');
});
beforeEach(() => void jest.spyOn(console, 'log').mockReturnValue());
afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

it('writes a network and an experiment of the name', () => {
  expect(make('network', 'my-net-2')).toBe(0);
  const network = readFileSync(join(networks, 'my-net-2.ts'), 'utf8');
  expect(network).toContain("  name: 'my-net-2',");
  expect(network).toContain('interface MyNet2Parameters');
  expect(network).not.toMatch(/MeanPooling|\(ours\)|control|W_1/);
  expect(network).toMatch(
    /^\/\*\*\n \* Write here what my-net-2 computes, and where the method is described\. So far, it is a copy of mean-pooling/m,
  );
  expect(network.match(/mean-pooling/g)).toHaveLength(1);
  const experiment = readFileSync(join(folder, 'experiments/networks/my-net-2.yaml'), 'utf8');
  expect(experiment).toMatch(/^# my-net-2: write here what it is\. .*\n# .* --exp=networks\/my-net-2\ntitle: my-net-2\n/);
  expect(experiment).not.toMatch(/the best of|docs\/peers/);
  expect(experiment).toContain('# as mean-pooling; choose your own on val');
  const { config } = composeExperiment({ root: join(repository, 'experiments'), name: 'networks/mean-pooling-small' });
  expect(config).toMatchObject({ model: { network: 'mean-pooling' } }); // what it is made from
});

it.each<[string, string[], string]>([
  ['nothing', [], 'expected new network NAME'],
  ['another kind', ['loss', 'near'], 'expected new network NAME'],
  ['a name that is no file name here', ['network', 'My_Net'], 'a network cannot be called My_Net, expected lower-case letters, digits and single hyphens, as in my-network'],
  ['a name in use', ['network', 'mean-pooling'], 'mean-pooling is in use: '],
  ['the name of TASS', ['network', 'tass'], 'tass is in use: it is the network of packages/tass. Choose another name'],
])('refuses %s and writes nothing', (_, words, message) => {
  const before = readdirSync(networks);
  expect(() => make(...words)).toThrow(message);
  expect(readdirSync(networks)).toEqual(before);
}); // prettier-ignore
