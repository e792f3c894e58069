// Every network, exported, run by onnxruntime on 100 pictures, and by `cvlab predict` on the same files.
//
//   node --test tests/onnx/onnx.test.mjs     $CVLAB names another program than build/native/bin/cvlab; onnx_layers lies beside it
//
// Weights are random but nowhere 0 or 1 (a lost bias would not show otherwise); those in assets/weights are used, too.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { readPng, writeNpy, writePng, writeSafetensors } from './files.mjs'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')
const CVLAB = process.env.CVLAB ?? join(ROOT, 'build/native/bin/cvlab')
const ASSETS = process.env.CVLAB_ASSETS ?? join(ROOT, 'build/assets')
const WEIGHTS = join(ROOT, 'assets/weights')
const EXAMPLES = 100
const TOLERANCE = 1e-4 // of the largest number that the network answers, or of 1 if that is less

// Smaller inputs than their own, so that large networks take seconds: the exported file is the same but for dense layers.
const SIZES = {
  mlp: '', lenet5: '', 'lenet-b': '', 'small-cnn': '', 'cnn-bn': '', alexnet: '3x64x64', vgg16: '3x32x32', resnet18: '3x64x64',
  resnet50: '3x32x32', 'resnet-20': '', 'resnet-8': '1x28x28', 'mobilenet-v1': '3x64x64', 'vit-tiny': '', 'vit-ti16': '3x64x64', unet: '3x32x32', 'unet-tiny': '3x32x32',
  'yolo-v1': '3x64x64', 'yolo-tiny': '', autoencoder: '', vae: '', 'dcgan-generator': '', 'dcgan-discriminator': '',
  'ddpm-unet-tiny': '', siamese: ''
}

let folder, digits, photo
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'cvlab-onnx-'))
  const sprite = readPng(join(ASSETS, 'data/digits-test.png'))
  digits = Array.from({ length: EXAMPLES }, (_, i) => crop(sprite, i * 28, 0, 28, 28))
  photo = readPng(join(ASSETS, 'photos/astronaut.png'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

function crop ({ width, channels, pixels }, left, top, columns, rows) {
  const out = new Uint8Array(columns * rows * channels)
  for (let y = 0; y < rows; y++) {
    const from = ((top + y) * width + left) * channels
    out.set(pixels.subarray(from, from + columns * channels), y * columns * channels)
  }
  return { width: columns, height: rows, channels, pixels: out }
}

function cvlab (...args) {
  return execFileSync(CVLAB, args, { encoding: 'utf8', maxBuffer: 1 << 29 })
}

function generator (seed) { // mulberry32, [0, 1)
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function randomWeights (layers) {
  const random = generator(1)
  return layers.flatMap(layer => layer.weights).map(({ name, shape }) => {
    const count = shape.reduce((a, b) => a * b, 1)
    const [middle, spread] = shape.length > 1 ? [0, Math.sqrt(6 * shape[0] / count)]
      : /running_var$|weight$/.test(name) ? [1, 0.3] : [0, 0.2]
    return { name, shape, values: Float32Array.from({ length: count }, () => middle + spread * (2 * random() - 1)) }
  })
}

// Input `index` of example i: the file, and its numbers as the network is to see them.
function example (model, index, shape, i) {
  const path = join(folder, `${model}-${index}-${i}`)
  if (shape.length !== 3) {
    const random = generator(1000 * index + i)
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * random() - 1)
    writeNpy(path + '.npy', shape, values)
    return { path: path + '.npy', values }
  }
  const [channels, height, width] = shape
  const picture = channels === 1 && height === 28 ? digits[(i + 17 * index) % EXAMPLES]
    : crop(photo, (i * 37) % (photo.width - width), (i * 53) % (photo.height - height), width, height)
  assert.equal(picture.channels, channels)
  writePng(path + '.png', picture)
  const values = new Float32Array(channels * height * width)
  for (let c = 0; c < channels; c++) {
    for (let p = 0; p < height * width; p++) values[c * height * width + p] = picture.pixels[p * channels + c] / 255
  }
  return { path: path + '.png', values }
}

async function agree (model, weights, size) {
  const options = size ? ['--input', size] : []
  const onnx = join(folder, 'model.onnx')
  cvlab('export-onnx', model, '--weights', weights, onnx, ...options)
  const inputs = JSON.parse(cvlab('summary', model, '--json', ...options)).layers.filter(layer => layer.kind === 'input')
  const files = [], feeds = inputs.map(({ output }) => new Float32Array(EXAMPLES * output.reduce((a, b) => a * b, 1)))
  for (let i = 0; i < EXAMPLES; i++) {
    inputs.forEach(({ output }, index) => {
      const { path, values } = example(model, index, output, i)
      files.push(path)
      feeds[index].set(values, i * values.length)
    })
  }
  const predictions = JSON.parse(cvlab('predict', model, '--weights', weights, ...files, '--json', ...options)).predictions
  assert.equal(predictions.length, EXAMPLES)
  const ours = predictions.flatMap(one => one.logits ?? one.output)
  const session = await InferenceSession.create(onnx, { logSeverityLevel: 3 })
  assert.deepEqual(session.inputNames, inputs.map(layer => layer.name))
  // All at once: the batch axis is symbolic.
  const result = await session.run(Object.fromEntries(inputs.map(({ name, output }, index) => [name, new Tensor('float32', feeds[index], [EXAMPLES, ...output])])))
  const theirs = result[session.outputNames[0]]
  assert.equal(theirs.dims[0], EXAMPLES)
  assert.equal(theirs.data.length, ours.length)
  let largest = 0, worst = 0
  theirs.data.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value))
    worst = Math.max(worst, Math.abs(value - ours[i]))
  })
  await session.release()
  assert.ok(largest > 1e-3 && Number.isFinite(worst), `${model} answers nothing: ${largest}`)
  assert.ok(worst <= TOLERANCE * Math.max(1, largest), `${model}: ${worst} apart, of ${largest}`)
}

test('every model of the command line is tested', () => {
  const known = /MODEL [^\n]*(?:\n {10,}[^\n]*)*/.exec(cvlab('summary', '--help'))[0].replace(/\s+/g, ' ')
  const names = /Network: (.*?), resnet-N/.exec(known)[1].split(', ')
  assert.ok(names.length > 20)
  for (const name of names) assert.ok(name in SIZES, `${name} is missing here`)
})

test('every kind of layer, in forms that no model has', async () => {
  const cases = JSON.parse(execFileSync(join(dirname(CVLAB), 'onnx_layers'), [folder], { encoding: 'utf8', maxBuffer: 1 << 26 }))
  assert.ok(cases.length > 30)
  for (const { name, shape, input, output } of cases) {
    const session = await InferenceSession.create(join(folder, name + '.onnx'), { logSeverityLevel: 3 })
    const result = await session.run({ input: new Tensor('float32', Float32Array.from(input), shape) })
    const theirs = result[session.outputNames[0]].data
    assert.equal(theirs.length, output.length, name)
    const worst = theirs.reduce((worst, value, i) => Math.max(worst, Math.abs(value - output[i])), 0)
    assert.ok(worst < 1e-5, `${name}: ${worst} apart`)
    await session.release()
  }
})

for (const [model, size] of Object.entries(SIZES)) {
  test(`${model}, random weights`, async () => {
    const weights = join(folder, 'weights.safetensors')
    writeSafetensors(weights, randomWeights(JSON.parse(cvlab('summary', model, '--json', ...(size ? ['--input', size] : []))).layers))
    await agree(model, weights, size)
  })
}

const shipped = existsSync(WEIGHTS) ? readdirSync(WEIGHTS).filter(name => name.endsWith('.safetensors')) : []
for (const name of shipped) {
  test(`shipped ${name}`, async () => {
    const file = readFileSync(join(WEIGHTS, name))
    const header = JSON.parse(file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE(0))))
    await agree(header.__metadata__.model, join(WEIGHTS, name), '')
  })
}
