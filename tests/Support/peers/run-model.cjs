// Runs an ONNX model on onnxruntime-node.
//   node run-model.cjs PEERS MODEL < REQUEST > ANSWER
// PEERS is the folder with node_modules. Request and answer are JSON objects: by name, the shape and the values of each tensor:
// {"latent": {"dims": [2, 100], "data": [0.5, ...]}}. All are float32, which JSON's decimal numbers hold exactly, but uint8 answers.
const { createRequire } = require('node:module');
const path = require('node:path');
const fs = require('node:fs');

async function main([peers, model]) {
  const ort = createRequire(path.resolve(peers) + '/')('onnxruntime-node');
  const session = await ort.InferenceSession.create(path.resolve(model));
  const feeds = {};
  for (const [name, { dims, data }] of Object.entries(JSON.parse(fs.readFileSync(0, 'utf8'))))
    feeds[name] = new ort.Tensor('float32', Float32Array.from(data), dims);
  const answer = {};
  for (const [name, tensor] of Object.entries(await session.run(feeds)))
    answer[name] = { dims: tensor.dims, data: Array.from(tensor.data) };
  process.stdout.write(JSON.stringify(answer));
}

main(process.argv.slice(2)).catch(error => {
  console.error(error.message);
  process.exit(1);
});
