import { join } from 'node:path';
import { allowed, refusals } from '@tass/testing';

it('stops a program that prints without end', () => {
  const found = refusals(join(__dirname, 'run-program.ts'), {
    output: `return it.runProgram('/usr/bin/yes', ['a line of fifty letters, as ffprobe prints packets'], { timeLimitSeconds: 600 })`,
    lines: `return it.runProgram('/usr/bin/yes', ['a line of fifty letters, as ffprobe prints packets'], { timeLimitSeconds: 600 }, { onOutputLine: () => undefined })`,
    line: `return it.runProgram('/bin/sh', ['-c', 'exec cat /dev/zero >&2'], { timeLimitSeconds: 600 })`,
  });
  expect(Object.values(found).map(({ message }) => message)).toEqual(
    Array(3).fill('made ffmpeg print more than 128 MB, so it was stopped. Convert it'),
  );
  expect(Object.entries(found).filter(([, { seconds, megabytes }]) => seconds > allowed.seconds || megabytes > allowed.megabytes)).toEqual(
    [],
  );
});
