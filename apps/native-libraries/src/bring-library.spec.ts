import { identityOf } from '@tass/files';
import { type LibraryManifest, manifestFile } from '@tass/onnx';
import { tensorFlowLibrary } from '@tass/tensor';
import { runProgram, signalAtLock, until } from '@tass/testing';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { bringLibrary } from './bring-library';
import type { BringLibrary } from './bring-library';
import { distributions, downloadWheel, type Wheel } from './wheel';

const { cacheFolder, findBroughtLibrary, libraryFolder } = tensorFlowLibrary;
const framework = 'framework '.repeat(1000);
const libraries = { 'tensorflow/libtensorflow_framework.so.2': framework, 'tensorflow/libtensorflow_cc.so.2': 'library' };
const archive = zipOf(withRecord({ ...libraries, 'tensorflow/other.py': 'x' }));
const wheel: Wheel = { requirement: 'some-wheel==1.0', sha256: sha256Of(archive) };

let root: string;
let environment: NodeJS.ProcessEnv;
let options: BringLibrary;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tass-library-'));
  environment = { ...process.env, XDG_CACHE_HOME: root };
  options = {
    folder: cacheFolder('cpu', environment),
    distribution: { ...distributions.cpu, wheel, neededBytes: 1 },
    download: bringing(archive),
    check: async () => undefined,
    report: () => undefined,
  };
});
afterEach(() => rmSync(root, { recursive: true }));

/** Stands in for pip: what it downloads has these bytes. */
function bringing(bytes: Buffer): BringLibrary['download'] {
  return async (_wheel, into) => {
    mkdirSync(into);
    writeFileSync(path.join(into, 'some.whl'), bytes);
    return { archive: path.join(into, 'some.whl'), sha256: sha256Of(bytes) };
  };
}

const leftBeside = () => readdirSync(path.join(root, 'tass'));

it('puts the libraries where they are looked for, with a manifest and without the wheel', async () => {
  const lines: string[] = [];
  await bringLibrary({ ...options, report: (line) => lines.push(line) });
  expect(readdirSync(options.folder).sort()).toEqual(['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', manifestFile]);
  expect(readFileSync(path.join(options.folder, 'libtensorflow_framework.so.2'), 'utf8')).toBe(framework);
  expect(findBroughtLibrary('cpu', environment)).toEqual({ folder: options.folder });
  expect(lines).toEqual(['Downloading some-wheel==1.0 with pip', 'Unpacked 2 files, 1 MB']);
  expect(leftBeside()).toEqual([path.basename(options.folder)]);
});

it('leaves nothing where the libraries do not pass the check', async () => {
  const check = async (folder: string): Promise<void> => {
    expect(existsSync(path.join(folder, 'libtensorflow_cc.so.2'))).toBe(true);
    throw new Error('differs');
  };
  await expect(bringLibrary({ ...options, check })).rejects.toThrow(/^differs$/);
  expect(leftBeside()).toEqual([]);
});

it('leaves nothing where the archive is broken', async () => {
  for (const [bytes, message] of [
    [Buffer.from('no zip'), 'some.whl: End of central directory record signature not found. Either not a zip file'],
    [archive.subarray(0, archive.length - 10), 'some.whl: End of central directory record signature not found'],
    [broken(archive), 'some.whl: '],
    [zipOf(libraries), 'some.whl: it is no wheel, as it holds no .dist-info/RECORD'],
    [zipOf(withRecord({ other: 'x' })), 'some.whl: it holds none of the libraries'],
  ] as const) {
    await expect(bringLibrary({ ...options, download: bringing(bytes) })).rejects.toThrow(message);
    expect(leftBeside()).toEqual([]);
  }
});

it('says how much space is missing before it downloads', async () => {
  const download = jest.fn();
  const distribution = { ...options.distribution, neededBytes: 1e18 };
  await expect(bringLibrary({ ...options, distribution, download })).rejects.toThrow(/MB free, 1000000000000 MB are needed$/);
  expect(download).not.toHaveBeenCalled();
});

it('is done by one process at a time, and goes on after one that was killed', async () => {
  mkdirSync(path.dirname(options.folder), { recursive: true });
  const lock = `${options.folder}.lock`;
  writeFileSync(lock, JSON.stringify(identityOf()));
  await expect(bringLibrary(options)).rejects.toThrow(/^the cache \S+ is in use by this process/);
  writeFileSync(lock, JSON.stringify({ ...identityOf(), pid: 2 ** 22 + 1 }));
  mkdirSync(`${options.folder}.unfinished/nvidia`, { recursive: true });
  await bringLibrary(options);
  expect(existsSync(path.join(options.folder, 'nvidia'))).toBe(false);
  expect(leftBeside()).toEqual([path.basename(options.folder)]);
});

it('replaces a cache that lost bytes, which is not used meanwhile', async () => {
  await bringLibrary(options);
  writeFileSync(path.join(options.folder, 'libtensorflow_cc.so.2'), 'lib');
  expect(findBroughtLibrary('cpu', environment)).toEqual({
    missing: expect.stringContaining('libtensorflow_cc.so.2 has 3 bytes, 7 were installed'),
  });
  await bringLibrary(options);
  expect(findBroughtLibrary('cpu', environment)).toEqual({ folder: options.folder });
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
  const into = () => path.join(root, 'download');

  it('returns the wheel that pip brought, when its sum is the pinned one', async () => {
    const source = path.join(root, 'source.whl');
    writeFileSync(source, archive);
    const downloaded = await downloadWheel(wheel, into(), pipThat(`/bin/cp ${source} $dest/some.whl`));
    expect(downloaded).toEqual({ archive: path.join(into(), 'some.whl'), sha256: wheel.sha256 });
  });

  it('refuses another sum', async () => {
    await expect(downloadWheel(wheel, into(), pipThat('echo other > $dest/some.whl'))).rejects.toThrow(
      /^some.whl has SHA-256 \w+, expected \w+: it is not used$/,
    );
  });

  it('gives the last error line of pip', async () => {
    const failing = pipThat('echo "WARNING: x" >&2; echo "ERROR: No matching distribution found for some-wheel==1.0" >&2; exit 1');
    await expect(downloadWheel(wheel, into(), failing)).rejects.toThrow(
      'pip download failed (status 1): ERROR: No matching distribution found for some-wheel==1.0',
    );
  });

  it('ends pip when it is stopped', async () => {
    const stop = new AbortController();
    const number = path.join(root, 'number');
    const stopped = downloadWheel(wheel, into(), pipThat(`echo $$ > ${number}; exec /bin/sleep 60`), stop.signal);
    await until(() => existsSync(number) && readFileSync(number, 'utf8').endsWith('\n'));
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    expect(() => process.kill(Number(readFileSync(number, 'utf8')), 0)).toThrow('ESRCH');
  });

  (process.platform === 'linux' ? it : it.skip)('the command gives its lock back when a signal stops it (Linux)', async () => {
    const preload = path.join(root, 'stop.cjs');
    writeFileSync(preload, signalAtLock(`${path.basename(options.folder)}.lock`));
    const { PATH } = pipThat('exec /bin/sleep 60');
    const ended = await runProgram(path.join(__dirname, 'tensorflow-main.ts'), [], {
      folder: root,
      preload: [preload],
      environment: { PATH, XDG_CACHE_HOME: root },
    });
    expect([ended.code, ended.signal, ended.errors]).toEqual([130, null, expect.stringContaining('stopped; finished parts are kept')]);
    expect(leftBeside()).toEqual([]);
  });

  it('says that there is no Python', async () => {
    await expect(downloadWheel(wheel, into(), { PATH: root })).rejects.toThrow('no Python is on the PATH');
  });
});

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
(hasPip ? describe : describe.skip)('a wheel that asks for others under an extra (needs python3 with pip)', () => {
  const parts = {
    'nvidia/blas/lib/libblas.so.12': 'blas',
    'nvidia/blas/include/blas.h': 'header',
    'nvidia/blas/lib/libblas_static.a': 'static',
  };
  const tools = {
    'nvidia/nvcc/bin/ptxas': 'assembler',
    'nvidia/nvcc/nvvm/libdevice/libdevice.10.bc': 'device',
    'nvidia/nvcc/bin/other': 'x',
  };
  let index: string;
  let cuda: BringLibrary;
  let asked: string[];

  beforeEach(() => {
    index = path.join(root, 'index');
    mkdirSync(index);
    const requirements = [
      'numpy>=1.26',
      'part-blas<13.0,>=12.5; extra == "and-cuda"',
      'part-other; sys_platform == "win32" and extra == "and-cuda"',
      'part-nvcc; extra == "and-cuda"',
    ];
    const main = addWheel('engine', '1.0', libraries, requirements);
    for (const version of ['12.4', '12.9', '13.1']) addWheel('part-blas', version, parts);
    addWheel('part-nvcc', '12.9', tools);
    asked = [];
    cuda = {
      ...options,
      folder: cacheFolder('cuda', environment),
      distribution: { ...distributions.cuda, wheel: { requirement: 'engine==1.0', sha256: sha256Of(main) }, neededBytes: 1 },
      download: (wanted, into) => {
        asked.push(wanted.requirement);
        return downloadWheel(wanted, into, { ...environment, PIP_NO_INDEX: '1', PIP_FIND_LINKS: index, PIP_QUIET: '1' });
      },
    };
  });

  /** Adds a wheel to the folder that pip looks into: the members with their RECORD, and METADATA with `requirements`. */
  function addWheel(
    name: string,
    version: string,
    members: Record<string, string>,
    requirements: string[] = [],
    record = recordOf(members),
  ): Buffer {
    const information = `${name.replace('-', '_')}-${version}.dist-info`;
    const bytes = zipOf({
      ...members,
      [`${information}/METADATA`]: [
        'Metadata-Version: 2.1',
        `Name: ${name}`,
        `Version: ${version}`,
        'Provides-Extra: and-cuda',
        ...requirements.map((text) => `Requires-Dist: ${text}`),
        '\nText',
      ].join('\n'),
      [`${information}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: spec\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
      [`${information}/RECORD`]: record,
    });
    writeFileSync(path.join(index, `${name.replace('-', '_')}-${version}-py3-none-any.whl`), bytes);
    return bytes;
  }

  it('is unpacked with them, the newest that it takes, as they look for each other, and the other library stays', async () => {
    await bringLibrary(options);
    let checked = '';
    await bringLibrary({ ...cuda, check: async (folder) => void (checked = readdirSync(folder).sort().join()) });
    const files = ['nvidia/blas/lib/libblas.so.12', 'nvidia/nvcc/bin/ptxas', 'nvidia/nvcc/nvvm/libdevice/libdevice.10.bc'];
    const folder = cacheFolder('cuda', environment);
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(path.join(folder, file)).isFile());
    expect(found.sort()).toEqual([manifestFile, ...files, ...Object.keys(libraries)].sort());
    expect(statSync(path.join(folder, files[1])).mode & 0o111).toBe(0o111);
    expect(checked).toBe('nvidia,receipts.json,tensorflow');
    const { wheels } = JSON.parse(readFileSync(path.join(folder, manifestFile), 'utf8')) as LibraryManifest;
    expect(wheels.map(({ file }) => file)).toEqual([
      'engine-1.0-py3-none-any.whl',
      'part_blas-12.9-py3-none-any.whl',
      'part_nvcc-12.9-py3-none-any.whl',
    ]);
    expect(findBroughtLibrary('cuda', environment)).toEqual({ folder: libraryFolder('cuda', folder) });
    expect(findBroughtLibrary('cpu', environment)).toEqual({ folder: options.folder });
    expect(leftBeside().sort()).toEqual([path.basename(options.folder), path.basename(folder)]);
  });

  it('goes on with what is whole when a download failed', async () => {
    const nvcc = path.join(index, 'part_nvcc-12.9-py3-none-any.whl');
    const bytes = readFileSync(nvcc);
    rmSync(nvcc);
    await expect(bringLibrary(cuda)).rejects.toThrow(
      /^pip download failed \(status 1\): ERROR: No matching distribution found for part-nvcc. Whole wheels are kept: run the command again to resume$/,
    );
    expect(findBroughtLibrary('cuda', environment)).toHaveProperty('missing');
    expect(leftBeside()).toEqual([`${path.basename(cuda.folder)}.unfinished`]);
    const receipts = path.join(`${cuda.folder}.unfinished`, 'receipts.json');
    const whole = readFileSync(receipts);
    for (const damaged of ['null', '[7]', '[["engine"']) {
      writeFileSync(receipts, damaged);
      await expect(bringLibrary(cuda)).rejects.toThrow('pip download failed (status 1)');
      expect(readFileSync(receipts)).toEqual(whole); // all were brought again
    }
    writeFileSync(nvcc, bytes);
    asked = [];
    await bringLibrary(cuda);
    expect(asked).toEqual(['part-other; sys_platform == "win32" and python_version >= "3"', 'part-nvcc']);
    expect(findBroughtLibrary('cuda', environment)).toHaveProperty('folder');
    expect(leftBeside()).toEqual([path.basename(cuda.folder)]);
  });

  it('is unpacked with further ones that it does not name', async () => {
    const { wheel, ...others } = cuda.distribution;
    await bringLibrary({ ...cuda, distribution: { ...others, wheel, extras: [], further: ['part-nvcc~=12.0'] } });
    expect(asked).toEqual(['engine==1.0', 'part-nvcc~=12.0']);
  });

  it('refuses a file that is not as its RECORD says', async () => {
    addWheel('part-nvcc', '12.9', tools, [], recordOf({ ...tools, 'nvidia/nvcc/bin/ptxas': 'other' }));
    await expect(bringLibrary(cuda)).rejects.toThrow(/part_nvcc\S+: nvidia\/nvcc\/bin\/ptxas has SHA-256 \w+, its RECORD says \w+/);
    addWheel('part-nvcc', '12.9', tools, [], '');
    await expect(bringLibrary(cuda)).rejects.toThrow('its RECORD says nothing');
    expect(findBroughtLibrary('cuda', environment)).toHaveProperty('missing');
  });
});

/** A wheel's list of its members with their sums. */
function recordOf(members: Readonly<Record<string, string>>): string {
  const sumOf = (text: string) => createHash('sha256').update(text).digest('base64url');
  return Object.entries(members)
    .map(([name, text]) => `${name},sha256=${sumOf(text)},${text.length}\n`)
    .join('');
}

function withRecord(members: Readonly<Record<string, string>>): Record<string, string> {
  return { ...members, 'some-1.0.dist-info/RECORD': recordOf(members) };
}

/** With one other byte in the middle of its first member. */
function broken(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[80] ^= 0xff;
  return copy;
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes of a zip file with these members, deflated. */
function zipOf(members: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(members)) {
    const packed = deflateRawSync(Buffer.from(text));
    const sizes = Buffer.alloc(20); // version, flags, method, time, sum, sizes and name length stand alike in both headers
    sizes.writeUInt16LE(8, 2);
    sizes.writeUInt32LE(crc32(text), 8);
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
