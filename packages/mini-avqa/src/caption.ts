import { kindName } from './kinds';
import type { Random } from './random';
import { columns, type Instrument, type Scene } from './scene';

/** Numbers as words, as in the answers of MUSIC-AVQA. */
export const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'] as const;

const partialShare = 0.6; // of the captions that name only one or two instruments

/**
 * A caption of one second of a scene, words separated by blanks. It names kinds with counts, with places, or with what they
 * do; most captions name only a part of the scene, or "a violin" would come to mean "nothing but one violin".
 */
export function drawCaption(scene: Scene, second: number, random: Random): string {
  const style = random.uniform();
  const partial = random.chance(partialShare);
  const order = random.shuffled(scene.instruments);
  const named = partial ? order.slice(0, random.integer(1, 3)) : order;
  const parts =
    style < 0.35
      ? countParts(order, partial ? 1 : order.length)
      : style < 0.7
        ? named.map((instrument) => `a ${kindName(instrument.kind)} ${placeOf(instrument)}`)
        : named.map((instrument) => statePart(instrument, second, random.chance(0.5)));
  const prefix = random.pick([
    '',
    'a photo of ',
    `${numberWords[scene.instruments.length]} instruments : `,
    `${scene.outdoor ? 'outdoor' : 'indoor'} performance , `,
  ]);
  return prefix + parts.join(' , ');
}

const placeOf = ({ column }: Instrument) => `on the ${columns[column]}`;

function statePart(instrument: Instrument, second: number, withPlace: boolean): string {
  const state = instrument.active[second] ? 'playing' : 'silent';
  return `a ${kindName(instrument.kind)} ${state}${withPlace ? ` ${placeOf(instrument)}` : ''}`;
}

function countParts(instruments: readonly Instrument[], atMost: number): string[] {
  const counts = new Map<number, number>();
  for (const { kind } of instruments) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].slice(0, atMost).map(([kind, count]) => `${count > 1 ? numberWords[count] : 'a'} ${kindName(kind)}`);
}
