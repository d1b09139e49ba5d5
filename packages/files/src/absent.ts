import { readdirSync, readlinkSync, statSync } from 'node:fs';

/** What to say of a file that cannot be found: `is not there`, or where the link that bears its name leads. */
export function describeAbsence(file: string): string {
  try {
    return `is a link to ${readlinkSync(file)}, which is not there`;
  } catch {
    return 'is not there'; // no link
  }
}

/**
 * The files of `folder` whose name holds `id` between separators, `feat_00000123.mp4.npy` holds `00000123`, or next to a word where it is a long
 * number: `video00000123.npy`. Where there is none, those whose
 * name up to the first dot differs from it in leading zeros or in case only: `123.mp4`. An unreadable folder gives no names.
 * For messages on a file that is not there under the name that was expected.
 */
export function namesHolding(folder: string, id: string): readonly string[] {
  const changed = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
  if (last?.folder !== folder || last.changed !== changed) last = { folder, changed, names: new NamesByID(folder) };
  return last.names.get(id);
}

let last: { readonly folder: string; readonly changed?: number; readonly names: NamesByID } | undefined; // one folder is asked for many ids

const mostParts = 12; // of a name: each pair of them bounds an id
const separators = /[._\- ]+|(?<=[a-z]{3})(?=\d{5})|(?<=\d{5})(?=[a-z]{3})/gi; // two letters before a number are part of an id: sa00000123
const furtherPart = /^_(?:flip|#\d+)(?![a-z\d])/i; // of an id of MUSIC-AVQA v2.0: its mirrored copy, or a piece of it, is another video

class NamesByID {
  private readonly holding = new Map<string, string[]>();
  private readonly similar = new Map<string, string[]>();

  constructor(folder: string) {
    for (const name of namesIn(folder).sort()) {
      const bounds = [...name.matchAll(separators)].slice(0, mostParts);
      const starts = [0, ...bounds.map(({ 0: separator, index }) => index + separator.length)];
      const ends = [...bounds.map(({ index }) => index), name.length];
      for (const end of ends.filter((each) => !furtherPart.test(name.slice(each))))
        for (const start of starts) if (end > start) add(this.holding, name.slice(start, end), name);
      add(this.similar, similarity(name.replace(/\..*$/, '')), name);
    }
  }

  get(id: string): readonly string[] {
    return this.holding.get(id) ?? this.similar.get(similarity(id)) ?? [];
  }
}

const similarity = (id: string): string => id.toLowerCase().replace(/^0+(?=\d+$)/, '');

function add(map: Map<string, string[]>, key: string, name: string): void {
  const names = map.get(key);
  if (names === undefined) map.set(key, [name]);
  else if (names.at(-1) !== name) names.push(name);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
