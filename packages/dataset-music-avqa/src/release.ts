import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Split = 'train' | 'val' | 'test' | 'train_fake';

/**
 * official: json_update, which the published tables use. older: json, with contradictory duplicates. synthetic: the older list of train
 * questions on synthetic videos. embedded: a world made by this project. unknown: none of these.
 */
export type ReleaseKind = 'official' | 'older' | 'synthetic' | 'embedded' | 'unknown';

export interface Release {
  readonly kind: ReleaseKind;
  readonly name: string; // 'json_update/avqa-val.json'; for embedded and unknown files a sentence on what is known
  readonly split?: string; // of a known file: what it holds
}

/** Git blob ids of the files in the official repository's data folder, GeWu-Lab/MUSIC-AVQA at cc88095. */
const KNOWN_FILES: Readonly<Record<string, string>> = {
  dfb9233f598bb27ce6d2783ca377131a6ae2be2c: 'json_update/avqa-train.json',
  dcda27ddfd5de55e8e5723b5ffe5b40d35efeabc: 'json_update/avqa-val.json',
  '84e8b4579b1bd62e5bf0b5e1e6545a3e68b39f88': 'json_update/avqa-test.json',
  d1da1c6da7ea5a523b93d0dc73444f3b69967528: 'json/avqa-train.json',
  '404f1e83e06c42c8b7875279f9788536e4ac3d9f': 'json/avqa-train_real.json',
  '96c434d376af93f317e4604a04db587d4422ab10': 'json/avqa-train_fake.json',
  '682bca7ad3a09969995ac9fe5d6378145e92797f': 'json/avqa-val.json',
  '3551fddbfe19b30a9584ab011636068f344f54e1': 'json/avqa-val_real.json',
  c6524b10130b77957fef57c44134f8c478a799be: 'json/avqa-val_fake.json',
  '835b8b552ce71548a04bfb50806d619f94bd5947': 'json/avqa-test.json',
  '42b93144f1db772bb54aa6fa8e3ad51fec764c91': 'json/avqa-test_real.json',
  '2e67fddad4c7c864267c6a7cb44b3fa22d98f48b': 'json/avqa-test_fake.json',
};

export const isKnownFile = (gitBlob: string): boolean => gitBlob in KNOWN_FILES;

/** Recognises an annotation file by the git blob id of its content, or by the `world.json` of an embedded world beside or above it. */
export function recogniseRelease(file: string, gitBlob: string): Release {
  const known = KNOWN_FILES[gitBlob];
  if (known !== undefined) {
    const split = splitOfName(known);
    const kind = known.startsWith('json_update/') ? 'official' : split === 'train_fake' ? 'synthetic' : 'older';
    return { kind, name: known, split };
  }
  const folder = dirname(file);
  const world = [folder, dirname(folder)].map((place) => join(place, 'world.json')).find((manifest) => existsSync(manifest));
  if (world !== undefined) return { kind: 'embedded', name: `embedded world described by ${world}` };
  return { kind: 'unknown', name: `unknown file (git blob ${gitBlob}): no file of MUSIC-AVQA's json_update or json release` };
}

/** 'val' for '.../avqa-val.json' or '.../avqa-val.json.gz', undefined for another name. */
export function splitOfName(file: string): string | undefined {
  return /(?:^|[/\\])avqa-(\w+)\.json(?:\.gz)?$/.exec(file)?.[1];
}
