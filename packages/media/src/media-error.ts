/** Frames or sound of one video that cannot be used: the video is left out and listed with this message, the others go on. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}

/** Runs `work`, which reads media of one video: any error is then a MediaError, whatever it is. */
export async function readingMedia<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof MediaError ? cause : new MediaError(`cannot be read (${(cause as Error).message})`, { cause });
  }
}
