// Runs ONNX models on onnxruntime-node.
//   node run-models.cjs PEERS < REQUESTS > ANSWERS
// PEERS is the folder with node_modules. Requests and answers are JSON: a list of models with the shape and the values of each input,
// [{"model": "net.onnx", "inputs": {"latent": {"dims": [2, 100], "data": [0.5, ...]}}}], and a list of their outputs by name. Inputs are
// float32, which JSON's decimal numbers hold exactly; outputs of any type become numbers.
const { createRequire } = require('node:module');
const path = require('node:path');
const fs = require('node:fs');

async function run(ort, { model, inputs }) {
  const session = await ort.InferenceSession.create(path.resolve(model));
  const feeds = {};
  for (const [name, { dims, data }] of Object.entries(inputs)) feeds[name] = new ort.Tensor('float32', Float32Array.from(data), dims);
  const answer = {};
  for (const [name, tensor] of Object.entries(await session.run(feeds)))
    answer[name] = { dims: tensor.dims, data: Array.from(tensor.data, Number) };
  await session.release();
  return answer;
}

async function main([peers]) {
  const ort = createRequire(path.resolve(peers) + '/')('onnxruntime-node');
  const answers = [];
  for (const request of JSON.parse(fs.readFileSync(0, 'utf8'))) answers.push(await run(ort, request));
  process.stdout.write(JSON.stringify(answers));
}

main(process.argv.slice(2)).catch(error => {
  console.error(error.message);
  process.exit(1);
});
