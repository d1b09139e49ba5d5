import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { projectSettings } from '@tass/config';
import { openFeatureStore, openForWriting, writeShard } from '@tass/feature-store';
import { loadExperiment } from '../load-experiment';
import { commandFor, neededFields, storeParts, wantedFeatures } from './wanted-features';

const settings = projectSettings(resolve(__dirname, '../../../..'), {});

it('asks an imported store for the patches of sound that a network reads, and names the command that imports them', () => {
  const root = mkdtempSync(join(tmpdir(), 'wanted-'));
  const experiment = loadExperiment(settings, 'tass-small', ['features.importedAudio=ast', `features.store=${root}`]);
  const ofTass = wantedFeatures(experiment, settings, root, [])!;
  const wanted = { ...ofTass, needed: { ...ofTass.needed, audioPatches: true } };
  expect(neededFields(wanted).map(([field]) => field)).toEqual(['frame', 'patch', 'audio', 'audioPatch', 'sentence', 'words']);
  const command = commandFor('audioPatch', wanted);
  expect(command).toContain('features:import --from=FOLDER --patches=FOLDER --as=audio --name=ast');
  expect(commandFor('audio', ofTass)).toContain('features:import --from=FOLDER --as=audio --name=ast');

  const folder = join(root, 'ast');
  mkdirSync(folder);
  const description = {
    encoder: { name: 'ast', digest: '', readOuts: {}, preprocessing: {} },
    dataset: { name: 'media', digest: '' },
    sampling: ofTass.plan.sampling!,
    fields: { audio: { key: 'video', axes: ['time', 'audioDim'], shape: [10, 4] } },
  } as const;
  openForWriting(folder, description);
  writeShard(
    folder,
    description,
    { key: 'video', index: 0, keys: ['a'] },
    { values: { audio: Float32Array.from({ length: 40 }, (_, i) => i) } },
  );
  const open = (parts: ReturnType<typeof storeParts>) => openFeatureStore(parts.filter((part) => part.folder === folder)).close();
  open(storeParts(ofTass));
  expect(() => open(storeParts(wanted))).toThrow(
    `has no field audioPatch; its fields are audio. Choose the store that fits. Run: ${command}`,
  );
  rmSync(root, { recursive: true });
});
