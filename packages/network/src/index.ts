export type { NetworkBatch, NetworkLabels } from './batch';
export { build } from './built-network';
export type { BuiltNetwork } from './built-network';
export { faultOf } from './fault-of';
export { INTERVENTIONS, attentionChange } from './intervention';
export type { Intervention } from './intervention';
export type { DataSizes, ForwardOptions, LossWeights, Mistake, NeededFeatures, Network, NetworkConfig, NetworkOutputs } from './network';
export { objective } from './objective';
