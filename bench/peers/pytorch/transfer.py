"""The peer of train/transfer: the transfer experiment's training step as a PyTorch user writes it, at 32 x 32 in colour."""
import torch
from torch import nn

from networks import batch_norm, dcgan_generator
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
bce = nn.BCEWithLogitsLoss()
adam_d, adam_g = (torch.optim.Adam(m.parameters(), lr=2e-4, betas=(0.5, 0.999), eps=1e-7) for m in (D, G))
real = torch.rand(batch, 3, 32, 32, device=device) * 2 - 1
smooth, ones, zeros = (torch.full((batch, 1), target, device=device) for target in (0.9, 1.0, 0.0))


def step():
    with torch.no_grad():
        fake = G(torch.randn(batch, latent_size, device=device))
    adam_d.zero_grad(set_to_none=True)
    loss_d = 0.5 * (bce(D(real), smooth) + bce(D(fake), zeros))
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
