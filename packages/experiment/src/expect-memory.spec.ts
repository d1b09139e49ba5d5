import { useEngine } from '@tass/tensor';
import { composeExperiment } from '@tass/config';
import { namedParameters } from '@tass/tensor';
import { expectMemory } from './expect-memory';
import { experimentsRoot } from './fixtures/experiment';
import { checkExperiment } from './load-experiment';
import { buildNetwork } from './networks';

const sizes = {
  time: 3,
  words: 5,
  vocabulary: 7,
  answers: 42,
  frameDim: 16,
  textDim: 16,
  audioDim: 12,
  regions: 4,
  regionDim: 16,
  logitScale: 1,
};
const builder = (name: string) => {
  const { model, seed } = checkExperiment(composeExperiment({ root: experimentsRoot, name }));
  return { model, build: (dim: number) => buildNetwork({ model: { ...model, dim }, seed }, sizes) };
};

beforeAll(() => useEngine({ backend: 'cpu' }));

it.each([
  'tass-small',
  'tass-paper-small',
  'networks/transformer-small',
  'networks/tjstg-small',
  'networks/st-avqa-small',
  'networks/mean-pooling-small',
])('foretells the parameters of %s from small widths', (name) => {
  const { model, build } = builder(name);
  const { heads } = model as { heads?: number };
  const named = [...namedParameters(build(128).parameters).values()];
  const bytes = 16 * named.reduce((sum, { size }) => sum + size, 0);
  for (const tensor of named) tensor.dispose();
  const asked = { dim: 128, heads, layers: 10 }; // layers: so that it counts
  expect(() => expectMemory(asked, build, 1.3 * bytes)).not.toThrow();
  expect(() => expectMemory(asked, build, 0.8 * bytes)).toThrow(
    /^model\.dim is 128: the network would have about [\d.e+]+ million parameters, which take .* GB/,
  );
});

it('builds nothing for usual widths', () => {
  const build = jest.fn();
  expectMemory({ dim: 512, heads: 4 }, build, 0);
  expect(build).not.toHaveBeenCalled();
});
