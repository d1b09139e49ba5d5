import { type AudioEncoder, loadAudioEncoder } from '../audio/audio-encoder';
import { ImageTower } from '../clip/image-tower';
import { TextTower } from '../clip/text-tower';
import { defaultSampling, type FeaturePlan } from './plan-stores';

/** The models of a plan: each is loaded when it is first needed, and once, for all who have this object and the same models in their plans. */
export class Encoders {
  private imageTower?: Promise<ImageTower>;
  private textTower?: Promise<TextTower>;
  private sound?: { readonly segmentSeconds: number; readonly encoder: Promise<AudioEncoder> };

  image({ clip }: FeaturePlan): Promise<ImageTower> {
    if (!clip) throw new Error('frames are to be encoded, but no CLIP is given');
    return (this.imageTower ??= ImageTower.load(clip.folder, clip));
  }

  text({ clip }: FeaturePlan): Promise<TextTower> {
    if (!clip) throw new Error('texts are to be encoded, but no CLIP is given');
    return (this.textTower ??= TextTower.load(clip.folder, clip));
  }

  /** Its windows may depend on the length of a segment. */
  audio({ audio, sampling: { segmentSeconds } = defaultSampling }: FeaturePlan): Promise<AudioEncoder> {
    if (!audio) throw new Error('sounds are to be encoded, but no audio encoder is given');
    if (this.sound?.segmentSeconds !== segmentSeconds)
      this.sound = { segmentSeconds, encoder: loadAudioEncoder(audio.folder, { window: audio.window, segmentSeconds }) };
    return this.sound.encoder;
  }
}
