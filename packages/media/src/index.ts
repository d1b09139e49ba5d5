export { expectCovered, frameFile, type Frames, readFrames, secondsOfFrames, type Segments, soundFile } from './frames';
export { readWav, type Sound } from './wav';
