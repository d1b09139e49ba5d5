import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

export type StockPackage = 'tfjs-node' | 'tfjs-node-gpu';

export type FoundStock = { readonly location: string } | { readonly missing: string };

/**
 * The package @tensorflow/<name> with its native binding, as seen from the module `from`; or one line with what is missing and the
 * command that installs it. Packages are installed here without their scripts, but the script downloads the binding.
 */
export function findStock(name: StockPackage, from: string = __filename): FoundStock {
  const project = `@tensorflow/${name}`;
  const requireFrom = createRequire(from);
  let description: string;
  try {
    description = requireFrom.resolve(`${project}/package.json`);
  } catch {
    return { missing: `${project} is not installed. Run: npm install --no-save --ignore-scripts=false ${project}@4.22.0` };
  }
  const { find } = createRequire(description)('@mapbox/node-pre-gyp') as { find: (description: string) => string };
  const binding = find(description);
  if (existsSync(binding)) return { location: requireFrom.resolve(project) };
  return { missing: `${binding} is not there. Run: npm rebuild --ignore-scripts=false ${project}` };
}
