/** One stroke of a drawing, in units of the instrument's half size: u to the right, v downwards, the centre at 0. */
export interface Stroke {
  readonly shape: 'ellipse' | 'box';
  readonly u: number;
  readonly v: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly color: Color;
}

/** How the notes of an instrument swell and die away. */
export type Envelope = 'bowed' | 'plucked' | 'struck' | 'beaten' | 'blown';

/** How an instrument sounds. */
export interface Timbre {
  readonly pitchHertz: number; // of its lowest note; the others are up to an octave higher
  readonly harmonics: readonly number[]; // amplitudes, the first is the fundamental
  readonly envelope: Envelope;
  readonly noise: number; // share of noise in a note, 0 to 1
  readonly vibratoHertz: number; // 0: none
}

/** A kind of instrument: its name among the answers of MUSIC-AVQA, its look and its sound. */
export interface Kind {
  readonly name: string;
  readonly look: readonly Stroke[];
  readonly timbre: Timbre;
}

/** Red, green and blue, each 0 to 1. */
export type Color = readonly [number, number, number];

const brown: Color = [0.55, 0.27, 0.1];
const dark: Color = [0.32, 0.12, 0.08];
const wood: Color = [0.9, 0.72, 0.38];
const white: Color = [0.95, 0.95, 0.92];
const black: Color = [0.08, 0.08, 0.1];
const red: Color = [0.8, 0.1, 0.12];
const blue: Color = [0.15, 0.25, 0.75];
const silver: Color = [0.78, 0.82, 0.88];
const gold: Color = [0.95, 0.75, 0.15];
const grey: Color = [0.45, 0.45, 0.48];
const green: Color = [0.1, 0.6, 0.3];
const purple: Color = [0.5, 0.2, 0.6];

const box = (u: number, v: number, halfWidth: number, halfHeight: number, color: Color): Stroke => ({
  ...{ shape: 'box', u, v, halfWidth, halfHeight, color },
});
const ellipse = (u: number, v: number, halfWidth: number, halfHeight: number, color: Color): Stroke => ({
  ...{ shape: 'ellipse', u, v, halfWidth, halfHeight, color },
});
const row = (count: number, stroke: (index: number) => Stroke) => Array.from({ length: count }, (_, index) => stroke(index));

/**
 * The twelve kinds (ours), named as in MUSIC-AVQA. Look-alikes are on purpose: violin, cello and guitar; trumpet and
 * saxophone; flute and clarinet. Thin instruments are drawn thick enough to fill a patch of 16 pixels.
 */
export const kinds: readonly Kind[] = [
  {
    name: 'violin',
    look: [
      box(0, -0.65, 0.1, 0.4, black),
      ellipse(0, 0, 0.36, 0.3, brown),
      ellipse(0, 0.45, 0.46, 0.38, brown),
      box(0, 0.2, 0.06, 0.35, black),
    ],
    timbre: { pitchHertz: 440, harmonics: [1, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2], envelope: 'bowed', noise: 0.02, vibratoHertz: 6 },
  },
  {
    name: 'cello',
    look: [
      box(0, -0.7, 0.12, 0.4, dark),
      ellipse(0, -0.1, 0.5, 0.4, dark),
      ellipse(0, 0.5, 0.68, 0.46, dark),
      box(0, 0.2, 0.05, 0.45, wood),
      box(0, 1, 0.05, 0.2, silver),
    ],
    timbre: { pitchHertz: 110, harmonics: [1, 0.8, 0.6, 0.4, 0.35, 0.3, 0.2, 0.15], envelope: 'bowed', noise: 0.02, vibratoHertz: 5 },
  },
  {
    name: 'acoustic_guitar',
    look: [
      box(0, -0.65, 0.13, 0.45, brown),
      ellipse(0, 0.02, 0.42, 0.34, wood),
      ellipse(0, 0.5, 0.58, 0.44, wood),
      ellipse(0, 0.25, 0.19, 0.19, black),
    ],
    timbre: { pitchHertz: 165, harmonics: [1, 0.6, 0.35, 0.2, 0.12, 0.06], envelope: 'plucked', noise: 0, vibratoHertz: 0 },
  },
  {
    name: 'banjo',
    look: [
      box(0, -0.6, 0.17, 0.5, wood),
      box(0, -1, 0.28, 0.16, dark),
      ellipse(0, 0.42, 0.68, 0.62, grey),
      ellipse(0, 0.42, 0.5, 0.45, white),
      box(0, 0.6, 0.28, 0.07, dark),
    ],
    timbre: { pitchHertz: 300, harmonics: [0.5, 0.7, 1, 0.8, 0.6, 0.5, 0.4, 0.3], envelope: 'struck', noise: 0.01, vibratoHertz: 0 },
  },
  {
    name: 'piano',
    look: [
      box(0, 0, 0.85, 0.72, black),
      box(0, 0.25, 0.78, 0.18, white),
      ...row(6, (index) => box(-0.65 + 0.26 * index, 0.2, 0.05, 0.13, black)),
    ],
    timbre: { pitchHertz: 260, harmonics: [1, 0.4, 0.25, 0.12, 0.06], envelope: 'plucked', noise: 0, vibratoHertz: 0 },
  },
  {
    name: 'accordion',
    look: [
      box(0, 0.1, 0.85, 0.58, red),
      ...row(5, (index) => box(-0.35 + 0.175 * index, 0.1, 0.04, 0.58, white)),
      box(-0.7, 0.1, 0.12, 0.52, black),
    ],
    timbre: { pitchHertz: 260, harmonics: [1, 0, 0.8, 0.7, 0, 0.5, 0.4, 0.4, 0.3, 0.3], envelope: 'bowed', noise: 0, vibratoHertz: 3 },
  },
  {
    name: 'xylophone',
    look: [
      box(-0.68, 0.1, 0.14, 0.75, red),
      box(-0.34, 0.1, 0.14, 0.66, gold),
      box(0, 0.1, 0.14, 0.56, green),
      box(0.34, 0.1, 0.14, 0.47, blue),
      box(0.68, 0.1, 0.14, 0.38, purple),
    ],
    timbre: { pitchHertz: 700, harmonics: [1, 0, 0, 0.6], envelope: 'struck', noise: 0, vibratoHertz: 0 },
  },
  {
    name: 'drum',
    look: [box(0, 0.25, 0.72, 0.42, blue), ellipse(0, 0.66, 0.72, 0.2, blue), ellipse(0, -0.18, 0.72, 0.24, white)],
    timbre: { pitchHertz: 80, harmonics: [1, 0.2], envelope: 'beaten', noise: 0.6, vibratoHertz: 0 },
  },
  {
    name: 'flute',
    look: [
      box(0, 0.1, 1.08, 0.32, grey),
      box(0, 0.1, 1.02, 0.24, silver),
      box(-0.88, 0.1, 0.12, 0.4, grey),
      ...row(5, (index) => ellipse(-0.4 + 0.28 * index, 0.1, 0.1, 0.12, black)),
    ],
    timbre: { pitchHertz: 790, harmonics: [1, 0.15, 0.05], envelope: 'bowed', noise: 0.1, vibratoHertz: 5 },
  },
  {
    name: 'clarinet',
    look: [
      box(0, 0, 0.24, 0.9, black),
      ellipse(0, 0.88, 0.52, 0.26, black),
      box(0, -0.95, 0.12, 0.18, wood),
      ...row(4, (index) => ellipse(0, -0.5 + 0.3 * index, 0.13, 0.1, silver)),
    ],
    timbre: { pitchHertz: 220, harmonics: [1, 0, 0.7, 0, 0.5, 0, 0.3, 0, 0.2], envelope: 'bowed', noise: 0.01, vibratoHertz: 0 },
  },
  {
    name: 'trumpet',
    look: [
      box(-0.2, -0.08, 0.85, 0.15, gold),
      ellipse(0.72, -0.08, 0.34, 0.62, gold),
      ellipse(0.8, -0.08, 0.18, 0.4, dark),
      box(-0.15, 0.3, 0.46, 0.28, gold),
      ...row(3, (index) => box(-0.43 + 0.28 * index, 0.12, 0.07, 0.42, grey)),
    ],
    timbre: { pitchHertz: 400, harmonics: [0.6, 0.9, 1, 0.9, 0.8, 0.6, 0.5, 0.4, 0.3], envelope: 'blown', noise: 0, vibratoHertz: 0 },
  },
  {
    name: 'saxophone',
    look: [
      box(-0.32, -0.1, 0.16, 0.78, gold),
      box(-0.6, -0.85, 0.35, 0.1, gold),
      ellipse(0, 0.64, 0.48, 0.32, gold),
      box(0.38, 0.3, 0.17, 0.42, gold),
      ellipse(0.45, -0.12, 0.38, 0.22, gold),
      ellipse(0.45, -0.15, 0.24, 0.11, dark),
      ...row(3, (index) => ellipse(-0.32, -0.4 + 0.35 * index, 0.09, 0.09, black)),
    ],
    timbre: { pitchHertz: 200, harmonics: [1, 0.9, 0.5, 0.7, 0.4, 0.4, 0.3, 0.2], envelope: 'blown', noise: 0.08, vibratoHertz: 4 },
  },
];

/** The name of a kind by its index in `kinds`. */
export const kindName = (kind: number): string => kinds[kind].name;
