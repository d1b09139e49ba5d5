import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { UsageError } from '@tass/program';
import { codeFolder } from '@tass/tracking';

const template = 'mean-pooling'; // the smallest network

/** `new network NAME`: copies the smallest network and its experiment. Throws UsageError, also if the name is in use. */
export function newCommand([what, name, ...rest]: readonly string[], settings: ProjectSettings, code = codeFolder): number {
  if (what !== 'network' || name === undefined || rest.length > 0) throw new UsageError('expected new network NAME');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new UsageError(`a network cannot be called ${name}, expected lower-case letters, digits and single hyphens, as in my-network`);
  }
  const networks = join(code, 'packages/baselines/src/networks');
  const files = [
    { from: join(networks, `${template}.ts`), to: join(networks, `${name}.ts`) },
    { from: join(code, `experiments/networks/${template}-small.yaml`), to: join(settings.experiments, `networks/${name}.yaml`) },
  ];
  const taken = files.find(({ to }) => existsSync(to));
  if (taken) throw new UsageError(`${name} is in use: ${taken.to} exists. Choose another name`);
  if (name === 'tass') throw new UsageError('tass is in use: it is the network of packages/tass. Choose another name');
  for (const { from, to } of files) {
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, renamed(readFileSync(from, 'utf8'), name), { flag: 'wx' });
    console.log(relative(process.cwd(), to));
  }
  console.log(`\nYou can train it now: npx tass train --exp=networks/${name}          Next: docs/your-own-network.md`);
  return 0;
}

/** The template with the new name, and with placeholders for what is said of the template alone: its description, and where a value comes from. */
function renamed(text: string, name: string): string {
  const type = name.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
  return text
    .replaceAll(`${template}-small`, name)
    .replaceAll(template, name)
    .replaceAll('MeanPooling', type)
    .replace(/^\/\*\*\n[^]*?\*\/$/m, descriptionOf(name))
    .replace('title: mean pooling', `title: ${name}`)
    .replace(/^# .*\n/, `# ${name}: write here what it is. On the embedded world.\n`)
    .replace(/^(optimizer: .*) # .*$/m, `$1 # as ${template}; choose your own on val`);
}

/** The docstring of the new network. */
const descriptionOf = (name: string): string => `/**
 * Write here what ${name} computes, and where the method is described. So far, it is a copy of ${template}: the mean of the regions, the mean
 * of the sound and the question go through two layers.
 */`;
