import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from '@tass/testing';
import { codeRevision } from './code-revision';

let root: string;
const before = { ...process.env };
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tass-code-')));
  Object.assign(process.env, { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(root, { recursive: true });
});

const git = (folder: string, ...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder, encoding: 'utf8' }).trim();

/** A repository with one commit, in a folder of this name; the commit differs from that of another name. */
function repository(name: string): { folder: string; commit: string } {
  const folder = join(root, name);
  mkdirSync(folder);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(folder, 'name'), name);
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '-m', name);
  return { folder, commit: git(folder, 'rev-parse', 'HEAD') };
}

it('is that of the checkout, whatever a hook or a shell points git to', () => {
  const [ours, other] = [repository('ours'), repository('other')];
  process.env.GIT_DIR = join(other.folder, '.git');
  process.env.GIT_WORK_TREE = other.folder;
  process.env.GIT_INDEX_FILE = join(other.folder, '.git/index');
  expect(codeRevision(ours.folder)).toEqual({ code: { commit: ours.commit, dirty: false, branch: 'main' } });
});

it('is not that of a repository around a copy', () => {
  const { folder } = repository('around');
  const copy = join(folder, 'thirdparty/tass');
  mkdirSync(copy, { recursive: true });
  expect(codeRevision(copy)).toEqual({
    code: null,
    codeUnknown: `${copy} is not a git checkout itself, it is a folder in the one at ${folder}`,
  });
});

it('is that of a work tree, and of a checkout that is reached through a link', () => {
  const { folder, commit } = repository('ours');
  git(folder, 'worktree', 'add', '--quiet', '--detach', join(folder, 'nested'));
  symlinkSync(folder, join(root, 'link'));
  for (const path of [join(folder, 'nested'), join(root, 'link')]) expect(codeRevision(path).code?.commit).toBe(commit);
});

it('is unknown, with the reason, without a repository, without a commit and without git', () => {
  expect(codeRevision(root)).toEqual({ code: null, codeUnknown: `${root} is not a git checkout` });
  git(root, 'init', '--quiet');
  expect(codeRevision(root)).toEqual({ code: null, codeUnknown: expect.stringMatching('Needed a single revision') });
  process.env.PATH = root;
  expect(codeRevision(root)).toEqual({ code: null, codeUnknown: 'there is no program git on PATH' });
});

it.each<[boolean, string]>([
  [false, '.tassrc.yaml'],
  [false, 'experiments/mine.yaml'],
  [false, 'docs/notes.md'],
  [false, 'data/music-avqa/avqa-val.json'],
  [false, 'runs/tass/1/manifest.json'],
  [false, 'tools/mine.cjs'],
  [false, 'packages/tass/README.md'],
  [false, 'packages/tass/src/tass.spec.ts'],
  [false, 'packages/tass/src/fixtures/new/tass.json'],
  [true, 'packages/baselines/src/networks/mine.ts'],
  [true, 'apps/trainer/src/train.ts'],
  [true, 'package-lock.json'],
])('is dirty: %s, with a new or changed file %s', (dirty, file) => {
  const { folder } = repository('ours');
  const write = (text: string) => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write('new');
  expect(codeRevision(folder).code?.dirty).toBe(dirty);
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '-m', 'it');
  expect(codeRevision(folder).code?.dirty).toBe(false);
  write('changed');
  expect(codeRevision(folder).code?.dirty).toBe(dirty);
});

const isRoot = process.geteuid?.() === 0;
(isRoot ? it : it.skip)('is unknown, with the words of git, in a checkout of another owner (needs root)', () => {
  const { folder, commit } = repository('theirs');
  const copy = join(root, 'copy');
  cpSync(folder, copy, { recursive: true });
  for (const path of ['', ...Object.keys(filesIn(copy))]) chownSync(join(copy, path), 65534, 65534);
  const { code, codeUnknown } = codeRevision(copy);
  expect([code, codeUnknown]).toEqual([null, expect.stringMatching(/dubious ownership.* git config --global --add safe\.directory /)]);
  Object.assign(process.env, { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: copy });
  expect(codeRevision(copy).code?.commit).toBe(commit);
});
