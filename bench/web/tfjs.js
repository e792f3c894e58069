// TensorFlow.js 4.22.0, its WASM backend, which lacks the gradient of conv2d in its weights: a kernel for it, made of
// conv2d by hand, is what lets it train a convolution at all.
import { labels, normal_numbers, count_of } from './data.js';

const tf = globalThis.tf;
const variable = (shape, deviation, seed) =>
  tf.variable(tf.tensor(normal_numbers(count_of(shape), deviation, seed), shape));
const zeros = (shape) => tf.variable(tf.zeros(shape));
const read = async (tensor) => {
  const values = await tensor.data();
  tensor.dispose();
  return values[0];
};

// Input channels become the batch, the batch becomes the input channels, dy is the filter, the stride is the dilation.
function add_conv2d_weight_gradient() {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs: { x, dy }, attrs: { strides, pad, filterShape, dimRoundingMode } }) => {
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      const { top, bottom, left, right } = info.padInfo;
      const [height, width, input_channels, output_channels] = filterShape;
      return tf.tidy(() => {
        const engine = tf.engine();
        engine.backend.incRef(x.dataId);
        engine.backend.incRef(dy.dataId);
        const images = tf.transpose(engine.makeTensorFromTensorInfo(x), [3, 1, 2, 0]);
        const filter = tf.transpose(engine.makeTensorFromTensorInfo(dy), [1, 2, 0, 3]);
        const padded = tf.pad(images, [[0, 0], [top, bottom], [left, right], [0, 0]]);
        const gradient = tf.conv2d(padded, filter, 1, 'valid', 'NHWC', [info.strideHeight, info.strideWidth]);
        return tf.transpose(tf.slice(gradient, [0, 0, 0, 0], [input_channels, height, width, output_channels]), [1, 2, 0, 3]);
      });
    }
  });
}

function mlp_step() {
  const weights = [variable([784, 128], Math.sqrt(2 / 784), 7), zeros([128]), variable([128, 10], Math.sqrt(2 / 128), 8), zeros([10])];
  const x = tf.tensor(normal_numbers(64 * 784, 1, 9), [64, 784]);
  const y = tf.oneHot(tf.tensor1d(labels(64), 'int32'), 10).toFloat();
  const [w1, b1, w2, b2] = weights;
  const logits = () => tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, w1), b1)), w2), b2);
  const sgd = tf.train.sgd(0.01);
  return () => read(sgd.minimize(() => tf.losses.softmaxCrossEntropy(y, logits()), true, weights));
}

function dcgan_step() {
  const batch = 32;
  const g = [variable([64, 3136], 0.05, 11), zeros([3136]), variable([4, 4, 32, 64], 0.02, 12), zeros([32]),
    variable([4, 4, 1, 32], 0.02, 13), zeros([1])];
  const d = [variable([4, 4, 1, 32], 0.02, 14), zeros([32]), variable([4, 4, 32, 64], 0.02, 15), zeros([64]),
    variable([3136, 1], 0.02, 16), zeros([1])];
  const generate = () => {
    let h = tf.relu(tf.add(tf.matMul(tf.randomNormal([batch, 64]), g[0]), g[1])).reshape([batch, 7, 7, 64]);
    h = tf.relu(tf.add(tf.conv2dTranspose(h, g[2], [batch, 14, 14, 32], 2, 'same'), g[3]));
    return tf.tanh(tf.add(tf.conv2dTranspose(h, g[4], [batch, 28, 28, 1], 2, 'same'), g[5]));
  };
  const judge = (x) => {
    let h = tf.leakyRelu(tf.add(tf.conv2d(x, d[0], 2, 'same'), d[1]), 0.2);
    h = tf.leakyRelu(tf.add(tf.conv2d(h, d[2], 2, 'same'), d[3]), 0.2);
    return tf.add(tf.matMul(h.reshape([batch, 3136]), d[4]), d[5]);
  };
  const loss = (target, logits) => tf.losses.sigmoidCrossEntropy(tf.fill(logits.shape, target), logits);
  const adam_g = tf.train.adam(2e-4, 0.5), adam_d = tf.train.adam(2e-4, 0.5);
  const real = tf.tensor(normal_numbers(batch * 784, 0.5, 17), [batch, 28, 28, 1]);
  return async () => {
    const fake = tf.tidy(generate);
    const loss_d = adam_d.minimize(() => tf.add(loss(1, judge(real)), loss(0, judge(fake))), true, d);
    const loss_g = adam_g.minimize(() => loss(1, judge(generate())), true, g);
    fake.dispose();
    await read(loss_d);
    return read(loss_g);
  };
}

const steps = { 'mlp-step': mlp_step, 'dcgan-step': dcgan_step };

export const tfjs = {
  async start({ threads }) {
    tf.wasm.setWasmPaths(new URL('node_modules/@tensorflow/tfjs-backend-wasm/dist/', location.href).href);
    tf.wasm.setThreadsCount(threads);
    add_conv2d_weight_gradient();
    if (!(await tf.setBackend('wasm'))) throw new Error('TF.js: its WASM backend did not start');
    await tf.ready();
    return { version: tf.version.tfjs };
  },
  info: ({ version }) => ({ version, threads: tf.wasm.getThreadsCount() }),
  async make(name) {
    const step = steps[name]();
    let loss = NaN;
    return {
      run: async (times) => {
        for (let t = 0; t < times; t++) loss = await step();
      },
      check: async () => ({ loss })
    };
  }
};
