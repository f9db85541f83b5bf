"""The peer of train/dense: the dense GAN's training step as a PyTorch user writes it, at 28 x 28 in gray."""
import torch
from torch import nn

from serving import arguments, serve

_, batch, device = arguments()
latent_size = 100


def hidden(before, after):
    return nn.Linear(before, after), nn.LeakyReLU(0.2), nn.BatchNorm1d(after, eps=1e-3, momentum=0.2)


G = nn.Sequential(*hidden(latent_size, 256), *hidden(256, 512), *hidden(512, 1024), nn.Linear(1024, 784), nn.Tanh(),
                  nn.Unflatten(1, (1, 28, 28))).to(device)
D = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.LeakyReLU(0.2), nn.Linear(512, 256), nn.LeakyReLU(0.2),
                  nn.Linear(256, 1)).to(device)
bce = nn.BCEWithLogitsLoss()
adam_d, adam_g = (torch.optim.Adam(m.parameters(), lr=2e-4, betas=(0.5, 0.999), eps=1e-7) for m in (D, G))
real = torch.rand(batch, 1, 28, 28, device=device) * 2 - 1
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


serve(step, device)
