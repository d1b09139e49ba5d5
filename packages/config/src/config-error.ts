import { limits } from './limits';

/** A configuration that cannot be used. One line for each mistake, all of them at once up to `limits.mistakes`; each names the file and place, or the override. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly namesItsPlace = true; // so a program leaves its own name out

  constructor(readonly issues: readonly string[]) {
    const more = issues.length - limits.mistakes;
    super([...issues.slice(0, limits.mistakes), ...(more > 0 ? [`and ${more} more mistakes`] : [])].join('\n'));
  }
}
