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

// The picture of bench/scene.hpp, interleaved, 1920 x 1080.
export const picture_size = { width: 1920, height: 1080 };
function hash(i) {
  i = ((i ^ 61) ^ (i >>> 16)) >>> 0;
  i = Math.imul(i, 9) >>> 0;
  i = (i ^ (i >>> 4)) >>> 0;
  i = Math.imul(i, 0x27d4eb2d) >>> 0;
  return (i ^ (i >>> 15)) & 0xff;
}
export function scene(channels) {
  const { width, height } = picture_size;
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const y = Math.floor(i / channels / width), x = Math.floor(i / channels) % width + 5 * (i % channels);
    let v = 110 + 40 * Math.sin(x / 210) * Math.cos(y / 170);
    if (Math.hypot(x - 700, y - 500) < 260) v += 60;
    if (Math.floor(x / 64) % 5 === 2 && Math.floor(y / 48) % 4 === 1) v -= 70;
    if (y > 700) v += 25 * Math.sin((x + 2 * y) / 9);
    data[i] = Math.floor(Math.min(Math.max(v + hash(i) / 16 - 8, 0), 255));
  }
  return data;
}
export const perspective = [0.92, 0.07, 31, -0.05, 1.04, 17, 2.1e-5, -3.4e-5, 1];
