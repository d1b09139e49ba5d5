export * as tf from './tf';
export { availableEngines, disposeEngine, useEngine } from './engine';
export type { EngineDescription, EngineName, EngineOptions } from './engine';
export { engineFromEnvironment } from './engine-from-environment';
export { valueAndGradients } from './value-and-gradients';
export type { LossOutputs } from './value-and-gradients';
export { nativeAdam } from './native-adam';
export type { AdamStep, NativeAdam, NativeParameter } from './native-adam';
export { Random } from './random';
export { ShapeError, expectShape } from './shape';
export { namedParameters, withParameters } from './module';
export type { Module, ParameterTree } from './module';
export { Linear } from './layers/linear';
export type { LinearConfig, LinearParameters } from './layers/linear';
export { Projection } from './layers/projection';
export type { ProjectionConfig, ProjectionParameters } from './layers/projection';
export { LayerNorm } from './layers/layer-norm';
export type { LayerNormConfig, LayerNormParameters } from './layers/layer-norm';
export { Embedding } from './layers/embedding';
export type { EmbeddingConfig, EmbeddingParameters } from './layers/embedding';
export { AttentionWeights, MultiHeadAttention } from './layers/attention';
export type {
  Attended,
  AttentionConfig,
  AttentionInputs,
  AttentionWeightsParameters,
  MultiHeadAttentionParameters,
} from './layers/attention';
export { BidirectionalLstm, Lstm } from './layers/lstm';
export type { BidirectionalLstmParameters, LstmConfig, LstmParameters } from './layers/lstm';
export { batchedMatMul } from './ops/batched-mat-mul';
export { DropoutSource, dropout } from './ops/dropout';
export { canCompile, compile, compileModes } from './compile/compile';
export type { CompileMode, CompiledStep } from './compile/compile';
export { hostTensor } from './compile/host-tensor';
export { CompileError } from './compile/compile-error';
export { maskedSoftmax } from './ops/masked-softmax';
export { inverseLengths, unitLength } from './ops/unit-length';
export { clipAbove } from './ops/clip-above';
export { tensorFromHalves } from './ops/tensor-from-halves';
export { sumOfSquares } from './ops/sum-of-squares';
