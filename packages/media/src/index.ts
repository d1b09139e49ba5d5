export { extractMedia, type ExtractMediaOptions } from './extract/extract-media';
export { readMediaDoubts } from './extract/doubts-folder';
export { readMediaFaults } from './extract/faults-folder';
export { expectCovered, frameFile, type Frames, framesOf, readFrames, secondsOfFrames, soundFile, soundFolder } from './frames';
export { MediaError, readingMedia } from './media-error';
export { chooseSeconds } from './sampling/choose-seconds';
export { readWav, type Sound } from './wav';
