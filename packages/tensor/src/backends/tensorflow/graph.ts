import type { TFEOpAttr } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { CApi, GraphOutput, Pointer } from './c-api';
import { constants } from './constants';
import { listInputs } from './list-inputs';
import { Status } from './status';

/** Operations that are assembled but not run: TensorFlow's TF_Graph, which knows the shape of each output. To be disposed. */
export class Graph {
  private readonly graph: Pointer;
  private readonly status: Status;
  private count = 0;
  private last: Pointer | undefined;

  constructor(private readonly api: CApi) {
    this.graph = api.TF_NewGraph();
    this.status = new Status(api);
  }

  /** A value that is given when the graph runs; a resource has no shape. */
  placeholder(dtype: number, shape: readonly number[]): GraphOutput {
    const ofShape = { name: 'shape', type: constants.TF_ATTR_SHAPE, value: [...shape] };
    const attributes = dtype === constants.TF_RESOURCE ? [] : [ofShape];
    return this.operation('Placeholder', [{ name: 'dtype', type: constants.TF_ATTR_TYPE, value: dtype }, ...attributes], [], [], 1)[0];
  }

  constant(dtype: number, shape: readonly number[], values: Uint8Array): GraphOutput {
    const { api } = this;
    const tensor = api.TF_AllocateTensor(dtype, dimensions(shape), shape.length, values.length);
    if (values.length > 0) api.memcpy(api.TF_TensorData(tensor), values, values.length);
    const description = this.describe('Const');
    api.TF_SetAttrTensor(description, 'value', tensor, this.status.pointer);
    api.TF_SetAttrType(description, 'dtype', dtype);
    api.TF_DeleteTensor(tensor);
    return { oper: this.finish('Const', description), index: 0 };
  }

  /** `after`: operations that have to have run before this one. */
  operation(
    kind: string,
    attributes: readonly TFEOpAttr[],
    inputs: readonly GraphOutput[],
    after: readonly Pointer[],
    outputs: number,
  ): GraphOutput[] {
    const { api } = this;
    const description = this.describe(kind);
    const list = listInputs[kind];
    const listed = list === undefined ? 0 : inputs.length - list.others;
    if (listed > 0) api.TF_AddInputList(description, inputs.slice(0, listed), listed);
    for (const input of inputs.slice(listed)) api.TF_AddInput(description, input);
    for (const operation of after) api.TF_AddControlInput(description, operation);
    for (const attribute of attributes) this.setAttribute(description, kind, attribute);
    const oper = this.finish(kind, description);
    return Array.from({ length: outputs }, (_, index) => ({ oper, index }));
  }

  /** The operation added last; one without outputs cannot be found otherwise. */
  get lastOperation(): Pointer {
    return this.last!;
  }

  dtypeOf(output: GraphOutput): number {
    return this.api.TF_OperationOutputType(output);
  }

  /** Undefined where it depends on values. */
  shapeOf(output: GraphOutput): number[] | undefined {
    const rank = this.api.TF_GraphGetTensorNumDims(this.graph, output, this.status.pointer);
    this.status.check('rank');
    if (rank < 0) return undefined;
    const sizes = new BigInt64Array(rank);
    this.api.TF_GraphGetTensorShape(this.graph, output, sizes, rank, this.status.pointer);
    this.status.check('shape');
    const shape = Array.from(sizes, Number);
    return shape.some((size) => size < 0) ? undefined : shape;
  }

  setShape(output: GraphOutput, shape: readonly number[]): void {
    this.api.TF_GraphSetTensorShape(this.graph, output, dimensions(shape), shape.length, this.status.pointer);
    this.status.check('shape');
  }

  /** The graph as a function, the caller's to delete. `effects`: operations that run though no output needs them. */
  toFunction(name: string, inputs: readonly GraphOutput[], outputs: readonly GraphOutput[], effects: readonly Pointer[]): Pointer {
    const made = this.api.TF_GraphToFunctionWithControlOutputs(
      ...([this.graph, name, 0, -1, null, inputs.length, inputs, outputs.length, outputs, null] as const),
      ...([effects.length, effects.length > 0 ? effects : null, null, null, name, this.status.pointer] as const),
    );
    this.status.check(name);
    return made;
  }

  dispose(): void {
    this.api.TF_DeleteGraph(this.graph);
    this.status.dispose();
  }

  private describe(kind: string): Pointer {
    return this.api.TF_NewOperation(this.graph, kind, `n${this.count++}`);
  }

  private finish(kind: string, description: Pointer): Pointer {
    const operation = this.api.TF_FinishOperation(description, this.status.pointer);
    this.status.check(kind);
    this.last = operation;
    return operation;
  }

  private setAttribute(description: Pointer, kind: string, { name, type, value }: TFEOpAttr): void {
    const { api } = this;
    switch (type) {
      case constants.TF_ATTR_TYPE:
        return api.TF_SetAttrType(description, name, value as number);
      case constants.TF_ATTR_BOOL:
        return api.TF_SetAttrBool(description, name, value ? 1 : 0);
      case constants.TF_ATTR_INT:
        if (!Array.isArray(value)) return api.TF_SetAttrInt(description, name, value as number);
        return api.TF_SetAttrIntList(description, name, dimensions(value as number[]), value.length);
      case constants.TF_ATTR_FLOAT:
        return api.TF_SetAttrFloat(description, name, value as number);
      case constants.TF_ATTR_STRING:
        return api.TF_SetAttrString(description, name, String(value), Buffer.byteLength(String(value)));
      case constants.TF_ATTR_SHAPE: {
        const shape = value as number[];
        return api.TF_SetAttrShape(description, name, dimensions(shape), shape.length);
      }
      default:
        throw new TypeError(`TensorFlow ${kind}: attribute ${name} is of kind ${type}, which a graph does not set`);
    }
  }
}

function dimensions(shape: readonly number[]): BigInt64Array {
  return BigInt64Array.from(shape, BigInt);
}
