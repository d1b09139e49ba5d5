import { featuresCommand } from './features-command';
import { describeFault, listFaults } from './list-faults';
import { couldAskPresent } from './present-videos';
import { storeParts, type WantedFeatures } from './wanted-features';

const shownFaults = 20;

/** Prints the problems of an experiment's features, and its stores. Returns the exit code: 1 if videos cannot be used. */
export function sayFeatures(wanted: WantedFeatures | undefined): number {
  if (!wanted) return 0;
  const { faults, remarks } = listFaults(wanted);
  for (const fault of faults.slice(0, shownFaults)) console.log(describeFault(fault));
  if (faults.length > shownFaults)
    console.log(`... and ${faults.length - shownFaults} more. All of them: ${featuresCommand('check', wanted)}`);
  for (const line of remarks) console.log(line);
  for (const { folder } of storeParts(wanted)) console.log(folder);
  if (faults.length === 0 || wanted.config.faults === 'accept') return 0;
  const present = couldAskPresent(wanted.experiment) ? 'Or leave out videos that are not here: dataset.questions=present. ' : '';
  console.log(
    `${faults.length} faults. Mend these videos and run the same command again. ${present}` +
      'Or train with features.faults=accept, which reads missing features as zeros',
  );
  return 1;
}
