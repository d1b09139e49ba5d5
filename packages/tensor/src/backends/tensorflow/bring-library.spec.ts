import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { bringLibrary } from './bring-library';
import type { BringLibrary } from './bring-library';
import { findLibrary, manifestFile, tensorFlowVersion } from './library';
import { downloadWheel } from './wheel';

const contents = { 'tensorflow/libtensorflow_framework.so.2': 'framework '.repeat(1000), 'tensorflow/libtensorflow_cc.so.2': 'library' };
const archive = zipOf(contents);
const sha256 = createHash('sha256').update(archive).digest('hex');
const wheel = { project: 'some-wheel', version: '1.0', file: 'some.whl', sha256, members: Object.keys(contents), pipArguments: [] };

let root: string;
let options: BringLibrary;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tass-library-'));
  const folder = path.join(root, 'tass', `tensorflow-${tensorFlowVersion}`);
  const download = async (_wheel: unknown, into: string): Promise<string> => {
    writeFileSync(path.join(into, wheel.file), archive);
    return path.join(into, wheel.file);
  };
  options = { folder, wheel, neededBytes: 1, download, check: async () => undefined, report: () => undefined };
});
afterEach(() => rmSync(root, { recursive: true }));

const leftBeside = () => readdirSync(path.join(root, 'tass'));

it('puts the libraries where they are looked for, with a manifest and without the wheel', async () => {
  const lines: string[] = [];
  await bringLibrary({ ...options, report: (line) => lines.push(line) });
  expect(readdirSync(options.folder).sort()).toEqual(['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', manifestFile]);
  expect(readFileSync(path.join(options.folder, 'libtensorflow_framework.so.2'), 'utf8')).toBe(
    contents['tensorflow/libtensorflow_framework.so.2'],
  );
  expect(findLibrary({ XDG_CACHE_HOME: root })).toEqual({ folder: options.folder });
  expect(lines).toEqual([
    'Downloading some-wheel 1.0 with pip',
    'Unpacking libtensorflow_framework.so.2',
    'Unpacking libtensorflow_cc.so.2',
  ]);
  expect(leftBeside()).toEqual([path.basename(options.folder)]);
});

it('leaves nothing where the libraries do not pass the check', async () => {
  const check = async (folder: string): Promise<void> => {
    expect(existsSync(path.join(folder, 'libtensorflow_cc.so.2'))).toBe(true);
    throw new Error('differs');
  };
  await expect(bringLibrary({ ...options, check })).rejects.toThrow('differs');
  expect(leftBeside()).toEqual([]);
});

it('leaves nothing where the archive is broken', async () => {
  for (const [bytes, message] of [
    [Buffer.from('no zip'), 'is not a zip file'],
    [zipOf({ other: 'x' }), 'holds no tensorflow/libtensorflow_framework.so.2'],
  ] as const) {
    const download = async (_wheel: unknown, into: string): Promise<string> => {
      writeFileSync(path.join(into, wheel.file), bytes);
      return path.join(into, wheel.file);
    };
    await expect(bringLibrary({ ...options, download })).rejects.toThrow(message);
    expect(leftBeside()).toEqual([]);
  }
});

it('says how much space is missing before it downloads', async () => {
  const download = jest.fn();
  await expect(bringLibrary({ ...options, neededBytes: 1e18, download })).rejects.toThrow(/MB free, 1000000000000 MB are needed/);
  expect(download).not.toHaveBeenCalled();
});

it('replaces a cache that lost bytes, which is not used meanwhile', async () => {
  await bringLibrary(options);
  writeFileSync(path.join(options.folder, 'libtensorflow_cc.so.2'), 'lib');
  expect(findLibrary({ XDG_CACHE_HOME: root })).toEqual({
    missing: expect.stringContaining('libtensorflow_cc.so.2 has 3 bytes, manifest.json says 7'),
  });
  await bringLibrary(options);
  expect(findLibrary({ XDG_CACHE_HOME: root })).toEqual({ folder: options.folder });
});

describe('downloadWheel', () => {
  /** Stands in for pip: runs `script` with the folder that is given to --dest as $dest. */
  function pipThat(script: string): NodeJS.ProcessEnv {
    const bin = path.join(root, 'bin');
    mkdirSync(bin);
    const destination = 'while [ $# -gt 0 ]; do [ "$1" = --dest ] && dest=$2; shift; done';
    writeFileSync(path.join(bin, 'pip'), `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${destination}\n${script}\n`, { mode: 0o755 });
    return { PATH: bin };
  }

  it('returns the wheel that pip brought, when its sum is the pinned one', async () => {
    const source = path.join(root, 'source.whl');
    writeFileSync(source, archive);
    expect(await downloadWheel(wheel, root, pipThat(`/bin/cp ${source} $dest/some.whl`))).toBe(path.join(root, 'some.whl'));
  });

  it('refuses another sum', async () => {
    await expect(downloadWheel(wheel, root, pipThat('echo other > $dest/some.whl'))).rejects.toThrow(
      /^some.whl has SHA-256 \w+, expected \w+: it is not used$/,
    );
  });

  it('gives the last error line of pip', async () => {
    const environment = pipThat('echo "WARNING: x" >&2; echo "ERROR: No matching distribution found for some-wheel==1.0" >&2; exit 1');
    await expect(downloadWheel(wheel, root, environment)).rejects.toThrow(
      'pip download failed (status 1): ERROR: No matching distribution found for some-wheel==1.0',
    );
  });

  it('says that there is no Python', async () => {
    await expect(downloadWheel(wheel, root, { PATH: root })).rejects.toThrow('no Python is on the PATH');
  });
});

/** The bytes of a zip file with these members, deflated; sums are left 0, which unzipMember does not read. */
function zipOf(members: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(members)) {
    const packed = deflateRawSync(Buffer.from(text));
    const sizes = Buffer.alloc(20); // version, flags, method, time, sum, sizes and name length stand alike in both headers
    sizes.writeUInt16LE(8, 2);
    sizes.writeUInt32LE(packed.length, 12);
    sizes.writeUInt32LE(text.length, 16);
    const nameLength = Buffer.from(Uint16Array.of(name.length).buffer);
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04\x14\x00', 'latin1'),
      sizes,
      nameLength,
      Buffer.alloc(2),
      Buffer.from(name),
      packed,
    ]);
    const place = Buffer.alloc(4);
    place.writeUInt32LE(offset);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00\x14\x00', 'latin1'), sizes, nameLength, Buffer.alloc(12), place, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
