/** A world that cannot be made, gone on with or read: the message names the file or folder and what to do. */
export class WorldError extends Error {
  override readonly name = 'WorldError';

  constructor(message: string, options?: ErrorOptions) {
    super(`mini-avqa: ${message}`, options);
  }
}

/** Runs a step that writes to disk; an error of the file system comes out as a WorldError that names the path. */
export async function writing<Result>(path: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const advice = error.code === 'ENOSPC' ? 'Free some space' : 'Choose a folder that can be written (dataset.root)';
    throw new WorldError(`cannot write ${path}: ${error.message}. ${advice} and run again; finished videos are kept`, { cause: error });
  }
}
