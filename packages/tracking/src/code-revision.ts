import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { resolve } from 'node:path';

export interface CodeRevision {
  readonly commit: string;
  readonly dirty: boolean; // sources that can change a result differ from the commit
  readonly branch?: string;
  readonly repository?: string; // address of the remote `origin`, without user name and password
}

/** The commit of the code, or the reason why it is unknown. */
type KnownCode = { readonly code: CodeRevision; readonly codeUnknown?: undefined } | { readonly code: null; readonly codeUnknown: string };

/** The folder of the running code: a checkout of this project, or a copy of one. */
export const codeFolder = resolve(__dirname, '../../..');

/** The git commit of the checkout in `folder` itself; a surrounding repository has other code. */
export function codeRevision(folder: string): KnownCode {
  try {
    if (git(folder, 'rev-parse', '--show-prefix') !== '') {
      const around = git(folder, 'rev-parse', '--show-toplevel');
      return unknown(`${folder} is not a git checkout itself, it is a folder in the one at ${around}`);
    }
    const commit = git(folder, 'rev-parse', '--verify', 'HEAD');
    const dirty = isDirty(folder);
    const branch = ifKnown(folder, 'symbolic-ref', '--short', '--quiet', 'HEAD');
    const repository = ifKnown(folder, 'remote', 'get-url', 'origin')?.replace(/^(\w+:\/\/)[^/]*@/, '$1');
    return { code: { commit, dirty, ...(branch && { branch }), ...(repository && { repository }) } };
  } catch (error) {
    return unknown(reasonOf(error as GitError, folder));
  }
}

const unknown = (codeUnknown: string): KnownCode => ({ code: null, codeUnknown });

/**
 * The files that can change a result: sources, and the versions of libraries. A run records its configuration and digests of its data, so
 * experiments, `.tassrc.yaml`, data and runs do not count; nor do documentation, specs and tools.
 */
const decisive = [
  ...['apps', 'packages', 'package.json', 'package-lock.json', 'tsconfig.base.json'],
  ...['*.md', '*.spec.ts', 'fixtures/**'].map((files) => `:(exclude,glob)**/${files}`),
];

/** More than a megabyte of output also means that there are changes. */
function isDirty(folder: string): boolean {
  try {
    return git(folder, 'status', '--porcelain', '--untracked-files=all', '--', ...decisive) !== '';
  } catch (error) {
    if ((error as GitError).code === 'ENOBUFS') return true;
    throw error;
  }
}

type GitError = NodeJS.ErrnoException & { readonly stderr?: string };

const bounded: ExecFileSyncOptionsWithStringEncoding & { readonly timeout: number } = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
  timeout: 60_000, // milliseconds
  maxBuffer: 2 ** 20,
  killSignal: 'SIGKILL',
};

const git = (folder: string, ...words: string[]): string =>
  execFileSync('git', words, { cwd: folder, env: environment(), ...bounded }).trim();

/**
 * The environment without variables that point git to another repository, as in a hook (GIT_DIR, GIT_WORK_TREE, ...). Settings such as
 * safe.directory stay.
 */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_(?!CONFIG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' }; // C, because its messages are parsed
}

function ifKnown(folder: string, ...words: string[]): string | undefined {
  try {
    return git(folder, ...words) || undefined;
  } catch {
    return undefined;
  }
}

function reasonOf({ code, stderr = '', message }: GitError, folder: string): string {
  if (code === 'ENOENT') return 'there is no program git on PATH';
  if (code === 'ETIMEDOUT') return `git does not answer within ${bounded.timeout / 1000} s in ${folder}`;
  if (stderr.includes('not a git repository')) return `${folder} is not a git checkout`;
  return (stderr.trim() || message).replaceAll(/\s+/g, ' ');
}
