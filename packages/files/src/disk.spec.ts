import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources, hasGcc, limitedDisk } from '@tass/testing';
import { DiskError, onDisk, writeFileAtomically, writeSharedFileAtomically } from './disk';

const folder = mkdtempSync(join(tmpdir(), 'tass-disk-'));
chmodSync(folder, 0o755);
const file = join(folder, 'file');
afterAll(() => rmSync(folder, { recursive: true }));

it('writes parts one after the other, over what was there', () => {
  writeFileAtomically(file, 'old and longer');
  writeFileAtomically(file, 'new', new Uint8Array([32, 33]));
  expect(readFileSync(file, 'utf8')).toBe('new !');
  expect(readdirSync(folder)).toEqual(['file']);
});

it('takes several writers of one file at once', async () => {
  const body = (letter: string) =>
    `const { writeSharedFileAtomically } = require(${JSON.stringify(join(__dirname, 'disk.ts'))});
     for (let count = 1; count <= 300; count++) writeSharedFileAtomically(${JSON.stringify(file)}, '${letter}'.repeat(count * 20));`;
  const ends = ['a', 'b', 'c'].map((letter) => {
    const child = spawn(process.execPath, [...fromSources, '--eval', body(letter)], { stdio: 'ignore' });
    return new Promise((resolve) => child.once('close', resolve));
  });
  const all = Promise.all(ends);
  let isOver = false;
  void all.then(() => (isOver = true));
  writeSharedFileAtomically(file, 'a'.repeat(20));
  while (!isOver) {
    expect(readFileSync(file, 'utf8')).toMatch(/^(a{20})+$|^(b{20})+$|^(c{20})+$/);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect([await all, readdirSync(folder)]).toEqual([[0, 0, 0], ['file']]);
});

it('keeps the former file and leaves nothing else when a write fails', () => {
  writeFileAtomically(file, 'former');
  expect(() => writeFileAtomically(file, 'half', null as unknown as string)).toThrow('Received null');
  expect(readFileSync(file, 'utf8')).toBe('former');
  expect(readdirSync(folder)).toEqual(['file']);
});

it('names the folder when it is missing or is a file', () => {
  expect(() => writeFileAtomically(join(folder, 'none/x'), '')).toThrow(
    `cannot write ${folder}/none/x: there is no folder ${folder}/none. Make it or choose another (ENOENT)`,
  );
  expect(() => writeFileAtomically(join(file, 'x'), '')).toThrow(`a part of ${file} is a file, not a folder`);
});

it('lets other errors pass', () => {
  const bug = new TypeError('a bug');
  expect(() => onDisk('x', folder, () => { throw bug; })).toThrow(bug); // prettier-ignore
});

it('says that permission is missing', () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o555 });
  const asRoot = process.geteuid?.() === 0;
  try {
    if (asRoot) process.seteuid?.(65534); // root may write anywhere
    expect(() => writeFileAtomically(join(closed, 'x'), '')).toThrow(
      `no permission to write in ${closed}. Change its permissions or choose another folder (EACCES)`,
    );
  } finally {
    if (asRoot) process.seteuid?.(0);
  }
});

describe('a disk that knows no fsync of folders (needs gcc)', () => {
  const ifGcc = hasGcc() ? it : it.skip;
  const written = (folderSync: 'EINVAL' | 'ENOTSUP' | 'ENOSYS' | 'EBADF' | 'EISDIR' | 'EIO') => {
    const program = `require(${JSON.stringify(join(__dirname, 'disk.ts'))}).writeFileAtomically(${JSON.stringify(file)}, '${folderSync}')`;
    const env = { ...process.env, ...limitedDisk(folder, { link: 'EPERM', folderSync }) };
    const { status, stderr } = spawnSync(process.execPath, [...fromSources, '--eval', program], { env, encoding: 'utf8' });
    rmSync(join(folder, 'limited-disk.so'));
    return [status, stderr];
  };

  ifGcc.each(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF', 'EISDIR'] as const)('and says %s is written to all the same', (code) => {
    expect(written(code)).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toBe(code);
  });

  ifGcc('is not one that fails', () =>
    expect(written('EIO')).toEqual([1, expect.stringContaining(`cannot write ${file}: the disk of ${folder} failed. Check it`)]),
  );
});

describe('a small disk', () => {
  const disk = mkdtempSync(join(tmpdir(), 'tass-small-disk-'));
  afterAll(() => rmSync(disk, { recursive: true }));
  const mount = (options: string) => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const unmount = () => execFileSync('umount', [disk]);
  const mayMount = mount('size=4k');
  if (mayMount) unmount();
  const ifMayMount = mayMount ? it : it.skip;

  ifMayMount('that is full keeps the former file (needs permission to mount a tmpfs)', () => {
    mount('size=16k');
    try {
      writeFileAtomically(join(disk, 'file'), 'former');
      const write = () => writeFileAtomically(join(disk, 'file'), new Uint8Array(64 * 1024));
      expect(write).toThrow(
        `cannot write ${disk}/file: no space is left on the disk of ${disk}. Free some or choose another folder (ENOSPC)`,
      );
      expect(write).toThrow(DiskError);
      expect(readFileSync(join(disk, 'file'), 'utf8')).toBe('former');
      expect(readdirSync(disk)).toEqual(['file']);
    } finally {
      unmount();
    }
  });

  ifMayMount('that is read-only is named (needs permission to mount a tmpfs)', () => {
    mount('ro');
    try {
      expect(() => writeFileAtomically(join(disk, 'file'), 'x')).toThrow(
        `${disk} is on a read-only file system. Choose another folder (EROFS)`,
      );
    } finally {
      unmount();
    }
  });

  const ifDevFull = existsSync('/dev/full') ? it : it.skip;
  ifDevFull('is recognised from the error of a write (needs /dev/full)', () => {
    expect(() => onDisk('journal', folder, () => writeFileSync('/dev/full', 'x'))).toThrow(
      `journal: no space is left on the disk of ${folder}`,
    );
  });
});
