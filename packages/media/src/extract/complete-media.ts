import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onDisk } from '@tass/files';
import { frameFile, secondsOfFrames, soundFile } from '../frames';
import { readWav } from '../wav';
import { blackFrame } from './black-frame';
import { wavBeginning, writeWav, type Source } from './write-wav';

export interface CompletedMedia {
  readonly seconds: number; // whole ones, that frames and sound now both last
  readonly completed: readonly string[]; // what was added, each as a sentence
}

export interface CompleteMediaOptions {
  readonly datasetRoot: string; // where `extractMedia` wrote
  readonly videoId: string;
  readonly frames: boolean; // whether it has any
  readonly sound: boolean;
  readonly sampleRate: number; // of the sound, in Hz
}

/**
 * Brings the frames and the sound of one video that `extractMedia` made to one length, as a player shows it: the last image stays, and where there
 * is no sound there is silence; a video without a picture is black. It needs one of the two. Throws MediaError for a sound that cannot be read, DiskError.
 */
export async function completeMedia({ datasetRoot, videoId, ...has }: CompleteMediaOptions): Promise<CompletedMedia> {
  const wav = soundFile(datasetRoot, videoId, has.sampleRate);
  const images = has.frames ? await secondsOfFrames(datasetRoot, videoId) : 0;
  const samples = has.sound ? readWav(wav).samples.length : 0;
  const heard = samples / has.sampleRate;
  const seconds = Math.max(1, images, Math.ceil(heard - begunSeconds));
  const completed: string[] = [];
  if (images === 0) completed.push('It has no picture: the network sees black.');
  else if (images < seconds) completed.push(`Its picture ends after ${images} of ${seconds} s: the last image stays.`);
  if (samples === 0) completed.push('It has no sound: the network hears silence.');
  else if (heard < seconds - 1) completed.push(`Its sound ends after ${heard.toFixed(1)} of ${seconds} s: silence follows.`);

  const imageAt = (second: number): string => frameFile(datasetRoot, videoId, second);
  const last = Math.max(0, images - 1);
  const black = images === 0 ? await blackFrame() : undefined;
  onDisk('cannot write frames and sound', datasetRoot, () => {
    mkdirSync(dirname(imageAt(0)), { recursive: true });
    if (black) writeFileSync(imageAt(0), black);
    for (let second = last + 1; second < seconds; second++) copyFileSync(imageAt(last), imageAt(second));
  });
  const whole = seconds * has.sampleRate;
  if (samples < whole) lengthen(wav, samples, whole, has.sampleRate);
  return { seconds, completed };
}

/** A last second of which less than this is there is not counted. */
const begunSeconds = 0.1;

function lengthen(wav: string, samples: number, whole: number, sampleRate: number): void {
  mkdirSync(dirname(wav), { recursive: true });
  const longer = join(dirname(wav), 'longer.part');
  const there: Source[] = samples === 0 ? [] : [{ file: wav, from: wavBeginning, samples, place: 0 }];
  writeWav(longer, there, sampleRate, whole);
  renameSync(longer, wav);
}
