import { parseJson } from '@tass/files';
import { isSameVersion, type Source } from './source';

/** `brought`: by the user, with no record of ours. `stale`: made from another version of the video, or with other settings. */
export type OutputState = 'absent' | 'brought' | 'fresh' | 'stale';

/** What an output was made from. */
export interface OutputRecord {
  readonly source: Source;
  readonly settings: string; // as JSON
}

export const discarding = '{"discarded":false}'; // in the place of a record
export const discarded = '{"discarded":true}';

/** The frames or the sound of one video, and the record of them, as they were when they were read. */
export class Output {
  readonly record: OutputRecord | undefined; // of one that is there, or was; undefined of one that was brought or discarded

  /** `settings` as of its folder. */
  constructor(
    private readonly isThere: boolean,
    private readonly text: string | undefined,
    private readonly settings: string | undefined,
  ) {
    this.record = text === undefined ? undefined : parseRecord(text);
  }

  /** `source` is undefined if the video itself is not there. */
  stateOf(source: Source | undefined): OutputState {
    const { record } = this;
    if (!this.isThere) return 'absent';
    if ([undefined, discarded].includes(this.text)) return 'brought';
    if (source === undefined) return 'fresh';
    const isFresh = record !== undefined && isSameVersion(record.source, source) && record.settings === (this.settings ?? record.settings);
    return isFresh ? 'fresh' : 'stale';
  }

  /** Whether an output of ours is gone because it was of an older version of the video, and none took its place. */
  get isDiscarded(): boolean {
    return !this.isThere && [discarding, discarded].includes(this.text ?? '');
  }
}

function parseRecord(text: string): OutputRecord | undefined {
  try {
    const { size, changed, sha256, ...settings } = parseJson(text) as Record<string, unknown>;
    if (typeof size !== 'number' || typeof changed !== 'number') return undefined;
    return { source: { size, changed, ...(typeof sha256 === 'string' ? { sha256 } : {}) }, settings: JSON.stringify(settings) };
  } catch {
    return undefined; // no JSON
  }
}
