import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { lockFolder, mostBytes, onDisk, readJson, syncFolder, writeFileAtomically } from '@tass/files';
import { Tokenizer } from '../clip/tokenizer';
import { type Dtype, onnxFile } from './dtype';
import { externalFiles } from './external-data';
import { download, type DownloadOptions, type Received } from './hub-download';
import { type HubFile, hubEndpoint, nameOf } from './hub-request';

export interface FetchModelOptions extends DownloadOptions {
  readonly nameOrFolder: string; // as in `localModel`
  readonly root: string; // of the project
  readonly files: readonly string[]; // as `clipFiles` and `audioFiles` say; the files of weights beside a graph come with it
  readonly revision?: string; // branch, tag or commit; default that of the files that are there, else main
}

/** fetched.json in a model's folder: where its files came from. */
interface Fetched {
  readonly origin: string; // the model's page
  readonly revision: string;
  readonly commit?: string; // that the revision stood for at the first file
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

const recordName = 'fetched.json';

/** The files of a CLIP on the hub that `loadClip` reads; for `texts` alone, without those of images. */
export function clipFiles(dtype: Dtype = 'fp32', towers: 'both' | 'texts' = 'both'): string[] {
  const ofImages = towers === 'both' ? ['preprocessor_config.json', onnxFile('vision_model', dtype)] : [];
  return ['config.json', ...Tokenizer.files, onnxFile('text_model', dtype), ...ofImages];
}

/**
 * The absolute folder of a model: `nameOrFolder` from `root` where that is a folder; else that of `org/name` of the hub,
 * <root>/models/org/name, whether it is there or not. Other texts stay the folder they name: who reads it says what is missing.
 */
export function localModel(nameOrFolder: string, root: string): string {
  return isOnHub(nameOrFolder, root) ? resolve(root, 'models', nameOrFolder) : resolve(root, nameOrFolder);
}

/**
 * Fetches what is missing of `files` from the hub into the model's folder, which it gives back as `localModel` does. Asks for nothing where all is there
 * or `nameOrFolder` is a folder: a user's own folder is never touched. A file appears whole or not at all, a graph only after its weights;
 * all files of a folder come from one commit, which fetched.json there names. HF_ENDPOINT and HF_TOKEN are read as the hub's own tools do.
 * Throws for a model, file or revision that the hub does not have or give, a hub that cannot be reached, a content that is not what
 * the hub says, files of another revision; DiskError; LockError when another process fetches the model; the signal's reason.
 */
export async function fetchModel(options: FetchModelOptions): Promise<string> {
  const { nameOrFolder: model, root, files, revision, signal } = options;
  const folder = localModel(model, root);
  if (!isOnHub(model, root)) return folder;
  expectRevision(folder, revision);
  const isMissing = (file: string) => !existsSync(join(folder, file));
  if (!files.some(isMissing)) return folder;
  signal?.throwIfAborted();
  onDisk(`the model ${model} cannot be fetched`, folder, () => mkdirSync(folder, { recursive: true }));
  const unlock = lockFolder(folder, { file: 'fetch.lock', what: 'the model' });
  try {
    for (const file of files) {
      const there = readRecord(folder);
      if (isMissing(file))
        await fetchFile({ model, revision: there?.commit ?? there?.revision ?? revision ?? 'main', file, folder }, options);
    }
  } finally {
    unlock();
    removeEmpty(folder, dirname(folder));
  }
  return folder;
}

/** So that a mistyped name leaves nothing behind. */
function removeEmpty(...folders: readonly string[]): void {
  try {
    folders.forEach((folder) => rmdirSync(folder));
  } catch {
    // something is in there
  }
}

/** Folders under `models` have the hub's form too, but there is no `models` on the hub. */
function isOnHub(nameOrFolder: string, root: string): boolean {
  const folder = resolve(root, nameOrFolder);
  if (existsSync(folder) && statSync(folder).isDirectory()) return false;
  return /^(?!models\/)(?!.*(?:--|\.\.))\w[\w.-]*(?<![.-])\/\w[\w.-]*(?<![.-])$/.test(nameOrFolder) && nameOrFolder.length <= 96;
}

function expectRevision(folder: string, revision: string | undefined): void {
  const there = readRecord(folder);
  if (!there || revision === undefined || revision === there.revision || revision === there.commit) return;
  throw new Error(`the model ${folder} is of revision ${there.revision}, asked for is ${revision}. Delete the folder to fetch that one`);
}

/** A graph is given its name after the files of its weights: a graph that is there is complete. */
async function fetchFile(wanted: HubFile, options: FetchModelOptions): Promise<void> {
  const path = join(wanted.folder, wanted.file);
  const beside = dirname(path);
  const temporary = join(beside, `.${basename(path)}.part`);
  onDisk(`${nameOf(wanted)} cannot be written`, beside, () => mkdirSync(beside, { recursive: true }));
  const received = await download(wanted, temporary, options);
  try {
    if (path.endsWith('.onnx')) {
      const revision = received.commit ?? wanted.revision;
      for (const name of externalFiles(temporary, nameOf(wanted)))
        if (!existsSync(join(beside, name))) await fetchFile({ ...wanted, revision, file: `${dirname(wanted.file)}/${name}` }, options);
    }
    onDisk(`${nameOf(wanted)} cannot be written`, beside, () => renameSync(temporary, path));
    syncFolder(beside);
    record(wanted, received, options.revision);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function record({ model, file, folder }: HubFile, { sha256, bytes, commit }: Received, revision = 'main'): void {
  const there = readRecord(folder);
  const fetched: Fetched = {
    origin: `${hubEndpoint()}/${model}`,
    revision: there?.revision ?? revision,
    commit: there?.commit ?? commit,
    files: { ...there?.files, [file]: { sha256, bytes } },
  };
  writeFileAtomically(join(folder, recordName), `${JSON.stringify(fetched, null, 2)}\n`);
}

function readRecord(folder: string): Fetched | undefined {
  try {
    return readJson(join(folder, recordName), mostBytes.record) as Fetched;
  } catch {
    return undefined;
  }
}
