import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Split = 'train' | 'val' | 'test' | 'train_fake';

/**
 * official: json_update, which the published tables use. older: json, with contradictory duplicates. synthetic: the older list of train
 * questions on synthetic videos. v2.0 and R: benchmarks made after MUSIC-AVQA. embedded: a world made by this project. unknown: none of these.
 */
export type ReleaseKind = 'official' | 'older' | 'synthetic' | 'v2.0' | 'R' | 'embedded' | 'unknown';

export interface Release {
  readonly kind: ReleaseKind;
  readonly name: string; // 'json_update/avqa-val.json'; for embedded and unknown files a sentence on what is known
  readonly split?: string; // of a known file: what it holds, as in its name
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

/**
 * Git blob ids of MUSIC-AVQA v2.0: the tests and trains of DragonLiu1995/MUSIC-AVQA-v2.0 at 7db4f54, which has no validation files, and
 * those that AIM-SKKU/QA-TIGER at f40bd02 cut from its train files.
 */
const V2_FILES: Readonly<Record<string, string>> = {
  b78957e2ea85d6e932ef220aacd94d9a4b41a852: 'test_balance',
  b53e69bf83d061fa90b3c54e5e4c5d87cc5f32c8: 'test_bias',
  '2abbe6bd5fc240a7ddd3e0075fffc68a7dffe848': 'balance_valid',
  '312a783af6c9b0dd0eb406ebac09f2046a6b5458': 'bias_valid',
  '5b5ef1934f4f538a2ea15aa853ba34bfe52ff29a': 'train_balance',
  fd92f964a630e4f321a1ab56b3641757791ab6e8: 'train_bias',
  fce92b7be3c86406acd4782f708cf9069d2dea31: 'balance_train',
  '22b37bf43d6deee82e517efc6945e1a3e28fc6f6': 'bias_train',
};

/** Beginnings of git blob ids of MUSIC-AVQA-R, as in reml-group/MUSIC-AVQA-R and as AIM-SKKU/QA-TIGER holds them. */
const R_FILES: Readonly<Record<string, string>> = {
  ...{ '387be119': 'head', '35ab0599': 'headtail', '19e426a6': 'tail' },
  ...{ '773c361f': 'head', '42974923': 'headtail', '33e7907a': 'tail' },
};

export const isKnownFile = (gitBlob: string): boolean => gitBlob in KNOWN_FILES || gitBlob in V2_FILES || gitBlob.slice(0, 8) in R_FILES;

/** Recognises an annotation file by the git blob id of its content, or by the `world.json` of an embedded world next to or above it. */
export function recogniseRelease(file: string, gitBlob: string): Release {
  const known = KNOWN_FILES[gitBlob];
  if (known !== undefined) {
    const split = splitOfName(known);
    const kind = known.startsWith('json_update/') ? 'official' : split === 'train_fake' ? 'synthetic' : 'older';
    return { kind, name: known, split };
  }
  const [ofV2, ofR] = [V2_FILES[gitBlob], R_FILES[gitBlob.slice(0, 8)]];
  if (ofV2 !== undefined) return { kind: 'v2.0', name: `MUSIC-AVQA v2.0, ${ofV2}.json`, split: ofV2 };
  if (ofR !== undefined) return { kind: 'R', name: `MUSIC-AVQA-R, avqa-test-${ofR}.json`, split: ofR };
  const folder = dirname(file);
  const world = [folder, dirname(folder)].map((place) => join(place, 'world.json')).find((manifest) => existsSync(manifest));
  if (world !== undefined) return { kind: 'embedded', name: `embedded world described by ${world}` };
  return {
    kind: 'unknown',
    name: `unknown file (git blob ${gitBlob}): no file of MUSIC-AVQA's json_update or json release, of v2.0 or of R`,
  };
}

/** 'val' for '.../avqa-val.json' or '.../avqa-val.json.gz', undefined for any other name. */
export function splitOfName(file: string): string | undefined {
  return /(?:^|[/\\])avqa-(\w+)\.json(?:\.gz)?$/.exec(file)?.[1];
}
