import { kindName, kinds } from './kinds';
import { columns } from './scene';

/** Modality and kind of a question, as the annotations of MUSIC-AVQA spell them. */
type TypeName = readonly ['Audio' | 'Visual' | 'Audio-Visual', string];

/** A form of question (ours) and what its answers should be. */
export interface Template {
  readonly type: TypeName;
  readonly content: string; // slots as in MUSIC-AVQA, <Object> for a kind; no question mark
  /**
   * The wanted share of each cell; they sum to 1. A cell is an answer, or an answer with the circumstance that would give
   * it away to a model with only one modality ("no, moving"). Questions outside of these cells are not asked.
   */
  readonly shares: Readonly<Record<string, number>>;
}

const evenly = (cells: readonly string[]): Record<string, number> => Object.fromEntries(cells.map((cell) => [cell, 1 / cells.length]));
const within = (answers: readonly string[], circumstances: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    answers.flatMap((answer) => Object.entries(circumstances).map(([name, share]) => [`${answer}, ${name}`, share / answers.length])),
  );
const yesNo = evenly(['yes', 'no']);
const places = evenly(columns);
const names = evenly(kinds.map((_, kind) => kindName(kind)));
const audioCounting: TypeName = ['Audio', 'Counting'];
const audioComparative: TypeName = ['Audio', 'Comparative'];
const visualCounting: TypeName = ['Visual', 'Counting'];
const visualLocation: TypeName = ['Visual', 'Location'];
const existential: TypeName = ['Audio-Visual', 'Existential'];
const audioVisualCounting: TypeName = ['Audio-Visual', 'Counting'];
const audioVisualLocation: TypeName = ['Audio-Visual', 'Location'];
const audioVisualComparative: TypeName = ['Audio-Visual', 'Comparative'];
const temporal: TypeName = ['Audio-Visual', 'Temporal'];

/** The templates by name, in the order of the nine types. */
export const templates = {
  heardKinds: {
    type: audioCounting,
    content: 'How many kinds of instruments can be heard',
    shares: { one: 0.26, two: 0.27, three: 0.27, four: 0.2 },
  },
  isHeard: {
    ...{ type: audioCounting, content: 'Can a <Object> be heard' },
    shares: yesNo,
  },
  loudest: { type: audioComparative, content: 'Is the <Object> the loudest of all that can be heard', shares: yesNo },
  longest: { type: audioComparative, content: 'Does the <Object> sound longer than anything else', shares: yesNo },
  fastest: { type: audioComparative, content: 'Does the <Object> play faster notes than anything else', shares: yesNo },
  visibleCount: {
    type: visualCounting,
    content: 'How many instruments are visible',
    shares: { one: 0.12, two: 0.2, three: 0.23, four: 0.23, five: 0.22 },
  },
  visibleOfKind: {
    ...{ type: visualCounting, content: 'How many <Object> are visible' },
    shares: { ...within(['zero'], { heard: 0.13, unheard: 0.15 }), one: 0.28, two: 0.28, three: 0.16 },
  },
  isVisible: {
    ...{ type: visualCounting, content: 'Is a <Object> visible' },
    shares: within(['yes', 'no'], { heard: 0.5, unheard: 0.5 }),
  },
  indoor: { type: visualLocation, content: 'Is the performance indoor or outdoor', shares: evenly(['indoor', 'outdoor']) },
  kindAt: {
    ...{ type: visualLocation, content: 'Which instrument is on the <LR>' },
    shares: within(Object.keys(names), { heard: 0.5, unheard: 0.5 }),
  },
  placeOf: { type: visualLocation, content: 'Where is the <Object>', shares: places },
  isSourceSeen: {
    ...{ type: existential, content: 'Is the sound of the <Object> made by a visible instrument' },
    shares: { yes: 0.5, ...within(['no'], { moving: 0.4, still: 0.1 }) },
  },
  reallySounds: {
    ...{ type: existential, content: 'Is the visible <Object> really sounding' },
    shares: { yes: 0.5, ...within(['no'], { heard: 0.4, unheard: 0.1 }) },
  },
  soundingCount: {
    type: audioVisualCounting,
    content: 'How many visible instruments are sounding',
    shares: { zero: 0.13, one: 0.31, two: 0.32, three: 0.24 },
  },
  silentCount: {
    type: audioVisualCounting,
    content: 'How many visible instruments never sound',
    shares: evenly(['zero', 'one', 'two', 'three']),
  },
  soundingOfKind: {
    ...{ type: audioVisualCounting, content: 'How many visible <Object> are sounding' },
    shares: { ...within(['zero'], { heard: 0.26, unheard: 0.09 }), one: 0.43, two: 0.22 },
  },
  loudestPlace: { type: audioVisualLocation, content: 'Where is the loudest visible instrument', shares: places },
  soundingPlace: { type: audioVisualLocation, content: 'Where is the <Object> that really sounds', shares: places },
  soundingAt: { type: audioVisualLocation, content: 'Which instrument on the <LR> really sounds', shares: names },
  louderSide: {
    ...{ type: audioVisualComparative, content: 'Is the sounding instrument on the <LR> louder than the one on the <LR>' },
    shares: yesNo,
  },
  moreSounding: { type: audioVisualComparative, content: 'Are more visible instruments sounding than silent', shares: yesNo },
  moreSeen: {
    ...{ type: audioVisualComparative, content: 'Are more kinds of instruments seen than heard' },
    shares: {
      ...{ 'yes, 1 to 0': 0.06, 'yes, 2 to 1': 0.13, 'yes, 3 to 2': 0.14, 'yes, 4 to 3': 0.13, 'yes, 5 to 4': 0.04 },
      ...{ 'no, 1 to 2': 0.17, 'no, 2 to 3': 0.2, 'no, 3 to 4': 0.09, 'no, 4 to 5': 0.04 },
    },
  },
  placeInOrder: { type: temporal, content: 'Where is the <FL> visible instrument that sounds', shares: places },
  kindInOrder: {
    ...{ type: temporal, content: 'Which visible instrument sounds <FL>' },
    shares: names,
  },
  neighbour: { type: temporal, content: 'Which visible instrument starts right <BA> the <Object>', shares: names },
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;

/** The names of all templates, in the order of the nine types. */
export const templateNames = Object.keys(templates) as readonly TemplateName[];
