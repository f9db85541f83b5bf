"""The peer of train/transfer: the transfer experiment's training step as a PyTorch user writes it, at 32 x 32 in colour."""
import torch
from torch import nn

from networks import batch_norm, cross_entropy_step, dcgan_generator
from serving import arguments, serve

filters, batch, device = arguments()
latent_size = 256


def discriminator():
    layers, before = [], 3
    for i in range(6):
        width = filters << (i // 2)
        layers.append(nn.Conv2d(before, width, 3, 1 + i % 2, 1, bias=False))
        if i > 0:
            layers.append(batch_norm(width))
        layers.append(nn.LeakyReLU(0.2))
        before = width
    return nn.Sequential(*layers, nn.Conv2d(before, 1, 4, bias=False), nn.Flatten())


D, G = discriminator().to(device), dcgan_generator(latent_size, filters, channels=3, stages=2).to(device)
for module in [*D, *G]:
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
serve(cross_entropy_step(D, G, torch.rand(batch, 3, 32, 32, device=device) * 2 - 1, latent_size), device)
