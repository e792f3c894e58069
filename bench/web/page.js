// In the page: every library behind the same two calls. run.mjs decides who runs when.
//   prepare(side, work)        makes the work and warms it up; returns what it computes, for the checks
//   sample(side, work, ms)     milliseconds a call, over about `ms` of calls; where input and result are copied at each
//                              call, without that, too
//   inspect(side, work)        what it computes by now
import { ours } from './ours.js';
import { convnetjs } from './convnetjs.js';
import { tfjs } from './tfjs.js';
import { onnxruntime } from './onnxruntime.js';
import { opencvjs } from './opencvjs.js';

const query = new URLSearchParams(location.search);
const threads = Number(query.get('threads') ?? 1);
const sides = { ours, convnetjs, tfjs, onnxruntime, opencvjs };
const started = {};  // side -> what start() gave
const work = {};     // "side work" -> { run(times), check() }

async function timed(run, times) {
  const before = performance.now();
  await run(times);
  return performance.now() - before;
}

window.prepare = async (side, name) => {
  started[side] ??= await sides[side].start({ threads, module: query.get('module') });
  const made = (work[`${side} ${name}`] = await sides[side].make(name, started[side]));
  // V8 compiles WASM twice and JavaScript up to four times: warm until the better code is in.
  for (let spent = 0, calls = 0; spent < 700 || calls < 3; calls++) spent += await timed(made.run, 1);
  return { info: sides[side].info(started[side]), ...(await made.check?.()) };
};

window.inspect = async (side, name) => (await work[`${side} ${name}`].check?.()) ?? {};

async function sampled(run, milliseconds) {
  const one = await timed(run, 1);
  const times = Math.max(1, Math.round(milliseconds / Math.max(one, 1e-3)));
  return (await timed(run, times)) / times;
}
window.sample = async (side, name, milliseconds) => {
  const { run, in_place } = work[`${side} ${name}`];
  return { ms: await sampled(run, milliseconds), in_place_ms: in_place && (await sampled(in_place, milliseconds)) };
};

// How steady is the machine? Fixed work in plain JavaScript, ms.
window.probe = () => {
  let x = 123456789 | 0;
  const before = performance.now();
  for (let i = 0; i < 6e6; i++) { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; }
  return x === 0 ? NaN : performance.now() - before;
};
window.ready = true;
