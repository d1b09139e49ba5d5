import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** The system's ffmpeg, which decodes every video. */
export interface Ffmpeg {
  readonly ffmpeg: string; // path of the program
  readonly ffprobe: string; // path of its companion
  readonly version: string; // as the program says it, e.g. 5.1.9-0+deb12u1
}

const suffix = process.platform === 'win32' ? '.exe' : '';
const install =
  'Install it: Debian, Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg; conda: conda install ffmpeg. ' +
  'Or set TASS_FFMPEG to its folder or program';

/**
 * Finds ffmpeg and ffprobe: in TASS_FFMPEG (their folder, or the path of ffmpeg with ffprobe beside it), else on PATH.
 * Throws, with the line that installs them, where one is missing or does not start.
 */
export function findFfmpeg(environment: NodeJS.ProcessEnv = process.env): Ffmpeg {
  const ffmpeg = find('ffmpeg', environment);
  const beside = join(dirname(ffmpeg), `ffprobe${suffix}`);
  const ffprobe = existsSync(beside) ? beside : find('ffprobe', { ...environment, TASS_FFMPEG: undefined });
  versionOf(ffprobe);
  return { ffmpeg, ffprobe, version: versionOf(ffmpeg) };
}

function find(name: string, { TASS_FFMPEG: named, PATH = '' }: NodeJS.ProcessEnv): string {
  if (named) {
    if (!existsSync(named)) throw new Error(`TASS_FFMPEG is ${named}, which is not there. ${install}`);
    const program = statSync(named).isDirectory() ? join(named, `${name}${suffix}`) : named;
    if (!existsSync(program)) throw new Error(`there is no ${name} in ${named} (TASS_FFMPEG). ${install}`);
    return program;
  }
  const folder = PATH.split(delimiter).find((folder) => folder !== '' && existsSync(join(folder, `${name}${suffix}`)));
  if (folder === undefined) throw new Error(`there is no ${name} on PATH. ${install}`);
  return join(folder, `${name}${suffix}`);
}

const versions = new Map<string, string>(); // by program; asking one takes a process

function versionOf(program: string): string {
  const known = versions.get(program);
  if (known !== undefined) return known;
  try {
    const first = execFileSync(program, ['-version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
    const version = /^ff(?:mpeg|probe) version (\S+)/.exec(first)?.[1];
    if (version !== undefined) {
      versions.set(program, version);
      return version;
    }
    throw new Error('it does not tell a version of ffmpeg');
  } catch (cause) {
    throw new Error(`${program} cannot be used as ffmpeg (${(cause as Error).message.split('\n')[0]}). ${install}`, { cause });
  }
}
