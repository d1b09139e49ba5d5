// Stores of random features in real shapes, for measurements that need no real ones.
const { linkSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** Files of CLIP and VGGish that tell sizes and give a digest; there are no networks in them. `side`: of an image, in pixels. */
exports.writeModels = (folder, { clip, joint, side, patch }) => {
  const write = (file, content) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(content));
  };
  write(`${clip}/config.json`, { model_type: 'clip', projection_dim: joint, vision_config: { image_size: side, patch_size: patch } });
  for (const file of [
    'onnx/vision_model.onnx',
    'onnx/text_model.onnx',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ])
    write(`${clip}/${file}`, {});
  write('vggish/config.json', { model_type: 'vggish', hidden_size: 128 });
  write('vggish/preprocessor_config.json', { sampling_rate: 16000 });
  write('vggish/onnx/model.onnx', {});
};

/** Fills a store with records of one key kind, `records` a shard; what is there is kept. */
exports.fill = (store, description, kind, keys, records) => {
  const { openForWriting, planShards, valuesPerRecord, writeShard } = require('@tass/feature-store');
  const fields = Object.entries(description.fields).filter(([, { key }]) => key === kind);
  if (fields.length === 0) return;
  openForWriting(store, description);
  for (const plan of planShards(store, kind, keys, records)) {
    const values = fields.map(([name, field]) => [name, randomValues(valuesPerRecord(field) * plan.keys.length, plan.index)]);
    writeShard(store, description, plan, { values: Object.fromEntries(values) });
    if (plan.index % 32 === 0) console.error(`${store}: ${kind} shard ${plan.index}`);
  }
};

/** As `fill`, with the same records in every shard: their files are links to those of the first, so that the store takes no more room than that. */
exports.fillByLinks = (store, description, kind, keys, records) => {
  const { planShards, readShards, shardEntryPath } = require('@tass/feature-store');
  const { sealedJson } = require('@tass/files');
  if (!Object.values(description.fields).some(({ key }) => key === kind)) return;
  exports.fill(store, description, kind, keys.slice(0, records), records);
  const first = readShards(store).find(({ shard }) => shard.key === kind).shard;
  const whole = keys.slice(0, keys.length - (keys.length % records));
  for (const plan of planShards(store, kind, whole, records)) {
    for (const field of Object.keys(first.sha256)) {
      const [from, to] = [first.index, plan.index].map((index) => join(store, `${field}-${String(index).padStart(5, '0')}.bin`));
      rmSync(to, { force: true });
      linkSync(from, to);
    }
    writeFileSync(shardEntryPath(store, plan), sealedJson({ ...first, ...plan }, 1));
  }
  exports.fill(store, description, kind, keys, records); // the last shard is shorter
};

/** Between -1 and 1, other ones for each shard. */
function randomValues(length, seed) {
  const values = new Float32Array(length);
  let state = (seed + 1) * 2654435761;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = state / 2 ** 31;
  }
  return values;
}
