#!/usr/bin/python3
"""Writes the small ONNX models of these tests, in the forms that the exporter writes. Needs python3-onnx and python3-numpy."""
import json
import os

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

FLOAT, UINT8, INT64 = TensorProto.FLOAT, TensorProto.UINT8, TensorProto.INT64
Z, C, H, W, F = 6, 3, 4, 8, 5
FOLDER = os.path.dirname(os.path.abspath(__file__))


def weights(name, *shape):
    values = np.random.default_rng(len(name)).normal(0, 0.5, shape).astype(np.float32)
    return numpy_helper.from_array(values, name)


def constant(name, values, kind):
    return numpy_helper.from_array(np.array(values, kind), name)


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, ["N", *shape])


def write(name, nodes, inputs, outputs, initializers, **metadata):
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    model = helper.make_model(graph, producer_name="make_models.py", ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    helper.set_model_props(model, metadata)
    checker.check_model(model, full_check=True)
    save(model, os.path.join(FOLDER, name + ".onnx"))


LATENT, IMAGE = value("latent", FLOAT, Z), value("image", FLOAT, C, H, W)
GENERATOR = [
    helper.make_node("Gemm", ["latent", "weight", "bias"], ["dense"]),
    helper.make_node("Tanh", ["dense"], ["squashed"]),
    helper.make_node("Reshape", ["squashed", "shape"], ["image"]),
]
GENERATOR_WEIGHTS = [weights("weight", Z, C * H * W), weights("bias", C * H * W), constant("shape", [-1, C, H, W], np.int64)]
PIXELS = [
    helper.make_node("Add", ["image", "one"], ["raised"]),
    helper.make_node("Mul", ["raised", "half"], ["scaled"]),
    helper.make_node("Round", ["scaled"], ["rounded"]),
    helper.make_node("Clip", ["rounded", "low", "high"], ["clipped"]),
    helper.make_node("Transpose", ["clipped"], ["interleaved"], perm=[0, 2, 3, 1]),
    helper.make_node("Cast", ["interleaved"], ["pixels"], to=UINT8),
]
PIXELS_WEIGHTS = [constant(n, v, np.float32) for n, v in (("one", 1), ("half", 127.5), ("low", 0), ("high", 255))]

write("generator", GENERATOR, [LATENT], [IMAGE], GENERATOR_WEIGHTS,
      **{"GanPipeline.Architecture": "dense", "Image.NominalPixelRange": "Normalized_1_1"})
write("generator-pixels", GENERATOR + PIXELS, [LATENT], [value("pixels", UINT8, H, W, C)], GENERATOR_WEIGHTS + PIXELS_WEIGHTS)
write("features", [
    helper.make_node("Flatten", ["image"], ["flat"]),
    helper.make_node("Gemm", ["flat", "weight", "bias"], ["features"]),
    helper.make_node("ReduceSum", ["features", "axes"], ["logit"], keepdims=1),
], [IMAGE], [value("features", FLOAT, F), value("logit", FLOAT, 1)],
    [weights("weight", C * H * W, F), weights("bias", F), constant("axes", [1], np.int64)])

# A conditional one: a class of three and a brightness, whose metadata says so; the labels shift the picture by weights of their own.
LABELS = json.dumps([{"name": "class", "kind": "categorical", "values": ["cat", "dog", "emu"]}, {"name": "bright", "kind": "numeric", "low": 0, "high": 10}])
CONDITIONAL = [
    helper.make_node("Concat", ["latent", "label"], ["both"], axis=1),
    helper.make_node("Gemm", ["both", "weight", "bias"], ["dense"]),
] + GENERATOR[1:]
CONDITIONAL_WEIGHTS = [weights("weight", Z + 4, C * H * W)] + GENERATOR_WEIGHTS[1:]
for name, metadata in (("conditional", {"GanPipeline.Labels": LABELS}), ("conditional-unnamed", {}), ("conditional-wrong", {"GanPipeline.Labels": '["cat", "dog"]'})):
    write(name, CONDITIONAL, [LATENT, value("label", FLOAT, 4)], [IMAGE], CONDITIONAL_WEIGHTS, **metadata)
# A label of integers is another form.
write("conditional-integers", [helper.make_node("Cast", ["label"], ["number"], to=FLOAT),
                               helper.make_node("Add", ["latent", "number"], ["shifted"])]
      + [helper.make_node("Gemm", ["shifted", "weight", "bias"], ["dense"])] + GENERATOR[1:],
      [LATENT, value("label", INT64, 1)], [IMAGE], GENERATOR_WEIGHTS)
# The right names, but sizes that only a run would tell.
write("free-size", [helper.make_node("Gemm", ["latent", "weight", "bias"], ["image"])],
      [LATENT], [value("image", FLOAT, "F")], GENERATOR_WEIGHTS[:2])

# Classifiers: the logits are the sums of the first six columns of an image.
COLUMNS = np.tile(np.eye(W, 6, dtype=np.float32), (C * H, 1))
for name, metadata in {
    "classifier": {"GanPipeline.Labels": '[{"name":"color","kind":"categorical","values":["red","green","blue"]},{"name":"hat","kind":"binary"},'
                                         '{"name":"size","kind":"categorical","values":["small","large"]}]'},
    "classifier-wrong": {"GanPipeline.Labels": '["a","b","c","d","e"]'},
    "classifier-mute": {},
}.items():
    write(name, [helper.make_node("Flatten", ["image"], ["flat"]), helper.make_node("MatMul", ["flat", "columns"], ["logits"])],
          [IMAGE], [value("logits", FLOAT, 6)], [numpy_helper.from_array(COLUMNS, "columns")], **metadata)
