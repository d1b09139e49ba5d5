// What a window of sound costs an audio encoder, on one thread: node tools/bench/hear.cjs <model folder> [segment | around]

const { audioSizes, loadAudioEncoder } = require('../../packages/encoders/dist/audio/audio-encoder.js');

async function hear(folder, window) {
  const { sampleRate } = audioSizes(folder);
  const sound = { sampleRate, samples: Float32Array.from({ length: 60 * sampleRate }, (_, i) => 0.4 * Math.sin(i * i * 1e-6)) };
  const encoder = await loadAudioEncoder(folder, { window, segmentSeconds: 6, threads: 1 });
  const starts = [0, 6, 12, 18, 24];
  const before = process.cpuUsage();
  await encoder.encode(sound, starts);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6 / starts.length;
  const gigabytes = process.resourceUsage().maxRSS / 1e6;
  console.log(`${seconds.toFixed(2)} s of a processor for a window (${encoder.windowSeconds} s), ${gigabytes.toFixed(2)} GB`);
}

hear(process.argv[2], process.argv[3]);
