import { LogMel } from '@tass/encoders';
import type { Sound } from '@tass/media';
import type { MelSpectrogram } from '@tass/question-page';

const [BANDS, COLUMNS] = [64, 400];
const [LOW_HERTZ, HIGH_HERTZ] = [50, 7600];
const RANGE_DECIBELS = 70;

/** The mel spectrogram of a whole sound: of each column the loudest of its windows, in decibels of full scale. Null for less than a window. */
export function melSpectrogram({ samples, sampleRate }: Sound): MelSpectrogram | null {
  const windowLength = 2 ** Math.round(Math.log2(sampleRate / 16)); // some 64 ms
  if (samples.length < windowLength) return null;
  const hopLength = windowLength / 2;
  const highHertz = Math.min(HIGH_HERTZ, sampleRate / 2);
  const front = new LogMel({ ...{ sampleRate, windowLength, hopLength, fftLength: windowLength, melBins: BANDS }, minHertz: LOW_HERTZ, maxHertz: highHertz, logOffset: 1e-6 }); // prettier-ignore
  const windows = Math.floor((samples.length - windowLength) / hopLength) + 1;
  const values = front.compute(samples, windows); // log of magnitudes; a sine of full scale has a quarter of the window's length
  const columns = Math.min(COLUMNS, windows);
  const decibels = Float32Array.from({ length: columns * BANDS }, (_, at) => {
    const [column, band] = [Math.floor(at / BANDS), at % BANDS];
    const [from, to] = [column, column + 1].map((edge) => Math.floor((edge * windows) / columns));
    let greatest = -Infinity;
    for (let window = from; window < to; window++) greatest = Math.max(greatest, values[window * BANDS + band]);
    return (20 / Math.LN10) * (greatest - Math.log(windowLength / 4));
  });
  const highDecibels = Math.max(-RANGE_DECIBELS / 2, Math.ceil(decibels.reduce((most, value) => Math.max(most, value), -Infinity)));
  const lowDecibels = highDecibels - RANGE_DECIBELS;
  const bytes = Buffer.from(Uint8ClampedArray.from(decibels, (value) => (255 * (value - lowDecibels)) / RANGE_DECIBELS).buffer);
  return { bands: BANDS, columns, values: bytes.toString('base64'), lowDecibels, highDecibels, lowHertz: LOW_HERTZ, highHertz };
}
