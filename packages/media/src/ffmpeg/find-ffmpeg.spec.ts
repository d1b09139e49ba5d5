import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findFfmpeg } from './find-ffmpeg';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'find-'))));
afterEach(() => rmSync(root, { recursive: true }));

/** Programs that tell a version as ffmpeg's do. */
function install(folder: string, version: string, names = ['ffmpeg', 'ffprobe']): string {
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  for (const name of names)
    writeFileSync(join(path, name), `#!/bin/sh\necho ${name} ${version === '' ? 'is no such thing' : `version ${version} Copyright`}\n`, {
      mode: 0o755,
    });
  return path;
}

it('finds both on PATH, in the first folder that has them', () => {
  const PATH = [join(root, 'none'), install('one', '7.1'), install('two', '4.4')].join(delimiter);
  expect(findFfmpeg({ PATH })).toEqual({ ffmpeg: join(root, 'one/ffmpeg'), ffprobe: join(root, 'one/ffprobe'), version: '7.1' });
});

it('finds them in the folder TASS_FFMPEG, or beside that program, before PATH', () => {
  const [named, PATH] = [install('named', 'N-109-g5d'), install('one', '7.1')];
  const found = { ffmpeg: join(named, 'ffmpeg'), ffprobe: join(named, 'ffprobe'), version: 'N-109-g5d' };
  expect(findFfmpeg({ PATH, TASS_FFMPEG: named })).toEqual(found);
  expect(findFfmpeg({ PATH, TASS_FFMPEG: join(named, 'ffmpeg') })).toEqual(found);
});

it('takes ffprobe from PATH where it is not beside ffmpeg', () => {
  const [TASS_FFMPEG, PATH] = [install('named', '6.0', ['ffmpeg']), install('one', '7.1')];
  expect(findFfmpeg({ PATH, TASS_FFMPEG })).toMatchObject({ ffmpeg: join(root, 'named/ffmpeg'), ffprobe: join(root, 'one/ffprobe') });
});

describe('an error with the line that installs it', () => {
  const line = 'Install it: Debian, Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg;';
  it.each<[string, () => NodeJS.ProcessEnv, string]>([
    ['is not on PATH', () => ({ PATH: join(root, 'none') }), 'there is no ffmpeg on PATH.'],
    ['has no ffprobe', () => ({ PATH: install('one', '7', ['ffmpeg']) }), 'there is no ffprobe on PATH.'],
    ['is not where TASS_FFMPEG says', () => ({ TASS_FFMPEG: '/none' }), 'TASS_FFMPEG is /none, which is not there.'],
    ['is not in the folder TASS_FFMPEG', () => ({ TASS_FFMPEG: install('empty', '', []) }), `there is no ffmpeg in `],
    [
      'is another program',
      () => ({ PATH: install('one', '') }),
      'ffprobe cannot be used as ffmpeg (it does not tell a version of ffmpeg).',
    ],
  ])('when it %s', (_, environment, message) => {
    const given = environment();
    expect(() => findFfmpeg(given)).toThrow(message);
    expect(() => findFfmpeg(given)).toThrow(line);
  });
});
