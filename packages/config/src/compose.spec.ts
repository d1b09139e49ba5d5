import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { checkConfig } from './check';
import { composeExperiment, readConfig } from './compose';
import { listExperiments, listOptions } from './experiment-files';
import { plainValue } from './node';

const root = join(__dirname, '../fixtures/experiments');
const shown = 'fixtures/experiments'; // as messages show it, from the package's folder
const compose = (name: string, ...overrides: string[]) => composeExperiment({ root, name, overrides });

const temporary = mkdtempSync(join(tmpdir(), 'tass-config-'));
let folders = 0;
const composeFiles = (files: Record<string, string>, ...overrides: string[]) => {
  const folder = join(temporary, String(folders++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return composeExperiment({ root: folder, name: 'main', overrides });
};

const start = process.cwd();
beforeAll(() => process.chdir(join(__dirname, '..')));
afterAll(() => {
  process.chdir(start);
  rmSync(temporary, { recursive: true });
});

describe('defaults', () => {
  it('mounts group options below their key, the own keys of the file last', () => {
    expect(compose('quickstart').config).toEqual({
      dataset: { kind: 'mini-avqa', videos: 200 },
      model: { jtg: { stream: 'single', heads: 4 }, dim: 64, tsgPlus: { threshold: 1, textQuery: true } },
      optimizer: { name: 'adam', learningRate: 0.0002 },
      seed: 1,
      epochs: 8,
    });
  });

  it('knows an override before the choice, wherever it stands', () => {
    const files = {
      'main.yaml': 'defaults: [model: a, part/b]',
      'part/b.yaml': '# @package _global_\ndefaults: [override /model: c]\nseed: 2',
    };
    const models = { 'model/a.yaml': 'is: a', 'model/c.yaml': 'is: c', 'model/d.yaml': 'is: d' };
    expect(composeFiles({ ...files, ...models }).config).toEqual({ model: { is: 'c' }, seed: 2 });
    expect(composeFiles({ ...files, ...models, 'main.yaml': 'defaults: [model: a]' }, '+part=b').config).toEqual({
      model: { is: 'c' },
      seed: 2,
    });
    expect(composeFiles({ ...files, ...models }, 'model=d').config).toEqual({ model: { is: 'd' }, seed: 2 });
  });

  it.each([
    ['# @package a b', 'c.yaml:1:1: # @package a b, expected one key, as in # @package _global_'],
    ['# @package a/b', 'c.yaml:1:1: # @package a/b is not a key, expected one as in # @package model.jtg'],
  ])('refuses %s', (header, message) => {
    expect(() => composeFiles({ 'main.yaml': 'defaults: [part/c]', 'part/c.yaml': `${header}\nx: 1` })).toThrow(message);
  });

  it('refuses an override before the choice', () => {
    const files = { 'main.yaml': 'defaults: [part/b, model: a]', 'part/b.yaml': 'defaults: [override /model: c]', 'model/a.yaml': 'is: a' };
    expect(() => composeFiles(files)).toThrow(
      /b\.yaml:1:12: model is chosen after this line, in .*main\.yaml:1:20\. Put the file with the override after it/,
    );
  });

  it('takes /group/option for an experiment only where it is one', () => {
    const files = { 'main.yaml': 'defaults: [/more/wide, /model/a]', 'base.yaml': 'seed: 1', 'model/a.yaml': 'is: a' };
    expect(composeFiles({ ...files, 'more/wide.yaml': 'defaults: [/base]\nwidth: 2' }).config).toEqual({
      seed: 1,
      width: 2,
      model: { is: 'a' },
    });
    expect(composeFiles({ ...files, 'more/wide.yaml': 'width: 2' }).config).toEqual({ more: { width: 2 }, model: { is: 'a' } });
    expect(() => composeFiles({ 'main.yaml': 'defaults: [part/b]', 'part/b.yaml': 'defaults: [/base]', 'base.yaml': 'x: 1' })).toThrow(
      /part\/b\.yaml:1:12: \/base: an option of a group cannot build on a whole experiment/,
    );
  });

  it('lets an ablation state only what it changes, and replace an option', () => {
    const { config } = compose('ablations/no-text-query');
    // model/small builds on model/tass; quickstart's own dim beats both
    expect(config.model).toEqual({ jtg: { stream: 'single', heads: 4 }, dim: 64, tsgPlus: { threshold: 1, textQuery: false } });
    expect(config.seed).toBe(1);
  });

  it('merges at the place of _self_', () => {
    const files = { 'main.yaml': 'defaults: [_self_, model/a]\nmodel: { dim: 1, mine: 2 }', 'model/a.yaml': 'dim: 3' };
    expect(composeFiles(files).config).toEqual({ model: { dim: 3, mine: 2 } });
  });

  it('replaces lists whole', () => {
    expect(composeFiles({ 'main.yaml': 'defaults: [/base]\ntags: [c]', 'base.yaml': 'tags: [a, b]' }).config).toEqual({ tags: ['c'] });
  });

  it('takes "group: option", and gives the outer override the last word', () => {
    const files = {
      'main.yaml': 'defaults: [/middle, override /model: c]',
      'middle.yaml': 'defaults: [/base, override /model: b]',
      'base.yaml': 'defaults: [model: a]',
      'model/a.yaml': 'is: a',
      'model/b.yaml': 'is: b',
      'model/c.yaml': 'is: c',
    };
    expect(composeFiles(files).config).toEqual({ model: { is: 'c' } });
    expect(composeFiles(files, 'model=a').config).toEqual({ model: { is: 'a' } });
    expect(composeFiles(files, 'model=a', 'model=b').config).toEqual({ model: { is: 'b' } });
  });

  it('leaves a value where a file above only asks for one', () => {
    const { config, sourceOf } = composeFiles({ 'main.yaml': 'defaults: [/base]\na: ???\nc: ???', 'base.yaml': 'a: { b: 1 }' });
    expect(config).toEqual({ a: { b: 1 }, c: '???' });
    expect(sourceOf(['a'])).toMatch(/base\.yaml:1:1$/);
  });

  it('takes an optional option where it is there', () => {
    const files = { 'main.yaml': 'defaults: [optional model: mine, optional site/here]\nseed: 1', 'model/a.yaml': 'is: a' };
    expect(composeFiles(files).config).toEqual({ seed: 1 });
    expect(composeFiles({ ...files, 'model/mine.yaml': 'is: mine', 'site/here.yaml': 'disk: x' }).config).toEqual({
      ...{ model: { is: 'mine' }, site: { disk: 'x' }, seed: 1 },
    });
    expect(composeFiles(files, 'model=a').config).toEqual({ model: { is: 'a' }, seed: 1 });
    expect(() => composeFiles(files, 'model=b')).toThrow('there is no model/b. Options of model: a');
  });

  it.each([
    ['defaults: [optional /main]', 'optional /main in defaults is not one of'],
    ['defaults: [optional a]', 'optional a in defaults is not one of'],
    ['defaults: [[a]]', 'main.yaml:1:12: ["a"] in defaults is not one of'],
    ['defaults: [/main]', 'main.yaml:1:12: main -> main is a cycle'],
    ['defaults: model/a', 'defaults must be a list of _self_, group/option'],
    ['defaults: [3]', 'main.yaml:1:12: 3 in defaults is not one of'],
    ['defaults: [model/../../a]', 'model/../../a in defaults is not one of'],
    ['defaults: [/other]', 'there is no experiment other'],
    ['defaults: [model/aa]', 'main.yaml:1:12: there is no model/aa. Options of model: a, b. Did you mean a?'],
    ['defaults: [modell/a]', 'there is no group modell'],
    [
      'defaults: [model/a, model/b]',
      /main.yaml:1:21: model is already chosen: a \(.*main.yaml:1:12\). To replace it write "override \/model: b"/,
    ],
    ['defaults: [override /model: a]', 'no defaults list chooses a model. To add one write +model=a'],
    ['defaults: [_self_, model/a, _self_]', /main.yaml:1:29: defaults lists _self_ twice \(.*main.yaml:1:12\). Write it once/],
    ['- 1', 'main.yaml:1:1: the file must be a map of keys'],
    ['defaults: [model: "???"]', 'main.yaml:1:12: model is to be chosen (???). Write model=OPTION. Options of model: a, b'],
    ['a: { <<: 3 }', 'main.yaml:1:6: << is to name a map, or a list of maps'],
  ])('refuses %s', (main, message) => {
    expect(() => composeFiles({ 'main.yaml': main, 'model/a.yaml': 'is: a', 'model/b.yaml': 'is: b' })).toThrow(message);
  });
});

describe('files', () => {
  it('refuses a key that stands twice, with line and column', () => {
    expect(() => composeFiles({ 'main.yaml': 'seed: 1\nepochs: 2\nseed: 3' })).toThrow(/main.yaml:3:1: Map keys must be unique/);
  });

  it('names every syntax error and unknown tag', () => {
    expect(() => composeFiles({ 'main.yaml': 'a: [1, 2\nb: 3' })).toThrow(/main.yaml:\d+:\d+: /);
    expect(() => composeFiles({ 'main.yaml': 'a: !python/object x' })).toThrow(/main.yaml:1:4: Unresolved tag/);
  });

  it('resolves anchors, and refuses one inside itself', () => {
    expect(composeFiles({ 'main.yaml': 'a: &shared { x: 1 }\nb: *shared' }).config).toEqual({ a: { x: 1 }, b: { x: 1 } });
    expect(() => composeFiles({ 'main.yaml': 'a: &loop [*loop]' })).toThrow('an alias is inside the value that it names');
    expect(() => composeFiles({ 'main.yaml': 'a: *none' })).toThrow(/main.yaml:1:1: \*none names an anchor that is not there/);
  });

  it('takes the names that it lists, and says why it takes no others', () => {
    const names = ['größe', 'two words', 'a+b', '日本', 'v1.2_x-y'];
    const files = Object.fromEntries(names.map((name) => [`${name}.yaml`, `defaults: [model/${name}]`]));
    const options = Object.fromEntries(names.map((name) => [`model/${name}.yaml`, `is: ${name}`]));
    const others = { 'a,b.yaml': '', 'c=d.yaml': '', '-e.yaml': '', ' f.yaml': '', 'old.yml': '', 'model/old.yml': '' };
    const main = { 'main.yaml': 'defaults: [model: a+b]' };
    expect(composeFiles({ ...files, ...options, ...others, ...main }, 'model=größe').config).toEqual({ model: { is: 'größe' } });
    const folder = join(temporary, String(folders - 1));
    expect(listExperiments(folder)).toEqual([...names, 'main'].sort());
    expect(listOptions(folder, 'model')).toEqual([...names].sort());
    const composed = (name: string, ...overrides: string[]) => composeExperiment({ root: folder, name, overrides });
    for (const name of names) expect(composed(name).config).toEqual({ model: { is: name } });
    for (const name of names) expect(composed('main', `model=${name}`).config).toEqual({ model: { is: name } });
    for (const name of ['a,b', 'c=d', '-e', ' f']) expect(() => composed(name)).toThrow(`${name}.yaml cannot be named: a name begins with`);
    expect(() => composed('old')).toThrow(/old\.yml, but experiments and options end with \.yaml\. Rename it: .*old\.yaml$/);
    expect(() => composed('main', 'model=old')).toThrow(/override model=old: there is .*model\/old\.yml, but/);
  });

  it('reads an empty option as an empty map', () => {
    expect(composeFiles({ 'main.yaml': 'defaults: [model/none]\nseed: 1', 'model/none.yaml': '# nothing' }).config).toEqual({
      model: {},
      seed: 1,
    });
  });

  it('lists experiments apart from the options of groups', () => {
    expect(listExperiments(root)).toEqual(['ablations/no-text-query', 'quickstart']);
    expect(listOptions(root, 'model')).toEqual(['small', 'tass']);
  });

  it('names the experiments there are, and the nearest', () => {
    const message = `--exp=quikstart: there is no experiment quikstart in ${shown}. Available: ablations/no-text-query, quickstart. Did you mean quickstart?`;
    expect(() => compose('quikstart')).toThrow(message);
    expect(() => compose('../experiments/quickstart')).toThrow('there is no experiment ../experiments/quickstart');
    expect(() => compose('worth')).toThrow(/there is no experiment worth in .*\. Available: /); // no experiment here has its present name
    expect(() => composeExperiment({ root: resolve(__dirname, '../../../experiments'), name: 'worth' })).toThrow(
      /there is no experiment worth in .*; it was renamed\. Write module-ablation$/,
    );
    expect(() => composeExperiment({ root: join(root, 'nowhere'), name: 'x' })).toThrow(`there is no experiments folder ${shown}/nowhere`);
  });
});

describe('overrides', () => {
  it.each([
    ['seed=3', ['seed'], 3],
    ['optimizer.learningRate=1e-4', ['optimizer', 'learningRate'], 0.0001],
    ['model.dim=null', ['model', 'dim'], null],
    ['epochs=[1,2]', ['epochs'], [1, 2]],
    ['+extra={a: 1, b: x}', ['extra'], { a: 1, b: 'x' }],
    ['+a.b=true', ['a', 'b'], true],
    ['++seed=5', ['seed'], 5],
    ['+text=off', ['text'], 'off'], // YAML 1.2
    ["+text='a,b'", ['text'], 'a,b'],
    ['+text="1"', ['text'], '1'],
    ['+text=a=b', ['text'], 'a=b'],
    ['+text=', ['text'], ''],
    ["+text='it\\'s'", ['text'], "it's"],
    ["+text='it''s'", ['text'], "it's"],
    ["+text=it's", ['text'], "it's"],
    ["+text='a\\b\\\\'", ['text'], 'a\\b\\'], // only backslashes before a quote count
    ['+text="a\\nb"', ['text'], 'a\nb'],
    ['+text=a\\,b', ['text'], 'a,b'],
    ['+list=[a,[1,2],{b:c},"x,y"]', ['list'], ['a', [1, 2], { b: 'c' }, 'x,y']],
    ['+list=[]', ['list'], []],
    ['+map={a:1,b:[x,y],c:{},"d e":http://x}', ['map'], { a: 1, b: ['x', 'y'], c: {}, 'd e': 'http://x' }],
    ['+text=$(id)', ['text'], '$(id)'],
    ['~model.tsgPlus.threshold', ['model', 'tsgPlus'], { textQuery: true }],
    ['~model.jtg={heads: 4, stream: single}', ['model', 'jtg'], undefined],
    ['~optimizer=adam', ['optimizer'], undefined],
    ['~model.dim=64', ['model', 'dim'], undefined],
    ['dataset="music-avqa"', ['dataset', 'kind'], 'music-avqa'],
    ['dataset=music-avqa', ['dataset'], { kind: 'music-avqa', root: '???' }],
    ['model={jtg: {heads: 2}}', ['model', 'jtg'], { stream: 'single', heads: 2 }],
  ])('%s', (override, path, expected) => {
    const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], compose('quickstart', override).config);
    expect(value).toEqual(expected);
  });

  it('replaces items of lists by their number', () => {
    const files = { 'main.yaml': 'tags: [a, {b: 1}, []]' };
    expect(composeFiles(files, 'tags.0=x', 'tags.1.b=2', '++tags.1.c=3').config).toEqual({ tags: ['x', { b: 2, c: 3 }, []] });
    const refusals = [
      [
        'tags.3=x',
        /override tags\.3=x: tags is a list with the items 0 to 2 \(.*main\.yaml:1:1\), 3 is none of them\. Write the whole list/,
      ],
      ['tags.2.0=x', /tags\.2 is a list with no items/],
      ['++tags.x=1', /x is none of them/],
      ['tags.00=x', /00 is none of them/],
      ['~tags.0', /tags cannot lose a single item\. Write the whole list/],
    ] as const;
    for (const [word, message] of refusals) expect(() => composeFiles(files, word)).toThrow(message);
  });

  it('keeps text with brackets that no function of Hydra has', () => {
    expect(composeFiles({ 'main.yaml': '' }, '+title=TASS (ours)').config).toEqual({ title: 'TASS (ours)' });
    expect(() => composeFiles({ 'main.yaml': '' }, '+x=int (3)')).toThrow('would be a function');
  });

  it('adds an option nobody chose, below what the files say', () => {
    const files = { 'main.yaml': 'seed: 1', 'model/a.yaml': 'is: a' };
    expect(composeFiles(files, '+model=a', 'model.is=b').config).toEqual({ seed: 1, model: { is: 'b' } });
  });

  it.each([
    ['seed', 'override seed: has no value. Write seed=value'],
    ['seed=#3', '"#" begins a comment in YAML. Put the value in quotes'],
    ['seed=3 # three', '"#" begins a comment in YAML'],
    [
      'seed=1,2',
      `override seed=1,2: 1,2 can be read as several values, expected one: for a list write 'seed=[1,2]'; for text put it in quotes, 'seed="1,2"'`,
    ],
    ['model=tass,small', 'override model=tass,small: tass,small can be read as several values'],
    ['++seed=range(1,4)', 'can be read as several values, expected one: for text put it in quotes, \'++seed="range(1,4)"\''],
    ['+title=a, "b"', `for a list write '+title=[a, "b"]'; for text put it in quotes, '+title="a, \\"b\\""'`],
    ['+a=[1,]', "a value is missing between commas. Write null, or '' for an empty text"],
    ['+a=[1]2', 'text follows the closing ]. Put text in quotes'],
    ['+a={b}', 'b in a map is not key: value'],
    ["+a='b' c", "text follows 'b'"],
    ['+a=(b', 'a closing ) is missing. Put text in quotes'],
    ['+a=b]', 'there is no opening bracket for ]'],
    ['+a="b', 'a closing " is missing'],
    ['+a=1\n2', 'put text of several lines in quotes'],
    ['+a=|', 'override +a=|: '],
    ['+a=&x 1', 'write lists as [a, b]'],
    ['seed=a: b', 'write lists as [a, b], maps as {a: 1}'],
    ['seed=*x', 'override seed=*x: *x names an anchor that is not there. Put text with * in quotes'],
    ['seed=[1', 'override seed=[1: '],
    ['--seed=3', 'expected key=value'],
    ['seed.deep=3', /seed is 1 \(fixtures\/experiments\/quickstart.yaml:3:1\), not a map of keys/],
    ['+seed=3', 'seed is already set (fixtures/experiments/quickstart.yaml:3:1). To change it write seed=3'],
    ['~sead', 'there is no sead to delete. Keys here: dataset, model, optimizer, seed, epochs. Did you mean seed?'],
    ['~seed=2', 'override ~seed=2: seed is 1 (fixtures/experiments/quickstart.yaml:3:1), not 2. To delete it write ~seed'],
    ['~seed="1"', 'seed is 1 (fixtures/experiments/quickstart.yaml:3:1), not "1"'],
    ['~model.jtg={stream: dual}', 'model.jtg is {"stream":"single","heads":4} ('],
    [
      '~model=small',
      'override ~model=small: model is tass (fixtures/experiments/quickstart.yaml:2:31), not small. To delete it write ~model',
    ],
    ['~seed=1,2', '1,2 can be read as several values'],
    ['model=tas', 'override model=tas: there is no model/tas. Options of model: small, tass. Did you mean tass?'],
    ['+model=small', 'model is already chosen: tass'],
    ['model/dim=3', 'override model/dim=3: there is no group model/dim with an option 3, and keys have dots: model.dim=3'],
    ['model.jtg.stream.0=x', /model\.jtg\.stream is "single" \(.*\), not a map of keys/],
    ['+a=!!int 3', '"!" begins a tag in YAML. Put the value in quotes'],
    ['ablations=no-text-query', 'no defaults list chooses a ablations'],
  ])('refuses %s', (override, message) => {
    expect(() => compose('quickstart', override)).toThrow(message);
  });
});

describe('readConfig', () => {
  it('reads one file and applies overrides', () => {
    const { config, sourceOf } = readConfig(join(root, 'optimizer/adam.yaml'), ['learningRate=1e-3']);
    expect(config).toEqual({ name: 'adam', learningRate: 0.001 });
    expect(sourceOf(['name'])).toBe(`${shown}/optimizer/adam.yaml:1:1`);
  });

  it('names a file that is not there', () => {
    expect(() => readConfig(join(root, 'none.yaml'))).toThrow(`${shown}/none.yaml: is not there`);
  });
});

describe('references', () => {
  const files = {
    'main.yaml': 'defaults: [model/a]\nseed: 1\nname: run-${seed}-${oc.env:STAGE,dev}\ndouble: "${model}"\nlist: ["${seed}"]',
    'model/a.yaml': 'dim: 64\nheads: ${.dim}\nrate: ${optimizer.rate}',
  };

  it('are replaced after the overrides; the tree as written stays beside', () => {
    const { config, written, sourceOf } = composeFiles(files, 'seed=2', '+optimizer.rate=1e-3', 'model.dim=${oc.decode:32}');
    const model = { dim: 32, heads: 32, rate: 1e-3 };
    expect(config).toEqual({ model, seed: 2, name: 'run-2-dev', double: model, list: [2], optimizer: { rate: 1e-3 } });
    expect(plainValue(written)).toMatchObject({ name: 'run-${seed}-${oc.env:STAGE,dev}', double: '${model}', model: { heads: '${.dim}' } });
    expect(sourceOf(['name'])).toMatch(/main\.yaml:3:1$/);
    expect(sourceOf(['double', 'heads'])).toMatch(/model\/a\.yaml:2:1$/);
  });

  it('that lead nowhere are told by place when the configuration is checked, and not before', () => {
    const composed = composeFiles(files);
    expect(() => checkConfig(composed, z.object({}))).toThrow(
      /model\/a\.yaml:3:1: model\.rate is \$\{optimizer\.rate\}: there is no key optimizer in files and overrides\./,
    );
  });

  it.each(['a: { b: ${c} }\nc: 1', 'a: [1, x${c}]\nc: 1'])('within brackets stand in quotes: %j', (main) => {
    expect(() => composeFiles({ 'main.yaml': main })).toThrow(
      /main\.yaml:1:9: inside brackets, put a reference in quotes: "\$\{\.\.\.\}"$/,
    );
  });

  it('are none in a finished configuration', () => {
    const file = join(temporary, 'config.yaml');
    writeFileSync(file, 'title: ${seed}\nseed: 1');
    expect(readConfig(file).config).toEqual({ title: '${seed}', seed: 1 }); // what \${seed} had become
    expect(() => readConfig(file, ['title=${seed}', 'seed=2'])).toThrow(
      'override title=${seed}: a finished configuration has no references. Write the value',
    );
  });
});

it('knows where each value came from', () => {
  const { sourceOf } = compose('quickstart', 'model.tsgPlus.threshold=2');
  expect(sourceOf(['seed'])).toBe(`${shown}/quickstart.yaml:3:1`);
  expect(sourceOf(['model', 'dim'])).toBe(`${shown}/quickstart.yaml:6:3`);
  expect(sourceOf(['model', 'jtg', 'heads'])).toBe(`${shown}/model/jtg/single-stream.yaml:2:1`);
  expect(sourceOf(['model', 'tsgPlus', 'threshold'])).toBe('override model.tsgPlus.threshold=2');
  expect(sourceOf(['model', 'tsgPlus', 'absent'])).toBe(`${shown}/model/tass.yaml:3:1`);
});
