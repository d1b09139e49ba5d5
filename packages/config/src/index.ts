export { checkConfig } from './check';
export { composeExperiment, readConfig, type ComposedConfig, type ComposedExperiment, type ComposeRequest } from './compose';
export { ConfigError } from './config-error';
export { listExperiments, listOptions } from './experiment-files';
export { didYouMean, nearest } from './nearest';
export type { ConfigNode, ConfigPath, ConfigScalar } from './node';
export { readOptions, UsageError, type OptionKind, type Options } from './options';
export { projectSettings, type ProjectSettings } from './project-settings';
export { readYaml, toYaml } from './yaml';
