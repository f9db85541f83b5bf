"""The peer of train/classifier: the training step of CIFAR-10's classifier as a PyTorch user writes it."""
import torch
from torch import nn

from serving import arguments, serve

filters, batch, device = arguments()
layers, before = [], 3
for i in range(6):
    width = filters << (i // 2)
    layers += [nn.Conv2d(before, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    if i % 2 == 1:
        layers.append(nn.MaxPool2d(2))
    before = width
network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * 4 * 4, 128), nn.ReLU(), nn.Linear(128, 10)).to(device)
adam = torch.optim.Adam(network.parameters(), lr=2e-3)
images = torch.rand(batch, 3, 32, 32, device=device) * 2 - 1
labels = torch.randint(10, (batch,), device=device)


def step():
    adam.zero_grad(set_to_none=True)
    nn.functional.cross_entropy(network(images), labels).backward()
    adam.step()


serve(step, device)
