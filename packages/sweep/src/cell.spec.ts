import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellAddress, cellFolder, defineCell, readCell, type CellDefinition } from './cell';
import { canonicalJson } from './canonical-json';
import { SweepError } from './sweep-error';

let runs: string;
beforeEach(() => (runs = mkdtempSync(join(tmpdir(), 'tass-cell-'))));
afterEach(() => rmSync(runs, { recursive: true }));

const definition: CellDefinition = {
  name: 'tass-small seed=1',
  experiment: 'tass-small',
  overrides: ['seed=1'],
  seed: 1,
  identity: { b: [true, null], a: 1 },
  config: { epochs: 3 },
};
const address = '1cc69c7fa23616ca2ec3ee70d24390a6'; // printf '{"a":1,"b":[true,null]}' | sha256sum | cut -c-32

it('has the address of what it computes, in whatever order its keys were written', () => {
  expect(cellAddress({ b: [true, null], a: 1 })).toBe(address);
  expect(cellAddress({ a: 1, nothing: undefined, b: [true, null] })).toBe(address);
  expect(cellAddress({ a: 1, b: [null, true] })).not.toBe(address);
});

it('writes a value as one text: keys by their code points at every depth', () => {
  expect(canonicalJson({ é: 1, b: { z: 'x"\n', B: -0 }, a10: 1e21, a9: 0.1 })).toBe(
    '{"a10":1e+21,"a9":0.1,"b":{"B":0,"z":"x\\"\\n"},"é":1}',
  );
});

it.each([
  [{ a: [1, NaN] }, 'the value.a[1] is NaN, expected a map, a list, text, a finite number, true, false or null'],
  [{ a: Infinity }, 'the value.a is Infinity'],
  [[undefined], 'the value[0] is undefined'],
  [{ a: new Date(0) }, 'the value.a is '],
  [{ a: new Map() }, 'the value.a is [object Map]'],
  [{ a: cellAddress }, 'the value.a is '],
])('has no address for what JSON would change in silence: case %#', (value, message) => {
  expect(() => cellAddress(value)).toThrow(TypeError);
  expect(() => cellAddress(value)).toThrow(message);
});

it('is one folder, whoever defines it; what does not decide its result is what the last one says', () => {
  const cell = defineCell(runs, definition);
  expect(cell).toEqual({ ...definition, address, folder: join(runs, '.cells', address) });
  expect(readCell(cell.folder)).toEqual(cell);
  const written = statSync(join(cell.folder, 'cell.json')).ino;
  defineCell(runs, definition);
  expect(statSync(join(cell.folder, 'cell.json')).ino).toBe(written); // left as it is
  const moved = defineCell(runs, { ...definition, config: { epochs: 3, data: '/elsewhere' } });
  expect(readCell(cell.folder)).toEqual(moved);
  expect(readdirSync(cell.folder).sort()).toEqual(['attempts', 'cell.json']);
});

it.each(['', '{"address":', '{}', 'null', JSON.stringify({ address, ...definition, identity: {} })])(
  'is written anew where cell.json is %j',
  (text) => {
    const { folder } = defineCell(runs, definition);
    writeFileSync(join(folder, 'cell.json'), text);
    expect(() => readCell(folder)).toThrow(
      new SweepError(
        `${folder}/cell.json is missing or damaged, or belongs to another cell. Run the sweep again, which rewrites the file`,
      ),
    );
    defineCell(runs, definition);
    expect(readCell(folder).config).toEqual({ epochs: 3 });
  },
);

it('is not taken for another cell whose folder a file names', () => {
  const { folder } = defineCell(runs, definition);
  const other = join(runs, '.cells', 'f'.repeat(32));
  mkdirSync(other);
  writeFileSync(join(other, 'cell.json'), readFileSync(join(folder, 'cell.json')));
  expect(() => readCell(other)).toThrow('belongs to another cell');
});

it.each(['../../etc', '', 'x', address.toUpperCase(), `${address}/..`])('no text leads out of the folder of cells: %j', (text) => {
  expect(() => cellFolder(runs, text)).toThrow(`${JSON.stringify(text)} is not the address of a cell: 32 hexadecimal digits`);
});
