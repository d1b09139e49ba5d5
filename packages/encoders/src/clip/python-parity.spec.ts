import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFrames } from '@tass/media';
import { greatestDifference } from '@tass/testing';
import { ImageProcessor } from '../image/image-processor';
import { ModelFolder } from '../model/folder';
import { ImageTower } from './image-tower';
import { TextTower } from './text-tower';

// Frames and texts as vectors: here, and by transformers and PyTorch, with one CLIP of random weights. With all layers of every shape, and figures:
//   TASS_PYTHON=... TASS_CLIP_PARITY=full npx jest --selectProjects encoders --testPathPatterns python-parity

const python = process.env.TASS_PYTHON;
const full = process.env.TASS_CLIP_PARITY === 'full';
const shapes = full ? ['b32', 'b16', 'l14', 'l14-336'] : ['b32'];
const layers = full ? 0 : 2;
const samePixels = 1e-5; // of the greatest value
const samePicture = 1e-3; // JPEG decoders may differ
const cases = shapes.flatMap((shape) => ['legacy', 'dynamo'].map((exporter) => [shape, exporter] as const));

const skipped = python ? '' : ' (skipped: TASS_PYTHON names no Python with tools/python-for-specs.txt)';

(python ? describe : describe.skip).each(cases)(
  `a CLIP of the shape %s by the exporter %s, against Python${skipped}`,
  (shape, exporter) => {
    const folder = mkdtempSync(join(tmpdir(), `clip-${shape}-`));
    const model = join(folder, 'model');
    const expected = (name: string): Float32Array => {
      const bytes = readFileSync(join(folder, `${name}.f32`));
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    };
    /** The greatest difference, of the greatest value. */
    const difference = (name: string, values: Float32Array, wanted: Float32Array): number => {
      expect(values).toHaveLength(wanted.length);
      const greatest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const relative = greatestDifference(values, wanted) / greatest;
      if (full) process.stderr.write(`${shape} ${exporter} ${name}: ${relative.toExponential(1)} of ${greatest.toFixed(2)}\n`);
      return relative;
    };

    beforeAll(() => {
      execFileSync(python!, [join(__dirname, 'fixtures', 'python_clip.py'), shape, exporter, String(layers), folder], { stdio: 'pipe' });
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('gives the pixels of a PNG bit for bit', async () => {
      const processor = await ImageProcessor.load(new ModelFolder(model));
      const pixels = expected('pixels');
      const [jpeg, png] = [pixels.subarray(0, pixels.length / 2), pixels.subarray(pixels.length / 2)];
      expect(processor.process(await readFrames(folder, 'png', [0, 1])).findIndex((value, i) => value !== png[i])).toBe(-1);
      expect(difference('pixels of a JPEG', processor.process(await readFrames(folder, 'jpeg', [0, 1])), jpeg)).toBeLessThan(0.01);
    });

    it.each(['final', 'value'] as const)(
      'gives frames and, by the read-out %s, patches',
      async (patches) => {
        const tower = await ImageTower.load(model, { patches });
        for (const [kind, tolerance, half] of [
          ['jpeg', samePicture, 0],
          ['png', samePixels, 1],
        ] as const) {
          const halfOf = (all: Float32Array) => all.subarray((half * all.length) / 2, ((half + 1) * all.length) / 2);
          const made = await tower.encode(await readFrames(folder, kind, [0, 1]));
          expect(difference(`frame (${kind})`, made.frame, halfOf(expected('frame')))).toBeLessThan(tolerance);
          expect(difference(`patches, ${patches} (${kind})`, made.patches, halfOf(expected(patches)))).toBeLessThan(tolerance);
        }
        await tower.close();
      },
      300_000,
    );

    it.each(['token', 'prompt', 'hidden'] as const)(
      'gives sentences and, by the read-out %s, words',
      async (words) => {
        const tower = await TextTower.load(model, { words });
        const { texts } = JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as { texts: string[] };
        const made = await tower.encode(texts);
        const embeddings = Float32Array.from(made.words.flat().flatMap(({ embedding }) => [...embedding]));
        expect(difference('sentence', made.sentence, expected('sentence'))).toBeLessThan(samePixels);
        expect(difference(`words, ${words}`, embeddings, expected(words))).toBeLessThan(samePixels);
        await tower.close();
      },
      300_000,
    );
  },
);
