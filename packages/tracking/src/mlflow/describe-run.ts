import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { mostBytes, readOwnBytes } from '@tass/files';
import { dataKey } from '../data-key';
import type { RunManifest } from '../manifest';
import { refuseOtherBytes } from '../report-file';
import { readRunConfig } from '../run-config';
import { limits, param, tag, type Entry } from './limits';
import type { RunEnd } from './run-state';

export interface DatasetInput {
  readonly tags: readonly Entry[];
  readonly dataset: { readonly name: string; readonly digest: string; readonly source_type: string; readonly source: string };
}

export interface RunDescription {
  readonly title: string; // of the experiment
  readonly params: readonly Entry[]; // config.yaml, flattened; MLflow never lets them change
  readonly tags: readonly Entry[];
  readonly datasets: readonly DatasetInput[];
}

interface DescribedConfig {
  readonly title?: unknown;
  readonly dataset?: Readonly<Record<string, unknown>>;
  readonly model?: { readonly network?: unknown };
}

/** Everything but figures and files. Throws ConfigError if config.yaml cannot be read, RunError if it or report.md is damaged. */
export function describeRun(folder: string, manifest: RunManifest, end: RunEnd): RunDescription {
  const config: DescribedConfig = readRunConfig({ folder, manifest }).config;
  const params = flattened(config);
  const { kind, version } = config.dataset ?? {};
  const dataset = kind && version ? `${kind}-${version}` : kind;
  const title = String(config.title ?? manifest.experiment);
  return {
    title,
    params: params.map(([name, value]) => param(name, value)),
    tags: [
      ...identityTags(manifest),
      ...methodTags(manifest, config), // MLflow shows tags in the order in which they came
      ...sourceTags(manifest),
      ...engineTags(manifest),
      tag('mlflow.note.content', noteOf(folder, title, end)),
    ],
    datasets: Object.entries(manifest.datasets).map(([context, digest]) => ({
      tags: [tag('mlflow.data.context', context)],
      dataset: {
        name: dataset ? `${dataset}/${context}` : context,
        digest: digest.slice(0, limits.digest),
        ...{ source_type: 'local', source: JSON.stringify({ digest }) },
      },
    })),
  };
}

/** The tag that identifies a run on the server. */
export function identityTags({ id, experiment, sweep, cell }: RunManifest): Entry[] {
  return [
    tag('tass.run', id),
    tag('tass.experiment', experiment),
    ...(sweep ? [tag('tass.sweep', sweep.id)] : []),
    ...(cell ? [tag('tass.cell', cell)] : []),
    tag('mlflow.user', userName()),
  ];
}

function sourceTags({ experiment, overrides, code, codeUnknown, packageLock, node }: RunManifest): Entry[] {
  const git = code && { commit: code.commit, dirty: String(code.dirty), branch: code.branch, repoURL: code.repository };
  return [
    tag('mlflow.source.name', ['trainer:train', `--exp=${experiment}`, ...overrides].join(' ')),
    tag('mlflow.source.type', 'LOCAL'),
    ...Object.entries(git ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [tag(`mlflow.source.git.${name}`, value)])),
    ...(codeUnknown ? [tag('tass.codeUnknown', codeUnknown)] : []),
    ...(packageLock ? [tag('tass.packageLock', packageLock)] : []),
    tag('tass.node', node),
  ];
}

function engineTags({ engine, machine, features }: RunManifest): Entry[] {
  const groups = { engine, machine, features };
  return Object.entries(groups).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]) => tag(`tass.${group}.${name}`, String(value))),
  );
}

/** Tags by which users select runs. */
function methodTags(manifest: RunManifest, { model, dataset }: DescribedConfig): Entry[] {
  return [
    ...(model ? [tag('tass.network', String(model.network ?? 'tass'))] : []),
    ...(dataset ? [tag('tass.dataset', String(dataset.kind)), tag('tass.dataset.questions', dataKey(manifest, dataset).id)] : []),
    ...(dataset?.version === undefined ? [] : [tag('tass.dataset.version', String(dataset.version))]),
  ];
}

/** The description of a run: the error, the report, or the experiment's title. */
function noteOf(folder: string, title: string, { state, message }: RunEnd): string {
  const report = join(folder, 'report.md');
  if (state === 'FINISHED' && existsSync(report)) {
    const bytes = readOwnBytes(report, mostBytes.record);
    refuseOtherBytes(folder, 'report.md', bytes);
    return bytes.toString('utf8');
  }
  if (state === 'FAILED') return `Failed: ${message ?? 'no message'}`;
  return title;
}

/** `model.jtg.stream` for each value that is not a map; lists as JSON. */
function flattened(value: unknown, path = ''): [string, string][] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  if (!isMap) return [[path, typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flattened(inner, path === '' ? key : `${path}.${key}`));
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a user number without a name, as in containers
  }
}
