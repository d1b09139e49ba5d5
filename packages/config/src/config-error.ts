/** A configuration that cannot be used. One line for each mistake, all of them at once; each names the file and place, or the override. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly namesItsPlace = true; // so a program leaves its own name out

  constructor(readonly issues: readonly string[]) {
    super(issues.join('\n'));
  }
}
