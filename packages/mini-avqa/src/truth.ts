import { createHash } from 'node:crypto';
import { kindName } from './kinds';
import type { Candidate } from './questions';
import { instrumentExtent } from './render';
import { columns, frameSize, seconds, soundingSources, type Instrument, type Scene, type Source } from './scene';
import { inOrder } from './survey';
import type { TemplateName } from './templates';

/** Shares of the frame: left, top, right, bottom; then 1 where the instrument sounds in this second. */
type Box = readonly [number, number, number, number] | readonly [number, number, number, number, 1];

/** Where and when a question's answer can be found. A list of seconds has a 1 or a 0 for each. docs/grounding.md */
export interface Truth {
  readonly boxes?: readonly (readonly Box[])[]; // [seconds], of the visible instruments whose kind the question names
  readonly sounding?: readonly number[]; // what is asked about sounds
  readonly moving?: readonly number[]; // what is asked about is seen to move
  readonly needed?: readonly number[]; // the seconds that the answer needs
}

/** What a question asks about. */
interface Asked {
  readonly scene: Scene;
  readonly values: readonly string[];
  readonly named: readonly Instrument[]; // the visible instruments whose kind it names
  readonly playing: readonly Instrument[]; // seen and sounding, the earliest first
}

/** The subject of a question: which of it sounds, which of it is visible. */
interface Target {
  readonly heard: readonly Source[];
  readonly seen: readonly Instrument[];
  readonly needed?: 'heard' | 'seen'; // whose active seconds the answer needs; absent: no seconds of their own
}

const playingOf = (all: readonly Instrument[]) => all.filter(({ state }) => state === 'playing');
const isNamed = ({ values }: Pick<Asked, 'values'>, { kind }: Source) => values.includes(kindName(kind));

/** The kind may be heard from outside the picture. */
const kindHeard = (asked: Asked): Target => ({
  heard: soundingSources(asked.scene).filter((source) => isNamed(asked, source)),
  seen: asked.named,
  needed: 'heard',
});
const kindSeen = ({ named }: Asked): Target => ({ heard: playingOf(named), seen: named });
const kindMoves = (asked: Asked): Target => ({ ...kindSeen(asked), needed: 'seen' });
const these = (...playing: readonly Instrument[]): Target => ({ heard: playing, seen: playing, needed: 'heard' });
const inPlaces = ({ values, playing }: Asked): Target => these(...playing.filter(({ column }) => values.includes(columns[column])));
const inTurn = ({ values: [which], playing }: Asked): Target => these(playing.at(which === 'first' ? 0 : -1)!);

/** Templates that are not in the table are about the whole scene, or about nothing that is named. */
const targets: Readonly<Partial<Record<TemplateName, (asked: Asked) => Target>>> = {
  ...{ isHeard: kindHeard, loudest: kindHeard, longest: kindHeard, fastest: kindHeard, isSourceSeen: kindHeard },
  ...{ visibleOfKind: kindSeen, isVisible: kindSeen, placeOf: kindSeen },
  ...{ reallySounds: kindMoves, soundingOfKind: kindMoves },
  soundingPlace: ({ named }) => these(...playingOf(named)),
  soundingAt: inPlaces,
  loudestPlace: ({ playing }) => these(playing.reduce((one, other) => (other.level > one.level ? other : one))),
  louderSide: inPlaces,
  placeInOrder: inTurn,
  kindInOrder: inTurn,
  neighbour: (asked) => {
    const own = asked.playing.findIndex((instrument) => isNamed(asked, instrument));
    const [one, other] = [own, own + (asked.values[0] === 'before' ? -1 : 1)].map((place) => asked.playing[place]);
    return these(one, other);
  },
};

/** The truth of a question of `candidates(scene)`; undefined if it is about the whole scene. */
export function truthOf(scene: Scene, { template, values }: Pick<Candidate, 'template' | 'values'>): Truth | undefined {
  const named = scene.instruments.filter((instrument) => isNamed({ values }, instrument));
  const target = targets[template]?.({ scene, values, named, playing: inOrder(playingOf(scene.instruments)) });
  if (target === undefined) return undefined;
  const needed = target.needed && activeSeconds(target[target.needed]);
  return {
    ...(named.length > 0 && {
      boxes: Array.from({ length: seconds }, (_, second) => named.map((instrument) => boxOf(instrument, second))),
    }),
    sounding: activeSeconds(target.heard),
    moving: activeSeconds(target.seen),
    ...(needed?.includes(1) && { needed }),
  };
}

const activeSeconds = (sources: readonly Source[]): number[] =>
  Array.from({ length: seconds }, (_, second) => Number(sources.some(({ active }) => active[second])));

function boxOf(instrument: Instrument, second: number): Box {
  const { left, top, right, bottom } = instrumentExtent(instrument, second);
  const [a, b, c, d] = [left, top, right, bottom].map((pixel) => Number((pixel / frameSize).toFixed(4)));
  return instrument.state === 'playing' && instrument.active[second] ? [a, b, c, d, 1] : [a, b, c, d];
}

/** The text of the file of truth: by question id, with the sha256 of the annotation file and of its own questions. */
export function truthText(annotations: string, truths: ReadonlyMap<number, Truth>): string {
  const questions = JSON.stringify(Object.fromEntries(truths));
  return `{"annotations":"${sha256(annotations)}","sha256":"${sha256(questions)}","questions":${questions}}\n`;
}

/** Whether a text is what `truthText` gave, for these annotations. */
export function isTruthWhole(text: string, annotations: string): boolean {
  const [, ofAnnotations, ofQuestions, questions] = /^\{"annotations":"(\w+)","sha256":"(\w+)","questions":(.*)\}\n$/.exec(text) ?? [];
  return ofAnnotations === sha256(annotations) && ofQuestions === sha256(questions);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
