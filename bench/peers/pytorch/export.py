"""
Networks of peers/torchsharp's ExportNetworks, by the same names (fields there begin with _): writes the weights (weights.pt) and the file of PyTorch's own exporter
(torch.onnx) into a folder.
"""
import sys
import warnings

import torch
from torch import nn
from torch.nn import functional

from networks import dcgan_generator


class View(nn.Module):
    """nn.Unflatten, which the exporter of PyTorch 1.13 does not know."""

    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.view(-1, *self.shape)


def dcgan():
    return nn.Sequential(View(100, 1, 1), *dcgan_generator(100, 64, 3)[1:])


def dense():
    layers, width = [], 100
    for wider in (256, 512, 1024):
        layers += [nn.Linear(width, wider), nn.LeakyReLU(0.2), nn.BatchNorm1d(wider)]
        width = wider
    return nn.Sequential(*layers, nn.Linear(width, 784), nn.Tanh())


def upsampling():
    layers = [nn.Linear(100, 128 * 8 * 8), View(128, 8, 8), nn.BatchNorm2d(128)]
    for width in (128, 64):
        layers += [nn.Upsample(scale_factor=2), nn.Conv2d(128, width, 3, padding=1), nn.BatchNorm2d(width), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(64, 3, 3, padding=1), nn.Tanh())


class Residual(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or channels != width:
            self.downsample = nn.Sequential(nn.Conv2d(channels, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    """He et al. 2016, by the names of torchvision, which Debian does not have."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(Residual(64, 64, 1), Residual(64, 64, 1))
        self.layer2 = nn.Sequential(Residual(64, 128, 2), Residual(128, 128, 1))
        self.layer3 = nn.Sequential(Residual(128, 256, 2), Residual(256, 256, 1))
        self.layer4 = nn.Sequential(Residual(256, 512, 2), Residual(512, 512, 1))
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(functional.adaptive_avg_pool2d(x, 1), 1))


def block(channels, width):
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
        nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU())


class UNet(nn.Module):
    """Ronneberger et al. 2015, with padding."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.bottom = block(3, 32), block(32, 64), block(64, 128)
        self.up2, self.up1 = nn.ConvTranspose2d(128, 64, 2, 2), nn.ConvTranspose2d(64, 32, 2, 2)
        self.join2, self.join1 = block(128, 64), block(64, 32)
        self.last = nn.Conv2d(32, 1, 1)

    def forward(self, x):
        first = self.down1(x)
        second = self.down2(functional.max_pool2d(first, 2))
        x = self.bottom(functional.max_pool2d(second, 2))
        x = self.join2(torch.cat([second, self.up2(x)], 1))
        x = self.join1(torch.cat([first, self.up1(x)], 1))
        return self.last(x)


class Encoder(nn.Module):
    """A layer of a transformer's encoder (Vaswani et al. 2017), normalised first."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        weights = torch.softmax(q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5, -1)
        x = x + self.project((weights @ v).transpose(1, 2).reshape(batch, length, width))
        return x + self.narrow(functional.gelu(self.wide(self.norm2(x))))


class TextEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(1000, 128)
        self.places = nn.Parameter(torch.randn(1, 32, 128) * 0.02)
        self.layers = nn.Sequential(*(Encoder(128, 4) for _ in range(4)))
        self.norm = nn.LayerNorm(128)

    def forward(self, tokens):
        return self.norm(self.layers(self.words(tokens) + self.places)).mean(1)


NETWORKS = {
    "dense": (dense, torch.randn(2, 100)),
    "dcgan": (dcgan, torch.randn(2, 100)),
    "upsampling": (upsampling, torch.randn(2, 100)),
    "resnet18": (ResNet18, torch.randn(2, 3, 224, 224)),
    "unet": (UNet, torch.randn(2, 3, 64, 64)),
    "transformer": (TextEncoder, torch.randint(1000, (2, 32))),
}

if __name__ == "__main__":
    name, folder = sys.argv[1:]
    warnings.filterwarnings("ignore")
    torch.manual_seed(0)
    make, example = NETWORKS[name]
    network = make()
    # Statistics as after some training, so that normalisations do something.
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    network.eval()
    torch.save(network.state_dict(), folder + "/weights.pt")
    torch.onnx.export(
        network, example, folder + "/peer.onnx", opset_version=17, input_names=["input"], output_names=["output"],
        dynamic_axes={"input": {0: "N"}, "output": {0: "N"}})
    print("PyTorch " + torch.__version__.split("a")[0])
