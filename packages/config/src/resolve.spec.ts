import { parse } from 'yaml';
import { leaves, nodeOf, plainValue, type ConfigNode } from './node';
import { resolveReferences } from './resolve';

const environment = { HOME_DIR: '/home/ada', THREADS: '3', EMPTY: '', TOKENIZER: 'clip' };
const resolve = (yaml: string): ConfigNode => resolveReferences(nodeOf(parse(yaml), 'a.yaml:1:1'), environment);
const valueAt = (yaml: string) => {
  const tree = resolve(yaml);
  const mistakes = [...leaves(tree)].flatMap(({ node }) => node.mistake ?? []);
  expect(mistakes).toEqual([]);
  return (plainValue(tree) as { a: unknown }).a;
};

// As OmegaConf 2.3.1 resolves them, but for true (True there) and null (None) within text.
it.each<[string, unknown]>([
  ["{ a: '${b}', b: 3 }", 3],
  ["{ a: '${b}', b: null }", null],
  ["{ a: '${b}', b: [1, 2] }", [1, 2]],
  ["{ a: '${ b }', b: x }", 'x'],
  ["{ a: 'run-${b}-${c.d}', b: 3, c: { d: true } }", 'run-3-true'],
  ["{ a: '${b}${b}', b: 1 }", '11'],
  ["{ a: 'x${b}', b: null }", 'xnull'],
  ["{ a: '${b.1}', b: [1, 2] }", 2],
  ["{ a: '${b[1].c}', b: [1, { c: 5 }] }", 5],
  ["{ a: '${[b]}', b: 3 }", 3],
  ["{ a: { c: '${.d}', d: 2 } }", { c: 2, d: 2 }],
  ["{ a: { c: '${..b}' }, b: 1 }", { c: 1 }],
  ["{ a: ['${.1}', 5] }", [5, 5]],
  ["{ a: ['${..b}'], b: 7 }", [7]],
  ["{ a: { c: ['${..d}', '${...b}'], d: 7 }, b: 1 }", { c: [7, 1], d: 7 }],
  ["{ a: '${b.c}', b: '${d}', d: { c: '${.e}', e: 5 } }", 5], // through a reference, relative to where it was written
  ["{ a: '${${b}}', b: c, c: 4 }", 4],
  ["{ a: '${d.${b}}', b: c, d: { c: 4 } }", 4],
  ["{ a: '${b-c.d_e}', b-c: { d_e: 3 } }", 3],
  ["{ a: 'x $y {b} }', b: 3 }", 'x $y {b} }'],
  ["{ a: 'x\\${b}', b: 2 }", 'x${b}'],
  ["{ a: 'x\\\\${b}', b: 2 }", 'x\\2'],
  ["{ a: '\\x${b}', b: 2 }", '\\x2'],
  ["{ a: '\\${b}', b: 2, c: '${a}' }", '${b}'],
  ["{ a: '${b}', b: '\\${c}' }", '${c}'],
  ["{ a: '${oc.env:THREADS}' }", '3'],
  ["{ a: '${oc.env:HOME_DIR}/data' }", '/home/ada/data'],
  ["{ a: '${oc.env:EMPTY,x}' }", ''],
  ["{ a: '${oc.env:NONE,4}' }", '4'],
  ["{ a: '${oc.env:NONE,null}' }", null],
  ["{ a: '${oc.env:NONE,}' }", ''],
  ["{ a: '${oc.env:NONE, b c}' }", 'b c'],
  [`{ a: '\${oc.env:NONE,"b,}c"}' }`, 'b,}c'],
  ["{ a: '${oc.env:NONE,${b}-${oc.env:NEITHER,x}}', b: 3 }", '3-x'],
  ["{ a: '${oc.decode:${oc.env:THREADS}}' }", 3],
  ["{ a: '${oc.decode:${oc.env:NONE,1e-4}}' }", 1e-4],
  ["{ a: '${oc.decode:null}' }", null],
  ["{ a: '${oc.env:TOKENIZER}' }", 'clip'],
])('%s', (yaml, expected) => expect(valueAt(yaml)).toEqual(expected));

it.each<[string, string]>([
  ["{ a: '${sede}', seed: 1 }", 'a.yaml:1:1: a is ${sede}: there is no key sede in files and overrides. Did you mean seed?'],
  ["{ a: '${m.jtg.heds}', m: { jtg: { heads: 1 } } }", 'there is no key m.jtg.heds in files and overrides. Did you mean m.jtg.heads?'],
  ["{ a: '${mm.heads}', m: { heads: 1 } }", 'there is no key mm in files and overrides. Did you mean m.heads?'],
  ["{ a: '${heads}', m: { heads: 1 } }", 'there is no key heads in files and overrides. Did you mean m.heads?'],
  ["{ a: '${b.2}', b: [1] }", 'there is no key b.2'],
  ["{ a: '${b.c}', b: 1 }", 'there is no key b.c'],
  ["{ a: '${a}' }", 'a is ${a}: a -> a is a cycle'],
  ["{ a: '${..b}', b: 1 }", 'a is ${..b}: ${..b} leads out of the configuration: 2 dots at depth 1'],
  ["{ a: '${}', b: 1 }", '${} names no key, expected one as in ${model.dim}'],
  ["{ a: '${.}', b: 1 }", '${.} names no key'],
  ["{ a: '${b', b: 1 }", 'a is ${b: a closing } is missing. To mean the text ${ write \\${'],
  ["{ a: 'x${b}', b: { c: 1 } }", 'a is x${b}: ${b} is a map, which cannot be part of a text'],
  ["{ a: 'x${b}', b: [1] }", '${b} is a list, which cannot be part of a text'],
  ["{ a: '${b}', b: ??? }", 'a is ${b}: b has no value yet (???). Give it one, as in b=...'],
  ["{ a: '${b.c}', b: ??? }", 'a is ${b.c}: b has no value yet (???)'],
  ["{ a: '${oc.env:NONE}' }", 'the environment variable NONE is not set. Set it, or give a default: ${oc.env:NONE,default}'],
  ["{ a: '${oc.env:}' }", 'oc.env has 0 arguments, expected 1 or 2'],
  ["{ a: '${oc.env:A,b,c}' }", 'oc.env has 3 arguments, expected 1 or 2'],
  ["{ a: '${oc.env:A B}' }", 'A B is not the name of an environment variable'],
  ["{ a: '${now:%Y}' }", 'there is no function now. Known: oc.env, oc.decode.'],
  ["{ a: '${oc.decode:[1}' }", 'a closing ] is missing'],
  ["{ a: '${oc.env:X,${b}}', b: [1] }", '${b} is not text'],
])('refuses %s', (yaml, message) => {
  const mistakes = [...leaves(resolve(yaml))].flatMap(({ node }) => node.mistake ?? []);
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toContain(message);
});

it.each([
  ...['MLFLOW_TRACKING_PASSWORD', 'HF_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'api_key', 'GOOGLE_CREDENTIALS'],
  ...['PGPASSWORD', 'MYSQL_PWD', 'DB_PASS', 'GITHUB_PAT', 'APIKEY', 'REGISTRY_AUTH'],
])('%s is not read', (name) => {
  const tree = resolveReferences(nodeOf({ a: `\${oc.env:${name},x}` }, 'a.yaml:1:1'), { [name]: 'hidden' });
  expect([...leaves(tree)][0].node.mistake).toContain(`${name} looks like a secret`);
});

it.each(['PWD', 'TOKENIZERS_PARALLELISM', 'KEYBOARD', 'MONKEY', 'BYPASS', 'COMPATH'])('%s is read', (name) => {
  expect(plainValue(resolveReferences(nodeOf({ a: `\${oc.env:${name}}` }, 'a'), { [name]: 'shown' }))).toEqual({ a: 'shown' });
});

it('an address with a password is not read, wherever it stands, and not shown', () => {
  const read = (text: string, environment: NodeJS.ProcessEnv) =>
    [...leaves(resolveReferences(nodeOf({ a: text }, 'a.yaml'), environment))][0].node;
  const { mistake } = read('sent to ${oc.env:SITE}', { SITE: 'postgres://me:hunter2@host/data' });
  expect(mistake).toContain('SITE holds an address with a secret, which a run would write to its folder and to MLflow');
  expect(mistake).not.toContain('hunter2');
  expect(read('${oc.env:SITE}', { SITE: 'https://example.org:8443/a@b:c' }).value).toBe('https://example.org:8443/a@b:c');
});

it('circles of several keys, and of a map with what it holds', () => {
  const mistakes = (yaml: string) => [...leaves(resolve(yaml))].flatMap(({ node }) => node.mistake ?? []);
  expect(mistakes("{ a: '${b}', b: '${a}' }")).toEqual([
    'a.yaml:1:1: a is ${b}: b has a mistake itself (a.yaml:1:1)',
    'a.yaml:1:1: b is ${a}: a -> b -> a is a cycle',
  ]);
  expect(mistakes("{ a: { b: '${a}' } }")).toEqual(['a.yaml:1:1: a.b is ${a}: a.b -> a -> a.b is a cycle']);
});

it('keeps the place of each value, leaves the grid as it is, and takes a long chain in its stride', () => {
  const at = (value: ConfigNode['value'], place: number): ConfigNode => ({ source: `a.yaml:${place}:1`, value });
  const tree = resolveReferences(
    at(new Map([['a', at('${b}', 2)], ['b', at(new Map([['c', at('${d}', 4)]]), 3)], ['d', at(1, 5)], ['sweep', at('${none}', 6)]]), 1), // prettier-ignore
  );
  expect(plainValue(tree)).toEqual({ a: { c: 1 }, b: { c: 1 }, d: 1, sweep: '${none}' });
  expect([...leaves(tree)].map(({ node }) => node.source)).toEqual(['a.yaml:4:1', 'a.yaml:4:1', 'a.yaml:5:1', 'a.yaml:6:1']);

  const chain = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index === 499 ? 'end' : `\${k${index + 1}}`]));
  expect(plainValue(resolveReferences(nodeOf(chain, 'a')))).toMatchObject({ k0: 'end' });
});
