/** Slurm is not there, or does not take what the configuration asks for. The message says which key to change. */
export class SlurmError extends Error {
  override readonly name = 'SlurmError';
}
