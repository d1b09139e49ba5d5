export { completeMedia } from './extract/complete-media';
export { type ChangedVideo, findChangedVideos, isDiscarded } from './extract/changed-videos';
export { extractMedia, type ExtractMediaOptions } from './extract/extract-media';
export { findVideos } from './extract/find-videos';
export { readMediaDoubts } from './extract/doubts-folder';
export { readMediaFaults } from './extract/faults-folder';
export {
  beginFrames,
  type BegunFrames,
  expectCovered,
  frameFile,
  type Frames,
  framesOf,
  lastChange,
  readFrames,
  secondsOfFrames,
  soundFile,
  soundFolder,
} from './frames';
export { squareJpeg } from './square-jpeg';
export { encodeMp3 } from './encode-mp3';
export { MediaError, readingMedia } from './media-error';
export { chooseSeconds } from './sampling/choose-seconds';
export { readWav, type Sound } from './wav';
