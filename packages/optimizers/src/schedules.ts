/** Where a run is: both from 0; `step` counts the updates of the whole run. */
interface Progress {
  readonly epoch: number;
  readonly step: number;
}

/** What the learning rate is multiplied by; a pure function, so that a resumed run has the same rates. */
export type Schedule = (progress: Progress) => number;

export const constant: Schedule = () => 1;

/** Multiplies by `factor` every `everyEpochs` epochs. Source: torch.optim.lr_scheduler.StepLR. */
export function stepDecay({ factor, everyEpochs }: { readonly factor: number; readonly everyEpochs: number }): Schedule {
  if (!Number.isInteger(everyEpochs) || everyEpochs < 1)
    throw new RangeError(`stepDecay: everyEpochs is ${everyEpochs}, expected 1, 2, ...`);
  return ({ epoch }) => factor ** Math.floor(epoch / everyEpochs);
}

export interface OneCycleConfig {
  readonly steps: number; // of the whole run
  readonly warmUp?: number; // share of the steps in which the rate rises, 0.3
}

export interface CosineConfig {
  readonly steps: number; // of the whole run
  readonly warmUp: number; // share of the steps in which the rate rises; 0: none
  readonly least: number; // at the end, as a share of the learning rate
}

/**
 * Rises by even steps to 1, then falls to `least` along half a cosine; the last value holds from then on. With w steps of warm-up, (step + 1) / w before
 * step w, then least + (1 - least) / 2 * (1 + cos(pi * (step - w) / (steps - w))).
 * Source: Loshchilov and Hutter, arXiv 1608.03983, without restarts, as torch.optim.lr_scheduler.CosineAnnealingLR behind LinearLR.
 */
export function cosine({ steps, warmUp, least }: CosineConfig): Schedule {
  if (!(warmUp >= 0 && warmUp < 1)) throw new RangeError(`cosine: warmUp is ${warmUp}, expected a share from 0 to less than 1`);
  const rising = Math.min(Math.round(warmUp * steps), steps - 1);
  const falling = (step: number): number =>
    least + ((1 - least) / 2) * (1 + Math.cos(Math.PI * Math.min((step - rising) / (steps - rising), 1)));
  return ({ step }) => (step < rising ? (step + 1) / rising : falling(step));
}

const FIRST_FACTOR = 1 / 25;
const LAST_FACTOR = FIRST_FACTOR / 1e4;

/**
 * Rises from 1 / 25 to 1 and falls to almost nothing, both along half a cosine; the last value holds from then on.
 * Source: Smith and Topin, arXiv 1708.07120, as torch.optim.lr_scheduler.OneCycleLR with its defaults.
 */
export function oneCycle({ steps, warmUp = 0.3 }: OneCycleConfig): Schedule {
  if (!(warmUp > 0 && warmUp < 1)) throw new RangeError(`oneCycle: warmUp is ${warmUp}, expected a share between 0 and 1`);
  const top = warmUp * steps - 1;
  if (!(top > 0 && top < steps - 1)) {
    const expected = Math.floor(1 / warmUp) + 1;
    throw new RangeError(
      `oneCycle: ${steps} steps are too few for a warm-up of ${warmUp} of them, expected at least ${expected}. Train more epochs, in smaller batches, or with a larger warmUp`,
    );
  }
  const between = (from: number, to: number, share: number): number => to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
  return ({ step }) =>
    step <= top ? between(FIRST_FACTOR, 1, step / top) : between(1, LAST_FACTOR, Math.min((step - top) / (steps - 1 - top), 1));
}
