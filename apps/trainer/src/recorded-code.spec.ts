import { MiniatureProject } from '@tass/testing';
import { codeFolder, codeRevision, readRun } from '@tass/tracking';

it('a run records the commit of the program, where its settings lie elsewhere and a hook names another repository', async () => {
  const project = new MiniatureProject();
  try {
    const run = await project.trained(['--exp=miniature', 'epochs=1'], { environment: { GIT_DIR: project.folder } });
    const { code, codeUnknown, packageLock } = readRun(run).manifest;
    const known = codeRevision(codeFolder);
    expect([code?.commit, codeUnknown]).toEqual([known.code?.commit, known.codeUnknown]);
    expect(packageLock).toMatch(/^[0-9a-f]{64}$/);
  } finally {
    project.remove();
  }
});
