const MiB = 2 ** 20;

/**
 * The most bytes that are read from a file (unpacked, if it is compressed) that another program or a fault may have written. Each is
 * several times the size of real files. `docs/limits.md` lists them.
 */
export const mostBytes = {
  record: 64 * MiB, // JSON of runs, sweeps, stores and worlds: manifests, reports, cells, lists of videos
  journal: 256 * MiB, // metrics of a run: a line of 200 bytes per step
  sound: 512 * MiB, // ten minutes of four channels at 48 kHz are 460 MB
  image: 64 * MiB,
  artifacts: 256 * MiB, // what an MLflow server keeps of a run
  annotations: 128 * MiB, // the largest official file, MUSIC-AVQA-R, has 211,572 rows of 250 bytes
  predictions: 256 * MiB, // 10,000 questions with 10 kB of reasoning each are 100 MB
  checkpoint: 2048 * MiB - 2, // the most that Node reads at once
  weights: 16 * 1024 * MiB, // of a model in ONNX: CLIP ViT-bigG/14 in fp32 has 10 GB
  program: 128 * MiB, // what ffprobe or Slurm print; packets of a video of ten hours are 120 MB
  small: MiB, // locks, marks, notes of one process
} as const;

/** Further limits for JSON, which decide how much memory its values take. */
export const jsonLimits = { depth: 100, values: 5_000_000 } as const;
