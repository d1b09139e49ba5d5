import type { backend_util } from '@tensorflow/tfjs-core';
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { CApi, Pointer, TensorFlowOutput } from './c-api';
import { constants } from './constants';
import type { Source } from './graph-def';
import { lengthDelimitedFields } from './protobuf';
import { type SessionOptions, sessionConfig } from './session-config';

/** Is told what the binding does, so that it can be recorded. It may call the binding itself, of which it is not told. */
export interface BindingObserver {
  created(id: number, dtype: number, shape: readonly number[], values: Data): void;
  reading(id: number): void;
  executing(operation: string, inputIds: readonly number[]): void;
  /** `attributes`: entries of NodeDef's map, TensorFlow's defaults and what it derived from the inputs among them. */
  executed(operation: string, inputIds: readonly number[], outputs: readonly TensorMetadata[], attributes: readonly Buffer[]): void;
}

/** A function of tensors: a graph and which of its values are given and made. */
export interface GraphFunction {
  readonly graphDef: Uint8Array;
  readonly inputs: readonly string[]; // names of placeholders
  readonly outputs: readonly Source[];
  readonly effects: readonly string[]; // nodes that run though no output needs them
}

export type Data = Float32Array | Int32Array | Uint8Array | BigInt64Array;
type Omitted = 'TensorMetadata' | 'TFEOpAttr' | 'loadSavedModel' | 'deleteSavedModel' | 'runSavedModel';

/**
 * What tfjs-node's kernels expect of their native addon, on TensorFlow's C API: tensors by number, and operations run one at a time.
 * Left out, as nothing here needs them: string tensors and saved models.
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
  private observer: BindingObserver | undefined;
  private readonly status: Pointer;
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
    this.status = api.TF_NewStatus();
    const options = api.TFE_NewContextOptions();
    const config = sessionConfig(session);
    api.TFE_ContextOptionsSetConfig(options, config, config.length, this.status);
    this.check('context options');
    this.context = api.TFE_NewContext(options, this.status);
    api.TFE_DeleteContextOptions(options);
    this.check('context');
    this.gpu = this.findGpu();
  }

  createTensor(shape: number[], dtype: number, values: backend_util.BackendValues | number[]): number {
    const data = typedData(dtype, values);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const tensor = this.api.TF_AllocateTensor(dtype, BigInt64Array.from(shape, BigInt), shape.length, bytes.length);
    if (bytes.length > 0) this.api.memcpy(this.api.TF_TensorData(tensor), bytes, bytes.length);
    const handle = this.api.TFE_NewTensorHandle(tensor, this.status);
    this.api.TF_DeleteTensor(tensor);
    this.check('new tensor');
    const id = this.put(this.onDevice(handle, dtype));
    this.tell((observer) => observer.created(id, dtype, shape, data));
    return id;
  }

  deleteTensor(id: number): void {
    this.api.TFE_DeleteTensorHandle(this.handleOf(id));
    this.handles.delete(id);
  }

  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array {
    const handle = this.handleOf(id);
    this.tell((observer) => observer.reading(id));
    const tensor = this.api.TFE_TensorHandleResolve(handle, this.status);
    this.check('read tensor');
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
    this.tell((observer) => observer.executing(name, inputIds));
    const op = this.newOp(name, attributes, inputIds);
    try {
      const outputs = new Array<Pointer | null>(outputCount).fill(null);
      this.api.TFE_Execute(op, outputs, [outputCount], this.status);
      this.check(name);
      const made = outputs.map((handle) => this.metadataOf(handle as Pointer));
      this.tell((observer) => observer.executed(name, inputIds, made, this.attributesOf(op)));
      return made;
    } finally {
      this.api.TFE_DeleteOp(op);
    }
  }

  /** As executeOp, on a thread of its own: JavaScript goes on meanwhile. Inputs may be deleted at once. An observer is not told. */
  async executeAside(name: string, attributes: TFEOpAttr[], inputIds: number[], outputCount: number): Promise<TensorMetadata[]> {
    const op = this.newOp(name, attributes, inputIds);
    const status = this.api.TF_NewStatus();
    try {
      const outputs = new Array<Pointer | null>(outputCount).fill(null);
      await this.api.executeAside(op, outputs, [outputCount], status);
      this.check(name, status);
      return outputs.map((handle) => this.metadataOf(handle as Pointer));
    } finally {
      this.api.TF_DeleteStatus(status);
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

  /** Runs `work` and tells `observer` of everything that is done in it. */
  observed<Result>(observer: BindingObserver, work: () => Result): Result {
    const before = this.observer;
    this.observer = observer;
    try {
      return work();
    } finally {
      this.observer = before;
    }
  }

  describe(id: number): { shape: number[]; dtype: number } {
    const handle = this.handleOf(id);
    const dtype = this.api.TFE_TensorHandleDataType(handle);
    return { shape: dtype === constants.TF_RESOURCE ? [] : this.shapeOf(handle), dtype };
  }

  /** Makes `name` an operation that `executeOp` runs, without attributes, its inputs and outputs in their order. */
  defineFunction(name: string, { graphDef, inputs, outputs, effects }: GraphFunction): void {
    const { api, status } = this;
    const graph = api.TF_NewGraph();
    const options = api.TF_NewImportGraphDefOptions();
    const content = api.TF_NewBufferFromString(graphDef, graphDef.length);
    try {
      api.TF_GraphImportGraphDef(graph, content, options, status);
      this.check(name);
      const output = (source: Source): TensorFlowOutput => {
        const [node, index = '0'] = source.split(':');
        return { oper: api.TF_GraphOperationByName(graph, node), index: Number(index) };
      };
      const given = inputs.map(output);
      const made = outputs.map(output);
      const controls = effects.map((node) => api.TF_GraphOperationByName(graph, node));
      const definition = api.TF_GraphToFunctionWithControlOutputs(
        ...([graph, name, 0, -1, null, given.length, given, made.length, made, null] as const),
        ...([controls.length, controls.length > 0 ? controls : null, null, null, name, status] as const),
      );
      this.check(name);
      api.TFE_ContextAddFunction(this.context, definition, status);
      api.TF_DeleteFunction(definition);
      this.check(name);
    } finally {
      api.TF_DeleteBuffer(content);
      api.TF_DeleteImportGraphDefOptions(options);
      api.TF_DeleteGraph(graph);
    }
  }

  removeFunction(name: string): void {
    this.api.TFE_ContextRemoveFunction(this.context, name, this.status);
    this.check(name);
  }

  private newOp(name: string, attributes: TFEOpAttr[], inputIds: readonly number[]): Pointer {
    const op = this.api.TFE_NewOp(this.context, name, this.status) as Pointer;
    this.check(name);
    try {
      for (const id of inputIds) this.api.TFE_OpAddInput(op, this.handleOf(id), this.status);
      for (const attribute of attributes) this.setAttribute(op, name, attribute);
      return op;
    } catch (error) {
      this.api.TFE_DeleteOp(op);
      throw error;
    }
  }

  private tell(what: (observer: BindingObserver) => void): void {
    const { observer } = this;
    if (observer === undefined) return;
    this.observer = undefined;
    try {
      what(observer);
    } finally {
      this.observer = observer;
    }
  }

  private attributesOf(op: Pointer): Buffer[] {
    const buffer = this.api.TF_NewBuffer();
    this.api.TFE_OpAttrsSerialize(this.api.TFE_OpGetAttrs(op), buffer, this.status);
    this.check('attributes');
    const nameAndAttributes = this.api.contentOf(buffer);
    this.api.TF_DeleteBuffer(buffer);
    const entries = lengthDelimitedFields(nameAndAttributes).filter(([field]) => field === 2); // NameAttrList
    return entries.map(([, entry]) => entry).sort(Buffer.compare); // a map's order is not fixed
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
        this.api.TFE_OpSetAttrShape(op, name, BigInt64Array.from(shape, BigInt), shape.length, this.status);
        return this.check(opName);
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
    const shape = new Array<number>(this.api.TFE_TensorHandleNumDims(handle, this.status));
    for (let axis = 0; axis < shape.length; axis++) shape[axis] = Number(this.api.TFE_TensorHandleDim(handle, axis, this.status));
    return shape;
  }

  private findGpu(): string | undefined {
    const { api, status } = this;
    const devices = api.TFE_ContextListDevices(this.context, status);
    this.check('list of devices');
    const at = Array.from({ length: api.TF_DeviceListCount(devices) }, (_, i) => i);
    const first = at.find((i) => api.TF_DeviceListType(devices, i, status) === 'GPU');
    const name = first === undefined ? undefined : api.TF_DeviceListName(devices, first, status);
    api.TF_DeleteDeviceList(devices);
    this.check('list of devices');
    return name;
  }

  /** The tensor where the operations run. Most kernels for GPUs take int32 from the host's memory, so it stays there. */
  private onDevice(handle: Pointer, dtype: number): Pointer {
    if (this.gpu === undefined || dtype === constants.TF_INT32) return handle;
    const copy = this.api.TFE_TensorHandleCopyToDevice(handle, this.context, this.gpu, this.status);
    this.api.TFE_DeleteTensorHandle(handle);
    this.check('copy to the GPU');
    return copy;
  }

  private put(handle: Pointer): number {
    this.handles.set(this.nextId, handle);
    return this.nextId++;
  }

  private handleOf(id: number): Pointer {
    const handle = this.handles.get(id);
    if (handle === undefined) throw new Error(`TensorFlow: tensor ${id} is disposed or was never made`);
    return handle;
  }

  /** Throws TensorFlow's own message: its first line, without the name of the wrapper function that eager execution puts before it. */
  private check(speaker: string, status = this.status): void {
    if (this.api.TF_GetCode(status) === 0) return;
    const message = this.api
      .TF_Message(status)
      .replace(/^\{\{.*?\}\} /, '')
      .split('\n')[0];
    this.api.TF_SetStatus(status, 0, '');
    throw new Error(`TensorFlow ${speaker}: ${message}`);
  }
}

/** Values as the bytes that TensorFlow keeps for `dtype`. */
function typedData(dtype: number, values: backend_util.BackendValues | number[]): Data {
  if (dtype === constants.TF_STRING) throw new TypeError('TensorFlow: string tensors are not supported by this binding');
  if (dtype === constants.TF_INT64) return BigInt64Array.from(values as number[], BigInt);
  if (ArrayBuffer.isView(values)) return values as Data;
  if (dtype === constants.TF_INT32) return Int32Array.from(values as number[]);
  return dtype === constants.TF_BOOL ? Uint8Array.from(values as number[]) : Float32Array.from(values as number[]);
}
