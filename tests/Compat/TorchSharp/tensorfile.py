"""Named tensors in a file: safetensors, as far as these tests need it."""
import json
import struct
import sys

import numpy
import torch

TYPES = {"F32": numpy.float32, "I64": numpy.int64}


def read(path):
    data = open(path, "rb").read()
    length = struct.unpack("<q", data[:8])[0]
    body = data[8 + length:]
    result = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        start, end = entry["data_offsets"]
        array = numpy.frombuffer(body[start:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
        result[name] = torch.from_numpy(array.copy())
    return result


def write(path, tensors):
    header, body = {}, b""
    for name, tensor in tensors.items():
        array = tensor.detach().contiguous().numpy()
        kind = "I64" if array.dtype == numpy.int64 else "F32"
        data = array.astype(TYPES[kind]).tobytes()
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<q", len(text)) + text + body)


def request():
    folder = sys.argv[1]
    return read(folder + "/in.tensors"), json.load(open(folder + "/settings.json"))


def answer(tensors):
    write(sys.argv[1] + "/out.tensors", tensors)
