import { cellFolder, readCell, type Cell } from './cell';
import { canonicalJson } from './canonical-json';
import { oneLine } from './plain-text';
import { SweepError } from './sweep-error';
import type { RecordedCell, Sweep } from './sweep-folder';

/**
 * Checks that the current files give the cells that the sweep recorded. Throws SweepError that lists added and removed cells, and changed
 * keys.
 */
export function refuseChangedCells(runsRoot: string, sweep: Sweep, present: readonly Cell[]): void {
  const [before, now] = [withoutAddressesOf(present, sweep.cells), withoutAddressesOf(sweep.cells, present)]; // a new name is not a change
  const gone = before.filter(({ name }) => !now.some((cell) => cell.name === name));
  const added = now.filter(({ name }) => !before.some((cell) => cell.name === name));
  const changed = now.flatMap((cell) => {
    const former = before.find(({ name }) => name === cell.name);
    return former ? [`${cell.name}: ${changedKeys(runsRoot, former, cell)}`] : [];
  });
  const differences = [
    ...changed,
    ...(gone.length > 0 ? [`no longer there: ${listed(gone)}`] : []),
    ...(added.length > 0 ? [`new: ${listed(added)}`] : []),
  ];
  if (differences.length === 0) return;
  const shown = [...differences.slice(0, 5), ...(differences.length > 5 ? [`and ${differences.length - 5} more`] : [])];
  const advice = 'Undo the change, or start a new sweep without --resume: cells that are equal and have succeeded are not run again';
  throw new SweepError(`the files no longer give the cells of ${sweep.id}:\n  ${shown.join('\n  ')}\n${advice}`);
}

function withoutAddressesOf<Addressed extends { readonly address: string }>(
  others: readonly { readonly address: string }[],
  cells: readonly Addressed[],
): Addressed[] {
  const addresses = new Set(others.map(({ address }) => address));
  return cells.filter(({ address }) => !addresses.has(address));
}

const listed = (cells: readonly { readonly name: string }[]): string =>
  `${cells.slice(0, 4).map(({ name }) => oneLine(name)).join(', ')}${cells.length > 4 ? ` and ${cells.length - 4} more` : ''}`; // prettier-ignore

function changedKeys(runsRoot: string, former: RecordedCell, cell: Cell): string {
  let before: unknown;
  try {
    before = readCell(cellFolder(runsRoot, former.address)).identity;
  } catch {
    return 'changed; its former value is unknown';
  }
  return [...differences(before, cell.identity, '')].join(', ');
}

function* differences(before: unknown, after: unknown, path: string): Generator<string> {
  if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(before[key], after[key], path ? `${path}.${key}` : key);
    }
  } else if (shown(before) !== shown(after)) {
    yield `${path} was ${shown(before)}, is ${shown(after)}`;
  }
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (value === undefined ? 'not there' : canonicalJson(value));
