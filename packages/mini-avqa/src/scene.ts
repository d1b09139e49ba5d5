import { kinds } from './kinds';
import { randomOf, type Random } from './random';

/** Seconds of a video; a frame and a segment of sound each. */
export const seconds = 10;
/** Width and height of a frame in pixels. */
export const frameSize = 112;
/** Names of the three columns of a frame, from left to right; also the answers to "where". */
export const columns = ['left', 'middle', 'right'] as const;
/** Loudness of a quiet and of a loud source: root mean square of its sound, relative; 11.5 dB apart. */
export const levels = { quiet: 0.2, loud: 0.75 } as const;
/** Notes a second that a source may play. */
const noteRates = [1, 2, 4] as const;

/** What makes a sound: a kind, when, how loud, how fast. */
export interface Source {
  readonly kind: number; // index in kinds
  readonly active: readonly boolean[]; // [seconds]: sounds, or for a decoy moves, in this second
  readonly level: number; // of levels
  readonly rate: number; // of noteRates
}

/**
 * An instrument in the picture. `playing`: moves and sounds in the same seconds. `decoy`: moves, but makes no sound; at
 * least two of its moving seconds hold no sound of its kind. `resting`: neither moves nor sounds.
 */
export interface Instrument extends Source {
  readonly state: 'playing' | 'decoy' | 'resting';
  readonly column: number; // 0 left, 1 middle, 2 right
  readonly row: number; // 0 top, 1 bottom
  readonly x: number; // of the centre, pixels
  readonly y: number;
  readonly size: number; // half of its width and height, pixels
  readonly mirrored: boolean;
  readonly tint: readonly [number, number, number]; // added to every colour
}

/** One video before it is drawn: everything that determines frames, sound, captions and answers. */
export interface Scene {
  readonly seed: number;
  readonly outdoor: boolean;
  readonly light: number; // factor on every pixel
  readonly instruments: readonly Instrument[]; // in the picture
  readonly hidden: readonly Source[]; // heard from outside the picture; never the kind of a playing instrument
}

const scenesPerSeed = 2 ** 24;
const streams = ['train', 'val', 'test', 'corpus'] as const;
/** The purpose of a scene. No scene of one stream is a scene of another, for any seed. */
export type Stream = (typeof streams)[number];

/**
 * The seed of scene number `index` of a stream.
 * Throws RangeError when `seed` is not in 0 .. 2^24 - 1 or `index` not in 0 .. 2^24 - 1.
 */
export function sceneSeed(stream: Stream, seed: number, index: number): number {
  for (const [name, value] of Object.entries({ seed, index })) {
    if (!Number.isInteger(value) || value < 0 || value >= scenesPerSeed) {
      throw new RangeError(`sceneSeed: ${name} is ${value}, expected a whole number from 0 to ${scenesPerSeed - 1}`);
    }
  }
  return (streams.indexOf(stream) * scenesPerSeed + seed) * scenesPerSeed + index;
}

/** Draws the scene of a seed (see `sceneSeed`): 1 to 5 instruments on six places, and in 60 of 100 scenes hidden sources. */
export function drawScene(seed: number): Scene {
  const random = randomOf(seed, 'scene');
  const places = random.shuffled([0, 1, 2, 3, 4, 5]).slice(0, random.integer(1, 6));
  const common = random.integer(0, kinds.length); // the kind that several instruments share
  const drawn = places.map((place, index) => drawInstrument(random, place, index, common));
  const hidden = drawHidden(random, drawn);
  const heard = heardKinds(soundingSources({ instruments: drawn, hidden }));
  const instruments = drawn.map((instrument) => settle(random, instrument, heard[instrument.kind]));
  return { seed, outdoor: random.chance(0.5), light: random.between(0.8, 1.1), instruments, hidden };
}

/** Everything that sounds in a scene, seen or hidden. */
export function soundingSources({ instruments, hidden }: Pick<Scene, 'instruments' | 'hidden'>): Source[] {
  return [...instruments.filter(({ state }) => state === 'playing'), ...hidden];
}

/** When each kind is heard in a mix of sources: [kinds][seconds]. */
export function heardKinds(sources: readonly Source[]): boolean[][] {
  const heard = kinds.map(() => new Array<boolean>(seconds).fill(false));
  for (const { kind, active } of sources) active.forEach((on, second) => (heard[kind][second] ||= on));
  return heard;
}

function drawInstrument(random: Random, place: number, index: number, common: number): Instrument {
  const column = place % 3;
  const row = Math.floor(place / 3);
  const shares = index < random.integer(1, 4) && random.chance(0.6);
  const fate = random.uniform();
  return {
    kind: shares ? common : random.integer(0, kinds.length),
    state: fate < 0.22 ? 'resting' : fate < 0.52 ? 'decoy' : 'playing',
    column,
    row,
    x: 18 + 38 * column + random.between(-3, 3),
    y: (row === 0 ? 32 : 80) + random.between(-5, 5),
    size: random.between(15, 18),
    mirrored: random.chance(0.5),
    tint: [random.normal(0, 0.05), random.normal(0, 0.05), random.normal(0, 0.05)],
    ...drawPlaying(random),
  };
}

/** One entry of 2 to 7 seconds; one in eight lasts all the time, one in ten comes back. */
function drawPlaying(random: Random): Omit<Source, 'kind'> {
  const active = new Array<boolean>(seconds).fill(false);
  const form = random.uniform();
  const length = form < 0.12 ? seconds : random.integer(2, 8);
  const start = random.integer(0, seconds - length + 1);
  active.fill(true, start, start + length);
  if (form > 0.9 && length < 6) {
    const back = random.pick(active.flatMap((on, second) => (on ? [] : [second])));
    active.fill(true, back, back + 2);
  }
  return { active, level: random.chance(0.5) ? levels.loud : levels.quiet, rate: random.pick(noteRates) };
}

/** Half of the hidden sources share the kind of a decoy, so that "it moves and its kind is heard" is not "it sounds". */
function drawHidden(random: Random, instruments: readonly Instrument[]): Source[] {
  const hidden: Source[] = [];
  if (!random.chance(0.6)) return hidden;
  const decoys = instruments.filter(({ state }) => state === 'decoy');
  for (let count = random.integer(1, 3); count > 0; count--) {
    const kind = decoys.length > 0 && random.chance(0.6) ? random.pick(decoys).kind : random.integer(0, kinds.length);
    const plays = instruments.some((instrument) => instrument.kind === kind && instrument.state === 'playing');
    if (!plays && !hidden.some((source) => source.kind === kind)) hidden.push({ kind, ...drawOuter(random) });
  }
  return hidden;
}

/** Of three candidates the one that begins first or the one that begins last, so that what begins first or last is often hidden. */
function drawOuter(random: Random): Omit<Source, 'kind'> {
  const drawings = Array.from({ length: 3 }, () => drawPlaying(random));
  drawings.sort((one, other) => one.active.indexOf(true) - other.active.indexOf(true));
  return drawings[random.chance(0.5) ? 0 : 2];
}

/** Rests have no active seconds; a decoy draws again until two of its seconds are without sound of its kind, or rests. */
function settle(random: Random, instrument: Instrument, heard: readonly boolean[]): Instrument {
  if (instrument.state === 'playing') return instrument;
  if (instrument.state === 'decoy') {
    let { active } = instrument;
    for (let attempt = 0; attempt < 20; attempt++) {
      if (active.filter((on, second) => on && !heard[second]).length >= 2) return { ...instrument, active };
      ({ active } = drawPlaying(random));
    }
  }
  return { ...instrument, state: 'resting', active: new Array<boolean>(seconds).fill(false) };
}
