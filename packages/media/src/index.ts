export { expectCovered, frameFile, type Frames, readFrames, secondsOfFrames, soundFile } from './frames';
export { MediaError } from './media-error';
export { readWav, type Sound } from './wav';
