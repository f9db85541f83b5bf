"""The peer of lab/rounds: a round of GAN Lab's default settings as a PyTorch user writes it, without any pictures of it."""
import math

import torch
from torch import nn

from networks import cross_entropy_step
from serving import arguments, serve

width, batch, device = arguments()


def network(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2),
                         nn.Linear(width, outputs)).to(device)


angle = 2 * math.pi * torch.rand(batch, device=device)
ring = 0.65 * torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(batch, 2, device=device)
serve(cross_entropy_step(network(2, 1), network(2, 2), ring, 2), device)
