// onnxruntime-web 1.30.0, its WASM backend, models written by onnx_write.js.
import { count_of, normal_numbers } from './data.js';
import { error_of } from './ours.js';
import { model, node } from './onnx_write.js';

const ort = globalThis.ort;
const weight = (dims, deviation, seed) => [dims, normal_numbers(count_of(dims), deviation, seed)];
const tensor = (dims, seed) => new ort.Tensor('float32', normal_numbers(count_of(dims), 1, seed), dims);
const open = (bytes) =>
  ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });

const small_cnn = (batch) => model([
  node('Conv', ['x', 'w1', 'b1'], ['c1'], { kernel_shape: [3, 3] }), node('Relu', ['c1'], ['r1']),
  node('MaxPool', ['r1'], ['p1'], { kernel_shape: [2, 2], strides: [2, 2] }),
  node('Conv', ['p1', 'w2', 'b2'], ['c2'], { kernel_shape: [3, 3] }), node('Relu', ['c2'], ['r2']),
  node('MaxPool', ['r2'], ['p2'], { kernel_shape: [2, 2], strides: [2, 2] }),
  node('Flatten', ['p2'], ['f']), node('Gemm', ['f', 'w3', 'b3'], ['l']), node('Softmax', ['l'], ['y'], { axis: 1 })],
{ x: [batch, 1, 28, 28] }, { y: [batch, 10] },
{ w1: weight([8, 1, 3, 3], 0.47, 1), b1: weight([8], 0, 1), w2: weight([16, 8, 3, 3], 0.17, 2), b2: weight([16], 0, 1),
  w3: weight([400, 10], 0.07, 3), b3: weight([10], 0, 1) });

async function prepared(name) {
  if (name.startsWith('small-cnn-forward-')) {
    const batch = Number(name.slice('small-cnn-forward-'.length));
    return { session: await open(small_cnn(batch)), feeds: { x: tensor([batch, 1, 28, 28], 5) }, inputs: [] };
  }
  if (name === 'matmul-512') {
    const feeds = { a: tensor([512, 512], 3), b: tensor([512, 512], 4) };
    const bytes = model([node('MatMul', ['a', 'b'], ['y'])], { a: [512, 512], b: [512, 512] }, { y: [512, 512] }, {});
    return { session: await open(bytes), feeds, inputs: [feeds.a.data, feeds.b.data] };
  }
  if (name === 'conv-56') {
    const w = weight([64, 64, 3, 3], 0.05, 4);
    const x = tensor([1, 64, 56, 56], 3);
    const bytes = model([node('Conv', ['x', 'w'], ['y'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })],
      { x: [1, 64, 56, 56] }, { y: [1, 64, 56, 56] }, { w });
    return { session: await open(bytes), feeds: { x }, inputs: [x.data, w[1]] };
  }
  throw new Error(`no work ${name}`);
}

export const onnxruntime = {
  async start({ threads }) {
    ort.env.wasm.wasmPaths = new URL('node_modules/onnxruntime-web/dist/', location.href).href;
    ort.env.wasm.numThreads = threads;
    return { version: ort.env.versions.web };
  },
  info: ({ version }) => ({ version, threads: ort.env.wasm.numThreads }),
  async make(name) {
    const { session, feeds, inputs } = await prepared(name);
    let result = null;
    return {
      run: async (times) => {
        for (let t = 0; t < times; t++) result = (await session.run(feeds)).y;
      },
      check: async () => ({ count: result.data.length, error: error_of(name, inputs, result.data) })
    };
  }
};
