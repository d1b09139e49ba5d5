import loadWabt from 'wabt';
import { fractionBits } from './resampling';

/**
 * The sums that a resized image is made of, in WebAssembly with SIMD: JavaScript takes three times as long. For each of `count` places it adds up
 * pixels of three bytes, each times its weight (fixed point), and puts the sum as bytes. It reads and writes four bytes at a place: what is put
 * beyond the third is no pixel's, and the next place has to be put after it. Steps are in bytes.
 */
const text = `(module
  (memory (export "memory") 0)
  (func (export "weigh")
    (param $from i32) (param $fromStep i32) (param $to i32) (param $toStep i32) (param $count i32)
    (param $tapStep i32) (param $weights i32) (param $taps i32)
    (local $sum v128) (local $pixel i32) (local $weight i32) (local $end i32)
    (local.set $end (i32.add (local.get $weights) (i32.shl (local.get $taps) (i32.const 2))))
    (loop $places
      (local.set $sum (i32x4.splat (i32.const ${1 << (fractionBits - 1)})))
      (local.set $pixel (local.get $from))
      (local.set $weight (local.get $weights))
      (loop $pixels
        (local.set $sum (i32x4.add (local.get $sum) (i32x4.mul
          (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $pixel))))
          (v128.load32_splat (local.get $weight)))))
        (local.set $pixel (i32.add (local.get $pixel) (local.get $tapStep)))
        (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
        (br_if $pixels (i32.lt_u (local.get $weight) (local.get $end))))
      (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const ${fractionBits})))
      (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
      (v128.store32_lane 0 (local.get $to) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
      (local.set $from (i32.add (local.get $from) (local.get $fromStep)))
      (local.set $to (i32.add (local.get $to) (local.get $toStep)))
      (br_if $places (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))`;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  weigh(from: number, fromStep: number, to: number, toStep: number, count: number, tapStep: number, weights: number, taps: number): void;
}

/** The part that is used here; Node's types do not have it. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (program: object) => { readonly exports: Exports };
};

const pageBytes = 65536;

/** The kernel with memory of its own, which areas are taken of and never given back. */
export class ResizeKernel {
  private used = 0;

  private constructor(private readonly exports: Exports) {}

  /** Translates the kernel, which takes some 50 ms; each call of what it gives makes one. */
  static async compile(): Promise<() => ResizeKernel> {
    const wabt = await loadWabt();
    const program = await WebAssembly.compile(wabt.parseWat('resize-kernel', text, { simd: true }).toBinary({}).buffer);
    return () => new ResizeKernel(new WebAssembly.Instance(program).exports);
  }

  /** All memory. Another one once more was taken. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }

  get weigh(): Exports['weigh'] {
    return this.exports.weigh;
  }

  /** Where `bytes` bytes begin that are nobody else's. */
  take(bytes: number): number {
    const at = this.used;
    this.used = Math.ceil((at + bytes) / 16) * 16;
    const { memory } = this.exports;
    const missing = Math.ceil(this.used / pageBytes) - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
    return at;
  }
}
