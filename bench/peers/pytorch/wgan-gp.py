"""The peer of train/wgan-gp: the Wasserstein GAN's step with gradient penalty as a PyTorch user writes it, at 64 x 64 in colour."""
import torch
from torch import nn

from networks import dcgan_generator
from serving import arguments, serve

filters, batch, device = arguments()
latent_size, critic_steps, weight = 128, 5, 10.0


def critic():
    layers, before = [], 3
    for stage in range(4):
        layers += [nn.Conv2d(before, filters << stage, 4, 2, 1), nn.LeakyReLU(0.2)]
        before = filters << stage
    return nn.Sequential(*layers, nn.Conv2d(before, 1, 4), nn.Flatten())


D, G = critic().to(device), dcgan_generator(latent_size, filters, channels=3).to(device)
adam_d, adam_g = (torch.optim.Adam(m.parameters(), lr=1e-4, betas=(0.0, 0.9), eps=1e-7) for m in (D, G))
real = torch.rand(batch, 3, 64, 64, device=device) * 2 - 1


def penalty(fake):
    share = torch.rand(batch, 1, 1, 1, device=device)
    between = (share * real + (1 - share) * fake).requires_grad_(True)
    gradient, = torch.autograd.grad(D(between).sum(), between, create_graph=True)
    return ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def step():
    for _ in range(critic_steps):
        with torch.no_grad():
            fake = G(torch.randn(batch, latent_size, device=device))
        adam_d.zero_grad(set_to_none=True)
        loss_d = D(fake).mean() - D(real).mean() + weight * penalty(fake)
        loss_d.backward()
        adam_d.step()
    for p in D.parameters():
        p.requires_grad_(False)
    adam_g.zero_grad(set_to_none=True)
    loss_g = -D(G(torch.randn(batch, latent_size, device=device))).mean()
    loss_g.backward()
    adam_g.step()
    for p in D.parameters():
        p.requires_grad_(True)


serve(step, device)
