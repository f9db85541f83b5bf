"""One GAN training step, one of a text encoder, a gradient penalty, or a few steps of Adam, in PyTorch. Usage: step.py INPUT.safetensors OUTPUT.safetensors OPTIONS.json"""
import json
import struct
import sys

import torch
from torch import nn
from torch.nn.utils.stateless import functional_call

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


def dcgan_generator(o):
    c, side, _ = o["shape"]
    stages = side.bit_length() - 3
    f = o["filters"] << (stages - 1)
    norm = lambda n: nn.BatchNorm2d(n, eps=1e-3, momentum=0.1)
    act = lambda: nn.LeakyReLU(0.2)
    inputs = o["latent"] + o["labels"]
    g = [("unflatten", nn.Unflatten(1, (inputs, 1, 1))), ("conv1", nn.ConvTranspose2d(inputs, f, 4, bias=False)), ("norm1", norm(f)), ("a1", act())]
    for i in range(2, stages + 1):
        g += [(f"conv{i}", nn.ConvTranspose2d(f, f // 2, 4, 2, 1, bias=False)), (f"norm{i}", norm(f // 2)), (f"a{i}", act())]
        f //= 2
    return named(g + [("image", nn.ConvTranspose2d(f, c, 4, 2, 1, bias=False)), ("tanh", nn.Tanh())])


def dcgan(o):
    c, side, _ = o["shape"]
    f = o["filters"]
    act = lambda: nn.LeakyReLU(0.2)
    d = [("conv1", nn.Conv2d(c + o["labels"], f, 4, 2, 1, bias=False)), ("a1", act())]
    for i in range(2, side.bit_length() - 2):
        d += [(f"conv{i}", nn.Conv2d(f, 2 * f, 4, 2, 1, bias=False)), (f"norm{i}", nn.BatchNorm2d(2 * f, eps=1e-3, momentum=0.1)), (f"a{i}", act())]
        f *= 2
    return dcgan_generator(o), named(d + [("logit", nn.Conv2d(f, 1, 4, bias=False)), ("flatten", nn.Flatten())])


def wgan_gp(o):
    c, side, _ = o["shape"]
    f = o["filters"]
    d, before = [], c + o["labels"]
    for i in range(1, side.bit_length() - 2):
        d += [(f"conv{i}", nn.Conv2d(before, f, 4, 2, 1)), (f"a{i}", nn.LeakyReLU(0.2))]
        before, f = f, 2 * f
    return dcgan_generator(o), named(d + [("score", nn.Conv2d(before, 1, 4)), ("flatten", nn.Flatten())])


def upsampling(o):
    c, side, _ = o["shape"]
    f, quarter, last = o["filters"], side // 4, side // 8 + 1
    norm = lambda n, keras_momentum: nn.BatchNorm2d(n, eps=1e-3, momentum=1 - keras_momentum)
    double = lambda: nn.Upsample(scale_factor=2, mode="nearest")
    generator = named([
        ("dense", nn.Linear(o["latent"] + o["labels"], 2 * f * quarter ** 2)), ("a0", nn.ReLU()), ("unflatten", nn.Unflatten(1, (2 * f, quarter, quarter))),
        ("up1", double()), ("conv1", nn.Conv2d(2 * f, 2 * f, 3, padding="same")), ("norm1", norm(2 * f, 0.78)), ("a1", nn.ReLU()),
        ("up2", double()), ("conv2", nn.Conv2d(2 * f, f, 3, padding="same")), ("norm2", norm(f, 0.78)), ("a2", nn.ReLU()),
        ("image", nn.Conv2d(f, c, 3, padding="same")), ("tanh", nn.Tanh())])
    f //= 2
    pad = lambda: nn.ZeroPad2d((0, 1, 0, 1))
    discriminator = named([
        ("p1", pad()), ("conv1", nn.Conv2d(c + o["labels"], f, 3, 2)), ("a1", nn.LeakyReLU(0.2)),
        ("p2", pad()), ("conv2", nn.Conv2d(f, 2 * f, 3, 2)), ("p3", pad()), ("norm2", norm(2 * f, 0.82)), ("a2", nn.LeakyReLU(0.25)),
        ("conv3", nn.Conv2d(2 * f, 4 * f, 3, 2, 1)), ("norm3", norm(4 * f, 0.82)), ("a3", nn.LeakyReLU(0.2)),
        ("conv4", nn.Conv2d(4 * f, 8 * f, 3, padding="same")), ("norm4", norm(8 * f, 0.8)), ("a4", nn.LeakyReLU(0.25)),
        ("flatten", nn.Flatten()), ("logit", nn.Linear(8 * f * last ** 2, 1))])
    return generator, discriminator


def transfer(o):
    c, f = o["shape"][0], o["filters"]
    d, before = [], c + o["labels"]
    for i, width in enumerate([f, f, 2 * f, 2 * f, 4 * f, 4 * f], 1):
        d.append((f"conv{i}", nn.Conv2d(before, width, 3, 2 - i % 2, 1, bias=False)))
        d += [(f"norm{i}", nn.BatchNorm2d(width, eps=1e-3, momentum=0.1))] if i > 1 else []
        d.append((f"a{i}", nn.LeakyReLU(0.2)))
        before = width
    return dcgan_generator(o), named(d + [("logit", nn.Conv2d(before, 1, 4, bias=False)), ("flatten", nn.Flatten())])


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.widen = nn.Conv2d(channels, 2 * channels, 1)
        self.mix = nn.Conv2d(2 * channels, 2 * channels, 3, padding=1, groups=2 * channels // 16 if channels % 8 == 0 else 1)
        self.narrow = nn.Conv2d(2 * channels, channels, 1, bias=False)

    def forward(self, x):
        leaky = lambda y: nn.functional.leaky_relu(y, 0.2)
        return x + self.narrow(leaky(self.mix(leaky(self.widen(x)))))


def residual(o):
    c, side, _ = o["shape"]
    stages = side.bit_length() - 3
    width = lambda stage: o["filters"] * min(2 ** stage, 8)
    blocks = lambda stage: [(f"block{stage}_{i + 1}", ResidualBlock(width(stage))) for i in range(o["blocks"])]
    first = width(stages)
    g = [("amplitudes", nn.Linear(o["latent"] + o["labels"], first, bias=False)), ("unflatten", nn.Unflatten(1, (first, 1, 1))),
         ("basis", nn.ConvTranspose2d(first, first, 4, groups=first, bias=False))] + blocks(stages)
    for stage in range(stages - 1, -1, -1):
        if width(stage) != width(stage + 1):
            g.append((f"width{stage}", nn.Conv2d(width(stage + 1), width(stage), 1, bias=False)))
        g.append((f"upsample{stage}", nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)))
        g += blocks(stage)
    g += [("image", nn.Conv2d(width(0), c, 1, bias=False)), ("tanh", nn.Tanh())]
    d = [("channels", nn.Conv2d(c + o["labels"], width(0), 1, bias=False))] + blocks(0)
    for stage in range(1, stages + 1):
        d.append((f"downsample{stage}", nn.AvgPool2d(2)))
        if width(stage) != width(stage - 1):
            d.append((f"width{stage}", nn.Conv2d(width(stage - 1), width(stage), 1, bias=False)))
        d += blocks(stage)
    d += [("basis", nn.Conv2d(first, first, 4, groups=first, bias=False)), ("flatten", nn.Flatten()), ("logit", nn.Linear(first, 1, bias=False))]
    return named(g), named(d)


class UNet(nn.Module):
    def __init__(self, o):
        super().__init__()
        c, side, _ = o["shape"]
        f, norm = o["filters"], normalisation(o)
        self.depth = side.bit_length() - 1
        widths = [f * min(2 ** i, 8) for i in range(self.depth)]
        for i, width in enumerate(widths):
            inner = i == self.depth - 1
            layers = [] if i == 0 else [("activation", nn.LeakyReLU(0.2))]
            layers.append(("conv", nn.Conv2d(o["condition"] if i == 0 else widths[i - 1], width, 4, 2, 1, bias=i == 0 or inner)))
            self.add_module(f"down{i + 1}", named(layers + ([] if i == 0 or inner else [("norm", norm(width))])))
            inputs = width if inner else 2 * width
            up = [("conv", nn.ConvTranspose2d(inputs, c if i == 0 else widths[i - 1], 4, 2, 1, bias=i == 0))]
            up.append(("tanh", nn.Tanh()) if i == 0 else ("norm", norm(widths[i - 1])))
            self.add_module(f"up{i + 1}", named([("activation", nn.ReLU())] + up))

    def forward(self, x):
        def through(level, y):
            inside = getattr(self, f"down{level}")(y)
            if level < self.depth:
                inside = torch.cat([through(level + 1, inside), inside], 1)
            return getattr(self, f"up{level}")(inside)
        return through(1, x)


def normalisation(o):
    return (lambda n: nn.InstanceNorm2d(n, affine=True)) if o["instance"] else nn.BatchNorm2d


def pix2pix(o):
    return UNet(o), patches(o, o["condition"] + o["shape"][0], normalisation(o), bias=False)


def patches(o, inputs, norm, bias):
    f = o["filters"]
    leaky = lambda: nn.LeakyReLU(0.2)
    if o["patch"] == 1:
        d = [("conv1", nn.Conv2d(inputs, f, 1)), ("a1", leaky()), ("conv2", nn.Conv2d(f, 2 * f, 1, bias=bias)), ("norm2", norm(2 * f)),
             ("a2", leaky()), ("logit", nn.Conv2d(2 * f, 1, 1))]
    else:
        strided = {16: 1, 34: 2, 70: 3}[o["patch"]]
        d = [("conv1", nn.Conv2d(inputs, f, 4, 2, 1)), ("a1", leaky())]
        for i in range(1, strided + 1):
            before, width = f * min(2 ** (i - 1), 8), f * min(2 ** i, 8)
            d += [(f"conv{i + 1}", nn.Conv2d(before, width, 4, 2 if i < strided else 1, 1, bias=bias)), (f"norm{i + 1}", norm(width)),
                  (f"a{i + 1}", leaky())]
        d.append(("logit", nn.Conv2d(f * min(2 ** strided, 8), 1, 4, 1, 1)))
    return named(d + [("flatten", nn.Flatten())])


class Skipped(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x):
        return x + self.layers(x)


class BothWays(nn.Module):
    """Of generators: each side from the other. Of discriminators: each side's logits."""

    def __init__(self, names, first, second, channels, cross):
        super().__init__()
        self.names, self.channels, self.cross = names, channels, cross
        self.add_module(names[0], first)
        self.add_module(names[1], second)

    def forward(self, x):
        a, b = x[:, :self.channels], x[:, self.channels:]
        of_a, of_b = getattr(self, self.names[0])(a), getattr(self, self.names[1])(b)
        return torch.cat([of_b, of_a] if self.cross else [of_a, of_b], 1)


def cyclegan(o):
    f, a, b = o["filters"], o["condition"], o["shape"][0]
    norm, relu_ = nn.InstanceNorm2d, nn.ReLU
    pad = nn.ReflectionPad2d

    def block():
        return Skipped(named([("pad1", pad(1)), ("conv1", nn.Conv2d(4 * f, 4 * f, 3)), ("n1", norm(4 * f)), ("a1", relu_()),
                              ("pad2", pad(1)), ("conv2", nn.Conv2d(4 * f, 4 * f, 3)), ("n2", norm(4 * f))]))

    def generator(source, target):
        return named([
            ("pad", pad(3)), ("conv1", nn.Conv2d(source, f, 7)), ("n1", norm(f)), ("a1", relu_()),
            ("conv2", nn.Conv2d(f, 2 * f, 3, 2, 1)), ("n2", norm(2 * f)), ("a2", relu_()),
            ("conv3", nn.Conv2d(2 * f, 4 * f, 3, 2, 1)), ("n3", norm(4 * f)), ("a3", relu_()),
            *[(f"block{i + 1}", block()) for i in range(o["blocks"])],
            ("conv4", nn.ConvTranspose2d(4 * f, 2 * f, 3, 2, 1, output_padding=1)), ("n4", norm(2 * f)), ("a4", relu_()),
            ("conv5", nn.ConvTranspose2d(2 * f, f, 3, 2, 1, output_padding=1)), ("n5", norm(f)), ("a5", relu_()),
            ("pad6", pad(3)), ("conv6", nn.Conv2d(f, target, 7)), ("tanh", nn.Tanh())])

    def discriminator(channels):
        return patches(o, channels, norm, bias=True)

    return (BothWays(("forth", "back"), generator(a, b), generator(b, a), a, cross=True),
            BothWays(("first", "second"), discriminator(a), discriminator(b), a, cross=False))


class PoseStage(nn.Module):
    def __init__(self, f, inputs, outputs, levels, first):
        super().__init__()
        self.levels, self.first = levels, first
        conv = lambda a, b, stride=1: nn.Conv2d(a, b, 3, stride, 1)
        block = lambda n: Skipped(named([("conv1", conv(n, n)), ("a1", nn.ReLU()), ("conv2", conv(n, n)), ("a2", nn.ReLU())]))
        for i in range(1, levels + 1):
            before = conv(inputs, f) if i == 1 else conv((i - 1) * f, i * f, 2)
            self.add_module(f"down{i}", named([("conv", before), ("a", nn.ReLU()), ("block", block(i * f))]))
        if first:
            self.middle = named([("code", nn.Linear(levels * f * 64, 64)), ("decode", nn.Linear(64, levels * f * 64))])
        for i in range(1, levels):
            self.add_module(f"up{i}", named([("conv", conv((i + 1) * f, i * f)), ("a", nn.ReLU())]))
            self.add_module(f"joined{i}", named([("conv", conv(2 * i * f, i * f)), ("a", nn.ReLU()), ("block", block(i * f))]))
        self.output = named([("conv", conv(f, outputs))])

    def forward(self, x):
        skips = []
        for i in range(1, self.levels + 1):
            x = getattr(self, f"down{i}")(x)
            skips.append(x)
        if self.first:
            x = self.middle(x.flatten(1)).reshape(x.shape)
        for i in range(self.levels - 1, 0, -1):
            x = getattr(self, f"joined{i}")(torch.cat([getattr(self, f"up{i}")(larger(x)), skips[i - 1]], 1))
        x = self.output(x)
        return torch.tanh(x) if self.first else x


class PoseGenerator(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.channels, levels = o["shape"][0], o["shape"][1].bit_length() - 3
        self.first = PoseStage(o["filters"], o["condition"], self.channels, levels, True)
        self.second = PoseStage(o["filters"], 2 * self.channels, self.channels, levels, False)

    def forward(self, x):
        coarse = self.first(x).detach()
        return coarse + self.second(torch.cat([x[:, :self.channels], coarse], 1))


def pose(o):
    return PoseGenerator(o), patches(o, o["condition"] + o["shape"][0], normalisation(o), bias=False)


def pose_difference(made, target):
    """The difference from the target, which counts twice in and beside what differs from the picture's edge."""
    edge = torch.cat([target[:, :, 0], target[:, :, -1], target[:, :, :, 0], target[:, :, :, -1]], 2)
    ground = edge.sort(2).values[:, :, edge.shape[2] // 2, None, None]
    shows = ((target - ground).abs().amax(1, keepdim=True) > 0.1).to(target.dtype)
    return ((made - target).abs() * (1 + nn.functional.max_pool2d(shows, 5, 1, 2))).mean()


class Equalized(nn.Module):
    def __init__(self, inputs, outputs, kernel, gain, bias=True):
        super().__init__()
        self.kernel = kernel
        shape = [outputs, inputs] + ([kernel, kernel] if kernel else [])
        self.weight, self.bias = nn.Parameter(torch.randn(shape)), nn.Parameter(torch.zeros(outputs)) if bias else None
        self.scale = gain / (inputs * max(kernel, 1) ** 2) ** 0.5

    def forward(self, x):
        w = self.weight * self.scale
        return nn.functional.conv2d(x, w, self.bias, padding=self.kernel // 2) if self.kernel else nn.functional.linear(x, w, self.bias)


def larger(x):
    return x.repeat_interleave(2, 2).repeat_interleave(2, 3)


def smaller(x):
    return nn.functional.avg_pool2d(x, 2)


class Growing(nn.Module):
    """Both networks of Karras et al. 2018 have layers by level, and mix the last two while one fades in."""

    def __init__(self, o):
        super().__init__()
        levels = o["shape"][1].bit_length() - 2
        self.level, self.share = o["level"], o["share"]
        self.widths = [min(o["filters"] * 2 ** (levels - 1 - i), 512) for i in range(levels)]

    def mix(self, before, own):
        return (1 - self.share) * before + self.share * own


class GrowingGenerator(Growing):
    def __init__(self, o):
        super().__init__(o)
        w, gain = self.widths, 2 ** 0.5
        self.latent = o["latent"]
        self.first = Equalized(o["latent"] + o["labels"], w[0] * 16, 0, gain / 4, bias=False)
        self.first_bias = nn.Parameter(torch.zeros(w[0], 1, 1))
        for i, n in enumerate(w):
            if i:
                self.add_module(f"width{i}", Equalized(w[i - 1], n, 3, gain))
            self.add_module(f"detail{i}", Equalized(n, n, 3, gain))
            self.add_module(f"image{i}", Equalized(n, o["shape"][0], 1, 1))
        self.register_buffer("growth", torch.zeros(2, dtype=torch.int64))

    def forward(self, x):
        def normal(x):
            return x / ((x ** 2).mean(1, keepdim=True) + 1e-8).sqrt()

        def active(x):
            return normal(nn.functional.leaky_relu(x, 0.2))
        layer = lambda name, i: getattr(self, f"{name}{i}")
        x = active(self.first(torch.cat([normal(x[:, :self.latent]), x[:, self.latent:]], 1)).view(len(x), -1, 4, 4) + self.first_bias)
        x = active(self.detail0(x))
        before = None
        for i in range(1, self.level + 1):
            before, x = x, active(layer("detail", i)(active(layer("width", i)(larger(x)))))
        image = layer("image", self.level)(x)
        return image if self.share == 1 else self.mix(larger(layer("image", self.level - 1)(before)), image)


class GrowingDiscriminator(Growing):
    def __init__(self, o):
        super().__init__(o)
        w, gain = self.widths, 2 ** 0.5
        for i, n in enumerate(w):
            self.add_module(f"image{i}", Equalized(o["shape"][0] + o["labels"], n, 1, gain))
            if i:
                self.add_module(f"detail{i}", Equalized(n, n, 3, gain))
                self.add_module(f"width{i}", Equalized(n, w[i - 1], 3, gain))
        self.last, self.dense, self.logit = Equalized(w[0] + 1, w[0], 3, gain), Equalized(w[0] * 16, w[0], 0, gain), Equalized(w[0], 1, 0, 1)
        self.register_buffer("deviation", torch.zeros(1))

    def forward(self, image):
        active = lambda x: nn.functional.leaky_relu(x, 0.2)
        layer = lambda name, i: getattr(self, f"{name}{i}")
        x = active(layer("image", self.level)(image))
        for i in range(self.level, 0, -1):
            x = smaller(active(layer("width", i)(active(layer("detail", i)(x)))))
            if i == self.level and self.share < 1:
                x = self.mix(active(layer("image", i - 1)(smaller(image))), x)
        groups = x.reshape(4, -1, *x.shape[1:])
        deviation = (groups.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3))
        self.deviation.mul_(0.99).add_(0.01 * deviation.mean().detach())
        x = torch.cat([x, deviation.repeat(4)[:, None, None, None].expand(-1, 1, 4, 4)], 1)
        return self.logit(active(self.dense(active(self.last(x)).flatten(1))))


def growing(o):
    return GrowingGenerator(o), GrowingDiscriminator(o)


class TextGenerator(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.latent, self.noise = o["latent"] - o["noise"], o["noise"]
        self.text = nn.Linear(o["labels"], 2 * self.noise or 128)
        self.image = dcgan_generator({**o, "latent": self.latent, "labels": self.noise or 128})

    def distributions(self, embedding):
        return self.text(embedding).chunk(2, 1)

    def forward(self, x):
        latent, noise, embedding = x[:, :self.latent], x[:, self.latent:self.latent + self.noise], x[:, self.latent + self.noise:]
        if self.noise:
            means, log_variances = self.distributions(embedding)
            return self.image(torch.cat([latent, means + torch.sqrt(torch.exp(log_variances)) * noise], 1))
        return self.image(torch.cat([latent, nn.functional.leaky_relu(self.text(embedding), 0.2)], 1))

    def divergence(self, embedding):
        means, log_variances = self.distributions(embedding)
        own = torch.distributions.Normal(means, torch.exp(log_variances / 2))
        return torch.distributions.kl_divergence(own, torch.distributions.Normal(0.0, 1.0)).mean()


class TextDiscriminator(nn.Module):
    def __init__(self, o):
        super().__init__()
        self.shape = o["shape"]
        self.text = nn.Linear(o["labels"], 128)
        self.image = dcgan({**o, "labels": 0})[1][:-2]
        f = o["filters"] << (o["shape"][1].bit_length() - 4)
        self.match = named([("conv", nn.Conv2d(f, 128, 4)), ("flatten", nn.Flatten())]) if o["projects"] else None
        self.joint = named([("conv", nn.Conv2d(f if o["projects"] else f + 128, f, 1, bias=False)), ("norm", nn.BatchNorm2d(f, eps=1e-3, momentum=0.1)),
                            ("a", nn.LeakyReLU(0.2)), ("logit", nn.Conv2d(f, 1, 4, bias=False)), ("flatten", nn.Flatten())])

    def forward(self, images, embedding):
        if self.match:
            features = self.image(images)
            return self.joint(features) + torch.einsum("ni,ni->n", self.match(features), self.text(embedding))[:, None]
        text = nn.functional.leaky_relu(self.text(embedding), 0.2)
        return self.joint(torch.cat([self.image(images), text[:, :, None, None].expand(-1, -1, 4, 4)], 1))


def text_to_image(o):
    return TextGenerator(o), TextDiscriminator(o)


NETWORKS = {"pose": pose, "text-to-image": text_to_image, "growing": growing, "cyclegan": cyclegan, "pix2pix": pix2pix, "dense": dense, "dcgan": dcgan, "wgan-gp": wgan_gp, "upsampling": upsampling, "transfer": transfer, "residual": residual}

bce = nn.functional.binary_cross_entropy_with_logits
mse = nn.functional.mse_loss
relu = nn.functional.relu
softplus = nn.functional.softplus
# The discriminator's loss on real and generated outputs, and the generator's.
OBJECTIVES = {
    "cross-entropy": (lambda r, g: (bce(r, torch.ones_like(r)) + bce(g, torch.zeros_like(g))) / 2, lambda r, g: bce(g, torch.ones_like(g))),
    "saturating": (lambda r, g: (bce(r, torch.ones_like(r)) + bce(g, torch.zeros_like(g))) / 2, lambda r, g: torch.log(1 - torch.sigmoid(g)).mean()),
    "least-squares": (lambda r, g: (mse(r, torch.ones_like(r)) + mse(g, torch.zeros_like(g))) / 2, lambda r, g: mse(g, torch.ones_like(g)) / 2),
    "hinge": (lambda r, g: relu(1 - r).mean() + relu(1 + g).mean(), lambda r, g: -g.mean()),
    "wasserstein": (lambda r, g: g.mean() - r.mean(), lambda r, g: -g.mean()),
    "relativistic": (lambda r, g: softplus(-(r - g)).mean(), lambda r, g: softplus(-(g - r)).mean()),
}


def gradient_penalty(judge, real, fake, share):
    between = (share * real + (1 - share) * fake).detach().requires_grad_(True)
    gradient, = torch.autograd.grad(judge(between).sum(), between, create_graph=True)
    return ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def r1(outputs, real):
    gradient, = torch.autograd.grad(outputs.sum(), real, create_graph=True)
    return gradient.pow(2).flatten(1).sum(1).mean()


def step(inputs, o):
    inputs = {name: value.double() if value.is_floating_point() else value for name, value in inputs.items()}
    generator, discriminator = (network.double() for network in NETWORKS[o["name"]](o))
    for prefix, network in (("generator.", generator), ("discriminator.", discriminator)):
        network.load_state_dict({k[len(prefix):]: v for k, v in inputs.items() if k.startswith(prefix)})
    # With spectral normalisation what is learnt are the weights before it.
    spectral = {k[len("spectral.discriminator."):]: v for k, v in inputs.items() if k.startswith("spectral.discriminator.")}
    learnt = {name: nn.Parameter(spectral[name]) if name in spectral else p for name, p in discriminator.named_parameters()}
    adam = lambda parameters: torch.optim.Adam(parameters, lr=2e-4, betas=(0.5, 0.999), eps=o["eps"])
    g_adam, d_adam = adam(generator.parameters()), adam(learnt.values())
    d_objective, g_objective = OBJECTIVES[o["objective"]]
    labels = inputs.get("labels")
    latents = iter([inputs[f"latents{i + 1}"] for i in range(o["critics"] + 1) if f"latents{i + 1}" in inputs])

    condition = inputs.get("condition")

    cycles = o["name"] == "cyclegan"

    tells_texts = o["name"] == "text-to-image"

    def generate(told=labels):
        if cycles:
            return generator(inputs["real1"])
        if condition is not None:
            return generator(condition)
        z = next(latents)
        return generator(z if told is None else torch.cat([z, told], 1))

    def added(fake, real):
        """What the generator's loss has besides the discriminator's part; of both ways, half of the paper's sums."""
        if o["name"] == "pose":
            return o["l1"] * pose_difference(fake, real)
        if tells_texts and o["noise"]:
            return o["divergence"] * generator.divergence(between)
        if not cycles:
            return o.get("l1", 0) * (fake - real).abs().mean()
        a = o["condition"]

        def far(x, y):
            return ((x[:, :a] - y[:, :a]).abs().mean() + (x[:, a:] - y[:, a:]).abs().mean()) / 2
        cycle = far(generator(fake), real)
        if not o["identity"]:
            return o["cycle"] * cycle
        return o["cycle"] * (cycle + o["identity"] * far(generator(torch.cat([real[:, a:], real[:, :a]], 1)), real))

    def normalised(name):
        w, u, v = learnt[name], spectral[name + ".u"], spectral[name + ".v"]
        return w / torch.dot(u, w.flatten(1) @ v)

    def judge(images, told=labels):
        if tells_texts:
            return discriminator(images, told)
        if condition is not None and not cycles:
            images = torch.cat([condition, images], 1)
        if labels is not None:
            images = torch.cat([images, labels[:, :, None, None].expand(-1, -1, *images.shape[2:])], 1)
        if not spectral:
            return discriminator(images)
        return functional_call(discriminator, {name: normalised(name) for name in learnt if name in spectral}, images)

    # The first ones are asked for by the middle between two texts.
    between = labels
    if o.get("interpolation"):
        n = round(o["interpolation"] * len(labels))
        between = torch.cat([(labels[:n] + torch.roll(labels, 1, 0)[:n]) / 2, labels[n:]])

    def update(parameters, optimizer, grads):
        for p, g in zip(parameters, grads):
            p.grad = g
        optimizer.step()

    def iterate_power():
        with torch.no_grad():
            for name in (name for name in learnt if name in spectral):
                w = learnt[name].flatten(1)
                spectral[name + ".v"] = nn.functional.normalize(w.t() @ spectral[name + ".u"], dim=0)
                spectral[name + ".u"] = nn.functional.normalize(w @ spectral[name + ".v"], dim=0)

    given = condition[:, :o["shape"][0]] if o["name"] == "pose" else None
    first_stage = given is not None and o["stage"] == 1
    if first_stage:
        made, target = generator.first(condition), inputs["real1"]
        g_loss = pose_difference(made, target)
        d_loss, plain = torch.zeros(()), (made - target).abs().mean()
        update(generator.first.parameters(), g_adam, torch.autograd.grad(g_loss, list(generator.first.parameters())))
    for i in range(0 if first_stage else o["critics"]):
        real = inputs[f"real{i + 1}"]
        if o["name"] == "growing":
            for _ in range(o["shape"][1].bit_length() - 3 - o["level"]):
                real = smaller(real)
            if o["share"] < 1:
                real = (1 - o["share"]) * larger(smaller(real)) + o["share"] * real
        real = real.requires_grad_(o["r1"] > 0)
        fake = generate()
        together = o["together"] and i == o["critics"] - 1
        shown = fake if together and o["reuse"] else fake.detach().requires_grad_(o["r2"] > 0)
        real_outputs, fake_outputs = judge(real), judge(shown)
        if tells_texts:
            # Texts that do not match count as much as generated images.
            d_loss = (bce(real_outputs, torch.ones_like(real_outputs)) + (bce(fake_outputs, torch.zeros_like(fake_outputs)) +
                      bce(judge(real, inputs["others"]), torch.zeros_like(fake_outputs))) / 2) / 2
        else:
            d_loss = d_objective(real_outputs, fake_outputs)
        if given is not None:
            d_loss = (d_loss + d_objective(real_outputs, judge(given))) / 2
        parameters = list(learnt.values())
        penalty = torch.zeros(())
        if o["gp"]:
            penalty = o["gp"] * gradient_penalty(judge, real, fake.detach(), inputs[f"share{i + 1}"])
        if o["drift"]:
            penalty = penalty + o["drift"] * (real_outputs ** 2).mean()
        if o["r1"]:
            penalty = penalty + o["r1"] / 2 * r1(real_outputs, real)
        if o["r2"]:
            penalty = penalty + o["r2"] / 2 * r1(fake_outputs, shown)
        d_loss = d_loss + penalty
        if together:
            judged = fake_outputs if o["reuse"] else judge(generate(between), between)
            g_loss = g_objective(real_outputs.detach(), judged) + added(fake, real)
            d_grads = torch.autograd.grad(d_loss, parameters, retain_graph=True, allow_unused=True)
            g_grads = torch.autograd.grad(g_loss, list(generator.parameters()), allow_unused=True)
        else:
            d_grads = torch.autograd.grad(d_loss, parameters, allow_unused=True)
        update(parameters, d_adam, d_grads)
        iterate_power()
    if not o["together"] and not first_stage:
        fake = fake if o["reuse"] else generate(between)
        judged = judge(fake, between)
        # A pass changes batch normalisation's moving statistics.
        compared = judge(real).detach() if o["objective"] == "relativistic" else None
        g_loss = g_objective(compared, judged) + added(fake, real)
        g_grads = torch.autograd.grad(g_loss, list(generator.parameters()), allow_unused=True)
    if not first_stage:
        update(generator.parameters(), g_adam, g_grads)
    if given is not None and not first_stage:
        plain = (fake - real).abs().mean()
    # What a step tells of poses is the difference that counts all pixels alike; gradients are those of the other one.
    if given is not None:
        g_loss = g_loss + o["l1"] * (plain - (0 if first_stage else pose_difference(fake, real)))

    out = {"loss.discriminator": d_loss.reshape(1), "loss.generator": g_loss.reshape(1)}
    for prefix, network, parameters in (("generator.", generator, dict(generator.named_parameters())), ("discriminator.", discriminator, learnt)):
        for name, parameter in parameters.items():
            # Networks that grow have layers that are not used yet.
            out["grad." + prefix + name] = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        for name, value in network.state_dict().items():
            out["after." + prefix + name] = value.to(torch.float32)
    return out


def penalty(inputs, o):
    """A penalty by itself, and its gradient."""
    _, discriminator = wgan_gp(o)
    discriminator.load_state_dict({k[len("discriminator."):]: v for k, v in inputs.items() if k.startswith("discriminator.")})
    real = inputs["real"].requires_grad_(True)
    value = r1(discriminator(real), real) if o["penalty"] == "r1" else gradient_penalty(discriminator, real, inputs["fake"], inputs["share"])
    # A bias does not change the gradient, but through which side of its kink an activation is on.
    grads = torch.autograd.grad(value, list(discriminator.parameters()), allow_unused=True)
    out = {"penalty": value.reshape(1)}
    for (name, parameter), g in zip(discriminator.named_parameters(), grads):
        out["grad." + name] = torch.zeros_like(parameter) if g is None else g
    return out


def adam(inputs, o):
    parameter = nn.Parameter(inputs["weight"])
    optimizer = torch.optim.Adam([parameter], lr=o["lr"], betas=(o["beta1"], o["beta2"]), eps=o["eps"])
    for gradient in inputs["gradients"]:
        parameter.grad = gradient.clone()
        optimizer.step()
    return {"weight": parameter}


def text(inputs, o):
    """Texts one by one and without padding."""
    inputs = {name: value.double().requires_grad_(name.startswith(("text.", "image."))) if value.is_floating_point() else value
              for name, value in inputs.items()}
    f = torch.nn.functional
    width, state = inputs["text.recurrent.weight_ih_l0"].shape[1], inputs["text.recurrent.weight_hh_l0"].shape[1]
    gru = nn.GRU(width, state, batch_first=True).double()
    gru.load_state_dict({name[len("text.recurrent."):]: value for name, value in inputs.items() if name.startswith("text.recurrent.")})
    texts = []
    for ids in inputs["texts"]:
        x = inputs["text.tokens.weight"][ids[ids != 0]].t().unsqueeze(0)
        for i in range(o["convolutions"]):
            x = f.conv1d(x, inputs[f"text.convolution{i + 1}.weight"], inputs[f"text.convolution{i + 1}.bias"], padding=1).relu()
            x = f.max_pool1d(x, 2, ceil_mode=True)
        states, last = gru(x.transpose(1, 2))
        pooled = last[0] if o["last"] else states.mean(1)
        texts.append(f.linear(pooled, inputs["text.embedding.weight"], inputs["text.embedding.bias"]))
    texts = torch.cat(texts)

    x, number = inputs["images"], 0
    for stage in range(3):
        while f"image.conv{number + 1}.weight" in inputs and number < 2 * (stage + 1):
            number += 1
            x = f.conv2d(x, inputs[f"image.conv{number}.weight"], padding=1)
            x = f.batch_norm(x, None, None, inputs[f"image.norm{number}.weight"], inputs[f"image.norm{number}.bias"], training=True).relu()
        x = f.max_pool2d(x, 2)
    images = f.linear(x.flatten(1), inputs["image.features.weight"], inputs["image.features.bias"])

    losses = []
    groups = inputs["groups"]
    for i in range(len(groups)):
        own = images[i] @ texts[i]
        for j in range(len(groups)):
            if groups[i] != groups[j]:
                losses.append((1 + images[i] @ texts[j] - own).clamp_min(0) + (1 + images[j] @ texts[i] - own).clamp_min(0))
    loss = torch.stack(losses).mean()
    loss.backward()
    learnt = {**inputs, **{"text.recurrent." + name: parameter for name, parameter in gru.named_parameters()}}
    return {"loss": loss.reshape(1), **{"grad." + name: value.grad for name, value in learnt.items() if value.grad is not None}}


with open(sys.argv[3]) as file:
    options = json.load(file)
write(sys.argv[2], {"step": step, "penalty": penalty, "adam": adam, "text": text}[options["what"]](read(sys.argv[1]), options))
