"""The peer of train/dense: the dense GAN's training step as a PyTorch user writes it, at 28 x 28 in gray."""
import torch
from torch import nn

from networks import cross_entropy_step
from serving import arguments, serve

_, batch, device = arguments()
latent_size = 100


def hidden(before, after):
    return nn.Linear(before, after), nn.LeakyReLU(0.2), nn.BatchNorm1d(after, eps=1e-3, momentum=0.2)


G = nn.Sequential(*hidden(latent_size, 256), *hidden(256, 512), *hidden(512, 1024), nn.Linear(1024, 784), nn.Tanh(),
                  nn.Unflatten(1, (1, 28, 28))).to(device)
D = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.LeakyReLU(0.2), nn.Linear(512, 256), nn.LeakyReLU(0.2),
                  nn.Linear(256, 1)).to(device)
serve(cross_entropy_step(D, G, torch.rand(batch, 1, 28, 28, device=device) * 2 - 1, latent_size), device)
