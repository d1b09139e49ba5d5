import { createHash } from 'node:crypto';
import type { DatasetIdentity, FieldDescription, Manifest, Sampling, StoreDescription } from '../manifest';
import type { LayoutName } from './layouts';
import type { Part } from './read-video';
import { addToDigest, agree, type Found, type KnownFormat, npyFile, type Source } from './source-folder';

export interface ImportPlan {
  readonly from: string; // holds <video id>.npy
  readonly frames?: string; // another such folder, of vectors: the frames of patches that lie in `from`. Visual only
  readonly patches?: string; // another such folder, of patches: those of the sound whose vectors lie in `from`. Audio only
  readonly layout: LayoutName | 'auto'; // of `from`
  readonly as: 'audio' | 'visual';
  readonly name: string; // of the encoder that made them, as far as is known, and of the store
  readonly space?: string; // visual only: 'clip:<model>' where they lie in the joint space of that CLIP; default 'own'
  readonly dataset: DatasetIdentity;
  readonly segments: number;
  readonly segmentSeconds: number;
  readonly lengths?: 'equal' | 'any'; // of the files in time; any: videos differ in length. Default equal
  readonly constant?: 'refuse' | 'keep'; // patches that are all equal. Default refuse
}

/** Throws for an invalid setting, before reading any file. */
export function refuseBadPlan(plan: ImportPlan): void {
  const refuse = (what: string): never => {
    throw new Error(what);
  };
  const { name, space, as, frames, patches, layout } = plan;
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
    refuse(`name is "${name}", expected letters, digits, dots, dashes and underscores: a folder's name`);
  for (const key of ['segments', 'segmentSeconds'] as const) {
    if (!Number.isInteger(plan[key]) || plan[key] < 1) refuse(`${key} is ${plan[key]}, expected a whole number above 0`);
  }
  if (space !== undefined && !/^(own|clip:.+)$/.test(space)) refuse(`space is "${space}", expected own or clip:<model's name>`);
  if (as === 'visual') {
    if (patches !== undefined)
      refuse(`patches is ${patches}, but as is visual. Its patches lie in from: --from=${patches} --frames=FOLDER`);
    return;
  }
  if (space !== undefined) refuse(`space is "${space}", but sound lies in no space of pictures. Leave it out, or say --as=visual`);
  if (frames !== undefined) refuse(`frames is ${frames}, but as is audio. Leave it out, or say --as=visual`);
  if (layout !== 'auto' && layout !== 'vectors' && layout !== 'class-and-patches')
    refuse(`layout is ${layout}, but sound has vectors. Say --layout=vectors or --layout=class-and-patches, or --as=visual`);
  if (layout === 'class-and-patches' && patches !== undefined)
    refuse(`patches is ${patches}, but with --layout=class-and-patches they lie in from. Leave out one of the two`);
}

/** The folders that a plan reads: `from`, then that of frames or of patches, if given. */
export const foldersOf = ({ from, frames, patches }: ImportPlan): string[] =>
  [from, frames, patches].filter((folder): folder is string => folder !== undefined);

/** The files of every video, by folder. */
export type FoundIn = ReadonlyMap<string, Map<string, Found>>;

/**
 * The fields from each folder, with the description of their store. An existing store (`existing`) keeps its digest. Throws if no file is
 * usable, if the layout is ambiguous, or if frames and patches differ in width.
 */
export function planImport(
  plan: ImportPlan,
  foundIn: FoundIn,
  existing: Manifest | undefined,
): { parts: Part[]; description: StoreDescription } {
  const sampling: Sampling = { choice: 'every', segments: plan.segments, segmentSeconds: plan.segmentSeconds };
  const settings = { lengths: plan.lengths ?? 'equal', sampling } as const;
  const known = (key: 'files' | 'frames' | 'patches'): KnownFormat | undefined => {
    const { readOuts, preprocessing } = existing?.encoder ?? {};
    const rowShape = preprocessing?.[key];
    if (typeof rowShape !== 'string' || readOuts?.layout === undefined) return undefined;
    return { rowShape, layout: ({ frames: 'vectors', patches: 'patches' } as const)[key as string] ?? (readOuts.layout as LayoutName) };
  };
  const isAudio = plan.as === 'audio';
  const further = (key: 'frames' | 'patches', layout: LayoutName): Source | undefined =>
    plan[key] === undefined ? undefined : agree(plan[key], foundIn.get(plan[key])!, { layout, known: known(key), ...settings });
  const source = agree(plan.from, foundIn.get(plan.from)!, {
    layout: isAudio && plan.layout === 'auto' ? (known('files')?.layout ?? 'vectors') : plan.layout,
    hint: isAudio ? '. Patches of sound come next to vectors: --from=<folder of vectors> --patches=<folder of patches>' : '',
    hasFrames: plan.frames !== undefined,
    known: known('files'),
    ...settings,
  });
  const frames = further('frames', 'vectors');
  const patches = further('patches', 'patches');
  const parts = isAudio ? audioParts(source, patches) : visualParts(plan, source, frames);
  refuseUnusable(parts);
  const encoder = {
    name: plan.name,
    digest: existing?.encoder.digest ?? digestOf(parts),
    readOuts: { layout: source.layout, ...(isAudio ? {} : { frame: frameOf(source, frames) }) },
    preprocessing: {
      files: source.rowShape,
      ...(frames ? { frames: frames.rowShape } : {}),
      ...(patches ? { patches: patches.rowShape } : {}),
    },
    ...(isAudio ? {} : { space: plan.space ?? 'own' }),
  };
  const fields = isAudio ? audioFields(plan, source, patches) : visualFields(plan, source, frames);
  return { parts, description: { encoder, dataset: plan.dataset, sampling, fields } };
}

function audioParts(source: Source, patches: Source | undefined): Part[] {
  if (patches) {
    return [
      { source, fields: { frame: 'audio' } },
      { source: patches, fields: { patch: 'audioPatch' } },
    ];
  }
  return [{ source, fields: { frame: 'audio', ...(source.sizes.regions > 0 ? { patch: 'audioPatch' } : {}) } }];
}

function audioFields({ segments }: ImportPlan, { sizes }: Source, patches: Source | undefined): Record<string, FieldDescription> {
  const { regions, width } = patches?.sizes ?? sizes;
  return {
    audio: { key: 'video', axes: ['time', 'audioDim'], shape: [segments, sizes.width] },
    ...(regions > 0
      ? { audioPatch: { key: 'video', axes: ['time', 'audioPatches', 'audioPatchDim'], shape: [segments, regions, width] } }
      : {}),
  };
}

function visualParts({ space = 'own' }: ImportPlan, source: Source, frames: Source | undefined): Part[] {
  const { regions, width } = source.sizes;
  if (!frames) return [{ source, fields: { frame: 'frame', ...(regions > 0 ? { patch: 'patch' } : {}) } }];
  if (regions === 0) {
    throw new Error(`both ${source.folder} and ${frames.folder} hold one vector a second. Leave out frames, or say where the patches are: --from=<folder>`); // prettier-ignore
  }
  const widths = `the frames of ${frames.folder} have ${frames.sizes.width} values, the patches of ${source.folder} ${width}`;
  if (frames.sizes.width !== width && source.layout !== 'merged-tokens') {
    throw new Error(`${widths}: expected one encoder's. Leave out frames; or if the patches are another encoder's on purpose, as merged tokens are: --layout=merged-tokens`); // prettier-ignore
  }
  if (frames.sizes.width !== width && space !== 'own') throw new Error(`${widths}, but space is "${space}": expected one space of both. Leave out space`); // prettier-ignore
  return [
    { source, fields: { patch: 'patch' } },
    { source: frames, fields: { frame: 'frame' } },
  ];
}

function visualFields({ segments }: ImportPlan, { sizes, layout }: Source, frames: Source | undefined): Record<string, FieldDescription> {
  const { regions, width } = sizes;
  return {
    frame: { key: 'video', axes: ['time', 'joint'], shape: [segments, frames?.sizes.width ?? width] },
    ...(regions > 0 ? { patch: { key: 'video', axes: ['time', axisOf(layout), 'joint'], shape: [segments, regions, width] } } : {}),
  };
}

/** Regions have a place in the picture, tokens have none. */
const axisOf = (layout: LayoutName): string => (layout === 'merged-tokens' ? 'tokens' : 'regions');

function frameOf({ layout }: Source, frames: Source | undefined): string {
  if (frames) return 'files of their own';
  return (
    { vectors: 'vector', 'class-and-patches': 'class token', 'merged-tokens': 'mean over tokens' }[layout as string] ?? 'mean over regions'
  );
}

function refuseUnusable(parts: readonly Part[]): void {
  for (const { source } of parts) {
    const problems = [...source.found].flatMap(([id, each]) =>
      'problem' in each ? [`${npyFile(source.folder, id)} ${each.problem}`] : [],
    );
    if (problems.length === source.found.size) throw new Error(`none of ${problems.length} files can be imported; ${problems[0]}`);
  }
}

function digestOf(parts: readonly Part[]): string {
  const hash = createHash('sha256');
  for (const { source } of parts) addToDigest(hash, source);
  return hash.digest('hex');
}
