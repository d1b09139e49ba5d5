import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpegHere, makeVideo, needsFfmpeg, numbered, numbersIn, clicking, clicksIn, whenFfmpeg } from '../fixtures/videos';
import { extractMedia } from './extract-media';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'find-'));
  mkdirSync(join(root, 'videos'));
});
afterEach(() => rmSync(root, { recursive: true }));
const video = (name: string) => join(root, 'videos', name);
const extract = (...videos: string[]) => extractMedia({ datasetRoot: root, videos, ffmpeg: ffmpegHere });

whenFfmpeg(`a video${needsFfmpeg}`, () => {
  it('is read from each container', async () => {
    const mpeg2 = ['-c:v', 'mpeg2video', '-c:a', 'mp2'];
    const windows = ['-c:v', 'wmv2', '-c:a', 'wmav2'];
    const mobile = ['-c:v', 'mpeg4', '-c:a', 'aac'];
    const kinds: Record<string, string[]> = {
      ...{ 'a.ts': mpeg2, 'b.m2ts': mpeg2, 'd.mpeg': mpeg2, 'e.vob': mpeg2, 'f.wmv': windows },
      ...{
        'h.3gp': mobile,
        'i.3g2': mobile,
        'j.f4v': ['-c:v', 'libx264', '-c:a', 'aac'],
        'k.WEBM': ['-c:v', 'libvpx', '-c:a', 'libvorbis', '-f', 'webm'],
      },
      ...{ 'l.ogv': ['-c:v', 'libtheora', '-q:v', '9', '-c:a', 'libvorbis'] },
    };
    for (const [name, codecs] of Object.entries(kinds))
      makeVideo(...numbered(2), ...clicking(2, [1]), ...codecs, '-b:v', '1M', video(name));
    const ids = Object.keys(kinds).map((name) => name[0]);
    expect((await extract(...ids)).faults).toEqual([]);
    for (const id of ids) {
      expect((await numbersIn(join(root, 'frames', id)))[0]).toBeLessThan(2);
      const [click] = clicksIn(join(root, 'audio', `${id}.wav`));
      expect(click).toBeGreaterThan(0.9);
      expect(click).toBeLessThan(1.2);
    }
  });

  it('of another name is named, and a link that leads nowhere', async () => {
    makeVideo(...numbered(1), video('x.mkv'));
    const names = ['a.mxf', 'b', 'c.mp4.part', 'video_d.mp4', '93.mp4', 'f.rm'];
    for (const name of names) writeFileSync(video(name), '');
    mkdirSync(video('g'));
    symlinkSync('/nowhere/h.mp4', video('h.mp4'));
    renameSync(video('x.mkv'), video('.x.mkv'));
    const { faults } = await extract('a', 'b', 'c', 'd', '00000093', 'f', 'g', 'h', 'x');
    const other = (id: string, name: string) =>
      expect.stringContaining(
        `videos/${id}.mp4 is not there, but ${name} is. If it is that video, rename it by its container, such as ${id}.mp4 or ${id}.mkv, `,
      );
    expect(faults.map(({ reason }) => reason)).toEqual([
      ...[other('a', 'a.mxf'), other('b', 'b'), other('c', 'c.mp4.part'), other('d', 'video_d.mp4'), other('00000093', '93.mp4')],
      ...[other('f', 'f.rm'), other('g', 'g'), 'videos/h.mp4 is a link to /nowhere/h.mp4, which is not there. Fetch it again'],
      'videos/x.mp4 is not there, nor are frames and sound made from it. Fetch it, or take it out of the list',
    ]);
  });
});
