import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCheckpoint } from '@tass/checkpoints';
import { MiniatureProject } from '@tass/testing';

/** A run that starts from the parameters of another one. */
const project = new MiniatureProject();
const still = ['--exp=miniature', 'epochs=1', 'optimizer.learningRate=1e-12']; // parameters stay as they were
const withoutSound = 'model.inputs.audio=false';
let pooled: string; // trained without grounding: it has a part of the parameters
let id: string;
beforeAll(async () => {
  pooled = await project.trained(['--exp=miniature', 'epochs=1', 'model.tsgPlus.grounding=false', 'loss.synchrony=0']);
  id = basename(pooled);
});
afterAll(() => project.remove());

const rounded = ({ data }: { readonly data: Iterable<number> }): string[] => [...data].map((value) => value.toFixed(4));
const parametersOf = (run: string) => readCheckpoint(join(run, 'checkpoints/best.safetensors')).arrays;

it('takes what the other run has, lists it, and keeps its own of the rest', async () => {
  const { code, errors } = await project.train([...still, `+initialize.from=${id}`]);
  expect({ code, errors }).toMatchObject({ code: 0 });
  const [run] = project.runsOf();
  const [taken, there] = [parametersOf(run), parametersOf(pooled)];
  expect(Object.keys(taken).length).toBeGreaterThan(Object.keys(there).length);
  for (const name of Object.keys(there)) expect(rounded(taken[name])).toEqual(rounded(there[name]));
  const own = parametersOf(await project.trained(still));
  const name = 'question.target.key.weight'; // which the other run has not
  expect(rounded(taken[name])).toEqual(rounded(own[name]));
  expect(taken['answer.weight'].data).not.toEqual(own['answer.weight'].data);
  expect(errors).toMatch(new RegExp(`^${Object.keys(there).length} of ${Object.keys(taken).length} parameters are those of epoch 1 of ${id}: .*answer.weight`, 'm')); // prettier-ignore
  expect(JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')).initialize).toEqual({ run: id, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }); // prettier-ignore
});

it.each([
  ['parameters that this network lacks', [withoutSound], /parameters that tass has not: audio\.hidden\.bias \(\[16\] there, none here\).* Expected a run whose every parameter/],
  ['parameters of another shape', ['model.dim=8'], /audio\.hidden\.weight \(\[(\d+), 16\] there, \[\1, 8\] here\)/],
  ['a run that is not there', [], /there is no run nobody/],
])('refuses %s before there is a run', async (name, words, message) => {
  const from = name.startsWith('a run') ? 'nobody' : id;
  const { code, errors, changed } = await project.refusal('train', [...still, ...words, `+initialize.from=${from}`]);
  expect({ code, changed }).toEqual({ code: 1, changed: [] });
  expect(errors).toMatch(message);
}); // prettier-ignore

it('refuses a run that is not finished', async () => {
  rmSync(join(pooled, 'report.json'));
  const { code, errors } = await project.refusal('train', [...still, `+initialize.from=${id}`]);
  expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining(`initialize.from: ${id} is not finished`) });
});
