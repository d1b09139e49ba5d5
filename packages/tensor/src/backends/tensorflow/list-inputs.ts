/**
 * Operations of tfjs-node's kernels whose first input is a list of tensors (tensorflow/core/ops/*.cc), and how many single ones follow it. Eager
 * execution takes all inputs one by one; a graph needs to know their number.
 */
export const listInputs: Readonly<Partial<Record<string, { readonly others: number }>>> = {
  AddN: { others: 0 },
  ConcatV2: { others: 1 },
  Einsum: { others: 0 },
  IdentityN: { others: 0 },
  Pack: { others: 0 },
};
