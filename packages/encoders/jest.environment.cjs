const { TestEnvironment } = require('jest-environment-node');

// onnxruntime-node makes its tensors with the process's own typed arrays; a spec's sandbox has another set, which its check refuses.
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, { Float32Array, Float64Array, Uint16Array, Int32Array, BigInt64Array });
  }
};
