import { Tensor } from 'onnxruntime-node';
import { type Dtype, onnxFile } from '../model/dtype';
import { ModelFolder } from '../model/folder';
import { expectSameVector } from '../model/same-vector';
import { createSession, type Session, type SessionOptions } from '../model/session';
import { OnnxGraph } from '@tass/onnx';
import type { Frames } from '@tass/media';
import { ImageProcessor } from '../image/image-processor';
import { addPatchOutput, patchOutput, type PatchReadOut } from './patch-output';

export interface ImageTowerOptions extends SessionOptions {
  readonly patches: PatchReadOut;
  readonly dtype?: Dtype; // default fp32
}

export interface FrameEmbeddings {
  readonly frame: Float32Array; // [images, joint], not normalised
  readonly patches: Float32Array; // [images, regions, joint], not normalised, from the top left row by row
}

export const imagesAPass = 32;

/** CLIP's image tower from a folder in the hub's layout; frame and patches come from one pass over an image. */
export class ImageTower {
  private constructor(
    readonly regions: number,
    readonly joint: number,
    private readonly session: Session,
    private readonly processor: ImageProcessor,
  ) {}

  /** Files that the embeddings depend on. */
  static files(folder: ModelFolder, dtype: Dtype): string[] {
    return [...folder.withWeights(onnxFile('vision_model', dtype)), 'preprocessor_config.json'];
  }

  /**
   * Loads the vision_model of `dtype` and checks it on a blank image.
   * Throws when a file is missing, the graph is not known or its outputs do not have the shapes of a CLIP's.
   */
  static async load(path: string, { patches, dtype = 'fp32', ...options }: ImageTowerOptions): Promise<ImageTower> {
    const folder = new ModelFolder(path);
    const visionFile = onnxFile('vision_model', dtype);
    const file = `${path}/${visionFile}`;
    const graph = new OnnxGraph(folder.graph(visionFile), file);
    addPatchOutput(graph, patches);
    const session = await createSession(graph.encode(), file, options);
    const processor = await ImageProcessor.load(folder);
    const { image_embeds: pooled, [patchOutput]: tokens } = await run(
      session,
      new Float32Array(3 * processor.height * processor.width),
      1,
      processor,
    );
    const [, tokenCount = 0, joint] = tokens.dims;
    if (tokens.type !== 'float32' || tokens.dims.length !== 3 || tokenCount < 2 || pooled.dims.length !== 2 || pooled.dims[1] !== joint) {
      throw new Error(
        `${file}: of one image it gives image_embeds [${pooled.dims}] and tokens [${tokens.dims}], expected [1, joint] and [1, 1 + regions, joint] of float32`,
      );
    }
    if (patches === 'final')
      expectSameVector(
        file,
        'token 0 of the rewritten graph is not image_embeds',
        tokens.data as Float32Array,
        pooled.data as Float32Array,
        dtype,
      );
    return new ImageTower(tokenCount - 1, joint, session, processor);
  }

  async encode(frames: Frames): Promise<FrameEmbeddings> {
    return (await this.encodeAll([frames]))[0];
  }

  /** The frames of several videos, which share passes. */
  async encodeAll(videos: readonly Frames[]): Promise<FrameEmbeddings[]> {
    const { regions, joint, processor } = this;
    const results = videos.map(({ count }) => ({
      frame: new Float32Array(count * joint),
      patches: new Float32Array(count * regions * joint),
    }));
    const places = videos.flatMap(({ count }, video) => Array.from({ length: count }, (_, image) => ({ video, image })));
    const size = 3 * processor.height * processor.width;
    for (let first = 0; first < places.length; first += imagesAPass) {
      const some = places.slice(first, first + imagesAPass);
      const pixels = new Float32Array(some.length * size);
      for (const [row, { video, image }] of some.entries()) pixels.set(processor.process(oneOf(videos[video], image)), row * size);
      const outputs = await run(this.session, pixels, some.length, processor);
      const frames = outputs.image_embeds.data as Float32Array;
      const tokens = outputs[patchOutput].data as Float32Array; // [images, class token + regions, joint]
      for (const [row, { video, image }] of some.entries()) {
        results[video].frame.set(frames.subarray(row * joint, (row + 1) * joint), image * joint);
        const ofRegions = tokens.subarray((row * (regions + 1) + 1) * joint, (row + 1) * (regions + 1) * joint);
        results[video].patches.set(ofRegions, image * regions * joint);
      }
    }
    return results;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

function oneOf(frames: Frames, image: number): Frames {
  const length = frames.height * frames.width * 3;
  return { ...frames, count: 1, pixels: frames.pixels.subarray(image * length, (image + 1) * length) };
}

const run = (session: Session, pixels: Float32Array, count: number, { height, width }: { height: number; width: number }) =>
  session.run({ pixel_values: new Tensor('float32', pixels, [count, 3, height, width]) });
