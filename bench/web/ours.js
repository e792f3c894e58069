// Our module. Work that a peer is handed its input for at each call is handed it here, too: copied in, result copied out.
// Inside our own pages the numbers are in the module already: `in_place` runs without the copies.
import { normal_numbers, matmul_cell, conv_cell } from './data.js';

export const ours = {
  async start({ threads, module: url }) {
    const { default: create } = await import(url);
    return { module: await create(), threads };
  },
  info: ({ module }) => ({ threads: module._bench_threads() }),

  async make(name, { module, threads }) {
    if (!module.ccall('bench_prepare', 'number', ['string', 'number'], [name, threads])) throw new Error(`no work ${name}`);
    const inputs = Array.from({ length: module._bench_input_count() }, (_, i) =>
      normal_numbers(module._bench_input_size(i), name === 'conv-56' && i === 1 ? 0.05 : 1, 3 + i));
    // Asked for anew each time: the memory may grow.
    const memory = () => module.wasmMemory.buffer;
    const give = (i) => new Float32Array(memory(), module._bench_input(i), inputs[i].length).set(inputs[i]);
    const result = () => new Float32Array(memory(), module._bench_result(), module._bench_result_size());
    inputs.forEach((_, i) => give(i));
    if (inputs.length === 0)
      return {
        run: async (times) => module._bench_run(times),
        check: async () => (name.endsWith('-step') ? { loss: result()[0] } : { mean: result()[0] })  // a picture's
      };
    const fresh = name === 'conv-56' ? 1 : inputs.length;  // the weights stay where they are, as in the peer's model
    const kept = new Float32Array(module._bench_result_size());
    return {
      run: async (times) => {
        for (let t = 0; t < times; t++) {
          for (let i = 0; i < fresh; i++) give(i);
          module._bench_run(1);
          kept.set(result());
        }
      },
      in_place: async (times) => module._bench_run(times),
      check: async () => ({ count: kept.length, error: error_of(name, inputs, kept) })
    };
  }
};

// Of the result, where there is a formula; the probabilities of a row sum to 1.
export function error_of(name, [a, b], result) {
  if (name === 'matmul-512') return Math.abs(result[3 * 512 + 7] - matmul_cell(a, b, 3, 7));
  if (name === 'conv-56') return Math.abs(result[(5 * 56 + 0) * 56 + 9] - conv_cell(a, b, 5, 0, 9));
  return Math.abs(result.subarray(0, 10).reduce((sum, p) => sum + p, 0) - 1);
}
