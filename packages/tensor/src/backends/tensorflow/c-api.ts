import * as path from 'node:path';
import { loadKoffi, openForever } from '@tass/onnx';
import { libraryFiles } from './library';

/** An address in the library's memory; only passed back to it. */
export type Pointer = object & { readonly brand: unique symbol };

/** TF_Output: one output of a node of a graph. */
export interface GraphOutput {
  readonly oper: Pointer;
  readonly index: number;
}

/** The functions used of TensorFlow's C API (tensorflow/c/c_api.h and tensorflow/c/eager/c_api.h), by the names it has there, and two of libc. */
export interface CApi {
  TF_Version(): string;
  TF_NewStatus(): Pointer;
  TF_DeleteStatus(status: Pointer): void;
  TF_SetStatus(status: Pointer, code: number, message: string): void;
  TF_GetCode(status: Pointer): number;
  TF_Message(status: Pointer): string;
  TF_AllocateTensor(dtype: number, dims: BigInt64Array, rank: number, bytes: number): Pointer;
  TF_TensorData(tensor: Pointer): Pointer;
  TF_TensorByteSize(tensor: Pointer): number;
  TF_DeleteTensor(tensor: Pointer): void;
  TFE_NewContextOptions(): Pointer;
  TFE_ContextOptionsSetConfig(options: Pointer, config: Uint8Array, bytes: number, status: Pointer): void;
  TFE_DeleteContextOptions(options: Pointer): void;
  TFE_NewContext(options: Pointer, status: Pointer): Pointer;
  TFE_ContextListDevices(context: Pointer, status: Pointer): Pointer;
  TF_DeviceListCount(devices: Pointer): number;
  TF_DeviceListName(devices: Pointer, index: number, status: Pointer): string;
  TF_DeviceListType(devices: Pointer, index: number, status: Pointer): string;
  TF_DeleteDeviceList(devices: Pointer): void;
  TFE_NewTensorHandle(tensor: Pointer, status: Pointer): Pointer;
  TFE_TensorHandleCopyToDevice(handle: Pointer, context: Pointer, device: string, status: Pointer): Pointer;
  TFE_DeleteTensorHandle(handle: Pointer): void;
  TFE_TensorHandleResolve(handle: Pointer, status: Pointer): Pointer;
  TFE_TensorHandleNumDims(handle: Pointer, status: Pointer): number;
  TFE_TensorHandleDim(handle: Pointer, axis: number, status: Pointer): number;
  TFE_TensorHandleDataType(handle: Pointer): number;
  TFE_NewOp(context: Pointer, name: string, status: Pointer): Pointer | null;
  TFE_DeleteOp(op: Pointer): void;
  TFE_OpAddInput(op: Pointer, handle: Pointer, status: Pointer): void;
  TFE_OpSetAttrString(op: Pointer, name: string, value: string, bytes: number): void;
  TFE_OpSetAttrInt(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrIntList(op: Pointer, name: string, values: BigInt64Array, count: number): void;
  TFE_OpSetAttrFloat(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrBool(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrType(op: Pointer, name: string, dtype: number): void;
  TFE_OpSetAttrShape(op: Pointer, name: string, dims: BigInt64Array, rank: number, status: Pointer): void;
  TFE_Execute(op: Pointer, outputs: (Pointer | null)[], count: [number], status: Pointer): void;
  /** TFE_Execute on a thread of its own: JavaScript continues. */
  executeAsync(op: Pointer, outputs: (Pointer | null)[], count: [number], status: Pointer): Promise<void>;
  TFE_ContextAddFunction(context: Pointer, definition: Pointer, status: Pointer): void;
  TFE_ContextRemoveFunction(context: Pointer, name: string, status: Pointer): void;
  TF_NewGraph(): Pointer;
  TF_NewOperation(graph: Pointer, kind: string, name: string): Pointer;
  TF_FinishOperation(description: Pointer, status: Pointer): Pointer;
  TF_AddInput(description: Pointer, input: GraphOutput): void;
  TF_AddInputList(description: Pointer, inputs: readonly GraphOutput[], count: number): void;
  TF_AddControlInput(description: Pointer, operation: Pointer): void;
  TF_SetAttrType(description: Pointer, name: string, dtype: number): void;
  TF_SetAttrBool(description: Pointer, name: string, value: number): void;
  TF_SetAttrInt(description: Pointer, name: string, value: number): void;
  TF_SetAttrIntList(description: Pointer, name: string, values: BigInt64Array, count: number): void;
  TF_SetAttrFloat(description: Pointer, name: string, value: number): void;
  TF_SetAttrString(description: Pointer, name: string, value: string, bytes: number): void;
  TF_SetAttrShape(description: Pointer, name: string, dims: BigInt64Array, rank: number): void;
  TF_SetAttrTensor(description: Pointer, name: string, tensor: Pointer, status: Pointer): void;
  TF_OperationOutputType(output: GraphOutput): number;
  TF_GraphGetTensorNumDims(graph: Pointer, output: GraphOutput, status: Pointer): number;
  TF_GraphGetTensorShape(graph: Pointer, output: GraphOutput, dims: BigInt64Array, rank: number, status: Pointer): void;
  TF_GraphSetTensorShape(graph: Pointer, output: GraphOutput, dims: BigInt64Array, rank: number, status: Pointer): void;
  TF_DeleteGraph(graph: Pointer): void;
  TF_GraphToFunctionWithControlOutputs(
    graph: Pointer,
    name: string,
    appendHash: number,
    operations: number, // -1: all of the graph
    operationList: null,
    inputCount: number,
    inputs: readonly GraphOutput[],
    outputCount: number,
    outputs: readonly GraphOutput[],
    outputNames: null,
    controlCount: number,
    controls: readonly Pointer[] | null,
    controlNames: null,
    options: null,
    description: string,
    status: Pointer,
  ): Pointer;
  TF_DeleteFunction(definition: Pointer): void;
  /** Copies between the library's memory and a typed array, either way. */
  memcpy(to: Pointer | Uint8Array, from: Pointer | Uint8Array, bytes: number): void;
}

type Declared = Exclude<keyof CApi, 'memcpy' | 'executeAsync' | keyof typeof ofOutputs>;
const declarations: Record<Declared, string> = {
  TF_Version: 'const char* TF_Version()',
  TF_NewStatus: 'void* TF_NewStatus()',
  TF_DeleteStatus: 'void TF_DeleteStatus(void*)',
  TF_SetStatus: 'void TF_SetStatus(void*, int, const char*)',
  TF_GetCode: 'int TF_GetCode(void*)',
  TF_Message: 'const char* TF_Message(void*)',
  TF_AllocateTensor: 'void* TF_AllocateTensor(int, const int64_t*, int, size_t)',
  TF_TensorData: 'void* TF_TensorData(void*)',
  TF_TensorByteSize: 'size_t TF_TensorByteSize(void*)',
  TF_DeleteTensor: 'void TF_DeleteTensor(void*)',
  TFE_NewContextOptions: 'void* TFE_NewContextOptions()',
  TFE_ContextOptionsSetConfig: 'void TFE_ContextOptionsSetConfig(void*, const void*, size_t, void*)',
  TFE_DeleteContextOptions: 'void TFE_DeleteContextOptions(void*)',
  TFE_NewContext: 'void* TFE_NewContext(void*, void*)',
  TFE_ContextListDevices: 'void* TFE_ContextListDevices(void*, void*)',
  TF_DeviceListCount: 'int TF_DeviceListCount(void*)',
  TF_DeviceListName: 'const char* TF_DeviceListName(void*, int, void*)',
  TF_DeviceListType: 'const char* TF_DeviceListType(void*, int, void*)',
  TF_DeleteDeviceList: 'void TF_DeleteDeviceList(void*)',
  TFE_NewTensorHandle: 'void* TFE_NewTensorHandle(void*, void*)',
  TFE_TensorHandleCopyToDevice: 'void* TFE_TensorHandleCopyToDevice(void*, void*, const char*, void*)',
  TFE_DeleteTensorHandle: 'void TFE_DeleteTensorHandle(void*)',
  TFE_TensorHandleResolve: 'void* TFE_TensorHandleResolve(void*, void*)',
  TFE_TensorHandleNumDims: 'int TFE_TensorHandleNumDims(void*, void*)',
  TFE_TensorHandleDim: 'int64_t TFE_TensorHandleDim(void*, int, void*)',
  TFE_TensorHandleDataType: 'int TFE_TensorHandleDataType(void*)',
  TFE_NewOp: 'void* TFE_NewOp(void*, const char*, void*)',
  TFE_DeleteOp: 'void TFE_DeleteOp(void*)',
  TFE_OpAddInput: 'void TFE_OpAddInput(void*, void*, void*)',
  TFE_OpSetAttrString: 'void TFE_OpSetAttrString(void*, const char*, const char*, size_t)',
  TFE_OpSetAttrInt: 'void TFE_OpSetAttrInt(void*, const char*, int64_t)',
  TFE_OpSetAttrIntList: 'void TFE_OpSetAttrIntList(void*, const char*, const int64_t*, int)',
  TFE_OpSetAttrFloat: 'void TFE_OpSetAttrFloat(void*, const char*, float)',
  TFE_OpSetAttrBool: 'void TFE_OpSetAttrBool(void*, const char*, uint8_t)',
  TFE_OpSetAttrType: 'void TFE_OpSetAttrType(void*, const char*, int)',
  TFE_OpSetAttrShape: 'void TFE_OpSetAttrShape(void*, const char*, const int64_t*, int, void*)',
  TFE_Execute: 'void TFE_Execute(void*, _Out_ void**, _Inout_ int*, void*)',
  TFE_ContextAddFunction: 'void TFE_ContextAddFunction(void*, void*, void*)',
  TFE_ContextRemoveFunction: 'void TFE_ContextRemoveFunction(void*, const char*, void*)',
  TF_NewGraph: 'void* TF_NewGraph()',
  TF_NewOperation: 'void* TF_NewOperation(void*, const char*, const char*)',
  TF_FinishOperation: 'void* TF_FinishOperation(void*, void*)',
  TF_AddControlInput: 'void TF_AddControlInput(void*, void*)',
  TF_SetAttrType: 'void TF_SetAttrType(void*, const char*, int)',
  TF_SetAttrBool: 'void TF_SetAttrBool(void*, const char*, uint8_t)',
  TF_SetAttrInt: 'void TF_SetAttrInt(void*, const char*, int64_t)',
  TF_SetAttrIntList: 'void TF_SetAttrIntList(void*, const char*, const int64_t*, int)',
  TF_SetAttrFloat: 'void TF_SetAttrFloat(void*, const char*, float)',
  TF_SetAttrString: 'void TF_SetAttrString(void*, const char*, const char*, size_t)',
  TF_SetAttrShape: 'void TF_SetAttrShape(void*, const char*, const int64_t*, int)',
  TF_SetAttrTensor: 'void TF_SetAttrTensor(void*, const char*, void*, void*)',
  TF_DeleteGraph: 'void TF_DeleteGraph(void*)',
  TF_DeleteFunction: 'void TF_DeleteFunction(void*)',
};

/** Functions that take a TF_Output or several: result types, then argument types. */
const ofOutputs = {
  TF_AddInput: ['void', 'void*', 'output'],
  TF_AddInputList: ['void', 'void*', 'outputs', 'int'],
  TF_OperationOutputType: ['int', 'output'],
  TF_GraphGetTensorNumDims: ['int', 'void*', 'output', 'void*'],
  TF_GraphGetTensorShape: ['void', 'void*', 'output', 'int64_t*', 'int', 'void*'],
  TF_GraphSetTensorShape: ['void', 'void*', 'output', 'const int64_t*', 'int', 'void*'],
  TF_GraphToFunctionWithControlOutputs: [
    ...['void*', 'void*', 'str', 'uint8_t', 'int', 'void*', 'int', 'outputs', 'int', 'outputs', 'void*'],
    ...['int', 'void**', 'void*', 'void*', 'str', 'void*'],
  ],
};

/** Loads TensorFlow's two libraries from `folder`. Throws the message of the system's loader. */
export function loadCApi(folder: string): CApi {
  const koffi = loadKoffi();
  const libc = koffi.load('libc.so.6');
  const [, library] = libraryFiles.map((file) => openForever(path.join(folder, file), { global: true }));
  const functions = Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)]);
  const memcpy = libc.func('void* memcpy(void*, void*, size_t)');
  const output = koffi.struct({ oper: 'void*', index: 'int' });
  const types: Record<string, unknown> = { output, outputs: koffi.pointer(output) };
  const ofGraphs = Object.entries(ofOutputs).map(([name, [result, ...given]]) => {
    const parameters = given.map((type) => types[type] ?? type) as string[];
    return [name, library.func(name, result, parameters)];
  });
  const execute = library.func(declarations.TFE_Execute);
  const executeAsync: CApi['executeAsync'] = (...given) =>
    new Promise((resolve, reject) => {
      execute.async(...given, (error: unknown) => (error ? reject(error as Error) : resolve()));
    });
  return { ...Object.fromEntries([...functions, ...ofGraphs]), memcpy, executeAsync } as unknown as CApi;
}
