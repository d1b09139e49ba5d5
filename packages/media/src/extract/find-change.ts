import type { Output } from './output';
import type { OutputFolder } from './output-folder';
import { isSameVersion, maybeSameVersion, type Source, sourceOf, withDigest } from './source';

export type MediaKind = 'frames' | 'sound';

/** Frames or sound that were not made from the video as it is now, or not with these settings. */
export interface Change {
  readonly kinds: readonly MediaKind[];
  readonly isOfVideo: boolean; // false: of settings alone
  readonly reason: string; // follows the video's name
}

/** A folder of outputs of one kind; `isOther`: not asked for, such as sound at another rate. */
export interface KindFolder {
  readonly kind: MediaKind;
  readonly folder: OutputFolder;
  readonly isOther: boolean;
}

/** A folder, and what stands there for one video. */
export interface KindOutput extends KindFolder {
  readonly output: Output;
}

export const readOutputs = (videoId: string, folders: readonly KindFolder[]): KindOutput[] =>
  folders.map((each) => ({ ...each, output: each.folder.read(videoId) }));

/** The version of a video file, with the digest of its content where only that decides whether something was made from it. Throws MediaError. */
export async function versionOf(file: string, outputs: readonly KindOutput[]): Promise<Source> {
  const source = await sourceOf(file);
  const isUndecided = outputs.some(({ output }) => {
    const record = output.stateOf(source) === 'stale' ? output.record?.source : undefined;
    return record?.sha256 !== undefined && record.size === source.size && !isSameVersion(record, source);
  });
  return isUndecided ? withDigest(file, source) : source;
}

/**
 * Compares a video with the records of all frames and sound that were made from it. Without the video (`source` undefined), they must be of
 * one version. Undefined where nothing has changed; what the user brought has no record.
 */
export function findChange(source: Source | undefined, outputs: readonly KindOutput[]): Change | undefined {
  const made = outputs.filter(({ output }) => !['absent', 'brought'].includes(output.stateOf(source)));
  const records = made.map(({ kind, folder, output: { record } }) => ({ kind, folder, record }));
  const version = source ?? records.find(({ record }) => record !== undefined)?.record?.source;
  const isSame = source ? isSameVersion : maybeSameVersion;
  const isOfVersion = (each: Source | undefined): boolean => each !== undefined && version !== undefined && isSame(each, version);
  const kinds = [...new Set(records.filter(({ record }) => !isOfVersion(record?.source)).map(({ kind }) => kind))];
  const again = 'them again: features:prepare --refresh';
  if (kinds.length > 0 && source === undefined)
    return {
      kinds,
      isOfVideo: true,
      reason: `is not there, and its frames and sound were made from two versions of it. Put it back, then extract ${again}`,
    };
  if (kinds.length > 0) {
    const were = kinds.join() === 'sound' ? 'was' : 'were';
    return { kinds, isOfVideo: true, reason: `has changed since its ${kinds.join(' and ')} ${were} extracted. Extract ${again}` };
  }
  const other = records.find(({ folder, record }) => record?.settings !== (folder.ownSettings ?? record?.settings));
  if (other === undefined || source === undefined) return undefined;
  const [was, is] = [other.record!.settings, other.folder.ownSettings];
  return {
    kinds: [other.kind],
    isOfVideo: false,
    reason: `has ${other.kind} made with the settings ${was}, expected ${is}. Extract ${again}`,
  };
}
