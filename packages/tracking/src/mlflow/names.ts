import type { RunManifest } from '../manifest';
import { logTags, renameRun, type RemoteRun } from './api';
import type { MlflowClient } from './client';
import { nameOf, tag, type Entry } from './limits';
import type { SweepCell, SweepRecord } from './sweep-record';

/** `w/o CMS (model.dim=64) · seed 2`: the method's usual name. `sweep`: the run's sweep. */
export function runName(title: string, { seed, overrides, cell: address }: RunManifest, sweep: SweepRecord | undefined): string {
  const cell = sweep?.cells.find((one) => one.address === address);
  const words = sweep && cell ? changesOf(cell, sweep) : notable(overrides);
  return nameOf(`${withWords(title, words)} · seed ${seed}`);
}

/** `Ablations of TASS (epochs=8)`. */
export const sweepName = ({ title, words }: SweepRecord): string => nameOf(withWords(title, notable(words)));

/** The name of a cell's runs, without the seed. */
export const methodName = (cell: SweepCell, sweep: SweepRecord): string =>
  cell.title === undefined ? withoutFolders(withoutSeed(cell.name)) || sweep.title : withWords(cell.title, changesOf(cell, sweep));

/** The same for cells that differ only in their seed. */
export const withoutSeed = (name: string): string => name.split(' ').filter((word) => !/^\+*seed=/.test(word)).join(' '); // prettier-ignore

const withWords = (title: string, words: readonly string[]): string => (words.length > 0 ? `${title} (${words.join(', ')})` : title);

/** The words of the command line, and those that distinguish the cell within its sweep, without what the grid's file sets for all cells. */
function changesOf({ title, overrides }: SweepCell, { cells, words }: SweepRecord): string[] {
  const given = new Set(title === undefined ? [] : words.map(keyOf));
  const isOfAll = (word: string): boolean => cells.every((cell) => cell.overrides.includes(word));
  const last = new Map(overrides.map((word) => [keyOf(word), word]));
  return notable([...last.values()].filter((word) => given.has(keyOf(word)) || !isOfAll(word)));
}

const notable = (words: readonly string[]): string[] => words.filter(isNotable).map(withoutFolders);

/**
 * Left out: seed and title, which the name has anyway, and settings that do not affect the result. For MiniAVQA, `dataset.videos` is a map.
 */
export const isNotable = (word: string): boolean =>
  !/^(seed|title|launcher([.@].*)?|engine\.(threads|device)|dataset\.(root|workers)|features\.(device|store|workers))$/.test(keyOf(word)) &&
  !/^[+~]*dataset\.videos=[^{]/.test(word);

/** Shortens paths in a word's value to their last name: `features.clip=/home/ann/clip` becomes `features.clip=clip`. */
export const withoutFolders = (word: string): string =>
  word.replaceAll(/(?<=[=,[{:\s"'])(?:~[^/\\,\s]*|\.{1,2}|[A-Za-z]:)?[/\\](?:[^/\\,\]}"']*[/\\])*(?=[^/\\,\]}"'])/g, '');

const keyOf = (word: string): string => word.replace(/^[+~]+/, '').split('=')[0];

/** A tag that is set together with a run's name. A later call compares the two, to see whether a user has renamed the run. */
export const nameTag = (name: string): Entry => tag('tass.name', name);

/** Names an MLflow run, unless a user has renamed it. `former`: its name in earlier versions. */
export async function giveName(client: MlflowClient, { id, name, tags }: RemoteRun, wanted: string, former: string): Promise<void> {
  const { key, value } = nameTag(wanted);
  if (![tags[key], wanted, former].includes(name)) return;
  if (name !== wanted) await renameRun(client, id, wanted);
  if (tags[key] !== value) await logTags(client, id, [{ key, value }]);
}
