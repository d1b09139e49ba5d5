import type { Packet } from '../ffmpeg/packets';
import { joinClock } from './join-clock';

const [picture, sound] = [0, 1];

/** Packets of both streams from `start` on, in the order of their times; `at` says when a packet of a time is by the file. */
function packets(seconds: number, at: Partial<Record<number, (time: number) => number>> = {}): Packet[] {
  const of = (stream: number, every: number) =>
    Array.from({ length: Math.round(seconds / every) }, (_, index) => ({ stream, heard: index * every, duration: every }));
  const inOrder = [...of(picture, 0.04), ...of(sound, 0.02)].sort((a, b) => a.heard - b.heard);
  return inOrder.map(({ stream, heard, duration }) => {
    const time = at[stream]?.(heard) ?? heard;
    return { stream, duration, time, decodeTime: time, isShown: true };
  });
}

const join = (list: readonly Packet[], timeZero = 0, longestGap = 10) => joinClock(list, { picture, sound, timeZero, longestGap });

/** Where a run begins and ends on our clock, in hundredths. */
const places = (runs: readonly { from: number; to: number; shift: number }[]) =>
  runs.map(({ from, to, shift }) => [Math.round(100 * (from + shift)) / 100, Math.round(100 * (to + shift)) / 100]);

it('one clock: only the start is taken off', () => {
  const later = (time: number) => time + 100;
  const { picture, sound } = join(packets(4, { 0: later, 1: later }), 100);
  expect([places(picture), places(sound)]).toEqual([[[0, 4]], [[0, 4]]]);
});

it.each([
  ['begins again', (time: number) => (time < 4 ? time : time - 4)],
  ['leaps by an hour', (time: number) => (time < 4 ? time : time + 3600)],
  ['goes back by an hour', (time: number) => (time < 4 ? time + 3600 : time)],
])('a clock that %s: the parts follow each other, picture and sound together', (_, at) => {
  const { picture, sound } = join(packets(8, { 0: at, 1: at }), at(0));
  expect([places(picture), places(sound)]).toEqual([[[0, 4], [4, 8]], [[0, 4], [4, 8]]]); // prettier-ignore
});

it.each([picture, sound])('stream %d leaps alone: it follows itself, the other goes on', (stream) => {
  const { picture, sound } = join(packets(8, { [stream]: (time) => (time < 4 ? time : time + 3600) }));
  const [leaping, other] = stream === 0 ? [picture, sound] : [sound, picture];
  expect([places(leaping), places(other)]).toEqual([[[0, 4], [4, 8]], [[0, 8]]]); // prettier-ignore
});

it.each([
  [picture, 4.04],
  [sound, 4.02],
])('one wrong time of stream %d: what follows stays where it is', (stream, next) => {
  const clock = join(packets(8, { [stream]: (time) => (Math.abs(time - 4) < 1e-6 ? 5000 : time) }));
  const [first, , last] = places(stream === picture ? clock.picture : clock.sound);
  expect([first, last]).toEqual([[0, 4], [next, 8]]); // prettier-ignore
});

it('a gap of one stream stays while the other runs on, however long', () => {
  const list = packets(40).filter(({ stream, time = 0 }) => stream === sound || time < 2 || time > 35);
  expect(places(join(list).picture)).toEqual([[0, 40]]);
});

it.each([
  [9, 17],
  [11, 8],
])('a gap of both streams of %d s: %d s are left', (gap, lasts) => {
  const at = (time: number) => (time < 4 ? time : time + gap);
  const { picture } = join(packets(8, { 0: at, 1: at }));
  expect(places(picture).at(-1)![1]).toBe(lasts);
});

it('packets without times, of which a stream may have many, take no time', () => {
  const untimed = { stream: sound, isShown: true };
  const list = packets(8).flatMap((packet) => {
    if (packet.stream === picture) return [packet];
    return Math.round(packet.time! * 50) % 16 === 0 ? [{ ...packet, duration: undefined }] : [untimed];
  });
  const clock = join(list);
  expect(places(clock.picture)).toEqual([[0, 8]]);
  expect(places(clock.sound)).toEqual([[0, 8]]);
});

it('streams that are an hour apart from the first begin together', () => {
  for (const stream of [picture, sound]) {
    const { picture, sound } = join(packets(4, { [stream]: (time) => time + 3600 }));
    expect([places(picture), places(sound)]).toEqual([[[0, 4]], [[0, 4]]]);
  }
});
