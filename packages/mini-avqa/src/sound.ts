import { kinds, type Envelope, type Timbre } from './kinds';
import { noiseTable, noiseWrap, randomOf, type Random } from './random';
import { seconds, soundingSources, type Scene, type Source } from './scene';

const { PI, exp, floor, min, sin, sqrt } = Math; // looked up once: otherwise inner loops are 20 times as slow in jest

/** Samples a second. */
export const sampleRate = 16000;
/** Root mean square of a source of level 1. */
export const unitLoudness = 0.1;

const roomNoise = 0.0015;
const tableLength = 2048; // a power of two: an index wraps with a mask
const pentatonic = [0, 2, 4, 7, 9, 12].map((semitones) => 2 ** (semitones / 12));
const vibratoDepth = 0.006; // of the pitch
const sineTable = Float32Array.from({ length: tableLength }, (_, index) => sin((2 * PI * index) / tableLength));
const waveTables = kinds.map(({ timbre }) => waveTable(timbre.harmonics));

/**
 * The sound of a scene: [seconds * sampleRate] samples in -1 .. 1. Every second of every source is played note by note, and
 * each note has the root mean square `level * unitLoudness` whatever its instrument, so that louder means louder.
 */
export function renderSound(scene: Scene): Float32Array {
  const random = randomOf(scene.seed, 'sound');
  const length = seconds * sampleRate; // a constant: loops that look up an array's length take longer
  const samples = new Float32Array(length);
  const noise = noiseTable();
  const start = random.integer(0, noise.length);
  for (let index = 0; index < length; index++) samples[index] = roomNoise * noise[(start + index) & noiseWrap];
  for (const source of soundingSources(scene)) addSource(samples, source, random);
  for (let index = 0; index < length; index++) {
    const sample = samples[index];
    if (sample > 1) samples[index] = 1;
    else if (sample < -1) samples[index] = -1;
  }
  return samples;
}

/** Samples in -1 .. 1 as 16-bit integers. */
export function toInt16(samples: Float32Array): Int16Array {
  const { length } = samples;
  const integers = new Int16Array(length); // a plain loop: Int16Array.from with a function takes 20 times as long
  for (let index = 0; index < length; index++) integers[index] = floor(samples[index] * 32767 + 0.5);
  return integers;
}

function addSource(samples: Float32Array, { kind, active, level, rate }: Source, random: Random): void {
  const { timbre } = kinds[kind];
  const length = floor(sampleRate / rate);
  const envelope = knownEnvelope(timbre.envelope, length);
  const note = new Float32Array(length);
  for (let second = 0; second < seconds; second++) {
    if (!active[second]) continue;
    for (let beat = 0; beat < rate; beat++) {
      playNote(note, waveTables[kind], timbre, envelope, random);
      const gain = (level * unitLoudness) / loudnessOf(note);
      const from = second * sampleRate + beat * length;
      for (let index = 0; index < length; index++) samples[from + index] += gain * note[index];
    }
  }
}

function playNote(note: Float32Array, table: Float32Array, timbre: Timbre, envelope: Float32Array, random: Random): void {
  const hertz = timbre.pitchHertz * random.pick(pentatonic) * 2 ** random.normal(0, 0.01);
  const step = (tableLength * hertz) / sampleRate;
  const vibratoStep = (tableLength * timbre.vibratoHertz) / sampleRate;
  const depth = vibratoStep > 0 ? vibratoDepth : 0;
  const noise = noiseTable();
  const noiseStart = random.integer(0, noise.length);
  const { noise: breathy } = timbre;
  const clear = 1 - breathy;
  const mask = tableLength - 1;
  const { length } = note;
  let phase = 0;
  let vibrato = 0;
  for (let index = 0; index < length; index++) {
    const breath = breathy * noise[(noiseStart + index) & noiseWrap];
    note[index] = envelope[index] * (clear * table[phase & mask] + breath);
    phase += step * (1 + depth * sineTable[vibrato & mask]);
    vibrato += vibratoStep;
  }
}

/** One period of a sum of harmonics, root mean square 1. */
function waveTable(harmonics: readonly number[]): Float32Array {
  const table = Float32Array.from({ length: tableLength }, (_, index) => {
    const phase = (2 * PI * index) / tableLength;
    return harmonics.reduce((sum, amplitude, order) => sum + amplitude * sin((order + 1) * phase + order * 0.7), 0);
  });
  const loudness = loudnessOf(table);
  return table.map((value) => value / loudness);
}

/** Root mean square. */
function loudnessOf(samples: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index] * samples[index];
  return sqrt(sum / samples.length);
}

const envelopes = new Map<string, Float32Array>();

/** There are few, and their exponentials take as long as the notes. */
function knownEnvelope(envelope: Envelope, length: number): Float32Array {
  const key = `${envelope} ${length}`;
  const known = envelopes.get(key) ?? envelopeOf(envelope, length);
  envelopes.set(key, known);
  return known;
}

function envelopeOf(envelope: Envelope, length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => {
    const time = index / sampleRate; // seconds
    const left = 1 - index / length; // share of the note that is still to come
    switch (envelope) {
      case 'bowed':
        return min(1, time / 0.06) * min(1, left / 0.1);
      case 'blown':
        return min(1, time / 0.03) * (0.7 + 0.3 * exp(-8 * time)) * min(1, left / 0.08);
      case 'plucked':
        return min(1, time / 0.004) * exp(-3 * time) * min(1, left / 0.02);
      case 'struck':
        return min(1, time / 0.003) * exp(-6 * time) * min(1, left / 0.02);
      case 'beaten':
        return exp(-9 * time) * min(1, left / 0.02);
    }
  });
}
