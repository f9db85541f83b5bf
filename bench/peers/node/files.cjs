// The peer of files/dcgan64: pictures of an ONNX file by ONNX Runtime for Node.js, written as PNG files with sharp.
// Arguments: the folder of the packages, MODEL.onnx, BATCH, CHANNELS, SIDE, the folder for pictures. Each line read is a number of batches
// to make; each line written is the seconds they took. The first line written names the peer.
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const [packages, model, batchText, channelsText, sideText, folder] = process.argv.slice(2);
const [batch, channels, side] = [batchText, channelsText, sideText].map(Number);
const load = (name) => require(path.join(path.resolve(packages), "node_modules", name));
const runtime = load("onnxruntime-node");
const sharp = load("sharp");
const version = (name) => load(path.join(name, "package.json")).version;

// Box and Muller 1958.
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

async function make(session, latentSize, first) {
  const latents = Float32Array.from({ length: batch * latentSize }, normal);
  const results = await session.run({ latent: new runtime.Tensor("float32", latents, [batch, latentSize]) });
  const images = results.image.data;
  const plane = side * side;
  const files = [];
  for (let i = 0; i < batch; i++) {
    const pixels = Buffer.alloc(channels * plane);
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < plane; p++) {
        const value = Math.round((images[(i * channels + c) * plane + p] + 1) * 127.5);
        pixels[p * channels + c] = Math.min(255, Math.max(0, value));
      }
    }
    const file = path.join(folder, `${String(first + i).padStart(6, "0")}.png`);
    files.push(sharp(pixels, { raw: { width: side, height: side, channels } }).png().toFile(file));
  }
  await Promise.all(files);
}

async function main() {
  fs.mkdirSync(folder, { recursive: true });
  const session = await runtime.InferenceSession.create(model);
  const latentSize = session.inputMetadata ? session.inputMetadata[0].shape[1] : 100;
  console.log(`ONNX Runtime for Node.js ${version("onnxruntime-node")}, sharp ${version("sharp")}`);
  let made = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < Number(line); i++, made += batch) await make(session, latentSize, made);
    console.log(Number(process.hrtime.bigint() - start) / 1e9);
  }
}

main().finally(() => fs.rmSync(folder, { recursive: true, force: true }));
