import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { Writer } from 'protobufjs/minimal';

/**
 * Reads an ONNX model without its weights: large ones stay in the file, and the tensors give their place there (ONNX's external data), from which
 * onnxruntime maps them. So a model of a gigabyte takes no memory until onnxruntime arranges it. All other bytes are those of the file,
 * also those of newer exporters. Load the result as if from the folder of `path`.
 * Throws node's own error if the file cannot be opened, and an error that names the file if it is not an ONNX model, is truncated or exceeds `most`.
 */
export function readGraph(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const file: File = { path, descriptor, parts: 0, bytes: 0 };
    const model: Message = { file, from: 0, to: fstatSync(descriptor).size };
    return Buffer.concat(replace(model, fields.graph, (graph) => replace(graph, fields.initializer, withPlace)));
  } finally {
    closeSync(descriptor);
  }
}

/** Numbers of fields in onnx.proto: of the model, its graph, a tensor, an entry of external data. */
const fields = { graph: 7, initializer: 5, rawData: 9, externalData: 13, dataLocation: 14, key: 1, value: 2 };
const external = 1; // a data location

const large = 1024; // bytes; what onnxruntime computes shapes with is smaller

/** Of one model: what a file of zeros, or of one long text, would have without end. Large exporters' graphs have some 100,000 parts in 20 MB. */
const most = { parts: 500_000, bytes: 256 * 2 ** 20 } as const;

interface File {
  readonly path: string;
  readonly descriptor: number;
  parts: number; // fields that were looked at
  bytes: number; // that were read, without large weights
}

const again = 'Fetch or export the file again';

/** A message of protocol buffers: a part of the file. */
interface Message {
  readonly file: File;
  readonly from: number;
  readonly to: number;
}

/** The message's bytes in pieces, where the messages in `field` are what `change` makes of them; undefined leaves one unchanged. */
function replace(message: Message, field: number, change: (part: Message) => Uint8Array[] | undefined): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let kept = message.from; // what is before it is in `pieces`
  for (const { number, from, part } of fieldsOf(message)) {
    const changed = number === field && part ? change(part) : undefined;
    if (!changed || !part) continue;
    const length = changed.reduce((sum, piece) => sum + piece.length, 0);
    pieces.push(read(message.file, kept, from), Writer.create().uint32(tag(field, delimited)).uint32(length).finish(), ...changed);
    kept = part.to;
  }
  return [...pieces, read(message.file, kept, message.to)];
}

/** A tensor that gives the place of its values instead of holding them; undefined if they are few or already elsewhere. */
function withPlace(tensor: Message): Uint8Array[] | undefined {
  const { file } = tensor;
  const raw = fieldsOf(tensor).find(({ number }) => number === fields.rawData);
  if (!raw?.part || raw.part.to - raw.part.from < large) return undefined;
  const { from, to } = raw.part;
  const place = Writer.create();
  for (const [key, value] of [['location', basename(file.path)], ['offset', `${from}`], ['length', `${to - from}`]])
    place.uint32(tag(fields.externalData, delimited)).fork().uint32(tag(fields.key, delimited)).string(key).uint32(tag(fields.value, delimited)).string(value).ldelim(); // prettier-ignore
  place.uint32(tag(fields.dataLocation, varint)).uint32(external);
  return [read(file, tensor.from, raw.from), read(file, to, tensor.to), place.finish()];
}

const [varint, fixed64, delimited, fixed32] = [0, 1, 2, 5]; // wire types

const tag = (field: number, wireType: number): number => (field << 3) | wireType;

/** A field of a message: where it begins, and the range of its value, if that has a length. */
interface Field {
  readonly number: number;
  readonly from: number;
  readonly part?: Message;
}

function fieldsOf({ file, from, to }: Message): Field[] {
  const found: Field[] = [];
  for (let at = from; at < to;) {
    if (++file.parts > most.parts)
      throw new Error(`${file.path}: has more than ${most.parts} parts, the most that are read of an ONNX model. ${again}`);
    const header = read(file, at, Math.min(at + 20, to)); // a tag and a length are two numbers of up to ten bytes
    const key = readVarint(header, 0);
    const second = readVarint(header, key.end);
    const wireType = key.value % 8;
    const field = { number: Math.floor(key.value / 8), from: at };
    if (wireType === delimited) {
      const part = { file, from: at + second.end, to: at + second.end + second.value };
      found.push({ ...field, part });
      at = part.to;
    } else {
      found.push(field);
      if (wireType === varint) at += second.end;
      else at += wireType === fixed64 ? key.end + 8 : wireType === fixed32 ? key.end + 4 : Infinity;
    }
    if (!(at <= to) || field.number === 0)
      throw new Error(`${file.path}: cannot be read as an ONNX model (it ends early, or is none). ${again}`);
  }
  return found;
}

function readVarint(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = from; at < Math.min(bytes.length, from + 10); at++) {
    value += (bytes[at] & 0x7f) * 2 ** (7 * (at - from));
    if (bytes[at] < 0x80) return { value, end: at + 1 };
  }
  return { value: 0, end: Infinity }; // cut off
}

function read(file: File, from: number, to: number): Uint8Array {
  const { path, descriptor } = file;
  file.bytes += to - from;
  if (file.bytes > most.bytes)
    throw new Error(
      `${path}: has more than ${most.bytes / 2 ** 20} MB without its large weights, the most that is read of an ONNX model. ${again}`,
    );
  const bytes = new Uint8Array(to - from);
  if (readSync(descriptor, bytes, 0, bytes.length, from) === bytes.length) return bytes;
  throw new Error(`${path}: has become shorter while it was read. ${again}`);
}
