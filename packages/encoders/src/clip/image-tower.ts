import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type Dtype, onnxFile } from '../model/dtype';
import { ModelFolder } from '../model/folder';
import { expectSameVector } from '../model/same-vector';
import { createSession } from '../model/session';
import { OnnxGraph } from '@tass/onnx';
import type { Frames } from '@tass/media';
import { ImageProcessor } from '../image/image-processor';
import { addPatchOutput, patchOutput, type PatchReadOut } from './patch-output';

export interface ImageTowerOptions {
  readonly patches: PatchReadOut;
  readonly dtype?: Dtype; // default fp32
  readonly threads?: number; // of onnxruntime; default 1
}

export interface FrameEmbeddings {
  readonly frame: Float32Array; // [images, joint], not normalised
  readonly patches: Float32Array; // [images, regions, joint], not normalised, from the top left row by row
}

const batch = 32; // images in one pass

/** CLIP's image tower from a folder in the hub's layout; frame and patches come from one pass over an image. */
export class ImageTower {
  private constructor(
    readonly regions: number,
    readonly joint: number,
    private readonly session: InferenceSession,
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
  static async load(path: string, { patches, dtype = 'fp32', threads = 1 }: ImageTowerOptions): Promise<ImageTower> {
    const folder = new ModelFolder(path);
    const visionFile = onnxFile('vision_model', dtype);
    const file = `${path}/${visionFile}`;
    const graph = new OnnxGraph(folder.graph(visionFile), file);
    addPatchOutput(graph, patches);
    const session = await createSession(graph.encode(), file, threads);
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
    const { regions, joint } = this;
    const frame = new Float32Array(frames.count * joint);
    const patches = new Float32Array(frames.count * regions * joint);
    const length = frames.height * frames.width * 3;
    for (let first = 0; first < frames.count; first += batch) {
      const count = Math.min(batch, frames.count - first);
      const pixels = this.processor.process({
        ...frames,
        count,
        pixels: frames.pixels.subarray(first * length, (first + count) * length),
      });
      const outputs = await run(this.session, pixels, count, this.processor);
      frame.set(outputs.image_embeds.data as Float32Array, first * joint);
      const tokens = outputs[patchOutput].data as Float32Array;
      for (let image = 0; image < count; image++) {
        const classToken = image * (regions + 1) * joint;
        patches.set(tokens.subarray(classToken + joint, classToken + (regions + 1) * joint), (first + image) * regions * joint);
      }
    }
    return { frame, patches };
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

const run = (session: InferenceSession, pixels: Float32Array, count: number, { height, width }: { height: number; width: number }) =>
  session.run({ pixel_values: new Tensor('float32', pixels, [count, 3, height, width]) });
