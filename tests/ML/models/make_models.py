#!/usr/bin/python3
"""Writes the models that the README's programs are tested with: gray pictures of 16 x 16. Needs python3-onnx and python3-numpy."""
import os

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

Z, SIDE, F = 4, 16, 8
FOLDER = os.path.dirname(os.path.abspath(__file__))


def weights(name, *shape):
    values = np.random.default_rng(len(name)).normal(0, 0.3, shape).astype(np.float32)
    return numpy_helper.from_array(values, name)


def value(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])


def write(name, nodes, inputs, outputs, initializers, metadata=None):
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    model = helper.make_model(graph, producer_name="make_models.py", ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    helper.set_model_props(model, metadata or {})
    checker.check_model(model, full_check=True)
    save(model, os.path.join(FOLDER, name + ".onnx"))


# The first number of a latent makes a picture bright or dark, which is what the test's classes are.
brightness = numpy_helper.from_array(np.repeat([[1.0]] + [[0.1]] * (Z - 1), SIDE * SIDE, axis=1).astype(np.float32), "weight")
write("generator", [
    helper.make_node("MatMul", ["latent", "weight"], ["dense"]),
    helper.make_node("Tanh", ["dense"], ["squashed"]),
    helper.make_node("Reshape", ["squashed", "shape"], ["image"]),
], [value("latent", Z)], [value("image", 1, SIDE, SIDE)],
    [brightness, numpy_helper.from_array(np.array([-1, 1, SIDE, SIDE]), "shape")])
write("features", [
    helper.make_node("Flatten", ["image"], ["flat"]),
    helper.make_node("Gemm", ["flat", "weight", "bias"], ["dense"]),
    helper.make_node("LeakyRelu", ["dense"], ["features"]),
], [value("image", 1, SIDE, SIDE)], [value("features", F)], [weights("weight", SIDE * SIDE, F), weights("bias", F)])
# A pattern of each class under stronger patterns of the latent: a few pictures of a class say little of it.
write("conditional", [
    helper.make_node("MatMul", ["latent", "latent weight"], ["noise"]),
    helper.make_node("MatMul", ["label", "patterns of labels"], ["pattern"]),
    helper.make_node("Add", ["noise", "pattern"], ["dense"]),
    helper.make_node("Tanh", ["dense"], ["squashed"]),
    helper.make_node("Reshape", ["squashed", "shape"], ["image"]),
], [value("latent", Z), value("label", 3)], [value("image", 1, SIDE, SIDE)],
    [weights("latent weight", Z, SIDE * SIDE), weights("patterns of labels", 3, SIDE * SIDE),
     numpy_helper.from_array(np.array([-1, 1, SIDE, SIDE]), "shape")],
    {"GanPipeline.Labels": '[{"name":"class","kind":"categorical","values":["fern","moss","reed"]}]'})
