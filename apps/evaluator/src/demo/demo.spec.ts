import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readSplit } from '@tass/dataset-music-avqa';
import {
  Chromium,
  chromiumProgram,
  type ChromiumPage,
  type EndedProgram,
  hasFfmpeg,
  MiniatureProject,
  runProgram,
  until,
} from '@tass/testing';
import { MOST_BYTES } from './demo';

const project = new MiniatureProject();
const temporary = join(project.folder, 'temporary');
const isWithFfmpeg = hasFfmpeg();
let demo: ChildProcess;
let ended: Promise<EndedProgram>;
let address: URL;
beforeAll(async () => {
  const run = await project.trained(['--exp=miniature', 'epochs=1']);
  mkdirSync(temporary);
  const printed = new Promise<string>((resolve, reject) => {
    ended = runProgram(join(__dirname, '../main.ts'), ['demo', `--run=${run}`, 'engine.backend=auto'], {
      folder: project.folder,
      environment: { TMPDIR: temporary, CI: undefined }, // with CI onnxruntime writes nothing there by itself
      onOutput: (output, program) => {
        demo = program;
        if (output.endsWith('Ctrl-C ends it\n')) resolve(output);
      },
    });
    void ended.then(({ errors }) => reject(new Error(errors)));
  });
  address = new URL(/http:\S+/.exec(await printed)![0]);
});
afterAll(() => {
  demo?.kill('SIGKILL');
  project.remove();
});

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly host?: string; // that is connected to
  readonly body?: string | Buffer;
}

async function send(path: string, { method = 'GET', headers, host = '127.0.0.1', body }: Sent = {}): Promise<readonly [number, string]> {
  const asked = request({ host, port: address.port, path, method, headers });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return [response.statusCode!, await text(response)];
}

const ask = (query: Record<string, string>, sent: Sent = {}) => send(`${address.pathname}ask?${new URLSearchParams(query)}`, { method: 'POST', ...sent }); // prettier-ignore
const videoId = (): string => readSplit(project.world, 'val').questions[0].videoId;

describe('answers its own page alone', () => {
  it('serves the loopback addresses, and pages whose address holds the token', async () => {
    expect(address.hostname).toBe('127.0.0.1');
    for (const headers of [undefined, { host: 'localhost:1' }, { host: '[::1]' }])
      expect(await send(address.pathname, { headers })).toEqual([200, expect.stringContaining('<h1>Ask ')]);
    const listening = execFileSync('node', ['-e', `
      const { networkInterfaces } = require('node:os');
      console.log(JSON.stringify(Object.values(networkInterfaces()).flat().filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address)));`], { encoding: 'utf8' }); // prettier-ignore
    for (const host of JSON.parse(listening)) await expect(send(address.pathname, { host })).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each<[string, () => ReturnType<typeof send>, number, RegExp]>([
    ['a host of another name', () => send(address.pathname, { headers: { host: `evil.example:${address.port}` } }), 403, /only by the name/],
    ['a host that only begins so', () => send(address.pathname, { headers: { host: 'localhost.evil.example' } }), 403, /only by the name/],
    ['no token', () => send('/'), 404, /whole address/],
    ['another token', () => send(address.pathname.replace(/.\/$/, '_/')), 404, /whole address/],
    ['no token before a question', () => send('/ask?question=Is+it+loud', { method: 'POST' }), 404, /whole address/],
    ['a page that is not there', () => send(`${address.pathname}answers/77.html`), 404, /last 30 pages/],
    ['another method', () => send(address.pathname, { method: 'DELETE' }), 405, /Not allowed/],
    ['what is too large', () => ask({ question: 'Is it loud?', name: 'a.mp4' }, { headers: { 'content-length': String(MOST_BYTES + 1) } }), 413, /larger than 512 MB/],
    ['a file of this machine as a video', () => ask({ question: 'Is it loud?', video: join(project.world, 'avqa-val.json') }), 422, /no such video/],
    ['a question without words', () => ask({ question: '?', video: videoId() }), 422, /has no words/],
  ])('refuses %s', async (_, work, status, message) => expect(await work()).toEqual([status, expect.stringMatching(message)])); // prettier-ignore

  (isWithFfmpeg ? it : it.skip)('refuses what is no video, whatever its name', async () => {
    for (const name of ['../../none.mp4', 'a/b\0.mkv', '..'])
      expect(await ask({ question: 'Is it loud?', name }, { body: 'no video' })).toEqual([
        422,
        expect.stringMatching(/is not a video that ffmpeg can read/),
      ]);
    expect(readdirSync(temporary).flatMap((folder) => readdirSync(join(temporary, folder)))).toEqual([]);
  });

  it('refuses a second question while one is answered', async () => {
    const replies = await Promise.all([1, 2, 3].map(() => ask({ question: 'Is a cello visible?', video: videoId() })));
    expect(replies.map(([status]) => status).sort()).toEqual([200, 409, 409]);
    expect(replies.find(([status]) => status === 409)![1]).toMatch(/Another question is being answered/);
  });
});

(chromiumProgram() === null ? describe.skip : describe)(`in Chromium${chromiumProgram() ? '' : ' (skipped: no Chromium found)'}`, () => {
  let chromium: Chromium;
  beforeAll(() => (chromium = Chromium.start()));
  afterAll(() => chromium.close());
  const lines = (page: ChromiumPage) =>
    page.evaluate<string[]>(`[...document.querySelectorAll('#asked li')].map((item) => item.textContent)`);
  const shown = `document.querySelector('iframe').contentDocument?.querySelector('h1')?.textContent`;
  const focused = (page: ChromiumPage) => page.evaluate<string>(`document.activeElement.textContent || document.activeElement.id`);

  it('asks about a video of the dataset by keyboard alone, and shows the page', async () => {
    const page = await chromium.open({ url: address.href }, { width: 1280, height: 900 });
    await page.until(`document.querySelectorAll('#examples button').length > 0`);
    for (const key of ['Tab', 'Tab', 'ArrowDown']) await page.press(key); // colours, videos, the next of them
    const video = await page.evaluate<string>(`document.querySelector('[name=video]:checked').value`);
    expect(video).toBe([...new Set(readSplit(project.world, 'val').questions.map(({ videoId }) => videoId))][1]);
    for (let presses = 0; (await focused(page)) !== 'question'; presses++) await page.press(presses < 9 ? 'Tab' : 'none of the keys');
    for (const key of 'Is a cello visible?') await page.press(key);
    await page.press('Enter');
    await page.until(`${shown} === 'Is a cello visible?'`);
    expect(await lines(page)).toEqual([expect.stringMatching(new RegExp(`^Is a cello visible\\? · ${video}\\S+ \\d+\\.\\d % then .*Why it answered so$`))]);
    expect(await focused(page)).toContain('Is a cello visible?');
    await page.until(`document.querySelector('iframe').clientHeight > 1500`); // as high as its page
    expect(page.troubles).toEqual([]);
    expect(page.requests.filter((url) => !url.startsWith(address.href))).toEqual([]);
  }); // prettier-ignore

  it.each([['a desktop', { width: 1280, height: 900 }], ['a phone', { width: 390, height: 844, isPhone: true }]] as const)('fits %s', async (_, screen) => {
    const page = await chromium.open({ url: address.href }, screen);
    await page.until(`document.querySelectorAll('#examples button').length > 0`);
    expect(await page.evaluate(`document.documentElement.scrollWidth - innerWidth`)).toBe(0);
    expect(await page.evaluate(`Math.min(...[...document.images].map(({ width }) => width))`)).toBeGreaterThan(70);
  }); // prettier-ignore

  (isWithFfmpeg ? it : it.skip)('takes a file that is dropped, an example as question, and gives a message for what is no video', async () => {
    const clip = join(project.folder, 'clip <b>.mp4');
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=5:d=3', '-f', 'lavfi', '-i', 'sine=440:d=3'];
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', ...inputs, '-c:v', 'mpeg4', '-c:a', 'aac', clip]);
    const page = await chromium.open({ url: address.href }, { width: 390, height: 844, isPhone: true });
    await page.until(`document.querySelectorAll('#examples button').length > 0`);
    const drop = (name: string, bytes: Buffer) => page.evaluate(`{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(atob('${bytes.toString('base64')}'), (sign) => sign.charCodeAt(0))], '${name}'));
      dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    }`);
    await drop('none.mp4', Buffer.from('no video'));
    await page.evaluate(`document.querySelector('#examples button').focus()`);
    await page.press('Enter');
    const question = await page.evaluate<string>(`document.getElementById('question').value`);
    await page.press('Enter');
    await page.until(`document.getElementById('trouble').textContent !== ''`);
    expect(await page.evaluate(`document.getElementById('trouble').textContent`)).toMatch(/^none\.mp4 is not a video that ffmpeg can read/);
    await drop('clip <b>.mp4', readFileSync(clip));
    await page.press('Enter');
    await page.until(`${shown} === ${JSON.stringify(question)}`);
    const [line] = await lines(page);
    expect(line).toContain(`${question} · clip <b>.mp4`);
    expect(line).toContain('The run was trained on the embedded world');
    expect(await page.evaluate(`document.documentElement.scrollWidth - innerWidth`)).toBe(0);
    expect(page.troubles.filter((trouble) => !trouble.includes('422'))).toEqual([]);
  }); // prettier-ignore
});

it('ends at Ctrl-C in the middle of a question, and leaves nothing', async () => {
  const reply = ask({ question: 'Is a cello visible?', video: videoId() }).catch(() => 'ended');
  await until(() => readdirSync(temporary).some((name) => name.startsWith('tass-ask-')));
  demo.kill('SIGINT');
  const { code, errors } = await ended;
  expect([code, errors, readdirSync(temporary), await reply]).toEqual([0, '', [], 'ended']);
});
