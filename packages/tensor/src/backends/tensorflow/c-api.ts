import * as path from 'node:path';
import { loadKoffi, openForever } from './native-library';

/** An address in the library's memory; only ever handed back to it. */
export type Pointer = object & { readonly brand: unique symbol };

/** TF_Output: one output of a node of a graph. */
export interface TensorFlowOutput {
  readonly oper: Pointer;
  readonly index: number;
}

/** What is used of TensorFlow's C API (tensorflow/c/c_api.h and tensorflow/c/eager/c_api.h), by the names it has there, and two of libc. */
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
  /** TFE_Execute on a thread of its own, so that JavaScript goes on meanwhile. */
  executeAside(op: Pointer, outputs: (Pointer | null)[], count: [number], status: Pointer): Promise<void>;
  TFE_OpGetAttrs(op: Pointer): Pointer;
  TFE_OpAttrsSerialize(attributes: Pointer, buffer: Pointer, status: Pointer): void;
  TFE_ContextAddFunction(context: Pointer, definition: Pointer, status: Pointer): void;
  TFE_ContextRemoveFunction(context: Pointer, name: string, status: Pointer): void;
  TF_NewBuffer(): Pointer;
  TF_NewBufferFromString(content: Uint8Array, bytes: number): Pointer;
  TF_DeleteBuffer(buffer: Pointer): void;
  TF_NewGraph(): Pointer;
  TF_DeleteGraph(graph: Pointer): void;
  TF_NewImportGraphDefOptions(): Pointer;
  TF_DeleteImportGraphDefOptions(options: Pointer): void;
  TF_GraphImportGraphDef(graph: Pointer, graphDef: Pointer, options: Pointer, status: Pointer): void;
  TF_GraphOperationByName(graph: Pointer, name: string): Pointer;
  TF_GraphToFunctionWithControlOutputs(
    graph: Pointer,
    name: string,
    appendHash: number,
    operations: number, // -1: all of the graph
    operationList: null,
    inputCount: number,
    inputs: readonly TensorFlowOutput[],
    outputCount: number,
    outputs: readonly TensorFlowOutput[],
    outputNames: null,
    controlCount: number,
    controls: readonly Pointer[] | null,
    controlNames: null,
    options: null,
    description: string,
    status: Pointer,
  ): Pointer;
  TF_DeleteFunction(definition: Pointer): void;
  /** The bytes of a TF_Buffer, copied. */
  contentOf(buffer: Pointer): Uint8Array;
  /** Copies between the library's memory and a typed array, either way. */
  memcpy(to: Pointer | Uint8Array, from: Pointer | Uint8Array, bytes: number): void;
}

type Declared = Exclude<keyof CApi, 'memcpy' | 'contentOf' | 'executeAside' | 'TF_GraphToFunctionWithControlOutputs'>;
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
  TFE_OpGetAttrs: 'void* TFE_OpGetAttrs(void*)',
  TFE_OpAttrsSerialize: 'void TFE_OpAttrsSerialize(void*, void*, void*)',
  TFE_ContextAddFunction: 'void TFE_ContextAddFunction(void*, void*, void*)',
  TFE_ContextRemoveFunction: 'void TFE_ContextRemoveFunction(void*, const char*, void*)',
  TF_NewBuffer: 'void* TF_NewBuffer()',
  TF_NewBufferFromString: 'void* TF_NewBufferFromString(const void*, size_t)',
  TF_DeleteBuffer: 'void TF_DeleteBuffer(void*)',
  TF_NewGraph: 'void* TF_NewGraph()',
  TF_DeleteGraph: 'void TF_DeleteGraph(void*)',
  TF_NewImportGraphDefOptions: 'void* TF_NewImportGraphDefOptions()',
  TF_DeleteImportGraphDefOptions: 'void TF_DeleteImportGraphDefOptions(void*)',
  TF_GraphImportGraphDef: 'void TF_GraphImportGraphDef(void*, void*, void*, void*)',
  TF_GraphOperationByName: 'void* TF_GraphOperationByName(void*, const char*)',
  TF_DeleteFunction: 'void TF_DeleteFunction(void*)',
};

export const libraryFiles = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] as const; // in the order of loading

/** Loads TensorFlow's two libraries from `folder`. Throws what the system's loader says. */
export function loadCApi(folder: string): CApi {
  const koffi = loadKoffi();
  const libc = koffi.load('libc.so.6');
  const [, library] = libraryFiles.map((file) => openForever(path.join(folder, file)));
  const functions = Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)]);
  const memcpy = libc.func('void* memcpy(void*, void*, size_t)');
  const output = koffi.pointer(koffi.struct({ oper: 'void*', index: 'int' }));
  const toFunction = library.func('TF_GraphToFunctionWithControlOutputs', 'void*', [
    ...['void*', 'str', 'uint8_t', 'int', 'void*', 'int', output, 'int', output, 'void*'],
    ...['int', 'void**', 'void*', 'void*', 'str', 'void*'],
  ]);
  const buffer = koffi.struct({ data: 'const void*', length: 'size_t', release: 'void*' });
  const contentOf = (address: Pointer): Uint8Array => {
    const { data, length } = koffi.decode(address, buffer) as { data: Pointer; length: number };
    const content = new Uint8Array(Number(length));
    if (content.length > 0) memcpy(content, data, content.length);
    return content;
  };
  const execute = library.func(declarations.TFE_Execute);
  const executeAside: CApi['executeAside'] = (...given) =>
    new Promise((resolve, reject) => {
      execute.async(...given, (error: unknown) => (error ? reject(error as Error) : resolve()));
    });
  const others = { memcpy, contentOf, executeAside, TF_GraphToFunctionWithControlOutputs: toFunction };
  return { ...Object.fromEntries(functions), ...others } as unknown as CApi;
}
