import { ModelFolder } from '../model/folder';
import type { EncoderIdentity } from '@tass/feature-store';
import type { Frames } from '@tass/media';
import { type FrameEmbeddings, ImageTower, type ImageTowerOptions } from './image-tower';
import { defaultPrompt, type TextEmbeddings, TextTower, type TextTowerOptions } from './text-tower';

export type ClipOptions = ImageTowerOptions & TextTowerOptions;

/** A frozen CLIP: images, their patches, texts and their words as vectors of one joint space. */
export interface Clip {
  readonly joint: number;
  readonly regions: number; // of an image
  readonly logitScale: number; // what cosines are multiplied by in CLIP's own softmax
  encodeFrames(frames: Frames): Promise<FrameEmbeddings>;
  encodeTexts(texts: readonly string[]): Promise<TextEmbeddings>;
  close(): Promise<void>;
}

/** Loads both towers from a local folder in the hub's layout. Throws as `ImageTower.load` and `TextTower.load` do. */
export async function loadClip(folder: string, options: ClipOptions): Promise<Clip> {
  const image = await ImageTower.load(folder, options);
  const text = await TextTower.load(folder, options);
  if (image.joint !== text.joint) {
    throw new Error(
      `${folder}: images have ${image.joint} values and texts ${text.joint}, expected one joint space. Export both towers of one model`,
    );
  }
  return {
    joint: image.joint,
    regions: image.regions,
    logitScale: clipSizes(folder).logitScale,
    encodeFrames: (frames) => image.encode(frames),
    encodeTexts: (texts) => text.encode(texts),
    close: async () => void (await Promise.all([image.close(), text.close()])),
  };
}

export interface ClipSizes {
  readonly joint: number;
  readonly regions: number;
  readonly logitScale: number;
  readonly tokens: number; // of a text, padding included; 77 where config.json does not have it, as every CLIP of OpenAI
}

/**
 * What config.json says of a CLIP. A trained logit scale is in no field of the hub's config.json; ours is `tass_logit_scale`,
 * and without it CLIP's own bound of 100, which OpenAI's models reached, is taken.
 */
export function clipSizes(folder: string): ClipSizes {
  const config = new ModelFolder(folder).json('config.json');
  const side = Math.floor(config.number('vision_config.image_size') / config.number('vision_config.patch_size'));
  const logitScale = config.get('tass_logit_scale') === undefined ? 100 : config.number('tass_logit_scale');
  const tokens =
    config.get('text_config.max_position_embeddings') === undefined ? 77 : config.number('text_config.max_position_embeddings');
  return { joint: config.number('projection_dim'), regions: side * side, logitScale, tokens };
}

/** Who CLIP's features come from: everything that changes a value changes this. Without `frames` the image tower need not be there. */
export function clipIdentity(
  path: string,
  { patches, words, prompt = defaultPrompt, dtype = 'fp32' }: ClipOptions,
  frames = true,
): EncoderIdentity {
  const folder = new ModelFolder(path);
  return {
    name: folder.name,
    digest: folder.digest([...(frames ? ImageTower.files(folder, dtype) : []), ...TextTower.files(folder, dtype)]),
    readOuts: dtype === 'fp32' ? { patches, words } : { patches, words, dtype },
    preprocessing: words === 'prompt' ? { prompt } : {},
    logitScale: clipSizes(path).logitScale,
  };
}
