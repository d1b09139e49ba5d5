import type { MediaFault } from './extract-media';

/** The faults of the videos of a dataset, as the last extractions found them; none where nothing was extracted. */
export function readMediaFaults(_datasetRoot: string): MediaFault[] {
  throw new Error('media: readMediaFaults is not there yet');
}
