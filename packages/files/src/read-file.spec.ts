import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { allowed, fromSources, hasGcc, refusals } from '@tass/testing';
import { writeFileAtomically } from './disk';
import { jsonLimits } from './limits';
import { parseJson, readJson, repeatedKey } from './parse-json';
import { FileError, readBytes, readText, unpacked } from './read-file';

const folder = mkdtempSync(join(tmpdir(), 'tass-read-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

it('reads a file, one that is as large as it may be, and a pipe', () => {
  writeFileSync(at('text'), 'ten letter');
  expect([readText(at('text'), 10), readText(at('text'), 1000)]).toEqual(['ten letter', 'ten letter']);
  expect(readText('/proc/self/stat', 10_000)).toContain('node'); // its size is said to be 0
  writeFileSync(at('empty'), '');
  expect(readBytes(at('empty'), 10)).toHaveLength(0);
});

it('refuses one that is larger, also where the size is not known before', () => {
  writeFileSync(at('large'), 'eleven chars');
  expect(() => readBytes(at('large'), 10)).toThrow(`${at('large')}: has 1 kB, expected at most 1 kB. Check that it is the right file`);
  expect(() => readBytes('/proc/self/stat', 10)).toThrow('/proc/self/stat: has more than 1 kB, expected at most 1 kB');
});

it('unpacks gzip up to a size', () => {
  const packed = gzipSync('x'.repeat(3000));
  expect(unpacked('a.gz', packed, 3000).toString()).toBe('x'.repeat(3000));
  expect(() => unpacked('a.gz', packed, 2999)).toThrow('a.gz: has more than 3 kB when unpacked, expected at most 3 kB');
  expect(() => unpacked('a.gz', packed.subarray(0, 20), 3000)).toThrow('a.gz: is no complete gzip file (unexpected end of file, 20 bytes)');
  expect(unpacked('a', Buffer.from('plain'), 1).toString()).toBe('plain');
});

it('parses JSON as JSON.parse does, up to a depth', () => {
  const value = { text: 'a "quote", [bracket] and \\', list: [1, [2, { deep: '\\"[' }]], empty: {} };
  expect(parseJson(JSON.stringify(value))).toEqual(value);
  expect(parseJson(Buffer.from('[1, "ü,"]'))).toEqual([1, 'ü,']);
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(() => parseJson(nested(jsonLimits.depth))).not.toThrow();
  expect(() => parseJson(nested(jsonLimits.depth + 1))).toThrow(`deeper than ${jsonLimits.depth} levels`);
  expect(() => parseJson(`"${nested(500)}"`)).not.toThrow();
  writeFileSync(at('half.json'), '{"a": [1,');
  expect(() => readJson(at('half.json'), 100)).toThrow(FileError);
  expect(() => readJson(at('half.json'), 100)).toThrow(`${at('half.json')}: is not JSON (`);
});

it('finds a key that stands twice in the outermost map', () => {
  expect(repeatedKey('{"a": {"b": 1}, "b": "a", "c": [{"c": 1}]}')).toBeUndefined();
  expect(repeatedKey('{"a": 1, "\\u0061" : 2}')).toBe('a');
});

it('refuses bombs in little time and memory', () => {
  const zeros = at('zeros');
  writeFileSync(zeros, '');
  truncateSync(zeros, 20 * 2 ** 30); // holds no blocks
  execFileSync('mkfifo', [at('pipe')]);
  writeFileSync(at('text.json'), `{"a":"${'x'.repeat(60 * 2 ** 20)}"`);
  const found = refusals(join(__dirname, 'index.ts'), {
    zeros: `it.readBytes(${JSON.stringify(zeros)}, it.mostBytes.annotations)`,
    sealed: `it.readSealedFile(${JSON.stringify(zeros)}, 'Make it again')`,
    digest: `it.sha256Of(${JSON.stringify(zeros)}, it.mostBytes.weights)`,
    pipe: `it.readSealedFile(${JSON.stringify(at('pipe'))}, 'Make it again')`,
    device: `it.readSealedFile('/dev/zero', 'Make it again')`,
    text: `it.readSealedFile(${JSON.stringify(at('text.json'))}, 'Make it again')`,
    endless: `it.readBytes('/dev/zero', it.mostBytes.record)`,
    brackets: `it.parseJson(Buffer.alloc(200_000_000, '['))`,
    lists: `it.parseJson(Buffer.from('[' + '[],'.repeat(20_000_000)))`,
  });
  expect(Object.entries(found).map(([name, { message }]) => [name, message])).toEqual([
    ['zeros', expect.stringContaining(`${zeros}: has 20480 MB, expected at most 128 MB`)],
    ['sealed', `${zeros}: has 20480 MB, expected at most 64 MB. Make it again`],
    ['digest', expect.stringContaining(`${zeros}: has 20480 MB, expected at most 16384 MB`)],
    ['pipe', `${at('pipe')}: is not a regular file. Make it again`],
    ['device', '/dev/zero: is not a regular file. Make it again'],
    ['text', `${at('text.json')}: is not JSON. Make it again`],
    ['endless', expect.stringContaining('/dev/zero: has more than 64 MB, expected at most 64 MB')],
    ['brackets', expect.stringContaining(`deeper than ${jsonLimits.depth} levels`)],
    ['lists', expect.stringContaining(`more than ${jsonLimits.values} values`)],
  ]);
  expect(Object.values(found).filter(({ seconds, megabytes }) => seconds > allowed.seconds || megabytes > allowed.megabytes)).toEqual([]);
});

describe('what the file system refuses', () => {
  it.each([
    [
      'a link to itself',
      () => symlinkSync('round', at('round')),
      'round',
      'is a link that leads back to itself. Delete the link, or let it lead to a file',
    ],
    [
      'a name that is too long',
      () => undefined,
      'n'.repeat(300),
      'is longer than the file system allows, mostly 255 bytes. Choose a shorter one',
    ],
    ['a folder', () => mkdirSync(at('folder')), 'folder', 'it is a folder, expected a file. Name another'],
    ['a link to nothing', () => symlinkSync('nothing', at('dangling')), 'dangling', 'dangling: is a link to nothing, which is not there'],
  ])('%s', (_, make, name, expected) => {
    make();
    expect(() => readText(at(name), 100)).toThrow(expected);
    expect(() => readText(at(name), 100)).toThrow(at(name));
  });

  it.each([
    ['round', 'ELOOP'],
    ['n'.repeat(300), 'ENAMETOOLONG'],
  ])('a write: %s', (name, code) => {
    expect(() => writeFileAtomically(at(`${name}/file`), 'x')).toThrow(new RegExp(`cannot write .*${name}/file: .*\\. .*\\(${code}\\)$`));
  });

  const ifGcc = hasGcc() ? it : it.skip;
  ifGcc('a disk that fails, is read-only, or full of open files (needs gcc)', () => {
    const library = at('failing.so');
    writeFileSync(
      at('failing.c'),
      `#define _GNU_SOURCE
      #include <errno.h>
      #include <stdlib.h>
      #include <string.h>
      #include <stdarg.h>
      #include <fcntl.h>
      #include <dlfcn.h>
      #include <sys/stat.h>
      static int refused(const char *path) { if (strstr(path, "failing") && getenv("FAIL")) { errno = atoi(getenv("FAIL")); return 1; } return 0; }
      int open64(const char *path, int flags, ...) { va_list l; va_start(l, flags); int mode = va_arg(l, int); va_end(l);
        if (refused(path)) return -1; return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64"))(path, flags, mode); }
      int open(const char *path, int flags, ...) { va_list l; va_start(l, flags); int mode = va_arg(l, int); va_end(l);
        if (refused(path)) return -1; return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open"))(path, flags, mode); }
      int mkdir(const char *path, mode_t mode) { if (strstr(path, "/below")) { errno = ENOENT; return -1; } if (refused(path)) return -1; return ((int (*)(const char *, mode_t))dlsym(RTLD_NEXT, "mkdir"))(path, mode); }`,
    );
    execFileSync('gcc', ['-shared', '-fPIC', '-o', library, at('failing.c'), '-ldl']);
    const said = (errno: number, program: string): string => {
      const env = { ...process.env, NODE_OPTIONS: '', LD_PRELOAD: library, FAIL: String(errno) };
      const body = `const it = require(${JSON.stringify(join(__dirname, 'index.ts'))}); try { ${program} } catch (error) { console.log(error.message) }`;
      return spawnSync(process.execPath, [...fromSources, '--eval', body], { env, encoding: 'utf8' }).stdout;
    };
    const file = at('failing/file');
    const read = `it.readText(${JSON.stringify(file)}, 100)`;
    const write = `it.writeFileAtomically(${JSON.stringify(file)}, 'x')`;
    const make = `it.onDisk('cannot make a run', ${JSON.stringify(at('failing/below'))}, () => require('node:fs').mkdirSync(${JSON.stringify(at('failing/below'))}, { recursive: true }))`;
    expect(said(5, read)).toBe(
      `${file}: cannot be read (EIO): the disk of this file failed. Check it, and its connection, or choose another place\n`,
    );
    expect(said(24, read)).toContain(
      '(EMFILE): this process has too many files open to open this file. Raise the limit (ulimit -n), or run fewer jobs at once',
    );
    expect(said(116, read)).toContain('(ESTALE): the file server of this file has lost it. Mount it again, or choose another place');
    expect(said(24, write)).toContain(`cannot write ${file}: this process has too many files open`);
    expect(said(122, write)).toContain('(EDQUOT)');
    expect(said(27, write)).toContain('(ulimit -f), allows. Raise it or choose another folder (EFBIG)');
    expect(said(30, make)).toBe(`cannot make a run: ${at('failing/below')} is on a read-only file system. Choose another folder (EROFS)\n`);
    expect(readFileSync(at('text'), 'utf8')).toBe('ten letter');
  });
});
