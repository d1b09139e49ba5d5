/** Which of a model's files, by the precision of its weights: as transformers.js names them. */
export type Dtype = 'fp32' | 'fp16' | 'q8';

const suffixes: Readonly<Record<Dtype, string>> = { fp32: '', fp16: '_fp16', q8: '_quantized' };

/** `onnxFile('vision_model', 'q8')` is onnx/vision_model_quantized.onnx. */
export const onnxFile = (name: string, dtype: Dtype): string => `onnx/${name}${suffixes[dtype]}.onnx`;

/** How far two ways through one model may differ, relative to values of size one. 8-bit models scale by the greatest value that passes. */
export const roundingOf: Readonly<Record<Dtype, number>> = { fp32: 1e-3, fp16: 2e-2, q8: 0.3 };
