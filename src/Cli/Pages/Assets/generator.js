// The generator: model.json describes it, ONNX Runtime runs it. One thread, because plain file servers send no headers that allow more.
import * as ort from './onnxruntime-web/ort.wasm.bundle.min.js';
import { between, truncated } from './latents.js';

const wrap = seed => BigInt.asIntN(64, seed);

async function load(name) {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name}: the server says ${response.status}.`);
  return response;
}

// A value of each field as the network takes it: one-hot, 0 or 1, or scaled from the field's range to [-1, 1].
function encode(fields, values) {
  return Float32Array.from(fields.flatMap((field, i) => {
    if (field.kind === 'categorical') return field.values.map((_, k) => (k === values[i] ? 1 : 0));
    if (field.kind === 'binary') return [values[i]];
    return [2 * (Math.fround(values[i]) - field.low) / (field.high - field.low) - 1];
  }));
}

// Values in [-1, 1], channel by channel, to pixels. The array rounds half to even and clamps, as GanPipeline does.
function toPixels(model, output) {
  const plane = model.height * model.width, pixels = new Uint8ClampedArray(4 * plane).fill(255);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) {
      const channel = model.channels === 1 ? 0 : c;
      pixels[4 * i + c] = model.output === 'pixels'
        ? output[model.channels * i + channel]
        : Math.fround(Math.fround(output[channel * plane + i] + 1) * 127.5);
    }
  }
  return new ImageData(pixels, model.width, model.height);
}

// A tensor [N, size] of one row; a model of a fixed N gets the others as zeros.
function row(model, values) {
  const rows = new Float32Array(model.batch * values.length);
  rows.set(values);
  return new ort.Tensor('float32', rows, [model.batch, values.length]);
}

export async function open() {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const [model, bytes] = await Promise.all([
    load('model.json').then(r => r.json()), load('generator.onnx').then(r => r.arrayBuffer()),
  ]);
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  return {
    ...model,
    // The latent of a place: of a seed and an index, or on the way from there to the same index of the next seed.
    latent({ seed, index, truncation, walk }) {
      const from = truncated(seed, index, model.latentSize, truncation);
      return walk === 0 ? from : between(from, truncated(wrap(seed + 1n), index, model.latentSize, truncation), walk);
    },
    // One run at a time.
    async draw(place) {
      const feeds = { latent: row(model, this.latent(place)) };
      if (model.labels.length > 0) feeds.label = row(model, encode(model.labels, place.labels));
      const results = await session.run(feeds, [model.output]);
      return toPixels(model, results[model.output].data);
    },
  };
}
