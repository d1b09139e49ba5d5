import { join } from 'node:path';
import { ConfigError } from './config-error';
import { expandSweep } from './expand-sweep';

const root = join(__dirname, '../fixtures/experiments');
const axesOf = (...words: string[]) => expandSweep(words, root).axes.map(({ key, values }) => [key, ...values]);

// As Hydra 1.3.8 expands them; it writes 0.0 for 0 and 0.7000000000000001 for 0.7.
it.each<[string, string[]]>([
  ['seed=1,2,3', ['1', '2', '3']],
  ['seed=-1, 2', ['-1', '2']],
  ["title='a,b',c", ["'a,b'", 'c']],
  ['title="a,b","c"', ['"a,b"', '"c"']],
  ["title=it's,they's", ["it's", "they's"]],
  ['title=a\\,b,c', ['a\\,b', 'c']],
  ['tags=[a,b],[c]', ['[a,b]', '[c]']],
  ['tags=choice([a,b],{c:1})', ['[a,b]', '{c:1}']],
  ['seed=choice(5)', ['5']],
  ['seed=${a.b},${oc.env:X,1}', ['${a.b}', '${oc.env:X,1}']],
  ['seed=range(1,4)', ['1', '2', '3']],
  ['seed=range(3)', ['0', '1', '2']],
  ['seed=range(start=1,stop=6,step=2)', ['1', '3', '5']],
  ['seed=range(4,1,-1)', ['4', '3', '2']],
  ['rate=range(0,1,0.25)', ['0', '0.25', '0.5', '0.75']],
  ['rate=range(0,1,0.1)', ['0', '0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9']],
  ['rate=range(0,0.3,0.1)', ['0', '0.1', '0.2']],
  ['rate=range(1e-4,3e-4,1e-4)', ['0.0001', '0.0002']],
  ['model=tass,small', ['tass', 'small']],
  ['model=glob(*)', ['small', 'tass']],
  ['model=glob(t?s*)', ['tass']],
  ['model=glob([t*,s*],exclude=tas*)', ['small']],
  ['dataset=glob(include=*,exclude=[x,mini*])', ['music-avqa']],
  ['model/jtg=glob(*)', ['single-stream']],
])('%s', (word, values) => {
  expect(axesOf(word)).toEqual([[word.slice(0, word.indexOf('=')), ...values]]);
});

it('keeps the order of the axes, their signs, and the words with one value', () => {
  const words = ['b=1,2', 'title=a', '+a=x,y', '~c', 'list=[1,2]', '++d=range(2)', "text='1,2'", 'empty=', 'f=max(1,2)'];
  const { axes, rest } = expandSweep(words, root);
  expect(axes).toEqual([
    { key: 'b', values: ['1', '2'], source: 'override b=1,2' },
    { key: '+a', values: ['x', 'y'], source: 'override +a=x,y' },
    { key: '++d', values: ['0', '1'], source: 'override ++d=range(2)' },
  ]);
  expect(rest).toEqual(['title=a', '~c', 'list=[1,2]', "text='1,2'", 'empty=', 'f=max(1,2)']);
});

it.each<[string, string]>([
  ['seed=choice()', 'override seed=choice(): choice() has no values'],
  ['seed=1,,2', "a value is missing between commas. Write null, or '' for an empty text"],
  ['seed=1,', 'a value is missing between commas'],
  ['seed=choice(1,2),3', 'choice(1,2) cannot be one of several values. Write them out'],
  ['seed=choice(range(3))', 'range(3) cannot be one of several values'],
  ['seed=range(1,4,0)', 'override seed=range(1,4,0): range has step 0, expected another'],
  ['seed=range(1,4,-1)', 'range(1,4,-1) has no values: 4 is not below 1'],
  ['seed=range(4,1)', 'range(4,1) has no values: 4 is not below 1'],
  ['seed=range(2,2)', '2 is not below 2'],
  ['seed=range()', 'range() has no end'],
  ['seed=range(a,3)', 'a in range is not a number'],
  ['seed=range(0,1e9)', 'has 1000000000 values, expected at most 10000'],
  ['seed=range(1,2,3,4)', '4 is one too many, expected start, stop, step'],
  ['seed=range(1,2,by=3)', 'by=3 is one too many'],
  ['seed=range(1,start=3)', 'start is given twice'],
  ['seed=glob(*)', 'override seed=glob(*): seed is not a group, so that glob finds no options. Write the values: a,b'],
  ['model=glob(smal)', 'glob(smal) matches no model. Options of model: small, tass. Did you mean small?'],
  ['model=glob(*,exclude=*)', 'glob(*,exclude=*) matches no model'],
  ['model=glob()', 'glob() has no pattern'],
  ['seed=shuffle(1,2)', 'shuffle is not supported, expected choice, range, glob, or a,b'],
  ['seed=interval(0,1)', 'interval is not supported'],
  ['~seed=1,2', 'a key is deleted once'],
  ['seed=1,#2', '"#" begins a comment in YAML'],
  ['seed=1,(2', 'a closing ) is missing'],
  ['seed', 'override seed: has no value'],
])('refuses %s', (word, message) => {
  const expand = () => expandSweep([word], root);
  expect(expand).toThrow(message);
  expect(expand).toThrow(ConfigError);
});

it('names all mistakes at once, and keys given twice', () => {
  const words = ['seed=range(1,2,0)', 'a=1,2', '+a=3,4', 'b=1,2', 'b=3', '--x'];
  try {
    expandSweep(words, root);
    throw new Error('expected a ConfigError');
  } catch (error) {
    expect((error as ConfigError).issues).toEqual([
      'override seed=range(1,2,0): range has step 0, expected another',
      'override --x: expected key=value, +key=value to add, or ~key to delete',
      'override +a=3,4: +a is given twice, also in override a=1,2',
      'override b=1,2: b is given twice, also in override b=3',
    ]);
  }
});
