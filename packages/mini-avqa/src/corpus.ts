import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@tass/files';
import { defaultBalance, drawSplit } from './balance';
import { drawCaption } from './caption';
import { kindName, kinds } from './kinds';
import { questionText } from './questions';
import { randomOf } from './random';
import { renderFrame } from './render';
import { drawScene, frameSize, heardKinds, sceneSeed, seconds, soundingSources, type Scene } from './scene';
import { renderSound, sampleRate, toInt16 } from './sound';
import { generatorVersion } from './version';

/** The content of a training corpus for the embedded encoders. */
export interface CorpusConfig {
  readonly out: string; // folder, made if absent
  readonly seed: number;
  readonly frames: number; // two of each scene, at different seconds
  readonly sounds: number; // of ten seconds each
  readonly captions: number; // for each frame
}

/**
 * Writes frames with captions and sounds with tags, for the tool that trains the embedded encoders:
 * `frames.u8` [frames, frameSize, frameSize, 3] and `frames.jsonl`, `sounds.i16` [sounds, samples] (little endian) and
 * `sounds.jsonl`, `questions.txt` (distinct filled texts, for the vocabulary), and last `corpus.json`. Scenes come from the `corpus` stream: none is in a dataset.
 */
export function writeCorpus(config: CorpusConfig, onProgress: (stage: string, done: number, of: number) => void): void {
  const { out, seed, frames, sounds } = config;
  mkdirSync(out, { recursive: true });
  rmSync(join(out, 'corpus.json'), { force: true }); // whole only when everything else is
  writeRecords(join(out, 'frames'), 'u8', frames, (index) => frameRecord(config, index), onProgress);
  writeRecords(join(out, 'sounds'), 'i16', sounds, (index) => soundRecord(config, index), onProgress);
  writeFileAtomically(
    join(out, 'questions.txt'),
    sampleOfQuestions(seed)
      .map((text) => `${text}\n`)
      .join(''),
  );
  const description = {
    generatorVersion,
    seed,
    kinds: kinds.map(({ name }) => name),
    frames: { count: frames, shape: [frames, frameSize, frameSize, 3], type: 'uint8', captions: config.captions },
    sounds: { count: sounds, shape: [sounds, seconds * sampleRate], type: 'int16', sampleRate },
  };
  writeFileAtomically(join(out, 'corpus.json'), `${JSON.stringify(description, null, 2)}\n`);
}

const questionVideos = 400; // enough for every word of every template

function sampleOfQuestions(seed: number): string[] {
  const asked = [...drawSplit({ stream: 'corpus', seed, videos: questionVideos, ...defaultBalance })].flatMap(({ questions }) => questions);
  return [...new Set(asked.map(questionText))].sort();
}

interface CorpusRecord {
  readonly bytes: Uint8Array;
  readonly row: object;
}

function frameRecord({ seed, captions }: CorpusConfig, index: number): CorpusRecord {
  const scene = drawScene(sceneSeed('corpus', seed, Math.floor(index / 2)));
  const [first, other] = randomOf(scene.seed, 'corpus seconds').shuffled(Array.from({ length: seconds }, (_, second) => second));
  const second = index % 2 === 0 ? first : other;
  const random = randomOf(scene.seed, `captions ${second}`);
  const instruments = scene.instruments.map(({ kind, x, y, size, active }) => ({
    ...{ kind: kindName(kind), x: round(x), y: round(y), size: round(size), moving: active[second] },
  }));
  const row = {
    ...{ scene: scene.seed, second, instruments, outdoor: scene.outdoor },
    captions: Array.from({ length: captions }, () => drawCaption(scene, second, random)),
  };
  return { bytes: renderFrame(scene, second), row };
}

function soundRecord({ seed, frames }: CorpusConfig, index: number): CorpusRecord {
  const scene = drawScene(sceneSeed('corpus', seed, Math.ceil(frames / 2) + index));
  const samples = toInt16(renderSound(scene));
  return { bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), row: { scene: scene.seed, ...soundTags(scene) } };
}

/** Per second: the kinds that are heard, level and note rate of each (rate: the fastest source), and level and note rate of the loudest source (0: nothing). */
function soundTags(scene: Scene) {
  const sources = soundingSources(scene);
  const heard = heardKinds(sources);
  const loudest = Array.from({ length: seconds }, (_, second) =>
    sources
      .filter(({ active }) => active[second])
      .reduce((best, source) => (source.level > best.level ? source : best), { level: 0, rate: 0 }),
  );
  const levelOf = (kind: number, second: number) =>
    Math.hypot(...sources.filter((source) => source.kind === kind && source.active[second]).map(({ level }) => level));
  const rateOf = (kind: number, second: number) =>
    Math.max(...sources.filter((source) => source.kind === kind && source.active[second]).map(({ rate }) => rate));
  const heardIn = (second: number) => kinds.flatMap((_, kind) => (heard[kind][second] ? [kind] : []));
  return {
    kinds: loudest.map((_, second) => heardIn(second).map(kindName)),
    levels: loudest.map((_, second) => heardIn(second).map((kind) => round(levelOf(kind, second)))), // in the order of kinds
    rates: loudest.map((_, second) => heardIn(second).map((kind) => rateOf(kind, second))), // in the order of kinds
    loudestLevel: loudest.map(({ level }) => level),
    loudestRate: loudest.map(({ rate }) => rate),
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** Streams records to `<path>.<extension>` and `<path>.jsonl`, under temporary names until both are whole. */
function writeRecords(
  path: string,
  extension: string,
  count: number,
  record: (index: number) => CorpusRecord,
  onProgress: (stage: string, done: number, of: number) => void,
): void {
  const names = [`${path}.${extension}`, `${path}.jsonl`];
  const [data, rows] = names.map((name) => openSync(`${name}.partial`, 'w'));
  for (let index = 0; index < count; index++) {
    const { bytes, row } = record(index);
    writeSync(data, bytes);
    writeSync(rows, `${JSON.stringify(row)}\n`);
    if ((index + 1) % 500 === 0 || index + 1 === count) onProgress(path, index + 1, count);
  }
  for (const file of [data, rows]) {
    fsyncSync(file);
    closeSync(file);
  }
  for (const name of names) renameSync(`${name}.partial`, name);
}
