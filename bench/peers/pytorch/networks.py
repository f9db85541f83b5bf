"""The DCGAN generator that the convolutional peers train: at 64 x 64, or with fewer stages less."""
from torch import nn


def batch_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.1)


def dcgan_generator(latent_size, filters, channels, stages=3):
    width = filters << stages
    layers = [nn.Unflatten(1, (latent_size, 1, 1)), nn.ConvTranspose2d(latent_size, width, 4, bias=False), batch_norm(width), nn.LeakyReLU(0.2)]
    for _ in range(stages):
        layers += [nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False), batch_norm(width // 2), nn.LeakyReLU(0.2)]
        width //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(width, channels, 4, 2, 1, bias=False), nn.Tanh())
