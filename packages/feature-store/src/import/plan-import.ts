import { createHash } from 'node:crypto';
import type { DatasetIdentity, FieldDescription, Manifest, Sampling, StoreDescription } from '../manifest';
import type { LayoutName } from './layouts';
import type { Part } from './read-video';
import { addToDigest, agree, type Found, type KnownFormat, npyFile, type Source } from './source-folder';

export interface ImportPlan {
  readonly from: string; // holds <video id>.npy
  readonly frames?: string; // another such folder, of vectors: the frames of patches that lie in `from`
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
  const { name, space, as, frames, layout } = plan;
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
    refuse(`name is "${name}", expected letters, digits, dots, dashes and underscores: a folder's name`);
  for (const key of ['segments', 'segmentSeconds'] as const) {
    if (!Number.isInteger(plan[key]) || plan[key] < 1) refuse(`${key} is ${plan[key]}, expected a whole number above 0`);
  }
  if (space !== undefined && !/^(own|clip:.+)$/.test(space)) refuse(`space is "${space}", expected own or clip:<model's name>`);
  if (as === 'visual') return;
  if (space !== undefined) refuse(`space is "${space}", but sound lies in no space of pictures. Leave it out, or say --as=visual`);
  if (frames !== undefined) refuse(`frames is ${frames}, but as is audio. Leave it out, or say --as=visual`);
  if (layout !== 'auto' && layout !== 'vectors')
    refuse(`layout is ${layout}, but sound has no regions. Say --layout=vectors, or --as=visual`);
}

/** The files of every video, by folder: `from`, then `frames`, if given. */
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
  const known = (key: 'files' | 'frames'): KnownFormat | undefined => {
    const { readOuts, preprocessing } = existing?.encoder ?? {};
    const rowShape = preprocessing?.[key];
    if (typeof rowShape !== 'string' || readOuts?.layout === undefined) return undefined;
    return { rowShape, layout: key === 'frames' ? 'vectors' : (readOuts.layout as LayoutName) };
  };
  const source = agree(plan.from, foundIn.get(plan.from)!, {
    layout: plan.as === 'audio' ? 'vectors' : plan.layout,
    known: known('files'),
    ...settings,
  });
  const frames = plan.frames === undefined ? undefined : agree(plan.frames, foundIn.get(plan.frames)!, { layout: 'vectors', known: known('frames'), ...settings }); // prettier-ignore
  const parts = partsOf(plan, source, frames);
  refuseUnusable(parts);
  const { width, regions } = source.sizes;
  const { segments } = plan;
  const fields: Record<string, FieldDescription> =
    plan.as === 'audio'
      ? { audio: { key: 'video', axes: ['time', 'audioDim'], shape: [segments, width] } }
      : {
          frame: { key: 'video', axes: ['time', 'joint'], shape: [segments, width] },
          ...(regions > 0 ? { patch: { key: 'video', axes: ['time', 'regions', 'joint'], shape: [segments, regions, width] } } : {}),
        };
  const encoder = {
    name: plan.name,
    digest: existing?.encoder.digest ?? digestOf(parts),
    readOuts: { layout: source.layout, ...(plan.as === 'visual' ? { frame: frameOf(source, frames) } : {}) },
    preprocessing: { files: source.rowShape, ...(frames ? { frames: frames.rowShape } : {}) },
    ...(plan.as === 'visual' ? { space: plan.space ?? 'own' } : {}),
  };
  return { parts, description: { encoder, dataset: plan.dataset, sampling, fields } };
}

function partsOf(plan: ImportPlan, source: Source, frames: Source | undefined): Part[] {
  const { regions, width } = source.sizes;
  if (plan.as === 'audio') return [{ source, fields: { frame: 'audio' } }];
  if (!frames) return [{ source, fields: { frame: 'frame', ...(regions > 0 ? { patch: 'patch' } : {}) } }];
  if (regions === 0) {
    throw new Error(`both ${source.folder} and ${frames.folder} hold one vector a second. Leave out frames, or say where the patches are: --from=<folder>`); // prettier-ignore
  }
  if (frames.sizes.width !== width) {
    throw new Error(`the frames of ${frames.folder} have ${frames.sizes.width} values, the patches of ${source.folder} ${width}: expected one encoder's. Leave out frames`); // prettier-ignore
  }
  return [
    { source, fields: { patch: 'patch' } },
    { source: frames, fields: { frame: 'frame' } },
  ];
}

function frameOf({ layout }: Source, frames: Source | undefined): string {
  if (frames) return 'files of their own';
  return { vectors: 'vector', 'class-and-patches': 'class token' }[layout as string] ?? 'mean over regions';
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
