import type { Tensor } from '@tensorflow/tfjs';
import type { Random } from './random';

/**
 * A part of the network: parameters are made once by `initialize` and given to a pure `forward`, which depends on nothing else and leaves no
 * tensors except its outputs. `Parameters` is a tree whose leaves are tensors; a leaf's path (`tsgPlus.merge.weight`) is its name in
 * checkpoints, optimizer and tracker.
 */
export interface Module<Config, Parameters, Inputs, Outputs> {
  initialize(config: Config, random: Random): Parameters;
  forward(parameters: Parameters, inputs: Inputs, config: Config): Outputs;
}

/** The tensors of a tree by path, in the order of the tree. */
export function namedParameters(tree: object): Map<string, Tensor> {
  const named = new Map<string, Tensor>();
  const visit = (node: unknown, path: string): void => {
    if (node === undefined) return;
    if (isTensor(node)) {
      named.set(path, node);
      return;
    }
    for (const [key, child] of Object.entries(node as object)) visit(child, path === '' ? key : `${path}.${key}`);
  };
  visit(tree, '');
  return named;
}

/** The same tree with each tensor replaced by the one that `named` holds under its path. Throws when a path is missing. */
export function withParameters<Tree extends object>(tree: Tree, named: ReadonlyMap<string, Tensor>): Tree {
  const visit = (node: unknown, path: string): unknown => {
    if (node === undefined) return undefined;
    if (isTensor(node)) {
      const replacement = named.get(path);
      if (replacement === undefined) throw new Error(`withParameters: no tensor is named ${path}. Known: ${[...named.keys()].join(', ')}`);
      return replacement;
    }
    return Object.fromEntries(
      Object.entries(node as object).map(([key, child]) => [key, visit(child, path === '' ? key : `${path}.${key}`)]),
    );
  };
  return visit(tree, '') as Tree;
}

function isTensor(node: unknown): node is Tensor {
  return typeof (node as Tensor).dataSync === 'function' && Array.isArray((node as Tensor).shape);
}
