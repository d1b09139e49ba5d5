import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { Encoders } from '@tass/encoders';
import type { AskedVideo } from '@tass/experiment';
import type { OpenedRun } from '@tass/explanation';
import { printable } from '@tass/program';
import { renderQuestionPage } from '@tass/question-page';
import { aboutQuestion } from '../ask/about-question';
import { ask, type Answered } from '../ask/ask';
import { renderDemoPage } from './page';
import { type OfferedVideo, offeredVideos } from './offered-videos';
import { refused, type Reply } from './serve-locally';
import { writeBounded } from './write-bounded';

/** Largest video that may be dropped. */
export const MOST_BYTES = 512 * 2 ** 20;
/** Pages kept in memory, about 0.7 MB each. */
const MOST_PAGES = 30;
const TOP = 5;

/** The response to a question from a browser. */
interface DemoAnswer {
  readonly question: string;
  readonly about: string; // how similar the question is to the training questions
  readonly answers: Answered['answers'];
  readonly notices: readonly string[];
  readonly page: string | null; // path of its page; null: the network has no attention or maps
}

/** Answers a browser's requests: the form, one question at a time, and the pages of the latest answers. */
export class Demo {
  private isAsked = false;
  private count = 0;
  private readonly encoders = new Encoders();
  private readonly pages = new Map<string, string>(); // by their paths

  /** `folder` holds videos while questions about them are answered. */
  private constructor(
    private readonly run: OpenedRun,
    private readonly videos: readonly OfferedVideo[],
    private readonly folder: string,
    private readonly settings: ProjectSettings,
  ) {}

  static async of(run: OpenedRun, folder: string, settings: ProjectSettings): Promise<Demo> {
    return new Demo(run, await offeredVideos(run, settings), folder, settings);
  }

  async reply(request: IncomingMessage, path: string, query: URLSearchParams, signal: AbortSignal): Promise<Reply> {
    if (request.method === 'POST') return path === 'ask' ? this.asked(request, query, signal) : refused(404, 'Not found.');
    const page = path === '' ? renderDemoPage(this.run, this.videos, MOST_BYTES) : this.pages.get(path);
    return page === undefined
      ? refused(404, `Not found. The last ${MOST_PAGES} pages are kept.`)
      : { status: 200, type: 'text/html', body: page };
  }

  private async asked(request: IncomingMessage, query: URLSearchParams, signal: AbortSignal): Promise<Reply> {
    if (this.isAsked) return refused(409, 'Another question is being answered. Ask again when it is.');
    if (Number(request.headers['content-length']) > MOST_BYTES) return tooLarge();
    this.isAsked = true;
    const folder = join(this.folder, 'video');
    try {
      await mkdir(folder);
      const id = query.get('video');
      const video = id === null ? await sentVideo(request, query.get('name') ?? '', folder, signal) : this.offered(id);
      return video === undefined ? tooLarge() : json(await this.answered(video, query.get('question') ?? '', signal));
    } catch (error) {
      if (error instanceof TypeError || error instanceof ReferenceError) throw error;
      return refused(422, printable((error as Error).message.replaceAll(`${folder}/`, '')));
    } finally {
      await rm(folder, { recursive: true, force: true });
      this.isAsked = false;
    }
  }

  private async answered(video: AskedVideo, question: string, signal: AbortSignal): Promise<DemoAnswer> {
    const { answered, notices } = await ask(this.run, video, [question], {
      settings: this.settings,
      encoders: this.encoders,
      explains: true,
      signal,
    });
    const [{ asked, answers, explanation }] = answered;
    return {
      ...{ question: asked.question.text, about: aboutQuestion(asked), answers: answers.slice(0, TOP), notices },
      page: explanation === undefined ? null : this.kept(renderQuestionPage(explanation)),
    };
  }

  /** By id only; the path of any other file is refused. */
  private offered(id: string): AskedVideo {
    if (this.videos.some((video) => video.id === id)) return { id };
    throw new RangeError('There is no such video on this page.');
  }

  private kept(page: string): string {
    const path = `answers/${++this.count}.html`;
    this.pages.set(path, page);
    this.pages.delete(`answers/${this.count - MOST_PAGES}.html`);
    return path;
  }
}

/** The uploaded video, in `folder`; undefined if it is too large. */
async function sentVideo(request: IncomingMessage, name: string, folder: string, signal: AbortSignal): Promise<AskedVideo | undefined> {
  const file = join(folder, fileName(name));
  return (await writeBounded(request, file, MOST_BYTES, signal)) ? { file } : undefined;
}

/** The page's name for the video, made safe for every file system. */
const fileName = (given: string): string => [...given.normalize().replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').replace(/^[._ -]+/, '')].slice(-60).join('') || 'video'; // prettier-ignore

const tooLarge = (): Reply => refused(413, `The video is larger than ${MOST_BYTES / 2 ** 20} MB. Cut it, or ask about it with evaluator:ask, which takes any size.`); // prettier-ignore

const json = (answer: DemoAnswer): Reply => ({ status: 200, type: 'application/json', body: JSON.stringify(answer) });
