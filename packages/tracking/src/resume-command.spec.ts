import { resumeCommand } from './resume-command';

it('resumes a run, and of a run of a sweep all its cells', () => {
  const sweep = { id: '20251123-120000-1a2b3c', experiment: 'ablations', folder: '.sweeps/ablations/20251123-120000-1a2b3c' };
  expect(resumeCommand({ id: 'run-1' })).toBe('npx nx run trainer:train --resume=run-1');
  expect(resumeCommand({ id: 'run-1', sweep })).toBe('npx nx run trainer:sweep --resume=20251123-120000-1a2b3c');
});
