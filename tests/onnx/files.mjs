// What the test reads and writes, on Node's own modules: PNG, .npy, safetensors.
import { readFileSync, writeFileSync } from 'node:fs'
import { crc32 as zlibCrc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

// {width, height, channels, pixels}: 8-bit grey or R G B, not interlaced.
export function readPng (path) {
  const file = readFileSync(path)
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error(`${path} is no PNG`)
  let header
  const parts = []
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at)
    const kind = file.toString('latin1', at + 4, at + 8)
    const data = file.subarray(at + 8, at + 8 + length)
    if (kind === 'IHDR') header = data
    if (kind === 'IDAT') parts.push(data)
    at += 12 + length
  }
  const width = header.readUInt32BE(0), height = header.readUInt32BE(4)
  const channels = { 0: 1, 2: 3 }[header[9]]
  if (header[8] !== 8 || channels === undefined || header[12] !== 0) throw new Error(`${path}: a kind of PNG that the test cannot read`)
  return { width, height, channels, pixels: unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels) }
}

function unfilter (data, stride, height, step) {
  const out = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const left = x >= step ? out[y * stride + x - step] : 0
      const up = y > 0 ? out[(y - 1) * stride + x] : 0
      const corner = x >= step && y > 0 ? out[(y - 1) * stride + x - step] : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]
      out[y * stride + x] = data[y * (stride + 1) + 1 + x] + guess
    }
  }
  return out
}

function paeth (left, up, corner) {
  const p = left + up - corner
  const [a, b, c] = [left, up, corner].map(v => Math.abs(p - v))
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function crc32 (bytes) {
  if (zlibCrc32) return zlibCrc32(bytes)
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

export function writePng (path, { width, height, channels, pixels }) {
  const chunk = (kind, data) => {
    const out = Buffer.alloc(12 + data.length)
    out.writeUInt32BE(data.length, 0)
    out.write(kind, 4, 'latin1')
    data.copy(out, 8)
    out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
    return out
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = channels === 1 ? 0 : 2
  const lines = Buffer.alloc((width * channels + 1) * height)
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * width * channels, (y + 1) * width * channels), y * (width * channels + 1) + 1)
  writeFileSync(path, Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]))
}

const bytesOf = values => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

export function writeNpy (path, shape, values) {
  let header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  header += ' '.repeat(63 - (10 + header.length) % 64) + '\n'
  const head = Buffer.from('\x93NUMPY\x01\x00\x00\x00' + header, 'latin1')
  head.writeUInt16LE(header.length, 8)
  writeFileSync(path, Buffer.concat([head, bytesOf(values)]))
}

// tensors: [{name, shape, values: Float32Array}]
export function writeSafetensors (path, tensors) {
  const header = {}
  let at = 0
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + values.byteLength] }
    at += values.byteLength
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  writeFileSync(path, Buffer.concat([length, text, ...tensors.map(tensor => bytesOf(tensor.values))]))
}
