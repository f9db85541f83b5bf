"""The peer of train/dcgan64: the DCGAN training step as a PyTorch user writes it."""
import torch
from torch import nn

from networks import batch_norm, dcgan_generator
from serving import arguments, serve

filters, batch, device = arguments()
latent_size = 100


def discriminator():
    layers = [nn.Conv2d(1, filters, 4, 2, 1, bias=False), nn.LeakyReLU(0.2), nn.Dropout(0.3)]
    width = filters
    for _ in range(3):
        layers += [nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), batch_norm(2 * width), nn.LeakyReLU(0.2), nn.Dropout(0.3)]
        width *= 2
    return nn.Sequential(*layers, nn.Conv2d(width, 1, 4, bias=False), nn.Flatten())


D, G = discriminator().to(device), dcgan_generator(latent_size, filters, channels=1).to(device)
for module in [*D, *G]:
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
bce = nn.BCEWithLogitsLoss()
adam_d, adam_g = (torch.optim.Adam(m.parameters(), lr=2e-4, betas=(0.5, 0.999), eps=1e-7) for m in (D, G))
real = torch.rand(batch, 1, 64, 64, device=device) * 2 - 1
ones, zeros = torch.ones(batch, 1, device=device), torch.zeros(batch, 1, device=device)


def step():
    # The discriminator: real and generated pictures in batches of their own.
    fake = G(torch.randn(batch, latent_size, device=device))
    adam_d.zero_grad(set_to_none=True)
    loss_d = 0.5 * (bce(D(real), ones) + bce(D(fake.detach()), zeros))
    loss_d.backward()
    adam_d.step()
    # The generator, on the same generated batch; no gradient for the discriminator's parameters is needed.
    for p in D.parameters():
        p.requires_grad_(False)
    adam_g.zero_grad(set_to_none=True)
    loss_g = bce(D(fake), ones)
    loss_g.backward()
    adam_g.step()
    for p in D.parameters():
        p.requires_grad_(True)


serve(step, device)
