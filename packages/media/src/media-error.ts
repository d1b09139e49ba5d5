/** Frames or sound of one video that cannot be used: the video is left out and listed with this message, the others go on. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}
