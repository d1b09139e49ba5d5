import { createRequire } from 'node:module';

/** tfjs-node 4.22 calls two functions of node:util that newer versions of Node warn of or lack. */
export function provideRemovedUtilities(): void {
  const utilities = createRequire(__filename)('node:util') as typeof import('node:util') & Record<string, unknown>;
  utilities.isArray = Array.isArray;
  utilities.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
}
