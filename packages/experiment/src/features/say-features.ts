import { counted } from '@tass/program';
import { featuresCommand } from './features-command';
import { describeFault, listFaults } from './list-faults';
import { findChangedMedia } from './make-media';
import { couldAskPresent } from './present-videos';
import { storeParts, type WantedFeatures } from './wanted-features';

const shownFaults = 20;

/**
 * Prints the problems of an experiment's features, and its stores. Returns the exit code: 1 if videos cannot be used, or have changed, and the
 * experiment does not accept that.
 */
export async function sayFeatures(wanted: WantedFeatures | undefined, signal?: AbortSignal): Promise<number> {
  if (!wanted) return 0;
  const changed = await findChangedMedia(wanted, signal);
  const { faults, remarks } = listFaults(wanted);
  const isTold = (reason: string): boolean => faults.some((fault) => fault.reason.includes(reason));
  const lines = [...changed.map(({ reason }) => reason).filter((reason) => !isTold(reason)), ...faults.map(describeFault)];
  for (const line of lines.slice(0, shownFaults)) console.log(line);
  if (lines.length > shownFaults)
    console.log(`... and ${lines.length - shownFaults} more. All of them: ${featuresCommand('check', wanted)}`);
  for (const line of remarks) console.log(line);
  for (const { folder } of storeParts(wanted)) console.log(folder);
  const present = changed.filter(({ isThere }) => isThere);
  if (present.length > 0)
    console.log(
      `To make features of ${counted(present.length, 'video')} as they are now, run: ${featuresCommand('prepare', wanted, '--refresh')}`,
    );
  if (wanted.config.faults === 'accept') return 0;
  if (faults.length === 0) return changed.length > 0 ? 1 : 0;
  const partly = couldAskPresent(wanted.experiment) ? 'Or leave out videos that are not here: dataset.questions=present. ' : '';
  console.log(
    `${counted(faults.length, 'fault')}. Mend these videos and run the same command again. ${partly}` +
      'Or train with features.faults=accept, which reads missing features as zeros',
  );
  return 1;
}
