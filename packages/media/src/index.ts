export { type ExtractedMedia, extractMedia, type ExtractMediaOptions, type MediaProgress } from './extract/extract-media';
export { type MediaDoubts, readMediaDoubts } from './extract/doubts-folder';
export { type MediaFault, readMediaFaults } from './extract/faults-folder';
export { type Ffmpeg, findFfmpeg } from './ffmpeg/find-ffmpeg';
export {
  type Coverage,
  expectCovered,
  frameFile,
  type Frames,
  framesOf,
  readFrames,
  secondsOfFrames,
  soundFile,
  soundFolder,
} from './frames';
export { MediaError, readingMedia } from './media-error';
export { chooseSeconds, type ChooseSecondsOptions, type Sampling } from './sampling/choose-seconds';
export { readWav, type Sound } from './wav';
