// The browser benchmark: ours and the peers in one page, in turn. How and why: README.md.
//   node run.mjs [--json] [--rounds N] [--mode baseline|turbo] [--only REGEX] [--baseline BUILD] [--turbo BUILD]
//   node run.mjs --from FILE     the tables of a run that was kept with --json; - is the standard input
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpus } from 'node:os';

const project = fileURLToPath(new URL('../..', import.meta.url));
const here = path.join(project, 'bench/web');
const options = parseArgs({ options: {
  json: { type: 'boolean', default: false },
  from: { type: 'string' },
  rounds: { type: 'string', default: '11' },
  mode: { type: 'string', default: 'baseline,turbo' },
  only: { type: 'string', default: '.' },
  baseline: { type: 'string', default: 'build/web' },
  turbo: { type: 'string', default: 'build/web-turbo' }
} }).values;
const rounds = Number(options.rounds);
const sample_ms = 150;
const say = (text) => process.stderr.write(`${text}\n`);

// What is compared: the work, who does it too, and the time ratio ours/theirs that is the goal in each mode.
const table = [
  { work: 'small-cnn-step', label: 'small-cnn training step, batch 32', peer: 'convnetjs', goal: { baseline: 1 / 40, turbo: 1 / 100 } },
  { work: 'small-cnn-step', label: 'small-cnn training step, batch 32', peer: 'pytorch', goal: { baseline: 1.5, turbo: 0.7 } },
  { work: 'mlp-step', label: 'mlp 784-128-10 training step, batch 64', peer: 'tfjs', goal: { baseline: 1 / 5, turbo: 1 / 10 } },
  { work: 'dcgan-step', label: 'dcgan training step, batch 32', peer: 'tfjs', goal: { baseline: 1 / 3, turbo: 1 / 6 } },
  { work: 'matmul-512', label: 'matmul 512x512x512', peer: 'onnxruntime', goal: { baseline: 1, turbo: 0.5 }, flop: 2 * 512 ** 3 },
  { work: 'conv-56', label: 'conv 3x3, 56x56x64 -> 64, forward', peer: 'onnxruntime', goal: { baseline: 1, turbo: 0.5 },
    flop: 2 * 9 * 64 * 64 * 56 * 56 },
  { work: 'small-cnn-forward-32', label: 'small-cnn forward, batch 32', peer: 'onnxruntime', goal: { baseline: 1, turbo: 0.6 } },
  { work: 'small-cnn-forward-1', label: 'small-cnn forward, batch 1', peer: 'onnxruntime', goal: { baseline: 1, turbo: 0.6 } },
  ...Object.entries({
    'gaussian-5': ['Gaussian 5x5, sigma 1', 1 / 6], 'gaussian-sigma-5': ['Gaussian, sigma 5', 1 / 4], 'mean-3': ['mean 3x3', 1 / 4], 'mean-15': ['mean 15x15', 1 / 4],
    sobel: ['Sobel magnitude', 1 / 6], sharpen: ['sharpen 3x3', 1 / 5], 'median-5': ['median 5x5', 1 / 6], canny: ['Canny 50, 150', 1 / 2],
    threshold: ['threshold', 1 / 2], grey: ['RGBA to grey', 1 / 2], perspective: ['perspective, bilinear', 1 / 2], half: ['half the size, area', 1]
  }).map(([work, [label, goal]]) => ({ work, label: `${label}, 1920x1080`, peer: 'opencvjs', goal: { baseline: goal, turbo: goal }, picture: true }))
];
const modes = {
  baseline: { threads: 1, query: 'threads=1', build: options.baseline },
  turbo: { threads: 2, query: 'threads=2&cores=4', build: options.turbo }
};
const names = { convnetjs: 'ConvNetJS', tfjs: 'TF.js wasm', onnxruntime: 'onnxruntime-web', pytorch: 'PyTorch, native', opencvjs: 'OpenCV.js' };

const sorted = (values) => [...values].sort((a, b) => a - b);
function spread(values) {
  const s = sorted(values), middle = s.length >> 1;
  return { median: s.length % 2 ? s[middle] : (s[middle - 1] + s[middle]) / 2, min: s[0], max: s[s.length - 1] };
}

// Native PyTorch, one thread, kept running beside the browser and asleep while it is not asked.
class Torch {
  static async start() {
    for (const python of ['/usr/bin/python3', 'python3']) {
      const child = spawn(python, [`${here}/torch_step.py`], { stdio: ['pipe', 'pipe', 'ignore'] });
      child.on('error', () => {});
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const first = await lines.next();
      if (!first.done) return Object.assign(new Torch(), { child, lines, version: first.value });
    }
    return null;
  }
  async sample(layout, times) {
    this.child.stdin.write(`${layout} ${times}\n`);
    return Number((await this.lines.next()).value);
  }
  async both() {
    return { nchw: await this.sample('nchw', 40), channels_last: await this.sample('channels_last', 40) };
  }
  stop() {
    this.child.stdin.end();
  }
}

function check(work, side, at_start, at_end) {
  const wrong = (what) => { throw new Error(`${side} does not do ${work}: ${what}`); };
  if (at_start.error !== undefined && !(at_start.error < 1e-3)) wrong(`off by ${at_start.error}`);
  if (at_start.loss !== undefined && !Number.isFinite(at_end.loss)) wrong(`loss ${at_end.loss}`);
  if (/^(small-cnn|mlp)-step/.test(work) && !(at_end.loss < at_start.loss)) wrong(`the loss went from ${at_start.loss} to ${at_end.loss}`);
}

// All who do one piece of work, in turn: every round is one sample of each, so that a slow second hits all alike.
async function compare(page, torch, work, peers) {
  const sides = ['ours', ...peers.filter((peer) => peer !== 'pytorch')];
  const start = {};
  for (const side of sides) start[side] = await page.evaluate(([s, w]) => window.prepare(s, w), [side, work]);
  const samples = Object.fromEntries([...sides, 'in_place', 'nchw', 'channels_last'].map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      await pause(60);  // threads that spin for more work have gone to sleep
      const { ms, in_place_ms } = await page.evaluate(([s, w, ms]) => window.sample(s, w, ms), [side, work, sample_ms]);
      samples[side].push(ms);
      if (in_place_ms) samples.in_place.push(in_place_ms);
    }
    if (torch && peers.includes('pytorch')) {
      await pause(60);
      for (const [layout, ms] of Object.entries(await torch.both())) samples[layout].push(ms);
    }
  }
  if (peers.includes('opencvjs') && Math.abs(start.ours.mean - start.opencvjs.mean) > 0.5)
    throw new Error(`${work}: the mean of ours is ${start.ours.mean}, of OpenCV.js ${start.opencvjs.mean}`);
  for (const side of sides) check(work, side, start[side], await page.evaluate(([s, w]) => window.inspect(s, w), [side, work]));
  if (samples.nchw.length) {  // PyTorch's better layout over the run
    const best = spread(samples.nchw).median < spread(samples.channels_last).median ? 'nchw' : 'channels_last';
    samples.pytorch = samples[best];
    start.pytorch = { info: { version: torch.version.split(' ')[0], threads: 1, layout: best } };
  }
  return { samples, start };
}

async function run_mode(browser, url, mode, torch) {
  const { query, build, threads } = modes[mode];
  const module = `${build}/bin/bench_web.js`;
  if (!existsSync(path.join(project, module))) throw new Error(`${module} is missing: cmake --build ${build} --target bench_web`);
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  page.on('pageerror', (error) => say(`page: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && say(`page: ${message.text()}`));
  await page.goto(`${url}/bench/web/page.html?${query}&module=/${module}`);
  await page.waitForFunction(() => window.ready);
  await pause(5000);  // Chromium's own start disturbs the first seconds
  const probe = async () => spread(await page.evaluate(() => Array.from({ length: 15 }, () => window.probe())));
  const probes = [await probe()];
  const rows = [];
  const wanted = table.filter((row) => new RegExp(options.only).test(`${row.work} ${row.peer}`));
  for (const work of new Set(wanted.map((row) => row.work))) {
    const peers = wanted.filter((row) => row.work === work).map((row) => row.peer);
    say(`${mode}: ${work}`);
    const { samples, start } = await compare(page, torch, work, peers);
    for (const row of wanted.filter((r) => r.work === work)) {
      const theirs = samples[row.peer];
      rows.push({ work, label: row.label, peer: row.peer, peer_info: start[row.peer]?.info ?? null, threads, goal: row.goal[mode],
        ours_ms: spread(samples.ours), ours_in_place_ms: samples.in_place.length ? spread(samples.in_place) : null, peer_ms: theirs ? spread(theirs) : null,
        ratio: theirs ? spread(samples.ours.map((ms, i) => ms / theirs[i])) : null,
        gflops: row.flop ? row.flop / spread(samples.in_place).median / 1e6 : undefined });
    }
  }
  probes.push(await probe());
  await page.close();
  return { mode, threads, rows, probe_ms: { before: probes[0], after: probes[1] } };
}

const digits = (x) => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x >= 0.1 ? x.toFixed(2) : x.toFixed(3));
const range = (s) => (s ? `${digits(s.median)} (${digits(s.min)}–${digits(s.max)})` : '–');

const in_place = ({ ours_in_place_ms: ms, gflops }) => (ms ? range(ms) : '') + (gflops ? `, ${digits(gflops)} GFLOP/s` : '');

function print(result) {
  console.log(`${result.date}, ${result.machine}, Chromium ${result.browser}; load ${result.load}; ${result.rounds} rounds, median (least–most), milliseconds`);
  for (const { mode, threads, rows, probe_ms } of result.modes) {
    console.log(`\n### ${mode}: ${mode === 'turbo' ? 'relaxed SIMD' : 'SIMD128'}, ${threads} thread${threads > 1 ? 's' : ''}\n`);
    console.log('| work | peer | ours | peer’s | ratio ours/peer | goal | ours, data in place |\n|--|--|--:|--:|--:|--:|--:|');
    for (const row of rows) {
      const peer = `${names[row.peer]}${row.peer_info ? ` ${row.peer_info.version}` : ''}${row.peer === 'pytorch' && row.peer_info ? ` (${row.peer_info.layout}, 1 thread)` : ''}`;
      console.log(`| ${row.label} | ${peer} | ${range(row.ours_ms)} | ${range(row.peer_ms)} | ${range(row.ratio)} | ${digits(row.goal)} | ${in_place(row)} |`);
    }
    console.log(`\nFixed JavaScript loop before and after: ${range(probe_ms.before)}, ${range(probe_ms.after)} ms.`);
  }
}

const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');
async function measure() {
  if (!existsSync(`${here}/node_modules/onnxruntime-web`)) {
    say('npm packages of bench/web/');
    if (spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: ['ignore', 2, 2] }).status !== 0)
      throw new Error('npm ci in bench/web/ failed: check the network');
  }
  const { open_browser, serve } = await import('./site.mjs');
  const { url, close } = await serve(project);
  const torch = await Torch.start();
  if (!torch) say('No PyTorch for Python here (Debian: python3-torch): its row stays empty.');
  const browser = await open_browser();
  try {
    const result = { date: new Date().toISOString().slice(0, 10), machine: `${cpus()[0].model}, ${cpus().length} cores`,
      browser: browser.version(), load: load(), rounds, modes: [] };
    for (const mode of options.mode.split(',')) result.modes.push(await run_mode(browser, url, mode, torch));
    return result;
  } finally {
    await browser.close();
    torch?.stop();
    close();
  }
}

const result = options.from
  ? JSON.parse(readFileSync(options.from === '-' ? 0 : options.from, 'utf8'))
  : await measure();
if (options.json) console.log(JSON.stringify(result));
else print(result);
