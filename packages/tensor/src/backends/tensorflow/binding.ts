import type { backend_util } from '@tensorflow/tfjs-core';
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { CApi, Pointer } from './c-api';
import { constants } from './constants';
import { Graph } from './graph';
import { type SessionOptions, sessionConfig } from './session-config';
import { Status } from './status';

/** Replaces the binding while a step is recorded: it makes tensors and runs operations. */
export interface Tracer {
  /** Makes the tensor known under `id`. */
  createTensor(id: number, dtype: number, shape: readonly number[], values: Data): void;
  /** Returns the outputs, under ids from `nextId`. */
  executeOp(name: string, attributes: readonly TFEOpAttr[], inputIds: readonly number[], outputCount: number): TensorMetadata[];
  read(id: number): void;
}

export type Data = Float32Array | Int32Array | Uint8Array | Uint16Array | BigInt64Array;
type Omitted = 'TensorMetadata' | 'TFEOpAttr' | 'loadSavedModel' | 'deleteSavedModel' | 'runSavedModel';

/**
 * What tfjs-node's kernels expect of their native addon, on TensorFlow's C API: tensors by number, and operations run one at a time.
 * Left out, because nothing here needs them: string tensors and saved models.
 */
export class Binding implements Omit<TFJSBinding, Omitted> {
  declare readonly TF_FLOAT: number;
  declare readonly TF_INT32: number;
  declare readonly TF_UINT8: number;
  declare readonly TF_STRING: number;
  declare readonly TF_COMPLEX64: number;
  declare readonly TF_INT64: number;
  declare readonly TF_BOOL: number;
  declare readonly TF_RESOURCE: number;
  declare readonly TF_ATTR_STRING: number;
  declare readonly TF_ATTR_INT: number;
  declare readonly TF_ATTR_FLOAT: number;
  declare readonly TF_ATTR_BOOL: number;
  declare readonly TF_ATTR_TYPE: number;
  declare readonly TF_ATTR_SHAPE: number;
  declare readonly TF_ATTR_RESOURCE: number;
  readonly TF_Version: string;
  private tracer: Tracer | undefined;
  private readonly traced = new Set<number>(); // ids without a tensor, made while a step was recorded
  private readonly status: Status;
  private readonly context: Pointer;
  private readonly gpu: string | undefined; // as TensorFlow names the device
  private readonly handles = new Map<number, Pointer>();
  private nextId = 0;

  /** The first binding of a process decides the options for all. */
  constructor(
    private readonly api: CApi,
    session: SessionOptions,
  ) {
    Object.assign(this, constants);
    this.TF_Version = api.TF_Version();
    this.status = new Status(api);
    const options = api.TFE_NewContextOptions();
    const config = sessionConfig(session);
    api.TFE_ContextOptionsSetConfig(options, config, config.length, this.status.pointer);
    this.status.check('context options');
    this.context = api.TFE_NewContext(options, this.status.pointer);
    api.TFE_DeleteContextOptions(options);
    this.status.check('context');
    this.gpu = this.findGpu();
  }

  createTensor(shape: number[], dtype: number, values: backend_util.BackendValues | Uint16Array | number[]): number {
    const data = typedData(dtype, values);
    if (this.tracer) {
      const id = this.nextTracedId();
      this.tracer.createTensor(id, dtype, shape, data);
      return id;
    }
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const tensor = this.api.TF_AllocateTensor(dtype, BigInt64Array.from(shape, BigInt), shape.length, bytes.length);
    if (bytes.length > 0) this.api.memcpy(this.api.TF_TensorData(tensor), bytes, bytes.length);
    const handle = this.api.TFE_NewTensorHandle(tensor, this.status.pointer);
    this.api.TF_DeleteTensor(tensor);
    this.status.check('new tensor');
    return this.put(this.onDevice(handle, dtype));
  }

  deleteTensor(id: number): void {
    if (this.traced.delete(id)) return;
    this.api.TFE_DeleteTensorHandle(this.handleOf(id));
    this.handles.delete(id);
  }

  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array {
    this.tracer?.read(id);
    const handle = this.handleOf(id);
    const tensor = this.api.TFE_TensorHandleResolve(handle, this.status.pointer);
    this.status.check('read tensor');
    const bytes = new Uint8Array(this.api.TF_TensorByteSize(tensor));
    if (bytes.length > 0) this.api.memcpy(bytes, this.api.TF_TensorData(tensor), bytes.length);
    this.api.TF_DeleteTensor(tensor);
    switch (this.api.TFE_TensorHandleDataType(handle)) {
      case constants.TF_FLOAT:
      case constants.TF_COMPLEX64:
        return new Float32Array(bytes.buffer);
      case constants.TF_INT32:
        return new Int32Array(bytes.buffer);
      case constants.TF_INT64:
        return Int32Array.from(new BigInt64Array(bytes.buffer), Number);
      default:
        return bytes;
    }
  }

  executeOp(name: string, attributes: TFEOpAttr[], inputIds: number[], outputCount: number): TensorMetadata[] {
    if (this.tracer) return this.tracer.executeOp(name, attributes, inputIds, outputCount);
    const op = this.newOp(name, attributes, inputIds);
    try {
      const outputs = new Array<Pointer | null>(outputCount).fill(null);
      this.api.TFE_Execute(op, outputs, [outputCount], this.status.pointer);
      this.status.check(name);
      return outputs.map((handle) => this.metadataOf(handle as Pointer));
    } finally {
      this.api.TFE_DeleteOp(op);
    }
  }

  /** As executeOp, for an operation without attributes, on a thread of its own: JavaScript continues. Inputs may be deleted at once. */
  async executeAsync(name: string, inputIds: number[], outputCount: number): Promise<TensorMetadata[]> {
    const op = this.newOp(name, [], inputIds);
    const status = new Status(this.api);
    try {
      const outputs = new Array<Pointer | null>(outputCount).fill(null);
      await this.api.executeAsync(op, outputs, [outputCount], status.pointer);
      status.check(name);
      return outputs.map((handle) => this.metadataOf(handle as Pointer));
    } finally {
      status.dispose();
      this.api.TFE_DeleteOp(op);
    }
  }

  getNumOfTensors(): number {
    return this.handles.size;
  }

  getNumOfSavedModels(): number {
    return 0;
  }

  isUsingGpuDevice(): boolean {
    return this.gpu !== undefined;
  }

  /** Runs `work` with `tracer` instead of the binding. */
  tracing<Result>(tracer: Tracer, work: () => Result): Result {
    this.tracer = tracer;
    try {
      return work();
    } finally {
      this.tracer = undefined;
    }
  }

  /** Runs `work` with the binding itself, in the middle of tracing. */
  untraced<Result>(work: () => Result): Result {
    const { tracer } = this;
    this.tracer = undefined;
    try {
      return work();
    } finally {
      this.tracer = tracer;
    }
  }

  nextTracedId(): number {
    this.traced.add(this.nextId);
    return this.nextId++;
  }

  /** Of an existing tensor; a resource has no shape. */
  describe(id: number): { shape: number[]; dtype: number } {
    const handle = this.handleOf(id);
    const dtype = this.api.TFE_TensorHandleDataType(handle);
    return { shape: dtype === constants.TF_RESOURCE ? [] : this.shapeOf(handle), dtype };
  }

  newGraph(): Graph {
    return new Graph(this.api);
  }

  /** Makes a function of a graph an operation that `executeOp` runs under its name, without attributes. The definition is used up. */
  addFunction(definition: Pointer): void {
    this.api.TFE_ContextAddFunction(this.context, definition, this.status.pointer);
    this.api.TF_DeleteFunction(definition);
    this.status.check('function');
  }

  removeFunction(name: string): void {
    this.api.TFE_ContextRemoveFunction(this.context, name, this.status.pointer);
    this.status.check(name);
  }

  private newOp(name: string, attributes: TFEOpAttr[], inputIds: readonly number[]): Pointer {
    const op = this.api.TFE_NewOp(this.context, name, this.status.pointer) as Pointer;
    this.status.check(name);
    try {
      for (const id of inputIds) this.api.TFE_OpAddInput(op, this.handleOf(id), this.status.pointer);
      for (const attribute of attributes) this.setAttribute(op, name, attribute);
      return op;
    } catch (error) {
      this.api.TFE_DeleteOp(op);
      throw error;
    }
  }

  private setAttribute(op: Pointer, opName: string, { name, type, value }: TFEOpAttr): void {
    switch (type) {
      case constants.TF_ATTR_TYPE:
        return this.api.TFE_OpSetAttrType(op, name, value as number);
      case constants.TF_ATTR_BOOL:
        return this.api.TFE_OpSetAttrBool(op, name, value ? 1 : 0);
      case constants.TF_ATTR_INT:
        if (!Array.isArray(value)) return this.api.TFE_OpSetAttrInt(op, name, value as number);
        return this.api.TFE_OpSetAttrIntList(op, name, BigInt64Array.from(value, BigInt), value.length);
      case constants.TF_ATTR_FLOAT:
        return this.api.TFE_OpSetAttrFloat(op, name, value as number);
      case constants.TF_ATTR_STRING:
        return this.api.TFE_OpSetAttrString(op, name, String(value), Buffer.byteLength(String(value)));
      case constants.TF_ATTR_SHAPE: {
        const shape = value as number[];
        this.api.TFE_OpSetAttrShape(op, name, BigInt64Array.from(shape, BigInt), shape.length, this.status.pointer);
        return this.status.check(opName);
      }
      default:
        throw new TypeError(`TensorFlow ${opName}: attribute ${name} is of kind ${type}, which this binding does not set`);
    }
  }

  private metadataOf(handle: Pointer): TensorMetadata {
    const shape = this.shapeOf(handle);
    return { id: this.put(handle), shape, dtype: this.api.TFE_TensorHandleDataType(handle) };
  }

  private shapeOf(handle: Pointer): number[] {
    const shape = new Array<number>(this.api.TFE_TensorHandleNumDims(handle, this.status.pointer));
    for (let axis = 0; axis < shape.length; axis++) shape[axis] = Number(this.api.TFE_TensorHandleDim(handle, axis, this.status.pointer));
    return shape;
  }

  private findGpu(): string | undefined {
    const { api } = this;
    const status = this.status.pointer;
    const devices = api.TFE_ContextListDevices(this.context, status);
    this.status.check('list of devices');
    const at = Array.from({ length: api.TF_DeviceListCount(devices) }, (_, i) => i);
    const first = at.find((i) => api.TF_DeviceListType(devices, i, status) === 'GPU');
    const name = first === undefined ? undefined : api.TF_DeviceListName(devices, first, status);
    api.TF_DeleteDeviceList(devices);
    this.status.check('list of devices');
    return name;
  }

  /** The tensor where the operations run. Most kernels for GPUs take int32 from the host's memory, so it stays there. */
  private onDevice(handle: Pointer, dtype: number): Pointer {
    if (this.gpu === undefined || dtype === constants.TF_INT32) return handle;
    const copy = this.api.TFE_TensorHandleCopyToDevice(handle, this.context, this.gpu, this.status.pointer);
    this.api.TFE_DeleteTensorHandle(handle);
    this.status.check('copy to the GPU');
    return copy;
  }

  private put(handle: Pointer): number {
    this.handles.set(this.nextId, handle);
    return this.nextId++;
  }

  private handleOf(id: number): Pointer {
    const handle = this.handles.get(id);
    if (handle === undefined)
      throw new Error(`TensorFlow: tensor ${id} is disposed, was never made, or was made in a step that was only recorded`);
    return handle;
  }
}

/** Values as the bytes that TensorFlow keeps for `dtype`. */
function typedData(dtype: number, values: backend_util.BackendValues | Uint16Array | number[]): Data {
  if (dtype === constants.TF_STRING) throw new TypeError('TensorFlow: string tensors are not supported by this binding');
  if (dtype === constants.TF_INT64) return BigInt64Array.from(values as number[], BigInt);
  if (ArrayBuffer.isView(values)) return values as Data;
  if (dtype === constants.TF_INT32) return Int32Array.from(values as number[]);
  return dtype === constants.TF_BOOL ? Uint8Array.from(values as number[]) : Float32Array.from(values as number[]);
}
