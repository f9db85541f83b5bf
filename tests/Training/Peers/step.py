"""One GAN training step, or a few steps of Adam, in PyTorch. Usage: step.py INPUT.safetensors OUTPUT.safetensors OPTIONS.json"""
import json
import struct
import sys

import torch
from torch import nn

DTYPES = {"F32": torch.float32, "I64": torch.int64}


def read(path):
    with open(path, "rb") as file:
        size, = struct.unpack("<q", file.read(8))
        header = json.loads(file.read(size))
        data = bytearray(file.read())
    return {
        name: torch.frombuffer(data, dtype=DTYPES[entry["dtype"]], offset=entry["data_offsets"][0],
                               count=int(torch.tensor(entry["shape"]).prod())).reshape(entry["shape"]).clone()
        for name, entry in header.items() if name != "__metadata__"
    }


def write(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().contiguous().to(torch.float32).numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<q", len(text)) + text + b"".join(blobs))


def named(layers):
    from collections import OrderedDict
    return nn.Sequential(OrderedDict(layers))


def dense(o):
    c, h, w = o["shape"]
    norm = lambda n: nn.BatchNorm1d(n, eps=1e-3, momentum=0.2)
    act = lambda: nn.LeakyReLU(0.2)
    discriminator = named([("flatten", nn.Flatten()), ("dense1", nn.Linear(c * h * w, 512)), ("a1", act()), ("dense2", nn.Linear(512, 256)),
                           ("a2", act()), ("logit", nn.Linear(256, 1))])
    generator = named([("dense1", nn.Linear(o["latent"], 256)), ("a1", act()), ("norm1", norm(256)), ("dense2", nn.Linear(256, 512)), ("a2", act()),
                       ("norm2", norm(512)), ("dense3", nn.Linear(512, 1024)), ("a3", act()), ("norm3", norm(1024)),
                       ("dense4", nn.Linear(1024, c * h * w)), ("tanh", nn.Tanh()), ("image", nn.Unflatten(1, (c, h, w)))])
    return generator, discriminator


def dcgan(o):
    c, side, _ = o["shape"]
    f, stages = o["filters"], side.bit_length() - 3
    norm = lambda n: nn.BatchNorm2d(n, eps=1e-3, momentum=0.1)
    act = lambda: nn.LeakyReLU(0.2)
    d = [("conv1", nn.Conv2d(c, f, 4, 2, 1, bias=False)), ("a1", act())]
    for i in range(2, stages + 1):
        d += [(f"conv{i}", nn.Conv2d(f, 2 * f, 4, 2, 1, bias=False)), (f"norm{i}", norm(2 * f)), (f"a{i}", act())]
        f *= 2
    g = [("unflatten", nn.Unflatten(1, (o["latent"], 1, 1))), ("conv1", nn.ConvTranspose2d(o["latent"], f, 4, bias=False)), ("norm1", norm(f)), ("a1", act())]
    d += [("logit", nn.Conv2d(f, 1, 4, bias=False)), ("flatten", nn.Flatten())]
    for i in range(2, stages + 1):
        g += [(f"conv{i}", nn.ConvTranspose2d(f, f // 2, 4, 2, 1, bias=False)), (f"norm{i}", norm(f // 2)), (f"a{i}", act())]
        f //= 2
    g += [("image", nn.ConvTranspose2d(f, c, 4, 2, 1, bias=False)), ("tanh", nn.Tanh())]
    return named(g), named(d)


def step(inputs, o):
    generator, discriminator = {"dense": dense, "dcgan": dcgan}[o["name"]](o)
    for prefix, network in (("generator.", generator), ("discriminator.", discriminator)):
        network.load_state_dict({k[len(prefix):]: v for k, v in inputs.items() if k.startswith(prefix)})
    adam = lambda network: torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999), eps=1e-7)
    g_adam, d_adam = adam(generator), adam(discriminator)
    bce = nn.BCEWithLogitsLoss()
    real = inputs["real"]

    fake = generator(inputs["latents1"])
    real_logits, fake_logits = discriminator(real), discriminator(fake if o["together"] and o["reuse"] else fake.detach())
    d_loss = (bce(real_logits, torch.ones_like(real_logits)) + bce(fake_logits, torch.zeros_like(fake_logits))) / 2
    if o["together"]:
        judged = fake_logits if o["reuse"] else discriminator(generator(inputs["latents2"]))
        g_loss = bce(judged, torch.ones_like(judged))
        d_grads = torch.autograd.grad(d_loss, list(discriminator.parameters()), retain_graph=True)
        g_grads = torch.autograd.grad(g_loss, list(generator.parameters()))
    else:
        d_grads = torch.autograd.grad(d_loss, list(discriminator.parameters()))
    for p, g in zip(discriminator.parameters(), d_grads):
        p.grad = g
    d_adam.step()
    if not o["together"]:
        judged = discriminator(fake if o["reuse"] else generator(inputs["latents2"]))
        g_loss = bce(judged, torch.ones_like(judged))
        g_grads = torch.autograd.grad(g_loss, list(generator.parameters()))
    for p, g in zip(generator.parameters(), g_grads):
        p.grad = g
    g_adam.step()

    out = {"loss.discriminator": d_loss.reshape(1), "loss.generator": g_loss.reshape(1)}
    for prefix, network in (("generator.", generator), ("discriminator.", discriminator)):
        for name, parameter in network.named_parameters():
            out["grad." + prefix + name] = parameter.grad
        for name, value in network.state_dict().items():
            out["after." + prefix + name] = value.to(torch.float32)
    return out


def adam(inputs, o):
    parameter = nn.Parameter(inputs["weight"])
    optimizer = torch.optim.Adam([parameter], lr=o["lr"], betas=(o["beta1"], o["beta2"]), eps=o["eps"])
    for gradient in inputs["gradients"]:
        parameter.grad = gradient.clone()
        optimizer.step()
    return {"weight": parameter}


with open(sys.argv[3]) as file:
    options = json.load(file)
write(sys.argv[2], {"step": step, "adam": adam}[options["what"]](read(sys.argv[1]), options))
