import { parseArgs } from 'node:util';
import { writeCorpus } from './corpus';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    frames: { type: 'string', default: '16000' },
    sounds: { type: 'string', default: '2500' },
    seed: { type: 'string', default: '5' },
    captions: { type: 'string', default: '8' },
  },
});

function wholeNumber(name: 'frames' | 'sounds' | 'seed' | 'captions'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`mini-avqa corpus: --${name}=${values[name]} is not a whole number`);
  return value;
}

if (!values.out) throw new Error('mini-avqa corpus: --out=<folder> is missing: where to write the training corpus');
writeCorpus(
  {
    ...{ out: values.out, seed: wholeNumber('seed'), frames: wholeNumber('frames') },
    ...{ sounds: wholeNumber('sounds'), captions: wholeNumber('captions') },
  },
  (stage, done, of) => console.log(`${stage}: ${done} of ${of}`),
);
