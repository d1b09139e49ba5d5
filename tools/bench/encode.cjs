// Images a second from JPEG frames on the disk to stored patch features: prepareFeatures (2 workers, 1 thread each) and a plain Python script (2 threads).
//   npx nx run encoders:build && TASS_PYTHON=<a python with torch, transformers, pillow, onnx> node tools/bench/encode.cjs --folder=<scratch> \
//     [--images=640] [--size=1280x720] [--rounds=5] [--workers=2] [--threads=1] [--dtype=fp32] [--device=cpu] [--model=<a CLIP>] [--sides=ours,peer] [--out=file.json]
// Sides: ours on the device, cpu: ours on the CPU, and peer, on the CPU or with CUDA.
// The folder keeps frames and a ViT-B/32 of random weights for the next time. The sides take turns. Each round is two runs of a side, one frame a video and all ten:
// `seconds` is a whole run, from starting the process to its end; images a second are of the difference, so that starting and loading count on neither side.
const { fork, spawn } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { loadavg } = require('node:os');
const { join, resolve } = require('node:path');
const { watchGpuMemory } = require('../../bench/device.cjs');

const root = resolve(__dirname, '../..');
const given = Object.fromEntries(process.argv.slice(2).map((word) => word.replace(/^--/, '').split('=')));
const settings = {
  images: '640',
  rounds: '5',
  size: '1280x720',
  workers: '2',
  threads: '1',
  dtype: 'fp32',
  device: 'cpu',
  sides: 'ours,peer',
  ...given,
};
const framesAVideo = 10;
const python = process.env.TASS_PYTHON ?? 'python3';
const peer = join(__dirname, 'encode_peer.py');

if (!given.folder) throw new Error('bench: --folder is missing, expected a folder for frames, model and features');
const folder = resolve(given.folder);
const model = given.model ? resolve(given.model) : join(folder, 'model');
const [width, height] = settings.size.split('x').map(Number);
const videos = Array.from({ length: Math.ceil(settings.images / framesAVideo) }, (_, index) => String(index).padStart(8, '0'));
const dataset = join(folder, `frames-${settings.size}-${videos.length}`);
const features = (side) => join(folder, `features-${side}`);

async function main() {
  mkdirSync(folder, { recursive: true });
  if (!given.model && !existsSync(join(model, 'onnx/text_model.onnx'))) {
    mkdirSync(model, { recursive: true });
    await measured(python, [peer, 'model', model]);
  }
  await writeFrames();
  const sides = settings.sides.split(',');
  const rounds = [];
  for (let round = 1; round <= settings.rounds; round++) {
    for (const side of sides) {
      const [few, all] = [await run(side, 1), await run(side, framesAVideo)];
      const images = videos.length * (framesAVideo - 1);
      const made = {
        imagesPerSecond: images / (all.seconds - few.seconds),
        cpuMillisecondsPerImage: (1000 * (all.cpuSeconds - few.cpuSeconds)) / images,
      };
      rounds.push({ round, side, ...made, loadingSeconds: few.seconds, ...all, loadavg: loadavg()[0] });
      console.log(lineOf(rounds.at(-1)));
    }
  }
  const summary = Object.fromEntries(sides.map((side) => [side, summaryOf(rounds.filter((each) => each.side === side))]));
  for (const side of sides) console.log(side, JSON.stringify(summary[side]));
  const [other] = sides.slice(1);
  const difference = sides[0] === 'ours' && other ? greatestDifference(other === 'peer' ? peersPatches() : patchesOf(other)) : undefined;
  if (difference)
    console.log(
      `greatest difference of a feature ${difference.absolute.toPrecision(3)}, of values up to ${difference.greatest.toPrecision(3)}`,
    );
  const computedBy = sides.includes('ours') && settings.device !== 'cpu' ? storeOf('ours').manifest.computedBy[0] : undefined;
  const result = { settings, summary, difference, computedBy, rounds, node: process.version };
  if (given.out) writeFileSync(given.out, `${JSON.stringify(result, null, 1)}\n`);
}

async function run(side, frames) {
  rmSync(features(side), { recursive: true, force: true });
  const peersDevice = settings.device === 'cpu' ? 'cpu' : 'cuda';
  if (side === 'peer')
    return measured(python, [peer, 'encode', model, join(dataset, 'frames'), features(side), String(frames), peersDevice]);
  return measured(process.execPath, [__filename, ...process.argv.slice(2), `--run=${frames}`, `--side=${side}`]);
}

/** The real pipeline, in a process of its own. */
async function encodeOurs(frames, side) {
  const { prepareFeatures } = require('@tass/encoders');
  const { faults, encoded } = await prepareFeatures({
    ...{ datasetRoot: dataset, storeRoot: features(side), videos, texts: [], workers: Number(settings.workers) },
    sampling: { choice: 'every', segments: frames, segmentSeconds: Math.ceil(framesAVideo / frames) },
    clip: { folder: model, patches: 'final', words: 'context', dtype: settings.dtype, threads: Number(settings.threads) },
    ...{ device: side === 'cpu' ? 'cpu' : settings.device, onRemark: console.log },
  });
  if (faults.length > 0 || encoded !== videos.length) throw new Error(`bench: ${encoded} videos were encoded; ${faults[0]?.reason}`);
}

/** Runs a program to its end: wall clock, user and system seconds of it and its children, and the most memory that all of them had at once (pages they share count for each). */
async function measured(program, words) {
  const before = childrenSeconds();
  const endOfGpuMemory = settings.device === 'cpu' ? () => undefined : watchGpuMemory();
  const start = process.hrtime.bigint();
  const child =
    program === process.execPath ? fork(words[0], words.slice(1)) : spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peakMegabytes = 0;
  const watch = setInterval(() => (peakMegabytes = Math.max(peakMegabytes, residentMegabytes(child.pid))), 100);
  let [seconds, gpuMegabytes] = [];
  const code = await new Promise((done, failed) => child.on('exit', done).on('error', failed)).finally(() => {
    seconds = Number(process.hrtime.bigint() - start) / 1e9;
    clearInterval(watch);
    gpuMegabytes = endOfGpuMemory();
  });
  if (code !== 0) throw new Error(`bench: ${program} ${words.join(' ')} ended with ${code}`);
  return { seconds, cpuSeconds: childrenSeconds() - before, peakMegabytes, gpuMegabytes };
}

const statOf = (pid) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
const childrenSeconds = () => (Number(statOf('self')[13]) + Number(statOf('self')[14])) / 100; // of children that ended, and theirs; in ticks

function residentMegabytes(pid) {
  try {
    const kilobytes = Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' '),
    );
    return children.filter(Boolean).reduce((sum, child) => sum + residentMegabytes(child), kilobytes / 1024);
  } catch {
    return 0; // it ended meanwhile
  }
}

/** Crops of a picture with as much detail at each scale as photographs have (1/f), with edges, at quality 90. */
async function writeFrames() {
  if (existsSync(join(dataset, 'done'))) return;
  const sharp = require('sharp');
  const { seededRandom } = require('@tass/dataset-music-avqa');
  const random = seededRandom(1);
  const below = (limit) => Math.floor(random.next() * limit);
  const [wide, high] = [2 * width, 2 * height];
  const sums = new Float32Array(wide * high * 3).fill(128);
  for (let scale = 1; scale < high; scale *= 2) {
    const [w, h] = [Math.ceil(wide / scale), Math.ceil(high / scale)];
    const noise = Uint8Array.from({ length: w * h * 3 }, () => below(256));
    const enlarged = await sharp(noise, { raw: { width: w, height: h, channels: 3 } })
      .resize(wide, high, { fit: 'fill' })
      .raw()
      .toBuffer();
    const share = (0.25 * Math.sqrt(scale)) / Math.sqrt(high / 64);
    for (let i = 0; i < sums.length; i++) sums[i] += share * (enlarged[i] - 128);
  }
  const shape = () => {
    const colour = `rgb(${below(256)},${below(256)},${below(256)})`;
    return `<ellipse cx="${below(wide)}" cy="${below(high)}" rx="${below(width / 5)}" ry="${below(height / 5)}" fill="${colour}" opacity="0.6"/>`;
  };
  const shapes = Buffer.from(`<svg width="${wide}" height="${high}">${Array.from({ length: 150 }, shape).join('')}</svg>`);
  const picture = await sharp(Uint8ClampedArray.from(sums), { raw: { width: wide, height: high, channels: 3 } })
    .composite([{ input: shapes }])
    .removeAlpha()
    .raw()
    .toBuffer();
  for (const video of videos) {
    const of = join(dataset, 'frames', video);
    mkdirSync(of, { recursive: true });
    for (let frame = 1; frame <= framesAVideo; frame++) {
      await sharp(picture, { raw: { width: wide, height: high, channels: 3 } })
        .extract({ left: below(width), top: below(height), width, height })
        .jpeg({ quality: 90 })
        .toFile(join(of, `${String(frame).padStart(6, '0')}.jpg`));
    }
  }
  writeFileSync(join(dataset, 'done'), '');
}

function storeOf(side) {
  const { StoreFolder } = require('@tass/feature-store');
  return StoreFolder.open(join(features(side), readdirSync(features(side))[0]));
}

/** Of the first video. */
const patchesOf = (side) => storeOf(side).read('patch', videos.slice(0, 1));

/** The same from its npy, without the class token, which is first in each frame. */
function peersPatches() {
  const [, regions, joint] = storeOf('ours').describe('patch').shape;
  const npy = readFileSync(join(features('peer'), `${videos[0]}.npy`));
  const header = npy.length - 2 * framesAVideo * (regions + 1) * joint;
  return Float32Array.from({ length: framesAVideo * regions * joint }, (_, i) => {
    const frame = Math.floor(i / (regions * joint));
    return halfAt(npy, header + 2 * (i + (frame + 1) * joint));
  });
}

/** Of our patches of the first video from the other side's, as both have stored them. */
function greatestDifference(others) {
  const ours = patchesOf('ours');
  let [absolute, greatest] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    absolute = Math.max(absolute, Math.abs(others[i] - ours[i]));
    greatest = Math.max(greatest, Math.abs(others[i]));
  }
  return { absolute, greatest };
}

function halfAt(bytes, at) {
  const half = bytes.readUInt16LE(at);
  const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
}

function summaryOf(rounds) {
  const of = (key, pick) => Number(pick(rounds.map((each) => each[key])).toFixed(2));
  const best = (values) => Math.max(...values);
  const least = (values) => Math.min(...values);
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return {
    imagesPerSecond: { best: of('imagesPerSecond', best), median: of('imagesPerSecond', median) },
    cpuMillisecondsPerImage: { least: of('cpuMillisecondsPerImage', least), median: of('cpuMillisecondsPerImage', median) },
    seconds: { least: of('seconds', least), median: of('seconds', median) },
    loadingSeconds: { least: of('loadingSeconds', least), median: of('loadingSeconds', median) },
    peakMegabytes: of('peakMegabytes', best),
    ...(rounds[0].gpuMegabytes !== undefined && { gpuMegabytes: of('gpuMegabytes', best) }),
  };
}

function lineOf({ round, side, imagesPerSecond, cpuMillisecondsPerImage, seconds, loadingSeconds, peakMegabytes, loadavg }) {
  const figures = `${imagesPerSecond.toFixed(2)} images/s, ${cpuMillisecondsPerImage.toFixed(1)} ms of CPU an image`;
  return `${round} ${side}  ${figures}, ${seconds.toFixed(1)} s (one frame a video: ${loadingSeconds.toFixed(1)} s), ${peakMegabytes.toFixed(0)} MB, load ${loadavg.toFixed(1)}`;
}

(given.run ? encodeOurs(Number(given.run), given.side) : main()).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
