// ConvNetJS 0.3.0, as its documentation has it: one example at a time, an update after each batch.
/* global convnetjs */
import { labels, normal_numbers } from './data.js';

const library = globalThis.convnetjs;
const volume = (numbers) => {
  const v = new library.Vol(28, 28, 1, 0);
  numbers.forEach((x, i) => (v.w[i] = x));
  return v;
};

export const convnetjs = {
  async start() {
    return { version: '0.3.0' };
  },
  info: ({ version }) => ({ version, threads: 1 }),
  async make(name) {
    if (name !== 'small-cnn-step') throw new Error(`no work ${name}`);
    const net = new library.Net();
    net.makeLayers([{ type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 },
      { type: 'conv', sx: 3, filters: 8, stride: 1, pad: 0, activation: 'relu' }, { type: 'pool', sx: 2, stride: 2 },
      { type: 'conv', sx: 3, filters: 16, stride: 1, pad: 0, activation: 'relu' }, { type: 'pool', sx: 2, stride: 2 },
      { type: 'softmax', num_classes: 10 }]);
    const trainer = new library.Trainer(net, { method: 'sgd', learning_rate: 0.01, momentum: 0, batch_size: 32 });
    const images = Array.from({ length: 32 }, (_, i) => volume(normal_numbers(784, 1, 5 + i)));
    const label = labels(32);
    let loss = NaN;
    return {
      run: async (times) => {
        for (let t = 0; t < times; t++) {
          loss = 0;
          for (let i = 0; i < 32; i++) loss += trainer.train(images[i], label[i]).cost_loss / 32;
        }
      },
      check: async () => ({ loss })
    };
  }
};
