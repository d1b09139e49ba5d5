import { readdirSync, readlinkSync, statSync } from 'node:fs';

/** The reason why a file cannot be found: `is not there`, or the target of a broken link of that name. */
export function describeAbsence(file: string): string {
  try {
    return `is a link to ${readlinkSync(file)}, which is not there`;
  } catch {
    return 'is not there'; // no link
  }
}

/**
 * Files in `folder` that may be the missing one, for error messages: names that contain `id` between separators (`feat_00000123.mp4.npy`
 * for `00000123`) or, if it is a long number, after a word (`video00000123.npy`). If there are none, names that differ up to the first dot
 * only in leading zeros or case (`123.mp4`). None if the folder is unreadable.
 */
export function namesHolding(folder: string, id: string): readonly string[] {
  const changed = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
  if (last?.folder !== folder || last.changed !== changed) last = { folder, changed, names: new NamesByID(folder) };
  return last.names.get(id);
}

let last: { readonly folder: string; readonly changed?: number; readonly names: NamesByID } | undefined; // many ids are looked up in one folder

const mostParts = 12; // of a name: each pair of positions encloses an id
const separators = /[._\- ]+|(?<=[a-z]{3})(?=\d{5})|(?<=\d{5})(?=[a-z]{3})/gi; // two letters before a number are part of an id: sa00000123
const furtherPart = /^_(?:flip|#\d+)(?![a-z\d])/i; // suffix of an id in MUSIC-AVQA v2.0: a mirrored copy or a piece of a video is another video

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
