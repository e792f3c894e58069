// Normal numbers from a seed, so that every library is given the same kind of data.
export function normal_numbers(count, deviation = 1, seed = 1) {
  let state = seed >>> 0;
  const uniform = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 4294967296;
  return Float32Array.from({ length: count },
    () => deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}
export const count_of = (dims) => dims.reduce((a, b) => a * b, 1);

// Digits 0..9 in turn: the labels of every training step.
export const labels = (count) => Array.from({ length: count }, (_, i) => i % 10);

// One cell of each product, by the formula: what a library computes is compared with it.
export function matmul_cell(a, b, row, column, n = 512) {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[row * n + k] * b[k * n + column];
  return sum;
}
// x (64, 56, 56), w (64, 64, 3, 3), zeros around.
export function conv_cell(x, w, channel, row, column) {
  let sum = 0;
  for (let c = 0; c < 64; c++)
    for (let k = 0; k < 3; k++)
      for (let l = 0; l < 3; l++) {
        const i = row + k - 1, j = column + l - 1;
        if (i >= 0 && j >= 0 && i < 56 && j < 56) sum += x[(c * 56 + i) * 56 + j] * w[((channel * 64 + c) * 3 + k) * 3 + l];
      }
  return sum;
}
