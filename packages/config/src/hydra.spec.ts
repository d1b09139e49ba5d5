import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { composeExperiment } from './compose';
import { ConfigError } from './config-error';
import { expandSweep } from './expand-sweep';
import { leaves } from './node';

type Outcome = { readonly config: unknown } | { readonly jobs: readonly unknown[] } | { readonly error: string };

interface Case {
  readonly words: readonly string[]; // an experiment, -m for a sweep, and overrides
  readonly hydra: Outcome;
}

// What Hydra itself makes of the same files and words; written by tools/parity/hydra_compositions.py
const fixture = JSON.parse(readFileSync(join(__dirname, 'fixtures/hydra.json'), 'utf8')) as {
  readonly environment: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
};

/** Part of a configuration, the first ones of a sweep's jobs, or part of the error's message. */
type Expected = Readonly<Record<string, unknown>> | readonly unknown[] | string;

const main = { seed: 1, epochs: 8, title: 'a title' };
const value = (x: unknown) => ({ x, seed: 1 });
const inQuotes = 'in quotes';
/** Values that are read as the text they are. */
const asText = (...texts: string[]) => Object.fromEntries(texts.map((text) => [`value x=${text}`, value(text)]));
/** Values that are refused with the advice to quote them. */
const toQuote = (...texts: string[]) => Object.fromEntries(texts.map((text) => [`value x=${text}`, inQuotes]));

/** By reason and case: what is made here of what Hydra makes something else of. */
const differsOnPurpose: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  'functions in values are refused; the value itself can be written': {
    'value x=int(3.9)': 'would be a function',
    'value x=str(1)': 'would be a function',
    'value x=float(1)': 'would be a function',
    'value x=bool(0)': 'would be a function',
    'value x=int (3)': 'would be a function',
    'value x=str\t(a)': 'would be a function',
    'main -m seed=int(1.5,2.5)': 'would be a function',
    'main -m seed=int(1,2)': 'would be a function',
  },
  'words are those of YAML 1.2, in files and on the command line': {
    'old-booleans': { a: 'off', b: 'yes', c: 'On', d: 'n' },
    'old-octal': { a: 17 },
    'new-octal': { a: 15 },
    underscores: { a: '1_000', b: '1_0.5' },
    sexagesimal: { a: '12:30:00' }, // seconds for Hydra, which a time limit of Slurm is not
    'value x=1_000': value('1_000'),
    'value x=007': value(7),
    'value x=0x10': value(16),
    'value x=tRuE': value('tRuE'),
    'value x=nUll': value('nUll'),
    'value x=~': value(null),
    'value x=inf': value('inf'),
    'value x=-inf': value('-inf'),
    'value x=nan': value('nan'),
    'value x=.inf': value('float inf'),
    'value x=00': value(0),
    'value x=08': value(8),
    ...asText('NaN', '-Inf', '+inf'),
    'value x=[~]': value([null]),
    'plus-point': { a: 0.5 },
    'leading-zero': { a: 8 },
    binary: { a: '0b11' },
    'key-null': { null: 1 },
    'value x={null: 1}': value({ null: 1 }),
  },
  'what can only be text needs no quotes': {
    ...asText('a=b', 'a=b=c', 'a;b', 'a!', 'a#b', '^x', '<x>', 'a`b', 'a&&b', 'a>b', '~/data'),
    ...asText('grüße', '日本', '🎻', 'é x', 'a"', "it's", "a'b'", "1'2'", "x'", "a\\'b", '\\#', '(1)', '(a)', 'a[b]', 'a{b}'),
    'value x=[a=b]': value(['a=b']),
    'value x={${seed}: 1}': value({ '${seed}': 1 }), // as in files
    'key-with-blank': { 'a b': { c: 1 }, to: 1 },
    "main -m +a=it's,b": [{ a: "it's" }, { a: 'b' }],
    'main -m title=é,ü': [{ title: 'é' }, { title: 'ü' }],
    'main -m seed=(1,2)': [{ seed: '(1,2)' }],
    'decode-several': { a: '1,2' }, // the text that it is, as a,b in a file
    'main -m title=1-2,a=b,c:d': [{ title: '1-2' }, { title: 'a=b' }, { title: 'c:d' }],
  },
  'what begins as something else in YAML stands in quotes': {
    ...toQuote('?', '*', '-', '@x', '%x', '@', '%d', '*.py', ':', 'a:', 'a: b', '- a', '? a', '[-]', '{a: b: c}'),
    'main -m title=-,+': inQuotes,
  },
  'quoted text is as in YAML, keys of maps may be quoted': {
    'value x="a\\nb"': value('a\nb'),
    "value x='it''s'": value("it's"),
    "value x={'a b': 1}": value({ 'a b': 1 }),
    'value x={"a": 1}': value({ a: 1 }),
    "value x={'':1}": value({ '': 1 }),
    "value x='a''b'": value("a'b"),
    "value x=''''": value("'"),
    'value x="a\\\\b"': value('a\\b'),
    'value x="\\u00e9"': value('é'),
    'value x="\\t"': value('\t'),
    'value x="a\\ "': value('a '),
  },
  'whether an experiment has a key is the question of its schema': {
    'main none=1': { ...main, none: 1 },
    'main model.none=1': { model: { dim: 64, none: 1 } },
    'main none.below=1': { none: { below: 1 } },
    'main modell.dim=1': { modell: { dim: 1 } },
    'main model={jtg: {new: 1}}': { model: { jtg: { stream: 'single', new: 1 } } },
    'main nothing.x=1': { nothing: { x: 1 } },
    'main ~seed seed=4': { seed: 4 },
    'optional-absent site=there': { site: 'there' },
    'main +new={a: 1} new={b: 2}': { new: { a: 1, b: 2 } },
    'main model.jtg=null model.jtg.stream=x': { model: { jtg: { stream: 'x' } } },
    'main hydra.run.dir=x': { hydra: { run: { dir: 'x' } } },
    'main +hydra=x': { hydra: 'x' },
    'main model=': { model: '' },
    'main model=""': { model: '' },
    'main model=tass/': { model: 'tass/' },
    'main -m seed=1,2 none=3': [{ none: 3 }, { none: 3 }],
    'main -m +a={x: 1} a.x=1,2 a.y=3': [{ a: { x: 1, y: 3 } }, { a: { x: 2, y: 3 } }],
  },
  'an experiment is merged at the root': {
    'experiment-with-header': { a: 1, b: { c: 2 }, c: 3 },
  },
  '+ is for what is new, null is a value': {
    'main +model={new: 1}': 'override +model={new: 1}: model is already set',
    'main +model.jtg={new: 1}': 'model.jtg is already set',
    'main +nothing=2': 'nothing is already set',
    'main +seed.x=1': 'seed is 1 (', // Hydra replaces it by a map
    'main ++seed.x=1': 'seed is 1 (',
  },
  '~key deletes what is there, whatever set it': {
    'main ~nothing': main,
    'main ~nothing=null': main,
    'missing ~a': { b: { c: '???' } },
    'missing ~b.c': { b: {} },
    'missing ~a=???': { b: { c: '???' } },
    'main ~model': main,
    'main ~optimizer +optimizer=sgd': 'optimizer is already chosen: adam', // Hydra leaves out both
    'reference ~b=${a}': { a: 3, c: { d: 3 } }, // compared as it is written
    'reference ~b=3': 'b is "${a}" (',
  },
  'each group has one option, at the key of its name': {
    several: 'in defaults is not one of',
    'several optimizer=sgd': 'in defaults is not one of',
    'main optimizer=[adam,sgd]': { optimizer: ['adam', 'sgd'] }, // which the schema refuses
    elsewhere: 'model@teacher: tass in defaults is not one of',
    'elsewhere model@teacher=nested': 'override model@teacher=nested: expected key=value',
    'main +model@teacher=small': 'override +model@teacher=small: expected key=value',
    'main +optimizer@model.optimizer=sgd': 'expected key=value',
    'option-with-root-group': { optimizer: { name: 'sgd' }, part: { width: 8 } }, // Hydra: part.optimizer
    'option-with-override': { model: { dim: 16, jtg: { stream: 'single' } }, part: { width: 9 } },
    'main +part=with-root-group': 'optimizer is already chosen: adam',
    'override-to-null +model=small': 'model is already chosen: tass',
    'ablations/small +launcher=local': { launcher: { jobs: 2 } }, // Hydra looks for ablations/launcher
  },
  'a list names its options itself': {
    'chosen-by-reference': 'schedule: ${optimizer} in defaults is not one of',
    'optional-word': { seed: 1 },
    'main +part=3': { part: { width: 3 } },
    extension: 'there is no part/plain.yaml',
    'extension-of-experiment': 'there is no experiment only-keys.yaml',
    'main model=tass.yaml': 'there is no model/tass.yaml',
  },
  'group/option in a list is a choice, as "group: option" is': {
    'slash model=tass': { model: { dim: 512 }, optimizer: { name: 'sgd' } },
    'main ++model=small': { model: { dim: 64 }, optimizer: { name: 'adam' } }, // as model=small
  },
  'an override may stand anywhere in its list': {
    'override-before': { model: { dim: 64 } },
  },
  'only maps are merged': {
    'list-over-map': { a: 1, b: [1] },
  },
  'values in text are written as YAML has them, not as Python': {
    'reference-to-boolean-in-text': { b: 'is true' },
    'reference-to-null-in-text': { b: 'is null' },
    'reference-to-float-in-text': { b: 'is 2' },
    'reference-to-small-float-in-text': { b: 'is 0.00001' },
    'reference-to-map-in-text': '${a} is a map, which cannot be part of a text',
    'reference-to-list-in-text': '${l} is a list, which cannot be part of a text',
    'reference-to-large-float-in-text': { b: 'is 150000000000000000000' },
    'environment-default-number': { a: '3', b: 'true' },
  },
  'defaults are the schema’s, so that references need few functions': {
    select: 'there is no function oc.select. Known: oc.env, oc.decode',
    created: 'there is no function oc.create',
    'keys-of': 'there is no function oc.dict.keys',
  },
  'a sweep of nothing is a mistake, and so is a key given twice': {
    'main -m seed=range(1,1)': 'range(1,1) has no values',
    'main -m seed=range(4,1)': 'range(4,1) has no values',
    'main -m model=glob(x*)': 'glob(x*) matches no model. Options of model: nested, self-first, small, tass',
    'main -m seed=glob(*)': 'seed is not a group',
    'main -m seed=1,2 seed=3': 'seed is given twice',
    'main -m seed=1,2 epochs=${seed} seed=5': 'seed is given twice',
    'main -m seed=1,2 seed=3,4': 'seed is given twice',
    'main -m +a=1,2 a=3': '+a is given twice',
    'main -m +a=1 a=2,3': 'a is given twice',
    'main -m +a=range(0)': 'range(0) has no values',
    'main -m +a=range(0,-3)': 'range(0,-3) has no values',
    'main -m model=glob([*],exclude=[*])': 'matches no model',
    'main -m model=glob(S*)': 'glob(S*) matches no model. Options of model: nested, self-first, small, tass',
  },
  'a range is exact': {
    'main -m +a=range(0,1,0.3)': [{ a: 0 }, { a: 0.3 }, { a: 0.6 }, { a: 0.9 }], // Hydra: 0.8999999999999999
    'main -m +a=range(0.1,0.35,0.1)': [{ a: 0.1 }, { a: 0.2 }, { a: 0.3 }],
    'main -m +a=range(1,1.3,0.1)': [{ a: 1 }, { a: 1.1 }, { a: 1.2 }], // Hydra also gives 1.3
    'main -m +a=range(stop=3)': [{ a: 0 }, { a: 1 }, { a: 2 }],
  },
  'values of a sweep stand in their order': {
    'main -m seed=sort(3,1,2)': 'sort is not supported',
    'main -m seed=sort(3,1,2,reverse=true)': 'sort is not supported',
    'main -m seed=tag(a,choice(1,2))': 'tag is not supported',
    'main -m seed=shuffle(1)': 'shuffle is not supported',
  },
};

const root = mkdtempSync(join(tmpdir(), 'tass-hydra-'));
for (const [name, text] of Object.entries(fixture.files)) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}
afterAll(() => rmSync(root, { recursive: true }));

function outcome([name, ...words]: readonly string[]): Outcome {
  try {
    return words[0] === '-m' ? { jobs: jobsOf(name, words.slice(1)) } : { config: configOf(name, words) };
  } catch (error) {
    if (error instanceof ConfigError) return { error: error.message };
    throw error;
  }
}

function configOf(name: string, overrides: readonly string[]): unknown {
  const { config, tree } = composeExperiment({ root, name, overrides, environment: fixture.environment });
  const mistakes = [...leaves(tree)].flatMap(({ node }) => node.mistake ?? []); // those that checkConfig would throw
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return asJson(config);
}

/** Each word in its place; of those with several values the last changes fastest. */
function jobsOf(name: string, words: readonly string[]): unknown[] {
  const jobs = expandSweep(words, root).words.reduce<string[][]>(
    (all, word) => all.flatMap((one) => (typeof word === 'string' ? [[...one, word]] : word.values.map((value) => [...one, `${word.key}=${value}`]))), // prettier-ignore
    [[]],
  );
  return jobs.map((job) => configOf(name, job));
}

/** The fixture has no infinity and no NaN. */
function asJson(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return `float ${String(value).replace('Infinity', 'inf').toLowerCase()}`;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, asJson(child)]));
}

const titled = fixture.cases.map((one) => ({ title: one.words.join(' '), ...one }));
const caseOf = (title: string) => titled.find((one) => one.title === title) ?? fail(title);
const fail = (title: string): never => {
  throw new Error(`${title} is no case of the fixture`);
};
/** Messages are our own. */
const agreeing = (hydra: Outcome): Outcome => ('error' in hydra ? { error: expect.any(String) } : hydra);

const different = new Set(Object.values(differsOnPurpose).flatMap((cases) => Object.keys(cases)));

it.each(titled.filter(({ title }) => !different.has(title)))('as Hydra: $title', ({ words, hydra }) => {
  expect(outcome(words)).toEqual(agreeing(hydra));
});

describe.each(Object.entries(differsOnPurpose))('on purpose: %s', (_reason, cases) => {
  it.each(Object.entries(cases))('%s', (title, expected) => {
    const { words, hydra } = caseOf(title);
    const ours = outcome(words);
    expect(ours).not.toEqual(agreeing(hydra));
    if (typeof expected === 'string') expect(ours).toEqual({ error: expect.stringContaining(expected) });
    else expect(ours).toMatchObject(Array.isArray(expected) ? { jobs: expected } : { config: expected });
  });
});
