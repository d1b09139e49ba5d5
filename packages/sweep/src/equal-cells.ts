interface NamedCell {
  readonly address: string;
  readonly name: string;
}

/** For each cell, the name of the first identical cell, if that is an earlier one. Such cells run once and count once. */
export function earlierEquals(cells: readonly NamedCell[]): (string | undefined)[] {
  const first = new Map<string, string>(); // its name, by address
  return cells.map(({ address, name }) => {
    const equals = first.get(address);
    if (equals === undefined) first.set(address, name);
    return equals;
  });
}

/** The cells without those identical to an earlier one. */
export function differentCells<Cell extends NamedCell>(cells: readonly Cell[]): Cell[] {
  const equals = earlierEquals(cells);
  return cells.filter((_, index) => equals[index] === undefined);
}
