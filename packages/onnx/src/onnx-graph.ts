import { onnx } from 'onnx-proto';

export type OnnxNode = onnx.INodeProto;

/**
 * An ONNX model in memory whose graph can be walked and added to. Nodes are only added, so the model still computes
 * what it did before, and its bytes are unchanged: weights are neither copied nor encoded again.
 *
 * `file` names the model in errors. Throws if the bytes are not an ONNX model or its graph has no nodes.
 */
export class OnnxGraph {
  private readonly graph: onnx.IGraphProto;
  private readonly producers = new Map<string, OnnxNode>();
  private readonly initializers: ReadonlyMap<string, onnx.ITensorProto>;
  private readonly constants = new Map<string, boolean>();
  private readonly added: { readonly node: OnnxNode[]; readonly output: onnx.IValueInfoProto[] } = { node: [], output: [] };

  constructor(
    private readonly bytes: Uint8Array,
    readonly file: string,
  ) {
    const model = decode(bytes, file);
    if (!model.graph?.node?.length) throw new Error(`${file}: holds no graph. Expected an ONNX model; fetch or export the file again`);
    this.graph = model.graph;
    this.initializers = new Map((this.graph.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]));
    for (const node of this.nodes) this.register(node);
  }

  get nodes(): readonly OnnxNode[] {
    return this.graph.node ?? [];
  }

  get inputs(): readonly string[] {
    return (this.graph.input ?? []).map(({ name }) => name ?? '').filter((name) => !this.initializers.has(name));
  }

  get outputs(): readonly string[] {
    return (this.graph.output ?? []).map(({ name }) => name ?? '');
  }

  producer(tensor: string): OnnxNode | undefined {
    return this.producers.get(tensor);
  }

  consumers(tensor: string): OnnxNode[] {
    return this.nodes.filter((node) => node.input?.includes(tensor));
  }

  /** Whether `tensor` has the same value for all inputs of the model. */
  isConstant(tensor: string): boolean {
    if (tensor === '' || this.initializers.has(tensor)) return true;
    const known = this.constants.get(tensor);
    if (known !== undefined) return known;
    const node = this.producers.get(tensor);
    const constant = node !== undefined && (node.input ?? []).every((input) => this.isConstant(input));
    this.constants.set(tensor, constant);
    return constant;
  }

  /** The value of a constant int64 tensor of one element, undefined for any other tensor. */
  constantInteger(tensor: string): number | undefined {
    const node = this.producers.get(tensor);
    if (node?.opType === 'Identity') return this.constantInteger(node.input?.[0] ?? '');
    const value = this.initializers.get(tensor) ?? (node?.opType === 'Constant' ? node.attribute?.[0]?.t : undefined);
    if (!value || value.dataType !== onnx.TensorProto.DataType.INT64) return undefined;
    if (value.rawData?.length === 8) return Number(Buffer.from(value.rawData).readBigInt64LE());
    return value.int64Data?.length === 1 ? Number(String(value.int64Data[0])) : undefined;
  }

  /** Everything that `tensor` is computed from, in the graph's order (a node follows those it reads). */
  ancestors(tensor: string): OnnxNode[] {
    const found = new Set<OnnxNode>();
    const waiting = [tensor];
    while (waiting.length > 0) {
      const node = this.producers.get(waiting.pop() as string);
      if (!node || found.has(node)) continue;
      found.add(node);
      waiting.push(...(node.input ?? []));
    }
    return this.nodes.filter((node) => found.has(node));
  }

  /** Whether `tensor` is computed from the tensor `source`. */
  dependsOn(tensor: string, source: string): boolean {
    return tensor === source || this.ancestors(tensor).some((node) => node.input?.includes(source));
  }

  /** The nodes by which `from` reaches `to`, in the graph's order. */
  between(from: string, to: string): OnnxNode[] {
    const reached = new Set([from]);
    return this.ancestors(to).filter((node) => {
      const reads = node.input?.some((input) => reached.has(input)) ?? false;
      if (reads) node.output?.forEach((output) => reached.add(output));
      return reads;
    });
  }

  add(node: OnnxNode): void {
    this.graph.node?.push(node);
    this.added.node.push(node);
    this.register(node);
  }

  /** Makes `tensor` a further output of the model, of the element type of its output `like`. */
  addOutput(tensor: string, like: string): void {
    const elemType = this.graph.output?.find(({ name }) => name === like)?.type?.tensorType?.elemType;
    this.added.output.push({ name: tensor, type: { tensorType: { elemType } } });
  }

  /** The model's own bytes, then what was added: a reader of protocol buffers joins the two graphs into one. */
  encode(): Uint8Array {
    return Buffer.concat([this.bytes, onnx.ModelProto.encode({ graph: this.added }).finish()]);
  }

  private register(node: OnnxNode): void {
    for (const output of node.output ?? []) this.producers.set(output, node);
  }
}

/** `"name" (operation)`, as errors name a node. */
export function describeNode(node: OnnxNode | undefined): string {
  return node ? `node "${node.name || node.output?.[0]}" (${node.opType})` : 'no node';
}

/** A number attribute of a node; `otherwise` if the node leaves it to the operation's default. */
export function numberAttribute(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attribute?.find((candidate) => candidate.name === name);
  if (!attribute) return otherwise;
  return attribute.type === onnx.AttributeProto.AttributeType.FLOAT ? (attribute.f ?? otherwise) : Number(String(attribute.i));
}

/** A list attribute of integers; undefined if the node has none. */
export function numbersAttribute(node: OnnxNode, name: string): number[] | undefined {
  return node.attribute?.find((candidate) => candidate.name === name)?.ints?.map((value) => Number(String(value)));
}

function decode(bytes: Uint8Array, file: string): onnx.ModelProto {
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw new Error(`${file}: cannot be read as an ONNX model (${(cause as Error).message}). Fetch or export the file again`, { cause });
  }
}
