import { type AudioEncoder, loadAudioEncoder } from '../audio/audio-encoder';
import { ImageTower } from '../clip/image-tower';
import { TextTower } from '../clip/text-tower';
import { defaultSampling, type FeaturePlan } from './plan-stores';
import { providerOf } from './settle-device';

/** The models of a plan: each is loaded when it is first needed, and once, for all who have this object and the same models in their plans. */
export class Encoders {
  private imageTower?: Promise<ImageTower>;
  private textTower?: Promise<TextTower>;
  private sound?: { readonly segmentSeconds: number; readonly encoder: Promise<AudioEncoder> };

  image({ clip, device }: FeaturePlan): Promise<ImageTower> {
    if (!clip) throw new Error('frames are to be encoded, but no CLIP is given');
    return (this.imageTower ??= ImageTower.load(clip.folder, { ...clip, provider: providerOf(device) }));
  }

  text({ clip, device }: FeaturePlan): Promise<TextTower> {
    if (!clip) throw new Error('texts are to be encoded, but no CLIP is given');
    return (this.textTower ??= TextTower.load(clip.folder, { ...clip, provider: providerOf(device) }));
  }

  /** Its windows may depend on the length of a segment. */
  audio({ audio, device, sampling: { segmentSeconds } = defaultSampling }: FeaturePlan): Promise<AudioEncoder> {
    if (!audio) throw new Error('sounds are to be encoded, but no audio encoder is given');
    if (this.sound?.segmentSeconds !== segmentSeconds) {
      const options = { window: audio.window, segmentSeconds, provider: providerOf(device) };
      this.sound = { segmentSeconds, encoder: loadAudioEncoder(audio.folder, options) };
    }
    return this.sound.encoder;
  }
}
