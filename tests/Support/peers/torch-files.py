# Writes networks of PyTorch as files, with an input and an output of each, for TorchWeightsTests.
import argparse, collections, os, sys
import torch
import torch.nn as nn
import torch.nn.functional as F

folder = sys.argv[1]
torch.manual_seed(0)


class Generator(nn.Module):
    def __init__(self, latents=100, filters=16):
        super().__init__()
        sizes = [latents, filters * 8, filters * 4, filters * 2, filters]
        layers = []
        for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
            stride, padding = (2, 1) if i else (1, 0)
            layers += [nn.ConvTranspose2d(inputs, outputs, 4, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(True)]
        self.main = nn.Sequential(*layers, nn.ConvTranspose2d(filters, 3, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, x):
        return self.main(x)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.down = None
        if stride != 1 or inputs != outputs:
            self.down = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.down is None else self.down(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 7, 2, 3, bias=False), nn.BatchNorm2d(16)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = nn.Sequential(Block(16, 16), Block(16, 16))
        self.layer2 = nn.Sequential(Block(16, 32, 2), Block(32, 32))
        self.average, self.linear = nn.AdaptiveAvgPool2d(1), nn.Linear(32, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.bn1(self.conv1(x))))
        return self.linear(torch.flatten(self.average(self.layer2(self.layer1(x))), 1))


def double(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(),
                         nn.Conv2d(outputs, outputs, 3, padding=1), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.middle = double(3, 8), double(8, 16), double(16, 32)
        self.pool, self.up2, self.joined2 = nn.MaxPool2d(2), nn.ConvTranspose2d(32, 16, 2, 2), double(32, 16)
        self.up1, self.joined1 = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), double(24, 8)
        self.last = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(self.pool(a))
        c = self.middle(self.pool(b))
        c = self.joined2(torch.cat([self.up2(c), b], 1))
        return torch.sigmoid(self.last(self.joined1(torch.cat([self.up1(c), a], 1))))


class Attention(nn.Module):
    def __init__(self, size=16, heads=2):
        super().__init__()
        self.heads = heads
        self.projections, self.output = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.feedForward = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size), nn.Dropout(0.1))

    def forward(self, x):
        x = x + self.attend(self.norm1(x))
        return x + self.feedForward(self.norm2(x))

    def attend(self, x):
        n, t, c = x.shape
        q, k, v = [part.view(n, t, self.heads, c // self.heads).transpose(1, 2) for part in self.projections(x).split(c, 2)]
        scores = q @ k.transpose(-2, -1) / (c // self.heads) ** 0.5
        mask = torch.ones(t, t).triu(1) > 0
        return self.output((scores.masked_fill(mask, float("-inf")).softmax(-1) @ v).transpose(1, 2).contiguous().view(n, t, c))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(50, 16), nn.Embedding(12, 16)
        self.blocks = nn.ModuleList([Attention(), Attention()])
        self.head = nn.Linear(16, 50)

    def forward(self, x):
        y = self.tokens(x) + self.positions(torch.arange(x.shape[1]))
        for block in self.blocks:
            y = block(y)
        return self.head(y)


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(100, 16), nn.LSTM(16, 24, 1, batch_first=True, bidirectional=True)
        self.linear = nn.Linear(48, 8)

    def forward(self, tokens):
        return self.linear(self.lstm(self.embedding(tokens))[0][:, -1])


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.linear = nn.GRU(16, 24, 2, batch_first=True), nn.Linear(24, 8)

    def forward(self, x):
        return self.linear(self.gru(x)[1][-1])


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.norm = nn.MultiheadAttention(16, 4), nn.LayerNorm(16)

    def forward(self, x):
        t = x.transpose(0, 1)
        return self.norm(self.attention(t, t, t, need_weights=False)[0].transpose(0, 1) + x)


networks = {
    "generator": (Generator(), torch.randn(2, 100, 1, 1)),
    "resnet": (ResNet(), torch.randn(2, 3, 64, 64)),
    "unet": (UNet(), torch.randn(2, 3, 32, 32)),
    "transformer": (Transformer(), torch.randint(0, 50, (2, 12))),
    "lstm": (Lstm(), torch.randint(0, 100, (2, 12))),
    "gru": (Gru(), torch.randn(2, 5, 16)),
    "heads": (Heads(), torch.randn(2, 6, 16)),
}
for name, (network, x) in networks.items():
    path = os.path.join(folder, name)
    for key, value in network.state_dict().items():
        if key.endswith("running_mean"): value.normal_(0, 0.5)
        elif key.endswith("running_var"): value.uniform_(0.5, 1.5)
        elif value.dim() == 1: value.uniform_(0.5, 1.5)
    network.eval()
    state = network.state_dict()
    x.numpy().tofile(path + ".input")
    with torch.no_grad(): network(x).numpy().tofile(path + ".output")
    torch.save(state, path + ".pt")
    torch.save(state, path + ".old.pt", _use_new_zipfile_serialization=False)
    optimizer = torch.optim.Adam(network.parameters())
    (network(x) ** 2).mean().backward()
    optimizer.step()
    network.load_state_dict(torch.load(path + ".pt"))
    torch.save({
        "epoch": 3, "loss": 0.25, "args": argparse.Namespace(lr=2e-4, name=name), "losses": [0.5, 0.25],
        "state_dict": nn.DataParallel(network).state_dict(), "optimizer": optimizer.state_dict(),
    }, path + ".checkpoint.pt")
    torch.save({"netG": state, "netD": {"weight": torch.zeros(3)}}, path + ".two.pt")
    for kind in (torch.float16, torch.bfloat16, torch.float64):
        torch.save(collections.OrderedDict((k, v.to(kind) if v.is_floating_point() else v) for k, v in state.items()),
                   f"{path}.{str(kind).split('.')[1]}.pt")
    # Views of one storage, transposed and with an offset.
    flat = torch.cat([torch.zeros(7), *(v.double().float().reshape(-1) for v in state.values())])
    at, shared = 7, {}
    for k, v in state.items():
        part = flat[at:at + v.numel()].view(v.shape)
        at += v.numel()
        shared[k] = part if v.is_floating_point() else v
    shared = {k: v.t().contiguous().t() if v.dim() == 2 and i % 2 else v for i, (k, v) in enumerate(shared.items())}
    torch.save(shared, path + ".shared.pt")
    torch.onnx.export(network, x, path + ".folded.onnx", opset_version=14)
    torch.onnx.export(network, x, path + ".onnx", opset_version=14, training=torch.onnx.TrainingMode.PRESERVE)
    torch.onnx.export(network, x, path + ".plain.onnx", opset_version=14, training=torch.onnx.TrainingMode.PRESERVE,
                      do_constant_folding=False)


# Weights that PyTorch keeps in parts, after a step that moved them.
from torch.nn.utils import parametrizations, spectral_norm, weight_norm
critic = nn.Sequential(
    spectral_norm(nn.Conv2d(3, 8, 4, 2, 1)), nn.LeakyReLU(0.2), weight_norm(nn.Conv2d(8, 8, 3, padding=1)), nn.LeakyReLU(0.2),
    spectral_norm(nn.ConvTranspose2d(8, 8, 3)), parametrizations.spectral_norm(nn.Conv2d(8, 4, 3, bias=False)), nn.Flatten(),
    parametrizations.spectral_norm(nn.Linear(4 * 8 * 8, 1)))
x = torch.randn(2, 3, 16, 16)
for _ in range(3): critic(x)
with torch.no_grad():
    critic[2].weight_g.uniform_(0.5, 1.5)
    critic.eval()
    x.numpy().tofile(os.path.join(folder, "critic.input"))
    critic(x).numpy().tofile(os.path.join(folder, "critic.output"))
torch.save(critic.state_dict(), os.path.join(folder, "critic.pt"))
torch.save(networks["lstm"][0], os.path.join(folder, "whole.pt"))
torch.jit.script(networks["resnet"][0]).save(os.path.join(folder, "script.pt"))


class Exploit:
    def __reduce__(self):
        return os.system, (f"touch {os.path.join(folder, 'run')}",)


torch.save({"weight": torch.zeros(3), "extra": Exploit()}, os.path.join(folder, "hostile.pt"))
torch.save({"weight": torch.zeros(3), "extra": Exploit()}, os.path.join(folder, "hostile.old.pt"), _use_new_zipfile_serialization=False)
