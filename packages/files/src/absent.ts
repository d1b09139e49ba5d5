import { readdirSync, readlinkSync } from 'node:fs';

/** What to say of a file that cannot be found: `is not there`, or where the link that bears its name leads. */
export function describeAbsence(file: string): string {
  try {
    return `is a link to ${readlinkSync(file)}, which is not there`;
  } catch {
    return 'is not there'; // no link
  }
}

const mostParts = 12; // of a name: each pair of them bounds an id

/**
 * The files of `folder` whose name holds a given id between separators: `feat_00000123.mp4.npy` holds `00000123`. Of a folder that cannot be
 * read there are none. For messages on a file that is not there under the name that was expected.
 */
export class NamesByID {
  private readonly names = new Map<string, string[]>();

  constructor(folder: string) {
    for (const name of namesIn(folder).sort()) {
      const bounds = [...name.matchAll(/[._\- ]+/g)].slice(0, mostParts);
      const starts = [0, ...bounds.map(({ 0: separator, index }) => index + separator.length)];
      const ends = [...bounds.map(({ index }) => index), name.length];
      for (const start of starts) for (const end of ends) if (end > start) this.add(name.slice(start, end), name);
    }
  }

  get(id: string): readonly string[] {
    return this.names.get(id) ?? [];
  }

  private add(id: string, name: string): void {
    const names = this.names.get(id);
    if (names === undefined) this.names.set(id, [name]);
    else if (names.at(-1) !== name) names.push(name);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
