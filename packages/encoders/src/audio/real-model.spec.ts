import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { extractMedia, readWav, soundFile, type Sound } from '@tass/media';
import { hasFfmpeg } from '@tass/testing';
import { ModelFolder } from '../model/folder';
import { createSession, type Session } from '../model/session';

// A model that was trained on real music, Basic Pitch (Apache-2.0), hears the notes of a video's sound: TASS_PITCH_MODEL names its nmp.onnx, which
// .ci/run takes from its package. All other models of the specs have random weights, which hear nothing.

const model = process.env.TASS_PITCH_MODEL;
const skipped = model && hasFfmpeg() ? '' : ' (skipped: TASS_PITCH_MODEL names no nmp.onnx of Basic Pitch, or there is no ffmpeg)';

const rate = 22050; // that it takes
const windowSamples = 43844; // 2 s
const keys = 88;
const middleFrames = Array.from({ length: 40 }, (_, i) => 20 + i); // of a second's 86
const melody = [48, 27, 55]; // keys of a piano: A4, C3, E5, a second each
const hertzOf = (key: number): number => 27.5 * 2 ** (key / 12);

(skipped === '' ? describe : describe.skip)(`a trained model${skipped}`, () => {
  let root: string;
  let session: Session;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'pitch-'));
    mkdirSync(join(root, 'videos'));
    const tone = (key: number): string => [1, 2, 3].map((harmonic) => `${0.3 / harmonic}*sin(2*PI*${harmonic * hertzOf(key)}*t)`).join('+');
    const [first, second, third] = melody.map(tone);
    const sound = `aevalsrc='if(lt(t,1),${first},if(lt(t,2),${second},${third}))':d=4:s=48000:c=stereo`;
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=32x24:r=5:d=4', '-f', 'lavfi', '-i', sound];
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', ...inputs, '-c:a', 'aac', join(root, 'videos/melody.mp4')]);
    session = await createSession(new ModelFolder(dirname(model!)).graph(basename(model!)), model!);
  });
  afterAll(async () => {
    await session.release();
    rmSync(root, { recursive: true });
  });

  /** The sound of the video as extraction makes it. */
  async function soundOf(sampleRate: number): Promise<Sound> {
    const { faults } = await extractMedia({ datasetRoot: root, frames: false, sampleRate });
    expect(faults).toEqual([]);
    return readWav(soundFile(root, 'melody', sampleRate));
  }

  /** The key that is heard most in the middle of each second. */
  async function keysHeard({ samples, sampleRate }: Sound): Promise<number[]> {
    const heard = [];
    for (const second of melody.keys()) {
      const window = new Float32Array(windowSamples);
      window.set(samples.subarray(second * sampleRate, second * sampleRate + windowSamples));
      const outputs = await session.run({ [session.inputNames[0]]: new Tensor('float32', window, [1, windowSamples, 1]) });
      const notes = outputs['StatefulPartitionedCall:1'].data as Float32Array; // [1, frames, keys]
      const loudness = Array.from({ length: keys }, (_, key) => middleFrames.reduce((sum, frame) => sum + notes[frame * keys + key], 0));
      heard.push(loudness.indexOf(Math.max(...loudness)));
    }
    return heard;
  }

  it("hears the notes of a video's sound, each in its second", async () => {
    expect(await keysHeard(await soundOf(rate))).toEqual(melody);
  });

  it('hears other notes in a sound of another rate, so that the notes above say that the rate is right', async () => {
    const { samples } = await soundOf(16000);
    const heard = await keysHeard({ samples, sampleRate: 16000 });
    heard.forEach((key, second) => expect(Math.abs(key - melody[second] - 12 * Math.log2(rate / 16000))).toBeLessThan(1)); // 5.6 keys higher
  });
});
