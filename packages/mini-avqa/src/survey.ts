import { kinds } from './kinds';
import { heardKinds, seconds, soundingSources, type Instrument, type Scene, type Source } from './scene';

/** What questions ask about, counted once for a scene. */
export interface Survey {
  readonly scene: Scene;
  readonly playing: readonly Instrument[]; // seen and sounding
  readonly moving: readonly Instrument[]; // seen and moving: playing or decoys
  readonly sources: readonly Source[]; // sounding, seen or hidden
  readonly heardSeconds: readonly number[]; // [kinds]: how long each kind is heard
  readonly heard: readonly number[]; // the kinds that are heard
  readonly seenCount: readonly number[]; // [kinds]: instruments of each kind in the picture
  readonly seen: readonly number[]; // the kinds in the picture
  /** The one source of each kind that has exactly one, [kinds]. */
  readonly single: readonly (Source | undefined)[];
}

export function surveyScene(scene: Scene): Survey {
  const sources = soundingSources(scene);
  const heardSeconds = heardKinds(sources).map((inSecond) => inSecond.filter(Boolean).length);
  const seenCount = kinds.map((_, kind) => scene.instruments.filter((instrument) => instrument.kind === kind).length);
  const present = (counts: readonly number[]) => counts.flatMap((count, kind) => (count > 0 ? [kind] : []));
  const single = kinds.map((_, kind) => {
    const same = sources.filter((source) => source.kind === kind);
    return same.length === 1 ? same[0] : undefined;
  });
  return {
    ...{ scene, sources, heardSeconds, seenCount, single },
    playing: scene.instruments.filter(({ state }) => state === 'playing'),
    moving: scene.instruments.filter(({ state }) => state !== 'resting'),
    heard: present(heardSeconds),
    seen: present(seenCount),
  };
}

/** The first second of a source; `seconds` when it is never active. */
export function onset({ active }: Source): number {
  const first = active.indexOf(true);
  return first < 0 ? seconds : first;
}

/** The earliest first. */
export const inOrder = <Any extends Source>(all: readonly Any[]): Any[] => [...all].sort((one, other) => onset(one) - onset(other));

/** Pairs of different items, in both orders. */
export function orderedPairs<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((one) => items.filter((other) => other !== one).map((other): [Item, Item] => [one, other]));
}

export const yesOrNo = (yes: boolean): string => (yes ? 'yes' : 'no');

/** Differences of fewer seconds than this, in length or onset, are not asked about. */
export const leastSeconds = 2;
