/**
 * How much one configuration may hold: far more than experiments need (the largest here has 200 values in 7 kB), and so little that
 * anything larger is refused within seconds. `docs/limits.md` lists these with those of other files.
 */
export const limits = {
  fileBytes: 2 ** 18,
  fileSigns: 20_000, // lines, commas, brackets, quotes and marks of a file: what a parser of YAML spends its time on
  files: 500, // that one experiment is made of
  depth: 50, // of lists and maps in one another, and of files that name one another
  references: 500, // that lead to one another
  values: 50_000, // with what aliases and references repeat
  characters: 2 ** 20, // of all keys and values together
  overrides: 1000,
  overrideCharacters: 100_000, // a list of 10,000 numbers
  keyCharacters: 250, // what a file's name may have
  axisValues: 10_000,
  mistakes: 50, // that one error lists
} as const;

/** The budget of one tree, spent while it is built: aliases and references may repeat what is written once. */
export class Budget {
  private values = 0;
  private characters = 0;

  /** Takes a value with its key. Returns what is exceeded, as in `more than 50000 values`. */
  spend(value: unknown, key = '', depth = 0): string | undefined {
    this.values++;
    this.characters += key.length + (typeof value === 'string' ? value.length : 0);
    return exceeded({ values: this.values, characters: this.characters, depth });
  }
}

export interface Extent {
  readonly values: number;
  readonly characters: number;
  readonly depth: number;
}

/** The limit that `extent` exceeds, in words: `more than 50000 values`. */
export function exceeded({ values, characters, depth }: Extent): string | undefined {
  if (depth > limits.depth) return `lists and maps within one another deeper than ${limits.depth} levels`;
  if (values > limits.values) return `more than ${limits.values} values`;
  return characters > limits.characters ? `more than ${limits.characters} characters of text` : undefined;
}
