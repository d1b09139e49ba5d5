import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fromSources, MiniatureProject, runProgram } from '@tass/testing';

/** docs/your-own-network.md as a newcomer follows it, on a copy of the code and the miniature world. */
const repository = resolve(__dirname, '../../..');
const page = readFileSync(join(repository, 'docs/your-own-network.md'), 'utf8');
/** The pieces of each fragment: the lines between its "...". */
const fragments = [...page.matchAll(/^```ts fragment\n(.*?)^```$/gms)].map(([, code]) => code.split(/^ *\.\.\.\n/m));
const project = new MiniatureProject();
const code = mkdtempSync(join(tmpdir(), 'tass-code-'));
afterAll(() => {
  project.remove();
  rmSync(code, { recursive: true });
});

const run = (app: string, ...words: string[]) =>
  runProgram(join(code, `apps/${app}/src/main.ts`), words, {
    folder: project.folder,
    environment: { NODE_OPTIONS: fromSources.join(' ') },
  });

/** The sources, and packages linked as npm does. */
function copyCode(): void {
  const isSource = (path: string): boolean => !/\/(node_modules|dist|models|fixtures|\.cache)$/.test(path);
  for (const folder of ['apps', 'packages', 'experiments']) cpSync(join(repository, folder), join(code, folder), { recursive: true, filter: isSource }); // prettier-ignore
  const modules = join(repository, 'node_modules');
  mkdirSync(join(code, 'node_modules/@tass'), { recursive: true });
  for (const name of readdirSync(modules)) if (name !== '@tass') symlinkSync(join(modules, name), join(code, 'node_modules', name));
  for (const name of readdirSync(join(code, 'packages'))) symlinkSync(join(code, 'packages', name), join(code, 'node_modules/@tass', name));
  for (const name of readdirSync(join(repository, 'packages/config/node_modules'))) {
    mkdirSync(join(code, 'packages/config/node_modules'), { recursive: true });
    symlinkSync(join(repository, 'packages/config/node_modules', name), join(code, 'packages/config/node_modules', name));
  }
}

function edit(file: string, ...changes: readonly (readonly [string | RegExp, string])[]): void {
  const text = readFileSync(file, 'utf8');
  const changed = changes.reduce((before, [from, to]) => {
    expect(before).toMatch(from);
    return before.replace(from, to);
  }, text);
  writeFileSync(file, changed);
}

it('leads from two new files to a row over its seeds, and a sweep notices an edit', async () => {
  copyCode();
  const made = await run('trainer', 'new', 'network', 'my-network');
  expect(made).toMatchObject({ code: 0, errors: '' });

  const source = join(code, 'packages/baselines/src/networks/my-network.ts');
  const [[declaration, initialization], [signature, body, result]] = fragments;
  edit(
    source,
    ["import type { Network } from '@tass/network';", "import { attentionChange, type Network } from '@tass/network';"],
    [/^  readonly audio: /m, `${declaration}  readonly audio: `],
    [/^      audio: /m, `${initialization}      audio: `],
    [/^  forward\(.*\n/m, signature],
    [/^      const heard = .*\n/m, body],
    [/^      return \{ logits: (.*) \};\n/m, `      const logits = $1;\n${result}`],
  );
  const miniature = readFileSync(join(project.experiments, 'miniature.yaml'), 'utf8');
  writeFileSync(join(project.experiments, 'small-world.yaml'), miniature.replace(/^model:.*\n/m, ''));
  edit(join(project.experiments, 'networks/my-network.yaml'), ['/tass-small', '/small-world'], ['dim: 128', 'dim: 16']);

  const swept = async (...words: string[]) => {
    const ended = await run('trainer', 'sweep', ...words, 'epochs=1');
    expect(ended.code === 0 ? '' : ended.errors).toBe('');
    return ended.errors;
  };
  await swept('--exp=networks/my-network', 'seed=1,2,3');
  expect(await swept('--exp=miniature')).not.toContain('other code');
  edit(source, ['Math.sqrt(sizes.audioDim!)', '2 * Math.sqrt(sizes.audioDim!)']);
  expect(await swept('--exp=miniature')).not.toContain('other code'); // another network
  expect(await swept('--exp=networks/my-network', 'seed=1,2,3,4')).toMatch(/^3 of 3 finished cells ran with other code /m);
  expect(await swept('--exp=networks/my-network', 'seed=4')).not.toContain('other code');
  const [trained] = readdirSync(join(project.runs, 'networks/my-network'));
  const { output: used } = await run('evaluator', 'evaluate', `--run=${trained}`, '--use');
  expect(used).toContain('my-network lists no interventions. A network with attention or maps lists them under the key interventions:');
  const { output, errors, code: ended } = await run('evaluator', 'leaderboard', '--exp=networks/my-network', '--out=board');
  expect(ended === 0 ? '' : errors).toBe('');
  expect(output).toMatch(/^my-network \(4 seeds\) /m);
});
