"""The peer of train/upsampling: the upsampling GAN's training step as a PyTorch user writes it, at 32 x 32 in colour."""
import torch
from torch import nn

from serving import arguments, serve

filters, batch, device = arguments()
latent_size = 100


def batch_norm(channels, momentum):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=1 - momentum)


def discriminator():
    f, same = filters // 2, nn.ZeroPad2d((0, 1, 0, 1))
    return nn.Sequential(
        same, nn.Conv2d(3, f, 3, 2), nn.LeakyReLU(0.2), nn.Dropout(0.25),
        same, nn.Conv2d(f, 2 * f, 3, 2), nn.ZeroPad2d((0, 1, 0, 1)), batch_norm(2 * f, 0.82), nn.LeakyReLU(0.25), nn.Dropout(0.25),
        nn.Conv2d(2 * f, 4 * f, 3, 2, 1), batch_norm(4 * f, 0.82), nn.LeakyReLU(0.2), nn.Dropout(0.25),
        nn.Conv2d(4 * f, 8 * f, 3, 1, 1), batch_norm(8 * f, 0.8), nn.LeakyReLU(0.25), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(8 * f * 5 * 5, 1))


def generator():
    f = filters
    return nn.Sequential(
        nn.Linear(latent_size, 2 * f * 8 * 8), nn.ReLU(), nn.Unflatten(1, (2 * f, 8, 8)),
        nn.Upsample(scale_factor=2), nn.Conv2d(2 * f, 2 * f, 3, 1, 1), batch_norm(2 * f, 0.78), nn.ReLU(),
        nn.Upsample(scale_factor=2), nn.Conv2d(2 * f, f, 3, 1, 1), batch_norm(f, 0.78), nn.ReLU(),
        nn.Conv2d(f, 3, 3, 1, 1), nn.Tanh())


D, G = discriminator().to(device), generator().to(device)
adam_d, adam_g = (torch.optim.Adam(m.parameters(), lr=2e-4, betas=(0.5, 0.999), eps=1e-7) for m in (D, G))
real = torch.rand(batch, 3, 32, 32, device=device) * 2 - 1
logits = nn.BCEWithLogitsLoss()
ones = torch.ones(batch, 1, device=device)


def clipped(outputs, targets):
    """Cross-entropy with targets above 1, as Keras clips it."""
    p = torch.sigmoid(outputs).clamp(1e-7, 1 - 1e-7)
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()


def noise():
    return 0.05 * torch.rand(batch, 1, device=device)


def step():
    with torch.no_grad():
        fake = G(torch.randn(batch, latent_size, device=device))
    adam_d.zero_grad(set_to_none=True)
    loss_d = 0.5 * (clipped(D(real), 1 + noise()) + clipped(D(fake), noise()))
    loss_d.backward()
    adam_d.step()
    for p in D.parameters():
        p.requires_grad_(False)
    adam_g.zero_grad(set_to_none=True)
    loss_g = logits(D(G(torch.randn(batch, latent_size, device=device))), ones)
    loss_g.backward()
    adam_g.step()
    for p in D.parameters():
        p.requires_grad_(True)


serve(step, device)
