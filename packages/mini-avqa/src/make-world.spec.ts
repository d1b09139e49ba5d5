import { createHash } from 'node:crypto';
import fileSystem from 'node:fs/promises';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from '@tass/testing';
import { identityOf, type ProcessIdentity } from '@tass/files';
import sharp from 'sharp';
import { makeWorld, mendTruth } from './make-world';
import { planVideos, planWorld, settingsOf } from './plan-world';
import { renderFrame } from './render';
import { drawScene } from './scene';
import { renderSound } from './sound';
import { readWorldManifest } from './world-manifest';
import { writeVideos } from './write-videos';

const config = { seed: 3, videos: { train: 3, val: 1, test: 2 } };
const folders: string[] = [];

function temporaryFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'mini-avqa-')));
  return join(folders[folders.length - 1], 'world');
}

/** Every file under a folder with a hash of its bytes. */
function filesOf(root: string): Record<string, string> {
  const files = (readdirSync(root, { recursive: true, withFileTypes: true }) as { name: string; parentPath: string; isFile(): boolean }[])
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(root.length), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}

afterEach(() => jest.restoreAllMocks());
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('makeWorld', () => {
  const root = temporaryFolder();
  const progress: string[] = [];
  let files: Record<string, string>;

  beforeAll(async () => {
    const made = await makeWorld({ root, ...config, onProgress: ({ done, total }) => progress.push(`${done}/${total}`) });
    expect([made.drawn, made.kept]).toEqual([6, 0]);
    files = filesOf(root);
  });

  it('writes annotations with their truth, ten frames and a sound for each video, and the manifest', async () => {
    const media = ['00000001', '00000002', '00000003', '00000004', '00000005', '00000006'].flatMap((id) => [
      `/audio/${id}.wav`,
      ...Array.from({ length: 10 }, (_, second) => `/frames/${id}/${String(second + 1).padStart(6, '0')}.jpg`),
    ]);
    const annotations = ['/json/avqa-test.json', '/json/avqa-train.json', '/json/avqa-val.json'];
    const truth = ['/json/grounding-test.json', '/json/grounding-val.json'];
    expect(Object.keys(files)).toEqual([...media, ...annotations, ...truth, '/world.json'].sort());
    expect(progress).toEqual(['0/6', '1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
    const plan = planWorld(config);
    expect(readFileSync(join(root, 'json/avqa-val.json'), 'utf8')).toBe(plan.annotations.val);
    const settings = settingsOf(config);
    const { questions, digest } = plan;
    expect(readWorldManifest(root)).toEqual({ world: 'mini-avqa', settings, questions, digest, videos: expect.any(Object) });
  });

  it('writes what the scene looks and sounds like', async () => {
    const [video] = planWorld(config).videos;
    const { data, info } = await sharp(join(root, 'frames/00000001/000004.jpg')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([112, 112, 3]);
    const frame = renderFrame(drawScene(video.seed), 3);
    const error = data.reduce((sum, value, offset) => sum + Math.abs(value - frame[offset]), 0) / data.length;
    expect(error).toBeLessThan(4); // measured 1.8: JPEG of quality 95 on noise

    const wav = readFileSync(join(root, 'audio/00000001.wav'));
    const samples = renderSound(drawScene(video.seed));
    expect([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34), wav.readUInt32LE(40)]).toEqual([1, 16000, 16, 320000]);
    for (const index of [0, 12345, 159999]) expect(wav.readInt16LE(44 + 2 * index)).toBe(Math.round(samples[index] * 32767));
  });

  it('leaves a whole world as it is', async () => {
    const again = await makeWorld({ root, ...config });
    expect([again.drawn, again.kept]).toEqual([0, 6]);
    expect(filesOf(root)).toEqual(files);
  });

  it('draws a video again of which one bit is another, or that a loss of power left as zeros', async () => {
    const damaged = temporaryFolder();
    cpSync(root, damaged, { recursive: true });
    const [frame, sound] = [join(damaged, 'frames/00000002/000005.jpg'), join(damaged, 'audio/00000003.wav')];
    const bytes = readFileSync(frame);
    bytes[bytes.length >> 1] ^= 4;
    writeFileSync(frame, bytes);
    writeFileSync(sound, Buffer.alloc(readFileSync(sound).length));
    expect(await makeWorld({ root: damaged, ...config })).toMatchObject({ drawn: 2, kept: 4 });
    expect(filesOf(damaged)).toEqual(files);
  });

  it('takes the videos of a world from before digests by their length', async () => {
    const old = temporaryFolder();
    cpSync(root, old, { recursive: true });
    const { videos: _, ...manifest } = readWorldManifest(root)!;
    writeFileSync(join(old, 'world.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    expect(await makeWorld({ root: old, ...config })).toMatchObject({ drawn: 0, kept: 6 });
  });

  it('writes truth that is missing or damaged again, as it was, and leaves a whole one', async () => {
    expect(await mendTruth(root)).toEqual([]);
    const [val, test] = ['val', 'test'].map((split) => join(root, 'json', `grounding-${split}.json`));
    const text = readFileSync(test, 'utf8');
    for (const damage of [text.slice(0, -9), text.replace('"needed":[0', '"needed":[1'), '']) {
      rmSync(val, { force: true });
      writeFileSync(test, damage);
      expect(await mendTruth(root)).toEqual([val, test]);
      expect(filesOf(root)).toEqual(files);
    }
    expect(await mendTruth(temporaryFolder())).toEqual([]); // no world
  });

  it('writes the same bytes elsewhere, and other bytes for another seed', async () => {
    const [same, other] = [temporaryFolder(), temporaryFolder()];
    await makeWorld({ root: same, ...config });
    await makeWorld({ root: other, ...config, seed: 4 });
    expect(filesOf(same)).toEqual(files);
    const others = filesOf(other);
    expect(Object.keys(others)).toEqual(Object.keys(files));
    expect(Object.keys(files).filter((file) => files[file] === others[file])).toEqual([]);
  });

  const worker = { file: join(__dirname, 'media-worker.ts'), execArgv: fromSources };

  it('writes the same bytes from processes', async () => {
    const shared = temporaryFolder();
    const counts: number[] = [];
    await makeWorld({ root: shared, ...config, workers: 2, onProgress: ({ done }) => counts.push(done) }, worker);
    expect(filesOf(shared)).toEqual(files);
    expect(counts).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('stops processes, and finishes the world with new ones', async () => {
    const stopped = temporaryFolder();
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 2 && stop.abort(new Error('stopped by the spec'));
    await expect(makeWorld({ root: stopped, ...config, workers: 2, signal: stop.signal, onProgress }, worker)).rejects.toThrow(
      'stopped by the spec',
    );
    expect(existsSync(join(stopped, 'world.json'))).toBe(false);
    expect((await makeWorld({ root: stopped, ...config, workers: 2 }, worker)).kept).toBeGreaterThanOrEqual(2);
    expect(filesOf(stopped)).toEqual(files);
  });

  it('names what a process could not write, and tells of one that died', async () => {
    const blocked = temporaryFolder();
    mkdirSync(blocked); // without the folders of frames and audio
    await expect(writeVideos(blocked, planVideos(config), { workers: 2, onVideo: () => undefined, worker })).rejects.toThrow(
      /^cannot write \S+frames.0000000\d: ENOENT/, // whichever process is first
    );
    const dying = join(blocked, 'dying.js');
    writeFileSync(dying, "process.on('message', () => process.kill(process.pid, 'SIGKILL'))");
    await expect(makeWorld({ root: temporaryFolder(), ...config, workers: 2 }, { file: dying })).rejects.toThrow(
      'a process that draws videos ended (SIGKILL). Finished videos are kept; run again to resume',
    );
  });

  it('goes on where it was stopped, over what a killed process leaves behind', async () => {
    const stopped = temporaryFolder();
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 3 && stop.abort(new Error('stopped by the spec'));
    await expect(makeWorld({ root: stopped, ...config, signal: stop.signal, onProgress })).rejects.toThrow('stopped by the spec');
    expect(existsSync(join(stopped, 'world.json'))).toBe(false);
    expect(readdirSync(join(stopped, 'frames'))).toEqual(['00000001', '00000002', '00000003']);

    truncateSync(join(stopped, 'frames/00000002/000007.jpg'), 500);
    truncateSync(join(stopped, 'audio/00000003.wav'), 1000);
    mkdirSync(join(stopped, 'frames/00000004.partial'));
    writeFileSync(join(stopped, 'frames/00000004.partial/000001.jpg'), 'half a frame');
    writeFileSync(join(stopped, 'audio/00000004.wav.partial'), 'half a sound');
    const gone = { ...identityOf(), pid: 2 ** 22 + 1 }; // above the largest process id of Linux
    writeFileSync(join(stopped, 'world.lock'), JSON.stringify(gone));

    const made = await makeWorld({ root: stopped, ...config });
    expect([made.drawn, made.kept]).toEqual([5, 1]);
    expect(filesOf(stopped)).toEqual(files);
  });

  it('mends annotations that were changed and videos that were deleted', async () => {
    const mended = temporaryFolder();
    await makeWorld({ root: mended, ...config });
    truncateSync(join(mended, 'json/avqa-train.json'), 100);
    rmSync(join(mended, 'frames/00000005'), { recursive: true });
    expect((await makeWorld({ root: mended, ...config })).drawn).toBe(1);
    expect(filesOf(mended)).toEqual(files);
  });

  it.each([
    ['a frame without bytes', (made: string) => truncateSync(join(made, 'frames/00000002/000003.jpg'))],
    ['a frame that is cut off', (made: string) => truncateSync(join(made, 'frames/00000002/000010.jpg'), 700)],
    ['a frame that is gone', (made: string) => rmSync(join(made, 'frames/00000002/000001.jpg'))],
    ['a sound without bytes', (made: string) => truncateSync(join(made, 'audio/00000002.wav'))],
    ['a sound that is gone', (made: string) => rmSync(join(made, 'audio/00000002.wav'))],
  ])('draws again, in a finished world, a video with %s', async (_, damage) => {
    const damaged = temporaryFolder();
    cpSync(root, damaged, { recursive: true });
    damage(damaged);
    expect(await makeWorld({ root: damaged, ...config })).toMatchObject({ drawn: 1, kept: 5 });
    expect(filesOf(damaged)).toEqual(files);
  });

  it('refuses a folder with another world, whole or begun', async () => {
    await expect(makeWorld({ root, ...config, seed: 4 })).rejects.toThrow(
      `${join(root, 'world.json')} is of another world: it has seed 3, asked for 4. Choose another folder (dataset.root) or delete this one`,
    );
    const begun = temporaryFolder();
    mkdirSync(begun);
    const older = { settings: { ...settingsOf(config), generatorVersion: 0, scenesPerVideo: 9 } };
    writeFileSync(join(begun, 'world.making.json'), JSON.stringify(older));
    await expect(makeWorld({ root: begun, ...config })).rejects.toThrow(
      /world\.making\.json is of another world: it has generatorVersion 0, asked for \d+; scenesPerVideo 9, asked for 10/,
    );
    expect(filesOf(root)).toEqual(files);
  });

  it('refuses a folder that holds something else, and a manifest that is none', async () => {
    const strange = temporaryFolder();
    mkdirSync(strange);
    writeFileSync(join(strange, 'thesis.tex'), '');
    await expect(makeWorld({ root: strange, ...config })).rejects.toThrow(
      `${strange} holds thesis.tex and no world.json. Choose an empty folder`,
    );
    writeFileSync(join(strange, 'world.json'), '{"seed": 3');
    await expect(makeWorld({ root: strange, ...config })).rejects.toThrow(`${join(strange, 'world.json')}`);
    for (const text of ['{"seed": 3}', 'null', '[]', '3']) {
      writeFileSync(join(strange, 'world.json'), text);
      await expect(makeWorld({ root: strange, ...config })).rejects.toThrow('is not the manifest of an embedded world');
    }
    rmSync(join(strange, 'world.json'));
    writeFileSync(join(strange, 'world.making.json'), 'null');
    await expect(makeWorld({ root: strange, ...config })).rejects.toThrow(
      'world.making.json has no settings. Delete the file and run again',
    );
  });

  it('refuses a folder that another process is writing', async () => {
    const busy = temporaryFolder();
    mkdirSync(busy);
    const lock = (identity: ProcessIdentity) => writeFileSync(join(busy, 'world.lock'), JSON.stringify(identity));
    lock(identityOf(process.ppid));
    await expect(makeWorld({ root: busy, ...config })).rejects.toThrow(
      `the world ${busy} is in use by process ${process.ppid} on ${hostname()}. Wait until it ends, or stop it`,
    );
    lock({ pid: 1, host: 'elsewhere', started: null });
    await expect(makeWorld({ root: busy, ...config })).rejects.toThrow(
      `It cannot be seen from here: if it is gone, delete ${join(busy, 'world.lock')}`,
    );
    expect(readdirSync(busy)).toEqual(['world.lock']);
  });

  it('names the path that cannot be written', async () => {
    const file = temporaryFolder();
    writeFileSync(file, 'a file where a folder should be');
    await expect(makeWorld({ root: join(file, 'world'), ...config })).rejects.toThrow(
      /cannot write .*world: ENOTDIR.*Choose a folder that can be written \(dataset\.root\) and run again/,
    );
  });

  it('names the path when the disk is full, leaves nothing half-written and goes on later', async () => {
    const full = temporaryFolder();
    const write = fileSystem.writeFile;
    const noSpace = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const mock = jest.spyOn(fileSystem, 'writeFile').mockImplementation(async (path, ...rest) => {
      if (String(path).includes('00000002.wav')) throw noSpace;
      return write(path, ...rest);
    });
    await expect(makeWorld({ root: full, ...config })).rejects.toThrow(
      `cannot write ${join(full, 'audio/00000002.wav')}: ENOSPC: no space left on device, write. Free some space and run again`,
    );
    expect(existsSync(join(full, 'world.json'))).toBe(false);
    expect(readdirSync(join(full, 'audio'))).toEqual(['00000001.wav']);
    mock.mockRestore();
    await makeWorld({ root: full, ...config });
    expect(filesOf(full)).toEqual(files);
  });
});
