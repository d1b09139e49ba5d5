import { basename } from 'node:path';
import { onnx } from 'onnx-proto';
import { readGraph } from '@tass/onnx';

/**
 * The files beside an ONNX model in which weights of it lie, by their names in its folder. `name` names the model in errors.
 * Throws when the file is no ONNX model or places weights outside its own folder.
 */
export function externalFiles(path: string, name: string): string[] {
  const locations = new Set<string>();
  for (const tensor of tensorsOf(decode(path, name).graph)) {
    if (tensor.dataLocation !== onnx.TensorProto.DataLocation.EXTERNAL) continue;
    const location = tensor.externalData?.find(({ key }) => key === 'location')?.value;
    if (location === basename(path)) continue; // `readGraph` left it in the model's own file
    if (!location || !/^[\w-][\w.-]*(?<!\.onnx)$/.test(location))
      throw new Error(
        `${name}: its weights lie in ${JSON.stringify(location)}, expected a file next to it. Choose another export of the model`,
      );
    locations.add(location);
  }
  return [...locations];
}

function decode(path: string, name: string): onnx.ModelProto {
  try {
    return onnx.ModelProto.decode(readGraph(path));
  } catch (cause) {
    throw new Error(`${name}: what came is no ONNX model (${(cause as Error).message}). Choose another export of the model`, { cause });
  }
}

/** Initializers and the tensors that nodes hold, of subgraphs too. */
function* tensorsOf(graph: onnx.IGraphProto | null | undefined): Generator<onnx.ITensorProto> {
  yield* graph?.initializer ?? [];
  for (const { t, tensors, g, graphs } of graph?.node?.flatMap(({ attribute }) => attribute ?? []) ?? []) {
    if (t) yield t;
    yield* tensors ?? [];
    for (const subgraph of [...(g ? [g] : []), ...(graphs ?? [])]) yield* tensorsOf(subgraph);
  }
}
