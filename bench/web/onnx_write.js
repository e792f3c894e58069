// The few messages of an ONNX file that these models need (field numbers: onnx.proto3).
const encoder = new TextEncoder();
const varint = (n) => {
  const out = [];
  let rest = BigInt(n);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest ? low | 128 : low);
  } while (rest);
  return out;
};
const joined = (parts) => {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
const number = (field, value) => Uint8Array.from([...varint(field << 3), ...varint(value)]);
const bytes = (field, value) => {
  const content = typeof value === 'string' ? encoder.encode(value) : value;
  return joined([Uint8Array.from([...varint((field << 3) | 2), ...varint(content.length)]), content]);
};
const tensor = (name, dims, data) => joined([...dims.map((d) => number(1, d)), number(2, 1), bytes(8, name),
  bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]);
const value_info = (name, dims) => {
  const shape = joined(dims.map((d) => bytes(1, number(1, d))));
  return joined([bytes(1, name), bytes(2, bytes(1, joined([number(1, 1), bytes(2, shape)])))]);
};
const attribute = (name, value) => Array.isArray(value)
  ? joined([bytes(1, name), ...value.map((x) => number(8, x)), number(20, 7)])
  : joined([bytes(1, name), number(3, value), number(20, 2)]);

export const node = (op, inputs, outputs, attributes = {}) =>
  joined([...inputs.map((x) => bytes(1, x)), ...outputs.map((x) => bytes(2, x)), bytes(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value)))]);

// inputs, outputs: { name: dims }; weights: { name: [dims, Float32Array] }
export function model(nodes, inputs, outputs, weights, opset = 17) {
  const graph = joined([...nodes.map((n) => bytes(1, n)), bytes(2, 'g'),
    ...Object.entries(weights).map(([name, [dims, data]]) => bytes(5, tensor(name, dims, data))),
    ...Object.entries(inputs).map(([name, dims]) => bytes(11, value_info(name, dims))),
    ...Object.entries(outputs).map(([name, dims]) => bytes(12, value_info(name, dims)))]);
  return joined([number(1, 8), bytes(2, 'cvlab-bench'), bytes(7, graph), bytes(8, joined([bytes(1, ''), number(2, opset)]))]);
}
