/** Slurm is missing or refuses the configuration. The message names the key to change. */
export class SlurmError extends Error {
  override readonly name = 'SlurmError';
}
