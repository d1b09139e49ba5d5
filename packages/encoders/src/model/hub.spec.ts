import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { LoopbackProxy, runProgram, until } from '@tass/testing';
import { audioFiles, loadAudioEncoder } from '../audio/audio-encoder';
import { clipIdentity, loadClip } from '../clip/clip';
import { commit, type Fault, LoopbackHub } from './fixtures/loopback-hub';
import { clipFiles, fetchModel, type FetchModelOptions, localModel } from './hub';

const tiny = join(__dirname, '../../models/tiny-clip');
const external = join(__dirname, '../clip/fixtures/forms/external-18');
const name = 'someone/tiny-clip';
const vision = 'onnx/vision_model.onnx';
const part = 'onnx/.vision_model.onnx.part';
const bytesOf = (folder: string, files: readonly string[]) => new Map(files.map((file) => [file, readFileSync(join(folder, file))]));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let root: string;
let folder: string;
let hub: LoopbackHub;
const before = { ...process.env };
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'hub-'));
  folder = join(root, 'models', name);
  hub = await LoopbackHub.start(name, bytesOf(tiny, clipFiles()));
  process.env.HF_ENDPOINT = hub.endpoint;
  process.env.HF_TOKEN = 'secret';
});
afterEach(async () => {
  process.env.HF_ENDPOINT = before.HF_ENDPOINT ?? '';
  process.env.HF_TOKEN = before.HF_TOKEN ?? '';
  await hub.stop();
  rmSync(root, { recursive: true });
});
const fetchTiny = (options: Partial<FetchModelOptions> = {}) => fetchModel({ nameOrFolder: name, root, files: clipFiles(), ...options });
const present = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file !== 'onnx').sort(); // prettier-ignore
const record = () => JSON.parse(readFileSync(join(folder, 'fetched.json'), 'utf8'));
const whole = [...clipFiles(), 'fetched.json'].sort();

describe('a model', () => {
  it.each([
    ['someone/tiny-clip', 'models/someone/tiny-clip'],
    ['Some.one/a_b-1.0', 'models/Some.one/a_b-1.0'],
    ['models/vggish', 'models/vggish'],
    ['packages/there', 'packages/there'],
    ['packages/encoders/tiny', 'packages/encoders/tiny'],
    ['../sibling', '../sibling'],
    ['./clip', 'clip'],
    ['some--one/clip', 'some--one/clip'],
    ['someone/.clip', 'someone/.clip'],
    ['clip', 'clip'],
    ['/somewhere/clip', '/somewhere/clip'],
  ])('%s lies in %s', (text, expected) => {
    mkdirSync(join(root, 'packages/there'), { recursive: true });
    expect(localModel(text, root)).toBe(expected.startsWith('/') ? expected : join(root, expected));
  });

  it('of the hub is fetched whole, from one commit, and is the same as the original', async () => {
    const progress: [file: string, bytes: number, total: number | undefined][] = [];
    expect(await fetchTiny({ onProgress: (...told) => progress.push(told) })).toBe(folder);
    expect(present()).toEqual(whole);
    const options = { patches: 'value', words: 'prompt' } as const;
    expect(clipIdentity(folder, options)).toEqual(clipIdentity(tiny, options));
    const clip = await loadClip(folder, options);
    expect((await clip.encodeTexts(['violin'])).sentence).toHaveLength(clip.joint);
    await clip.close();

    const { length } = readFileSync(join(tiny, vision));
    expect(progress.filter(([file]) => file === vision).at(-1)).toEqual([vision, length, length]);
    expect(hub.requests.map(({ revision }) => revision)).toEqual(['main', ...hub.requests.slice(1).map(() => commit)]);
    expect(record()).toEqual({
      origin: `${hub.endpoint}/${name}`,
      revision: 'main',
      commit,
      files: Object.fromEntries([...hub.files].map(([file, bytes]) => [file, { sha256: sha256(bytes), bytes: bytes.length }])),
    });
  });

  it('shows the token to the hub only, not where it redirects to', async () => {
    await fetchTiny();
    const shown = (at: string) => new Set(hub.requests.filter((request) => request.at === at).map(({ authorization }) => authorization));
    expect(shown('hub')).toEqual(new Set(['Bearer secret']));
    expect(shown('storage')).toEqual(new Set([undefined]));
  });

  it('that is there is not asked for', async () => {
    cpSync(tiny, folder, { recursive: true });
    await fetchTiny();
    expect([hub.asked(), existsSync(join(folder, 'fetched.json'))]).toEqual([[], false]);
  });

  it.each([name, 'models/vggish', 'my/own/clip'])('in a folder of the user is never touched: %s', async (text) => {
    mkdirSync(join(root, name), { recursive: true });
    expect(await fetchTiny({ nameOrFolder: text })).toBe(join(root, text));
    expect([hub.asked(), readdirSync(root), readdirSync(join(root, name))]).toEqual([[], ['someone'], []]);
  });

  it('is completed by the files that are missing, of the commit of the others', async () => {
    await fetchTiny({ files: clipFiles('fp32', 'texts') });
    expect(hub.asked()).toEqual(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/text_model.onnx']);
    hub.files.set('onnx/vision_model_fp16.onnx', hub.files.get(vision)!);
    await fetchTiny({ files: clipFiles('fp16').filter((file) => !file.includes('text_model')) });
    expect(hub.requests.map(({ revision }) => revision)).toEqual([commit, commit, commit]);
    expect(hub.asked()).toEqual(['preprocessor_config.json', 'onnx/vision_model_fp16.onnx']);
    expect(Object.keys(record().files)).toHaveLength(6);
  });

  it('of another revision is not mixed in', async () => {
    await fetchTiny({ files: ['config.json'], revision: commit });
    await fetchTiny({ files: ['config.json'], revision: commit });
    expect(hub.requests).toHaveLength(1);
    await expect(fetchTiny({ revision: 'v2' })).rejects.toThrow(
      `the model ${folder} is of revision ${commit}, asked for is v2. Delete the folder to fetch that one`,
    );
  });

  it.each([
    ['clap', 6],
    ['ast', 12],
  ])('of sounds is fetched by what its config.json says, and hears: %s', async (kind, audioDim) => {
    const original = join(__dirname, '../audio/fixtures', kind);
    for (const file of audioFiles(original)) hub.files.set(file, readFileSync(join(original, file)));
    await fetchTiny({ files: ['config.json'] });
    await fetchTiny({ files: audioFiles(folder) });
    expect(present()).toEqual([...audioFiles(original), 'fetched.json'].sort());
    const encoder = await loadAudioEncoder(folder);
    expect(encoder.audioDim).toBe(audioDim);
    await encoder.close();
  });
});

describe('weights beside a graph', () => {
  const moved = (location: string) => {
    const model = onnx.ModelProto.decode(readFileSync(join(external, 'vision_model.onnx')));
    for (const { externalData } of model.graph!.initializer!)
      for (const entry of externalData ?? []) if (entry.key === 'location') entry.value = location;
    return onnx.ModelProto.encode(model).finish();
  };

  it.each(['vision_model.onnx_data', 'vision_model.onnx.data', 'weights.onnx_data'])('come with it, as it calls them: %s', async (file) => {
    hub.files.set(vision, moved(file)).set(`onnx/${file}`, readFileSync(join(external, 'vision_model.onnx_data')));
    await fetchTiny({ files: [vision] });
    expect(present()).toEqual(['fetched.json', `onnx/${file}`, vision].sort());
    expect(hub.requests.map(({ revision }) => revision)).toEqual(['main', 'main', commit, commit]);
    expect(hub.asked()).toEqual([vision, `onnx/${file}`]);
    rmSync(join(folder, vision));
    await fetchTiny({ files: [vision] });
    expect(hub.asked()).toEqual([vision]);
  });

  it('come before it gets its name', async () => {
    hub.files.set(vision, moved('vision_model.onnx_data'));
    await expect(fetchTiny({ files: [vision] })).rejects.toThrow('onnx/vision_model.onnx_data: ');
    expect(present()).toEqual([]);
  });

  it.each(['../../../stolen', '/etc/passwd', 'a/b', 'vision_model.onnx', '..\\stolen'])('may not lie at %s', async (location) => {
    hub.files.set(vision, moved(location));
    await expect(fetchTiny({ files: [vision] })).rejects.toThrow(
      `model ${name}: ${vision}: its weights lie in ${JSON.stringify(location)}, expected a file next to it. Choose another export`,
    );
    expect(present()).toEqual([]);
  });

  it('are not looked for in what is no graph', async () => {
    hub.files.set(vision, Buffer.from('<!doctype html><title>Sign in</title>'));
    await expect(fetchTiny({ files: [vision] })).rejects.toThrow(`${vision}: what came is no ONNX model (`);
    expect(present()).toEqual([]);
  });
});

describe('a failure', () => {
  const soon = { 'retry-after': '0' };

  it.each<[string, Fault[]]>([
    ['of the server', [{ status: 503 }]],
    ['of a server that is busy, twice', [{ status: 429, headers: { 'retry-after': '1' } }, { status: 500, headers: { 'retry-after': new Date().toUTCString() } }]], // prettier-ignore
    ['of the connection', ['cut']],
    ['of a content that is too short', ['shortened']],
  ])('that passes is tried again: %s', async (_, faults) => {
    const start = Date.now();
    hub.faults.set(vision, [...faults]);
    await fetchTiny({ files: [vision] });
    expect(readFileSync(join(folder, vision)).equals(readFileSync(join(tiny, vision)))).toBe(true);
    expect(hub.requests.filter(({ at }) => at === 'storage')).toHaveLength(1 + faults.length);
    expect(Date.now() - start).toBeGreaterThan(450 * faults.length);
  });

  it.each<[string, Fault[], number, string]>([
    [
      'three times',
      Array(3).fill({ status: 502, headers: soon }),
      3,
      `answers 502. Try again later. Run this command where the hub can be`,
    ],
    ['for long', [{ status: 429, headers: { 'retry-after': '3600' } }], 1, 'answers 429. Try again later'],
    ['by a wrong content', ['changed'], 1, 'Something changes it on its way'],
    ['by a strange answer', [{ status: 418 }], 1, 'answers 418. Run this command where the hub can be reached'],
  ])('that stays ends the work: %s', async (_, faults, requests, message) => {
    hub.faults.set(vision, faults);
    await expect(fetchTiny({ files: ['config.json', vision] })).rejects.toThrow(message);
    expect(hub.requests.filter(({ at }) => at === 'storage')).toHaveLength(requests);
    expect(present()).toEqual(['config.json', 'fetched.json']);
    hub.asked();
    await fetchTiny({ files: ['config.json', vision] });
    expect(hub.asked()).toEqual([vision]);
  });

  it('of a content shows both digests', async () => {
    hub.faults.set(vision, ['changed']);
    const bytes = readFileSync(join(tiny, vision));
    const expected = sha256(bytes);
    bytes[9] ^= 1;
    await expect(fetchTiny({ files: [vision] })).rejects.toThrow(`what came has sha256 ${sha256(bytes)}, expected ${expected}.`);
  });

  it.each<[string, Partial<FetchModelOptions>, string]>([
    ['a precision that it lacks', { files: clipFiles('fp16') }, `model ${name}: onnx/text_model_fp16.onnx: ENDPOINT answers 404 EntryNotFound. If it has the model in another precision, write features.dtype=fp32 (onnx/text_model.onnx) or features.dtype=q8 (onnx/text_model_quantized.onnx); otherwise choose a model for transformers.js, with onnx/. See ENDPOINT/${name}/tree/`], // prettier-ignore
    ['a file that it lacks', { files: ['merges.txt'] }, `${name}: merges.txt: ENDPOINT answers 404 EntryNotFound. Expected a model for transformers.js, with onnx/ and merges.txt, such as`], // prettier-ignore
    ['a revision that it lacks', { revision: 'refs/pr/1' }, 'answers 404 RevisionNotFound. It has no revision refs'],
    ['a model that it lacks', { nameOrFolder: 'someone/tinny' }, 'answers 401 RepoNotFound. Check the name: there is no folder someone/tinny here'], // prettier-ignore
  ])('names %s', async (_, options, message) => {
    await expect(fetchTiny(options)).rejects.toThrow(message.replaceAll('ENDPOINT', hub.endpoint));
    if (options.nameOrFolder !== undefined) expect(readdirSync(join(root, 'models'))).toEqual([]);
    expect(hub.requests[0].revision).toBe(encodeURIComponent(options.revision ?? 'main'));
  });

  it.each([
    ['secret', 401, 'the token of HF_TOKEN may not read it: set one that may'],
    ['', 403, 'set HF_TOKEN to a token that may read it'],
  ])('of the token "%s" tells what to set', async (token, status, message) => {
    process.env.HF_TOKEN = token;
    hub.faults.set('config.json', [{ status }]);
    await expect(fetchTiny()).rejects.toThrow(`accept its terms there, and ${message}`);
    expect(hub.requests).toHaveLength(1);
    expect(hub.requests[0].authorization).toBe(token === '' ? undefined : 'Bearer secret');
  });

  it('of the network tells how to bring the model by hand', async () => {
    process.env.HF_ENDPOINT = hub.endpoint + '/';
    const { endpoint } = hub;
    await hub.stop();
    await expect(fetchTiny()).rejects.toThrow(
      `model ${name}: config.json: ${endpoint} cannot be reached (ECONNREFUSED). Run this command where the hub can be reached, ` +
        `or bring the model by hand: copy the files of ${endpoint}/${name} to ${folder}`,
    );
    hub = await LoopbackHub.start(name, new Map());
  });

  it('of the address', async () => {
    process.env.HF_ENDPOINT = 'hub.example';
    await expect(fetchTiny()).rejects.toThrow('HF_ENDPOINT is "hub.example", expected an address such as https://huggingface.co');
  });

  it('of endless redirections', async () => {
    hub.faults.set('config.json', Array(10).fill({ status: 307, headers: { location: `/${name}/resolve/main/config.json` } }));
    await expect(fetchTiny()).rejects.toThrow(`config.json: ${hub.endpoint} redirects without end. Check HF_ENDPOINT`);
  });

  const ifFullDisk = existsSync('/dev/full') ? it : it.skip;
  ifFullDisk('of a full disk (needs /dev/full)', async () => {
    mkdirSync(join(folder, 'onnx'), { recursive: true });
    symlinkSync('/dev/full', join(folder, part));
    await expect(fetchTiny({ files: [vision] })).rejects.toThrow(
      `model ${name}: ${vision} cannot be written: no space is left on the disk of ${join(folder, 'onnx')}. Free some`,
    );
    expect(present()).toEqual([]);
    expect(hub.requests).toHaveLength(2);
  });
});

describe('work that is stopped', () => {
  it.each(['amid a file', 'before another try', 'before the first'])(
    'leaves what came of a file, and throws the reason: %s',
    async (when) => {
      const stop = new AbortController();
      const reason = new Error('stopped by hand');
      hub.faults.set(vision, [when === 'amid a file' ? 'stall' : { status: 503, headers: { 'retry-after': '50' } }]);
      if (when === 'before the first') stop.abort(reason);
      const fetched = fetchTiny({ files: [vision], signal: stop.signal, onProgress: () => stop.abort(reason) });
      fetched.catch(() => undefined); // looked at below
      if (when === 'before another try') await until(() => hub.faults.get(vision)!.length === 0).then(() => stop.abort(reason));
      await expect(fetched).rejects.toBe(reason);
      expect(existsSync(folder)).toBe(when !== 'before the first');
      expect(existsSync(folder) ? present() : []).toEqual(when === 'amid a file' ? [part] : []);
    },
  );

  it.each<[string, (bytes: Buffer) => Buffer, number]>([
    ['is resumed', (bytes) => bytes.subarray(0, 1000), 1],
    ['is fetched anew where it is of another file', () => Buffer.alloc(1000), 2],
    ['is fetched anew where it is longer than the file', (bytes) => Buffer.concat([bytes, bytes]), 2],
  ])('leaves a part, which %s', async (_, partOf, requests) => {
    const bytes = readFileSync(join(tiny, vision));
    mkdirSync(join(folder, 'onnx'), { recursive: true });
    writeFileSync(join(folder, part), partOf(bytes));
    await fetchTiny({ files: [vision] });
    expect(readFileSync(join(folder, vision)).equals(bytes)).toBe(true);
    const ranges = hub.requests.filter(({ at }) => at === 'storage').map(({ range }) => range);
    expect(ranges).toEqual([`bytes=${partOf(bytes).length}-`, ...Array(requests - 1).fill(undefined)]);
    expect(present()).toEqual(['fetched.json', vision].sort());
  });

  it('leaves a part that is fetched anew where the hub knows no sha256 to check it by', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.config.json.part'), '{');
    await fetchTiny({ files: ['config.json'] });
    expect(readFileSync(join(folder, 'config.json'))).toEqual(readFileSync(join(tiny, 'config.json')));
    expect(hub.requests.map(({ range }) => range)).toEqual(['bytes=1-', undefined]);
  });

  it('by a kill leaves no half file and no lock that holds; meanwhile another process is refused', async () => {
    hub.faults.set(vision, ['stall']);
    const options = JSON.stringify({ nameOrFolder: name, root, files: clipFiles() });
    let refusal: unknown;
    const ended = await runProgram(join(__dirname, 'fixtures/fetch-main.ts'), [options], {
      folder: root,
      onOutput: (text, program) => {
        if (!text.includes(vision) || refusal !== undefined) return;
        refusal = null;
        void fetchTiny()
          .catch((error: Error) => (refusal = error.message))
          .finally(() => program.kill('SIGKILL'));
      },
    });
    expect([ended.signal, ended.errors]).toEqual(['SIGKILL', '']);
    expect(refusal).toMatch(new RegExp(`^the model ${folder} is in use by process \\d+ on .+\\. Wait until it ends, or stop it`));
    expect(present()).toEqual([...whole.filter((file) => file !== vision), 'fetch.lock', part].sort());
    hub.asked();
    await fetchTiny();
    expect([hub.asked(), present()]).toEqual([[vision], whole]);
  });
});

describe('behind a proxy', () => {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((one) => [one, one.toUpperCase()]);
  let proxy: LoopbackProxy;
  beforeEach(() => names.forEach((one) => delete process.env[one]));
  afterEach(() => {
    for (const one of names) delete process.env[one];
    Object.assign(process.env, before);
    proxy.stop();
  });

  it('a model comes through it; a storage on this machine is asked directly', async () => {
    proxy = await LoopbackProxy.start({ passTo: hub.endpoint });
    process.env.HF_ENDPOINT = 'http://hub.invalid';
    process.env.http_proxy = proxy.host;
    await fetchTiny();
    expect(present()).toEqual(whole);
    expect(proxy.asked).toHaveLength(clipFiles().length);
    expect(proxy.asked).toContain(`GET http://hub.invalid/${name}/resolve/${commit}/${vision}`);
  });

  it('a hub on this machine is asked directly', async () => {
    proxy = await LoopbackProxy.start();
    process.env.http_proxy = proxy.host;
    await fetchTiny();
    expect([present(), proxy.asked]).toEqual([whole, []]);
  });

  it.each([
    ['http', 407, 'the proxy answers 407. It requires a user name and password: http_proxy=http://USER:PASSWORD@HOST:PORT, or https_proxy'],
    ['https', 407, 'the proxy answers 407. It requires a user name and password'],
    ['https', 200, 'the proxy answers 403. Run this command where the hub can be reached, or bring the model by hand'],
  ])('names it where it refuses, %s, %d', async (protocol, status, message) => {
    proxy = await LoopbackProxy.start({ status });
    process.env.HF_ENDPOINT = `${protocol}://hub.invalid`;
    process.env[`${protocol}_proxy`] = proxy.host;
    await expect(fetchTiny()).rejects.toThrow(`config.json: ${protocol}://hub.invalid through the proxy ${proxy.host}: ${message}`);
  });
});

it('reads a record that is no record as none', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fetched.json'), 'half of');
  await fetchTiny({ files: ['config.json'] });
  expect(record()).toMatchObject({ revision: 'main', commit });
});
