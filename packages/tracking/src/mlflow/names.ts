import type { RunManifest } from '../manifest';
import { logTags, renameRun, type RemoteRun } from './api';
import type { MlflowClient } from './client';
import { nameOf, tag, type Entry } from './limits';
import type { SweepCell, SweepRecord } from './sweep-record';

/** `w/o CMS (model.dim=64) · seed 2`: the method as people call it. `sweep`: that the run was made for. */
export function runName(title: string, { seed, overrides, cell: address }: RunManifest, sweep: SweepRecord | undefined): string {
  const cell = sweep?.cells.find((one) => one.address === address);
  const words = sweep && cell ? changesOf(cell, sweep) : notable(overrides);
  return nameOf(`${withWords(title, words)} · seed ${seed}`);
}

/** `Ablations of TASS (epochs=8)`. */
export const sweepName = ({ title, words }: SweepRecord): string => nameOf(withWords(title, notable(words)));

/** What a cell's runs are called, without the seed. */
export const methodName = (cell: SweepCell, sweep: SweepRecord): string =>
  cell.title === undefined ? withoutFolders(withoutSeed(cell.name)) || sweep.title : withWords(cell.title, changesOf(cell, sweep));

/** Cells that differ in their seed only have the same. */
export const withoutSeed = (name: string): string => name.split(' ').filter((word) => !/^\+*seed=/.test(word)).join(' '); // prettier-ignore

const withWords = (title: string, words: readonly string[]): string => (words.length > 0 ? `${title} (${words.join(', ')})` : title);

/** The words of the command line, and those that tell the cell from others of its sweep; not what a grid's file sets for all of them. */
function changesOf({ title, overrides }: SweepCell, { cells, words }: SweepRecord): string[] {
  const given = new Set(title === undefined ? [] : words.map(keyOf));
  const isOfAll = (word: string): boolean => cells.every((cell) => cell.overrides.includes(word));
  const last = new Map(overrides.map((word) => [keyOf(word), word]));
  return notable([...last.values()].filter((word) => given.has(keyOf(word)) || !isOfAll(word)));
}

const notable = (words: readonly string[]): string[] => words.filter(isNotable).map(withoutFolders);

/** A name has the seed and the title anyway. Where and how a run is computed does not decide its result; of MiniAVQA `dataset.videos` is a map. */
export const isNotable = (word: string): boolean =>
  !/^(seed|title|launcher([.@].*)?|engine\.(threads|device)|dataset\.(root|workers)|features\.(store|workers))$/.test(keyOf(word)) &&
  !/^[+~]*dataset\.videos=[^{]/.test(word);

/** Of the paths in a word's value only their last names: `features.clip=/home/ann/clip` is `features.clip=clip`. */
export const withoutFolders = (word: string): string =>
  word.replaceAll(/(?<=[=,[{:\s"'])(?:~[^/\\,\s]*|\.{1,2}|[A-Za-z]:)?[/\\](?:[^/\\,\]}"']*[/\\])*(?=[^/\\,\]}"'])/g, '');

const keyOf = (word: string): string => word.replace(/^[+~]+/, '').split('=')[0];

/** To be given to an MLflow run together with its name: a later call compares it with the run's name, to see whether a person has changed that. */
export const nameTag = (name: string): Entry => tag('tass.name', name);

/** Gives an MLflow run its name, unless a person has given it another. `former`: what earlier versions called it. */
export async function giveName(client: MlflowClient, { id, name, tags }: RemoteRun, wanted: string, former: string): Promise<void> {
  const { key, value } = nameTag(wanted);
  if (![tags[key], wanted, former].includes(name)) return;
  if (name !== wanted) await renameRun(client, id, wanted);
  if (tags[key] !== value) await logTags(client, id, [{ key, value }]);
}
