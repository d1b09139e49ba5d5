import { join } from 'node:path';
import { MiniatureProject, filesIn } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

it('an engine that is asked for and is not there is named, with where it was looked for and the command that brings it', async () => {
  const library = join(project.folder, 'nothing');
  const before = filesIn(project.folder);
  const { code, errors, output } = await project.train(['--exp=miniature', 'engine.backend=tensorflow'], {
    environment: { TASS_TENSORFLOW_LIB: library },
  });
  expect([code, output]).toEqual([1, '']);
  expect(errors).toMatch(
    /^trainer: useEngine: backend tensorflow is not there: TASS_TENSORFLOW_LIB=\S+nothing does not hold .+\. Run: npm run engine:tensorflow\n$/,
  );
  expect(filesIn(project.folder)).toEqual(before);
});
