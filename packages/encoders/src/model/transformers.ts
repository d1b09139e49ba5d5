/** transformers.js, loaded when it is first needed and kept from fetching anything: a model is a folder on this machine. */
export async function loadTransformers(): Promise<typeof import('@huggingface/transformers')> {
  const transformers = await import('@huggingface/transformers');
  transformers.env.allowRemoteModels = false;
  return transformers;
}
