import { composeExperiment, ConfigError, expandSweep, overrideValue, overrideWord, takePart, type ComposedConfig } from '@tass/config';
import { mostCells, readGrid, type CellRequest, type Coordinates, type Grid, type WrittenGrid } from '@tass/sweep';

/** A key with its values, from an argument of the command line. */
interface GivenAxis {
  readonly key: string;
  readonly values: readonly unknown[];
  readonly source: string;
}

export interface RequestedGrid {
  readonly title: string | undefined; // of the file
  readonly grid: WrittenGrid;
  readonly wordsOf: (cell: CellRequest) => string[]; // for `composeExperiment`: the file's, then the command line's in the order typed
}

/**
 * The grid of an experiment file, or of one experiment, with the axes of the command line: `seed=1,2,3`. These replace the grid's own axes;
 * `seed=4` replaces its seeds. Throws ConfigError with the mistakes in the file or the arguments.
 */
export function requestedGrid(name: string, words: readonly string[], root: string): RequestedGrid {
  const composed = composeExperiment({ root, name });
  const written = takePart(composed, 'sweep').part ? readGrid(composed) : gridOfOne(name, composed);
  const { axes, rest, words: inOrder } = expandSweep(words, root);
  const given = axes.map(({ key, values, source }) => ({ key, values: values.map((text) => overrideValue(text, source)), source }));
  const own = new Set([...Object.keys(written.grid.axes), ...(written.grid.seeds ? ['seed'] : [])]);
  const fixing = rest.flatMap((word) => fixedAxis(word, own));
  const ofCommandLine = new Set([...given, ...fixing].map(({ key }) => key));
  const wordsOf = ({ coordinates, overrides }: CellRequest): string[] => [
    ...overrides.filter((word) => !ofCommandLine.has(word.split('=')[0])),
    ...inOrder.map((word) => {
      const key = typeof word === 'string' ? word.split('=')[0] : word.key;
      return ofCommandLine.has(key) ? overrideWord(key, coordinates[key]) : String(word);
    }),
  ];
  const { title } = composed.config;
  return { title: typeof title === 'string' ? title : undefined, grid: withAxes(written, [...given, ...fixing]), wordsOf };
}

/** A single value for a key that is an axis of the grid. */
function fixedAxis(word: string, own: ReadonlySet<string>): GivenAxis[] {
  const [, key, text] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  const source = `override ${word}`;
  return key !== undefined && own.has(key) ? [{ key, values: [overrideValue(text, source)], source }] : [];
}

const gridOfOne = (name: string, { sourceOf }: ComposedConfig): WrittenGrid => ({
  grid: { experiments: [name], axes: {}, overrides: [], include: [], exclude: [] },
  sourceOf,
});

function withAxes({ grid, sourceOf }: WrittenGrid, given: readonly GivenAxis[]): WrittenGrid {
  const sources = new Map(given.map(({ key, source }) => [key, source]));
  const bare = (key: string): string => key.replace(/^\++/, '');
  const taken = new Set(given.map(({ key }) => bare(key)));
  const { seeds, ...others } = grid;
  const further = given.reduce((product, { values }) => product * values.length, grid.include.length);
  if (further > mostCells)
    throw new ConfigError([
      `${given.at(-1)!.source}: the grid has ${grid.include.length} further cells (include), with every value of the command line ${further}, expected at most ${mostCells}. Leave out values`,
    ]);
  const full: Grid = {
    ...others,
    ...(seeds && !taken.has('seed') ? { seeds } : {}),
    axes: { ...grid.axes, ...Object.fromEntries(given.map(({ key, values }) => [key, [...values]])) },
    overrides: grid.overrides.filter((word) => !taken.has(bare(word.split('=')[0]))),
    include: grid.include.flatMap((entry) => given.reduce(extended, [entry])),
  };
  return { grid: full, sourceOf: (path) => (path[0] === 'axes' && sources.get(String(path[1]))) || sourceOf(path) };
}

/** A cell under `include` is run at every value of the command line's axes. */
const extended = (entries: readonly Coordinates[], { key, values }: GivenAxis): Coordinates[] =>
  entries.flatMap((entry) => values.map((value) => ({ ...entry, [key]: value })));
