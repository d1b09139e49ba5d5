import { createHash } from 'node:crypto';
import { onnx } from 'onnx-proto';

export type ElementType = 'float32' | 'float16' | 'int32' | 'int64' | 'bool';
export type Attribute = number | string | readonly number[] | { readonly float: number };
type ConstantValues = Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

interface ValueType {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
}

/** An operation under construction; numeric `attributes` are integers, others are given as `{ float }`. */
export interface Operation {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly ValueType[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string; // '' is ONNX's own
}

/** A model with what is asked of it later. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
  readonly nodes: number;
  readonly readHalves: readonly string[]; // names of nodes that read float16
}

interface Node extends Operation {
  readonly names: readonly string[]; // of the outputs
}

const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;
/** ONNX's numbers of types, which are onnxruntime's too. */
export const elementTypes: Readonly<Record<ElementType, number>> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};
const opset = 20;

/** An ONNX model under construction, whose values have known types and shapes. Equal nodes and equal constants are made once. */
export class GraphBuilder {
  private readonly nodes: Node[] = [];
  private readonly known = new Map<string, readonly string[]>(); // names by what makes them
  private readonly makers = new Map<string, Node>();
  private readonly constants = new Map<string, { readonly values: ConstantValues; readonly digest: string }>();
  private readonly inputs: string[] = [];
  private readonly types = new Map<string, ValueType>();
  private count = 0;

  /** Names begin with a letter other than `n` and `c`, which are those of nodes and constants. */
  input(name: string, type: ValueType): string {
    this.inputs.push(name);
    this.types.set(name, type);
    return name;
  }

  constant(type: ValueType, values: ConstantValues): string {
    const bytes = bytesOf(values);
    const digest = bytes.length <= 32 ? bytes.toString('hex') : createHash('sha1').update(bytes).digest('hex');
    const key = `${type.dtype}[${type.shape.join()}] ${digest}`;
    const [name] = this.once(key, () => [`c${this.count++}`]);
    if (!this.constants.has(name)) this.constants.set(name, { values: values.slice(), digest });
    this.types.set(name, type);
    return name;
  }

  /** int64 numbers of shape [n], for axes, sizes and indices. */
  integers(values: readonly number[]): string {
    return this.once(`integers ${values.join()}`, () => [
      this.constant({ dtype: 'int64', shape: [values.length] }, BigInt64Array.from(values, BigInt)),
    ])[0];
  }

  /** Adds an operation; returns the names of its outputs. */
  node(operation: Operation): readonly string[] {
    const { opType, inputs, outputs, attributes, domain = '' } = operation;
    const key = `${domain}.${opType}(${inputs.join()})${attributes ? JSON.stringify(attributes) : ''}#${outputs.length}`;
    return this.once(key, () => {
      const node = { ...operation, names: outputs.map(() => `n${this.count++}`) };
      this.nodes.push(node);
      node.names.forEach((name, at) => {
        this.makers.set(name, node);
        this.types.set(name, outputs[at]);
      });
      return node.names;
    });
  }

  makerOf(name: string): Operation | undefined {
    return this.makers.get(name);
  }

  typeOf(name: string): ValueType {
    const type = this.types.get(name);
    if (type === undefined) throw new Error(`GraphBuilder: no value is named ${name}`);
    return type;
  }

  /** The operations behind `outputs`, line by line: two graphs with the same lines compute the same. */
  describe(outputs: Readonly<Record<string, string>>): string[] {
    const { nodes, constants, inputs } = this.needed(outputs);
    const typed = (name: string) => `${name}: ${this.typeOf(name).dtype} [${this.typeOf(name).shape.join(', ')}]`;
    return [
      ...inputs.map((name) => `input ${typed(name)}`),
      ...constants.map((name) => `constant ${typed(name)} ${this.constants.get(name)!.digest}`),
      ...nodes.map(({ opType, inputs, names, attributes = {} }) => `${names.map(typed).join(', ')} = ${opType}(${inputs.join(', ')}) ${JSON.stringify(attributes)}`), // prettier-ignore
      ...Object.entries(outputs).map(([name, value]) => `output ${name} = ${value}`),
    ];
  }

  /** A model of `outputs` by their names, with the inputs that any of them needs, in the order in which they were added. */
  encode(outputs: Readonly<Record<string, string>>): Encoded {
    const { nodes, constants, inputs } = this.needed(outputs);
    const { renamed, copies } = this.namesOfOutputs(outputs);
    const nameOf = (value: string) => renamed.get(value) ?? value;
    const info = (name: string, { dtype, shape }: ValueType): onnx.IValueInfoProto => ({
      name,
      type: { tensorType: { elemType: elementTypes[dtype], shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
    });
    const model: onnx.IModelProto = {
      irVersion: 9,
      producerName: 'tass',
      opsetImport: [
        { domain: '', version: opset },
        { domain: 'com.microsoft', version: 1 },
      ],
      graph: {
        name: 'step',
        node: [
          ...nodes.map(({ opType, domain = '', inputs, names, attributes = {} }, at) => ({
            ...{ opType, domain, name: nameOfNode(opType, at), input: inputs.map(nameOf), output: names.map(nameOf) },
            attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
          })),
          ...copies.map(([name, value]) => ({ opType: 'Identity', name: `output ${name}`, input: [nameOf(value)], output: [name] })),
        ],
        initializer: constants.map((name) => {
          const { dtype, shape } = this.typeOf(name);
          return { name, dataType: elementTypes[dtype], dims: [...shape], rawData: bytesOf(this.constants.get(name)!.values) };
        }),
        input: inputs.map((name) => info(name, this.typeOf(name))),
        output: Object.entries(outputs).map(([name, value]) => info(name, this.typeOf(value))),
      },
    };
    const readsHalves = ({ inputs }: Node) => inputs.some((name) => this.typeOf(name).dtype === 'float16');
    const readHalves = nodes.flatMap((node, at) => (readsHalves(node) ? [nameOfNode(node.opType, at)] : []));
    return { bytes: onnx.ModelProto.encode(model).finish(), inputs, nodes: nodes.length, readHalves };
  }

  private once(key: string, make: () => readonly string[]): readonly string[] {
    const names = this.known.get(key) ?? make();
    this.known.set(key, names);
    return names;
  }

  private needed(outputs: Readonly<Record<string, string>>): { nodes: Node[]; constants: string[]; inputs: string[] } {
    const values = new Set(Object.values(outputs));
    const nodes: Node[] = [];
    for (const node of [...this.nodes].reverse()) {
      if (!node.names.some((name) => values.has(name))) continue;
      node.inputs.forEach((name) => values.add(name));
      nodes.push(node);
    }
    return {
      nodes: nodes.reverse(),
      constants: [...this.constants.keys()].filter((name) => values.has(name)),
      inputs: this.inputs.filter((name) => values.has(name)),
    };
  }

  /** A node's value takes the name of its output; inputs, constants and values that are an output twice are copied. */
  private namesOfOutputs(outputs: Readonly<Record<string, string>>): { renamed: Map<string, string>; copies: [string, string][] } {
    const renamed = new Map<string, string>();
    const copies: [string, string][] = [];
    for (const [name, value] of Object.entries(outputs)) {
      if (this.makers.has(value) && !renamed.has(value)) renamed.set(value, name);
      else copies.push([name, value]);
    }
    return { renamed, copies };
  }
}

const nameOfNode = (opType: string, at: number): string => `${opType} ${at}`;

function encodeAttribute(name: string, value: Attribute): onnx.IAttributeProto {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: value as number[] };
  return { name, type: AttributeType.FLOAT, f: (value as { float: number }).float };
}

function bytesOf({ buffer, byteOffset, byteLength }: ConstantValues): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
