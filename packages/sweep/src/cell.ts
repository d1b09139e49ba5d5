import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { makeFolders, onDisk, readSealed, sealedJson, trySealedFile, syncFolder, writeSharedFileAtomically } from '@tass/files';
import { canonicalJson } from './canonical-json';
import { SweepError } from './sweep-error';

/** The definition of a cell. Only `identity` decides its address; the rest is stored with it. */
export interface CellDefinition {
  readonly name: string; // for people, as `tass-small seed=1`
  readonly experiment: string; // that its runs are made for
  readonly overrides: readonly string[];
  readonly seed: number | null;
  readonly identity: unknown; // everything that decides the result, as JSON
  readonly config: unknown; // what the worker needs to compute it, as JSON
}

export interface Cell extends CellDefinition {
  readonly address: string;
  readonly folder: string;
}

/** The folder of all cells in the runs folder. */
const cellsRoot = (runsRoot: string): string => join(runsRoot, '.cells');

/**
 * The folder of the cell with that address. Throws SweepError for an invalid address, so that no text can lead out of the folder of cells.
 */
export function cellFolder(runsRoot: string, address: string): string {
  if (!/^[0-9a-f]{32}$/.test(address))
    throw new SweepError(`${JSON.stringify(address)} is not the address of a cell: 32 hexadecimal digits`);
  return join(cellsRoot(runsRoot), address);
}

/** The file to which a cell's workers append their output. */
export const cellLog = (folder: string): string => join(folder, 'log.txt');

/** The first 32 hexadecimal digits of the SHA-256 of `identity` as canonical JSON: equal cells have one address. Throws TypeError. */
export const cellAddress = (identity: unknown): string => createHash('sha256').update(canonicalJson(identity)).digest('hex').slice(0, 32);

/**
 * Makes the folder of a cell, `<runs>/.cells/<address>/cell.json`, or updates it: everything outside the identity, such as the data's
 * folder, comes from the latest sweep. Several processes may do so at once. Throws TypeError if the identity is not valid JSON; DiskError.
 */
export function defineCell(runsRoot: string, definition: CellDefinition): Cell {
  const address = cellAddress(definition.identity);
  const folder = cellFolder(runsRoot, address);
  const text = sealedJson({ address, ...definition });
  onDisk(`cannot make a cell in ${cellsRoot(runsRoot)}`, runsRoot, () => {
    makeFolders(join(folder, 'attempts'));
    const before = trySealedFile(cellFile(folder));
    if (before?.isChecked && before.body === readSealed(text).body) return;
    writeSharedFileAtomically(cellFile(folder), text);
    syncFolder(cellsRoot(runsRoot));
  });
  return { ...definition, address, folder };
}

/** The cell in `folder`. Throws SweepError if there is none, or where cell.json does not belong to this folder. */
export function readCell(folder: string): Cell {
  const cell = parseCell(folder);
  if (cell) return { ...cell, folder };
  throw new SweepError(
    `${cellFile(folder)} is missing or damaged, or belongs to another cell. Run the sweep again, which rewrites the file`,
  );
}

const cellFile = (folder: string): string => join(folder, 'cell.json');

function parseCell(folder: string): Omit<Cell, 'folder'> | undefined {
  const cell = trySealedFile(cellFile(folder))?.content as Omit<Cell, 'folder'> | null | undefined;
  if (!cell?.identity) return undefined;
  const address = cellAddress(cell.identity);
  return address === cell.address && address === basename(folder) ? cell : undefined;
}
