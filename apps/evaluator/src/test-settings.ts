import type { OtherTest, TestOf } from '@tass/experiment';
import { didYouMean, UsageError } from '@tass/program';

/** Another benchmark's test split, its folder and that of its features. */
export const TEST_SETTINGS = ['dataset', 'dataset.version', 'dataset.root', 'features.store'] as const;

/** The test split that these words choose for a run; undefined without any. Throws UsageError. */
export function otherTest(words: readonly string[], split: 'val' | 'test'): OtherTest | undefined {
  if (words.length === 0) return undefined;
  const { 'features.store': store, dataset } = settingsIn(words, TEST_SETTINGS);
  if (dataset === undefined)
    throw new UsageError(`${words.join(' ')} applies only to another benchmark's test, expected dataset=NAME, one of ${KINDS.join(', ')}`);
  if (split === 'val') throw new UsageError(`only the test split of dataset=${dataset} can be scored, expected --split=test`);
  const { benchmark, root } = benchmarkOf(words.filter((word) => !word.startsWith('features.')));
  return { benchmark, root, store };
}

/** The benchmark to score: dataset=NAME, for v2.0 with dataset.version, in dataset.root. Throws UsageError. */
export function benchmarkOf(rest: readonly string[]): { readonly benchmark: TestOf; readonly root: string | undefined } {
  const {
    dataset: kind = 'music-avqa',
    'dataset.version': version,
    'dataset.root': root,
  } = settingsIn(rest, ['dataset', 'dataset.version', 'dataset.root']);
  if (!isKind(kind)) throw new UsageError(`dataset is ${kind}, expected ${KINDS.join(', ')}.${didYouMean(kind, KINDS)}`);
  if (kind !== 'music-avqa-v2') {
    if (version !== undefined) throw new UsageError(`dataset.version is for dataset=music-avqa-v2, not for ${kind}`);
    return { benchmark: { kind }, root };
  }
  if (version !== undefined && version !== 'balance' && version !== 'bias')
    throw new UsageError(`dataset.version is ${version}, expected balance or bias`);
  return { benchmark: { kind, version: version ?? 'balance' }, root };
}

const KINDS = ['music-avqa', 'music-avqa-v2', 'music-avqa-r', 'fortis-avqa'] as const;
const isKind = (name: string): name is (typeof KINDS)[number] => KINDS.some((kind) => kind === name);

/** The last value of each of these settings. Throws UsageError for any other word. */
function settingsIn<Name extends string>(rest: readonly string[], names: readonly Name[]): Partial<Record<Name, string>> {
  const nameOf = (word: string): Name | undefined => names.find((name) => word.startsWith(`${name}=`));
  refuseSettings(rest.filter((word) => nameOf(word) === undefined), `only ${names.join(', ')} can be given`); // prettier-ignore
  return Object.fromEntries(rest.map((word) => [nameOf(word)!, word.slice(nameOf(word)!.length + 1)])) as Partial<Record<Name, string>>;
}

/** The only setting of commands that compute no run. */
export function rootOf(rest: readonly string[]): string | undefined {
  const root = rest.filter((word) => word.startsWith('dataset.root='));
  refuseSettings(rest.filter((word) => !root.includes(word)), 'only dataset.root=FOLDER can be given'); // prettier-ignore
  return root.at(-1)?.slice('dataset.root='.length);
}

/** Throws UsageError if a word is left over. */
function refuseSettings(rest: readonly string[], what: string): void {
  if (rest.length > 0) throw new UsageError(`${rest.join(' ')} is not a setting here, ${what}`);
}
