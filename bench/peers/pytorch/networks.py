"""What peers have in common: the DCGAN generator, at 64 x 64 or with fewer stages less, and the step by cross-entropy."""
import torch
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


def cross_entropy_step(D, G, real, latent_size):
    """A step in which the discriminator and then the generator learn from generated pictures of their own."""
    bce = nn.BCEWithLogitsLoss()
    adam_d, adam_g = (torch.optim.Adam(m.parameters(), lr=2e-4, betas=(0.5, 0.999), eps=1e-7) for m in (D, G))
    batch, device = len(real), real.device
    ones, zeros = torch.ones(batch, 1, device=device), torch.zeros(batch, 1, device=device)

    def step():
        with torch.no_grad():
            fake = G(torch.randn(batch, latent_size, device=device))
        adam_d.zero_grad(set_to_none=True)
        loss_d = 0.5 * (bce(D(real), ones) + bce(D(fake), zeros))
        loss_d.backward()
        adam_d.step()
        for p in D.parameters():
            p.requires_grad_(False)
        adam_g.zero_grad(set_to_none=True)
        loss_g = bce(D(G(torch.randn(batch, latent_size, device=device))), ones)
        loss_g.backward()
        adam_g.step()
        for p in D.parameters():
            p.requires_grad_(True)

    return step
