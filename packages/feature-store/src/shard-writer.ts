import { createHash, type Hash } from 'node:crypto';
import { GrowingFile, sealedJson } from '@tass/files';
import { doubtOf } from './doubts';
import { encodeHalves } from './half';
import { fieldsOf, type FieldDescription, type StoreDescription, valuesPerRecord } from './manifest';
import { type Doubt, type Fault, readShards, type Shard, shardEntryPath, shardPath } from './shard';
import { toWriteAgain, writeWholeFile } from './whole-file';

/** A shard to make: its keys and its number. */
export type ShardPlan = Pick<Shard, 'key' | 'index' | 'keys'>;

/** Remarks on a shard's records. */
export interface ShardRemarks {
  readonly faults?: readonly Fault[];
  readonly doubts?: readonly Doubt[]; // of the caller; findings of `doubtOf` take precedence
  readonly sources?: Readonly<Record<string, string>>; // by key: a digest of what the record was made of
  readonly shortVideos?: Readonly<Record<string, number>>; // by key: how many seconds a video lasts that is too short
  readonly provider?: string; // that computed it, if not the CPU's
}

interface OpenField {
  readonly description: FieldDescription;
  readonly file: GrowingFile;
  readonly hash: Hash;
  readonly doubts: Doubt[];
}

/**
 * Writes a shard record by record and keeps none in memory: its files, then with `finish` its description, which completes it. `abandon`
 * removes what was written. Any process on any machine may write a shard, but only one at a time.
 */
export class ShardWriter {
  private readonly open = new Map<string, OpenField>(); // from the first record on
  private readonly keys: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly description: StoreDescription,
    private readonly plan: ShardPlan,
  ) {}

  /** Adds the next record, its values by field. Throws for a value that float16 cannot represent, and names the key. */
  add(key: string, record: Readonly<Record<string, Float32Array>>): void {
    const fields = fieldsOf(this.description, this.plan.key);
    for (const [field, description] of fields) this.refuseUnstorable(key, field, description, record[field]);
    if (this.keys.length === 0) for (const [field, description] of fields) this.begin(field, description);
    for (const [field, { description, file, hash, doubts }] of this.open) {
      const bytes = new Uint8Array(encodeHalves(record[field]).buffer);
      toWriteAgain(() => file.append(bytes));
      hash.update(bytes);
      const reason = doubtOf(record[field], description);
      if (reason !== undefined) doubts.push({ key, field, reason });
    }
    this.keys.push(key);
  }

  /** Writes nothing if all keys failed before and failed again, for the same reasons. */
  finish({ faults = [], doubts: given = [], sources, shortVideos = {}, provider }: ShardRemarks = {}): Shard {
    const { keys, folder, plan } = this;
    const sha256: Record<string, string> = {};
    const doubts: Doubt[] = [];
    for (const [field, { file, hash, doubts: found }] of this.open) {
      toWriteAgain(() => file.commit());
      sha256[field] = hash.digest('hex');
      const isFound = ({ key }: Doubt) => found.some((doubt) => doubt.key === key);
      doubts.push(...found, ...given.filter((doubt) => doubt.field === field && !isFound(doubt)));
    }
    const shard: Shard = {
      ...{ key: plan.key, index: plan.index, keys, sha256, faults, doubts },
      ...(sources ? { sources } : {}),
      ...(Object.keys(shortVideos).length > 0 ? { shortVideos } : {}),
      ...(provider === undefined ? {} : { provider }),
    };
    if (keys.length > 0 || !areKnown(folder, plan, faults)) {
      writeWholeFile(shardEntryPath(folder, plan), Buffer.from(sealedJson(shard, 1)));
    }
    return shard;
  }

  abandon(): void {
    for (const { file } of this.open.values()) file.abandon();
  }

  private begin(field: string, description: FieldDescription): void {
    const file = toWriteAgain(() => new GrowingFile(shardPath(this.folder, field, this.plan.index)));
    this.open.set(field, { description, file, hash: createHash('sha256'), doubts: [] });
  }

  private refuseUnstorable(key: string, field: string, description: FieldDescription, values?: Float32Array): void {
    const length = valuesPerRecord(description);
    if (values?.length !== length) throw new Error(`${field} of ${key} has ${values?.length} values, expected ${length}`);
    const bad = values.find((value) => !(Math.abs(value) < 65520));
    if (bad === undefined) return;
    throw new Error(`${field} of ${this.plan.key} ${key} holds ${bad}, which float16 cannot. Check the media and the model`);
  }
}

/** Whether the last reason on record for each of these is the same one. */
function areKnown(folder: string, { key }: ShardPlan, faults: readonly Fault[]): boolean {
  const known = readShards(folder).filter(({ shard }) => shard.key === key).flatMap(({ shard }) => shard.faults); // prettier-ignore
  const reasons = new Map(known.map((fault) => [fault.key, fault.reason]));
  return faults.every((fault) => reasons.get(fault.key) === fault.reason);
}
