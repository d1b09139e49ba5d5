import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** The program of real browser specs: CHROMIUM=<program>, or `chromium` where it is on the path; else null. */
export const chromiumProgram = (): string | null =>
  process.env.CHROMIUM ?? (spawnSync('chromium', ['--version']).status === 0 ? 'chromium' : null);

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly isDark?: boolean;
  readonly isPhone?: boolean; // touches, and the page's own viewport
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--mute-audio'];
const WORDS = ['--headless', '--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required', ...QUIET];

/** A Chromium without a window, driven by its DevTools protocol over pipes: real keys, real sizes, pictures. */
export class Chromium {
  private next = 0;
  private readonly waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>();
  private readonly heard: ((answer: Answer) => void)[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
  ) {
    let rest = '';
    (child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop() ?? '';
      parts.forEach((part) => this.hear(JSON.parse(part)));
    });
    child.once('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('Chromium ended'));
      this.waiting.clear();
    });
  }

  /** Throws Error where there is no program. */
  static start(): Chromium {
    const program = chromiumProgram();
    if (program === null) throw new Error('No Chromium: put `chromium` on the path, or name it by CHROMIUM=<program>');
    const folder = mkdtempSync(join(tmpdir(), 'chromium-'));
    const words = [...WORDS, '--remote-debugging-pipe', `--user-data-dir=${join(folder, 'profile')}`, 'about:blank'];
    return new Chromium(spawn(program, words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] }), folder);
  }

  /** Opens an address, a file, or a page that is written to one; waits until it has loaded. Throws Error where it does not. */
  async open(
    page: { readonly url: string } | { readonly file: string } | { readonly html: string },
    screen: Screen,
  ): Promise<ChromiumPage> {
    const file = 'file' in page ? page.file : join(this.folder, `page-${this.next}.html`);
    if ('html' in page) writeFileSync(file, page.html);
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const opened = new ChromiumPage(this, sessionId as string);
    await opened.load('url' in page ? page.url : pathToFileURL(file).href, screen);
    return opened;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.send('Browser.close').catch(() => {}); // ends without an answer
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  send(method: string, params: Record<string, unknown> = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.next;
    (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  onEvent(listener: (answer: Answer) => void): void {
    this.heard.push(listener);
  }

  private hear(answer: Answer): void {
    if (answer.id === undefined) return this.heard.forEach((listener) => listener(answer));
    const asked = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.error) asked?.reject(new Error(answer.error.message));
    else asked?.resolve(answer.result ?? {});
  }
}

/** One page; `troubles` are errors of its program and breaches of its policy, `requests` what it asked for beyond itself and its own data. */
export class ChromiumPage {
  readonly troubles: string[] = [];
  readonly requests: string[] = [];

  constructor(
    private readonly browser: Chromium,
    private readonly session: string,
  ) {}

  async load(url: string, { width, height, isDark = false, isPhone = false }: Screen): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.browser.onEvent(({ method, params, sessionId }) => {
        if (sessionId !== this.session) return;
        if (method === 'Page.loadEventFired') resolve();
        if (method === 'Runtime.exceptionThrown') this.troubles.push(`error: ${JSON.stringify(params.exceptionDetails)}`);
        if (method === 'Log.entryAdded') this.troubles.push(`log: ${(params.entry as { text: string }).text}`);
        if (method === 'Page.javascriptDialogOpening') this.troubles.push(`dialog: ${params.message}`);
        const asked = method === 'Network.requestWillBeSent' ? (params.request as { url: string }).url : url;
        if (asked !== url && !/^(data|blob):/.test(asked)) this.requests.push(asked);
      });
    });
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`);
    const size = { width, height, deviceScaleFactor: 1, mobile: isPhone };
    await this.send('Emulation.setDeviceMetricsOverride', size);
    await this.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }] });
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  /** What an expression, or a promise of it, is in the page. Throws what it throws. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: Value }).value;
  }

  /** Waits until an expression holds. Throws Error when it does not within ten minutes. */
  async until(expression: string): Promise<void> {
    const wait = `new Promise((resolve) => {
      const end = performance.now() + 600000;
      const look = () => (${expression}) ? resolve(true) : performance.now() > end ? resolve(false) : setTimeout(look, 10);
      look();
    })`;
    if (!(await this.evaluate<boolean>(wait))) throw new Error(`Not within ten minutes: ${expression}`);
  }

  /** A key as a hand presses it: 'Tab', ' ', 'ArrowRight', 'Enter'. */
  async press(key: string, times = 1): Promise<void> {
    const code = CODES[key] ?? key.toUpperCase().charCodeAt(0);
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    for (let time = 0; time < times; time++) {
      await this.send('Input.dispatchKeyEvent', {
        type: text ? 'keyDown' : 'rawKeyDown',
        key,
        code: key,
        windowsVirtualKeyCode: code,
        text,
      });
      await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: code });
    }
  }

  /** A click at a place of the window, in pixels. */
  async click(x: number, y: number): Promise<void> {
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
  }

  /** A picture of the window, or of the whole page. */
  async picture({ whole = false, format = 'png' }: { whole?: boolean; format?: 'png' | 'webp' } = {}): Promise<Buffer> {
    const clip = whole ? await this.clip() : {};
    const { data } = await this.send('Page.captureScreenshot', {
      format,
      quality: format === 'webp' ? 82 : undefined,
      captureBeyondViewport: whole,
      ...clip,
    });
    return Buffer.from(data as string, 'base64');
  }

  /** The page as it is printed. */
  async pdf(): Promise<Buffer> {
    const { data } = await this.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true });
    return Buffer.from(data as string, 'base64');
  }

  private async clip(): Promise<object> {
    const { cssContentSize } = await this.send('Page.getLayoutMetrics');
    return { clip: { ...(cssContentSize as object), scale: 1 } };
  }

  private send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.browser.send(method, params, this.session);
  }
}

const CODES: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  ' ': 32,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};
